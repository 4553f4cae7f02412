#include "core/commands/provider_list.hpp"

#include "core/support/json.hpp"
#include "providers/builtin.hpp"
#include "tests/support/error_matchers.hpp"

namespace rcb {
namespace {

using test::throwsError;
using testing::AllOf;
using testing::HasSubstr;

TEST(ProviderList, NamesEveryBuiltInProvider) {
  ProviderSet providers(builtinProviders());
  EXPECT_THAT(listProviders(providers, false),
              AllOf(HasSubstr("cloudsmith"), HasSubstr("static-token"), HasSubstr("passthrough")));
  const auto parsed = parseJson(listProviders(providers, true));
  EXPECT_EQ(std::get<Json>(parsed).array()->size(), builtinProviders().size());
}

// A script that reads the table's last columns would read the JSON instead: it has what the table has.
TEST(ProviderList, HasHeadingsAboveWhatTheJsonSays) {
  ProviderSet providers(builtinProviders());
  const std::string table = listProviders(providers, false);
  EXPECT_THAT(table, testing::StartsWith("NAME "));
  EXPECT_THAT(table, testing::ContainsRegex("\ncloudsmith +1.0.0 +needed "));
  EXPECT_THAT(table, testing::ContainsRegex("\npassthrough +1.0.0 +returned "));
  EXPECT_THAT(table, testing::ContainsRegex("\nstatic-token +1.0.0 +not needed "));
  EXPECT_THAT(showProvider(providers, "cloudsmith", false), testing::ContainsRegex("\nSETTING +TYPE +MEANING\n"));
}

TEST(ProviderList, ShowsEverySettingOfAProvider) {
  ProviderSet providers(builtinProviders());
  EXPECT_THAT(showProvider(providers, "cloudsmith", false),
              AllOf(HasSubstr("organization"), HasSubstr("apiHost"), HasSubstr("default api.cloudsmith.io"),
                    HasSubstr("an annotation can set it")));
  const auto parsed = parseJson(showProvider(providers, "cloudsmith", true));
  EXPECT_EQ(std::get<Json>(parsed).find("settings")->array()->size(),
            providers.open("cloudsmith").description().settings.size());
}

TEST(ProviderList, SaysWhatPassthroughAsksOfTheKubelet) {
  ProviderSet providers(builtinProviders());
  EXPECT_THAT(showProvider(providers, "passthrough", false), HasSubstr("cacheType: Token"));
}

TEST(ProviderList, NamesTheNearestProviderForAnUnknownOne) {
  ProviderSet providers(builtinProviders());
  EXPECT_THAT([&] { showProvider(providers, "cloudsmth", false); },
              throwsError(ErrorCode::kModuleRefused, "cloudsmith"));
}

}  // namespace
}  // namespace rcb
