// What is valid but may not be what the author of the file meant.
#pragma once

#include "core/commands/validation_report.hpp"
#include "core/settings/broker_config.hpp"

#include <functional>
#include <string_view>

namespace rcb {

// Adds the warnings to the report. `markOf` finds the position of a key in the file. The config must have no problems.
void warnOfRules(const BrokerConfig& config, const std::function<Mark(std::string_view path)>& markOf,
                 ValidationReport& report);

// Rules for several audiences need several entries in the kubelet's file. For when that file is not checked itself.
void warnOfAudiences(const BrokerConfig& config, const std::function<Mark(std::string_view path)>& markOf,
                     ValidationReport& report);

}  // namespace rcb
