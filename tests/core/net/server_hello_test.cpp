// Servers that break TLS, or speak a TLS of long ago: what they send first, byte by byte, and what the client says of it.
#include "tests/core/net/client_fixture.hpp"
#include "tests/support/loopback_listener.hpp"

#include <regex>

namespace rcb::test {
namespace {

using testing::HasSubstr;
using namespace std::string_literals;

std::string number(std::size_t value, int bytes) {
  std::string text;
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) text += static_cast<char>((value >> shift) & 0xff);
  return text;
}

std::string sized(const std::string& body, int bytes) { return number(body.size(), bytes) + body; }

std::string extension(std::size_t type, const std::string& body) { return number(type, 2) + sized(body, 2); }

std::string record(char type, const std::string& body) { return std::string(1, type) + "\x03\x03" + sized(body, 2); }

struct Hello {
  std::string version = "\x03\x03";
  std::string cipher = "\xc0\x2b";  // ECDHE, ECDSA, AES-128-GCM
  char compression = 0;
  std::string extensions = {};
};

std::string serverHello(const Hello& hello) {
  std::string body = hello.version + std::string(32, 'r') + sized("", 1) + hello.cipher + hello.compression;
  if (!hello.extensions.empty()) body += sized(hello.extensions, 2);
  return record(0x16, "\x02" + sized(body, 3));
}

std::string alert(char description) { return record(0x15, "\x02"s + description); }

const std::string kSecureRenegotiation = extension(0xff01, "\0"s);

struct Server {
  const char* name;
  std::string bytes;
  const char* words;
};

void PrintTo(const Server& server, std::ostream* to) { *to << server.name; }

class HttpsClientMeets : public ClientFixture, public testing::WithParamInterface<Server> {};

TEST_P(HttpsClientMeets, AndSaysWhatIsWrong) {
  const LoopbackListener listener("127.0.0.1", 0, [bytes = GetParam().bytes] {
    return [bytes](LoopbackConnection& connection) {
      char hello[4096];
      connection.receive(hello, sizeof hello);
      connection.send(bytes);
      connection.finish();
    };
  });
  options_.retry.attempts = 1;
  url_ = "https://127.0.0.1:" + std::to_string(listener.port()) + "/";
  const Error error = failure();
  EXPECT_THAT(error.line(), HasSubstr(GetParam().words));
  EXPECT_FALSE(error.advice().empty() && error.code() == ErrorCode::kTlsFailed) << error.line();
  EXPECT_FALSE(std::regex_search(error.message(), std::regex("reason|error:|alert [0-9]"))) << error.line();
}

INSTANTIATE_TEST_SUITE_P(
    , HttpsClientMeets,
    testing::Values(Server{"NoRenegotiationInfo", serverHello({}), "does not support secure renegotiation (RFC 5746)"},
                    Server{"CipherThatWasNotOffered",
                           serverHello({.cipher = "\x00\x05"s, .extensions = kSecureRenegotiation}),
                           "chose a cipher that was not offered"},
                    Server{"Tls11", serverHello({.version = "\x03\x02", .extensions = kSecureRenegotiation}),
                           "does not support TLS 1.2 or later"},
                    Server{"Ssl3", serverHello({.version = "\x03\x00"s}), "does not support TLS 1.2 or later"},
                    Server{"Compression", serverHello({.compression = 1, .extensions = kSecureRenegotiation}), "TLS"},
                    Server{"ExtensionThatWasNotAskedFor",
                           serverHello({.extensions = kSecureRenegotiation + extension(5, "")}),
                           "violated the TLS protocol"},
                    Server{"ExtensionTwice", serverHello({.extensions = kSecureRenegotiation + kSecureRenegotiation}),
                           "violated the TLS protocol"},
                    Server{"ProtocolThatWasNotOffered",
                           serverHello({.extensions = kSecureRenegotiation + extension(16, sized(sized("h2", 1), 2))}),
                           "violated the TLS protocol"},
                    Server{"HelloCutShort", record(0x16, "\x02"s + number(10, 3) + std::string(10, 'x')), "TLS"},
                    Server{"AnotherMessageFirst", record(0x16, "\x0b"s + sized("", 3)), "violated the TLS protocol"},
                    Server{"ApplicationDataFirst", record(0x17, "hello"), "violated the TLS protocol"},
                    Server{"PlainHttp", "HTTP/1.1 400 Bad Request\r\n\r\n", "does not speak TLS"},
                    Server{"Ssh", "SSH-2.0-OpenSSH_9.2\r\n", "does not speak TLS"},
                    Server{"HugeRecord", "\x16\x03\x03\xff\xff" + std::string(70'000, 'x'), "TLS"},
                    Server{"HandshakeFailure", alert(40), "found no cipher in common"},
                    Server{"InternalError", alert(80), "reported an internal error (alert internal_error)"},
                    Server{"UnrecognizedName", alert(112), "does not serve this host name"},
                    Server{"NoApplicationProtocol", alert(120), "does not offer HTTP/1.1"},
                    Server{"UnknownAlert", alert(99), "an undefined TLS alert"},
                    Server{"Silence", "", "the peer closed the connection"}),
    [](const auto& server) { return server.param.name; });

}  // namespace
}  // namespace rcb::test
