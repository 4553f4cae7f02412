// The name of every check of `doctor`, in the order in which they run. Names are stable: scripts and tickets use them, and docs/doctor.md has a
// section for each.
#pragma once

#include <string_view>
#include <vector>

namespace rcb {

struct CheckEntry {
  std::string_view slug;
  std::string_view question;  // what it answers, for the documentation
};

const std::vector<CheckEntry>& checkTable();

}  // namespace rcb
