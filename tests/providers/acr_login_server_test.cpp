#include "providers/acr/clouds.hpp"
#include "providers/acr/login_server.hpp"

#include <rcb/provider.hpp>

#include <gmock/gmock.h>

#include <string>

namespace rcb::acr {
namespace {

using testing::HasSubstr;

LoginServer found(std::string_view registry, std::string_view suffix = "azurecr.io") {
  return loginServerOf(registry, suffix);
}

// "reason; advice" of the failure.
std::string refused(std::string_view registry, std::string_view suffix = "azurecr.io") {
  try {
    loginServerOf(registry, suffix);
  } catch (const sdk::Failure& failure) {
    EXPECT_EQ(failure.status(), sdk::Status::kBadSettings);
    return failure.reason() + "; " + failure.advice();
  }
  return "accepted";
}

TEST(AcrLoginServer, IsAskedByItsOwnName) {
  for (const std::string name :
       {"contoso.azurecr.io", "contoso-d7ezgzevdwfvc8ht.azurecr.io", "a.azurecr.io", "0a1.azurecr.io"}) {
    EXPECT_EQ(found(name).host, name);
    EXPECT_EQ(found(name).service, name);
  }
}

TEST(AcrLoginServer, OfAReplicaIsAskedByTheNameOfTheRegistry) {
  EXPECT_EQ(found("contoso.eastus2.geo.azurecr.io").host, "contoso.eastus2.geo.azurecr.io");
  EXPECT_EQ(found("contoso.eastus2.geo.azurecr.io").service, "contoso.azurecr.io");
  EXPECT_EQ(found("contoso-d7ezgzevdwfvc8ht.westus.geo.azurecr.io").service, "contoso-d7ezgzevdwfvc8ht.azurecr.io");
  EXPECT_EQ(
      found("contoso.deloscloudgermanycentral.geo.azurecr.sovcloud-azure.de", "azurecr.sovcloud-azure.de").service,
      "contoso.azurecr.sovcloud-azure.de");
}

TEST(AcrLoginServer, IsWrittenInLowerCase) {
  EXPECT_EQ(found("Contoso.AzureCR.io").host, "contoso.azurecr.io");
  EXPECT_EQ(found("Contoso.EastUS.Geo.azurecr.io").service, "contoso.azurecr.io");
}

TEST(AcrLoginServer, IsNoLookAlike) {
  for (const char* host : {"azurecr.io",
                           ".azurecr.io",
                           "contosoazurecr.io",
                           "contoso.azurecr.io.evil.test",
                           "azurecr.io.evil.test",
                           "evil.test",
                           "contoso.azurecr.io.",
                           "contoso.azurecr.io:443",
                           "contoso.azurecr.io:5000",
                           "-contoso.azurecr.io",
                           "contoso-.azurecr.io",
                           "con_toso.azurecr.io",
                           "con toso.azurecr.io",
                           "user@contoso.azurecr.io",
                           "a.b.azurecr.io",
                           "contoso.eastus.geos.azurecr.io",
                           "contoso..geo.azurecr.io",
                           "contoso.east-us.geo.azurecr.io",
                           "contoso.eastus.geo.geo.azurecr.io",
                           "geo.azurecr.io.azurecr.io",
                           "127.0.0.1",
                           "[::1]",
                           "",
                           "\xc3\xa4.azurecr.io"}) {
    EXPECT_THAT(refused(host), HasSubstr("is not a login server below azurecr.io")) << host;
  }
  EXPECT_THAT(refused(std::string(64, 'a') + ".azurecr.io"), HasSubstr("is not a login server"));
}

TEST(AcrLoginServer, IsNoDataEndpoint) {
  EXPECT_EQ(refused("contoso.eastus.data.azurecr.io"),
            "contoso.eastus.data.azurecr.io is a data endpoint, which issues no credential; name images by the login "
            "server contoso.azurecr.io");
}

TEST(AcrLoginServer, OfAnotherCloudIsRefusedWithTheCloudToSet) {
  EXPECT_EQ(refused("contoso.azurecr.us"),
            "contoso.azurecr.us is not a login server below azurecr.io; set cloud to usgovernment");
  EXPECT_THAT(refused("contoso.azurecr.io", "azurecr.cn"), HasSubstr("set cloud to public"));
  EXPECT_THAT(refused("mcr.microsoft.com"), HasSubstr("set loginServer for a mirror"));
}

TEST(AcrLoginServer, ThatTheRuleNamesMayBeAnyHost) {
  EXPECT_EQ(namedLoginServer("registry.internal:8443", "azurecr.io").host, "registry.internal:8443");
  EXPECT_EQ(namedLoginServer("registry.internal:8443", "azurecr.io").service, "registry.internal:8443");
  EXPECT_EQ(namedLoginServer("contoso.eastus.geo.azurecr.io", "azurecr.io").service, "contoso.azurecr.io");
  EXPECT_THROW(namedLoginServer("contoso.eastus.data.azurecr.io", "azurecr.io"), sdk::Failure);
}

TEST(AcrClouds, AreFoundByTheirRegistries) {
  for (const Cloud& cloud : kClouds) {
    EXPECT_EQ(cloudOf("contoso." + std::string(cloud.registrySuffix)), &cloud);
    EXPECT_EQ(&cloudNamed(cloud.name), &cloud);
  }
  EXPECT_EQ(cloudOf("azurecr.io"), nullptr);
  EXPECT_EQ(cloudOf("contoso.azurecr.io.evil.test"), nullptr);
}

}  // namespace
}  // namespace rcb::acr
