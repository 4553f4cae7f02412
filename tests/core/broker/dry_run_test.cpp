#include "core/broker/dry_run.hpp"

#include "tests/core/modules/stub_module.hpp"

#include <gmock/gmock.h>

#include <array>

namespace rcb::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr UnixTime kNow{std::chrono::seconds(1'700'000'000)};

class DryRunTest : public testing::Test {
 protected:
  DryRunTest() {
    config_.deadline = std::chrono::seconds(20);
    config_.rules.push_back({});
    config_.rules.front().name = "rule";
    config_.rules.front().module = "stub";
    config_.patterns = {{0, *parseHostPattern("registry.test")}};
    request_.image = parseImageReference("registry.test/app");
    request_.serviceAccountToken = madeUpToken("team-a", "puller", "", kNow);
  }

  DryRun run() {
    module_.hosts = {text("a.test"), text("b.test")};
    const std::array builtins{module_.builtin()};
    ProviderSet providers(builtins);
    return dryRun(config_, 0, request_, providers, {.environment = environment_, .now = kNow, .tls = std::nullopt});
  }

  // Sends the pod's token to the URL.
  static rcb_status post(const rcb_host& host, const rcb_request& request, std::string_view url) {
    rcb_http_request http{};
    http.size = sizeof http;
    http.method = text("POST");
    http.url = text(url);
    http.body = RCB_BODY_RAW;
    http.content_type = text("text/plain");
    http.content = request.token;
    rcb_http_response response{};
    response.size = sizeof response;
    return host.http(host.context, &http, &response);
  }

  StubModule module_;
  BrokerConfig config_;
  Request request_;
  Environment environment_;
};

TEST_F(DryRunTest, RecordsTheRequestWithTheTokenMasked) {
  module_.behaviour = [](const rcb_host& host, const rcb_request& request) {
    return post(host, request, "https://a.test/token");
  };
  const DryRun result = run();
  ASSERT_THAT(result.requests, SizeIs(1));
  EXPECT_EQ(result.requests[0].method, "POST");
  EXPECT_EQ(result.requests[0].url, "https://a.test/token");
  EXPECT_EQ(result.requests[0].body, "<service account token>");
  EXPECT_FALSE(result.failure);
  EXPECT_FALSE(result.response);
}

TEST_F(DryRunTest, RecordsRequestsOfEveryMethodAndKindAndAnswersNone) {
  for (const char* method : {"GET", "HEAD", "POST", "PUT", "DELETE"}) {
    for (const std::uint32_t flags : {0u, std::uint32_t{RCB_HTTP_ANY_STATUS}, std::uint32_t{RCB_HTTP_ONCE}}) {
      module_.behaviour = [method, flags](const rcb_host& host, const rcb_request&) {
        rcb_http_request http{};
        http.size = sizeof http;
        http.method = text(method);
        http.url = text("https://a.test/");
        http.flags = flags;
        http.timeout_ms = 1'000;
        rcb_http_response response{};
        response.size = sizeof response;
        const rcb_status status = host.http(host.context, &http, &response);
        EXPECT_NE(status, RCB_OK);
        return status;
      };
      const DryRun result = run();
      ASSERT_THAT(result.requests, SizeIs(1));
      EXPECT_EQ(result.requests[0].method, method);
      EXPECT_FALSE(result.failure);
    }
  }
}

TEST_F(DryRunTest, FailsWithARequestThatTheRealClientRefuses) {
  for (const auto& [method, body] : {std::pair("PATCH", RCB_BODY_NONE), std::pair("HEAD", RCB_BODY_FORM)}) {
    module_.behaviour = [method = method, body = body](const rcb_host& host, const rcb_request&) {
      rcb_http_request http{};
      http.size = sizeof http;
      http.method = text(method);
      http.url = text("https://a.test/");
      http.body = static_cast<std::uint32_t>(body);
      rcb_http_response response{};
      response.size = sizeof response;
      return host.http(host.context, &http, &response);
    };
    const DryRun result = run();
    EXPECT_THAT(result.requests, IsEmpty());
    ASSERT_TRUE(result.failure);
    EXPECT_EQ(result.failure->code(), ErrorCode::kModuleMisbehaved);
  }
}

// A reader of the first alone would think that the token is sent nowhere else.
TEST_F(DryRunTest, RecordsEveryRequestThatIsTriedWhenTheOnesBeforeFail) {
  module_.behaviour = [](const rcb_host& host, const rcb_request& request) {
    if (post(host, request, "https://a.test/token") == RCB_OK) return rcb_status{RCB_INTERNAL};
    return post(host, request, "https://b.test/token");
  };
  std::vector<std::string> urls;
  for (const RecordedRequest& request : run().requests) urls.push_back(request.url);
  EXPECT_THAT(urls, ElementsAre("https://a.test/token", "https://b.test/token"));
}

TEST_F(DryRunTest, FollowsAProviderThatNeverGivesUpOnlySoFar) {
  module_.behaviour = [](const rcb_host& host, const rcb_request& request) {
    rcb_status status = RCB_UNAVAILABLE;
    for (int i = 0; i < 1000; ++i) status = post(host, request, "https://a.test/token");
    return status;
  };
  EXPECT_THAT(run().requests, SizeIs(16));
}

TEST_F(DryRunTest, FailsWithWhatARunFailsWithBeforeItSendsAnything) {
  module_.behaviour = [](const rcb_host& host, const rcb_request& request) {
    return post(host, request, "http://a.test/token");
  };
  const DryRun result = run();
  EXPECT_THAT(result.requests, IsEmpty());
  ASSERT_TRUE(result.failure);
}

// A credential for one repository must not be offered for the others of its registry.
TEST_F(DryRunTest, AnswersForTheImageAloneIfTheCredentialIsForItAlone) {
  for (const auto& [scope, type] :
       {std::pair(RCB_SCOPE_REGISTRY, CacheKeyType::kRegistry), std::pair(RCB_SCOPE_IMAGE, CacheKeyType::kImage)}) {
    const auto stated = static_cast<std::uint32_t>(scope);
    module_.behaviour = [stated](const rcb_host& host, const rcb_request&) {
      const rcb_credential credential{sizeof credential,   text("user"), text("password"),
                                      RCB_EXPIRES_UNKNOWN, stated,       0};
      return host.emit(host.context, &credential);
    };
    const DryRun result = run();
    ASSERT_TRUE(result.response);
    EXPECT_EQ(result.response->cacheKeyType, type);
    EXPECT_EQ(result.response->key, "registry.test");
  }
}

TEST_F(DryRunTest, HasTheResponseOfAProviderThatNeedsNoRequest) {
  const DryRun result = run();
  ASSERT_TRUE(result.response);
  EXPECT_EQ(result.response->username, "user");
  EXPECT_THAT(result.requests, IsEmpty());
}

}  // namespace
}  // namespace rcb::test
