package rcb

// #include "services.h"
import "C"

import (
	"math"
	"strings"
	"time"
	"unsafe"
)

// Host has the services of the host. The strings that they return are valid until the call returns. The Failure of a service has no reason, because
// the host knows it: return it, unless the module has an alternative.
type Host struct{ raw *C.rcb_host }

// Repeat says whether the host may retry a request. GET and HEAD are always repeated as if that were harmless, except with RepeatNever.
type Repeat uint32

const (
	RepeatUnlessReceived Repeat = 0                     // only if it cannot have reached the server, or a temporary error was the answer
	RepeatHarmless       Repeat = C.RCB_HTTP_REPEATABLE // also if the connection broke or no answer arrived in time: twice does no harm
	RepeatNever          Repeat = C.RCB_HTTP_ONCE       // not even if it was answered with a temporary error
)

// Body is the body of a request, which the host encodes: Form, JSON or Raw.
type Body interface{ body() body }

// Form is application/x-www-form-urlencoded.
type Form []Field

// JSON is one JSON object whose members are strings.
type JSON []Field

// Raw is for other formats.
type Raw struct{ ContentType, Content string }

type body struct {
	kind                 C.uint32_t
	fields               []Field
	contentType, content string
}

func (form Form) body() body { return body{kind: C.RCB_BODY_FORM, fields: form} }
func (json JSON) body() body { return body{kind: C.RCB_BODY_JSON, fields: json} }
func (raw Raw) body() body {
	return body{kind: C.RCB_BODY_RAW, contentType: raw.ContentType, content: raw.Content}
}

// HTTPRequest is sent by Host.Send.
type HTTPRequest struct {
	Method    string // GET, HEAD, POST, PUT or DELETE
	URL       string
	Headers   []Field // in addition to those of the host
	Body      Body    // nil for GET and HEAD
	Repeat    Repeat
	AnyStatus bool          // an answer of any status (200 to 599) is returned; without it, one other than 2xx is a failure
	Timeout   time.Duration // for the request with its retries; 0: all that is left
}

// Answer is an answer. Its body and the values of its headers may be secrets.
type Answer struct {
	Status  int
	Body    string // empty if there is none, and if the body of an answer other than 2xx is broken
	Headers []Field
}

// Header returns the value of the first header of this name, in any case.
func (answer Answer) Header(name string) string {
	for _, field := range answer.Headers {
		if strings.EqualFold(field[0], name) {
			return field[1]
		}
	}
	return ""
}

// Send sends a request. The host handles certificates, proxies, retries, limits and the deadline.
func (host *Host) Send(request HTTPRequest) (Answer, error) {
	var content body
	if request.Body != nil {
		content = request.Body.body()
	}
	headers, freeHeaders := copyFields(request.Headers)
	defer freeHeaders()
	fields, freeFields := copyFields(content.fields)
	defer freeFields()

	flags := C.uint32_t(request.Repeat)
	if request.AnyStatus {
		flags |= C.RCB_HTTP_ANY_STATUS
	}
	var response C.rcb_http_response
	status := C.rcbHTTP(host.services(), request.Method, request.URL, headers, C.size_t(len(request.Headers)),
		content.kind, fields, C.size_t(len(content.fields)), content.contentType, content.content,
		flags, milliseconds(request.Timeout), &response)
	if err := failed(status); err != nil {
		return Answer{}, err
	}
	raw := unsafe.Slice(response.headers, int(response.header_count))
	return Answer{Status: int(response.status), Body: view(response.body), Headers: viewFields(raw)}, nil
}

// JSONText returns a string in a JSON document, by JSON pointer ("/token"). The error is ErrAbsent if there is no such member or it is not a string,
// and names the position if the document is not JSON.
func (host *Host) JSONText(document, pointer string) (string, error) {
	var value C.rcb_text
	status := C.rcbJSONText(host.services(), document, pointer, &value)
	return view(value), found(status, "the answer has no string at "+pointer)
}

// JSONInteger is the same for an integer ("/expires_in").
func (host *Host) JSONInteger(document, pointer string) (int64, error) {
	var value C.int64_t
	status := C.rcbJSONInteger(host.services(), document, pointer, &value)
	return int64(value), found(status, "the answer has no integer at "+pointer)
}

// JSONNumber is the same for any number, an integer too.
func (host *Host) JSONNumber(document, pointer string) (float64, error) {
	var value C.double
	status := C.rcbJSONNumber(host.services(), document, pointer, &value)
	return float64(value), found(status, "the answer has no number at "+pointer)
}

// JSONBoolean is the same for a boolean.
func (host *Host) JSONBoolean(document, pointer string) (bool, error) {
	var value C.int32_t
	status := C.rcbJSONBoolean(host.services(), document, pointer, &value)
	return value != 0, found(status, "the answer has no boolean at "+pointer)
}

// JSONKind is what a value in a JSON document is.
type JSONKind int32

const (
	JSONNull JSONKind = iota
	JSONBoolean
	JSONInteger // fits int64
	JSONNumber  // any other
	JSONString
	JSONArray
	JSONObject
)

// JSONKind returns the kind of any value, and how many elements or members it has. An empty pointer means the document.
func (host *Host) JSONKind(document, pointer string) (kind JSONKind, count int, err error) {
	var rawKind C.int32_t
	var rawCount C.size_t
	status := C.rcbJSONKind(host.services(), document, pointer, &rawKind, &rawCount)
	return JSONKind(rawKind), int(rawCount), found(status, "the answer has nothing at "+pointer)
}

// JSONName returns the name of an object's member, in the document's order.
func (host *Host) JSONName(document, pointer string, index int) (string, error) {
	var name C.rcb_text
	status := C.rcbJSONName(host.services(), document, pointer, C.size_t(index), &name)
	return view(name), found(status, "the answer has no such member at "+pointer)
}

// XMLText returns the text of the first element of an XML document with this path: local names from the root on, "/Envelope/Body/Token". The error is
// ErrAbsent if there is no such element or it has elements in it.
func (host *Host) XMLText(document, path string) (string, error) {
	var value C.rcb_text
	status := C.rcbXMLText(host.services(), document, path, &value)
	return view(value), found(status, "the answer has no text at "+path)
}

// Encoding is how bytes are written as text.
type Encoding uint32

const (
	Base64      Encoding = iota // with padding; decoding takes both alphabets, padding or not, and ignores line breaks
	Base64URL                   // without padding; decoding is the same
	Hex                         // lowercase; decoding takes either case
	Percent                     // of URLs: all but letters, digits, '-', '.', '_' and '~'
	JSONLiteral                 // one string with its quotes, to put a JSON body of any shape together for Raw
)

// Encode writes bytes as text. What is made of a secret is one.
func (host *Host) Encode(encoding Encoding, bytes string) (string, error) {
	var text C.rcb_text
	status := C.rcbEncode(host.services(), C.uint32_t(encoding), bytes, &text)
	return view(text), failed(status)
}

// Decode reads bytes from text. The error is ErrAbsent if the text is not valid.
func (host *Host) Decode(encoding Encoding, text string) (string, error) {
	var bytes C.rcb_text
	status := C.rcbDecode(host.services(), C.uint32_t(encoding), text, &bytes)
	return view(bytes), found(status, "the answer has a value that is not encoded as it should be")
}

// SHA256 returns 32 bytes; Encode them if the protocol wants text.
func (host *Host) SHA256(bytes string) (string, error) {
	var digest C.rcb_text
	status := C.rcbSHA256(host.services(), bytes, &digest)
	return view(digest), failed(status)
}

// HMACSHA256 returns 32 bytes.
func (host *Host) HMACSHA256(key, bytes string) (string, error) {
	var code C.rcb_text
	status := C.rcbHMACSHA256(host.services(), key, bytes, &code)
	return view(code), failed(status)
}

// ParseTime reads a time in the format of RFC 3339 or HTTP. The error is ErrAbsent if it is not one, or not in the years 1970 to 9999.
func (host *Host) ParseTime(text string) (time.Time, error) {
	var seconds C.int64_t
	status := C.rcbParseTime(host.services(), text, &seconds)
	return time.Unix(int64(seconds), 0), found(status, "the answer has a time that is not valid")
}

// TimeFormat is how FormatTime writes a time, in UTC.
type TimeFormat uint32

const (
	RFC3339   TimeFormat = iota // 2026-11-29T02:00:00Z
	HTTPTime                    // Sun, 29 Nov 2026 02:00:00 GMT
	BasicTime                   // 20261129T020000Z, which signatures use
)

// FormatTime writes a time of the years 1970 to 9999.
func (host *Host) FormatTime(format TimeFormat, at time.Time) (string, error) {
	var text C.rcb_text
	status := C.rcbFormatTime(host.services(), C.uint32_t(format), C.int64_t(at.Unix()), &text)
	return view(text), found(status, "the answer has a time that is not in the years 1970 to 9999")
}

// ReadFile reads the file that a setting of type File names, if only root or the caller can write to it. Nothing is cut off, also no line break at
// its end. Secret.
func (host *Host) ReadFile(path string) (string, error) {
	var content C.rcb_text
	status := C.rcbReadFile(host.services(), path, &content)
	return view(content), failed(status)
}

// ReadValue reads a file that contains one value: without the line break at its end, if there is one.
func (host *Host) ReadValue(path string) (string, error) {
	var value C.rcb_text
	status := C.rcbReadValue(host.services(), path, &value)
	return view(value), failed(status)
}

// Expiry says when a credential expires. The zero value: unknown, so it is not cached.
type Expiry struct {
	after bool
	value int64
}

// ExpiresAt is a time.
func ExpiresAt(at time.Time) Expiry { return Expiry{value: at.Unix()} }

// ExpiresAfter is a number of seconds after Emit, as a server states a lifetime (`expires_in`): any number, of which more than a year makes no
// difference.
func ExpiresAfter(seconds int64) Expiry { return Expiry{after: true, value: seconds} }

// ExpiresFromJWT means that the password is a JWT with `exp`.
func ExpiresFromJWT() Expiry { return Expiry{value: C.RCB_EXPIRES_FROM_JWT} }

// NeverExpires is for a long-lived password.
func NeverExpires() Expiry { return Expiry{value: math.MaxInt64} }

// Scope says what a credential is good for.
type Scope uint32

const (
	ScopeRegistry Scope = iota // every image that the rule matches on this registry
	ScopeImage                 // the requested image only
)

// Credential is what Provide emits.
type Credential struct {
	Username string
	Password string
	Expiry   Expiry
	Scope    Scope
}

// Emit passes the credential to the host. Call it exactly once, as the last action of Provide. If the credential cannot be sent to a registry, the
// host reports an error of the file, setting or answer that it came from.
func (host *Host) Emit(credential Credential) error {
	expiresAt := credential.Expiry.value
	if credential.Expiry.after {
		expiresAt = later(host.Now(), credential.Expiry.value)
	}
	return failed(C.rcbEmit(host.services(), credential.Username, credential.Password, C.int64_t(expiresAt), C.uint32_t(credential.Scope)))
}

func later(now time.Time, seconds int64) int64 {
	const longest = 366 * 24 * 60 * 60
	switch {
	case seconds < 0:
		seconds = 0
	case seconds > longest:
		seconds = longest
	}
	return now.Unix() + seconds
}

// LogLevel is the level of a line in the operator's log.
type LogLevel int32

const (
	Debug LogLevel = iota
	Info
	Warn
	Error
)

// Log writes a line to the operator's log. Never pass a secret.
func (host *Host) Log(level LogLevel, message string, fields ...Field) {
	raw, free := copyFields(fields)
	defer free()
	C.rcbLog(host.services(), C.int32_t(level), message, raw, C.size_t(len(fields)))
}

// Now is the node's clock, or the last answer's Date if that is later.
func (host *Host) Now() time.Time { return time.Unix(int64(C.rcb_now(host.services())), 0) }

// TimeLeft is the time until the deadline; then the process ends.
func (host *Host) TimeLeft() time.Duration {
	return time.Duration(C.rcb_deadline_ms(host.services())) * time.Millisecond
}

// fail states what a Failure of the provider says.
func (host *Host) fail(failure Failure) C.rcb_status {
	C.rcbFail(host.raw, failure.Reason, failure.Advice)
	return C.rcb_status(failure.Status)
}

// debug logs a message that was not written to be public, so only the debug log shows it.
func (host *Host) debug(what, message string) { host.Log(Debug, what, Field{"what", message}) }

// services are nil after the call, so that later uses panic instead of touching memory of the host.
func (host *Host) services() *C.rcb_host {
	if host.raw == nil {
		panic("a Host is used after its call")
	}
	return host.raw
}

// milliseconds is for the contract, where 0 means unlimited: a limit that has already passed becomes the shortest one.
func milliseconds(limit time.Duration) C.uint32_t {
	switch count := limit.Milliseconds(); {
	case limit == 0:
		return 0
	case count < 1:
		return 1
	case count > math.MaxUint32:
		return math.MaxUint32
	default:
		return C.uint32_t(count)
	}
}

func failed(status C.rcb_status) error {
	if status == C.RCB_OK {
		return nil
	}
	if status < C.RCB_OK || status >= C.RCB_ABSENT {
		return Failure{Status: Internal}
	}
	return Failure{Status: Status(status)}
}

func found(status C.rcb_status, reason string) error {
	if status == C.RCB_ABSENT {
		return absentError{reason}
	}
	return failed(status)
}
