package main

// The module against a script. No test needs a network, root or the program.

import (
	"strings"
	"testing"
	"time"

	"rcb"
	"rcb/rcbtest"
)

var now = time.Unix(1_800_000_000, 0)

const (
	granted  = `{"access_token": "access"}`
	password = `{"username": "robot", "password": "secret", "expires_in": 3600}`
)

func example(t *testing.T) *rcbtest.ScriptedCall {
	call := rcbtest.New(t)
	call.Time(now)
	call.File("/etc/example.key", "key\n")
	call.Setting("url", "https://login.example.com/token")
	call.Setting("passwordUrl", "https://registry.example.com/password")
	call.Setting("keyFile", "/etc/example.key")
	return call
}

func expect[T comparable](t *testing.T, expected, actual T) {
	t.Helper()
	if expected != actual {
		t.Errorf("expected %v, but got %v", expected, actual)
	}
}

func expectFailure(t *testing.T, status rcb.Status, part string, failed *rcbtest.Failed) {
	t.Helper()
	if failed == nil || failed.Status != status || !strings.Contains(failed.Line, part) {
		t.Errorf("expected status %d and %q, but got: %v", status, part, failed)
	}
}

func TestExchangesTheTokenForAPassword(t *testing.T) {
	call := example(t)
	token := call.JWT(`{"exp": 1800000600, "sub": "system:serviceaccount:team-a:puller"}`)
	call.Token(token)
	call.Answer(200, granted)
	call.Answer(200, password)
	emitted, failed := call.Provide()
	if failed != nil {
		t.Fatal(failed)
	}
	expect(t, "robot", emitted.Username)
	expect(t, "secret", emitted.Password)
	expect(t, now.Add(time.Hour), emitted.ExpiresAt)

	requests := call.Requests()
	expect(t, 2, len(requests))
	expect(t, "POST", requests[0].Method)
	expect(t, "https://login.example.com/token", requests[0].URL)
	expect(t, "token="+token+"&role=pull", requests[0].Body)
	expect(t, "GET", requests[1].Method)
	expect(t, "https://registry.example.com/password", requests[1].URL)
	expect(t, "Bearer access", requests[1].Header("Authorization"))
	expect(t, "9ed9c8629f1ed914af84694d652cab91a02523a3a3daf831277860dc3d9936ab", requests[1].Header("X-Signature"))
}

func TestStopsIfTheExchangeIsDenied(t *testing.T) {
	call := example(t)
	call.Answer(403, `{"error": "no such role"}`)
	_, failed := call.Provide()
	expectFailure(t, rcb.Refused, "no such role", failed)
	expect(t, 1, len(call.Requests()))
}

func TestRefusesAnAnswerWithoutAToken(t *testing.T) {
	call := example(t)
	call.Answer(200, "{}")
	_, failed := call.Provide()
	expectFailure(t, rcb.BadAnswer, "the answer has no string at /access_token", failed)
}

func TestRefusesATokenThatIsANumber(t *testing.T) {
	call := example(t)
	call.Answer(200, `{"access_token": 17}`)
	_, failed := call.Provide()
	expectFailure(t, rcb.BadAnswer, "the answer has no string at /access_token", failed)
}

func TestSaysThatAThrottledRequestMaySucceedLater(t *testing.T) {
	call := example(t)
	call.Answer(200, granted)
	call.Answer(429, "")
	_, failed := call.Provide()
	expectFailure(t, rcb.Unavailable, "", failed)
}

func TestRefusesAnEmptyKeyFileBeforeAnyRequest(t *testing.T) {
	call := example(t)
	call.File("/etc/example.key", "\n")
	expectFailure(t, rcb.BadSettings, "the key file is empty", call.Check())
}
