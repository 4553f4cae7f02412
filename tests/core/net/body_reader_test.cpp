#include "core/net/body_reader.hpp"

#include "tests/support/error_matchers.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace rcb {
namespace {

using test::throwsError;
using Headers = std::vector<std::pair<std::string, std::string>>;

const std::string kHost = "api.test";

// The body when these bytes follow the headers, `step` at a time, and then the end.
std::string read(const Headers& headers, std::string_view wire, std::size_t step = 1'000, int status = 200) {
  BufferedSource source([&](char* buffer, std::size_t size) {
    const std::size_t count = std::min({size, step, wire.size()});
    std::copy_n(wire.data(), count, buffer);
    wire.remove_prefix(count);
    return count;
  });
  return std::string(readBody(status, headers, source, kHost).bytes.reveal());
}

TEST(BodyReader, ReadsWhatTheLengthSaysAndNoMore) {
  EXPECT_EQ(read({{"content-length", "3"}}, "abcdef"), "abc");
  EXPECT_EQ(read({{"Content-Length", "0"}}, "abc"), "");
  EXPECT_EQ(read({{"Content-Length", "3"}, {"Content-Length", "3"}}, "abc", 1), "abc");
}

TEST(BodyReader, ReadsToTheEndWithoutAMeasure) { EXPECT_EQ(read({}, "abcdef", 2), "abcdef"); }

TEST(BodyReader, ReadsChunksInPiecesOfAnySize) {
  const std::string wire = "a\r\n0123456789\r\n0003;ext=\"x\"\r\nabc\r\n0\r\nX: y\r\nZ: w\r\n\r\n";
  for (const std::size_t step : {1u, 2u, 3u, 7u, 1'000u})
    EXPECT_EQ(read({{"Transfer-Encoding", "Chunked"}}, wire, step), "0123456789abc");
}

TEST(BodyReader, KnowsWhetherTheServerSaidWhereTheBodyEnds) {
  struct Case {
    int status;
    Headers headers;
    bool delimited;
  };
  const Case cases[] = {{200, {{"Content-Length", "0"}}, true},
                        {401, {{"Transfer-Encoding", "chunked"}}, true},
                        {200, {}, false},
                        {401, {{"Connection", "close"}}, false},
                        {204, {{"Content-Length", "0"}}, false},
                        {304, {{"Content-Length", "0"}}, false},
                        {204, {{"Transfer-Encoding", "chunked"}}, false}};
  for (const Case& one : cases) {
    std::string_view wire = one.headers.empty() || one.headers[0].first != "Transfer-Encoding" ? "" : "0\r\n\r\n";
    BufferedSource source([&](char* buffer, std::size_t size) {
      const std::size_t count = std::min(size, wire.size());
      std::copy_n(wire.data(), count, buffer);
      wire.remove_prefix(count);
      return count;
    });
    EXPECT_EQ(readBody(one.status, one.headers, source, kHost).delimited, one.delimited) << one.status;
  }
}

TEST(BodyReader, AsksForNothingBehindACompleteBody) {
  const std::pair<Headers, const char*> complete[] = {{{{"Content-Length", "3"}}, "abc"},
                                                      {{{"Content-Length", "0"}}, ""},
                                                      {{{"Transfer-Encoding", "chunked"}}, "3\r\nabc\r\n0\r\n\r\n"}};
  for (const auto& [headers, wire] : complete) {
    for (const std::size_t step : {1u, 4u, 1'000u}) {
      std::string_view rest = wire;
      BufferedSource source([&](char* buffer, std::size_t size) -> std::size_t {
        if (rest.empty()) throw Error(ErrorCode::kConnectionLost, "the end of the connection was looked at");
        const std::size_t count = std::min({size, step, rest.size()});
        std::copy_n(rest.data(), count, buffer);
        rest.remove_prefix(count);
        return count;
      });
      EXPECT_NO_THROW(readBody(200, headers, source, kHost)) << wire;
    }
  }
}

TEST(BodyReader, ReadsLargeBodiesInFewPieces) {
  int calls = 0;
  std::string_view announced;
  const std::string wire(500'000, 'x');
  announced = wire;
  BufferedSource source([&](char* buffer, std::size_t size) {
    ++calls;
    const std::size_t count = std::min({size, std::size_t{16'384}, announced.size()});
    std::copy_n(announced.data(), count, buffer);
    announced.remove_prefix(count);
    return count;
  });
  EXPECT_EQ(readBody(200, {{"Content-Length", "500000"}}, source, kHost).bytes.size(), 500'000u);
  EXPECT_LE(calls, 32);
}

TEST(BodyReader, TakesChunksAsSmallAsTheyCome) {
  std::string wire;
  for (int i = 0; i < 20'000; ++i) wire += "1\r\nx\r\n";
  EXPECT_EQ(read({{"Transfer-Encoding", "chunked"}}, wire + "0\r\n\r\n").size(), 20'000u);
}

TEST(BodyReader, StopsAtEndlessChunkExtensions) {
  std::string wire;
  for (int i = 0; i < 2'000; ++i) wire += "1;" + std::string(1'000, 'e') + "\r\nx\r\n";
  EXPECT_THAT([&] { read({{"Transfer-Encoding", "chunked"}}, wire); }, throwsError(ErrorCode::kAnswerTooLarge));
}

TEST(BodyReader, ExpectsNoBodyWhereHttpHasNone) {
  for (const int status : {204, 304}) EXPECT_EQ(read({{"Content-Length", "3"}}, "abc", 1, status), "");
}

TEST(BodyReader, RefusesBodiesThatEndEarly) {
  EXPECT_THAT(
      [] {
        read({{"Content-Length", "4"}}, "abc");
      },
      throwsError(ErrorCode::kConnectionLost, "reading from api.test failed: the body ended after 3 bytes"));
  for (const char* wire : {"", "3", "3\r\n", "3\r\nab", "3\r\nabc", "3\r\nabc\r\n", "3\r\nabc\r\n0",
                           "3\r\nabc\r\n0\r\n", "0\r\nX: y\r\n"}) {
    const std::string_view cut = wire;
    EXPECT_THAT(
        [&] {
          read({{"Transfer-Encoding", "chunked"}}, cut);
        },
        throwsError(ErrorCode::kConnectionLost))
        << wire;
  }
}

TEST(BodyReader, RefusesMalformedChunks) {
  const std::string hostile[] = {"\r\n",
                                 "x\r\n",
                                 "-1\r\n",
                                 "+3\r\nabc\r\n0\r\n\r\n",
                                 "0x3\r\nabc\r\n0\r\n\r\n",
                                 " 3\r\nabc\r\n0\r\n\r\n",
                                 "3x\r\nabc\r\n0\r\n\r\n",
                                 "3\nabc\n0\n\n",
                                 "3\r\nabcd\r\n0\r\n\r\n",
                                 "3\r\nabc0\r\n\r\n",
                                 "ffffffffffffffffffff\r\nabc",
                                 "3;" + std::string(2'000, 'x') + "\r\nabc\r\n0\r\n\r\n",
                                 "0\r\n" + std::string(2'000, 'x')};
  for (const std::string& wire : hostile) {
    EXPECT_THAT(
        [&] {
          read({{"Transfer-Encoding", "chunked"}}, wire);
        },
        throwsError(ErrorCode::kAnswerInvalid, "api.test"))
        << wire.substr(0, 30);
  }
}

TEST(BodyReader, RefusesAmbiguousMeasures) {
  const Headers ambiguous[] = {{{"Content-Length", "3"}, {"Content-Length", "4"}},
                               {{"Content-Length", "3"}, {"Transfer-Encoding", "chunked"}},
                               {{"Transfer-Encoding", "gzip"}},
                               {{"Transfer-Encoding", "gzip, chunked"}},
                               {{"Transfer-Encoding", "chunked"}, {"Transfer-Encoding", "chunked"}},
                               {{"Transfer-Encoding", ""}},
                               {{"Content-Length", ""}},
                               {{"Content-Length", "-1"}},
                               {{"Content-Length", "3 "}},
                               {{"Content-Length", "0x3"}},
                               {{"Content-Length", "3,3"}}};
  for (const Headers& headers : ambiguous) {
    EXPECT_THAT([&] { read(headers, "3\r\nabc\r\n0\r\n\r\n"); }, throwsError(ErrorCode::kAnswerInvalid))
        << headers[0].second;
  }
}

TEST(BodyReader, StopsAtTheLimit) {
  const std::string tooLong(kBodyLimit + 1, 'x');
  EXPECT_EQ(read({}, tooLong.substr(1), 1'000'000).size(), kBodyLimit);
  EXPECT_THAT([&] { read({}, tooLong, 1'000'000); }, throwsError(ErrorCode::kAnswerTooLarge));
  EXPECT_THAT([&] { read({{"Content-Length", "1048577"}}, tooLong); }, throwsError(ErrorCode::kAnswerTooLarge));
  EXPECT_THAT([&] { read({{"Content-Length", "18446744073709551616"}}, ""); }, throwsError(ErrorCode::kAnswerTooLarge));
  EXPECT_THAT([&] { read({{"Transfer-Encoding", "chunked"}}, "100001\r\n"); }, throwsError(ErrorCode::kAnswerTooLarge));
  EXPECT_THAT(
      [&] {
        read({{"Transfer-Encoding", "chunked"}}, "ffffffffffffffff\r\n");
      },
      throwsError(ErrorCode::kAnswerTooLarge));
  std::string chunks;
  for (int i = 0; i < 17; ++i) chunks += "10000\r\n" + std::string(65536, 'x') + "\r\n";
  EXPECT_THAT([&] { read({{"Transfer-Encoding", "chunked"}}, chunks); }, throwsError(ErrorCode::kAnswerTooLarge));
}

TEST(BodyReader, StopsAtEndlessTrailers) {
  std::string wire = "0\r\n";
  for (int i = 0; i < 1'000; ++i) wire += "X: y\r\n";
  EXPECT_THAT([&] { read({{"Transfer-Encoding", "chunked"}}, wire); }, throwsError(ErrorCode::kAnswerTooLarge));
}

}  // namespace
}  // namespace rcb
