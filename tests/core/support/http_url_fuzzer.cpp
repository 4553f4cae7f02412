#include "core/support/error.hpp"
#include "core/support/http_url.hpp"
#include "tests/support/fuzz_input.hpp"

#include <algorithm>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rcb;
  const std::string_view text = test::textOf(data, size);
  // A host is accepted alone if and only if it is accepted in a URL.
  if (text.find_first_of("/?#@") == std::string_view::npos && text.size() < 8000) {
    test::require(httpHostFault(text).empty() == httpUrlFault("https://" + std::string(text)).empty());
  }
  HttpUrl url;
  try {
    url = parseHttpUrl(text);
  } catch (const Error&) {
    return 0;
  }
  // What was accepted means the same when it is written down again.
  const HttpUrl again = parseHttpUrl("https://" + url.authority() + url.target);
  test::require(again.host == url.host && again.port == url.port && again.target == url.target);
  for (const std::string& part : {url.host, url.target}) {
    test::require(
        std::all_of(part.begin(), part.end(), [](char c) { return c > 0x20 && c < 0x7f && c != '#' && c != '\\'; }));
  }
  return 0;
}
