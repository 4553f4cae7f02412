#include "core/doctor/examination.hpp"

#include "core/support/error.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>

namespace rcb {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;

class ExaminationSteps : public testing::Test {
 protected:
  const std::vector<CheckFinding>& run(const std::vector<ExaminationStep>& steps) {
    examine(examination_, steps);
    return examination_.diagnosis.findings();
  }

  DoctorRequest request_;
  Environment environment_;
  BrokerSource source_{.configFile = "", .environment = environment_, .dropIns = {}};
  ProviderSet providers_{{}};
  Examination examination_{
      .request = request_, .source = source_, .providers = providers_, .now = [] { return UnixTime{}; }};
};

constexpr milliseconds kShort{50};
constexpr milliseconds kAmple{20'000};

TEST_F(ExaminationSteps, RunInOrderAndSeeWhatEarlierOnesLearnt) {
  const auto& findings = run({{"kubelet", [](Examination& one) { one.node.binDir = "/opt/bin"; }},
                              {"plugins", [](Examination& one) { one.diagnosis.pass("plugins", one.node.binDir); }},
                              {"tls", [](Examination& one) { one.diagnosis.pass("tls", one.node.binDir); }, kAmple}});
  EXPECT_THAT(findings, ElementsAre(CheckFinding{"plugins", Verdict::kPass, "/opt/bin"},
                                    CheckFinding{"tls", Verdict::kPass, "/opt/bin"}));
}

TEST_F(ExaminationSteps, FailTheirCheckByAnErrorAndLetTheOthersRun) {
  const auto refuse = [](Examination&) {
    throw Error(ErrorCode::kDnsFailed, "resolving api.test failed").advise("check the name server");
  };
  const auto& findings = run({{"dns", refuse}, {"tls", refuse, kAmple}, {"clock", [](Examination& one) {
                                                                           one.diagnosis.pass("clock", "is right");
                                                                         }}});
  EXPECT_THAT(
      findings,
      ElementsAre(
          CheckFinding{"dns", Verdict::kFail, "resolving api.test failed (code=dns-failed)", "check the name server"},
          CheckFinding{"tls", Verdict::kFail, "resolving api.test failed (code=dns-failed)", "check the name server"},
          CheckFinding{"clock", Verdict::kPass, "is right"}));
}

TEST_F(ExaminationSteps, ThatHangAreEndedAndSaidToHaveHung) {
  const auto& findings = run({{"dns",
                               [](Examination&) {
                                 for (;;) ::pause();
                               },
                               kShort},
                              {"clock", [](Examination& one) { one.diagnosis.pass("clock", "is right"); }}});
  ASSERT_EQ(findings.size(), 2U);
  EXPECT_EQ(findings[0].verdict, Verdict::kFail);
  EXPECT_EQ(findings[0].what, "did not end in time");
  EXPECT_EQ(findings[1].verdict, Verdict::kPass);
}

TEST_F(ExaminationSteps, ThatCrashAreSaidToHaveCrashed) {
  const auto& findings = run({{"rule", [](Examination&) { std::_Exit(3); }, kAmple},
                              {"rule", [](Examination&) { throw std::runtime_error("canary"); }, kAmple},
                              {"rule", [](Examination&) { ::raise(SIGKILL); }, kAmple}});
  ASSERT_EQ(findings.size(), 3U);
  for (const CheckFinding& finding : findings) EXPECT_EQ(finding.what, "the check crashed");
}

TEST_F(ExaminationSteps, InAChildDoNotRepeatWhatWasFoundBefore) {
  const auto& findings = run({{"kubelet", [](Examination& one) { one.diagnosis.pass("kubelet", "runs"); }},
                              {"dns", [](Examination&) {}, kAmple}});
  EXPECT_THAT(findings, ElementsAre(Field(&CheckFinding::check, "kubelet")));
}

}  // namespace
}  // namespace rcb
