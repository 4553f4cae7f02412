#include "core/kubelet/qualified_name.hpp"

#include "core/support/ascii.hpp"
#include "core/support/parts.hpp"

#include <algorithm>
#include <cstddef>

namespace rcb {
namespace {

constexpr std::size_t kPrefixLimit = 253;
constexpr std::size_t kNameLimit = 63;

// Begins and ends with a letter or digit.
bool isFramed(std::string_view text) { return !text.empty() && isAlnum(text.front()) && isAlnum(text.back()); }

bool isSubdomain(std::string_view text) {
  return eachPart(text, '.', [](std::string_view label) {
    return isFramed(label) && std::all_of(label.begin(), label.end(), [](char c) { return isAlnum(c) || c == '-'; });
  });
}

bool isName(std::string_view text) {
  return isFramed(text) &&
         std::all_of(text.begin(), text.end(), [](char c) { return isAlnum(c) || isOneOf(c, "-_."); });
}

}  // namespace

std::string qualifiedNameProblem(std::string_view key) {
  const auto slash = key.find('/');
  std::string_view name = key;
  if (slash != std::string_view::npos) {
    const std::string_view prefix = key.substr(0, slash);
    name = key.substr(slash + 1);
    if (name.find('/') != std::string_view::npos) return "has more than one '/'";
    if (prefix.empty()) return "has nothing before the '/'";
    if (prefix.size() > kPrefixLimit) return "has more than 253 characters before the '/'";
    if (!isSubdomain(prefix)) return "has a prefix that is not a DNS name";
  }
  if (name.empty()) return slash == std::string_view::npos ? "is empty" : "has nothing after the '/'";
  if (name.size() > kNameLimit) return "has a name of more than 63 characters";
  if (!isName(name))
    return "has a name that does not consist of letters, digits, '-', '_' and '.', beginning and ending "
           "with a letter or digit";
  return {};
}

}  // namespace rcb
