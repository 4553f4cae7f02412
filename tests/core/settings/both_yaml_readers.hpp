// The reader of everyday YAML against libyaml: wherever the first one reads a text, both must read the same.
#pragma once

#include "core/settings/simple_yaml.hpp"
#include "core/settings/yaml_document.hpp"

#include <string>
#include <string_view>

namespace rcb::test {

// Whether the two agree. A text that only libyaml reads is none of the first one's business.
inline bool yamlReadersAgree(std::string_view text) {
  const auto simple = readSimpleYaml(text);
  if (!simple) return true;
  const std::string forLibyaml = std::string(text) + "\n#\xc3\xa9\n";
  ProblemList problems;
  const auto document = readYaml(forLibyaml, problems);
  return !readSimpleYaml(forLibyaml) && document && document->root == *simple && problems.take().empty();
}

}  // namespace rcb::test
