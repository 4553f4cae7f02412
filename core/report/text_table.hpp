// Aligns columns for a terminal. A column is as wide as its longest cell; the last one is not padded.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace rcb {

// Rows with two spaces between columns, `indent` spaces at the start and a line feed at the end.
std::string textTable(const std::vector<std::vector<std::string>>& rows, std::size_t indent = 0);

}  // namespace rcb
