#include "core/broker/broker.hpp"

#include "core/dispatch/host_pattern.hpp"
#include "core/support/error.hpp"

namespace rcb {

Environment networkEnvironment(const Broker& broker, Environment environment) {
  for (const std::string& variable : broker.ignoredVariables) environment.erase(variable);
  return environment;
}

void narrowTo(Broker& broker, const ImageReference& image) {
  if (!broker.dropIn) return;
  PatternProblem problem;
  auto pattern = parseHostPattern(image.registry, &problem);
  if (!pattern)
    throw Error(ErrorCode::kRequestImage, "the image's host cannot be matched: " + problem.reason)
        .with("image", image.name);
  broker.config.patterns = {{0, std::move(*pattern)}};
}

}  // namespace rcb
