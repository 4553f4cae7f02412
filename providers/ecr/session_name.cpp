#include "providers/ecr/session_name.hpp"

#include <algorithm>
#include <cstddef>

namespace rcb::ecr {
namespace {

constexpr std::size_t kLongest = 64;
constexpr std::size_t kDigestDigits = 16;

// Of a Kubernetes name. STS allows more, among them '=', which is kept for names with a digest.
bool isPlain(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-'; }

}  // namespace

std::string sessionName(std::string_view namespaceName, std::string_view serviceAccount,
                        const std::function<std::string(std::string_view)>& sha256Hex) {
  std::string name = std::string(namespaceName).append(".").append(serviceAccount);
  if (name.size() <= kLongest && name.size() > 1 && std::all_of(name.begin(), name.end(), isPlain)) return name;
  const std::string digest = sha256Hex(name).substr(0, kDigestDigits);
  name.resize(std::min(name.size(), kLongest - kDigestDigits - 1));
  std::replace_if(
      name.begin(), name.end(), [](char c) { return !isPlain(c); }, '_');
  return name + "=" + digest;
}

}  // namespace rcb::ecr
