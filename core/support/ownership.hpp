// Who can change a file, a folder or a link: the rule that decides whether its content counts. There is no setting that relaxes it.
#pragma once

#include <sys/stat.h>

#include <optional>
#include <string>
#include <string_view>

namespace rcb {

// A sticky folder that every user can write to, such as /tmp or the root of a Secret volume: others can add entries to it, but not replace or remove ours.
// One that only a group can write to is not shared: root chose the group, as Nix does for its store.
bool isShared(const struct stat& folder);

struct OwnershipFault {
  std::string why;     // a sentence about the thing
  std::string advice;  // an imperative
};

// How another user than root and the caller could have changed the thing, or put it where it is; nothing if nobody could. The mode of a link means nothing,
// nor does that of a sticky folder, since what is in it is judged by its own owner. `shared`: it lies in a shared folder; there it may be a hard link to
// a file from elsewhere if it has further names. `subject` is what messages call it ("it", "the folder /a"), `mode` what is advised for it.
std::optional<OwnershipFault> findOwnershipFault(const struct stat& info, bool shared, const std::string& subject,
                                                 std::string_view mode);

}  // namespace rcb
