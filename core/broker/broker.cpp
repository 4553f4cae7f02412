#include "core/broker/broker.hpp"

#include "core/dispatch/host_pattern.hpp"
#include "core/support/error.hpp"
#include "core/support/printable.hpp"

namespace rcb {

Environment networkEnvironment(const Broker& broker, Environment environment) {
  for (const std::string& variable : broker.ignoredVariables) environment.erase(variable);
  return environment;
}

std::string commandFor(std::string_view command, const std::string& file) {
  std::string line = "registry-credential-broker " + std::string(command);
  if (file.starts_with('/') && file != kDefaultBrokerFile) line += " --config " + printable(file);
  return line;
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
