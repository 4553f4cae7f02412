// A credentialFile of static-token either can be used or is an error that the operator can correct, never a bug in the module.
#include "core/modules/provider_set.hpp"
#include "core/support/error.hpp"
#include "core/support/utf8.hpp"
#include "providers/builtin.hpp"
#include "tests/support/fuzz_input.hpp"

#include <cstdlib>

namespace {

using namespace rcb;

class NoNetwork final : public HttpClient {
 public:
  HttpResponse send(const HttpRequest&, const Deadline&) override { std::abort(); }
};

void checkCredential(const IssuedCredential& credential) {
  const std::string& username = credential.username;
  const std::string_view password = credential.password.reveal();
  test::require(isUtf8(username) && username.find_first_of(":\r\n") == std::string::npos);
  test::require(isUtf8(password) && password.find('\0') == std::string_view::npos);
  test::require(!username.empty() && !password.empty() && password.size() <= 64 * 1024);
}

void checkFailure(const Error& error) {
  test::require(error.code() == ErrorCode::kSettingsInvalid);
  const std::string line = error.line();
  test::requireShowable(line);
  test::require(line.find("/credential-file") != std::string::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static ProviderSet providers(builtinProviders(), {});
  static const Provider& provider = providers.open("static-token");
  const std::string_view content = test::textOf(data, size);
  NoNetwork network;
  const Log silent;
  const ProviderRequest request{.image = "mirror.test:5000/team/app",
                                .registry = "mirror.test:5000",
                                .settings = {{"credentialFile", "/credential-file"}}};
  try {
    checkCredential(provider.provide(request, {.http = network,
                                               .log = silent,
                                               .deadline = Deadline::after(std::chrono::seconds(10)),
                                               .now = [] { return UnixTime(); },
                                               .readFile = [&](const std::string&) { return Secret(content); }}));
  } catch (const Error& error) {
    checkFailure(error);
  }
  return 0;
}
