#include "core/modules/provider_set.hpp"

#include "tests/core/modules/stub_module.hpp"
#include "tests/support/error_matchers.hpp"

#include <gmock/gmock.h>

namespace rcb {
namespace {

using test::throwsError;

const rcb_provider* acmeEntry(const rcb_host_info* /*host*/) {
  static const rcb_provider table = [] {
    rcb_provider filled{};
    filled.size = sizeof filled;
    filled.name = test::text("acme");
    filled.provide = [](const rcb_host*, const rcb_request*) { return rcb_status{RCB_INTERNAL}; };
    return filled;
  }();
  return &table;
}

constexpr BuiltinProvider kBuiltins[] = {{"acme", acmeEntry}, {"other", acmeEntry}};

TEST(ProviderSet, NamesItsBuiltins) {
  EXPECT_THAT(ProviderSet(kBuiltins).builtinNames(), testing::ElementsAre("acme", "other"));
}

TEST(ProviderSet, OpensABuiltinByNameOnce) {
  ProviderSet set(kBuiltins);
  const Provider& provider = set.open("acme");
  EXPECT_EQ(provider.description().name, "acme");
  EXPECT_EQ(&set.open("acme"), &provider);
}

TEST(ProviderSet, ChecksTheTableOfABuiltinToo) {
  ProviderSet set(kBuiltins);
  EXPECT_THAT([&] { set.open("other"); },
              throwsError(ErrorCode::kModuleRefused, "it is named other, but its table says acme"));
}

TEST(ProviderSet, SuggestsTheNearestBuiltin) {
  ProviderSet set(kBuiltins);
  EXPECT_THAT([&] { set.open("acne"); }, throwsError(ErrorCode::kModuleRefused, "did you mean acme?"));
}

TEST(ProviderSet, ListsTheBuiltinsIfNoneIsNear) {
  ProviderSet set(kBuiltins);
  EXPECT_THAT([&] { set.open("registry-of-nowhere"); },
              throwsError(ErrorCode::kModuleRefused, "the built-in providers are acme, other"));
  EXPECT_THAT([&] { set.open(""); }, throwsError(ErrorCode::kModuleRefused));
}

TEST(ProviderSet, TakesARelativePathForAnUnknownName) {
  ProviderSet set(kBuiltins);
  for (const std::string path : {"./acme.so", "../acme.so", "modules/acme.so"}) {
    EXPECT_THAT([&] { set.open(path); }, throwsError(ErrorCode::kModuleRefused, "or the absolute path of a module"))
        << path;
  }
}

TEST(ProviderSet, RefusesAPathAgainAfterItHasRefusedIt) {
  ProviderSet set(kBuiltins);
  for (int i = 0; i < 2; ++i) EXPECT_THAT([&] { set.open("/none.so"); }, throwsError(ErrorCode::kModuleRefused));
}

}  // namespace
}  // namespace rcb
