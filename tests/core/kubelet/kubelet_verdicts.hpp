// The files of tests/conformance/kubelet_files with the verdicts of kubelets; their README describes the format.
#pragma once

#include "core/kubelet/kubelet_version.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace rcb::test {

struct JudgedFile {
  std::string name;  // valid/minimal.yaml
  std::string text;
  std::map<KubeletVersion, bool> accepted;  // every known version
};

struct JudgedFolder {
  std::string name;
  std::vector<std::pair<std::string, std::string>> files;  // names and contents, sorted
  std::map<KubeletVersion, bool> accepted;
};

// "1.26-1.31 accept, 1.32- refuse". Throws std::runtime_error for anything else, and for versions without a verdict.
std::map<KubeletVersion, bool> readVerdict(std::string_view text);

std::vector<JudgedFile> judgedFiles();
std::vector<JudgedFolder> judgedFolders();

}  // namespace rcb::test
