// The clouds that Azure container registries are in, as a table: where each one's Microsoft Entra is, and how the names of its registries end.
#pragma once

#include <cstddef>
#include <iterator>
#include <string_view>

namespace rcb::acr {

struct Cloud {
  std::string_view name;
  std::string_view authorityHost;   // of Microsoft Entra
  std::string_view registrySuffix;  // of login servers
  std::string_view audience;        // that federated credentials there expect, unless their owner chose another
};

// Authority hosts as in Microsoft's MSAL libraries, suffixes as in the Azure CLI, audiences as in Azure Identity. All clouds have the same scope.
inline constexpr Cloud kClouds[] = {
    {"public", "login.microsoftonline.com", "azurecr.io", "api://AzureADTokenExchange"},
    {"china", "login.partner.microsoftonline.cn", "azurecr.cn", "api://AzureADTokenExchangeChina"},
    {"usgovernment", "login.microsoftonline.us", "azurecr.us", "api://AzureADTokenExchangeUSGov"},
    {"bleu", "login.sovcloud-identity.fr", "azurecr.sovcloud-azure.fr", "api://AzureADTokenExchangeFrance"},
    {"delos", "login.sovcloud-identity.de", "azurecr.sovcloud-azure.de", "api://AzureADTokenExchangeGermany"},
};

// One member of all clouds, as an array for the provider's description.
template <std::string_view Cloud::*kMember>
struct CloudColumn {
  std::string_view values[std::size(kClouds)] = {};

  constexpr CloudColumn() {
    for (std::size_t i = 0; i < std::size(kClouds); ++i) values[i] = kClouds[i].*kMember;
  }
};
inline constexpr CloudColumn<&Cloud::name> kCloudNames;
inline constexpr CloudColumn<&Cloud::authorityHost> kAuthorityHosts;

// The cloud of that name, which is one of the table's.
const Cloud& cloudNamed(std::string_view name);

// The cloud below whose suffix the host is, or null.
const Cloud* cloudOf(std::string_view host);

}  // namespace rcb::acr
