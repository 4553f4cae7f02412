// IP addresses and networks as values, for URLs and NO_PROXY.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rcb {

// Sixteen bytes for both families: an IPv4 address is stored as its IPv4-mapped IPv6 address, so that both notations are equal.
struct IpAddress {
  std::array<std::uint8_t, 16> bytes{};

  bool isV4() const;
  bool isLoopback() const;
  // The usual notation; IPv6 without brackets.
  std::string text() const;
  bool operator==(const IpAddress&) const = default;
};

// Hexadecimal groups (RFC 4291 section 2.2), without brackets and zone.
std::optional<IpAddress> parseIpv6Address(std::string_view text);

// The same, or four decimal numbers. The short, octal and hexadecimal formats of inet_aton() are not accepted.
std::optional<IpAddress> parseIpAddress(std::string_view text);

struct IpNetwork {
  IpAddress address;
  unsigned prefixLength = 0;  // of 128 bits

  bool contains(const IpAddress& other) const;
};

// "10.0.0.0/8", "fd00::/8".
std::optional<IpNetwork> parseIpNetwork(std::string_view text);

}  // namespace rcb
