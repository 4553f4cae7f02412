// Exchanges the pod's token for an access token, and asks a second service for a password with it. That request is signed with a key.
//
// Copy this folder, rename the module, and write provide. Test and build it with
//
//	go test
//	go build -buildmode=c-shared -ldflags=-s -o NAME.so
//
// and install NAME.so, owned by root, in /usr/local/lib/registry-credential-broker.
package main

import (
	"rcb"
)

func init() {
	rcb.Register(rcb.Provider{
		Name:       "example-go",
		Version:    "1.0.0",
		Summary:    "Exchanges the pod's token for a password in two steps.",
		NeedsToken: true,
		Settings: []rcb.Setting{
			{Name: "url", Type: rcb.URL, Required: true, Summary: "The URL of the token exchange endpoint."},
			{Name: "passwordUrl", Type: rcb.URL, Required: true, Summary: "The URL that answers the password."},
			{Name: "keyFile", Type: rcb.File, Required: true, Summary: "The key that requests are signed with."},
			{Name: "role", Annotatable: true, Default: "pull", Pattern: "[a-z0-9-]{1,40}", Summary: "The role to request."},
		},
		Check:   check,
		Provide: provide,
	})
}

func main() {}

func check(request *rcb.Request, host *rcb.Host) error {
	_, err := key(request, host)
	return err
}

func provide(request *rcb.Request, host *rcb.Host) error {
	granted, err := host.Send(rcb.HTTPRequest{
		Method: "POST",
		URL:    request.Setting("url"),
		Body:   rcb.Form{{"token", request.Token()}, {"role", request.Setting("role")}},
		Repeat: rcb.RepeatHarmless,
	})
	if err != nil {
		return err
	}
	access, err := host.JSONText(granted.Body, "/access_token")
	if err != nil {
		return err
	}

	signature, err := sign(request, host, access)
	if err != nil {
		return err
	}
	answer, err := host.Send(rcb.HTTPRequest{
		Method:  "GET",
		URL:     request.Setting("passwordUrl"),
		Headers: []rcb.Field{{"Authorization", "Bearer " + access}, {"X-Signature", signature}},
	})
	if err != nil {
		return err
	}
	username, err := host.JSONText(answer.Body, "/username")
	if err != nil {
		return err
	}
	password, err := host.JSONText(answer.Body, "/password")
	if err != nil {
		return err
	}
	lifetime, err := host.JSONInteger(answer.Body, "/expires_in")
	if err != nil {
		return err
	}
	return host.Emit(rcb.Credential{Username: username, Password: password, Expiry: rcb.ExpiresAfter(lifetime)})
}

func sign(request *rcb.Request, host *rcb.Host, message string) (string, error) {
	key, err := key(request, host)
	if err != nil {
		return "", err
	}
	code, err := host.HMACSHA256(key, message)
	if err != nil {
		return "", err
	}
	return host.Encode(rcb.Hex, code)
}

// key returns the key that requests are signed with.
func key(request *rcb.Request, host *rcb.Host) (string, error) {
	key, err := host.ReadValue(request.Setting("keyFile"))
	if err == nil && key == "" {
		err = rcb.Failure{Status: rcb.BadSettings, Reason: "the key file is empty"}
	}
	return key, err
}
