// A module that tries what must not be possible where it runs, and says what was.
#include "tests/confinement/attempts.hpp"

#include <rcb/provider.hpp>

namespace rcb::test {
namespace {

class Attempts final : public sdk::Provider {
 public:
  static constexpr Description kDescription = {
      .name = "attempts", .version = "1.0.0", .summary = "Tries what must not be possible."};

  void provide(const Request& /*request*/, const Host& host) override {
    host.emit({"attempts",
               report(forbiddenAttempts()) + report(networkAttempts()) + report(forbiddenToModules()) + "|" +
                   report(runtimeAttempts()),
               Expiry::never()});
  }
};

}  // namespace
}  // namespace rcb::test

RCB_EXPORT_PROVIDER(rcb::test::Attempts)
