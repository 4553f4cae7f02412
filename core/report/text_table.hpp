// Aligned columns for people; a column is as wide as its longest cell, the last one is not padded.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace rcb {

// Two spaces between columns, `indent` before each row, a line end after it.
std::string textTable(const std::vector<std::vector<std::string>>& rows, std::size_t indent = 0);

}  // namespace rcb
