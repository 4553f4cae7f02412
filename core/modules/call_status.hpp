// Between the statuses of the module contract and the program's errors.
#pragma once

#include "core/support/error.hpp"

#include "rcb/provider_abi.h"

namespace rcb {

// What a module says with the status of a call that has failed. Any status that the contract does not define is the module's fault.
ErrorCode errorCodeOf(rcb_status status);

// The status that a module receives for the failure of a service, and that a whole call of it has.
rcb_status statusOf(const Error& error);

}  // namespace rcb
