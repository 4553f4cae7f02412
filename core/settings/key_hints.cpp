#include "core/settings/key_hints.hpp"

#include "core/support/ascii.hpp"

#include <algorithm>

namespace rcb {
namespace {

// Lowercase, without the separators in which programs differ: insecureSkipVerify, insecure_skip_verify, insecure-skip-verify.
std::string normalised(std::string_view key) {
  std::string word = lowered(key);
  std::erase_if(word, [](char c) { return isOneOf(c, "_-. "); });
  return word;
}

bool holdsOneOf(std::string_view word, std::initializer_list<std::string_view> parts) {
  return std::any_of(parts.begin(), parts.end(),
                     [word](std::string_view part) { return word.find(part) != word.npos; });
}

bool isVerificationSwitch(std::string_view key) {
  return holdsOneOf(normalised(key), {"insecure", "verif", "rejectunauthorized", "nocheckcertificate"});
}

bool isSecret(std::string_view key) {
  const std::string word = normalised(key);
  return !word.ends_with("file") &&
         (word == "pass" || word == "pwd" || holdsOneOf(word, {"password", "passwd", "token", "secret", "apikey"}));
}

constexpr std::string_view kNoVerificationSwitch =
    ": verification cannot be switched off; name the authority with tls.caFile";

}  // namespace

std::string unknownKeyHint(std::string_view key) {
  if (isVerificationSwitch(key)) return std::string(kNoVerificationSwitch);
  if (isSecret(key)) return ": secrets are not read from this file; put it into a file and name that in settings";
  return {};
}

std::string unknownSettingHint(std::string_view setting, const ProviderDescription& provider) {
  if (isVerificationSwitch(setting)) return std::string(kNoVerificationSwitch);
  if (!isSecret(setting)) return {};
  const std::string exact = lowered(setting) + "file";
  const SettingSpec* takesIt = nullptr;
  for (const SettingSpec& spec : provider.settings) {
    if (spec.type != SettingType::kFile) continue;
    if (lowered(spec.name) == exact) takesIt = &spec;
    if (takesIt == nullptr && holdsOneOf(lowered(spec.name), {"password", "token", "secret"})) takesIt = &spec;
  }
  if (takesIt == nullptr) return {};
  return ": secrets are not read from this file; put it into a file: " + takesIt->name;
}

}  // namespace rcb
