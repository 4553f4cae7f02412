// Reads files of the node below a root, as they are. Whether they can be trusted is a question of those who act on them (support/trusted_file.hpp).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace rcb {

inline constexpr std::size_t kNodeFileLimit = std::size_t{4} << 20;

// The content of a regular file or of a file of procfs; no value if it cannot be read or is larger than `limit` bytes. `error`, if given, gets the
// errno: EFBIG for a large file, EISDIR for a folder.
std::optional<std::string> readNodeFile(const std::string& path, int* error = nullptr,
                                        std::size_t limit = kNodeFileLimit);

// The target of a symbolic link, as written; no value if it is none.
std::optional<std::string> readNodeLink(const std::string& path);

// The names in a folder without "." and "..", sorted; empty if it cannot be read.
std::vector<std::string> namesIn(const std::string& folder);

}  // namespace rcb
