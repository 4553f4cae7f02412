// `validate --kubelet-config`: each mistake in the kubelet's file, or between it and the broker file, has its line.
#include "core/support/json.hpp"
#include "tests/core/app/program_run.hpp"
#include "tests/support/file_content.hpp"

#include <elf.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace rcb::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const std::string kSamples = RCB_SOURCE_DIR "/config/samples";
constexpr const char* kKubeletHead =
    "apiVersion: kubelet.config.k8s.io/v1\nkind: CredentialProviderConfig\nproviders:\n";
constexpr const char* kBrokerHead = "apiVersion: registry-credential-broker/v1alpha1\nkind: BrokerConfig\nproviders:\n";

constexpr const char* kRule =
    "- {name: shop, module: cloudsmith, matchImages: [docker.cloudsmith.io], audience: cloudsmith, settings: "
    "{organization: acme, service: "
    "puller}}\n";

std::string entry(const std::string& name = "registry-credential-broker",
                  const std::string& image = "docker.cloudsmith.io", const std::string& more = "") {
  return "- name: " + name + "\n  apiVersion: credentialprovider.kubelet.k8s.io/v1\n  matchImages: [" + image +
         "]\n  defaultCacheDuration: 0s\n  tokenAttributes: {serviceAccountTokenAudience: cloudsmith, cacheType: "
         "ServiceAccount, "
         "requireServiceAccount: true}\n" +
         more;
}

// The beginning of a program for this machine.
std::string ownHeader() {
  std::string header(4096, '\0');
  std::ifstream("/proc/self/exe", std::ios::binary).read(header.data(), static_cast<std::streamsize>(header.size()));
  return header;
}

class KubeletCheck : public testing::Test {
 protected:
  std::string writeKubelet(const std::string& entries, const std::string& name = "kubelet.yaml") {
    return folder_.write(name, kKubeletHead + entries);
  }

  ProgramResult run(const std::vector<std::string>& more, const std::string& rules = kRule) {
    config_ = folder_.write("config.yaml", kBrokerHead + rules);
    std::vector<std::string> arguments = {"validate", "--config", config_};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return runProgramWith(arguments);
  }

  ProgramResult check(const std::string& entries, const std::string& version = "1.34",
                      const std::string& rules = kRule) {
    kubelet_ = writeKubelet(entries);
    return run({"--kubernetes", version, "--kubelet-config", kubelet_}, rules);
  }

  // A plugin folder with a program of this content.
  std::string binFolder(const std::string& content, mode_t mode = 0755,
                        const std::string& name = "registry-credential-broker") {
    return std::filesystem::path(folder_.write("bin/" + name, content, mode)).parent_path();
  }

  ProgramResult checkPrograms(const std::string& bin, const std::string& entries = entry()) {
    kubelet_ = writeKubelet(entries);
    return run({"--kubernetes", "1.34", "--kubelet-config", kubelet_, "--bin-dir", bin});
  }

  TempFolder folder_;
  std::string config_;
  std::string kubelet_;
};

TEST_F(KubeletCheck, SaysOfBothFilesThatTheyAreValid) {
  const ProgramResult result = check(entry());
  EXPECT_EQ(result.status, 0);
  EXPECT_EQ(result.output, config_ + ": valid, 1 rule\n" + kubelet_ + ": valid for Kubernetes 1.34, 1 entry\n");
}

TEST_F(KubeletCheck, NamesBothFilesWithTheirPositions) {
  const ProgramResult result =
      check(entry("registry-credential-broker", "docker.cloudsmith.io, other.test", "  timeout: 1\n"), "1.31",
            std::string(kRule) + "- {name: unused, module: passthrough, matchImages: [unused.test], audience: x}\n");
  EXPECT_EQ(result.status, 78);
  EXPECT_THAT(
      result.output,
      AllOf(HasSubstr("warning: " + config_ +
                      ":5:3: providers[1]: the kubelet runs the program for no image of rule unused"),
            HasSubstr(kubelet_ + ":6:39: providers[0].matchImages[1]: no rule answers for images of other.test"),
            HasSubstr("warning: " + kubelet_ + ":9:3: providers[0].timeout: unknown field"),
            HasSubstr(config_ + ": valid, 2 rules, 1 warning\n"), HasSubstr(kubelet_ + ": 2 problems, 2 warnings\n")));
}

TEST_F(KubeletCheck, RefusesWhatAKubeletOfTheVersionRefuses) {
  const ProgramResult result = check(entry(), "v1.33.5-eks-113cf36");
  EXPECT_EQ(result.status, 78);
  EXPECT_THAT(
      result.output,
      HasSubstr(kubelet_ + ":8:62: providers[0].tokenAttributes.cacheType: unknown field before Kubernetes 1.34\n"));
}

TEST_F(KubeletCheck, ComparesAnEntryThatStopsTheKubeletToo) {
  EXPECT_THAT(check(entry("registry-credential-broker", "other.test", "  timeout: 1\n")).output,
              AllOf(HasSubstr("timeout: unknown field"), HasSubstr("no rule answers for images of other.test")));
}

TEST_F(KubeletCheck, TakesTheNewestVersionWithoutOneAndForALaterOne) {
  kubelet_ = writeKubelet(entry());
  EXPECT_THAT(run({"--kubelet-config", kubelet_}).output,
              AllOf(HasSubstr("note: " + kubelet_ +
                              " is checked as Kubernetes 1.37 reads it, the newest version known; --kubernetes names "
                              "another\n"),
                    HasSubstr("valid for Kubernetes 1.37, 1 entry\n")));
  const ProgramResult later = run({"--kubelet-config", kubelet_, "--kubernetes", "1.40"});
  EXPECT_EQ(later.status, 0);
  EXPECT_THAT(later.output, HasSubstr("note: Kubernetes 1.40 is newer than this program, which takes it for 1.37\n"));
}

TEST_F(KubeletCheck, NamesTheKindOfAFileGivenByMistake) {
  EXPECT_THAT(
      run({"--kubelet-config", folder_.write("config.yaml", std::string(kBrokerHead) + kRule)}).output,
      HasSubstr(":2:1: kind: is BrokerConfig, the broker file, not CredentialProviderConfig; pass it with --config\n"));
  const std::string kubelet =
      folder_.write("k.yaml", "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n");
  EXPECT_THAT(run({"--kubelet-config", kubelet}).output,
              HasSubstr("kind: is KubeletConfiguration, the file of the kubelet's --config, not "
                        "CredentialProviderConfig; pass the file of "
                        "the kubelet's --image-credential-provider-config\n"));
  const ProgramResult swapped = runProgramWith({"validate", "--config", writeKubelet(entry())});
  EXPECT_EQ(swapped.status, 78);
  EXPECT_THAT(
      swapped.output,
      HasSubstr("this is the kubelet's file (CredentialProviderConfig of kubelet.config.k8s.io/v1), not a broker "
                "file; check it with --kubelet-config\n"));
}

TEST_F(KubeletCheck, SaysThatAFileCannotBeRead) {
  const ProgramResult result = run({"--kubelet-config", folder_.path() + "/missing.yaml"});
  EXPECT_EQ(result.status, 78);
  EXPECT_THAT(result.output, HasSubstr("/missing.yaml: cannot be read: No such file or directory\n"));
  EXPECT_THAT(run({"--kubelet-config", "/dev/null"}).output,
              HasSubstr("/dev/null: cannot be read: Invalid argument\n"));
}

TEST_F(KubeletCheck, ReadsTheFilesOfAFolder) {
  const std::string first = writeKubelet(entry(), "kubelet/10.yaml");
  const std::string second = writeKubelet(entry("other", "other.test"), "kubelet/20.yml");
  folder_.write("kubelet/README", "]");
  std::filesystem::create_directory(folder_.path() + "/kubelet/30.yaml");
  const ProgramResult good = run({"--kubernetes", "1.34", "--kubelet-config", folder_.path() + "/kubelet"});
  EXPECT_EQ(good.output, config_ + ": valid, 1 rule\n" + first + ": valid for Kubernetes 1.34, 1 entry\n" + second +
                             ": valid for Kubernetes 1.34, 1 entry\n");
  EXPECT_EQ(good.status, 0);
  EXPECT_THAT(run({"--kubernetes", "1.33", "--kubelet-config", folder_.path() + "/kubelet"}).output,
              HasSubstr("/kubelet: is a folder, but kubelets before 1.34 read a single file\n"));
  writeKubelet(entry("registry-credential-broker", "third.test"), "kubelet/30.json.yaml");
  const ProgramResult duplicate = run({"--kubernetes", "1.34", "--kubelet-config", folder_.path() + "/kubelet/"});
  EXPECT_EQ(duplicate.status, 78);
  EXPECT_THAT(
      duplicate.output,
      AllOf(HasSubstr("/kubelet/30.json.yaml:4:3: providers[0].name: duplicate name \"registry-credential-broker\"; "
                      "first defined at line 4 of "),
            HasSubstr("/kubelet/10.yaml; name each entry differently")));
  std::filesystem::create_symlink("/nowhere", folder_.path() + "/kubelet/40.yaml");
  EXPECT_THAT(run({"--kubelet-config", folder_.path() + "/kubelet"}).output,
              HasSubstr("/kubelet/40.yaml: cannot be read: No such file or directory\n"));
  const std::string empty = folder_.path() + "/empty";
  std::filesystem::create_directory(empty);
  EXPECT_THAT(run({"--kubernetes", "1.34", "--kubelet-config", empty}).output,
              HasSubstr(empty + ": has no file whose name ends in .json, .yaml or .yml\n"));
}

TEST_F(KubeletCheck, ChecksEntriesOfOtherPluginsByTheKubeletsRulesOnly) {
  EXPECT_EQ(check(entry() + entry("ecr-credential-provider", "\"*.dkr.ecr.*.amazonaws.com\"")).status, 0);
  const ProgramResult result = check(entry() + entry("ecr-credential-provider", "a.test/*"));
  EXPECT_EQ(result.status, 0);
  EXPECT_THAT(result.output,
              HasSubstr("warning: " + kubelet_ + ":11:17: providers[1].matchImages[0]: no image matches \"a.test/*\""));
}

TEST_F(KubeletCheck, WarnsIfNoEntryRunsThisProgram) {
  const ProgramResult result = check(entry("ecr-credential-provider", "a.test"));
  EXPECT_EQ(result.status, 0);
  EXPECT_THAT(result.output, HasSubstr("warning: " + kubelet_ +
                                       ": providers: no entry runs this program: no name begins with "
                                       "registry-credential-broker; name the folder of the programs with --bin-dir"));
  EXPECT_THAT(result.output, Not(HasSubstr("for no image of rule")));
}

TEST_F(KubeletCheck, DoesNotCompareWithABrokerFileThatCannotBeRead) {
  const ProgramResult result = check(entry("registry-credential-broker", "other.test"), "1.34", "- {name: x}\n");
  EXPECT_EQ(result.status, 78);
  EXPECT_THAT(result.output,
              AllOf(HasSubstr("note: the kubelet's entries were not compared with rules that cannot be read\n"),
                    HasSubstr(kubelet_ + ": valid for Kubernetes 1.34, 1 entry\n")));
}

TEST_F(KubeletCheck, WarnsOfAnEntryThatReadsAnotherBrokerFile) {
  for (const std::string arguments : {"[--config, /etc/other.yaml]", "[-f, /etc/other.yaml]",
                                      "[--config=/etc/other.yaml]", "[-f=/etc/other.yaml]", "[-f/etc/other.yaml]"}) {
    const ProgramResult result =
        check(entry("registry-credential-broker", "docker.cloudsmith.io", "  args: " + arguments + "\n"));
    EXPECT_EQ(result.status, 0);
    EXPECT_THAT(result.output,
                HasSubstr("providers[0].args: the program reads /etc/other.yaml, and " + config_ + " was checked"));
  }
  const ProgramResult same = check(entry("registry-credential-broker", "docker.cloudsmith.io",
                                         "  args: [--config, " + folder_.path() + "/./config.yaml]\n"));
  EXPECT_THAT(same.output, Not(HasSubstr("args")));
  kubelet_ = writeKubelet(
      entry("registry-credential-broker", "docker.cloudsmith.io", "  args: [--config, /etc/other.yaml]\n"));
  EXPECT_THAT(run({"--skip-files", "--kubernetes", "1.34", "--kubelet-config", kubelet_}).output,
              Not(HasSubstr("args")));
}

TEST_F(KubeletCheck, SaysTheSameAsJson) {
  kubelet_ = writeKubelet(entry("registry-credential-broker", "other.test"));
  const ProgramResult result = run({"-o", "json", "--kubernetes", "1.34", "--kubelet-config", kubelet_});
  EXPECT_EQ(result.status, 78);
  const auto parsed = parseJson(result.output);
  const auto* const json = std::get_if<Json>(&parsed);
  ASSERT_NE(json, nullptr) << result.output;
  EXPECT_EQ(*json->find("valid")->boolean(), false);
  EXPECT_EQ(*json->at("/kubelet/kubernetes")->string(), "1.34");
  EXPECT_EQ(*json->at("/kubelet/files/0/file")->string(), kubelet_);
  EXPECT_EQ(*json->at("/kubelet/files/0/valid")->boolean(), false);
  EXPECT_EQ(*json->at("/kubelet/files/0/entries")->integer(), 1);
  EXPECT_EQ(*json->at("/kubelet/files/0/problems/0/line")->integer(), 6);
  EXPECT_EQ(*json->at("/kubelet/files/0/problems/0/path")->string(), "providers[0].matchImages[0]");
  EXPECT_EQ(json->at("/kubelet/files/0/warnings")->array()->size(), 0U);
  EXPECT_EQ(json->at("/problems")->array()->size(), 0U);
  EXPECT_EQ(*json->at("/warnings/0/path")->string(), "providers[0]");
}

TEST_F(KubeletCheck, DoesNotChangeTheReportOfTheBrokerFileAlone) {
  const ProgramResult result = run({});
  EXPECT_EQ(result.output, config_ + ": valid, 1 rule\n");
  EXPECT_THAT(run({"-o", "json"}).output, Not(HasSubstr("kubelet")));
}

TEST_F(KubeletCheck, WantsTheFileForItsOtherOptions) {
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"--kubernetes", "1.34"}, std::vector<std::string>{"--bin-dir", "/x"}}) {
    const ProgramResult result = run(arguments);
    EXPECT_EQ(result.status, 64);
    EXPECT_THAT(result.errors, HasSubstr(arguments[0] + " has no effect on `validate` without --kubelet-config"));
  }
  EXPECT_THAT(run({"--kubelet-config", ""}).errors, HasSubstr("--kubelet-config is empty"));
  EXPECT_THAT(run({"--kubelet-config", "/x", "--kubernetes", "1.x"}).errors, HasSubstr("--kubernetes is \"1.x\""));
}

TEST_F(KubeletCheck, AcceptsProgramsThatTheKubeletCanRun) {
  const ProgramResult script = checkPrograms(binFolder("#!/bin/sh\n"));
  EXPECT_EQ(script.output, config_ + ": valid, 1 rule\n" + kubelet_ + ": valid for Kubernetes 1.34, 1 entry\n");
  EXPECT_EQ(checkPrograms(binFolder(ownHeader())).status, 0);
}

TEST_F(KubeletCheck, RefusesAMissingProgramWhosoeverItIs) {
  const std::string bin = binFolder("#!/bin/sh\n");
  const ProgramResult result = checkPrograms(bin, entry() + entry("ecr-credential-provider", "a.test"));
  EXPECT_EQ(result.status, 78);
  EXPECT_THAT(result.output, HasSubstr(kubelet_ + ":9:9: providers[1].name: " + bin +
                                       " has no program of this name; link the name to the program"));
  std::filesystem::create_symlink("/nowhere", bin + "/ecr-credential-provider");
  EXPECT_THAT(checkPrograms(bin, entry() + entry("ecr-credential-provider", "a.test")).output,
              HasSubstr("/ecr-credential-provider is a link to /nowhere, which does not exist"));
}

TEST_F(KubeletCheck, RefusesWhatTheKubeletCannotRun) {
  EXPECT_THAT(checkPrograms(binFolder("#!/bin/sh\n", 0644)).output,
              HasSubstr("is not executable (mode 0644); set its mode to 0755"));
  TempFolder folders;
  std::filesystem::create_directory(folders.path() + "/registry-credential-broker");
  EXPECT_THAT(checkPrograms(folders.path()).output, HasSubstr("/registry-credential-broker is a folder\n"));
  EXPECT_THAT(checkPrograms("/dev/null").output,
              HasSubstr("the folder of its programs, /dev/null, cannot be read: it is not a folder\n"));
  EXPECT_THAT(checkPrograms("/nowhere").output,
              HasSubstr("the folder of its programs, /nowhere, cannot be read: No such file or directory\n"));
}

TEST_F(KubeletCheck, RefusesAFileThatIsNoProgramForThisMachine) {
  ASSERT_EQ(chmod(binFolder("text", 0755).c_str(), 0755), 0);
  EXPECT_THAT(checkPrograms(folder_.path() + "/bin").output,
              HasSubstr("/registry-credential-broker is neither a program nor a script\n"));
  std::string program = ownHeader();
  program[offsetof(Elf64_Ehdr, e_machine)] = static_cast<char>(EM_RISCV);
  EXPECT_THAT(checkPrograms(binFolder(program)).output,
              HasSubstr("/registry-credential-broker is a program for another processor (243), and this machine is "));
}

TEST_F(KubeletCheck, WarnsOfAProgramThatOthersCanReplace) {
  const std::string bin = binFolder("#!/bin/sh\n");
  ASSERT_EQ(chmod((bin + "/registry-credential-broker").c_str(), 0777), 0);
  const ProgramResult result = checkPrograms(bin);
  EXPECT_EQ(result.status, 0) << result.output;
  EXPECT_THAT(result.output, AllOf(HasSubstr("warning: " + kubelet_ + ":4:9: providers[0].name: "),
                                   HasSubstr("other users can write to it")));
}

TEST_F(KubeletCheck, KnowsTheProgramBehindAnotherName) {
  const std::string bin = binFolder("#!/bin/sh\n");
  std::filesystem::create_symlink("registry-credential-broker", bin + "/shop");
  const ProgramResult result = checkPrograms(bin, entry("shop", "other.test"));
  EXPECT_EQ(result.status, 78);
  EXPECT_THAT(result.output, HasSubstr("no rule answers for images of other.test"));
}

// The broker file of a sample, with only its first rule where the sample of the kubelet has no entries for the others.
TEST_F(KubeletCheck, AcceptsTheSamplesOfTheKubeletWithTheirBrokerFiles) {
  const auto firstRule = [](const std::string& name) {
    const std::string text = contentOf(kSamples + "/" + name);
    const std::string rules = text.substr(text.find("\n- name: ") + 1);
    return rules.substr(0, std::min(rules.find("\n# "), rules.find("\n- name: ", 1)) + 1);
  };
  const std::string cloudsmith = contentOf(kSamples + "/broker-cloudsmith-annotations.yaml");
  const std::string annotated = cloudsmith.substr(cloudsmith.find("- name: "));
  const std::string others =
      "- {name: r, module: passthrough, matchImages: [registry.test], audience: registry.test}\n"
      "- {name: m, module: static-token, matchImages: [mirror.test], identity: none, settings: {username: a, "
      "passwordFile: /x}}\n";
  struct Pair {
    std::string kubelet;
    std::string version;
    std::string rules;
    std::string warnings;
  };
  for (const Pair& pair :
       {Pair{"credential-provider-config.yaml", "1.34", annotated, ""},
        Pair{"credential-provider-config.yaml", "1.37", annotated, ""},
        Pair{"credential-provider-config-1.33.yaml", "1.33", annotated, ", 1 warning"},
        Pair{"several-audiences.yaml", "1.34", annotated + others, ""},
        Pair{"artifact-registry.yaml", "1.34", firstRule("broker-gar.yaml"), ""},
        Pair{"several-clouds.yaml", "1.34",
             firstRule("broker-ecr.yaml") + firstRule("broker-gar.yaml") + firstRule("broker-acr.yaml"), ""}}) {
    const std::string kubelet = kSamples + "/kubelet/" + pair.kubelet;
    const ProgramResult result =
        run({"--skip-files", "--kubernetes", pair.version, "--kubelet-config", kubelet}, pair.rules);
    EXPECT_EQ(result.status, 0) << result.output;
    EXPECT_THAT(result.output, HasSubstr(": valid for Kubernetes " + pair.version)) << pair.kubelet;
    EXPECT_TRUE(result.output.ends_with(pair.warnings + "\n") &&
                (!pair.warnings.empty() || !result.output.ends_with("warnings\n")))
        << result.output;
  }
}

}  // namespace
}  // namespace rcb::test
