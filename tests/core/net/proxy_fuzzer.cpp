// NO_PROXY up to the first line end, then HTTPS_PROXY.
#include "core/net/proxy.hpp"
#include "core/support/error.hpp"
#include "tests/support/fuzz_input.hpp"

#include <algorithm>
#include <string>

namespace {

using namespace rcb;

// All lines that refuse a proxy: a fuzzer finds the program's words and puts them into a password.
std::string refusals() {
  std::string lines;
  for (const std::string& value :
       {std::string(5000, 'x'), std::string(" "), std::string("https://p"), std::string("ftp://p"), std::string("/@p"),
        std::string("\\@p"), std::string("%@p"), std::string("%00@p"), std::string("%3a@p"), std::string("u@a:b:c"),
        std::string("u@"), std::string("u@p:0"), std::string("u@http://p")}) {
    try {
      parseProxy(value);
    } catch (const Error& error) {
      lines += error.line() + "\n";
    }
  }
  return lines;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const HttpUrl urls[] = {parseHttpUrl("https://api.cloudsmith.invalid/"),
                                 parseHttpUrl("https://10.1.2.3:5000/"), parseHttpUrl("https://[fd00::1]/")};
  static const HttpUrl loopback = parseHttpUrl("https://127.0.0.1/");
  static const std::string known = refusals();
  const std::string_view text = test::textOf(data, size);
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view noProxy = text.substr(0, end);
  for (const HttpUrl& url : urls) isExempt(noProxy, url);
  test::require(isExempt(noProxy, loopback));
  const std::string_view value = text.substr(std::min(end + 1, text.size()));
  try {
    const Proxy proxy = parseProxy(value);
    test::require(!proxy.host.empty() && proxy.port != 0);
    test::require(proxy.authorization.reveal().find_first_of("\r\n") == std::string_view::npos);
    // Nothing before the last '@' is taken for the host.
    test::require(parseProxy(value.substr(value.rfind('@') + 1)).host == proxy.host);
  } catch (const Error& error) {
    // No line quotes anything: each is one of those that other values get.
    test::require(known.find(error.line() + "\n") != std::string::npos);
  }
  return 0;
}
