// docs/operations.md as tests see it: what it says of each failure, and the lines of stderr that it shows for it.
//
//   ## Exit status 77: refused
//   ### exchange-denied                    the code
//   <!-- scenario: denied-namespace -->    the folder of cases/ whose run writes the line below
//   ```
//   registry-credential-broker: the exchange refused the identity: … (code=exchange-denied, status=401, …); …
//   ```
//   What it means and what to do.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rcb::test {

struct GuideExample {
  std::string scenario;
  std::string line;
};

struct GuideEntry {
  int exitStatus = 0;
  std::string code;
  std::vector<GuideExample> examples;
  std::string text;  // its lines joined by blanks
};

std::vector<GuideEntry> readOperationsGuide(std::string_view markdown);

// The repository's own. Throws std::runtime_error if it cannot be read.
std::vector<GuideEntry> readOperationsGuide();

// A shown line as a pattern for matchesPattern(): the names of a real node stand for those of the scenarios, "…" for anything.
std::string scenarioPattern(std::string_view line);

}  // namespace rcb::test
