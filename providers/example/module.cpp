// The smallest useful module: exchanges the pod's token for a password at a service that answers {"username": …, "password": …}.

#include <rcb/provider.hpp>

namespace {

class Example final : public rcb::sdk::Provider {
 public:
  static constexpr Setting kSettings[] = {
      {.name = "url", .type = Type::kUrl, .required = true, .summary = "The URL of the token exchange endpoint."},
      {.name = "role",
       .annotatable = true,
       .defaultValue = "pull",
       .pattern = "[a-z0-9-]{1,40}",
       .summary = "The role to request."},
  };
  static constexpr Description kDescription = {
      .name = "example",
      .version = "1.0.0",
      .summary = "Exchanges the pod's token for a password.",
      .needsToken = true,
      .settings = kSettings,
  };

  void provide(const Request& request, const Host& host) override {
    const auto body = Body::form({{"token", request.token()}, {"role", request.setting("role")}});
    const auto answer = host.post(request.setting("url"), body, {}, Repeat::kHarmless);
    const auto username = host.jsonText(answer, "/username");
    const auto password = host.jsonText(answer, "/password");
    if (!username || !password) throw Failure(Status::kBadAnswer, "the answer has no user name and password");
    host.emit({*username, *password, Expiry::fromJwt()});
  }
};

}  // namespace

RCB_EXPORT_PROVIDER(Example)
