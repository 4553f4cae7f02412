// Compares the fast YAML reader with libyaml: they must agree on every document that the fast one reads.
#pragma once

#include "core/settings/simple_yaml.hpp"
#include "core/settings/yaml_document.hpp"

#include <string>
#include <string_view>

namespace rcb::test {

// Whether the two agree. True if the fast one leaves the document to libyaml.
inline bool yamlReadersAgree(std::string_view text) {
  const auto simple = readSimpleYaml(text);
  if (!simple) return true;
  const std::string forLibyaml = std::string(text) + "\n#\xc3\xa9\n";
  ProblemList problems;
  const auto document = readYaml(forLibyaml, problems);
  return !readSimpleYaml(forLibyaml) && document && document->root == *simple && problems.take().empty();
}

}  // namespace rcb::test
