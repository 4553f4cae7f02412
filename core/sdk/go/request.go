package rcb

// #include "services.h"
import "C"

import (
	"strconv"
	"strings"
	"time"
	"unsafe"
)

// Request is the requested credential. Its strings are valid until the call returns.
type Request struct{ raw *C.rcb_request }

// Image is named as by the kubelet, without tag or digest: "registry.example.com:5000/team/app".
func (request *Request) Image() string { return view(request.raw.image) }

// Registry is the image's host, with its port if it has one.
func (request *Request) Registry() string { return view(request.raw.registry) }

// Token is the pod's service account token. Secret. It is empty only if the rule has `identity: none`, and in Check.
func (request *Request) Token() string { return view(request.raw.token) }

// TokenExpiresAt is zero if there is no token or it has no `exp`.
func (request *Request) TokenExpiresAt() time.Time {
	if request.raw.token_expires_at == 0 {
		return time.Time{}
	}
	return time.Unix(int64(request.raw.token_expires_at), 0)
}

// NamespaceName is that of the token's service account; empty without a token.
func (request *Request) NamespaceName() string { return view(request.raw.namespace_name) }

// ServiceAccount is the name of the token's service account; empty without a token.
func (request *Request) ServiceAccount() string { return view(request.raw.service_account) }

// Setting returns a setting, checked against the provider's table, with its default filled in; empty if it has no value. A name that is not in the
// table ends the call with a failure (Internal), as does the wrong method for a map.
func (request *Request) Setting(name string) string {
	if all := request.List(name); len(all) > 0 {
		return all[0]
	}
	return ""
}

// List returns all elements of a list.
func (request *Request) List(name string) (elements []string) {
	requireSetting(name, false)
	for _, field := range request.fields() {
		if field[0] == name {
			elements = append(elements, field[1])
		}
	}
	return elements
}

// Map returns the entries of a map, in the file's order.
func (request *Request) Map(name string) (entries []Field) {
	requireSetting(name, true)
	for _, field := range request.fields() {
		if strings.HasPrefix(field[0], name+".") {
			entries = append(entries, Field{field[0][len(name)+1:], field[1]})
		}
	}
	return entries
}

// Flag returns a boolean.
func (request *Request) Flag(name string) bool { return request.Setting(name) == "true" }

// Integer returns false if the setting has no value.
func (request *Request) Integer(name string) (int64, bool) {
	number, err := strconv.ParseInt(request.Setting(name), 10, 64)
	return number, err == nil
}

// Duration returns false if the setting has no value.
func (request *Request) Duration(name string) (time.Duration, bool) {
	milliseconds, present := request.Integer(name)
	return time.Duration(milliseconds) * time.Millisecond, present
}

func (request *Request) fields() []Field {
	raw := unsafe.Slice(request.raw.settings, int(request.raw.setting_count))
	return viewFields(raw)
}

// A misspelt name would otherwise look like a setting without a value.
func requireSetting(name string, asMap bool) {
	for _, setting := range registered.Settings {
		if setting.Name != name {
			continue
		}
		if (setting.Type == Map) == asMap {
			return
		}
		if asMap {
			panic(Failure{Status: Internal, Reason: "the provider reads its setting " + name + " as a map, which it is not"})
		}
		panic(Failure{Status: Internal, Reason: "the provider reads its setting " + name + ", a map, as a single value"})
	}
	panic(Failure{Status: Internal, Reason: "the provider reads a setting that its table does not define: " + name})
}
