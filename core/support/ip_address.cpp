#include "core/support/ip_address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <system_error>

namespace rcb {
namespace {

constexpr std::array<std::uint8_t, 12> kMappedPrefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

bool isRead(int family, std::string_view text, std::uint8_t* bytes) {
  if (text.size() >= INET6_ADDRSTRLEN || text.find('\0') != std::string_view::npos) return false;
  return ::inet_pton(family, std::string(text).c_str(), bytes) == 1;
}

}  // namespace

bool IpAddress::isV4() const { return std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), bytes.begin()); }

bool IpAddress::isLoopback() const {
  if (isV4()) return bytes[12] == 127;
  return bytes[15] == 1 && std::all_of(bytes.begin(), bytes.end() - 1, [](std::uint8_t byte) { return byte == 0; });
}

std::string IpAddress::text() const {
  char buffer[INET6_ADDRSTRLEN];
  if (isV4()) return ::inet_ntop(AF_INET, bytes.data() + kMappedPrefix.size(), buffer, sizeof buffer);
  return ::inet_ntop(AF_INET6, bytes.data(), buffer, sizeof buffer);
}

std::optional<IpAddress> parseIpv6Address(std::string_view text) {
  IpAddress address;
  return isRead(AF_INET6, text, address.bytes.data()) ? std::optional(address) : std::nullopt;
}

std::optional<IpAddress> parseIpAddress(std::string_view text) {
  if (text.find(':') != std::string_view::npos) return parseIpv6Address(text);
  IpAddress address;
  std::copy(kMappedPrefix.begin(), kMappedPrefix.end(), address.bytes.begin());
  return isRead(AF_INET, text, address.bytes.data() + kMappedPrefix.size()) ? std::optional(address) : std::nullopt;
}

bool IpNetwork::contains(const IpAddress& other) const {
  const unsigned whole = prefixLength / 8;
  if (!std::equal(address.bytes.begin(), address.bytes.begin() + whole, other.bytes.begin())) return false;
  const unsigned rest = prefixLength % 8;
  return rest == 0 || (address.bytes[whole] ^ other.bytes[whole]) >> (8 - rest) == 0;
}

std::optional<IpNetwork> parseIpNetwork(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const std::optional<IpAddress> address = parseIpAddress(text.substr(0, slash));
  const std::string_view length = text.substr(slash + 1);
  unsigned bits = 0;
  const auto [end, problem] = std::from_chars(length.data(), length.data() + length.size(), bits);
  if (!address || problem != std::errc() || end != length.data() + length.size()) return std::nullopt;
  // The notation decides what the prefix length counts: ::ffff:10.0.0.0/104 is an IPv6 network.
  const bool v4 = text.find(':') == std::string_view::npos;
  if (bits > (v4 ? 32u : 128u)) return std::nullopt;
  return IpNetwork{*address, v4 ? bits + 96 : bits};
}

}  // namespace rcb
