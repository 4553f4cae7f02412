#include "core/testing/call_script.hpp"

#include "core/support/base64.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace rcb {
namespace {

std::string_view settingOf(std::string_view name) { return name.substr(0, name.find('.')); }

}  // namespace

void CallScript::setting(std::string_view name, std::string_view value) {
  // Beside those of its name, as the elements of a list are in a file.
  const auto same = std::find_if(settings.rbegin(), settings.rend(),
                                 [name](const auto& other) { return settingOf(other.first) == settingOf(name); });
  settings.emplace(same == settings.rend() ? settings.end() : same.base(), name, value);
}

void CallScript::answer(int status, std::string body, ScriptedHeaders headers) {
  replies.push_back({ScriptedAnswer{status, std::move(body), std::move(headers)}});
}

void CallScript::fail(ScriptedFailure failure) { replies.push_back({failure}); }

void CallScript::fail(Error error) { replies.push_back({std::move(error)}); }

std::string scriptedJwt(std::string_view claims) {
  return fmt::format("{}.{}.{}", encodeBase64Url(R"({"alg":"ES256","typ":"JWT"})"), encodeBase64Url(claims),
                     encodeBase64Url("a signature that no key has made"));
}

}  // namespace rcb
