#include "core/dispatch/mismatch.hpp"

#include "core/dispatch/label_glob.hpp"
#include "core/support/printable.hpp"

#include <cstddef>

namespace rcb {
namespace {

std::string quoted(std::string_view label) { return "\"" + printable(label, 80) + "\""; }

std::string portOf(const HostPattern& pattern) {
  return pattern.port.empty() ? "no port" : "port " + printable(pattern.port, 10);
}

}  // namespace

std::string mismatchReason(const HostPattern& pattern, const HostPattern& image) {
  if (pattern.labels.size() != image.labels.size()) {
    return "the pattern's host has " + std::to_string(pattern.labels.size()) + " parts between dots, the image's " +
           std::to_string(image.labels.size());
  }
  for (std::size_t i = 0; i < pattern.labels.size(); ++i) {
    if (labelMatches(pattern.labels[i], image.labels[i])) continue;
    return quoted(pattern.labels[i]) + " does not match " + quoted(image.labels[i]);
  }
  if (pattern.port != image.port) {
    return "the pattern has " + portOf(pattern) + ", the image has " + portOf(image);
  }
  if (!std::string_view(image.path).starts_with(pattern.path)) {
    return "the image's path does not begin with " + printable(pattern.path, 200);
  }
  return {};
}

}  // namespace rcb
