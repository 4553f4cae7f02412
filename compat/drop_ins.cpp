#include "compat/drop_ins.hpp"

#include "compat/cloudsmith_drop_in.hpp"

namespace rcb {

std::span<const DropIn> dropIns() { return {&kCloudsmithDropIn, 1}; }

}  // namespace rcb
