// `providers check` on libraries that are modules, that are not, and that only some nodes would load.

#include "core/commands/module_check.hpp"

#include "core/support/error.hpp"
#include "core/support/json.hpp"
#include "tests/support/error_matchers.hpp"
#include "tests/support/file_content.hpp"
#include "tests/support/temp_folder.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <string>
#include <vector>

namespace rcb {
namespace {

namespace fs = std::filesystem;
using test::throwsError;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const std::string kModules = RCB_FIXTURE_MODULES;

std::string contentOf(const std::string& name) { return test::contentOf(kModules + "/" + name + ".so"); }

class ModuleCheckTest : public testing::Test {
 protected:
  // Warnings about what the test's own compiler adds (glibc, run-time libraries) are left out.
  static std::vector<std::string> reasons(const std::vector<Finding>& findings) {
    std::vector<std::string> reasons;
    for (const Finding& finding : findings) {
      const bool ofCompiler = finding.reason.starts_with("it needs ") || finding.reason.starts_with("it exports ");
      if (!ofCompiler) reasons.push_back(finding.reason);
    }
    return reasons;
  }
  ModuleReport check(const std::string& file, const std::vector<std::string>& scripts = {}) {
    return checkModule({file, scripts}, folders_);
  }
  ModuleReport checkFixture(const std::string& name) { return check(kModules + "/" + name + ".so"); }

  test::TempFolder folder_;
  std::vector<std::string> folders_ = {kModules, folder_.path() + "/modules"};
};

TEST_F(ModuleCheckTest, HasNothingAgainstAGoodModule) {
  const ModuleReport report = checkFixture("good");
  EXPECT_THAT(reasons(report.errors), IsEmpty());
  EXPECT_THAT(reasons(report.warnings), IsEmpty());
  EXPECT_EQ(report.status(), 0);
  EXPECT_THAT(report.majors, ElementsAre(1));
  EXPECT_EQ(report.minor, 0u);
  EXPECT_THAT(report.libraries, Contains("libc.so.6"));
  EXPECT_THAT(report.exports, Contains("rcb_provider_entry_v1"));
  EXPECT_THAT(report.text({}), AllOf(testing::StartsWith("contract "), HasSubstr("built for 1.0, this program has 1."),
                                     HasSubstr("\ngood 1.0.0: "), HasSubstr("/good.so: valid")));
}

TEST_F(ModuleCheckTest, WarnsOfWhatANodeHasAgainstThePlace) {
  const std::string file = folder_.write("build/libgood.so", contentOf("good"), 0666);
  const ModuleReport report = check(file);
  EXPECT_THAT(reasons(report.warnings),
              ElementsAre(HasSubstr("on a node it would be refused: other users can write to it: its mode is 0666"),
                          "on a node it would be refused: " + file + " is in none of the module folders",
                          "on a node its file must be named good.so, after its provider"));
  EXPECT_EQ(report.status(), 0);
  EXPECT_EQ(report.provider->name, "good");
}

TEST_F(ModuleCheckTest, FindsAFileFromTheWorkingDirectory) {
  folder_.write("good.so", contentOf("good"));
  const fs::path before = fs::current_path();
  fs::current_path(folder_.path());
  EXPECT_EQ(check("good.so").status(), 0);
  EXPECT_EQ(check("./good.so").file, "./good.so");
  fs::current_path(before);
}

TEST_F(ModuleCheckTest, RefusesWhatNoNodeLoads) {
  const auto errorsOf = [&](const std::string& name) {
    const ModuleReport report = checkFixture(name);
    EXPECT_EQ(report.status(), 78) << name;
    EXPECT_EQ(report.provider, std::nullopt) << name;
    return reasons(report.errors);
  };
  EXPECT_THAT(errorsOf("ordinary-library"),
              ElementsAre("it is not a provider module: it does not export rcb_provider_entry_v1"));
  EXPECT_THAT(errorsOf("later-major"),
              ElementsAre("it uses version 2 of the module contract, this program uses version 1"));
  EXPECT_THAT(errorsOf("needs-what-is-not-there"), ElementsAre(HasSubstr("the dynamic loader cannot load it: ")));
  EXPECT_THAT(errorsOf("no-table"), ElementsAre(HasSubstr("its entry function returned no table")));
  EXPECT_THAT(errorsOf("garbage"), ElementsAre(HasSubstr("its table of settings is malformed")));
}

TEST_F(ModuleCheckTest, RefusesWhatIsNoLibraryWithoutLoadingIt) {
  const auto errorsOf = [&](const std::string& content) {
    return reasons(check(folder_.write("a.so", content)).errors);
  };
  EXPECT_THAT(errorsOf(""), ElementsAre("it is empty"));
  EXPECT_THAT(errorsOf("#!/bin/sh\n"), ElementsAre("it is not an ELF file"));
  EXPECT_THAT(errorsOf(contentOf("good").substr(0, 4096)), Contains("it is truncated"));
}

TEST_F(ModuleCheckTest, FailsIfThereIsNoSuchFile) {
  EXPECT_THAT([&] { check(folder_.path() + "/none.so"); }, throwsError(ErrorCode::kFileUnreadable, "No such file"));
  EXPECT_THAT([&] { check(folder_.path()); }, throwsError(ErrorCode::kFileUnreadable, "it is not a regular file"));
  EXPECT_THAT([&] { check(kModules + "/good.so", {folder_.path() + "/none.yaml"}); },
              throwsError(ErrorCode::kFileUnreadable, "the script"));
}

TEST_F(ModuleCheckTest, NamesOtherExportsAndLibraries) {
  const ModuleReport report = checkFixture("throws");  // built without rcb_add_module()
  std::vector<std::string> all;
  for (const Finding& finding : report.warnings) all.push_back(finding.reason);
  EXPECT_THAT(all, Contains(testing::MatchesRegex("it needs lib(std)?c\\+\\+.so.[0-9]+, which a node may not have")));
}

TEST_F(ModuleCheckTest, RunsScripts) {
  const std::string good = folder_.write("good.yaml", "expect: {username: user, password: password, expires: never}\n");
  const std::string bad = folder_.write("bad.yaml", "expect: {username: other}\n");
  const ModuleReport met = check(kModules + "/good.so", {good, good});
  EXPECT_EQ(met.status(), 0) << met.text({});
  EXPECT_THAT(met.text({}), HasSubstr(", 2 of 2 scripts met\n"));
  const ModuleReport unmet = check(kModules + "/good.so", {good, bad});
  EXPECT_EQ(unmet.status(), 70);
  EXPECT_THAT(unmet.text({}), AllOf(HasSubstr("  unmet: username: expected \"other\", found \"user\"\n"),
                                    HasSubstr(", 1 of 2 scripts met\n")));
}

TEST_F(ModuleCheckTest, ReportsEveryProblemOfAScript) {
  const std::string script = folder_.write("wrong.yaml", "setings: {}\nexpect: {usrname: u}\n");
  const ModuleReport report = check(kModules + "/good.so", {script});
  EXPECT_EQ(report.status(), 78);
  EXPECT_THAT(reasons(report.errors), ElementsAre(HasSubstr("wrong.yaml:1:1: setings: unknown key"),
                                                  HasSubstr("wrong.yaml:2:10: expect.usrname: unknown key")));
}

TEST_F(ModuleCheckTest, SaysTheSameInJson) {
  const std::string script = folder_.write("script.yaml", "expect: {username: other}\n");
  const auto parsed = parseJson(check(kModules + "/good.so", {script}).json());
  const Json& json = std::get<Json>(parsed);
  EXPECT_EQ(*json.at("/contract")->string(), "1.0");
  EXPECT_EQ(*json.at("/provider/name")->string(), "good");
  EXPECT_EQ(*json.at("/scripts/0/unmet/0/what")->string(), "username");
  EXPECT_EQ(*json.at("/scripts/0/unmet/0/expected")->string(), "other");
  EXPECT_EQ(json.at("/errors")->array()->size(), 0u);
  const auto refused = parseJson(checkFixture("garbage").json());
  EXPECT_EQ(std::get<Json>(refused).find("provider"), nullptr);
  EXPECT_THAT(*std::get<Json>(refused).at("/errors/0/reason")->string(), HasSubstr("malformed"));
}

}  // namespace
}  // namespace rcb
