// Throws in the wrapper's provide(): anything but a Failure.
#include <rcb/provider.hpp>

#include <stdexcept>

namespace {

class WrapperThrows final : public rcb::sdk::Provider {
 public:
  static constexpr Description kDescription = {.name = "wrapper-throws", .version = "1.0.0", .summary = "A fixture."};

  void provide(const Request&, const Host&) override { throw std::runtime_error("the exception's own canary"); }
};

}  // namespace

RCB_EXPORT_PROVIDER(WrapperThrows)
