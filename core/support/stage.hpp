// What the run is doing, so that the watchdog can name it when it ends the process. A run has one thread; the only other reader is the watchdog's
// signal handler, on the same thread.
#pragma once

#include <string_view>

namespace rcb {

// `what`, followed by up to 200 characters of `where`, as in ("resolving", "api.cloudsmith.io"). Never a secret.
void enterStage(std::string_view what, std::string_view where = {});

// The current stage; "starting" at first. Async-signal-safe.
std::string_view currentStage() noexcept;

}  // namespace rcb
