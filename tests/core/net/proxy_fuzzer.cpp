// NO_PROXY up to the first line end, then HTTPS_PROXY.
#include "core/net/proxy.hpp"
#include "core/support/error.hpp"
#include "tests/core/net/fuzz_input.hpp"

#include <algorithm>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rcb;
  static const HttpUrl urls[] = {parseHttpUrl("https://api.cloudsmith.test/"), parseHttpUrl("https://10.1.2.3:5000/"),
                                 parseHttpUrl("https://[fd00::1]/")};
  static const HttpUrl loopback = parseHttpUrl("https://127.0.0.1/");
  const std::string_view text = test::textOf(data, size);
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view noProxy = text.substr(0, end);
  for (const HttpUrl& url : urls) isExempt(noProxy, url);
  test::promise(isExempt(noProxy, loopback));
  try {
    const Proxy proxy = parseProxy(text.substr(std::min(end + 1, text.size())));
    test::promise(!proxy.host.empty() && proxy.port != 0);
    test::promise(proxy.authorization.reveal().find_first_of("\r\n") == std::string_view::npos);
  } catch (const Error&) {
  }
  return 0;
}
