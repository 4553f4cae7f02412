// Serves the services that a contained module calls, with the table of the host that was lent to the call: every check is the host's own.
#pragma once

#include "core/modules/lent_strings.hpp"
#include "core/modules/message.hpp"

#include "rcb/provider_abi.h"

namespace rcb {

// Carries out the call that a message of the kind kService asks for; the result is for the module. What the services return is lent to it in `lent`.
// Throws MessageFault if the message does not make sense.
MessageWriter serveService(const rcb_host& host, MessageReader& call, LentStrings& lent);

}  // namespace rcb
