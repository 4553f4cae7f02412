// The process of a contained module: it gives up its rights, loads the library, calls the module's functions when the program says so, and asks the
// program for what the module wants of its services.
#pragma once

#include "core/modules/message_socket.hpp"

#include "rcb/provider_abi.h"

#include <span>

namespace rcb {

// The argument that makes the program this process.
inline constexpr const char* kModuleProcess = "--module-process";

// Whether this process was started to be one: by the argument, with a socket as its stdin. Only the program itself starts it so.
bool isModuleProcess(std::span<char* const> arguments);

// Serves until the program closes the socket, or kills this process. The process must be hardened (process_hardening.hpp). The status has no reader.
int serveModule();

// Serves a module that is loaded. Throws MessageFault(kClosed) when the program closes the socket, which is how it ends.
[[noreturn]] void serveEntry(MessageSocket& socket, rcb_provider_entry entry);

}  // namespace rcb
