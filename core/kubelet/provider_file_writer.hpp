// Writes the kubelet's provider file, and single entries for a file that is there already.
#pragma once

#include "core/kubelet/provider_file.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rcb {

struct EntryStyle {
  bool json = false;        // else block YAML
  std::string indent = {};  // before each line; of YAML only spaces
  std::string step = "  ";  // JSON: what each level adds
};

// One element of `providers`. YAML: from "- name: …" on, with a line feed at the end. JSON: the object without a comma or line feed at its end. Each
// line begins with the style's indent. What is not in a ProviderEntry's fields is not written.
std::string writeEntry(const ProviderEntry& entry, const EntryStyle& style = {});

// A whole file. `comments` are paragraphs of printable characters at the beginning of the YAML; JSON has none.
std::string writeProviderFile(std::span<const ProviderEntry> entries, const std::vector<std::string>& comments = {});
std::string writeProviderFileAsJson(std::span<const ProviderEntry> entries);

// Comment lines, each of at most 100 characters if it has blanks to break it at.
std::string yamlComments(const std::vector<std::string>& paragraphs);

// The string as a scalar that YAML 1.1 and 1.2 read as this very string, on one line: as it is, or in double quotes.
std::string yamlScalar(std::string_view text);

}  // namespace rcb
