// The C++ wrapper in C++17, which has no names before the values of an aggregate.

#include <rcb/provider.hpp>

namespace {

class Seventeen final : public rcb::sdk::Provider {
 public:
  static constexpr Setting kSettings[] = {
      {"url", Type::kUrl, true, false, false, false, {}, "https://.+", "The URL of the token exchange endpoint."}};
  static constexpr Description kDescription = {"seventeen", "1.0.0", "Compiles.", true, false, kSettings};

  void provide(const Request& request, const Host& host) override {
    const auto answer = host.post(request.setting("url"), Body::json({{"token", request.token()}}));
    const auto password = host.jsonText(answer, "/token");
    if (!password) throw Failure(Status::kBadAnswer, "the answer contains no token");
    const auto life = host.jsonInteger(answer, "/expires_in");
    if (host.jsonBoolean(answer, "/disabled").value_or(false)) throw Failure(Status::kRefused, "the token is disabled");
    if (host.jsonKind(answer, "") == JsonKind::kObject) {
      for (std::size_t i = 0; i < host.jsonSize(answer, ""); ++i) {
        host.log(LogLevel::kDebug, "member", {{"name", host.jsonName(answer, "", i).value_or("")}});
      }
    }
    const auto key = host.decode(Encoding::kBase64Url, *password);
    const auto code = host.hmacSha256(key.value_or(*password), host.sha256(answer));
    host.log(LogLevel::kDebug, host.encode(Encoding::kHex, code));
    if (const auto end = host.parseTime(request.setting("end"))) {
      host.log(LogLevel::kDebug, host.formatTime(TimeFormat::kBasic, *end));
    }
    if (!host.xmlText(answer, "/Answer/Token")) {
      host.post(request.setting("url"),
                Body::json(Json::object(
                    {{"scope", Json::array({"pull", *password, nullptr})}, {"lifetime", 3600}, {"renewable", false}})));
    }
    Options options;
    options.headers = {{"Authorization", "Bearer " + std::string(*password)}};
    options.anyStatus = true;
    options.timeout = std::chrono::seconds(2);
    const Answer again = host.send(Method::kHead, request.setting("url"), {}, options);
    if (again.status() != 404 && !again.header("Location")) throw Failure(Status::kBadAnswer, "no location");
    host.emit({"token", *password, life ? Expiry::at(host.now() + std::chrono::seconds(*life)) : Expiry::fromJwt()});
  }
};

}  // namespace

RCB_EXPORT_PROVIDER(Seventeen)
