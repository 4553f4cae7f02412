// The floor: one exchange with nothing but OpenSSL and libc between the kubelet and the registry. No rules, no checks, no limits, no retry; the
// cost of a broker is what it needs beyond this. OpenSSL 3 or 4 and POSIX, so that it can be linked like the program that it is compared with.
//
//   bench_floor PORT [CA_FILE] < request     https://localhost:PORT; without CA_FILE the system's certificates are trusted
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

namespace {

[[noreturn]] void die(const char* what) {
  std::fprintf(stderr, "bench_floor: %s\n", what);
  std::exit(70);
}

// The string after `key` in a document that has it without escapes.
std::string_view member(std::string_view json, std::string_view key) {
  const std::size_t name = json.find(key);
  if (name == std::string_view::npos) die("a member is missing");
  const std::size_t begin = json.find('"', json.find(':', name + key.size())) + 1;
  return json.substr(begin, json.find('"', begin) - begin);
}

std::string readAll(int descriptor) {
  std::string text;
  char buffer[16384];
  for (ssize_t got = 0; (got = ::read(descriptor, buffer, sizeof buffer)) > 0;) {
    text.append(buffer, static_cast<std::size_t>(got));
  }
  return text;
}

int connectTo(const char* host, const char* port) {
  addrinfo hints = {};
  hints.ai_family = AF_INET;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host, port, &hints, &found) != 0) die("cannot resolve");
  const int descriptor = ::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (::connect(descriptor, found->ai_addr, found->ai_addrlen) != 0) die("cannot connect");
  ::freeaddrinfo(found);
  return descriptor;
}

// The whole answer to `request`, headers included.
std::string exchange(const char* port, const char* caFile, const std::string& request) {
  // No exchange needs OpenSSL's configuration file.
  OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  const int trusted = caFile != nullptr ? SSL_CTX_load_verify_file(context.get(), caFile)
                                        : SSL_CTX_set_default_verify_paths(context.get());
  if (trusted != 1) die("cannot read the certificates to trust");

  const std::unique_ptr<SSL, decltype(&SSL_free)> tls(SSL_new(context.get()), SSL_free);
  char name[] = "localhost";
  SSL_ctrl(tls.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name);
  X509_VERIFY_PARAM_set1_host(SSL_get0_param(tls.get()), name, 0);
  SSL_set_fd(tls.get(), connectTo(name, port));
  if (SSL_connect(tls.get()) != 1) die("the handshake failed");
  if (SSL_write(tls.get(), request.data(), static_cast<int>(request.size())) <= 0) die("cannot send");

  std::string answer;
  char buffer[16384];
  for (int got = 0; (got = SSL_read(tls.get(), buffer, sizeof buffer)) > 0;) {
    answer.append(buffer, static_cast<std::size_t>(got));
  }
  return answer;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) die("usage: bench_floor PORT [CA_FILE]");
  const std::string request = readAll(STDIN_FILENO);
  const std::string body =
      R"({"oidc_token":")" + std::string(member(request, "\"serviceAccountToken\"")) + R"(","service_slug":"puller"})";
  const std::string answer =
      exchange(argv[1], argc > 2 ? argv[2] : nullptr,
               "POST /openid/acme/ HTTP/1.1\r\nHost: localhost:" + std::string(argv[1]) +
                   "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
                   "\r\nConnection: close\r\n\r\n" + body);
  if (answer.compare(0, 12, "HTTP/1.1 201") != 0) die("the exchange refused");
  const std::string password(member(answer, "\"token\""));
  const std::string response =
      R"({"kind":"CredentialProviderResponse","apiVersion":"credentialprovider.kubelet.k8s.io/v1",)"
      R"("cacheKeyType":"Registry","cacheDuration":"0s","auth":{"localhost":{"username":"token","password":")" +
      password + "\"}}}\n";
  return ::write(STDOUT_FILENO, response.data(), response.size()) == static_cast<ssize_t>(response.size()) ? 0 : 70;
}
