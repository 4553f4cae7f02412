// Says in its credential what the wrapper makes of the services for values.
#include <rcb/provider.hpp>

#include <string>

namespace {

class Values final : public rcb::sdk::Provider {
 public:
  static constexpr std::string_view kHosts[] = {"sts.test"};
  static constexpr Description kDescription = {
      .name = "values", .version = "1.0.0", .summary = "A fixture.", .hosts = kHosts};

  void provide(const Request&, const Host& host) override {
    const auto answer = host.get("https://sts.test/token");
    std::string names;
    for (std::size_t i = 0; i < host.jsonSize(answer, ""); ++i) {
      names += (i == 0 ? "" : " ") + std::string(host.jsonName(answer, "", i).value_or("none"));
    }
    const auto end = host.parseTime(host.jsonText(answer, "/end").value_or(""));
    if (!end) throw Failure(Status::kBadAnswer, "the answer has no end");
    std::string seen = std::to_string(host.jsonSize(answer, "/z")) + " ";
    seen += host.jsonBoolean(answer, "/on").value_or(false) ? "on " : "off ";
    seen += std::to_string(host.jsonInteger(answer, "/n").value_or(0)) + " ";
    const auto decoded = host.decode(Encoding::kBase64, host.jsonText(answer, "/s").value_or(""));
    seen += std::string(decoded.value_or("none")) + " ";
    seen += std::string(host.encode(Encoding::kBase64Url, "foo")) + " ";
    seen += std::string(host.encode(Encoding::kPercent, "a/b")) + " ";
    seen += std::string(host.encode(Encoding::kHex, host.sha256("abc"))) + " ";
    seen += std::string(host.encode(Encoding::kHex, host.hmacSha256("Jefe", "what do ya want for nothing?"))) + " ";
    seen += std::string(host.formatTime(TimeFormat::kBasic, *end)) + " ";
    const bool absent = host.jsonKind(answer, "/none") || host.jsonBoolean(answer, "/n") ||
                        host.jsonName(answer, "", 5) || host.decode(Encoding::kHex, "f") ||
                        host.parseTime("tomorrow") ||
                        !host.formatTime(TimeFormat::kHttp, rcb::sdk::Time(std::chrono::seconds(-1))).empty();
    const bool kinds = host.jsonKind(answer, "") == JsonKind::kObject &&
                       host.jsonKind(answer, "/z") == JsonKind::kArray &&
                       host.jsonKind(answer, "/z/0") == JsonKind::kInteger && host.jsonSize(answer, "/s") == 0;
    seen += kinds && !absent ? "right" : "wrong";
    host.emit({names, seen, Expiry::at(*end)});
  }
};

}  // namespace

RCB_EXPORT_PROVIDER(Values)
