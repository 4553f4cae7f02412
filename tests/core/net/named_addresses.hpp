// Socket addresses and resolvers of tests: names with as many addresses as a test wants, without any DNS.
#pragma once

#include "core/net/host_addresses.hpp"

#include <netdb.h>

#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace rcb::test {

inline SocketAddress socketAddress(const std::string& text, std::uint16_t port = 443) {
  const Resolution found = resolveWithSystem(text, port);
  if (found.addresses.size() != 1) throw std::runtime_error(text + " is not a numeric address");
  return found.addresses[0];
}

inline std::vector<SocketAddress> socketAddresses(const std::vector<std::string>& texts, std::uint16_t port = 443) {
  std::vector<SocketAddress> addresses;
  for (const std::string& text : texts) addresses.push_back(socketAddress(text, port));
  return addresses;
}

inline std::vector<std::string> textsOf(const std::vector<SocketAddress>& addresses) {
  std::vector<std::string> texts;
  for (const SocketAddress& address : addresses) texts.push_back(address.text());
  return texts;
}

// Knows these names, and numeric addresses; anything else does not exist. Counts what it is asked.
struct NamedAddresses {
  std::map<std::string, std::vector<std::string>> names;
  std::vector<int> problems{};  // of the next questions, in order; 0: none
  int asked = 0;

  Resolution operator()(const std::string& host, std::uint16_t port) {
    ++asked;
    if (!problems.empty()) {
      const int problem = problems.front();
      problems.erase(problems.begin());
      if (problem != 0) return {{}, problem, 0};
    }
    const auto found = names.find(host);
    if (found == names.end()) return resolveNumeric(host, port);
    return {socketAddresses(found->second, port), 0, 0};
  }

 private:
  static Resolution resolveNumeric(const std::string& host, std::uint16_t port) {
    const bool numeric =
        host.find_first_not_of("0123456789.") == std::string::npos || host.find(':') != std::string::npos;
    return numeric ? resolveWithSystem(host, port) : Resolution{{}, EAI_NONAME, 0};
  }
};

}  // namespace rcb::test
