// Decides what a kubelet of a version decides about its provider file (--image-credential-provider-config) when it starts, and reads the entries. A
// kubelet that refuses the file exits.
#pragma once

#include "core/kubelet/kubelet_version.hpp"
#include "core/kubelet/provider_file.hpp"
#include "core/settings/problem.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace rcb {

struct LoadedProviderFile {
  std::string file;                    // its name, for messages
  std::string text;                    // what a kubelet reads of it: its first document, without a byte order mark
  std::vector<ProviderEntry> entries;  // complete only if there are no problems
  std::vector<Problem> problems;       // the kubelet does not start
  std::vector<Problem> warnings;       // it starts, and ignores what was probably meant
};

// Reports every problem, by position. Never throws for what the text is. Stricter than a kubelet are only the limits of yaml_document.hpp: no
// anchors, tags and hidden characters, nor values of more than 4 KiB.
LoadedProviderFile readProviderFile(std::string_view text, const std::string& name, KubeletVersion version);

struct ProviderFileText {
  std::string file;
  std::string text;
};

struct LoadedProviderFolder {
  std::vector<LoadedProviderFile> files;
  std::vector<Problem> problems;  // of the folder itself

  bool accepted() const;
};

// Whether a kubelet reads the file of this name in a folder: *.json, *.yaml and *.yml.
bool isInProviderFolder(std::string_view name);

// A folder's files in the order of their names. An entry's name may occur once in all of them.
LoadedProviderFolder readProviderFolder(const std::vector<ProviderFileText>& files, KubeletVersion version);

}  // namespace rcb
