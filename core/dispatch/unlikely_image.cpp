#include "core/dispatch/unlikely_image.hpp"

#include "core/dispatch/common_image.hpp"
#include "core/support/error.hpp"

#include <cstddef>
#include <string>

namespace rcb {

std::optional<ImageReference> unlikelyImage(const HostPattern& pattern) {
  std::string host = pattern.text.substr(0, pattern.text.find('/'));
  for (std::size_t at = 0; (at = host.find('*', at)) != std::string::npos;) host.replace(at, 1, "x7q");
  for (const std::string& name :
       {host + pattern.path + "x7q", host + pattern.path + "/x7q", commonImage(pattern, pattern).value_or("")}) {
    try {
      if (matchesImage(pattern, name)) return parseImageReference(name);
    } catch (const Error&) {
      // Replacing '*' does not always give a valid host: a single label must be "localhost".
    }
  }
  return std::nullopt;
}

}  // namespace rcb
