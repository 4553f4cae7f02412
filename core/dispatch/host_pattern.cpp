#include "core/dispatch/host_pattern.hpp"

#include "core/dispatch/go_url.hpp"
#include "core/dispatch/label_glob.hpp"

#include <algorithm>

namespace rcb {
namespace {

std::vector<std::string> splitLabels(std::string_view host) {
  std::vector<std::string> labels;
  for (;;) {
    const auto dot = host.find('.');
    labels.emplace_back(host.substr(0, dot));
    if (dot == std::string_view::npos) return labels;
    host.remove_prefix(dot + 1);
  }
}

}  // namespace

std::optional<HostPattern> parseHostPattern(std::string_view text, PatternProblem* problem) {
  std::string reason;
  auto url = parseGoUrl(text, reason);
  if (!url) {
    if (problem != nullptr) problem->reason = std::move(reason);
    return std::nullopt;
  }
  return HostPattern{std::string(text), splitLabels(url->host), std::move(url->port), std::move(url->path)};
}

std::optional<PatternProblem> trapIn(const HostPattern& pattern) {
  const std::string_view text = pattern.text;
  if (text.empty()) return PatternProblem{"it is empty"};
  if (text.find("://") != std::string_view::npos) return PatternProblem{"it begins with a scheme, which no image has"};
  if (const auto bad = text.find_first_of("@%?#\\ \"'<>{}|^`,;"); bad != std::string_view::npos) {
    return PatternProblem{std::string("it holds '") + text[bad] + "', which no image name has"};
  }
  if (std::any_of(text.begin(), text.end(), [](char c) { return c < 0x20 || c > 0x7e; })) {
    return PatternProblem{"it holds a character outside ASCII, which no image name has"};
  }
  if (pattern.path.find('*') != std::string::npos) {
    return PatternProblem{
        "its path holds '*', which the kubelet takes literally: a path is a prefix, so leave the '*' out"};
  }
  if (pattern.path == "/" || pattern.path.find("//") != std::string::npos)
    return PatternProblem{"its path has an empty part"};
  if (std::any_of(pattern.labels.begin(), pattern.labels.end(),
                  [](const std::string& label) { return label.empty(); })) {
    return PatternProblem{"its host has an empty label"};
  }
  if (std::all_of(pattern.labels.begin(), pattern.labels.end(),
                  [](const std::string& label) { return label == "*"; })) {
    return PatternProblem{"its host names no registry: at least one label must not be '*'"};
  }
  return std::nullopt;
}

bool matchesParsedImage(const HostPattern& pattern, const HostPattern& image) {
  return pattern.port == image.port && pattern.labels.size() == image.labels.size() &&
         std::string_view(image.path).substr(0, pattern.path.size()) == pattern.path &&
         std::equal(pattern.labels.begin(), pattern.labels.end(), image.labels.begin(),
                    [](const std::string& glob, const std::string& label) { return labelMatches(glob, label); });
}

bool matchesImage(const HostPattern& pattern, std::string_view image) {
  const auto parsed = parseHostPattern(image);
  return parsed && matchesParsedImage(pattern, *parsed);
}

}  // namespace rcb
