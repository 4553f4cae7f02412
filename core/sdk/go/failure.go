package rcb

import "errors"

// Status decides the program's exit status and whether an operator must act.
type Status int32

const (
	Refused     Status = iota + 1 // the server or a rule refused the request: an unchanged retry will not help
	Unavailable                   // unreachable, overloaded, or deadline exceeded: a later pull may succeed
	BadAnswer                     // the server answered, but its answer violates the protocol
	BadSettings                   // the operator's settings or files are invalid
	Expired                       // the credential that the operator configured has expired
	Internal                      // a bug in the module
)

// Failure ends a call without a credential. Both strings are public (the kubelet logs them): never put a token, password or answer into them.
type Failure struct {
	Status Status
	Reason string // why it failed, in lower case without a full stop; empty if a service failed, since the host knows the reason
	Advice string // what the operator can do
}

func (failure Failure) Error() string { return failure.Reason }

// ErrAbsent is for errors.Is(err, rcb.ErrAbsent): a requested value is not there, or is not of this type. If Provide returns such an error, the call
// fails as one with a bad answer.
var ErrAbsent = errors.New("absent")

type absentError struct{ reason string }

func (err absentError) Error() string        { return err.reason }
func (err absentError) Is(target error) bool { return target == ErrAbsent }

// failureOf says how an error that Provide or Check returned is reported. The text of an error of another package was not written to be public.
func failureOf(err error) (failure Failure, private string) {
	var none absentError
	switch {
	case errors.As(err, &failure):
		return failure, ""
	case errors.As(err, &none):
		return Failure{Status: BadAnswer, Reason: none.reason}, ""
	}
	return Failure{Status: Internal, Reason: "the provider returned an error other than Failure"}, err.Error()
}
