#include "core/support/authority.hpp"

#include <charconv>
#include <cstddef>
#include <system_error>

namespace rcb {

Authority splitAuthority(std::string_view text) {
  if (text.starts_with('[')) {
    const std::size_t bracket = text.find(']');
    if (bracket == std::string_view::npos) return {text, true, std::nullopt};
    const std::string_view host = text.substr(1, bracket - 1);
    const std::string_view rest = text.substr(bracket + 1);
    if (rest.empty()) return {host, true, std::nullopt};
    return {host, true, rest.front() == ':' ? rest.substr(1) : text.substr(bracket)};
  }
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon != text.rfind(':')) return {text, false, std::nullopt};
  return {text.substr(0, colon), false, text.substr(colon + 1)};
}

std::string joinAuthority(const std::string& host, std::uint16_t port) {
  const bool v6 = host.find(':') != std::string::npos;
  return (v6 ? '[' + host + ']' : host) + ':' + std::to_string(port);
}

std::optional<std::uint16_t> parsePort(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (problem != std::errc() || end != text.data() + text.size() || port == 0 || text.size() > 5) return std::nullopt;
  return port;
}

}  // namespace rcb
