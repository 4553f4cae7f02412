#include "core/dispatch/host_pattern.hpp"

#include "core/dispatch/common_image.hpp"
#include "core/dispatch/go_url.hpp"
#include "core/dispatch/label_glob.hpp"
#include "core/protocol/image_reference.hpp"
#include "core/support/ascii.hpp"
#include "core/support/authority.hpp"
#include "core/support/error.hpp"
#include "core/support/parts.hpp"
#include "core/support/printable.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace rcb {
namespace {

std::vector<std::string> splitLabels(std::string_view host) {
  std::vector<std::string> labels;
  labels.reserve(static_cast<std::size_t>(std::count(host.begin(), host.end(), '.')) + 1);
  eachPart(host, '.', [&labels](std::string_view label) {
    labels.emplace_back(label);
    return true;
  });
  return labels;
}

bool mayStandInPattern(char c) { return isAlnum(c) || isOneOf(c, "-_./*:[]"); }

// A label that is written out names something, as does the beginning or end of the only one. "a*.*" does not: whoever owns a domain can have
// such a host, and the credential goes wherever the image's name says.
bool namesRegistry(const std::vector<std::string>& labels) {
  const auto isGlob = [](const std::string& label) { return label.find('*') != std::string::npos; };
  if (labels.size() == 1) return std::any_of(labels.front().begin(), labels.front().end(), isAlnum);
  return !std::all_of(labels.begin(), labels.end(), isGlob);
}

// A single label without a port is a registry only if it is localhost or has a capital; else it is the first part of a path on docker.io.
bool canBeAlone(std::string_view label) {
  return labelMatches(label, "localhost") || std::any_of(label.begin(), label.end(), isUpper);
}

std::optional<PatternProblem> findHostProblem(const HostPattern& pattern, std::string_view authority) {
  const auto& labels = pattern.labels;
  const auto isEmpty = [](const std::string& label) { return label.empty(); };
  if (authority.empty()) return PatternProblem{"it has no host"};
  if (authority.back() == ']') return PatternProblem{"the kubelet cannot match an IPv6 address without a port"};
  if (authority.back() == ':') return PatternProblem{"its host ends in ':' without a port"};
  if (!pattern.port.empty() && !parsePort(pattern.port)) return PatternProblem{"its port is no number from 1 to 65535"};
  if (authority == "index.docker.io") return PatternProblem{"the kubelet writes docker.io for its host"};
  if (std::any_of(labels.begin(), labels.end(), isEmpty)) return PatternProblem{"its host has an empty label"};
  if (!namesRegistry(labels)) {
    return PatternProblem{labels.size() == 1
                              ? "its host names no registry: it must have a letter or digit"
                              : "its host names no registry: at least one part between the dots must be without '*'"};
  }
  if (labels.size() == 1 && pattern.port.empty() && !canBeAlone(labels.front())) {
    return PatternProblem{
        "its host has neither a dot nor a port: the kubelet reads such a name as a path on docker.io"};
  }
  return std::nullopt;
}

std::optional<PatternProblem> findPathProblem(std::string_view path) {
  if (path.find('*') != std::string_view::npos) {
    return PatternProblem{
        "its path holds '*', which the kubelet takes literally: a path is a prefix, so leave the '*' out"};
  }
  if (path.find(':') != std::string_view::npos) {
    return PatternProblem{"its path holds ':', but the kubelet asks without the image's tag"};
  }
  if (path == "/" || path.find("//") != std::string_view::npos) return PatternProblem{"its path has an empty part"};
  if (std::any_of(path.begin(), path.end(), isUpper)) {
    return PatternProblem{"its path holds a capital letter, which no image's has"};
  }
  return std::nullopt;
}

bool isImageName(const std::string& text) {
  try {
    parseImageReference(text);
    return true;
  } catch (const Error&) {
    return false;
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

std::optional<PatternProblem> findPatternProblem(const HostPattern& pattern) {
  const std::string_view text = pattern.text;
  if (text.empty()) return PatternProblem{"it is empty"};
  if (text.find("://") != std::string_view::npos) return PatternProblem{"it begins with a scheme, which no image has"};
  if (const auto bad = std::find_if_not(text.begin(), text.end(), mayStandInPattern); bad != text.end()) {
    return PatternProblem{"it holds '" + printable({&*bad, 1}) + "', which no image's name has"};
  }
  if (auto problem = findHostProblem(pattern, text.substr(0, text.find('/')))) return problem;
  if (auto problem = findPathProblem(pattern.path)) return problem;
  if (!isImageName(commonImage(pattern, pattern).value_or(""))) {
    return PatternProblem{"it has a form that no image's name can have"};
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
