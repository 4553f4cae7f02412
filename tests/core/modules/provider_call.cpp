#include "tests/core/modules/provider_call.hpp"

#include "core/support/base64.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <utility>

namespace rcb::test {

std::string jwt(UnixTime end, std::string_view signature, std::optional<UnixTime> issued) {
  const std::string claims = fmt::format(
      R"({{"aud":["test"],"exp":{}{},"kubernetes.io":{{"namespace":"team-a","serviceaccount":{{"name":"builder"}}}}}})",
      end.time_since_epoch().count(), issued ? fmt::format(R"(,"iat":{})", issued->time_since_epoch().count()) : "");
  return fmt::format("{}.{}.{}", encodeBase64Url(R"({"alg":"ES256"})"), encodeBase64Url(claims), signature);
}

ProviderCall::ProviderCall(const Provider& provider) : ScriptedRun(provider) {
  script.image = "registry.test:5000/team/app";
  script.time = kNow;
  script.token = jwt(kNow + std::chrono::hours(1), "canary-of-the-pods-token");
}

ProviderCall& ProviderCall::with(std::string_view name, std::string_view value) {
  script.setting(name, value);
  return *this;
}

ProviderCall& ProviderCall::withoutToken() {
  script.token = "";
  return *this;
}

std::string ProviderCall::file(const std::string& name, const std::string& content) {
  std::string path = "/etc/registry/" + name;
  script.files[path] = content;
  return path;
}

void ProviderCall::failLate(Error error) {
  script.fail(std::move(error));
  script.takes(std::chrono::hours(1));
}

std::string ProviderCall::failure() {
  try {
    provide();
  } catch (const Error& error) {
    return error.line();
  }
  ADD_FAILURE() << "the provider has answered, and should have failed";
  return {};
}

}  // namespace rcb::test
