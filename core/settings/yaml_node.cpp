#include "core/settings/yaml_node.hpp"

namespace rcb {

bool YamlNode::isNull() const {
  return isScalar() && plain && (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL");
}

std::string_view YamlNode::kindName() const {
  if (isNull()) return "nothing";
  return isScalar() ? "a string" : isList() ? "a list" : "a map";
}

}  // namespace rcb
