#include "core/doctor/diagnosis.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rcb {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Diagnosis, IsAsBadAsItsWorstFinding) {
  Diagnosis diagnosis;
  EXPECT_EQ(diagnosis.verdict(), Verdict::kPass);
  diagnosis.pass("kubelet", "runs");
  diagnosis.skip("clock", "no server was reached");
  EXPECT_EQ(diagnosis.verdict(), Verdict::kPass);
  EXPECT_EQ(diagnosis.status(), 0);
  diagnosis.warn("program", "differs", "install it again");
  EXPECT_EQ(diagnosis.verdict(), Verdict::kWarn);
  EXPECT_EQ(diagnosis.status(), 0);
  diagnosis.fail("tls", "refused", "trust it");
  diagnosis.pass("dns", "resolves");
  EXPECT_EQ(diagnosis.verdict(), Verdict::kFail);
  EXPECT_EQ(diagnosis.status(), 78);
}

TEST(Diagnosis, IsATableWithAFixBelowEachFindingThatHasOne) {
  Diagnosis diagnosis;
  diagnosis.pass("kubelet", "runs");
  diagnosis.fail("broker-file", "is not there", "write it");
  EXPECT_EQ(diagnosis.text({}),
            "pass  kubelet      runs\n"
            "fail  broker-file  is not there\n"
            "                   fix: write it\n"
            "fail: 1 pass, 0 warn, 1 fail, 0 skip\n");
}

TEST(Diagnosis, PaintsVerdictsWithoutChangingTheColumns) {
  Diagnosis diagnosis;
  diagnosis.pass("kubelet", "runs");
  diagnosis.skip("clock", "no server was reached");
  EXPECT_EQ(diagnosis.text({.colour = true}),
            "\x1b[32mpass\x1b[0m  kubelet  runs\n"
            "skip  clock    no server was reached\n"
            "\x1b[32mpass\x1b[0m: 1 pass, 0 warn, 0 fail, 1 skip\n");
}

TEST(Diagnosis, KeepsForeignTextOnOneLineOfPrintableCharacters) {
  Diagnosis diagnosis;
  diagnosis.fail("kubelet", "a\nb\x1b[31m", "x\r" + std::string(2000, 'y'));
  const CheckFinding& finding = diagnosis.findings().front();
  EXPECT_EQ(finding.what, "a?b?[31m");
  EXPECT_LT(finding.fix.size(), 1010U);
  EXPECT_THAT(diagnosis.text({}), Not(HasSubstr("\x1b")));
}

TEST(Diagnosis, SaysEveryFindingInJsonAndReadsItBack) {
  Diagnosis diagnosis;
  diagnosis.pass("kubelet", "runs as \"kubelet\"");
  diagnosis.warn("clock", "differs", "synchronize it");
  const std::string json = diagnosis.json();
  EXPECT_THAT(json, HasSubstr(R"("check": "kubelet")"));
  EXPECT_THAT(json, HasSubstr(R"("verdict": "warn",
      "what": "differs",
      "fix": "synchronize it")"));
  const auto findings = findingsIn(json);
  ASSERT_TRUE(findings);
  EXPECT_EQ(*findings, diagnosis.findings());
}

TEST(Diagnosis, IsNotReadFromAnythingElse) {
  for (const char* text : {"", "{", "[]", "{}", R"({"checks": {}})", R"({"checks": [1]})",
                           R"({"checks": [{"check": "a", "verdict": "pass", "what": "b"}]})",
                           R"({"checks": [{"check": "a", "verdict": "good", "what": "b", "fix": ""}]})",
                           R"({"checks": [{"check": 1, "verdict": "pass", "what": "b", "fix": ""}]})"}) {
    EXPECT_FALSE(findingsIn(text)) << text;
  }
}

}  // namespace
}  // namespace rcb
