// Edits a kubelet's provider file that belongs to others: puts this program's own entries in, takes them out, and touches nothing else. Order,
// comments, unknown fields, line ends and other entries keep every byte. YAML and JSON, in block and flow style.
//
// The entries of this program are recognised by their names alone: isOwnEntry().
#pragma once

#include "core/kubelet/provider_file.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace rcb {

// Whether an entry of this name belongs to this program: "registry-credential-broker" or "registry-credential-broker-…".
bool isOwnEntry(std::string_view name);

// The file with exactly `entries` as its own. One that means the same already keeps its bytes, a changed one is replaced where it is, one that is no
// longer in `entries` is removed, and new ones follow the last entry in the order given: of two providers with the same key the kubelet prefers the
// earlier, so that all others keep their precedence. A second run returns its argument.
//
// Throws an Error (config-invalid, with line and column where they are known) for a file that cannot be read, is not a CredentialProviderConfig or
// has no `providers`, and for one that cannot be edited without a change elsewhere. `entries` must have own names, each once.
std::string mergeEntries(std::string_view text, const std::vector<ProviderEntry>& entries);

// The file without any own entries. removeEntries(mergeEntries(x, entries)) is x, byte for byte, if x has none and its list of providers is
// not empty, or written `[]` as JSON and YAML usually have it. An empty list that is written otherwise (`[ ]`, `null`, nothing) becomes `[]`.
std::string removeEntries(std::string_view text);

}  // namespace rcb
