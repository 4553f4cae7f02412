// The checks of the broker file, and of the way from an image to a rule.
#pragma once

#include "core/doctor/examination.hpp"
#include "core/protocol/request.hpp"

#include <optional>
#include <string>
#include <vector>

namespace rcb {

// Where the broker file of our own entry is looked for. `environment` must outlive it.
BrokerSource brokerSourceOf(const Examination& examination, const Environment& environment);

// Find broker and winner.
std::vector<ExaminationStep> brokerSteps();

// A request for the image under the rule with a token that only the program's own checks accept: of the account of doctor's request, or one that the
// rule allows; with annotations that the rule needs. No value if a needed annotation cannot be made up; `unknown` is its name. Opens the rule's
// module. Throws Error.
std::optional<Request> madeUpRequest(Examination& examination, const Rule& rule, const ImageReference& image,
                                     std::string& unknown);

}  // namespace rcb
