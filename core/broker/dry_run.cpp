#include "core/broker/dry_run.hpp"

#include "core/net/preflight.hpp"
#include "core/support/base64.hpp"
#include "core/support/json_writer.hpp"

#include <fmt/format.h>

namespace rcb {
namespace {

// A provider that tries again and again is not followed further.
constexpr std::size_t kDryRunRequests = 16;

// Does what the real client does before it connects; then records the request and fails.
class RecordingHttpClient : public HttpClient {
 public:
  RecordingHttpClient(const Secret& token, const DryRunOptions& options) : token_(token), options_(options) {}

  HttpResponse send(const HttpRequest& request, const Deadline&) override {
    checkBeforeSending(request, options_.environment);
    if (options_.tls) checkTlsFiles(*options_.tls, options_.environment);
    if (recorded.size() < kDryRunRequests) record(request);
    throw Error(ErrorCode::kInternal, "a dry run sends nothing");
  }

  std::vector<RecordedRequest> recorded;

 private:
  void record(const HttpRequest& request) {
    RecordedRequest& record = recorded.emplace_back();
    record.method = request.method;
    record.url = masked(request.url);
    for (const auto& header : request.headers) record.headers.push_back(header.first);
    record.contentType = request.contentType;
    record.body = masked(request.body.reveal());
  }

  std::string masked(std::string_view text) const {
    constexpr std::string_view kMask = "<service account token>";
    std::string shown(text);
    for (std::size_t at = 0; !token_.empty() && (at = shown.find(token_.reveal(), at)) != std::string::npos;) {
      shown.replace(at, token_.size(), kMask);
      at += kMask.size();
    }
    return shown;
  }

  const Secret& token_;
  const DryRunOptions& options_;
};

}  // namespace

DryRun dryRun(const BrokerConfig& config, std::size_t winner, const Request& request, ProviderSet& providers,
              const DryRunOptions& options) {
  DryRun run;
  RecordingHttpClient recorder(request.serviceAccountToken, options);
  const Log silent;
  SettingFiles files = options.openFiles ? SettingFiles() : SettingFiles([&run](const std::string&) -> Secret {
    run.stoppedAtFile = true;
    throw Error(ErrorCode::kFileUnreadable, "the file was not to be opened");
  });
  const AnswerServices services{.http = recorder,
                                .log = silent,
                                .deadline = Deadline::after(config.deadline),
                                .now = [&options] { return options.now; },
                                .files = files};
  try {
    run.response = answerRequest(config, winner, request, providers, services);
  } catch (const Error& error) {
    // What a provider says about a request that was not sent, or a file that was not read, is not a failure of a run.
    if (!recorder.recorded.empty()) {
      run.requests = std::move(recorder.recorded);
    } else if (!run.stoppedAtFile) {
      run.failure = error;
    }
  }
  return run;
}

Secret madeUpToken(const std::string& namespaceName, const std::string& serviceAccount, const std::string& audience,
                   UnixTime now) {
  std::string claims;
  JsonWriter writer(claims);
  writer.beginObject();
  writer.member("iss", "dry-run");
  writer.member("sub", fmt::format("system:serviceaccount:{}:{}", namespaceName, serviceAccount));
  writer.key("aud");
  writer.beginArray();
  writer.value(audience);
  writer.endArray();
  writer.member("iat", static_cast<std::int64_t>(now.time_since_epoch().count()));
  writer.member("exp", static_cast<std::int64_t>((now + std::chrono::hours(1)).time_since_epoch().count()));
  writer.endObject();
  return Secret(fmt::format("{}.{}.{}", encodeBase64Url(R"({"alg":"none"})"), encodeBase64Url(claims), "dry-run"));
}

}  // namespace rcb
