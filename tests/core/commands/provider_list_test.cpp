#include "core/commands/provider_list.hpp"

#include "core/support/json.hpp"
#include "providers/builtin.hpp"
#include "tests/core/modules/stub_module.hpp"
#include "tests/support/error_matchers.hpp"
#include "tests/support/temp_folder.hpp"

#include <filesystem>

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
  EXPECT_THAT(table, testing::ContainsRegex("\ncloudsmith +1.0.0 +needed +built in "));
  EXPECT_THAT(table, testing::ContainsRegex("\npassthrough +1.0.0 +returned +built in "));
  EXPECT_THAT(table, testing::ContainsRegex("\nstatic-token +1.0.0 +not needed +built in "));
  EXPECT_THAT(showProvider(providers, "cloudsmith", false), testing::ContainsRegex("\nSETTING +TYPE +MEANING\n"));
}

TEST(ProviderList, NamesWhyAnInstalledModuleIsRefused) {
  const test::TempFolder folder;
  const std::string garbage = folder.write("garbage.so", "#!/bin/sh\n");
  const std::string open = folder.write("open.so", "", 0666);
  const std::string shadowing = folder.write("passthrough.so",
                                             "\x7f"
                                             "ELF");
  ProviderSet providers(builtinProviders(), {folder.path()});
  const std::string table = listProviders(providers, false);
  EXPECT_THAT(table, testing::ContainsRegex("\ngarbage +- +- +" + garbage + " "));
  EXPECT_THAT(table, HasSubstr("  refused: it is not an ELF file\n"));
  EXPECT_THAT(table, testing::ContainsRegex("\nopen .* refused: other users can write to it: its mode is 0666"));
  EXPECT_THAT(table,
              testing::ContainsRegex("\npassthrough .* not used, the built-in provider has the same name; refused: "));
  const auto parsed = parseJson(listProviders(providers, true));
  const Json& json = std::get<Json>(parsed);
  const std::size_t builtins = builtinProviders().size();
  ASSERT_EQ(json.array()->size(), builtins + 3);
  const auto text = [&](std::size_t index, std::string_view member) {
    return *json.array()->at(index).find(member)->string();
  };
  EXPECT_EQ(text(0, "path"), "");
  EXPECT_EQ(text(0, "problem"), "");
  EXPECT_EQ(text(builtins, "name"), "garbage");
  EXPECT_EQ(text(builtins, "path"), garbage);
  EXPECT_EQ(text(builtins, "problem"), "it is not an ELF file");
  EXPECT_EQ(text(builtins + 2, "path"), shadowing);
  EXPECT_EQ(text(builtins + 2, "shadowedBy"), "the built-in provider");
}

TEST(ProviderList, NamesAFolderThatCannotBeRead) {
  const test::TempFolder folder;
  const std::string loop = folder.path() + "/loop";
  std::filesystem::create_symlink("loop", loop);
  ProviderSet providers(builtinProviders(), {loop});
  EXPECT_THAT(listProviders(providers, false), HasSubstr(loop + "  refused: it cannot be read: Too many levels of"));
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

TEST(ProviderList, SaysWhichHostsAProviderContacts) {
  ProviderSet providers(builtinProviders());
  EXPECT_THAT(showProvider(providers, "cloudsmith", false),
              HasSubstr("\nIt contacts the host of the setting apiHost.\n"));
  EXPECT_THAT(showProvider(providers, "static-token", false), HasSubstr("\nIt contacts no host.\n"));
  test::StubModule module;
  module.hosts = {test::text("sts.*.example.com")};
  module.table.traits = RCB_TRAIT_CONTACTS_REGISTRY;
  const BuiltinProvider builtins[] = {module.builtin()};
  ProviderSet stub(builtins);
  EXPECT_THAT(showProvider(stub, "stub", false), HasSubstr("It contacts sts.*.example.com, the image's registry.\n"));
  const auto parsed = parseJson(showProvider(stub, "stub", true));
  EXPECT_EQ(std::get<Json>(parsed).find("contacts")->array()->size(), 2u);
}

TEST(ProviderList, SaysWhatSettingsMeanToEachOther) {
  ProviderSet providers(builtinProviders());
  EXPECT_THAT(showProvider(providers, "static-token", false),
              testing::EndsWith("\n\nExactly one of passwordFile and credentialFile must be set.\n"
                                "Exactly one of username, usernameFile and credentialFile must be set.\n"));
  const auto parsed = parseJson(showProvider(providers, "static-token", true));
  const Json& json = std::get<Json>(parsed);
  EXPECT_EQ(json.find("relations")->array()->size(), 2u);
  EXPECT_EQ(*json.at("/relations/1/kind")->string(), "oneOf");
  EXPECT_EQ(*json.at("/relations/1/settings/2")->string(), "credentialFile");
}

TEST(ProviderList, ShowsTypesAndChoices) {
  const rcb_text choices[] = {test::text("slow"), test::text("fast")};
  test::StubModule module;
  module.settings = {test::settingNamed("mode"), test::settingNamed("tags"), test::settingNamed("hosts")};
  module.settings[0].type = RCB_SETTING_CHOICE;
  module.settings[0].choices = choices;
  module.settings[0].choice_count = 2;
  module.settings[1].type = RCB_SETTING_MAP;
  module.settings[2].type = RCB_SETTING_HOST;
  module.settings[2].flags = RCB_SETTING_LIST;
  const BuiltinProvider builtins[] = {module.builtin()};
  ProviderSet providers(builtins);
  const std::string shown = showProvider(providers, "stub", false);
  EXPECT_THAT(shown, testing::ContainsRegex("\nmode +choice +.*slow or fast"));
  EXPECT_THAT(shown, testing::ContainsRegex("\ntags +map\n"));
  EXPECT_THAT(shown, testing::ContainsRegex("\nhosts +list of host"));
  const auto parsed = parseJson(showProvider(providers, "stub", true));
  EXPECT_EQ(*std::get<Json>(parsed).at("/settings/0/choices/1")->string(), "fast");
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
