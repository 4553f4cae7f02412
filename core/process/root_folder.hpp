// Makes another folder the root of this process: the file system of a node, as a container sees it.
#pragma once

#include <string>

namespace rcb {

// From here on every path, link and program is the node's. Open before what is needed from this side. Nothing happens for "" and "/". Throws
// Error(kNodeUnsupported).
void enterRoot(const std::string& folder);

}  // namespace rcb
