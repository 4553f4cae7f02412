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

TEST(ProviderList, ShowsEverySettingOfAProvider) {
  ProviderSet providers(builtinProviders());
  EXPECT_THAT(showProvider(providers, "cloudsmith", false),
              AllOf(HasSubstr("organization"), HasSubstr("apiHost"), HasSubstr("default api.cloudsmith.io"),
                    HasSubstr("an annotation may set it")));
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
