// What trust in the machine's authorities costs until OpenSSL has the one that a handshake asks for: a bundle parsed whole, as OpenSSL loads it, a
// bundle searched by our lookup, and a hashed folder. The figures of docs/adr/0004-tls-trust.md. Medians, in turns.
//
//   bench_trust [BUNDLE]     default: /etc/ssl/certs/ca-certificates.crt; the folder is /etc/ssl/certs
#include "core/trust/system_trust.hpp"
#include "core/trust/trust_lookup.hpp"
#include "core/trust/x509_handle.hpp"

#include <openssl/pem.h>
#include <openssl/x509_vfy.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace {

using Store = std::unique_ptr<X509_STORE, rcb::OpensslReleaser<X509_STORE_free>>;
using Context = std::unique_ptr<X509_STORE_CTX, rcb::OpensslReleaser<X509_STORE_CTX_free>>;
using Trust = std::function<void(X509_STORE*)>;

[[noreturn]] void die(const char* what) {
  std::fprintf(stderr, "bench_trust: %s\n", what);
  std::exit(70);
}

std::vector<rcb::X509Handle> certificatesOf(const char* bundle) {
  const std::unique_ptr<BIO, rcb::OpensslReleaser<BIO_free>> file(BIO_new_file(bundle, "r"));
  if (file == nullptr) die("cannot read the bundle");
  std::vector<rcb::X509Handle> all;
  while (rcb::X509Handle one{PEM_read_bio_X509_AUX(file.get(), nullptr, nullptr, nullptr)})
    all.push_back(std::move(one));
  if (all.empty()) die("the bundle contains no certificate");
  return all;
}

void findIn(const Trust& trust, const X509_NAME* wanted) {
  const Store store(X509_STORE_new());
  trust(store.get());
  const Context context(X509_STORE_CTX_new());
  X509_STORE_CTX_init(context.get(), store.get(), nullptr, nullptr);
  const rcb::X509Handle found(
      X509_OBJECT_get0_X509(X509_STORE_CTX_get_obj_by_subject(context.get(), X509_LU_X509, wanted)));
  if (found == nullptr) die("the certificate is not found");
}

// One in a process of its own: a run of the broker does it once, with a fresh heap and cold caches.
double milliseconds(const Trust& trust, const X509_NAME* wanted) {
  int channel[2];
  if (::pipe(channel) != 0) std::abort();
  if (::fork() == 0) {
    const auto start = std::chrono::steady_clock::now();
    findIn(trust, wanted);
    const double time = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
    ::_exit(::write(channel[1], &time, sizeof time) == sizeof time ? 0 : 1);
  }
  ::close(channel[1]);
  int status = 0;
  ::wait(&status);
  double time = 0;
  if (status != 0 || ::read(channel[0], &time, sizeof time) != sizeof time) die("a measured process failed");
  ::close(channel[0]);
  return time;
}

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
  return values[values.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  constexpr int kRuns = 201;
  const std::string bundle = argc > 1 ? argv[1] : "/etc/ssl/certs/ca-certificates.crt";
  OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
  const std::vector<rcb::X509Handle> certificates = certificatesOf(bundle.c_str());
  struct Way {
    const char* name;
    Trust trust;
    std::vector<double> times;
  };
  Way ways[] = {
      {"bundle, parsed whole by OpenSSL",
       [&](X509_STORE* store) {
         if (X509_STORE_load_file(store, bundle.c_str()) != 1) die("OpenSSL refuses the bundle");
       },
       {}},
      {"bundle, searched", [&](X509_STORE* store) { rcb::trustFile(store, bundle, "bundle"); }, {}},
      {"hashed folder",
       [](X509_STORE* store) {
         rcb::trustSystem(store, {{"SSL_CERT_DIR", "/etc/ssl/certs"}});
       },
       {}},
  };
  for (int run = 0; run < kRuns; ++run) {
    const X509* wanted = certificates[static_cast<std::size_t>(run) % certificates.size()].get();
    for (Way& way : ways) way.times.push_back(milliseconds(way.trust, X509_get_subject_name(wanted)));
  }
  std::printf("%zu certificates in %s\n", certificates.size(), bundle.c_str());
  for (const Way& way : ways) std::printf("%-32s %7.3f ms\n", way.name, median(way.times));
}
