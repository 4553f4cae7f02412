// Package rcbtest is a scripted host: it runs the registered provider against a script instead of a registry, without the program, without root and
// without a network. It is the C library of <rcb/testing.h>, which documents each function; the host is the program's own.
//
//	func TestPassesOnThePassword(t *testing.T) {
//		call := rcbtest.New(t)
//		call.Setting("url", "https://login.example.com/token")
//		call.Answer(200, `{"token": "abc"}`)
//		emitted, err := call.Provide()
//		if err != nil || emitted.Password != "abc" {
//			t.Fatal(emitted, err)
//		}
//	}
//
// The library is in PREFIX/lib of the installed SDK. For another folder, set CGO_LDFLAGS=-LFOLDER and LD_LIBRARY_PATH=FOLDER.
package rcbtest

// #cgo CFLAGS: -I${SRCDIR}/../../include -I${SRCDIR}/../../../../../include
// #cgo LDFLAGS: -L${SRCDIR}/../../../../../lib -L${SRCDIR}/../../../../../lib64 -lrcb-testing
// #cgo LDFLAGS: -Wl,-rpath,${SRCDIR}/../../../../../lib -Wl,-rpath,${SRCDIR}/../../../../../lib64
// #include <rcb/testing.h>
//
// static rcb_text text(_GoString_ string) {
//   rcb_text text = {_GoStringPtr(string), _GoStringLen(string)};
//   return text;
// }
// static rcb_test *create(void *entry) { return rcb_test_new((rcb_provider_entry)entry); }
// static void setting(rcb_test *test, _GoString_ name, _GoString_ value) { rcb_test_setting(test, text(name), text(value)); }
// static void image(rcb_test *test, _GoString_ image) { rcb_test_image(test, text(image)); }
// static void token(rcb_test *test, _GoString_ token) { rcb_test_token(test, text(token)); }
// static void file(rcb_test *test, _GoString_ path, _GoString_ content) { rcb_test_file(test, text(path), text(content)); }
// static void answer(rcb_test *test, int32_t status, _GoString_ body) { rcb_test_answer(test, status, text(body)); }
// static void answer_header(rcb_test *test, _GoString_ name, _GoString_ value) { rcb_test_answer_header(test, text(name), text(value)); }
// static rcb_text header(rcb_test *test, size_t index, _GoString_ name) { return rcb_test_request_header(test, index, text(name)); }
// static rcb_text jwt(rcb_test *test, _GoString_ claims) { return rcb_test_jwt(test, text(claims)); }
import "C"

import (
	"fmt"
	"math"
	"testing"
	"time"

	"rcb"
)

// ScriptedCall is one provider, what a call of it is given, and what it did.
type ScriptedCall struct{ raw *C.rcb_test }

// New tests the registered provider.
func New(t testing.TB) *ScriptedCall {
	raw := C.create(rcb.Entry())
	t.Cleanup(func() { C.rcb_test_free(raw) })
	return &ScriptedCall{raw}
}

// Setting is a setting as the operator's file has it. Several of one name make a list; an entry of a map is named SETTING.KEY.
func (call *ScriptedCall) Setting(name, value string) { C.setting(call.raw, name, value) }

// Image is the requested image.
func (call *ScriptedCall) Image(image string) { C.image(call.raw, image) }

// Token is the pod's token. Empty: `identity: none`.
func (call *ScriptedCall) Token(token string) { C.token(call.raw, token) }

// File is what ReadFile returns.
func (call *ScriptedCall) File(path, content string) { C.file(call.raw, path, content) }

// Time is the time at the begin of the call.
func (call *ScriptedCall) Time(at time.Time) { C.rcb_test_time(call.raw, C.int64_t(at.Unix())) }

// Deadline is the time that the call may take.
func (call *ScriptedCall) Deadline(limit time.Duration) {
	C.rcb_test_deadline(call.raw, C.int64_t(limit.Milliseconds()))
}

// Answer is what the next request is answered with.
func (call *ScriptedCall) Answer(status int, body string) {
	C.answer(call.raw, C.int32_t(status), body)
}

// AnswerHeader is a header of the last answer.
func (call *ScriptedCall) AnswerHeader(name, value string) { C.answer_header(call.raw, name, value) }

// AnswerTakes is how long the last answer or failure takes.
func (call *ScriptedCall) AnswerTakes(limit time.Duration) {
	C.rcb_test_answer_takes(call.raw, C.int64_t(limit.Milliseconds()))
}

// Reason is why a request gets no answer.
type Reason int32

const (
	Unreachable Reason = C.RCB_TEST_UNREACHABLE // no connection
	Untrusted   Reason = C.RCB_TEST_UNTRUSTED   // the certificate is not trusted
	Broken      Reason = C.RCB_TEST_BROKEN      // the connection broke after the request was sent
)

// NoAnswer is what the next request gets instead of an answer.
func (call *ScriptedCall) NoAnswer(reason Reason) { C.rcb_test_no_answer(call.raw, C.int32_t(reason)) }

// Emitted is the credential that the provider emitted.
type Emitted struct {
	Username, Password string
	ExpiresAt          time.Time // what the host has made of it: that of a JWT has been read. Zero: unknown
	NeverExpires       bool
	Scope              rcb.Scope
}

// Failed is why a call failed.
type Failed struct {
	Status rcb.Status
	Line   string // that the operator would see
}

func (failed *Failed) Error() string {
	return fmt.Sprintf("%s (status %d)", failed.Line, failed.Status)
}

// Provide calls the provider.
func (call *ScriptedCall) Provide() (Emitted, *Failed) {
	if failed := call.judge(C.rcb_test_provide(call.raw)); failed != nil {
		return Emitted{}, failed
	}
	emitted := Emitted{
		Username: text(C.rcb_test_username(call.raw)),
		Password: text(C.rcb_test_password(call.raw)),
		Scope:    rcb.Scope(C.rcb_test_scope(call.raw)),
	}
	switch expires := int64(C.rcb_test_expires_at(call.raw)); expires {
	case 0:
	case math.MaxInt64:
		emitted.NeverExpires = true
	default:
		emitted.ExpiresAt = time.Unix(expires, 0)
	}
	return emitted, nil
}

// Check calls the provider's Check alone.
func (call *ScriptedCall) Check() *Failed { return call.judge(C.rcb_test_check(call.raw)) }

func (call *ScriptedCall) judge(status C.rcb_status) *Failed {
	if status == C.RCB_OK {
		return nil
	}
	return &Failed{rcb.Status(status), text(C.rcb_test_error(call.raw))}
}

// Request is one that the provider sent.
type Request struct {
	Method, URL, Body string
	Flags             uint32        // RCB_HTTP_ANY_STATUS | …
	Timeout           time.Duration // the time that it had
	call              *ScriptedCall
	index             C.size_t
}

// Header returns the first header of this name, in any case; also Content-Type. Empty if there is none.
func (request Request) Header(name string) string {
	return text(C.header(request.call.raw, request.index, name))
}

// Requests returns what the provider sent.
func (call *ScriptedCall) Requests() []Request {
	requests := make([]Request, C.rcb_test_request_count(call.raw))
	for i := range requests {
		index := C.size_t(i)
		requests[i] = Request{
			Method:  text(C.rcb_test_request_method(call.raw, index)),
			URL:     text(C.rcb_test_request_url(call.raw, index)),
			Body:    text(C.rcb_test_request_body(call.raw, index)),
			Flags:   uint32(C.rcb_test_request_flags(call.raw, index)),
			Timeout: time.Duration(C.rcb_test_request_timeout(call.raw, index)) * time.Millisecond,
			call:    call,
			index:   index,
		}
	}
	return requests
}

// Log returns the lines that the provider logged, from debug on, as the operator would see them.
func (call *ScriptedCall) Log() []string {
	lines := make([]string, C.rcb_test_log_count(call.raw))
	for i := range lines {
		lines[i] = text(C.rcb_test_log_line(call.raw, C.size_t(i)))
	}
	return lines
}

// JWT makes a token with these claims (a JSON object), as a registry may answer one.
func (call *ScriptedCall) JWT(claims string) string { return text(C.jwt(call.raw, claims)) }

// text copies, because the library's strings end with the next call.
func text(raw C.rcb_text) string {
	return C.GoStringN(raw.data, C.int(raw.size))
}
