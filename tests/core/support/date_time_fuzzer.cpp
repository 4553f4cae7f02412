#include "core/support/date_time.hpp"
#include "tests/support/fuzz_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = rcb::test::textOf(data, size);
  const auto time = rcb::parseRfc3339(text);
  if (!time) return 0;
  // The offset may lead a day out of the years 0 to 9999.
  constexpr rcb::UnixTime kFirst{std::chrono::seconds(-62167219200)};
  rcb::test::require(*time >= kFirst - std::chrono::hours(24) && *time <= rcb::kLatestTime + std::chrono::hours(24));
  if (*time < kFirst || *time > rcb::kLatestTime) return 0;
  const std::string written = rcb::formatRfc3339(*time);
  rcb::test::require(rcb::parseRfc3339(written) == time);
  // What is written as we write it, without a leap second, is written so again.
  const bool same = size == written.size() && text.ends_with('Z') && text[10] == 'T' && !text.ends_with(":60Z");
  rcb::test::require(!same || text == written);
  return 0;
}
