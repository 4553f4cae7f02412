// How Go's net/url and net.SplitHostPort take apart "https://" + text, which is how the kubelet reads patterns, keys and images. Not a general
// URL parser: it exists so that our matching agrees with the kubelet's to the letter, also where
// core/support/authority.hpp has it otherwise: brackets may hold a zone, a host may hold any of "!$&'()*+,;=<>\"~", a port may be empty or 99999.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rcb {

struct GoUrl {
  std::string host;  // without port; brackets only where Go keeps them
  std::string port;
  std::string path;  // decoded; empty, or beginning with '/'
};

// Nothing, with a clause in `reason`, where url.Parse fails.
std::optional<GoUrl> parseGoUrl(std::string_view text, std::string& reason);

}  // namespace rcb
