#include "core/app/standard_streams.hpp"

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
  void closeWriter() {
    if (ends_[1] >= 0) ::close(ends_[1]);
    ends_[1] = -1;
  }

 private:
  int ends_[2] = {-1, -1};
};

TEST_F(StandardStreams, ReadsUpToTheEndOfFile) {
  writeAll(writer(), "one ");
  writeAll(writer(), "two");
  closeWriter();
  EXPECT_EQ(readAll(reader(), 7, Deadline::after(milliseconds(1000))).reveal(), "one two");
}

TEST_F(StandardStreams, ReadsNothingAsNothing) {
  closeWriter();
  EXPECT_TRUE(readAll(reader(), 7, Deadline::after(milliseconds(1000))).empty());
}

TEST_F(StandardStreams, EndsAtTheDeadlineWhenTheFirstByteNeverComes) {
  EXPECT_THAT([&] { readAll(reader(), 7, Deadline::after(milliseconds(30))); },
              throwsError(ErrorCode::kRequestTimeout, "no request came on stdin"));
}

TEST_F(StandardStreams, EndsAtTheDeadlineWhenTheLastByteNeverComes) {
  writeAll(writer(), "{");
  EXPECT_THAT([&] { readAll(reader(), 7, Deadline::after(milliseconds(30))); },
              throwsError(ErrorCode::kRequestTimeout, "did not end"));
}

TEST_F(StandardStreams, RefusesOneByteMoreThanTheLimitWithoutWaitingForTheEnd) {
  writeAll(writer(), "12345678");
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
  writeAll(writer(), large);
  closeWriter();
  other.join();
  EXPECT_EQ(received, large);
}

TEST_F(StandardStreams, ReportsAReaderThatIsGone) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  ::close(ends[0]);
  EXPECT_THAT([&] { writeAll(ends[1], "x"); }, throwsError(ErrorCode::kInternal, "stdout cannot be written"));
  ::close(ends[1]);
}

}  // namespace
}  // namespace rcb
