#include "core/process/standard_streams.hpp"

#include "core/support/error.hpp"
#include "tests/support/error_matchers.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <string>
#include <thread>

namespace rcb {
namespace {

using std::chrono::milliseconds;
using test::throwsError;

class StandardStreams : public testing::Test {
 protected:
  StandardStreams() {
    std::signal(SIGPIPE, SIG_IGN);
    EXPECT_EQ(::pipe(ends_), 0);
  }
  ~StandardStreams() override {
    closeWriter();
    ::close(ends_[0]);
  }
  int reader() const { return ends_[0]; }
  int writer() const { return ends_[1]; }
  void put(std::string_view bytes) const {
    EXPECT_TRUE(writeAll(writer(), bytes, Deadline::after(milliseconds(5000))));
  }
  // Takes nothing more.
  void fill() const {
    ::fcntl(writer(), F_SETFL, O_NONBLOCK);
    const std::string page(4096, 'x');
    while (::write(writer(), page.data(), page.size()) > 0) {
    }
    ::fcntl(writer(), F_SETFL, 0);
  }
  void closeWriter() {
    if (ends_[1] >= 0) ::close(ends_[1]);
    ends_[1] = -1;
  }

 private:
  int ends_[2] = {-1, -1};
};

TEST_F(StandardStreams, ReadsUpToTheEndOfFile) {
  put("one ");
  put("two");
  closeWriter();
  EXPECT_EQ(readAll(reader(), 7, Deadline::after(milliseconds(1000))).reveal(), "one two");
}

TEST_F(StandardStreams, ReadsNothingAsNothing) {
  closeWriter();
  EXPECT_TRUE(readAll(reader(), 7, Deadline::after(milliseconds(1000))).empty());
}

TEST_F(StandardStreams, EndsAtTheDeadlineWhenTheFirstByteNeverComes) {
  EXPECT_THAT([&] { readAll(reader(), 7, Deadline::after(milliseconds(30))); },
              throwsError(ErrorCode::kRequestTimeout, "no request arrived on stdin"));
}

TEST_F(StandardStreams, EndsAtTheDeadlineWhenTheLastByteNeverComes) {
  put("{");
  EXPECT_THAT([&] { readAll(reader(), 7, Deadline::after(milliseconds(30))); },
              throwsError(ErrorCode::kRequestTimeout, "stdin was not closed"));
}

TEST_F(StandardStreams, RefusesOneByteMoreThanTheLimitWithoutWaitingForTheEnd) {
  put("12345678");
  EXPECT_THAT([&] { readAll(reader(), 7, Deadline::after(milliseconds(5000))); },
              throwsError(ErrorCode::kRequestTooLarge, "larger than 7 bytes"));
}

TEST_F(StandardStreams, SaysSoWhenStdinCannotBeRead) {
  const int folder = ::open("/", O_RDONLY);
  EXPECT_THAT([&] { readAll(folder, 7, Deadline::after(milliseconds(1000))); },
              throwsError(ErrorCode::kRequestNotJson, "cannot be read"));
  ::close(folder);
}

TEST_F(StandardStreams, WritesMoreThanAPipeHoldsAtOnce) {
  const std::string large(1 << 20, 'x');
  std::string received;
  std::thread other([&] {
    char buffer[4096];
    for (ssize_t got = 0; (got = ::read(reader(), buffer, sizeof buffer)) > 0;)
      received.append(buffer, static_cast<std::size_t>(got));
  });
  put(large);
  closeWriter();
  other.join();
  EXPECT_EQ(received, large);
}

TEST_F(StandardStreams, TellsAReaderThatIsGoneFromAFailure) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  ::close(ends[0]);
  EXPECT_FALSE(writeAll(ends[1], "x", Deadline::after(milliseconds(1000))));
  ::close(ends[1]);
  EXPECT_THAT([&] { static_cast<void>(writeAll(ends[1], "x", Deadline::after(milliseconds(1000)))); },
              throwsError(ErrorCode::kOutputFailed, "not open for writing"));
}

TEST_F(StandardStreams, EndsAtTheDeadlineWhenNobodyReads) {
  fill();
  EXPECT_THAT([&] { static_cast<void>(writeAll(writer(), "x", Deadline::after(milliseconds(30)))); },
              throwsError(ErrorCode::kOutputFailed, "before the deadline"));
}

TEST_F(StandardStreams, WaitsOnlyOnceForAReaderOfLines) {
  fill();
  LineWriter lines(writer());
  const auto start = Deadline::Clock::now();
  for (int i = 0; i < 1000; ++i) lines.write("line\n");
  EXPECT_LT(Deadline::Clock::now() - start, milliseconds(20000));
}

TEST_F(StandardStreams, WritesLinesAgainToAReaderThatReadsAgain) {
  fill();
  LineWriter lines(writer());
  lines.write("lost\n");
  std::string page(1 << 20, ' ');
  EXPECT_GT(::read(reader(), page.data(), page.size()), 0);
  lines.write("read\n");
  EXPECT_EQ(::read(reader(), page.data(), page.size()), 5);
}

}  // namespace
}  // namespace rcb
