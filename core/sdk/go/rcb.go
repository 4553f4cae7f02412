// Package rcb is for provider modules in Go. Register a provider in a package main, and build it as a shared library:
//
//	package main
//
//	import "rcb"
//
//	func init() {
//		rcb.Register(rcb.Provider{
//			Name:       "example",
//			Version:    "1.0.0",
//			Summary:    "Exchanges the pod's token at a URL.",
//			NeedsToken: true,
//			Settings:   []rcb.Setting{{Name: "url", Type: rcb.URL, Required: true, Summary: "The token exchange endpoint."}},
//			Provide:    provide,
//		})
//	}
//
//	func provide(request *rcb.Request, host *rcb.Host) error {
//		answer, err := host.Send(rcb.HTTPRequest{
//			Method: "POST",
//			URL:    request.Setting("url"),
//			Body:   rcb.Form{{"token", request.Token()}},
//			Repeat: rcb.RepeatHarmless,
//		})
//		if err != nil {
//			return err
//		}
//		password, err := host.JSONText(answer.Body, "/token")
//		if err != nil {
//			return err
//		}
//		return host.Emit(rcb.Credential{Username: "token", Password: password, Expiry: rcb.ExpiresFromJWT()})
//	}
//
//	func main() {}
//
// Strings from the host are views of its memory, so that secrets are not copied: they are valid until Provide returns, and must not be used after
// that. Start no goroutine that outlives the call. A panic does not leave the module: the call fails, and the panic's message goes to the debug log.
//
// Package rcbtest runs a provider against a script. The contract behind all this, with every guarantee in detail, is <rcb/provider_abi.h>.
package rcb

// Provider describes a provider: the table that the operator's file is checked against, and its functions.
type Provider struct {
	Name             string // the file is NAME.so
	Version          string
	Summary          string // one sentence
	NeedsToken       bool   // refuses rules with `identity: none`
	ReturnsToken     bool   // the password is the pod's own token
	ContactsRegistry bool   // may send requests to the image's registry
	Settings         []Setting
	Relations        []Relation
	Hosts            []string // where requests may go besides the hosts of settings: "sts.*.amazonaws.com"

	// Provide emits one credential, or says why there is none: with a Failure, or the error of a method of Host.
	Provide func(*Request, *Host) error

	// Check refuses settings (a Failure with BadSettings) for what the table cannot say. It is called before Provide, in a run and by `validate`.
	// The token, requests and Emit are not available. It may be nil.
	Check func(*Request, *Host) error
}

// Type says how the broker reads and checks a setting.
type Type uint32

const (
	String  Type = iota
	Integer      // fits int64
	Boolean
	Duration
	File     // an absolute path; read it with Host.ReadFile
	URL      // absolute, https; its host may be contacted
	Hostname // host or host:port, which may be contacted
	Choice   // one of Setting.Choices
	Map      // names and strings; read it with Request.Map
)

// Setting is one entry of the table. The broker checks the operator's file against it, fills in defaults, and generates the schema and the
// documentation.
type Setting struct {
	Name        string // lowerCamelCase
	Type        Type
	Required    bool
	Annotatable bool // a service account annotation may set it, if the operator's file allows that
	List        bool
	Secret      bool     // its value is never shown
	Default     string   // as it would be written in the file; empty if there is none
	Pattern     string   // a regular expression for the whole value; empty: any. Not for choices
	Summary     string   // one sentence for the operator
	Choices     []string // of Choice
}

// RelationKind says what settings mean to each other.
type RelationKind uint32

const (
	Needs    RelationKind = iota // if the first is present, so are all others
	Excludes                     // at most one is present
	OneOf                        // exactly one is present
)

// Relation relates at least two settings. A setting is present if the file or an annotation gives it a value; a default does not count.
type Relation struct {
	Kind  RelationKind
	Names []string
}

var registered Provider

// Register makes a provider the module's. Call it once, from init.
func Register(provider Provider) { registered = provider }
