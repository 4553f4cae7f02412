#include "core/broker/setting_files.hpp"

#include "tests/support/error_matchers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rcb {
namespace {

using test::throwsError;
using testing::ElementsAre;

class SettingFilesOf : public testing::Test {
 protected:
  std::vector<std::string> read_;
  bool closed_ = false;
  SettingFiles files_{[this](const std::string& path) -> Secret {
    read_.push_back(path);
    if (closed_ || path == "/missing") throw Error(ErrorCode::kFileUnreadable, path + " cannot be read");
    return Secret("content of " + path);
  }};
};

TEST_F(SettingFilesOf, ARuleAreReadWhenTheyAreAskedFor) {
  files_.expect({"/a", "/b"});
  EXPECT_EQ(files_.content("/b").reveal(), "content of /b");
  EXPECT_THAT(read_, ElementsAre("/b"));
}

TEST_F(SettingFilesOf, ARuleCanBeHadAfterTheProcessIsConfined) {
  files_.expect({"/a", "/b"});
  files_.content("/a");
  files_.readAhead();
  closed_ = true;
  EXPECT_EQ(files_.content("/b").reveal(), "content of /b");
  EXPECT_EQ(files_.content("/b").reveal(), "content of /b");
  EXPECT_EQ(files_.content("/a").reveal(), "content of /a");
  EXPECT_THAT(read_, ElementsAre("/a", "/b"));
}

TEST_F(SettingFilesOf, ARuleThatCannotBeReadFailOnlyWhoAsksForThem) {
  files_.expect({"/missing", "/a"});
  files_.readAhead();
  EXPECT_EQ(files_.content("/a").reveal(), "content of /a");
  for (int again = 0; again < 2; ++again) {
    EXPECT_THAT([&] { files_.content("/missing"); },
                throwsError(ErrorCode::kFileUnreadable, "/missing cannot be read"));
  }
}

}  // namespace
}  // namespace rcb
