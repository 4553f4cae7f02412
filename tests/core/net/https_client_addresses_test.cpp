// Names with several addresses, some of which are dead, stuck or broken: the good ones are found, and what was learned is not forgotten.
#include "tests/core/net/client_fixture.hpp"
#include "tests/core/net/named_addresses.hpp"
#include "tests/support/connect_proxy.hpp"
#include "tests/support/loopback_addresses.hpp"

#include <deque>

namespace rcb::test {
namespace {

using std::chrono::milliseconds;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kHost = "api.addresses.invalid";

std::vector<Fault> always(Fault fault) { return std::vector<Fault>(20, fault); }

class HttpsClientAddresses : public ClientFixture {
 protected:
  HttpsClientAddresses() {
    options_.resolver = [this](const std::string& host, std::uint16_t port) { return addresses_(host, port); };
    serve(serverAt("127.0.0.1", 0));  // the good one
    url_ = "https://" + std::string(kHost) + ":" + std::to_string(server_->port()) + "/openid/acme/";
  }

  TlsServer::Options serverAt(const std::string& address, std::uint16_t port) {
    TlsServer::Options options = serverOptions(leaf_);
    options.address = address;
    options.port = port;
    return options;
  }
  // Another server of the name, which always has this fault.
  TlsServer& broken(const std::string& address, Fault fault) {
    TlsServer& made =
        *broken_.emplace_back(std::make_unique<TlsServer>(serverAt(address, server_->port()), [](const ServerRequest&) {
          return ServerReply{200, {}, "{}"};
        }));
    made.misbehave(always(fault));
    return made;
  }
  void dead(const std::string& address) { dead_.emplace_back(address, server_->port()); }
  void named(std::vector<std::string> addresses) { addresses_.names[kHost] = std::move(addresses); }

  Pki::Leaf leaf_ = pki_.issue("many", {.names = {kHost}});
  NamedAddresses addresses_{};
  std::vector<std::unique_ptr<TlsServer>> broken_;
  std::deque<DeadAddress> dead_;
};

TEST_F(HttpsClientAddresses, AreRacedPastTheDeadOnes) {
  const std::vector<std::vector<std::string>> cases = {
      {"127.0.0.2", "127.0.0.1"},        {"127.0.0.2", "127.0.0.3", "127.0.0.1"},        {"::1", "127.0.0.1"},
      {"::1", "127.0.0.2", "127.0.0.1"}, {"127.0.0.2", "::1", "127.0.0.3", "127.0.0.1"},
  };
  for (const char* address : {"127.0.0.2", "127.0.0.3", "::1"}) dead(address);
  for (const std::vector<std::string>& given : cases) {
    named(given);
    const auto began = std::chrono::steady_clock::now();
    EXPECT_EQ(post().status, 200);
    // 250 ms for each dead one; each took 3 s once.
    EXPECT_LT(std::chrono::steady_clock::now() - began, milliseconds(2'800));
  }
  EXPECT_EQ(server_->connections(), static_cast<int>(cases.size()));
}

TEST_F(HttpsClientAddresses, DoNotUseUpTheLimitHoweverManyAreDead) {
  std::vector<std::string> many;
  for (int i = 2; i <= 9; ++i) {
    many.push_back("127.0.0." + std::to_string(i));
    dead(many.back());
  }
  many.push_back("127.0.0.1");
  named(many);
  EXPECT_EQ(post(milliseconds(10'000)).status, 200);
}

TEST_F(HttpsClientAddresses, OfTheOtherFamilyComeSecondHoweverManyRefuse) {
  std::vector<std::string> many(8, "::1");
  many.push_back("127.0.0.1");
  named(many);
  EXPECT_EQ(post().status, 200);
}

TEST_F(HttpsClientAddresses, ThatAreStuckOrBrokenAreLeftForAnother) {
  options_.retry.attemptLimit = milliseconds(1'000);
  // Whatever phase it is in which an address goes wrong after it has accepted.
  int last = 2;
  for (const Fault fault : {Fault::kStallBeforeHandshake, Fault::kResetBeforeHandshake, Fault::kCloseAfterHandshake,
                            Fault::kStallBeforeHeaders, Fault::kResetAfterRequest, Fault::kStallInBody,
                            Fault::kCloseInBody, Fault::kCutInBody, Fault::kDrip}) {
    const std::string address = "127.0.0." + std::to_string(last++);
    const TlsServer& stuck = broken(address, fault);
    named({address, "127.0.0.1"});
    const int before = server_->connections();
    EXPECT_EQ(post().status, 200) << address;
    EXPECT_EQ(stuck.connections(), 1) << address;
    EXPECT_EQ(server_->connections(), before + 1) << address;
  }
}

TEST_F(HttpsClientAddresses, ThatAreSilentLeaveTimeForTheOthers) {
  // Two of three: a third of the time each.
  broken("127.0.0.2", Fault::kStallBeforeHandshake);
  broken("127.0.0.3", Fault::kStallBeforeHandshake);
  named({"127.0.0.2", "127.0.0.3", "127.0.0.1"});
  EXPECT_EQ(post(milliseconds(6'000)).status, 200);
}

TEST_F(HttpsClientAddresses, ThatAnswerWithAPassingErrorAreLeftForAnother) {
  TlsServer failing(serverAt("127.0.0.2", server_->port()), [](const ServerRequest&) {
    return ServerReply{503, {}, ""};
  });
  named({"127.0.0.2", "127.0.0.1"});
  EXPECT_EQ(post().status, 200);
  EXPECT_EQ(failing.connections(), 1);
}

TEST_F(HttpsClientAddresses, AreRememberedForTheNextRequestOfTheRun) {
  const TlsServer& stuck = broken("127.0.0.2", Fault::kResetBeforeHandshake);
  dead("127.0.0.3");
  named({"127.0.0.2", "127.0.0.3", "127.0.0.1"});
  HttpsClient client(options_, log_);
  HttpRequest request;
  request.method = "GET";
  request.url = url_;
  for (int i = 0; i < 3; ++i) EXPECT_EQ(client.send(request, Deadline::after(kPatience)).status, 200);
  EXPECT_EQ(stuck.connections(), 1);
  EXPECT_EQ(server_->connections(), 3);
  EXPECT_EQ(addresses_.asked, 1);
}

TEST_F(HttpsClientAddresses, AreTriedAgainWhenAllHaveFailed) {
  TlsServer& only = broken("127.0.0.2", Fault::kNone);
  only.misbehave({Fault::kResetBeforeHandshake, Fault::kResetAfterRequest});
  named({"127.0.0.2"});
  EXPECT_EQ(post().status, 200);
  EXPECT_EQ(only.connections(), 3);
  EXPECT_EQ(addresses_.asked, 3);  // there may be new ones meanwhile
}

TEST_F(HttpsClientAddresses, AreNamedWithWhatEachDid) {
  dead("127.0.0.2");
  dead("127.0.0.3");
  named({"127.0.0.2", "::1", "127.0.0.3"});
  const Error error = failure(milliseconds(1'500));
  const std::string place = std::string(kHost) + ":" + std::to_string(server_->port());
  EXPECT_EQ(error.code(), ErrorCode::kConnectFailed);
  EXPECT_THAT(error.line(),
              AllOf(HasSubstr("connecting to " + place + " failed: "), HasSubstr("127.0.0.2 did not answer"),
                    HasSubstr("[::1] refused the connection"), HasSubstr("127.0.0.3 did not answer")));
}

TEST_F(HttpsClientAddresses, AreNamedWhenTheLastFailsLaterThanTheOthers) {
  options_.retry.attempts = 2;
  broken("127.0.0.2", Fault::kStallBeforeHandshake);
  broken("127.0.0.3", Fault::kResetAfterRequest);
  named({"127.0.0.2", "127.0.0.3"});
  const Error error = failure(milliseconds(4'000));
  EXPECT_THAT(error.line(),
              AllOf(HasSubstr("waiting for " + std::string(kHost) + " failed"), HasSubstr("address=127.0.0.3"),
                    HasSubstr("others=\"127.0.0.2 accepted the connection, then did not answer in time\"")));
}

TEST_F(HttpsClientAddresses, AreNamedInAFailureThatIsFinal) {
  // Which of the addresses has the expired certificate is what its operator asks first.
  TlsServer stranger(serverOptions(pki_.issue("stranger", {.names = {"other.test"}})),
                     [](const ServerRequest&) { return ServerReply{}; });
  url_ = "https://" + std::string(kHost) + ":" + std::to_string(stranger.port()) + "/";
  named({"127.0.0.1"});
  const Error error = failure();
  EXPECT_EQ(error.code(), ErrorCode::kTlsFailed);
  EXPECT_THAT(error.line(), HasSubstr("address=127.0.0.1"));
  EXPECT_THAT(error.line(), Not(HasSubstr("others=")));
}

TEST_F(HttpsClientAddresses, OfTheProxyAreTreatedAlike) {
  constexpr const char* kProxyHost = "proxy.addresses.invalid";
  ConnectProxy good({.credentials = {}, .routes = {{kHost, server_->port()}}});
  DeadAddress silent("127.0.0.4", good.port());
  ConnectProxy stalls({.credentials = {}, .routes = {}, .address = "127.0.0.2", .port = good.port()});
  ConnectProxy closes({.credentials = {}, .routes = {}, .address = "127.0.0.3", .port = good.port()});
  stalls.misbehave({ProxyFault::kStall, ProxyFault::kStall});
  closes.misbehave({ProxyFault::kClose, ProxyFault::kClose});
  addresses_.names[kProxyHost] = {"127.0.0.4", "127.0.0.2", "127.0.0.3", "127.0.0.1"};
  options_.environment["HTTPS_PROXY"] = "http://" + std::string(kProxyHost) + ":" + std::to_string(good.port());
  EXPECT_EQ(post(milliseconds(6'000)).status, 200);
  EXPECT_EQ(stalls.requests().size(), 1u);
  EXPECT_EQ(closes.requests().size(), 1u);
  EXPECT_EQ(good.requests().size(), 1u);
}

// --- names that cannot be resolved ---

TEST_F(HttpsClientAddresses, AreAskedForAgainWhenTheNameServerFailed) {
  named({"127.0.0.1"});
  addresses_.problems = {EAI_AGAIN, EAI_AGAIN};
  EXPECT_EQ(post().status, 200);
  EXPECT_EQ(addresses_.asked, 3);
}

TEST_F(HttpsClientAddresses, AreGivenUpWhenTheNameServerKeepsFailing) {
  addresses_.problems = std::vector<int>(10, EAI_AGAIN);
  const Error error = failure();
  EXPECT_EQ(error.code(), ErrorCode::kDnsFailed);
  EXPECT_THAT(error.line(),
              AllOf(HasSubstr("the name server did not answer"), HasSubstr("attempts=4"), Not(HasSubstr("spelling"))));
}

TEST_F(HttpsClientAddresses, AreAskedForOnceWhenTheProblemIsFinal) {
  for (const int problem : {EAI_NONAME, EAI_FAIL, EAI_MEMORY, EAI_SYSTEM, EAI_FAMILY}) {
    addresses_.asked = 0;
    addresses_.problems = {problem};
    EXPECT_EQ(failure().code(), ErrorCode::kDnsFailed);
    EXPECT_EQ(addresses_.asked, 1) << problem;
  }
}

TEST_F(HttpsClientAddresses, OfTheProxyAreAskedForAgainToo) {
  ConnectProxy proxy({.credentials = {}, .routes = {{kHost, server_->port()}}});
  addresses_.names["proxy.addresses.invalid"] = {"127.0.0.1"};
  addresses_.problems = {EAI_AGAIN};
  options_.environment["HTTPS_PROXY"] = "http://proxy.addresses.invalid:" + std::to_string(proxy.port());
  EXPECT_EQ(post().status, 200);
}

}  // namespace
}  // namespace rcb::test
