// One call of a provider as the program makes it, with everything around it chosen by the test.
#pragma once

#include "core/modules/provider.hpp"
#include "core/settings/broker_config.hpp"
#include "tests/core/modules/fake_http_client.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rcb::test {

inline constexpr UnixTime kNow{std::chrono::seconds(1'800'000'000)};

// A JWT that expires at `end` and, if given, says that it was issued then; its signature is `signature`.
std::string jwt(UnixTime end, std::string_view signature, std::optional<UnixTime> issued = std::nullopt);

class ProviderCall {
 public:
  explicit ProviderCall(const Provider& provider) : provider_(provider) {}

  // As written in the broker file; several of one name make a list.
  ProviderCall& with(std::string name, std::string value);
  ProviderCall& withEntry(std::string name, std::string entry, std::string value);  // of a map
  ProviderCall& withoutToken();
  ProviderCall& withToken(std::string token);
  ProviderCall& forImage(std::string image);

  // What is wrong with the settings, in the words of the broker file check; empty if nothing is.
  std::string settingsProblem() const;
  // The settings must be right. Whatever comes out of it, no text of it shares the pod's token.
  IssuedCredential make();
  // make(), which must fail: the line that the operator sees.
  std::string failure();

  FakeHttpClient http;
  UnixTime clock = kNow;                     // the node's
  std::chrono::milliseconds budget{10'000};  // of the run
  std::vector<std::string> logged;           // lines, from debug on
  std::string token = jwt(kNow + std::chrono::hours(1), "canary-of-the-pods-token");

 private:
  const Provider& provider_;
  bool hasToken_ = true;
  std::string image_ = "registry.test:5000/team/app";
  std::vector<Setting> settings_;
};

}  // namespace rcb::test
