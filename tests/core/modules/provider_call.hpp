// A scripted run with the values that the tests of the host share.
#pragma once

#include "core/modules/provider.hpp"
#include "core/testing/scripted_run.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace rcb::test {

inline constexpr UnixTime kNow{std::chrono::seconds(1'800'000'000)};

// A JWT that expires at `end` and, if given, says that it was issued then; its signature is `signature`.
std::string jwt(UnixTime end, std::string_view signature, std::optional<UnixTime> issued = std::nullopt);

class ProviderCall : public ScriptedRun {
 public:
  // At kNow, for registry.test:5000/team/app, with a token whose signature is a canary.
  explicit ProviderCall(const Provider& provider);

  // As written in the broker file; several of one name make a list, and an entry of a map is named SETTING.ENTRY.
  ProviderCall& with(std::string_view name, std::string_view value);
  ProviderCall& withoutToken();
  // The path of a file with this content.
  std::string file(const std::string& name, const std::string& content);
  // A request that fails when its time is up.
  void failLate(Error error);

  // provide(), which must fail: the line that the operator sees.
  std::string failure();
};

}  // namespace rcb::test
