#include "core/report/style.hpp"

namespace rcb {
namespace {

constexpr std::string_view kReset = "\x1b[0m";

std::string_view sequenceOf(Tone tone) {
  switch (tone) {
    case Tone::kGood:
      return "\x1b[32m";
    case Tone::kWarning:
      return "\x1b[33m";
    case Tone::kBad:
      return "\x1b[31m";
  }
  return kReset;
}

}  // namespace

std::string Style::paint(Tone tone, std::string_view text) const {
  std::string painted;
  if (colour) painted += sequenceOf(tone);
  painted += text;
  if (colour) painted += kReset;
  return painted;
}

Style styleFor(bool terminal, const Environment& environment) {
  const auto valueOf = [&environment](std::string_view name) {
    const auto entry = environment.find(name);
    return entry == environment.end() ? std::string_view() : std::string_view(entry->second);
  };
  return {.colour = terminal && valueOf("NO_COLOR").empty() && valueOf("TERM") != "dumb"};
}

}  // namespace rcb
