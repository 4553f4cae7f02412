package rcbtest_test

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"rcb"
	"rcb/rcbtest"
)

// The provider does what the test says.
var provide func(*rcb.Request, *rcb.Host) error

func init() {
	rcb.Register(rcb.Provider{
		Name:    "subject",
		Version: "1.0.0",
		Summary: "Does what it is told.",
		Settings: []rcb.Setting{
			{Name: "url", Type: rcb.URL, Default: "https://a.example.com/", Summary: "Where."},
			{Name: "names", List: true, Summary: "A list."},
			{Name: "labels", Type: rcb.Map, Summary: "A map."},
			{Name: "wait", Type: rcb.Duration, Default: "5m", Summary: "A duration."},
			{Name: "size", Type: rcb.Integer, Default: "-3", Summary: "A number."},
			{Name: "on", Type: rcb.Boolean, Default: "true", Summary: "A switch."},
			{Name: "color", Type: rcb.Choice, Choices: []string{"red", "blue"}, Summary: "A choice."},
		},
		Relations: []rcb.Relation{{Kind: rcb.Excludes, Names: []string{"names", "color"}}},
		Hosts:     []string{"sts.*.example.org"},
		Provide:   func(request *rcb.Request, host *rcb.Host) error { return provide(request, host) },
	})
}

func call(t *testing.T, function func(*rcb.Request, *rcb.Host) error) *rcbtest.ScriptedCall {
	provide = function
	return rcbtest.New(t)
}

func expectFailure(t *testing.T, status rcb.Status, part string, failed *rcbtest.Failed) {
	t.Helper()
	if failed == nil || failed.Status != status || !strings.Contains(failed.Line, part) {
		t.Errorf("expected status %d and %q, but got: %v", status, part, failed)
	}
}

func expectLogged(t *testing.T, part string, lines []string) {
	t.Helper()
	for _, line := range lines {
		if strings.Contains(line, "level=debug") && strings.Contains(line, part) {
			return
		}
	}
	t.Errorf("expected %q among %q", part, lines)
}

func expect[T comparable](t *testing.T, expected, actual T) {
	t.Helper()
	if expected != actual {
		t.Errorf("expected %v, but got %v", expected, actual)
	}
}

func TestAPanicFailsTheCallAndOnlyTheDebugLogHasItsMessage(t *testing.T) {
	call := call(t, func(*rcb.Request, *rcb.Host) error { panic("the number is 17") })
	_, failed := call.Provide()
	expectFailure(t, rcb.Internal, "the provider panicked (", failed)
	expectLogged(t, "the number is 17", call.Log())
}

func TestAnErrorOfAnotherPackageIsNotPublic(t *testing.T) {
	call := call(t, func(*rcb.Request, *rcb.Host) error { return errors.New("the number is 17") })
	_, failed := call.Provide()
	expectFailure(t, rcb.Internal, "the provider returned an error other than Failure (", failed)
	expectLogged(t, "the number is 17", call.Log())
}

func TestAMisusedSettingIsNamed(t *testing.T) {
	for part, function := range map[string]func(*rcb.Request, *rcb.Host) error{
		"a setting that its table does not define: typo": func(request *rcb.Request, _ *rcb.Host) error { request.Setting("typo"); return nil },
		"its setting labels, a map, as a single value":   func(request *rcb.Request, _ *rcb.Host) error { request.Setting("labels"); return nil },
		"its setting url as a map, which it is not":      func(request *rcb.Request, _ *rcb.Host) error { request.Map("url"); return nil },
	} {
		_, failed := call(t, function).Provide()
		expectFailure(t, rcb.Internal, part, failed)
	}
}

func TestAFailureHasStatusReasonAndAdvice(t *testing.T) {
	_, failed := call(t, func(*rcb.Request, *rcb.Host) error {
		return rcb.Failure{Status: rcb.Expired, Reason: "the key has expired", Advice: "make a new one"}
	}).Provide()
	expectFailure(t, rcb.Expired, "; make a new one", failed)
}

func TestSettingsArriveInTheirTypes(t *testing.T) {
	call := call(t, func(request *rcb.Request, host *rcb.Host) error {
		expect(t, "one two", strings.Join(request.List("names"), " "))
		labels := request.Map("labels")
		expect(t, 2, len(labels))
		expect(t, rcb.Field{"tier", "b"}, labels[1])
		wait, _ := request.Duration("wait")
		expect(t, 5*time.Minute, wait)
		size, _ := request.Integer("size")
		expect(t, -3, size)
		expect(t, true, request.Flag("on"))
		expect(t, "", request.Setting("color"))
		return host.Emit(rcb.Credential{Username: "u", Password: "p", Expiry: rcb.ExpiresAfter(math.MaxInt64), Scope: rcb.ScopeImage})
	})
	now := time.Unix(1_800_000_000, 0)
	call.Time(now)
	call.Setting("names", "one")
	call.Setting("names", "two")
	call.Setting("labels.team", "a")
	call.Setting("labels.tier", "b")
	emitted, failed := call.Provide()
	if failed != nil {
		t.Fatal(failed)
	}
	expect(t, now.AddDate(0, 0, 366), emitted.ExpiresAt)
	expect(t, rcb.ScopeImage, emitted.Scope)
}

func TestRelationsAreChecked(t *testing.T) {
	call := call(t, nil)
	call.Setting("names", "one")
	call.Setting("color", "red")
	expectFailure(t, rcb.BadSettings, "", call.Check())
}

func TestEveryValueComesBack(t *testing.T) {
	const document = `{"a": [1, 2.5, null], "b": true}`
	_, failed := call(t, func(request *rcb.Request, host *rcb.Host) error {
		bytes, err := host.Decode(rcb.Base64, "AP8=")
		expect(t, "\x00\xff", bytes)
		expect(t, true, err == nil)
		_, err = host.Decode(rcb.Hex, "xyz")
		expect(t, true, errors.Is(err, rcb.ErrAbsent))
		literal, _ := host.Encode(rcb.JSONLiteral, `"`)
		expect(t, `"\""`, literal)
		digest, _ := host.SHA256("")
		expect(t, 32, len(digest))
		at, _ := host.ParseTime("1970-01-01T00:00:09Z")
		expect(t, 9, at.Unix())
		written, _ := host.FormatTime(rcb.BasicTime, at)
		expect(t, "19700101T000009Z", written)
		kind, count, _ := host.JSONKind(document, "/a")
		expect(t, rcb.JSONArray, kind)
		expect(t, 3, count)
		on, _ := host.JSONBoolean(document, "/b")
		expect(t, true, on)
		name, _ := host.JSONName(document, "", 1)
		expect(t, "b", name)
		text, _ := host.XMLText("<a><b>text</b></a>", "/a/b")
		expect(t, "text", text)
		expect(t, true, host.TimeLeft() <= 10*time.Second)
		_, err = host.JSONText(document, "/token")
		return err
	}).Provide()
	expectFailure(t, rcb.BadAnswer, "the answer has no string at /token", failed)
}

func TestAnAnswerHasStatusAndHeaders(t *testing.T) {
	call := call(t, func(request *rcb.Request, host *rcb.Host) error {
		answer, err := host.Send(rcb.HTTPRequest{
			Method: "HEAD", URL: "https://sts.eu.example.org/", AnyStatus: true, Timeout: 2 * time.Second, Repeat: rcb.RepeatNever,
		})
		expect(t, true, err == nil)
		expect(t, 401, answer.Status)
		expect(t, "Bearer", answer.Header("www-authenticate"))
		return rcb.Failure{Status: rcb.Refused, Reason: "not now"}
	})
	call.Answer(401, "")
	call.AnswerHeader("WWW-Authenticate", "Bearer")
	_, failed := call.Provide()
	expectFailure(t, rcb.Refused, "not now", failed)
	expect(t, 2*time.Second, call.Requests()[0].Timeout)
}

func TestARequestWithoutAnAnswerFailsTheCall(t *testing.T) {
	call := call(t, func(request *rcb.Request, host *rcb.Host) error {
		_, err := host.Send(rcb.HTTPRequest{Method: "POST", URL: request.Setting("url"), Body: rcb.Raw{ContentType: "application/xml", Content: "<a/>"}})
		return err
	})
	call.NoAnswer(rcbtest.Unreachable)
	_, failed := call.Provide()
	expectFailure(t, rcb.Unavailable, "", failed)
	expect(t, "application/xml", call.Requests()[0].Header("content-type"))
}

func TestAHostIsOfNoUseAfterItsCall(t *testing.T) {
	var kept *rcb.Host
	call(t, func(_ *rcb.Request, host *rcb.Host) error { kept = host; return nil }).Provide()
	defer func() { expect(t, "a Host is used after its call", recover().(string)) }()
	kept.Now()
}
