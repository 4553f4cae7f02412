// What the run is doing right now, so that the watchdog can say where the time went when it has to end the process.
// One run has one thread; the only other reader is the watchdog's signal handler on that same thread.
#pragma once

#include <string_view>

namespace rcb {

// `what` with up to 200 characters of `where` behind it, e.g. ("resolving", "api.cloudsmith.io"). Never a secret.
void enterStage(std::string_view what, std::string_view where = {});

// The current stage, "starting" at first. Safe to call in a signal handler.
std::string_view currentStage() noexcept;

}  // namespace rcb
