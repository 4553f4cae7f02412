// The smallest image that a registry and its clients take for one: one layer with one file, as an OCI image layout on disk.
#pragma once

#include <string>

namespace rcb::test {

// Writes the layout into `folder`, which is made. Its only layer holds `hello.txt` with this text.
void writeTestImage(const std::string& folder, const std::string& text);

}  // namespace rcb::test
