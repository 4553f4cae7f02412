// Splits "https://" + text as Go's net/url and net.SplitHostPort do, which is how the kubelet reads patterns, keys and images. Not a general URL
// parser: its purpose is that matching gives the kubelet's results, byte for byte. core/support/authority.hpp differs: in Go
// brackets may contain a zone, a host any of "!$&'()*+,;=<>\"~", and a port may be empty or 99999.
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

// No value, with a clause in `reason`, where url.Parse fails.
std::optional<GoUrl> parseGoUrl(std::string_view text, std::string& reason);

}  // namespace rcb
