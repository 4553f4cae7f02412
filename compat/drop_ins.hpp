// The plugins whose configuration the program takes over: the one visible table.
#pragma once

#include "core/broker/drop_in.hpp"

#include <span>

namespace rcb {

std::span<const DropIn> dropIns();

}  // namespace rcb
