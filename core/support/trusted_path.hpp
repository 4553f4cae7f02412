// Following a path that nobody but root and the caller can have laid: one name at a time, with descriptors, from "/" or from a folder that was reached
// in the same way. Every folder, every link and every folder behind a link is checked before a name is looked up in it (ownership.hpp), so nobody else
// can lead the way elsewhere, not even between two looks.
#pragma once

#include "core/support/error.hpp"
#include "core/support/file_handle.hpp"

#include <sys/stat.h>

#include <optional>
#include <string>
#include <string_view>

namespace rcb {

// Where a path leads to. What lies there has not been checked, except that it is no link, and that a folder itself is as trusted as those on the way.
struct TrustedPlace {
  FileHandle folder;      // O_PATH; the folder that `name` lies in
  std::string name;       // a single name; empty if the path leads to `folder` itself
  std::string path;       // absolute, without links, "." and ".."
  struct stat info = {};  // of what lies there
  bool shared = false;    // every user can create entries in the folder, though not replace ours
};

// Follows an absolute path. Nothing if one of the names written in it is not in its folder; a link that leads nowhere is not "nothing" but an
// error. `what` names the file's role in messages ("broker file"). Throws Error: kFileUntrusted, kFileUnreadable.
std::optional<TrustedPlace> findTrustedPlace(const std::string& path, std::string_view what);

// The same from an open folder, for a single name in it; the links that it leads to may leave the folder.
std::optional<TrustedPlace> findTrustedPlace(const TrustedPlace& folder, const std::string& name,
                                             std::string_view what);

// The errors of this header for whoever opens what a place holds.
Error fileUnreadable(std::string_view what, const std::string& path, const std::string& why);
Error fileUntrusted(std::string_view what, const std::string& path, const std::string& why);

}  // namespace rcb
