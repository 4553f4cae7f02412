#include "core/commands/version.hpp"

#include "core/support/json.hpp"
#include "core/support/program_version.hpp"

#include <gmock/gmock.h>

namespace rcb {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::StartsWith;

class VersionJson : public testing::Test {
 protected:
  const Json& document() const { return std::get<Json>(parsed_); }
  std::string member(const Json& object, const char* name) const { return std::string(*object.find(name)->string()); }

  const std::variant<Json, JsonProblem> parsed_ = parseJson(versionText(true, {}));
};

// Scripts read it.
TEST(Version, BeginsWithNameVersionAndModuleAbi) {
  EXPECT_THAT(versionText(false, {}),
              StartsWith("registry-credential-broker " + std::string(kProgramVersion) + " (module ABI 1.0)\n"));
}

TEST(Version, NamesEveryLibrary) {
  for (const char* library : {"OpenSSL 3.", "Poco 1.", "fmt ", "libyaml 0.", "expat 2."}) {
    EXPECT_THAT(versionText(false, {}), HasSubstr(library));
  }
}

TEST_F(VersionJson, HoldsWhatTheTextSays) {
  EXPECT_EQ(member(document(), "version"), kProgramVersion);
  EXPECT_EQ(member(document(), "moduleAbi"), "1.0");
  EXPECT_TRUE(*document().find("loadsModules")->boolean());
  for (const char* name : {"commit", "compiler"}) {
    EXPECT_THAT(versionText(false, {}), HasSubstr(std::string(name) + ": " + member(document(), name) + "\n"));
  }
}

TEST_F(VersionJson, NamesACommitOrNone) {
  EXPECT_THAT(member(document(), "commit"), MatchesRegex("[0-9a-f]{40}|[0-9a-f]{64}|unknown"));
}

TEST_F(VersionJson, NamesThePlatform) {
  const Json& platform = *document().find("platform");
  EXPECT_EQ(member(platform, "os"), "linux");
  EXPECT_THAT(member(platform, "libc"), MatchesRegex("glibc|musl"));
  EXPECT_NE(member(platform, "architecture"), "");
}

TEST_F(VersionJson, HasAVersionOfEveryLibrary) {
  for (const char* name : {"OpenSSL", "Poco", "fmt", "libyaml", "expat"}) {
    EXPECT_THAT(member(*document().find("libraries"), name), MatchesRegex("[0-9]+\\.[0-9]+\\.[0-9]+.*")) << name;
  }
}

TEST(Version, SaysWhichPartsOfTheConfinementAreMissingHere) {
  EXPECT_THAT(versionText(false, {}), HasSubstr("confinement: complete\n"));
  EXPECT_THAT(
      versionText(false, {.user = true, .files = false, .calls = false}),
      HasSubstr("confinement: files are not confined: the kernel has no Landlock (Linux 5.13), or does not allow "
                "it here; system calls are not confined"));
  EXPECT_THAT(versionText(true, {.user = false}), HasSubstr("root is kept: user 65534 does not exist"));
}

}  // namespace
}  // namespace rcb
