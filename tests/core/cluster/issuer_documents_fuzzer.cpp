// Whatever an issuer publishes, it is read as far as it is needed, or has a reason; what is shown of it is printable.

#include "core/cluster/issuer_documents.hpp"
#include "tests/support/fuzz_input.hpp"

#include <algorithm>

namespace {

using rcb::test::require;

void requirePrintable(const std::string& text) {
  require(std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; }));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = rcb::test::textOf(data, size);
  const auto metadata = rcb::parseIssuerMetadata(text);
  if (const auto* read = std::get_if<rcb::IssuerMetadata>(&metadata)) {
    require(!read->issuer.empty() && !read->keysUrl.empty());
    requirePrintable(read->issuer + read->keysUrl);
  }
  const auto keys = rcb::parseIssuerKeys(text);
  if (const auto* read = std::get_if<std::vector<rcb::IssuerKey>>(&keys)) {
    require(!read->empty() && read->size() <= 1000);
    for (const rcb::IssuerKey& key : *read) requirePrintable(key.id + key.type);
  }
  rcb::whyInternal(std::string(text.substr(0, 300)));
  return 0;
}
