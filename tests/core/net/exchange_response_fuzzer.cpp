// An exchange's refusal: the body, of JSON or else plain text, up to the first NUL, then a WWW-Authenticate header.
#include "core/net/failure_reason.hpp"
#include "tests/support/fuzz_input.hpp"

#include <algorithm>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rcb;
  constexpr std::string_view kSecrets[] = {"eyJhbGciOiJSUzI1NiJ9.canary-canary", "hunter2"};
  const std::string_view text = test::textOf(data, size);
  const std::size_t end = std::min(text.find('\0'), text.size());
  HttpResponse response;
  response.status = 401;
  response.body = Secret(text.substr(0, end));
  response.headers.emplace_back("Content-Type", "text/plain; charset=utf-8");
  response.headers.emplace_back("WWW-Authenticate", text.substr(std::min(end + 1, text.size())));
  const std::string reason = failureReason(response, kSecrets);
  test::require(reason.size() <= 200);
  test::requireShowable(reason);
  for (const std::string_view secret : kSecrets) test::require(!sharesRun(reason, secret, 16));
  return 0;
}
