// Who can change a file, a folder or a link: the rule that decides whether its content counts. There is no setting that relaxes it.
#pragma once

#include <sys/stat.h>

#include <string>

namespace rcb {

// Why another user than root and the caller could change the thing, as a sentence about `subject` ("it", "the folder /a") with owner and mode; empty if
// nobody could. The mode of a link means nothing. In a sticky folder others can add entries but not replace or remove ours, so its mode means nothing
// either: what is in it counts by its own owner, and see isShared().
std::string changeableBecause(const struct stat& info, const std::string& subject);

// A sticky folder that every user can write to, such as /tmp or the root of a Secret volume. One that only a group can write to is not: root chose the
// group, as Nix does for its store.
bool isShared(const struct stat& folder);

// Why an entry of a shared folder may have been put there by another user though root or the caller owns it, as a sentence about `subject`: it has further
// names, so it may be a hard link to a file that lies elsewhere. Empty if not.
std::string plantedBecause(const struct stat& entry, const std::string& subject);

}  // namespace rcb
