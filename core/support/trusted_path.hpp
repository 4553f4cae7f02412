// Resolves a path that no user other than root and the caller can redirect. One component at a time is opened relative to the descriptor of its
// folder, from "/" or from a folder that was reached in the same way. Every folder and link, also behind links, is checked (ownership.hpp) before a
// name is looked up in it, so there is no race between check and use.
#pragma once

#include "core/support/error.hpp"
#include "core/support/file_handle.hpp"

#include <sys/stat.h>

#include <optional>
#include <string>
#include <string_view>

namespace rcb {

// The end of a path. A file there has not been checked yet, except that it is not a link; a folder has passed the checks of the folders on the path.
struct TrustedPlace {
  FileHandle folder;      // O_PATH; the folder that contains `name`
  std::string name;       // one component; empty if the path leads to `folder` itself
  std::string path;       // absolute, without links, "." and ".."
  struct stat info = {};  // fstat() of the file or folder
  bool shared = false;    // isShared(folder), see ownership.hpp
};

// Resolves an absolute path. No value if a component of the path does not exist; a dangling link is an error. `what` is the file's role in messages
// ("broker file"). Throws Error: kFileUntrusted, kFileUnreadable.
std::optional<TrustedPlace> findTrustedPlace(const std::string& path, std::string_view what);

// The same for a single name in an open folder. If it is a link, its target may be outside of the folder.
std::optional<TrustedPlace> findTrustedPlace(const TrustedPlace& folder, const std::string& name,
                                             std::string_view what);

// The errors of this header, for code that opens a place.
Error fileUnreadable(std::string_view what, const std::string& path, const std::string& why);
Error fileUntrusted(std::string_view what, const std::string& path, const std::string& why);

}  // namespace rcb
