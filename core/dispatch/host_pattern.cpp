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

bool isPatternCharacter(char c) { return isAlnum(c) || isOneOf(c, "-_./*:[]"); }

// A pattern names a registry if one of its labels has no wildcard, or if its only label has a letter or digit. "a*.*" does not: every owner of a
// domain can have such a host, and the credential is sent to the host in the image's name.
bool namesRegistry(const std::vector<std::string>& labels) {
  const auto isGlob = [](const std::string& label) { return label.find('*') != std::string::npos; };
  if (labels.size() == 1) return std::any_of(labels.front().begin(), labels.front().end(), isAlnum);
  return !std::all_of(labels.begin(), labels.end(), isGlob);
}

// A single label without a port is a registry only if it is localhost or has an uppercase letter; else it is the first component of a path on
// docker.io.
bool canBeAlone(std::string_view label) {
  return labelMatches(label, "localhost") || std::any_of(label.begin(), label.end(), isUpper);
}

std::optional<PatternProblem> findHostProblem(const HostPattern& pattern, std::string_view authority) {
  const auto& labels = pattern.labels;
  const auto isEmpty = [](const std::string& label) { return label.empty(); };
  if (authority.empty()) return PatternProblem{"it has no host"};
  if (authority.back() == ']') return PatternProblem{"the kubelet cannot match an IPv6 address without a port"};
  if (authority.back() == ':') return PatternProblem{"its host ends in ':' without a port"};
  if (!pattern.port.empty() && !parsePort(pattern.port))
    return PatternProblem{"its port is not a valid port (1 to 65535)"};
  if (authority == "index.docker.io") return PatternProblem{"the kubelet asks for docker.io instead"};
  if (std::any_of(labels.begin(), labels.end(), isEmpty)) return PatternProblem{"its host has an empty label"};
  if (!namesRegistry(labels)) {
    return PatternProblem{labels.size() == 1
                              ? "its host does not name a registry: it needs a letter or digit"
                              : "its host does not name a registry: at least one label must be without '*'"};
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
        "its path contains '*', which the kubelet takes literally; remove it, since a path is a prefix"};
  }
  if (path.find(':') != std::string_view::npos) {
    return PatternProblem{"its path contains ':', but the kubelet asks for images without their tag"};
  }
  if (path == "/" || path.find("//") != std::string_view::npos)
    return PatternProblem{"its path has an empty component"};
  if (std::any_of(path.begin(), path.end(), isUpper)) {
    return PatternProblem{"its path contains an uppercase letter, which no image path has"};
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
  if (text.find("://") != std::string_view::npos)
    return PatternProblem{"it begins with a scheme, which no image name has"};
  if (const auto bad = std::find_if_not(text.begin(), text.end(), isPatternCharacter); bad != text.end()) {
    return PatternProblem{"it contains '" + printable({&*bad, 1}) + "', which no image name has"};
  }
  if (auto problem = findHostProblem(pattern, text.substr(0, text.find('/')))) return problem;
  if (auto problem = findPathProblem(pattern.path)) return problem;
  if (!isImageName(commonImage(pattern, pattern).value_or(""))) {
    return PatternProblem{"no image name has this form"};
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
