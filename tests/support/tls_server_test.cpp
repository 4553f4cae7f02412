// The test servers against OpenSSL's own client, so that a failure elsewhere is not theirs.
#include "tests/support/tls_server.hpp"

#include "tests/support/connect_proxy.hpp"
#include "tests/support/loopback_listener.hpp"
#include "tests/support/pki.hpp"
#include "tests/support/temp_folder.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace rcb::test {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

constexpr std::string_view kPost = "POST /a?b=c HTTP/1.1\r\nHost: api.test\r\nContent-Length: 4\r\n\r\nbody";

class TestServers : public testing::Test {
 protected:
  TestServers() { options_.certificateFile = leaf_.certificateFile, options_.keyFile = leaf_.keyFile; }

  // Everything that the server sends for these bytes.
  std::string talk(int socket, std::string_view bytes) {
    SSL_CTX* context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_load_verify_dir(context, pki_.caFolder().c_str());
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    SSL* ssl = SSL_new(context);
    char name[] = "api.test";
    SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name);
    SSL_set1_host(ssl, "api.test");
    SSL_set_fd(ssl, socket);
    std::string answer = SSL_connect(ssl) == 1 ? "" : "no handshake";
    if (answer.empty() && SSL_write(ssl, bytes.data(), static_cast<int>(bytes.size())) > 0) {
      char buffer[4096];
      for (int got; (got = SSL_read(ssl, buffer, sizeof buffer)) > 0;)
        answer.append(buffer, static_cast<std::size_t>(got));
      if (SSL_get_shutdown(ssl) == 0) answer += "|cut";
    }
    SSL_free(ssl);
    SSL_CTX_free(context);
    ::close(socket);
    return answer;
  }
  static int dial(std::uint16_t port) {
    const int socket = connectLoopback(port);
    EXPECT_GE(socket, 0);
    EXPECT_EQ(::fcntl(socket, F_SETFL, 0), 0);
    return socket;
  }

  TempFolder folder_;
  Pki pki_{folder_.path()};
  Pki::Leaf leaf_ = pki_.issue("server", {.names = {"api.test"}});
  TlsServer::Options options_;
};

TEST_F(TestServers, RecordTheRequestAndSendTheHandlersReply) {
  TlsServer server(options_, [](const ServerRequest& request) {
    return ServerReply{201, {{"X-Test", "yes"}}, request.body + "!"};
  });
  const std::string answer = talk(dial(server.port()), kPost);
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 201 "));
  EXPECT_THAT(answer, HasSubstr("\r\nX-Test: yes\r\n"));
  EXPECT_THAT(answer, EndsWith("\r\n\r\nbody!"));
  ASSERT_EQ(server.requests().size(), 1u);
  EXPECT_EQ(server.requests()[0].method, "POST");
  EXPECT_EQ(server.requests()[0].target, "/a?b=c");
  EXPECT_EQ(server.requests()[0].headers.at("host"), "api.test");
  EXPECT_THAT(server.serverNames(), ElementsAre("api.test"));
}

TEST_F(TestServers, ReadChunkedRequests) {
  TlsServer server(options_, [](const ServerRequest& request) { return ServerReply{200, {}, request.body}; });
  EXPECT_THAT(talk(dial(server.port()),
                   "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"),
              EndsWith("\r\n\r\nabcde"));
}

TEST_F(TestServers, MisbehaveOncePerEntryAndThenBehave) {
  TlsServer server(options_, [](const ServerRequest&) { return ServerReply{200, {}, "0123456789"}; });
  server.misbehave({Fault::kResetBeforeHandshake, Fault::kNotTls, Fault::kResetAfterRequest, Fault::kCloseInBody,
                    Fault::kCutInBody, Fault::kNotHttp});
  EXPECT_EQ(talk(dial(server.port()), kPost), "no handshake");
  EXPECT_EQ(talk(dial(server.port()), kPost), "no handshake");
  EXPECT_EQ(talk(dial(server.port()), kPost), "|cut");
  EXPECT_THAT(talk(dial(server.port()), kPost), EndsWith("\r\n\r\n01234"));
  EXPECT_THAT(talk(dial(server.port()), kPost), EndsWith("\r\n\r\n01234|cut"));
  EXPECT_THAT(talk(dial(server.port()), kPost), StartsWith("220 "));
  EXPECT_THAT(talk(dial(server.port()), kPost), EndsWith("\r\n\r\n0123456789"));
  EXPECT_EQ(server.connections(), 7);
}

TEST_F(TestServers, AnswerSeveralRequestsOfAConnectionIfToldTo) {
  const std::string get = "GET /a HTTP/1.1\r\n\r\n";
  const std::string last = "GET /b HTTP/1.1\r\nConnection: close\r\n\r\n";
  for (const bool keepAlive : {false, true}) {
    options_.keepAlive = keepAlive;
    TlsServer server(options_, [](const ServerRequest& request) { return ServerReply{200, {}, request.target}; });
    const std::string answer = talk(dial(server.port()), get + last);
    EXPECT_EQ(answer.find("Connection: close") < answer.find("/a"), !keepAlive) << answer;
    EXPECT_THAT(answer, EndsWith(keepAlive ? "\r\n\r\n/b" : "\r\n\r\n/a"));
    EXPECT_EQ(server.requests().size(), keepAlive ? 2u : 1u);
  }
}

TEST_F(TestServers, MisbehaveAfterGoodRequests) {
  options_.keepAlive = true;
  options_.goodRequests = 1;
  TlsServer server(options_, [](const ServerRequest& request) { return ServerReply{200, {}, request.target}; });
  server.misbehave({Fault::kResetAfterRequest, Fault::kUnsolicitedAnswer});
  const std::string get = "GET /a HTTP/1.1\r\n\r\n";
  EXPECT_THAT(talk(dial(server.port()), get + get), EndsWith("\r\n\r\n/a|cut"));
  const std::string last = "GET /b HTTP/1.1\r\nConnection: close\r\n\r\n";
  EXPECT_THAT(talk(dial(server.port()), get + last), EndsWith("\r\n\r\nunsolicited"));
}

TEST_F(TestServers, EndWhileConnectionsStall) {
  std::vector<int> sockets;
  {
    TlsServer server(options_, [](const ServerRequest&) { return ServerReply{}; });
    server.misbehave({Fault::kStallBeforeHandshake, Fault::kNone});
    sockets = {dial(server.port()), dial(server.port())};
  }
  for (const int socket : sockets) ::close(socket);
}

TEST_F(TestServers, TunnelAnyNameToItsRoute) {
  TlsServer server(options_, [](const ServerRequest&) { return ServerReply{200, {}, "through"}; });
  ConnectProxy proxy({.credentials = "", .routes = {{"api.test", server.port()}}});
  const int socket = dial(proxy.port());
  const std::string_view connect = "CONNECT api.test:443 HTTP/1.1\r\nProxy-Authorization: Basic eDp5\r\n\r\n";
  ASSERT_EQ(::send(socket, connect.data(), connect.size(), 0), static_cast<ssize_t>(connect.size()));
  const std::string_view established = "HTTP/1.1 200 Connection established\r\n\r\n";
  char answer[100];
  ASSERT_EQ(::recv(socket, answer, established.size(), MSG_WAITALL), static_cast<ssize_t>(established.size()));
  EXPECT_THAT(talk(socket, kPost), EndsWith("through"));
  ASSERT_EQ(proxy.requests().size(), 1u);
  EXPECT_EQ(proxy.requests()[0].target, "api.test:443");
  EXPECT_EQ(proxy.requests()[0].proxyAuthorization, "Basic eDp5");
}

TEST_F(TestServers, KeepKeysAndFoldersPrivate) {
  struct stat info;
  ASSERT_EQ(::stat(leaf_.keyFile.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 0600u);
  ASSERT_EQ(::stat(folder_.path().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 0700u);
}

}  // namespace
}  // namespace rcb::test
