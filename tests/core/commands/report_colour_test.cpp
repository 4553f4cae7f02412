// Colour is emphasis only: without the escape sequences a report is the one that a file gets.
#include "core/commands/explanation.hpp"
#include "core/commands/validation_report.hpp"

#include <gmock/gmock.h>

#include <regex>

namespace rcb {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr Style kPlain{.colour = false};
constexpr Style kColoured{.colour = true};

std::string withoutEscapes(const std::string& text) {
  return std::regex_replace(text, std::regex("\x1b\\[[0-9;]*m"), "");
}

TEST(ColouredReport, OfValidateSaysTheSameAsThePlainOne) {
  ValidationReport report;
  report.addWarning({{2, 3}, "providers", "is unusual", "change it"});
  for (const bool valid : {true, false}) {
    if (!valid) report.addProblem({{1, 1}, "kind", "is missing", {}});
    const std::string coloured = report.text("/f", 1, kColoured);
    EXPECT_THAT(coloured, HasSubstr("\x1b["));
    EXPECT_THAT(report.text("/f", 1, kPlain), Not(HasSubstr("\x1b")));
    EXPECT_EQ(withoutEscapes(coloured), report.text("/f", 1, kPlain));
  }
}

TEST(ColouredReport, OfExplainSaysTheSameAsThePlainOne) {
  Explanation explanation;
  explanation.image = parseImageReference("registry.test/app");
  explanation.patterns = {{"a", "registry.test", true, ""}, {"b", "*.test", false, ""}};
  explanation.module = "a";
  explanation.unboundAnnotations = {"example.com/x"};
  explanation.key = AuthKey{"registry.test", CacheKeyType::kRegistry};
  for (const bool refused : {false, true}) {
    if (refused) explanation.refusal = "the rule does not allow it (code=not-allowed)";
    const std::string coloured = explanation.text(kColoured);
    EXPECT_THAT(coloured, HasSubstr("\x1b["));
    EXPECT_EQ(withoutEscapes(coloured), explanation.text(kPlain));
  }
}

}  // namespace
}  // namespace rcb
