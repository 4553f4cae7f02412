#include "core/support/http_url.hpp"
#include "core/support/error.hpp"
#include "tests/core/net/fuzz_input.hpp"

#include <algorithm>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rcb;
  HttpUrl url;
  try {
    url = parseHttpUrl(test::textOf(data, size));
  } catch (const Error&) {
    return 0;
  }
  // What was accepted means the same when it is written down again.
  const HttpUrl again = parseHttpUrl("https://" + url.authority() + url.target);
  test::promise(again.host == url.host && again.port == url.port && again.target == url.target);
  for (const std::string& part : {url.host, url.target}) {
    test::promise(
        std::all_of(part.begin(), part.end(), [](char c) { return c > 0x20 && c < 0x7f && c != '#' && c != '\\'; }));
  }
  return 0;
}
