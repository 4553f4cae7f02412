#include "core/net/http_head.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace rcb {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using Kind = HeadProblem::Kind;

constexpr std::size_t kSteps[] = {1, 2, 3, 7, 4096, 1'000'000};

// A connection on which these bytes arrive, `step` at a time, and then its end.
class Wire {
 public:
  explicit Wire(std::string bytes, std::size_t step = 1'000'000)
      : bytes_(std::move(bytes)), rest_(bytes_), step_(step) {}

  BufferedSource& source() { return source_; }
  // What a reader gets that takes all that is left.
  std::string remainder() {
    std::string left;
    char buffer[64];
    while (const std::size_t got = source_.take(buffer, sizeof buffer)) left.append(buffer, got);
    return left;
  }
  int calls() const { return calls_; }

 private:
  std::string bytes_;
  std::string_view rest_;
  std::size_t step_;
  int calls_ = 0;
  BufferedSource source_{[this](char* buffer, std::size_t size) {
    ++calls_;
    const std::size_t count = std::min({size, step_, rest_.size()});
    std::copy_n(rest_.data(), count, buffer);
    rest_.remove_prefix(count);
    return count;
  }};
};

HttpHead headOf(const std::string& bytes, std::size_t step = 1'000'000) {
  Wire wire(bytes, step);
  return readHead(wire.source());
}

HeadProblem problemOf(const std::string& bytes, std::size_t step = 1'000'000) {
  try {
    headOf(bytes, step);
  } catch (const HeadProblem& problem) {
    return problem;
  }
  return {Kind::kEnded, "nothing was wrong", 0};
}

TEST(HttpHead, IsReadInPiecesOfAnySizeAndLeavesTheBody) {
  for (const std::size_t step : kSteps) {
    Wire wire("HTTP/1.1 201 Created\r\nA: b\r\nC:\r\nD:\t e f \t\r\n\r\nbody\r\n\r\n", step);
    const HttpHead head = readHead(wire.source());
    EXPECT_EQ(head.status, 201);
    EXPECT_THAT(head.headers, ElementsAre(Pair("A", "b"), Pair("C", ""), Pair("D", "e f")));
    EXPECT_EQ(wire.remainder(), "body\r\n\r\n") << step;
  }
}

TEST(HttpHead, HasEveryStatusLineThatTheGrammarAllows) {
  const std::pair<const char*, int> lines[] = {
      {"HTTP/1.1 200 OK", 200},        {"HTTP/1.1 200 ", 200},       {"HTTP/1.1 200", 200},
      {"HTTP/1.0 404 Not Found", 404}, {"HTTP/1.9 418 x", 418},      {"HTTP/1.1 401 \xc3\x84ndere dich\t!", 401},
      {"HTTP/1.1 599 ", 599},          {"HTTP/1.1 999 Denied", 999}, {"HTTP/1.1 200 HTTP/2 200: x", 200}};
  for (const auto& [line, status] : lines) {
    EXPECT_EQ(headOf(std::string(line) + "\r\n\r\n").status, status) << line;
    EXPECT_EQ(headOf(std::string(line) + "\n\n").status, status) << line;
  }
}

TEST(HttpHead, HasTheVersionOfTheFinalAnswer) {
  EXPECT_EQ(headOf("HTTP/1.0 200 OK\r\n\r\n").minorVersion, 0);
  EXPECT_EQ(headOf("HTTP/1.9 200 OK\r\n\r\n").minorVersion, 9);
  EXPECT_EQ(headOf("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 200 OK\r\n\r\n").minorVersion, 0);
  EXPECT_EQ(headOf("HTTP/1.0 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n").minorVersion, 1);
}

TEST(HttpHead, TakesLinesThatEndInLineFeedAlone) {
  for (const std::size_t step : kSteps) {
    for (const char* bytes : {"HTTP/1.1 200 OK\nA: b\nC: d\n\nrest", "HTTP/1.1 200 OK\r\nA: b\nC: d\r\n\nrest",
                              "HTTP/1.1 200 OK\nA: b\r\nC: d\n\r\nrest"}) {
      Wire wire(bytes, step);
      EXPECT_THAT(readHead(wire.source()).headers, ElementsAre(Pair("A", "b"), Pair("C", "d")));
      EXPECT_EQ(wire.remainder(), "rest");
    }
  }
}

TEST(HttpHead, JoinsFoldedLines) {
  EXPECT_THAT(headOf("HTTP/1.1 200 OK\r\nA: b\r\n  c\r\n\td \r\nE:\r\n f\r\nG: h\r\n \r\n\r\n").headers,
              ElementsAre(Pair("A", "b c d"), Pair("E", "f"), Pair("G", "h")));
}

TEST(HttpHead, KeepsWhatValuesMayHold) {
  const std::string value = "\xff\x80 \"quoted, with: colon\" \x01\x7f";
  EXPECT_THAT(headOf("HTTP/1.1 200 OK\r\nX: " + value + "\r\n\r\n").headers, ElementsAre(Pair("X", value)));
}

TEST(HttpHead, KeepsEveryHeaderOfThatName) {
  EXPECT_THAT(headOf("HTTP/1.1 401 x\r\nWWW-Authenticate: a\r\nwww-authenticate: b\r\n\r\n").headers,
              ElementsAre(Pair("WWW-Authenticate", "a"), Pair("www-authenticate", "b")));
}

TEST(HttpHead, SkipsInterimAnswers) {
  for (const char* interim : {"HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 102 Processing\r\n\r\n", "HTTP/1.1 199\n\n",
                              "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nLink: </b>\r\n\r\n"}) {
    for (const int times : {1, 2, 16}) {
      std::string bytes;
      for (int i = 0; i < times; ++i) bytes += interim;
      for (const std::size_t step : {1u, 5u, 4096u}) {
        Wire wire(bytes + "HTTP/1.1 403 No\r\nA: b\r\n\r\nbody", step);
        const HttpHead head = readHead(wire.source());
        EXPECT_EQ(head.status, 403);
        EXPECT_EQ(head.interim, times);
        EXPECT_THAT(head.headers, ElementsAre(Pair("A", "b")));
        EXPECT_EQ(wire.remainder(), "body");
      }
    }
  }
}

TEST(HttpHead, RefusesInterimAnswersWithoutEnd) {
  std::string many;
  for (int i = 0; i < 17; ++i) many += "HTTP/1.1 100 Continue\r\n\r\n";
  EXPECT_THAT(problemOf(many + "HTTP/1.1 200 OK\r\n\r\n").what(), HasSubstr("more than 16 interim responses (1xx)"));
  const std::string hints = "HTTP/1.1 103 x\r\nLink: " + std::string(40'000, 'x') + "\r\n\r\n";
  EXPECT_EQ(problemOf(hints + hints + "HTTP/1.1 200 OK\r\n\r\n").kind(), Kind::kTooLarge);
}

TEST(HttpHead, RefusesToSwitchProtocols) {
  const HeadProblem problem = problemOf("HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n");
  EXPECT_THAT(problem.what(), HasSubstr("switches protocols"));
  EXPECT_EQ(problem.status(), "101");
}

TEST(HttpHead, MayBeAsLargeAsItsLimitHoweverItIsParted) {
  const std::string line = "HTTP/1.1 401 x\r\n";
  std::string many;
  int count = 0;
  while (line.size() + many.size() + 8 <= kHeadLimit) {
    many += "A: b\r\n";
    ++count;
  }
  EXPECT_EQ(headOf(line + many + "\r\n").headers.size(), static_cast<std::size_t>(count));
  const std::string one = line + "A: " + std::string(kHeadLimit - line.size() - 7, 'x') + "\r\n\r\n";
  ASSERT_EQ(one.size(), kHeadLimit);
  EXPECT_EQ(headOf(one, 1'000).status, 401);
  const HeadProblem problem = problemOf(line + "A: " + std::string(kHeadLimit - line.size() - 6, 'x') + "\r\n\r\n");
  EXPECT_EQ(problem.kind(), Kind::kTooLarge);
  EXPECT_STREQ(problem.what(), "has more than 64 KiB of headers");
  EXPECT_EQ(problem.status(), "401");
}

TEST(HttpHead, IsReceivedInFewPieces) {
  Wire wire("HTTP/1.1 200 OK\r\nA: " + std::string(60'000, 'x') + "\r\n\r\n");
  readHead(wire.source());
  EXPECT_LE(wire.calls(), 16);
}

struct Malformed {
  std::string bytes;
  const char* said;
};

class HttpHeadMalformed : public testing::TestWithParam<Malformed> {};

TEST_P(HttpHeadMalformed, IsRefusedWithWhatItWas) {
  for (const std::size_t step : {1'000'000u, 4u}) {
    const HeadProblem problem = problemOf(GetParam().bytes, step);
    EXPECT_EQ(problem.kind(), Kind::kMalformed) << problem.what();
    EXPECT_THAT(problem.what(), HasSubstr("is not valid HTTP/1.1: ")) << GetParam().bytes;
    EXPECT_THAT(problem.what(), HasSubstr(GetParam().said)) << GetParam().bytes;
  }
}

const std::string kOk = "HTTP/1.1 200 OK\r\n";

INSTANTIATE_TEST_SUITE_P(
    Lines, HttpHeadMalformed,
    testing::Values(Malformed{"HTTP/2 200\r\n\r\n", "its status line has an unsupported HTTP version"},
                    Malformed{"HTTP/2.0 200 OK\r\n\r\n", "its status line has an unsupported HTTP version"},
                    Malformed{"HTTP/3 200\r\n\r\n", "its status line has an unsupported HTTP version"},
                    Malformed{"HTTP/0.9 200 OK\r\n\r\n", "its status line has an unsupported HTTP version"},
                    Malformed{"HTTP/1.x 200 OK\r\n\r\n", "its status line has an unsupported HTTP version"},
                    Malformed{"HTTP/11 200 OK\r\n\r\n", "its status line has an unsupported HTTP version"},
                    Malformed{"HTTP/\r\n\r\n", "its status line has an unsupported HTTP version"},
                    Malformed{"HTTP/1.1\r\n\r\n", "its status line has an invalid status code"},
                    Malformed{"HTTP/1.1 \r\n\r\n", "its status line has an invalid status code"},
                    Malformed{"HTTP/1.10 200 OK\r\n\r\n", "its status line has an invalid status code"},
                    Malformed{"HTTP/1.1  200 OK\r\n\r\n", "its status line has an invalid status code"},
                    Malformed{"HTTP/1.1\t200 OK\r\n\r\n", "its status line has an invalid status code"},
                    Malformed{"HTTP/1.1 20\r\n\r\n", "its status line has an invalid status code"},
                    Malformed{"HTTP/1.1 2000 OK\r\n\r\n", "its status line has an invalid status code"},
                    Malformed{"HTTP/1.1 200OK\r\n\r\n", "its status line has an invalid status code"},
                    Malformed{"HTTP/1.1 +20 OK\r\n\r\n", "its status line has an invalid status code"},
                    Malformed{"HTTP/1.1 099 OK\r\n\r\n", "its status line has an invalid status code"},
                    Malformed{"HTTP/1.1 -01 OK\r\n\r\n", "its status line has an invalid status code"},
                    Malformed{"HTTP/1.1 200 O\rK\r\n\r\n", "its status line contains CR"},
                    Malformed{std::string("HTTP/1.1 200 \0\r\n\r\n", 18), "its status line contains NUL"},
                    Malformed{kOk + "A: b\r\nC: d\r\nno colon here\r\n\r\n", "header line 3 has no colon"},
                    Malformed{kOk + "A : b\r\n\r\n", "header line 1 has whitespace before its colon"},
                    Malformed{kOk + "A\t: b\r\n\r\n", "header line 1 has whitespace before its colon"},
                    Malformed{kOk + "A: b\r\nB b: c\r\n\r\n", "header line 2 has an invalid name"},
                    Malformed{kOk + ": b\r\n\r\n", "header line 1 has an invalid name"},
                    Malformed{kOk + "\xc3\x84: b\r\n\r\n", "header line 1 has an invalid name"},
                    Malformed{kOk + " A: b\r\n\r\n", "header line 1 begins with whitespace"},
                    Malformed{kOk + "\t\r\n\r\n", "header line 1 begins with whitespace"},
                    Malformed{kOk + "A: b\rC: d\r\n\r\n", "header line 1 contains CR"},
                    Malformed{kOk + "A: b\r\r\n\r\n", "header line 1 contains CR"},
                    Malformed{kOk + std::string("A: \0b\r\n\r\n", 10), "header line 1 contains NUL"},
                    Malformed{kOk + "A: b\r\n" + std::string(" \0c\r\n\r\n", 8), "header line 2 contains NUL"}));

INSTANTIATE_TEST_SUITE_P(OtherProtocols, HttpHeadMalformed,
                         testing::Values(Malformed{std::string("\x15\x03\x01\x00\x02\x02\x16", 7),
                                                   "the port speaks TLS"},
                                         Malformed{std::string("\x16\x03\x03\x00\x7a\x02", 6), "the port speaks TLS"},
                                         Malformed{std::string("\0\0\x12\x04\0\0\0\0\0", 9), "it is an HTTP/2 frame"},
                                         Malformed{std::string("\0\0\x08\x07\0\0\0\0\0", 9), "it is an HTTP/2 frame"},
                                         Malformed{"SSH-2.0-OpenSSH_9.2\r\n", "an SSH server"},
                                         Malformed{"220 mail.test ready\r\n", "a mail or FTP server"},
                                         Malformed{"<html>Welcome</html>", "a document without a status line"},
                                         Malformed{"{\"token\":\"x\"}", "does not begin with a status line"},
                                         Malformed{"\r\nHTTP/1.1 200 OK\r\n\r\n", "does not begin with a status line"},
                                         Malformed{"ICY 200 OK\r\n\r\n", "does not begin with a status line"},
                                         Malformed{"http/1.1 200 OK\r\n\r\n", "does not begin with a status line"},
                                         Malformed{" HTTP/1.1 200 OK\r\n\r\n", "does not begin with a status line"}));

TEST(HttpHead, RefusesOtherProtocolsWithoutWaitingForTheirEnd) {
  // Their servers greet, and then wait for us.
  for (const std::string& greeting : {std::string("SSH-2.0"), std::string("22"), std::string("\x15\x03\x01", 3),
                                      std::string("HTTQ"), std::string("\0\0\x12\x04", 4), std::string("x")}) {
    bool asked = false;
    BufferedSource source([&](char* buffer, std::size_t) -> std::size_t {
      EXPECT_FALSE(asked) << greeting;
      if (asked) return 0;
      asked = true;
      std::copy(greeting.begin(), greeting.end(), buffer);
      return greeting.size();
    });
    EXPECT_THROW(readHead(source), HeadProblem);
  }
}

TEST(HttpHead, SaysWhereTheOtherSideEnded) {
  EXPECT_STREQ(problemOf("").what(), "the peer closed the connection without an answer");
  const std::string whole = kOk + "A: b\r\n\r\n";
  for (std::size_t size = 1; size < whole.size(); ++size) {
    const HeadProblem problem = problemOf(whole.substr(0, size));
    EXPECT_EQ(problem.kind(), Kind::kEnded);
    EXPECT_STREQ(problem.what(), "the peer closed the connection within the headers") << size;
    EXPECT_EQ(problem.status(), size < kOk.size() ? "" : "200");
  }
}

TEST(HttpHead, IsRefusedWithTheStatusThatItHad) {
  EXPECT_EQ(problemOf("HTTP/1.1 401 x\r\nno colon\r\n\r\n").status(), "401");
  EXPECT_EQ(problemOf("HTTP/1.1 4x1 x\r\n\r\n").status(), "");
  // Of the answer that was refused, not of the interim one before it.
  EXPECT_EQ(problemOf("HTTP/1.1 100 x\r\n\r\nHTTP/1.1 4x1 x\r\n\r\n").status(), "");
}

}  // namespace
}  // namespace rcb
