#include "core/support/utf8.hpp"
#include "core/support/xml_text.hpp"
#include "tests/support/fuzz_input.hpp"

#include <optional>
#include <string_view>
#include <variant>

// The path is the input's first line, the document what follows it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input = rcb::test::textOf(data, size);
  const std::size_t end = input.find('\n');
  if (end == std::string_view::npos) return 0;
  const std::string_view document = input.substr(end + 1);
  const std::string_view line = input.substr(0, end);
  const std::string_view path = rcb::isXmlPath(line) ? line : "/a";
  const auto found = rcb::readXmlText(document, path);
  if (const auto* problem = std::get_if<rcb::XmlProblem>(&found)) {
    rcb::test::require(!problem->reason.empty() && rcb::isUtf8(problem->reason));
    return 0;
  }
  rcb::test::require(rcb::isUtf8(document));
  // Without entities of its own, no document says more than it has bytes.
  const auto& text = std::get<std::optional<rcb::Secret>>(found);
  rcb::test::require(!text || (rcb::isUtf8(text->reveal()) && text->size() < document.size() &&
                               text->reveal().find('\0') == std::string_view::npos));
  // No beginning of a document is one.
  const std::size_t last = document.find_last_not_of(" \t\r\n");
  rcb::test::require(std::holds_alternative<rcb::XmlProblem>(rcb::readXmlText(document.substr(0, last), path)));
  return 0;
}
