#include "core/kubelet/provider_file_reader.hpp"
#include "tests/core/kubelet/kubelet_verdicts.hpp"

#include <gtest/gtest.h>

namespace rcb {
namespace {

std::string shown(const std::vector<Problem>& problems, const std::string& file) {
  std::string text;
  for (const Problem& problem : problems) text += problem.line(file) + "\n";
  return text.empty() ? "no problems" : text;
}

TEST(ProviderFileVerdicts, AreThoseOfTheKubeletsOfAllVersions) {
  const auto files = test::judgedFiles();
  EXPECT_GT(files.size(), 150U);
  for (const test::JudgedFile& file : files) {
    for (const auto& [version, accepted] : file.accepted) {
      const LoadedProviderFile loaded = readProviderFile(file.text, file.name, version);
      EXPECT_EQ(loaded.problems.empty(), accepted) << version.text() << ": " << shown(loaded.problems, file.name);
      EXPECT_TRUE(!loaded.problems.empty() || !loaded.entries.empty()) << file.name;
    }
  }
}

TEST(ProviderFileVerdicts, AreThoseOfTheKubeletsForFolders) {
  const auto folders = test::judgedFolders();
  EXPECT_GT(folders.size(), 8U);
  for (const test::JudgedFolder& folder : folders) {
    std::vector<ProviderFileText> files;
    for (const auto& [name, text] : folder.files) {
      if (isInProviderFolder(name)) files.push_back({name, text});
    }
    for (const auto& [version, accepted] : folder.accepted) {
      const LoadedProviderFolder loaded = readProviderFolder(files, version);
      EXPECT_EQ(loaded.accepted(), accepted) << folder.name << " " << version.text();
    }
  }
}

TEST(ProviderFileVerdicts, CoverEachVersionOnce) {
  EXPECT_THROW(test::readVerdict("1.26- accep"), std::runtime_error);
  EXPECT_THROW(test::readVerdict("1.26-1.31 accept"), std::runtime_error);
  EXPECT_THROW(test::readVerdict("1.26-1.31 accept, 1.33- refuse"), std::runtime_error);
  EXPECT_THROW(test::readVerdict("1.26-1.31 accept, 1.31- refuse"), std::runtime_error);
}

}  // namespace
}  // namespace rcb
