#include "providers/acr/clouds.hpp"

#include "providers/acr/login_server.hpp"

#include <algorithm>

namespace rcb::acr {

const Cloud& cloudNamed(std::string_view name) {
  // The last one is not compared, since the name is one of the table's.
  return *std::find_if(std::begin(kClouds), std::end(kClouds) - 1,
                       [&](const Cloud& cloud) { return cloud.name == name; });
}

const Cloud* cloudOf(std::string_view host) {
  const auto found = std::find_if(std::begin(kClouds), std::end(kClouds),
                                  [&](const Cloud& cloud) { return isBelow(host, cloud.registrySuffix); });
  return found == std::end(kClouds) ? nullptr : &*found;
}

}  // namespace rcb::acr
