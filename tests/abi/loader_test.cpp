// Shared libraries that are not provider modules, or invalid ones: each is refused before its code runs, or contained, with a message of its own.

#include "core/modules/provider_set.hpp"
#include "tests/core/modules/provider_call.hpp"
#include "tests/support/another_user.hpp"
#include "tests/support/error_matchers.hpp"
#include "tests/support/file_content.hpp"
#include "tests/support/temp_folder.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace rcb {
namespace {

namespace fs = std::filesystem;
using test::ProviderCall;
using test::throwsError;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const std::string kModules = RCB_FIXTURE_MODULES;

std::string contentOf(const std::string& name) { return test::contentOf(kModules + "/" + name + ".so"); }

class Loader : public testing::Test {
 protected:
  const Provider& open(const std::string& name) { return providers_.open(kModules + "/" + name + ".so"); }
  std::string failureOf(const std::string& name) { return ProviderCall(open(name)).withoutToken().failure(); }

  ProviderSet providers_{{}, {kModules}};
};

TEST_F(Loader, ServesARequestThroughAGoodModule) {
  const IssuedCredential credential = ProviderCall(open("good")).withoutToken().provide();
  EXPECT_EQ(credential.username, "user");
  EXPECT_EQ(credential.password.reveal(), "password");
  EXPECT_EQ(credential.expiry.kind, Expiry::Kind::kNever);
}

TEST_F(Loader, TellsModulesApartWhateverDescriptorTheyGet) {
  EXPECT_EQ(open("good").description().name, "good");
  EXPECT_EQ(open("every-type").description().name, "every-type");
  EXPECT_EQ(open("never-emits").description().name, "never-emits");
}

TEST_F(Loader, LoadsAModuleAgainForAnotherSet) {
  ProviderSet other({}, {kModules});
  EXPECT_EQ(open("good").description().name, "good");
  EXPECT_EQ(other.open(kModules + "/good.so").description().name, "good");
}

TEST_F(Loader, GivesTheWrapperSettingsOfEveryType) {
  ProviderCall defaults(open("every-type"));
  const IssuedCredential withDefaults = defaults.provide();
  EXPECT_EQ(withDefaults.username, "builder");
  EXPECT_EQ(withDefaults.password.reveal(), "plain none yes 90000  slow");
  EXPECT_EQ(withDefaults.expiry.at, test::kNow + std::chrono::hours(1));
  EXPECT_THAT(defaults.log(), testing::ElementsAre(HasSubstr("image=\"registry.test:5000/team/app\"")));

  ProviderCall written(open("every-type"));
  written.with("string", "s")
      .with("integer", "-5")
      .with("boolean", "false")
      .with("duration", "2h")
      .with("list", "a")
      .with("list", "b")
      .with("url", "https://a.test/x")
      .with("hosts", "b.test:1")
      .with("hosts", "[::1]")
      .with("speed", "fast")
      .with("tags.zone", "z")
      .with("tags.env.name", "e");
  const IssuedCredential withSettings = written.withoutToken().provide();
  EXPECT_EQ(withSettings.username, "anonymous");
  EXPECT_EQ(withSettings.password.reveal(),
            "s -5 no 7200000 [a][b] https://a.test/x[b.test:1][[::1]]fast{zone=z}{env.name=e}");
}

TEST_F(Loader, KeepsTheRelationsOfTheWrapper) {
  const ProviderDescription& description = open("every-type").description();
  ASSERT_EQ(description.relations.size(), 2u);
  EXPECT_EQ(description.relations[0].kind, RelationKind::kNeeds);
  EXPECT_THAT(description.relations[0].names, testing::ElementsAre("url", "hosts"));
  EXPECT_THAT(description.relations[1].names, testing::ElementsAre("file", "url"));
  ProviderCall alone(open("every-type"));
  EXPECT_THAT(alone.with("url", "https://a.test/").failure(), HasSubstr("requires hosts as well"));
}

TEST_F(Loader, CallsTheChecksOfTheWrapper) {
  EXPECT_EQ(ProviderCall(open("every-type")).with("integer", "13").failure(),
            "integer is 13 (code=settings-invalid); count further");
  EXPECT_THAT(ProviderCall(open("every-type")).with("integer", "14").failure(),
              HasSubstr("the provider module every-type called emit() in check()"));
}

TEST_F(Loader, SaysWhichSettingTheWrapperDoesNotKnow) {
  EXPECT_THAT(
      ProviderCall(open("every-type")).with("typo", "true").failure(),
      HasSubstr("the provider reads a setting that its table does not define: strnig (code=module-misbehaved)"));
}

TEST_F(Loader, GivesTheWrapperValuesOfEveryKind) {
  ProviderCall call(open("values"));
  call.script.answer(200, R"({"z":[1,2,{}],"on":true,"n":7,"s":"Zm9v","end":"2027-01-15T09:00:00Z"})");
  const IssuedCredential credential = call.provide();
  EXPECT_EQ(credential.username, "z on n s end");
  EXPECT_EQ(credential.password.reveal(),
            "3 on 7 foo Zm9v a%2Fb "
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad "
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843 20270115T090000Z right");
  EXPECT_EQ(credential.expiry.at, test::kNow + std::chrono::hours(1));
}

// --- refused ---

TEST_F(Loader, RefusesALibraryThatIsNoModuleBeforeItsConstructorsRun) {
  EXPECT_THAT(
      [&] { open("ordinary-library"); },
      throwsError(
          ErrorCode::kModuleRefused,
          "ordinary-library.so is refused: it is not a provider module: it does not export rcb_provider_entry_v1"));
}

TEST_F(Loader, RefusesAnotherMajorAndNamesBoth) {
  EXPECT_THAT(
      [&] { open("later-major"); },
      throwsError(ErrorCode::kModuleRefused, "it uses version 2 of the module contract, this program uses version 1"));
}

TEST_F(Loader, RefusesAModuleWithoutATable) {
  EXPECT_THAT([&] { open("no-table"); },
              throwsError(ErrorCode::kModuleRefused, "its entry function returned no table"));
}

TEST_F(Loader, RefusesATableThatIsTooSmall) {
  EXPECT_THAT([&] { open("too-small"); },
              throwsError(ErrorCode::kModuleRefused, "the size of its table is not valid: found 112 bytes"));
}

TEST_F(Loader, RefusesATableOfNonsense) {
  EXPECT_THAT([&] { open("garbage"); }, throwsError(ErrorCode::kModuleRefused, "its table of settings is malformed"));
}

TEST_F(Loader, RefusesAModuleThatIsNotWhatItsFileSays) {
  EXPECT_THAT([&] { open("wrong-name"); },
              throwsError(ErrorCode::kModuleRefused, "it is named wrong-name, but its table says cloudsmith"));
}

TEST_F(Loader, RefusesAModuleThatNeedsWhatIsNotThereAndNamesIt) {
  EXPECT_THAT([&] { open("needs-what-is-not-there"); },
              throwsError(ErrorCode::kModuleRefused,
                          "the dynamic loader cannot load it: undefined symbol: rcb_test_function_that_nobody_has"));
}

// --- contained ---

TEST_F(Loader, ContainsAModuleThatThrows) {
  EXPECT_THAT(failureOf("throws"),
              AllOf(HasSubstr("the provider module throws threw an exception (code=module-misbehaved)"),
                    Not(HasSubstr("canary"))));
}

TEST_F(Loader, ContainsAnExceptionThatTheWrapperDoesNotKnow) {
  EXPECT_THAT(failureOf("wrapper-throws"),
              AllOf(HasSubstr("the provider threw an exception other than Failure (code=module-misbehaved)"),
                    Not(HasSubstr("canary"))));
}

TEST_F(Loader, ShowsTheTextOfSuchAnExceptionInTheDebugLogOnly) {
  const Provider& provider = open("wrapper-throws");
  ProviderCall call(provider);
  EXPECT_THAT(call.failure(), Not(HasSubstr("canary")));
  EXPECT_THAT(call.log(),
              testing::ElementsAre(AllOf(HasSubstr("level=debug"), HasSubstr("the provider threw an exception"),
                                         HasSubstr("what=\"the exception's own canary\""))));
}

TEST_F(Loader, ContainsAModuleThatNeverEmits) {
  EXPECT_THAT(failureOf("never-emits"),
              HasSubstr("the provider module never-emits reported success without a credential"));
}

TEST_F(Loader, ContainsAModuleThatEmitsTwice) {
  EXPECT_THAT(failureOf("emits-twice"), HasSubstr("the provider module emits-twice emitted a second credential"));
}

TEST_F(Loader, ContainsAModuleThatReturnsAnUnknownStatus) {
  EXPECT_THAT(failureOf("unknown-status"),
              HasSubstr("the provider module unknown-status returned the unknown status 4711"));
}

// --- Files that are not modules ---

class ModuleFile : public testing::Test {
 protected:
  std::string write(const std::string& content, mode_t mode = 0644) { return folder_.write("good.so", content, mode); }
  void expectRefused(const std::string& path, ErrorCode code, const std::string& why) {
    ProviderSet providers({}, {folder_.path()});
    EXPECT_THAT([&] { providers.open(path); }, throwsError(code, why)) << path;
  }

  test::TempFolder folder_;
};

TEST_F(ModuleFile, IsLoadedFromWhereverItsFolderIsAllowed) {
  const std::string path = write(contentOf("good"));
  ProviderSet providers({}, {folder_.path()});
  EXPECT_EQ(providers.open(path).description().name, "good");
}

TEST_F(ModuleFile, IsLoadedByItsNameFromTheFirstFolderThatHasIt) {
  write(contentOf("good"));
  ProviderSet providers({}, {"/there-is-none", folder_.path(), kModules});
  EXPECT_EQ(providers.open("good").description().name, "good");
  EXPECT_EQ(&providers.open("good"), &providers.open(folder_.path() + "/good.so"));
  EXPECT_EQ(providers.open("every-type").description().name, "every-type");
}

TEST_F(ModuleFile, IsRefusedOutsideOfTheDefaultFolders) {
  ProviderSet providers({});
  EXPECT_THAT([&] { providers.open(write(contentOf("good"))); },
              throwsError(ErrorCode::kModuleRefused, "in none of the module folders"));
}

TEST_F(ModuleFile, IsRefusedIfOthersMayWriteIt) {
  expectRefused(write(contentOf("good"), 0666), ErrorCode::kFileUntrusted, "can write to it: its mode is ");
}

TEST_F(ModuleFile, IsRefusedIfOthersMayWriteItsFolder) {
  const std::string path = write(contentOf("good"));
  fs::permissions(folder_.path(), fs::perms(0777));
  expectRefused(path, ErrorCode::kFileUntrusted, "folder");
}

TEST_F(ModuleFile, IsRefusedIfItIsAnothers) {
  const std::string path = write(contentOf("good"));
  // Only root can give files away.
  if (test::isRoot()) {
    test::giveAway(path);
    expectRefused(path, ErrorCode::kFileUntrusted, "owned by neither root nor the caller");
  }
}

TEST_F(ModuleFile, IsRefusedIfALinkLeadsOutOfTheFolder) {
  fs::create_symlink(kModules + "/good.so", folder_.path() + "/good.so");
  expectRefused(folder_.path() + "/good.so", ErrorCode::kModuleRefused, "/good.so is in none of the module folders");
}

TEST_F(ModuleFile, IsRefusedUnderAnotherName) {
  expectRefused(folder_.write("better.so", contentOf("good")), ErrorCode::kModuleRefused,
                "it is named better, but its table says good");
  expectRefused(folder_.write("good.so.1", contentOf("good")), ErrorCode::kModuleRefused, "is not named NAME.so");
}

TEST_F(ModuleFile, IsRefusedIfItIsAFifo) {
  const std::string path = folder_.path() + "/good.so";
  ASSERT_EQ(::mkfifo(path.c_str(), 0644), 0);
  expectRefused(path, ErrorCode::kFileUnreadable, "not a regular file");
}

TEST_F(ModuleFile, IsRefusedIfItIsEmptyOrText) {
  expectRefused(write(""), ErrorCode::kModuleRefused, "it is empty");
  expectRefused(write("#!/bin/sh\n"), ErrorCode::kModuleRefused, "it is not an ELF file");
}

TEST_F(ModuleFile, IsRefusedIfItIsCutShort) {
  const std::string whole = contentOf("good");
  for (const std::size_t size : {std::size_t{10}, std::size_t{64}, std::size_t{4096}, whole.size() - 1}) {
    expectRefused(write(whole.substr(0, size)), ErrorCode::kModuleRefused, "is refused: it is ");
  }
}

TEST_F(ModuleFile, IsRefusedIfItHas32Bits) {
  std::string content = contentOf("good");
  content[4] = 1;
  expectRefused(write(content), ErrorCode::kModuleRefused, "it is built for another architecture");
}

TEST_F(ModuleFile, IsRefusedIfItIsAProgram) {
  std::ifstream stream("/proc/self/exe", std::ios::binary);
  std::ostringstream content;
  content << stream.rdbuf();
  expectRefused(write(content.str()), ErrorCode::kModuleRefused, "it is not a provider module");
}

TEST_F(ModuleFile, IsRefusedIfItIsTooLarge) {
  const std::string path = write(contentOf("good"));
  ASSERT_EQ(::truncate(path.c_str(), (off_t{256} << 20) + 1), 0);
  expectRefused(path, ErrorCode::kModuleRefused, "it is larger than 256 MiB");
}

}  // namespace
}  // namespace rcb
