#include "core/dispatch/label_glob.hpp"

#include "core/support/glob.hpp"

#include <utility>

namespace rcb {
namespace {

bool isLiteral(std::string_view glob) { return glob.find('*') == std::string_view::npos; }

}  // namespace

bool labelMatches(std::string_view glob, std::string_view label) {
  // The kubelet takes the '[' of an IPv6 literal without a port for a character class, which no image's host matches.
  return glob.find('[') == std::string_view::npos && globMatches(glob, label);
}

std::optional<std::string> commonLabel(std::string_view left, std::string_view right) {
  if (isLiteral(left) || isLiteral(right)) {
    const auto [literal, other] = isLiteral(left) ? std::pair(left, right) : std::pair(right, left);
    return labelMatches(other, literal) ? std::optional(std::string(literal)) : std::nullopt;
  }
  // The stars of each glob match whatever the other one requires, so only the ends can disagree.
  const auto longer = [](std::string_view a, std::string_view b) { return a.size() < b.size() ? b : a; };
  const auto head = [](std::string_view glob) { return glob.substr(0, glob.find('*')); };
  const auto tail = [](std::string_view glob) { return glob.substr(glob.rfind('*') + 1); };
  const auto middle = [](std::string_view glob) {
    const auto first = glob.find('*');
    std::string text(glob.substr(first, glob.rfind('*') - first));
    std::erase(text, '*');
    return text;
  };
  const std::string_view begin = longer(head(left), head(right));
  const std::string_view end = longer(tail(left), tail(right));
  if (!begin.starts_with(head(left)) || !begin.starts_with(head(right)) || !end.ends_with(tail(left)) ||
      !end.ends_with(tail(right))) {
    return std::nullopt;
  }
  std::string label = std::string(begin) + middle(left) + middle(right) + std::string(end);
  // A star at an end may match a word, which makes a valid DNS label of it.
  if (begin.empty() && (label.empty() || label.front() == '-')) label.insert(0, "any");
  if (end.empty() && label.back() == '-') label += "any";
  return label;
}

}  // namespace rcb
