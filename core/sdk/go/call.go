package rcb

// #include <rcb/provider_abi.h>
import "C"

import "fmt"

//export rcbGoProvide
func rcbGoProvide(host *C.rcb_host, request *C.rcb_request) C.rcb_status {
	return guarded(host, request, registered.Provide)
}

//export rcbGoCheck
func rcbGoCheck(host *C.rcb_host, request *C.rcb_request) C.rcb_status {
	if registered.Check == nil {
		return C.RCB_OK
	}
	return guarded(host, request, registered.Check)
}

// guarded runs one function of the provider. No panic leaves it.
func guarded(raw *C.rcb_host, request *C.rcb_request, function func(*Request, *Host) error) (status C.rcb_status) {
	host := &Host{raw}
	defer func() {
		if cause := recover(); cause != nil {
			failure, ours := cause.(Failure)
			if !ours {
				failure = Failure{Status: Internal, Reason: "the provider panicked"}
				host.debug("the provider panicked", fmt.Sprint(cause))
			}
			status = host.fail(failure)
		}
		host.raw = nil
	}()
	err := function(&Request{request}, host)
	if err == nil {
		return C.RCB_OK
	}
	failure, private := failureOf(err)
	if private != "" {
		host.debug("the provider returned an error", private)
	}
	return host.fail(failure)
}
