// Throws across the boundary, as a module in C++ without the wrapper may do by accident.
#include <stdexcept>

#include "fixture.h"

namespace {

rcb_status provide(const rcb_host*, const rcb_request*) { throw std::runtime_error("the exception's own canary"); }

}  // namespace

FIXTURE("throws", provide, (void)0)
