#include "core/net/ip_address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace rcb {
namespace {

constexpr std::array<std::uint8_t, 12> kMappedPrefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

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

std::optional<IpAddress> parseIpAddress(std::string_view text) {
  if (text.size() >= INET6_ADDRSTRLEN || text.find('\0') != std::string_view::npos) return std::nullopt;
  const std::string copy(text);
  IpAddress address;
  if (::inet_pton(AF_INET6, copy.c_str(), address.bytes.data()) == 1) return address;
  std::copy(kMappedPrefix.begin(), kMappedPrefix.end(), address.bytes.begin());
  if (::inet_pton(AF_INET, copy.c_str(), address.bytes.data() + kMappedPrefix.size()) == 1) return address;
  return std::nullopt;
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
