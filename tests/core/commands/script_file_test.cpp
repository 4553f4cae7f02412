#include "core/commands/script_file.hpp"

#include "core/support/date_time.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <string>
#include <variant>
#include <vector>

namespace rcb {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

std::vector<std::string> problemsOf(const std::string& text) {
  ProblemList problems;
  const bool isRead = readScriptFile(text, problems).has_value();
  EXPECT_EQ(isRead, problems.empty());
  std::vector<std::string> lines;
  for (const Problem& problem : problems.take()) lines.push_back(problem.line("s"));
  return lines;
}

ScriptFile read(const std::string& text) {
  ProblemList problems;
  auto script = readScriptFile(text, problems);
  EXPECT_TRUE(script);
  return script ? std::move(*script) : ScriptFile{};
}

const std::string kExpect = "expect: {username: u}\n";

TEST(ScriptFile, GivesSettingsAsABrokerFileDoes) {
  const ScriptFile script =
      read("settings:\n  url: https://a.test/\n  tags: {zone: z, env.name: e}\n  hosts: [a.test, b.test]\n" + kExpect);
  EXPECT_THAT(script.given.settings,
              ElementsAre(Pair("url", "https://a.test/"), Pair("tags.zone", "z"), Pair("tags.env.name", "e"),
                          Pair("hosts", "a.test"), Pair("hosts", "b.test")));
}

TEST(ScriptFile, GivesWhatACallOfTheKubeletHas) {
  const ScriptFile script = read(
      "image: r.test/app\ntime: 2030-01-02T03:04:05Z\ndeadline: 3s\nfiles: {/etc/key: content}\n"
      "pod: {namespace: n, serviceAccount: s, audience: a}\n" +
      kExpect);
  EXPECT_EQ(script.given.image, "r.test/app");
  EXPECT_EQ(formatRfc3339(script.given.time), "2030-01-02T03:04:05Z");
  EXPECT_EQ(script.given.deadline, std::chrono::seconds(3));
  EXPECT_THAT(script.given.files, ElementsAre(Pair("/etc/key", "content")));
  EXPECT_THAT(script.given.token.value(), testing::MatchesRegex("[^.]+\\.[^.]+\\.[^.]+"));
}

TEST(ScriptFile, HasFilesAndBodiesOfSeveralLines) {
  const ScriptFile script = read(
      "files:\n  /a: \"key\\n\"\n  /b: |\n    one\n    two\nanswers: [{status: 200, body: \"{\\n}\"}]\n" + kExpect);
  EXPECT_THAT(script.given.files, ElementsAre(Pair("/a", "key\n"), Pair("/b", "one\ntwo\n")));
  EXPECT_EQ(std::get<ScriptedAnswer>(script.given.replies[0].what).body, "{\n}");
  EXPECT_THAT(problemsOf("files: {\"a\\nb\": c, d: \"\\0\"}\n" + kExpect),
              ElementsAre(HasSubstr("this key contains a line break")));
}

TEST(ScriptFile, GivesAPodOfItsOwnUnlessTheRuleHasNone) {
  EXPECT_NE(read(kExpect).given.token.value(), "");
  EXPECT_EQ(read("identity: none\n" + kExpect).given.token.value(), "");
}

TEST(ScriptFile, AnswersInOrder) {
  const ScriptFile script = read(
      "answers:\n- {status: 401, headers: {WWW-Authenticate: Bearer}, body: no, takes: 2s}\n- {failure: untrusted}\n" +
      kExpect);
  ASSERT_EQ(script.given.replies.size(), 2u);
  const auto& answer = std::get<ScriptedAnswer>(script.given.replies[0].what);
  EXPECT_EQ(answer.status, 401);
  EXPECT_EQ(answer.body, "no");
  EXPECT_THAT(answer.headers, ElementsAre(Pair("WWW-Authenticate", "Bearer")));
  EXPECT_EQ(script.given.replies[0].takes, std::chrono::seconds(2));
  EXPECT_EQ(std::get<ScriptedFailure>(script.given.replies[1].what), ScriptedFailure::kUntrusted);
}

TEST(ScriptFile, ExpectsOnlyWhatItStates) {
  const ScriptFile script =
      read("expect: {scope: image, expires: 2030-01-01T01:00:00+01:00, requests: [{url: u, headers: {a: b}}]}\n");
  EXPECT_EQ(script.expected.username, std::nullopt);
  EXPECT_EQ(script.expected.error, std::nullopt);
  EXPECT_EQ(script.expected.scope, "image");
  EXPECT_EQ(script.expected.expires, "2030-01-01T00:00:00Z");
  ASSERT_EQ(script.expected.requests->size(), 1u);
  EXPECT_EQ(script.expected.requests->front().method, std::nullopt);
  EXPECT_THAT(script.expected.requests->front().headers, ElementsAre(Pair("a", "b")));
}

TEST(ScriptFile, NamesThePlaceOfEveryProblem) {
  EXPECT_THAT(
      problemsOf("setings: {}\nidentity: anyone\ntime: today\ndeadline: 2m\n"
                 "answers: [{status: 99}, {}, {failure: broken, body: b}, {statuss: 200}]\n"
                 "expect: {expires: tomorrow, requests: [{uri: x}]}\n"),
      ElementsAre("s:1:1: setings: unknown key; did you mean \"settings\"?",
                  "s:2:11: identity: \"anyone\" is not a valid identity; use serviceAccount or none",
                  "s:3:7: time: \"today\" is not a valid time; use one such as 2026-11-29T00:00:00Z",
                  "s:4:11: deadline: \"2m\" is out of range; use 1s to 50s",
                  "s:5:11: answers[0]: must have either a status or a failure",
                  "s:5:20: answers[0].status: \"99\" is not a valid status (200 to 599)",
                  "s:5:25: answers[1]: must have either a status or a failure",
                  "s:5:29: answers[2]: must have either a status or a failure",
                  "s:5:57: answers[3]: must have either a status or a failure",
                  "s:5:58: answers[3].statuss: unknown key; did you mean \"status\"?",
                  "s:6:19: expect.expires: \"tomorrow\" is not a valid time; use one such as 2026-11-29T00:00:00Z",
                  "s:6:41: expect.requests[0].uri: unknown key; did you mean \"url\"?"));
}

TEST(ScriptFile, MustExpectSomething) {
  EXPECT_THAT(problemsOf("settings: {a: b}\n"), ElementsAre("s:1:1: expect: is missing"));
  EXPECT_THAT(problemsOf(""), ElementsAre("s: the file is empty"));
}

TEST(ScriptFile, DoesNotExpectACredentialAndAnError) {
  EXPECT_THAT(problemsOf("expect: {error: e, username: u, password: p}\n"),
              ElementsAre("s:1:30: expect.username: cannot be combined with error",
                          "s:1:43: expect.password: cannot be combined with error"));
}

TEST(ScriptFile, HasNoPodWithoutAnIdentity) {
  EXPECT_THAT(problemsOf("identity: none\npod: {namespace: n}\n" + kExpect),
              ElementsAre("s:2:6: pod: is only valid with identity: serviceAccount"));
}

TEST(ScriptFile, TakesStringsOnlyWhereOneIsExpected) {
  EXPECT_THAT(problemsOf("settings: {a: [[b]], c: {d: {}}, e: ~}\nfiles: {f: [g]}\n" + kExpect),
              ElementsAre("s:1:16: settings.a[0]: must be a string, not a list",
                          "s:1:29: settings.c.d: must be a string, not a map", HasSubstr("settings.e: has no value"),
                          "s:2:12: files.f: must be a string, not a list"));
  EXPECT_THAT(problemsOf("- a\n"), ElementsAre(HasSubstr("must be a map, not a list")));
}

TEST(ScriptFile, HasLimits) {
  EXPECT_THAT(problemsOf(std::string(kScriptBytes + 1, ' ')), ElementsAre("s: the file is larger than 1 MiB"));
  std::string answers = "answers:\n";
  for (int i = 0; i < 1001; ++i) answers += "- {status: 200}\n";
  EXPECT_THAT(problemsOf(answers + kExpect), ElementsAre("s:2:1: answers: has more than 1000 entries"));
}

}  // namespace
}  // namespace rcb
