// Exchanges the pod's token for an access token, and asks a second service for a password with it. That request is signed with a key.

#include <rcb/provider.hpp>

namespace {

class Example final : public rcb::sdk::Provider {
 public:
  static constexpr Setting kSettings[] = {
      {.name = "url", .type = Type::kUrl, .required = true, .summary = "The URL of the token exchange endpoint."},
      {.name = "passwordUrl", .type = Type::kUrl, .required = true, .summary = "The URL that answers the password."},
      {.name = "keyFile", .type = Type::kFile, .required = true, .summary = "The key that requests are signed with."},
      {.name = "role",
       .annotatable = true,
       .defaultValue = "pull",
       .pattern = "[a-z0-9-]{1,40}",
       .summary = "The role to request."},
  };
  static constexpr Description kDescription = {
      .name = "example",
      .version = "1.0.0",
      .summary = "Exchanges the pod's token for a password in two steps.",
      .needsToken = true,
      .settings = kSettings,
  };

  void check(const Request& request, const Host& host) override { key(request, host); }

  void provide(const Request& request, const Host& host) override {
    const auto form = Body::form({{"token", request.token()}, {"role", request.setting("role")}});
    const auto granted = host.post(request.setting("url"), form, {}, Repeat::kHarmless);
    const auto access = host.jsonText(granted, "/access_token");
    if (!access) throw Failure(Status::kBadAnswer, "the answer has no access_token");

    const auto signature = host.encode(Encoding::kHex, host.hmacSha256(key(request, host), *access));
    const auto answer = host.get(request.setting("passwordUrl"),
                                 {{"Authorization", "Bearer " + std::string(*access)}, {"X-Signature", signature}});
    const auto username = host.jsonText(answer, "/username");
    const auto password = host.jsonText(answer, "/password");
    const auto lifetime = host.jsonInteger(answer, "/expires_in");
    if (!username) throw Failure(Status::kBadAnswer, "the answer has no username");
    if (!password) throw Failure(Status::kBadAnswer, "the answer has no password");
    if (!lifetime) throw Failure(Status::kBadAnswer, "the answer has no expires_in");
    host.emit({*username, *password, host.expiresAfter(*lifetime)});
  }

 private:
  static std::string_view key(const Request& request, const Host& host) {
    const std::string_view key = host.readValue(request.setting("keyFile"));
    if (key.empty()) throw Failure(Status::kBadSettings, "the key file is empty");
    return key;
  }
};

}  // namespace

RCB_EXPORT_PROVIDER(Example)
