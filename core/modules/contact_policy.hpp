// Where a module may send requests: the hosts of the rule's url and host settings, those that its table names, and the image's registry if its table
// says so. Enforced for built-in and loaded modules alike, before a name is resolved, so that a pod's token reaches only hosts that the operator or
// the provider's author named.
#pragma once

#include "core/settings/setting_spec.hpp"
#include "core/support/http_url.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rcb {

class ContactPolicy {
 public:
  // `settings` are the resolved ones; `registry` is the image's host with its port.
  ContactPolicy(const ProviderDescription& provider, const std::vector<std::pair<std::string, std::string>>& settings,
                std::string_view registry);

  bool allows(const HttpUrl& url) const;

  // Those that are hosts, not patterns.
  std::vector<HttpHost> hosts() const;

  // Every allowed host and what allows it, for messages: "api.example.com (setting apiHost)", "*.example.net (the provider's table)",
  // "registry.example.com (the image's registry)". More than four hosts of the table are one line, since `providers show` lists them. Empty: the
  // module may contact no host.
  std::vector<std::string> descriptions() const;

 private:
  struct Contact {
    std::string host;  // lower case; of a table, a pattern
    std::uint16_t port;
    std::string source;
    bool isPattern;
  };
  void addHost(std::string_view text, std::string source);

  std::vector<Contact> contacts_;
};

// Why a pattern of a module's table is refused, as a clause; empty if it is accepted. Labels of a host name, in which '*' stands for a whole label or
// for the rest of one, with two labels at the end that have none, so that names which match are in a domain of the author's choice.
std::string contactPatternProblem(std::string_view pattern);

}  // namespace rcb
