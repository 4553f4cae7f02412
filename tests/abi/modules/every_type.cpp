// Says in its password what the wrapper makes of settings of every type.
#include <rcb/provider.hpp>

#include <string>

namespace {

class EveryType final : public rcb::sdk::Provider {
 public:
  static constexpr Setting kSettings[] = {
      {.name = "string", .defaultValue = "plain"},
      {.name = "integer", .type = Type::kInteger},
      {.name = "boolean", .type = Type::kBoolean, .defaultValue = "true"},
      {.name = "duration", .type = Type::kDuration, .defaultValue = "1m30s"},
      {.name = "list", .list = true},
  };
  static constexpr Description kDescription = {
      .name = "every-type", .version = "1.0.0", .summary = "A fixture.", .settings = kSettings};

  void provide(const Request& request, const Host& host) override {
    std::string seen = std::string(request.setting("string")) + " ";
    const auto integer = request.integer("integer");
    seen += (integer ? std::to_string(*integer) : "none") + " ";
    seen += request.flag("boolean") ? "yes " : "no ";
    const auto duration = request.duration("duration");
    seen += (duration ? std::to_string(duration->count()) : "none") + " ";
    for (const std::string_view element : request.list("list")) seen += "[" + std::string(element) + "]";
    if (request.setting("none") != "" || request.integer("string") || request.flag("string")) seen += " wrong";
    if (request.token().empty() != !request.tokenExpiresAt()) seen += " wrong";
    host.log(LogLevel::kInfo, "seen", {{"image", request.image()}});
    if (host.timeLeft().count() <= 0) throw Failure(Status::kUnavailable, "no time is left");
    host.emit({request.serviceAccount().empty() ? "anonymous" : request.serviceAccount(), seen,
               Expiry::at(host.now() + std::chrono::hours(1))});
  }
};

}  // namespace

RCB_EXPORT_PROVIDER(EveryType)
