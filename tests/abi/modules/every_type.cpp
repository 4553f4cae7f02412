// Says in its password what the wrapper makes of settings of every type.
#include <rcb/provider.hpp>

#include <string>

namespace {

class EveryType final : public rcb::sdk::Provider {
 public:
  static constexpr std::string_view kSpeeds[] = {"slow", "fast"};
  static constexpr Setting kSettings[] = {
      {.name = "string", .defaultValue = "plain"},
      {.name = "integer", .type = Type::kInteger},
      {.name = "boolean", .type = Type::kBoolean, .defaultValue = "true"},
      {.name = "duration", .type = Type::kDuration, .defaultValue = "1m30s"},
      {.name = "list", .list = true},
      {.name = "file", .type = Type::kFile},
      {.name = "url", .type = Type::kUrl},
      {.name = "hosts", .type = Type::kHost, .list = true},
      {.name = "speed", .type = Type::kChoice, .defaultValue = "slow", .choices = kSpeeds},
      {.name = "tags", .type = Type::kMap},
      {.name = "typo", .type = Type::kBoolean},
  };
  static constexpr std::string_view kUrlNeedsHosts[] = {"url", "hosts"};
  static constexpr std::string_view kFileOrUrl[] = {"file", "url"};
  static constexpr Relation kRelations[] = {{RelationKind::kNeeds, kUrlNeedsHosts},
                                            {RelationKind::kExcludes, kFileOrUrl}};
  static constexpr Description kDescription = {.name = "every-type",
                                               .version = "1.0.0",
                                               .summary = "A fixture.",
                                               .settings = kSettings,
                                               .relations = kRelations};

  void check(const Request& request, const Host& host) override {
    if (!request.token().empty()) throw Failure(Status::kInternal, "the check has seen the token");
    if (request.integer("integer") == 13) throw Failure(Status::kBadSettings, "integer is 13", "count further");
    if (request.integer("integer") == 14) host.emit({"user", "password"});
  }

  void provide(const Request& request, const Host& host) override {
    std::string seen = std::string(request.setting("string")) + " ";
    const auto integer = request.integer("integer");
    seen += (integer ? std::to_string(*integer) : "none") + " ";
    seen += request.flag("boolean") ? "yes " : "no ";
    const auto duration = request.duration("duration");
    seen += (duration ? std::to_string(duration->count()) : "none") + " ";
    for (const std::string_view element : request.list("list")) seen += "[" + std::string(element) + "]";
    seen += " " + std::string(request.setting("file")) + std::string(request.setting("url"));
    for (const std::string_view other : request.list("hosts")) seen += "[" + std::string(other) + "]";
    seen += std::string(request.setting("speed"));
    for (const auto& [name, value] : request.map("tags")) {
      seen += "{" + std::string(name) + "=" + std::string(value) + "}";
    }
    if (request.flag("typo")) request.setting("strnig");
    if (request.integer("string") || request.flag("string")) seen += " wrong";
    if (request.token().empty() != !request.tokenExpiresAt()) seen += " wrong";
    host.log(LogLevel::kInfo, "seen", {{"image", request.image()}});
    if (host.timeLeft().count() <= 0) throw Failure(Status::kUnavailable, "no time is left");
    host.emit({request.serviceAccount().empty() ? "anonymous" : request.serviceAccount(), seen,
               Expiry::at(host.now() + std::chrono::hours(1))});
  }
};

}  // namespace

RCB_EXPORT_PROVIDER(EveryType)
