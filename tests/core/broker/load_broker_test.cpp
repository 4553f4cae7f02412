#include "core/broker/load_broker.hpp"

#include "compat/drop_ins.hpp"
#include "providers/builtin.hpp"
#include "tests/support/error_matchers.hpp"
#include "tests/support/temp_folder.hpp"

#include <unistd.h>

#include <filesystem>

namespace rcb::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class RulesOfARun : public testing::Test {
 protected:
  LoadedBroker load(const std::string& text, const Environment& environment = {}) {
    return loadFile(folder_.write("config.yaml", text), environment);
  }
  // Of a file that --config names.
  LoadedBroker loadFile(const std::string& file, const Environment& environment = {}) {
    return loadBroker({.configFile = file, .environment = environment, .dropIns = dropIns()}, providers_);
  }
  // Where --config names none and the default file is this one.
  LoadedBroker loadDefault(const Environment& environment,
                           const std::string& defaultFile = "/nonexistent/config.yaml") {
    return loadBroker({.configFile = {}, .environment = environment, .dropIns = dropIns(), .defaultFile = defaultFile},
                      providers_);
  }
  // Where there is no file but one of a plugin's.
  LoadedBroker loadPlugins(const std::string& file, const Environment& environment = {}) {
    const std::string_view files[] = {"/nonexistent/plugin.json", file};
    DropIn dropIn = dropIns().front();
    dropIn.files = files;
    return loadBroker({.configFile = {},
                       .environment = environment,
                       .dropIns = {&dropIn, 1},
                       .defaultFile = "/nonexistent/config.yaml"},
                      providers_);
  }

  TempFolder folder_;
  ProviderSet providers_{builtinProviders()};
};

constexpr const char* kFile =
    "apiVersion: registry-credential-broker/v1alpha1\nkind: BrokerConfig\ndeadline: 7s\nproviders:\n"
    "- name: cloudsmith\n  module: cloudsmith\n  matchImages: [docker.cloudsmith.io]\n  audience: cloudsmith\n"
    "  settings: {organization: acme, service: puller}\n";

TEST_F(RulesOfARun, IsTheFileWhereThereIsOne) {
  const LoadedBroker loaded = load(kFile, {{"CLOUDSMITH_ORG_SLUG", "globex"}});
  EXPECT_THAT(loaded.problems, IsEmpty());
  EXPECT_FALSE(loaded.broker.dropIn);
  EXPECT_EQ(loaded.broker.config.deadline, std::chrono::seconds(7));
  EXPECT_EQ(loaded.broker.config.rules.at(0).settings.at(0).value, "acme");
}

TEST_F(RulesOfARun, IsThePluginsFileWhereThatIsNamed) {
  const LoadedBroker loaded =
      load("org_slug: acme\nservice_slug: puller\n", {{"CLOUDSMITH_SERVICE_SLUG", "from-environment"}});
  EXPECT_THAT(loaded.problems, IsEmpty());
  EXPECT_TRUE(loaded.broker.dropIn);
  std::vector<std::string> values;
  for (const Setting& setting : loaded.broker.config.rules.at(0).settings) values.push_back(setting.value);
  EXPECT_THAT(values, testing::UnorderedElementsAre("acme", "from-environment"));
}

TEST_F(RulesOfARun, IsThePluginsVariablesWhereThereIsNoFile) {
  const LoadedBroker loaded = loadDefault({{"CLOUDSMITH_ORG_SLUG", "acme"}});
  EXPECT_TRUE(loaded.broker.dropIn);
}

TEST_F(RulesOfARun, IsThePluginsOwnFileWhereThereIsNoOther) {
  for (const char* extension : {".json", ".yaml", ".yml"}) {
    const TempFolder folder;
    const std::string file =
        folder.write(std::string("plugin") + extension, "{\"org_slug\": \"acme\", \"service_slug\": \"a\"}");
    const LoadedBroker loaded = loadPlugins(file);
    EXPECT_THAT(loaded.problems, IsEmpty());
    EXPECT_TRUE(loaded.broker.dropIn);
    EXPECT_EQ(loaded.broker.config.file, file);
  }
}

TEST_F(RulesOfARun, IsNoOtherFileWhereThePluginsOwnCannotBeRead) {
  std::filesystem::create_symlink("nowhere", folder_.path() + "/plugin.yaml");
  EXPECT_THAT(
      [&] {
        loadPlugins(folder_.path() + "/plugin.yaml", {{"CLOUDSMITH_ORG_SLUG", "acme"}});
      },
      throwsError(ErrorCode::kFileUnreadable, "plugin.yaml"));
}

TEST_F(RulesOfARun, LeavesAnEmptyVariableToTheFile) {
  const LoadedBroker loaded = load("org_slug: acme\nservice_slug: puller\napi_host: api.example.com\n",
                                   {{"CLOUDSMITH_API_HOST", ""}, {"CLOUDSMITH_HEADERS", ""}});
  EXPECT_THAT(loaded.problems, IsEmpty());
  const Rule& rule = loaded.broker.config.rules.at(0);
  EXPECT_THAT(rule.settings, testing::Contains(testing::AllOf(testing::Field(&Setting::name, "apiHost"),
                                                              testing::Field(&Setting::value, "api.example.com"))));
  EXPECT_THAT(*rule.annotations.at(2).oneOf, testing::ElementsAre("api.example.com"));
}

TEST_F(RulesOfARun, IsOfTheTypeThatItsKeysMakeIt) {
  struct Case {
    const char* text;
    const char* problem;  // the first one
    bool dropIn;
  };
  const Case cases[] = {
      {"org_slug: kindred # a kind of apiVersion\nservice_slug: a\n", nullptr, true},
      {R"({"ORG_SLUG": "kind", "service_slug": "a"})", nullptr, true},
      {"# org_slug: acme\nproviders:\n- name: a\n", "apiVersion", false},
      {"deadline: 7s # unlike org_slug\n", "apiVersion", false},
      {"{}", "apiVersion", false},
      {"", "", false},
      {"- org_slug: acme\n", "", false},
      {"org_slug: [\n", "invalid YAML", false},
      {"providers: [\n", "invalid YAML", false},
      {R"({"org_slug": "acme",)", "invalid YAML", false},
      {"apiVersion: registry-credential-broker/v1alpha1\norg_slug: acme\nkind: BrokerConfig\nproviders: []\n",
       "apiVersion: this is a key of a broker file, but org_slug (line 2)", true},
      {"org_slug: acme\nservice_slug: a\ndeadline: 10s\n", "deadline: this is a key of a broker file", true},
  };
  for (const Case& one : cases) {
    const LoadedBroker loaded = load(one.text);
    EXPECT_EQ(loaded.broker.dropIn, one.dropIn) << one.text;
    if (one.problem == nullptr) {
      EXPECT_THAT(loaded.problems, IsEmpty()) << one.text;
    } else {
      ASSERT_FALSE(loaded.problems.empty()) << one.text;
      EXPECT_THAT(loaded.problems.front().line("f"), HasSubstr(one.problem)) << one.text;
    }
  }
}

TEST_F(RulesOfARun, IsMissingWhereThereIsNeither) {
  EXPECT_THAT(
      [&] {
        loadDefault({{"CLOUDSMITH_API_KEY", "x"}});
      },
      throwsError(ErrorCode::kConfigMissing, "/nonexistent/config.yaml"));
}

// --- the default file: missing, or there and not readable ---

class DefaultBrokerFile : public RulesOfARun {
 protected:
  std::string inFolder(const std::string& name) const { return folder_.path() + "/" + name; }
  // With the variables of Cloudsmith's plugin, which say what to do where there is no file, and nowhere else.
  LoadedBroker load(const std::string& file) {
    return loadDefault({{"CLOUDSMITH_ORG_SLUG", "acme"}, {"CLOUDSMITH_SERVICE_SLUG", "puller"}}, file);
  }
  void expectError(const std::string& file, ErrorCode code, const std::string& text) {
    EXPECT_THAT([&] { load(file); }, throwsError(code, text)) << file;
    EXPECT_THAT([&] { loadDefault({}, file); }, throwsError(code, text)) << file;
  }

  const std::string file_ = inFolder("broker/config.yaml");
};

TEST_F(DefaultBrokerFile, IsMissingWhereItIsNotInItsFolder) {
  folder_.write("broker/other.yaml", "");
  EXPECT_TRUE(load(file_).broker.dropIn);
  EXPECT_THAT([&] { loadDefault({}, file_); },
              throwsError(ErrorCode::kConfigMissing, "there is no broker file " + file_));
}

TEST_F(DefaultBrokerFile, IsMissingWhereItsFolderIsNotThere) { EXPECT_TRUE(load(file_).broker.dropIn); }

TEST_F(DefaultBrokerFile, IsMissingInAFolderBehindALink) {
  folder_.write("elsewhere/other.yaml", "");
  fs::create_directory_symlink("elsewhere", inFolder("broker"));
  EXPECT_TRUE(load(file_).broker.dropIn);
}

TEST_F(DefaultBrokerFile, IsReadWhereItIs) {
  folder_.write("broker/config.yaml", kFile);
  EXPECT_FALSE(load(file_).broker.dropIn);
}

TEST_F(DefaultBrokerFile, IsReadThroughTheLinksOfAConfigMap) {
  folder_.write("broker/..2026_01_01/config.yaml", kFile);
  fs::create_directory_symlink("..2026_01_01", inFolder("broker/..data"));
  fs::create_symlink("..data/config.yaml", file_);
  EXPECT_FALSE(load(file_).broker.dropIn);
}

TEST_F(DefaultBrokerFile, IsNotMissingWhereAConfigMapIsInMidChange) {
  fs::create_directory(inFolder("broker"));
  fs::create_directory_symlink("..2026_01_01", inFolder("broker/..data"));
  fs::create_symlink("..data/config.yaml", file_);
  expectError(file_, ErrorCode::kFileUnreadable,
              "/broker/..2026_01_01: No such file or directory, and a link leads to it");
  fs::remove(inFolder("broker/..data"));
  expectError(file_, ErrorCode::kFileUnreadable, "/broker/..data: No such file or directory, and a link leads to it");
  folder_.write("broker/..2026_01_02/other.yaml", "");
  fs::create_directory_symlink("..2026_01_02", inFolder("broker/..data"));
  expectError(file_, ErrorCode::kFileUnreadable, "/broker/..2026_01_02/config.yaml: No such file or directory");
}

TEST_F(DefaultBrokerFile, IsNotMissingWhereALinkLeadsNowhere) {
  fs::create_directory(inFolder("broker"));
  for (const std::string& target : {inFolder("gone"), std::string("gone"), std::string("../gone/config.yaml")}) {
    fs::create_symlink(target, file_);
    expectError(file_, ErrorCode::kFileUnreadable, "/gone: No such file or directory, and a link leads to it");
    fs::remove(file_);
  }
}

TEST_F(DefaultBrokerFile, IsNotMissingWhereTheLinkInItsFoldersPlaceLeadsNowhere) {
  fs::create_directory_symlink("gone", inFolder("broker"));
  expectError(file_, ErrorCode::kFileUnreadable, "/gone: No such file or directory, and a link leads to it");
}

TEST_F(DefaultBrokerFile, IsNotMissingWhereLinksGoInCircles) {
  fs::create_directory(inFolder("broker"));
  fs::create_symlink("config.yaml", file_);
  expectError(file_, ErrorCode::kFileUnreadable, "Too many levels of symbolic links");
  fs::remove_all(inFolder("broker"));
  fs::create_directory_symlink("broker", inFolder("broker"));
  expectError(file_, ErrorCode::kFileUnreadable, "Too many levels of symbolic links");
}

TEST_F(DefaultBrokerFile, IsNotMissingWhereAFileIsInItsFoldersPlace) {
  folder_.write("broker", "");
  expectError(file_, ErrorCode::kFileUnreadable, "/broker: Not a directory");
}

TEST_F(DefaultBrokerFile, IsNotMissingWhereItIsAFolder) {
  fs::create_directories(file_);
  expectError(file_, ErrorCode::kFileUnreadable, "it is not a regular file");
}

TEST_F(DefaultBrokerFile, IsNotMissingWhereItsNameIsTooLong) {
  expectError(inFolder(std::string(300, 'x')), ErrorCode::kFileUnreadable, "File name too long");
  expectError("/" + std::string(5000, '/') + "x", ErrorCode::kFileUnreadable, "File name too long");
}

TEST_F(DefaultBrokerFile, IsNotMissingWhereOthersCouldHaveTakenItAway) {
  fs::create_directory(inFolder("broker"));
  fs::permissions(inFolder("broker"), fs::perms(0777));
  expectError(file_, ErrorCode::kFileUntrusted, "other users can write to the folder " + inFolder("broker"));
}

// Root may search every folder: only as another user is there one that may not be searched.
TEST_F(DefaultBrokerFile, IsNotMissingWhereItsFolderMayNotBeSearched) {
  folder_.write("broker/config.yaml", kFile);
  const uid_t caller = ::geteuid();
  if (caller == 0) {
    for (const std::string& path : {folder_.path(), inFolder("broker")}) ASSERT_EQ(::chown(path.c_str(), 12345, 0), 0);
    ASSERT_EQ(::seteuid(12345), 0);
  }
  fs::permissions(inFolder("broker"), fs::perms(0600));
  expectError(file_, ErrorCode::kFileUnreadable, "Permission denied");
  fs::permissions(inFolder("broker"), fs::perms(0700));
  ASSERT_EQ(::seteuid(caller), 0);
}

TEST_F(DefaultBrokerFile, MayNotBeMissingWhereItIsNamed) {
  EXPECT_THAT(
      [&] {
        loadFile(file_, {{"CLOUDSMITH_ORG_SLUG", "acme"}});
      },
      throwsError(ErrorCode::kFileUnreadable, "No such file or directory"));
}

TEST_F(RulesOfARun, IsMissingWhereEveryVariableIsEmpty) {
  EXPECT_THAT(
      [&] {
        loadDefault({{"CLOUDSMITH_ORG_SLUG", ""}, {"CLOUDSMITH_HEADERS", ""}});
      },
      throwsError(ErrorCode::kConfigMissing));
}

TEST_F(RulesOfARun, ChecksTheSettingsOfEveryBuiltInRule) {
  const LoadedBroker loaded =
      load(std::string(kFile) + "- name: other\n  module: cloudsmith\n  matchImages: [other.test]\n  audience: x\n");
  EXPECT_THAT(loaded.problems, SizeIs(testing::Ge(2u)));
  EXPECT_THAT(loaded.problems.front().path, HasSubstr("providers[1]"));
}

TEST_F(RulesOfARun, CountsFurtherProblemsInItsRefusal) {
  const std::string file = folder_.write("config.yaml", "apiVersion: x\nkind: BrokerConfig\nproviders: []\n");
  const Environment none;
  EXPECT_THAT([&] { loadBrokerOrRefuse({.configFile = file, .environment = none, .dropIns = {}}, providers_); },
              throwsError(ErrorCode::kConfigInvalid, "(and 1 more)"));
}

TEST_F(RulesOfARun, RefusesAFileOfMoreThanFourMebibytes) {
  EXPECT_THAT([&] { load(std::string((4 << 20) + 1, '#')); }, throwsError(ErrorCode::kFileUnreadable, "larger than"));
}

TEST_F(RulesOfARun, NarrowsADropInToTheImagesHost) {
  LoadedBroker loaded = loadDefault({{"CLOUDSMITH_ORG_SLUG", "acme"}});
  narrowTo(loaded.broker, parseImageReference("docker.cloudsmith.io:443/acme/app"));
  ASSERT_THAT(loaded.broker.config.patterns, SizeIs(1));
  EXPECT_EQ(loaded.broker.config.patterns[0].pattern.text, "docker.cloudsmith.io:443");
}

}  // namespace
}  // namespace rcb::test
