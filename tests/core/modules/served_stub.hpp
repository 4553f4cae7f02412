// A module of the test program at the other end of a socket, on a thread of its own: called as a contained module is, with behaviour that a test
// chooses.
#pragma once

#include "core/modules/module_code.hpp"

#include <memory>

namespace rcb::test {

std::unique_ptr<ModuleCode> servedOnAThread(rcb_provider_entry entry);

}  // namespace rcb::test
