// The names of Azure container registries:
//
//   contoso.azurecr.io                      the login server, which routes to any replica
//   contoso-d7ezgzevdwfvc8ht.azurecr.io     the same of a registry with a domain name label
//   contoso.eastus.geo.azurecr.io           a login server of one replica (regional endpoint)
//   contoso.eastus.data.azurecr.io          a data endpoint, which serves layers and issues no credential
#pragma once

#include <string>
#include <string_view>

namespace rcb::acr {

// Where a registry exchanges tokens.
struct LoginServer {
  std::string host;     // host or host:port
  std::string service;  // the registry's name in requests: that of the login server which routes to any replica
};

// True if the host is a name below the suffix. A host with a port is not, since these registries have none.
bool isBelow(std::string_view host, std::string_view suffix);

// The login server that images of this registry are named by. Throws Failure (kBadSettings) for a host that is not one below the suffix.
LoginServer loginServerOf(std::string_view registry, std::string_view suffix);

// The login server that the operator names: any host. Below the suffix its service is that of loginServerOf().
LoginServer namedLoginServer(std::string_view host, std::string_view suffix);

}  // namespace rcb::acr
