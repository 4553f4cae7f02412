// Every way in which a connection goes wrong: the code, the phase that the message names, and that it ends in time.
#include "tests/core/net/client_fixture.hpp"
#include "tests/support/loopback_addresses.hpp"

#include <signal.h>
#include <sys/resource.h>

namespace rcb::test {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

class HttpsClientFaults : public ClientFixture {
 protected:
  static constexpr milliseconds kBudget{700};
  // Other processes may need the processor; a deadline that is not kept costs an attempt's limit of 5 s at least.
  static constexpr milliseconds kTolerance{4'000};

  // The error of a request to a server that always has this fault, having checked that it came in time.
  Error failureOf(Fault fault, milliseconds budget) {
    serve();
    server_->misbehave(std::vector<Fault>(10, fault));
    const auto began = std::chrono::steady_clock::now();
    const Error error = failure(budget);
    EXPECT_LT(std::chrono::steady_clock::now() - began, budget + kTolerance) << error.line();
    return error;
  }
};

struct FaultCase {
  Fault fault;
  ErrorCode code;
  const char* said;
};

TEST_F(HttpsClientFaults, EndInTimeWithCodeAndPhase) {
  using enum ErrorCode;
  const FaultCase cases[] = {
      {Fault::kStallBeforeHandshake, kDeadline, "TLS handshake with 127.0.0.1 timed out after "},
      {Fault::kStallBeforeHeaders, kDeadline, "waiting for 127.0.0.1 timed out"},
      {Fault::kStallInBody, kDeadline, "reading from 127.0.0.1 timed out"},
      {Fault::kDrip, kDeadline, "reading from 127.0.0.1 timed out"},
      {Fault::kResetBeforeHandshake, kConnectionLost, "TLS handshake with 127.0.0.1 failed: "},
      {Fault::kResetAfterRequest, kConnectionLost, "waiting for 127.0.0.1 failed: "},
      {Fault::kCloseInBody, kConnectionLost, "reading from 127.0.0.1 failed: the body ended after 6 bytes"},
      {Fault::kCutInBody, kConnectionLost, "reading from 127.0.0.1 failed: the peer closed the connection"},
      {Fault::kOversized, kAnswerTooLarge, "the answer from 127.0.0.1 is larger than 1 MiB"},
      {Fault::kOversizedHeaders, kAnswerTooLarge, "the answer from 127.0.0.1 has more than 64 KiB of headers"},
      {Fault::kNotHttp, kAnswerInvalid,
       "the answer from 127.0.0.1 is not valid HTTP/1.1: it is the greeting of a mail"},
      {Fault::kNotTls, kTlsFailed, "TLS handshake with 127.0.0.1 failed: the server does not speak TLS"},
  };
  for (const FaultCase& expected : cases) {
    // Only silence needs a short budget; a fault that shows itself must not race with one on a busy machine.
    const Error error = failureOf(expected.fault, expected.code == kDeadline ? kBudget : kPatience);
    EXPECT_EQ(error.code(), expected.code) << error.line();
    EXPECT_THAT(error.line(), HasSubstr(expected.said));
    EXPECT_EQ(error.line().find("elapsed=") != std::string::npos, error.kind() == ErrorKind::kUnavailable);
  }
}

TEST_F(HttpsClientFaults, LeadToAnotherAttemptIfTheyMayPass) {
  for (const Fault fault :
       {Fault::kResetBeforeHandshake, Fault::kResetAfterRequest, Fault::kCloseInBody, Fault::kCutInBody}) {
    serve();
    server_->misbehave({fault});
    EXPECT_EQ(post().status, 200);
    EXPECT_EQ(server_->connections(), 2);
  }
}

TEST_F(HttpsClientFaults, LeadToNoFurtherAttemptIfTheyWillNotPass) {
  for (const Fault fault : {Fault::kOversized, Fault::kOversizedHeaders, Fault::kNotHttp, Fault::kNotTls}) {
    serve();
    server_->misbehave({fault});
    failure();
    EXPECT_EQ(server_->connections(), 1);
  }
}

TEST_F(HttpsClientFaults, TakeOnlyOneAttemptsTimeWhenTheServerIsSilent) {
  options_.retry.attemptLimit = milliseconds(200);
  for (const Fault fault :
       {Fault::kStallBeforeHandshake, Fault::kStallBeforeHeaders, Fault::kStallInBody, Fault::kDrip}) {
    serve();
    server_->misbehave({fault});
    EXPECT_EQ(post().status, 200);
  }
}

TEST_F(HttpsClientFaults, DoNotKillTheProcessWithSigpipe) {
  // A library may have blocked the signal; that our sockets do not depend on it shows without.
  sigset_t pipeSignal;
  sigemptyset(&pipeSignal);
  sigaddset(&pipeSignal, SIGPIPE);
  ASSERT_EQ(::pthread_sigmask(SIG_UNBLOCK, &pipeSignal, nullptr), 0);
  serve();
  server_->misbehave(std::vector<Fault>(10, Fault::kCloseAfterHandshake));
  HttpsClient client(options_, log_);
  HttpRequest request;
  request.method = "POST";
  request.url = url_;
  request.contentType = "text/plain";
  request.body = Secret(std::string(std::size_t{8} << 20, 'x'));
  EXPECT_THAT([&] { client.send(request, Deadline::after(kPatience)); },
              throwsError(ErrorCode::kConnectionLost, "sending to"));
}

TEST_F(HttpsClientFaults, CountTheAttempts) {
  serve();
  server_->misbehave(std::vector<Fault>(10, Fault::kResetAfterRequest));
  EXPECT_THAT(failure().line(), HasSubstr("attempts=4"));
  EXPECT_EQ(server_->connections(), 4);
}

TEST_F(HttpsClientFaults, NameARefusedConnectionAndItsAddress) {
  serve();
  const std::string port = std::to_string(server_->port());
  server_.reset();
  const Error error = failure(kBudget);
  EXPECT_EQ(error.code(), ErrorCode::kConnectFailed);
  EXPECT_THAT(error.line(), HasSubstr("connecting to 127.0.0.1:" + port + " failed: 127.0.0.1 refused the connection"));
  EXPECT_THAT(error.line(), HasSubstr("check that the node can reach 127.0.0.1:" + port));
}

TEST_F(HttpsClientFaults, FindTheServerThatComesUpBetweenAttempts) {
  TlsServer::Options options = serverOptions(pki_.issue("late", {.names = {"127.0.0.1"}}));
  serve(options);
  options.port = server_->port();
  server_.reset();
  onLog_ = [&] {
    if (server_ == nullptr) serve(options);
  };
  EXPECT_EQ(post().status, 200);
  EXPECT_THAT(logged_, HasSubstr("reason=\"connect-failed\""));
}

TEST_F(HttpsClientFaults, EndAConnectionThatIsNeverAccepted) {
  const DeadAddress dead("127.0.0.1", 0);
  url_ = "https://127.0.0.1:" + std::to_string(dead.port()) + "/";
  const auto began = std::chrono::steady_clock::now();
  const Error error = failure(kBudget);
  EXPECT_LT(std::chrono::steady_clock::now() - began, kBudget + kTolerance);
  EXPECT_EQ(error.code(), ErrorCode::kConnectFailed) << error.line();
  EXPECT_THAT(error.line(), HasSubstr(" failed: 127.0.0.1 did not answer (code=connect-failed"));
}

TEST_F(HttpsClientFaults, NameAHostThatDoesNotExist) {
  url_ = "https://registry.invalid/";
  const Error error = failure();
  EXPECT_EQ(error.code(), ErrorCode::kDnsFailed);
  EXPECT_THAT(error.line(), HasSubstr("resolving registry.invalid failed: "));
  EXPECT_THAT(error.line(), HasSubstr("/etc/resolv.conf"));
}

TEST_F(HttpsClientFaults, KeepMemoryBoundedWhateverIsSent) {
  rusage before{};
  ::getrusage(RUSAGE_SELF, &before);
  serve([](const ServerRequest&) {
    return ServerReply{200, {{"Transfer-Encoding", "chunked"}}, "7fffffff\r\n" + std::string(3 << 20, 'x')};
  });
  EXPECT_EQ(failure().code(), ErrorCode::kAnswerTooLarge);
  rusage after{};
  ::getrusage(RUSAGE_SELF, &after);
  // Ours is about a megabyte; the rest is the server's, which runs in the same process.
  EXPECT_LT(after.ru_maxrss - before.ru_maxrss, 24 * 1024);
}

TEST_F(HttpsClientFaults, HaveADeadlineThatHasPassedAlready) {
  serve();
  EXPECT_EQ(failure(milliseconds(0)).code(), ErrorCode::kDeadline);
  EXPECT_EQ(server_->connections(), 0);
}

}  // namespace
}  // namespace rcb::test
