// Who can change a file, a folder or a link: the rule that decides whether its content counts. There is no setting that relaxes it.
#pragma once

#include <sys/stat.h>

#include <string>

namespace rcb {

// Why somebody other than root and the caller could change the thing, as a sentence about `subject` ("it", "the folder /a") with owner and mode;
// empty if nobody could. The mode of a link means nothing and is not looked at; a sticky folder is changed by others, but not what is in it: see
// isShared().
std::string changeableBecause(const struct stat& info, const std::string& subject);

// A sticky folder that others can write, such as /tmp or the root of a Secret volume: they can add entries, and not replace or remove ours.
bool isShared(const struct stat& folder);

// Why an entry of a shared folder may have been put there by another user though root or the caller owns it: it has further names, so it may be
// a hard link to a file that lies elsewhere. Empty if not.
std::string plantedBecause(const struct stat& entry, const std::string& subject);

}  // namespace rcb
