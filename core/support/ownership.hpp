// Who can change a file, a folder or a link, which decides whether it is trusted. No setting relaxes the rule.
#pragma once

#include <sys/stat.h>

#include <optional>
#include <string>
#include <string_view>

namespace rcb {

// A sticky folder that every user can write to, such as /tmp or the root of a Secret volume: other users can add entries, but cannot replace or
// remove those of root and the caller. A folder that only a group can write to is not shared: root chose the group, as Nix does for its store.
bool isShared(const struct stat& folder);

struct OwnershipFault {
  std::string why;     // a clause about the file, folder or link
  std::string advice;  // one imperative
};

// How a user other than root and the caller could have changed or planted it; no value if none could. The mode of a link has no meaning, and that of
// a sticky folder is ignored, since each of its entries is checked by its own owner. `shared`: it is in a shared folder, where a file with several
// names may be another user's hard link to a file from elsewhere. `subject` is its name in messages ("it", "the folder /a"), `mode` the advised mode.
std::optional<OwnershipFault> findOwnershipFault(const struct stat& info, bool shared, const std::string& subject,
                                                 std::string_view mode);

}  // namespace rcb
