#include "core/modules/provider_set.hpp"

#include "tests/core/modules/stub_module.hpp"
#include "tests/support/error_matchers.hpp"
#include "tests/support/temp_folder.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <string>
#include <vector>

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
              throwsError(ErrorCode::kModuleRefused, "the providers are acme, other"));
  EXPECT_THAT([&] { set.open(""); }, throwsError(ErrorCode::kModuleRefused));
}

TEST(ProviderSet, TakesARelativePathForAnUnknownName) {
  ProviderSet set(kBuiltins);
  for (const std::string path : {"./acme.so", "../acme.so", "modules/acme.so"}) {
    EXPECT_THAT([&] { set.open(path); }, throwsError(ErrorCode::kModuleRefused, "or the absolute path of a module"))
        << path;
  }
}

TEST(ProviderSet, KnowsWhatIsLinkedIn) {
  ProviderSet set(kBuiltins);
  EXPECT_TRUE(set.isBuiltin("acme"));
  for (const char* module : {"", "acm", "ACME", "/acme.so"}) EXPECT_FALSE(set.isBuiltin(module)) << module;
}

// --- Names of installed modules ---

class InstalledModules : public testing::Test {
 protected:
  InstalledModules() {
    std::filesystem::create_directory(first_);
    std::filesystem::create_directory(second_);
  }
  std::string install(const std::string& folder, const std::string& name) {
    return folder_.write(folder + "/" + name + ".so", "not a library\n");
  }

  test::TempFolder folder_;
  std::string first_ = folder_.path() + "/first";
  std::string second_ = folder_.path() + "/second";
  ProviderSet set_{kBuiltins, {first_, folder_.path() + "/missing", second_}};
};

TEST_F(InstalledModules, AreFoundInTheFirstFolderThatHasThem) {
  const std::string later = install("second", "quay");
  EXPECT_EQ(set_.fileOf("quay"), later);
  EXPECT_THAT(set_.shadowedBy("quay"), testing::IsEmpty());
  const std::string earlier = install("first", "quay");
  EXPECT_EQ(set_.fileOf("quay"), earlier);
  EXPECT_THAT(set_.shadowedBy("quay"), testing::ElementsAre(later));
}

TEST_F(InstalledModules, AreNotSkippedIfTheyAreRefused) {
  const std::string earlier = install("first", "quay");
  install("second", "quay");
  EXPECT_THAT([&] { set_.open("quay"); },
              throwsError(ErrorCode::kModuleRefused, earlier + " is refused: it is not an ELF file"));
  std::filesystem::remove(earlier);
  std::filesystem::create_symlink("nowhere", earlier);
  EXPECT_THAT([&] { set_.open("quay"); }, throwsError(ErrorCode::kFileUnreadable, "a link leads to it"));
}

TEST_F(InstalledModules, DoNotTakeTheNameOfABuiltin) {
  const std::string file = install("first", "acme");
  EXPECT_EQ(set_.fileOf("acme"), "");
  EXPECT_EQ(set_.open("acme").description().name, "acme");
  EXPECT_THAT(set_.shadowedBy("acme"), testing::ElementsAre(file));
}

TEST_F(InstalledModules, AreSuggestedForANearName) {
  install("second", "artifactory");
  EXPECT_THAT(
      [&] { set_.open("artefactory"); },
      throwsError(ErrorCode::kModuleRefused, "there is no provider \"artefactory\": did you mean artifactory?"));
  EXPECT_THAT([&] { set_.open("registry-of-nowhere"); },
              throwsError(ErrorCode::kModuleRefused, "the providers are acme, other, artifactory"));
}

TEST_F(InstalledModules, HaveNamesThatLeadToNoOtherFolder) {
  folder_.write("outside.so", "");
  folder_.write("first/Quay.so", "");
  folder_.write("first/.so", "");
  for (const std::string& name : {std::string("../outside"), std::string("Quay"), std::string(), std::string("."),
                                  std::string("first/quay"), std::string("a\0b", 3), std::string(64, 'a')}) {
    EXPECT_THAT([&] { set_.fileOf(name); }, throwsError(ErrorCode::kModuleRefused, "there is no provider")) << name;
  }
}

TEST_F(InstalledModules, AreListedByFolderAndName) {
  const std::string quay = install("second", "quay");
  const std::string harbor = install("second", "harbor");
  const std::string first = install("first", "quay");
  install("first", "acme");
  install("first", "Not-a-name");
  folder_.write("first/readme.txt", "");
  std::vector<std::string> listed;
  for (const InstalledModule& module : set_.installed()) {
    listed.push_back(module.name + " " + module.path + " " + module.shadowedBy);
    EXPECT_EQ(module.problem, "");
  }
  EXPECT_THAT(listed, testing::ElementsAre("acme " + first_ + "/acme.so the built-in provider", "quay " + first + " ",
                                           "harbor " + harbor + " ", "quay " + quay + " " + first));
}

TEST_F(InstalledModules, AreNotListedFromAFileInPlaceOfAFolder) {
  ProviderSet set({}, {folder_.write("file", ""), "/dev/null/x"});
  EXPECT_THAT(set.installed(), testing::IsEmpty());
}

// --- Paths ---

TEST(ProviderSet, RefusesAPathAgainAfterItHasRefusedIt) {
  ProviderSet set(kBuiltins);
  for (int i = 0; i < 2; ++i) EXPECT_THAT([&] { set.open("/none.so"); }, throwsError(ErrorCode::kModuleRefused));
}

}  // namespace
}  // namespace rcb
