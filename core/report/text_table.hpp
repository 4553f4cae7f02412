// Aligned columns for terminals: a column is as wide as its longest cell, and the last one is not padded.
#pragma once

#include <string>
#include <vector>

namespace rcb {

// Rows of cells as lines, with two spaces between columns and `indent` spaces before each line.
std::string textTable(const std::vector<std::vector<std::string>>& rows, std::size_t indent = 0);

}  // namespace rcb
