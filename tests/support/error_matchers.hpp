// Matchers for rcb::Error: EXPECT_THAT([] { parseRequest(""); }, throwsError(ErrorCode::kRequestNotJson, "empty"));
#pragma once

#include "core/support/error.hpp"

#include <gmock/gmock.h>

#include <string>

namespace rcb::test {

// The call throws an Error of this code whose line() contains the text.
inline auto throwsError(ErrorCode code, const std::string& text = "") {
  using testing::AllOf;
  using testing::HasSubstr;
  using testing::Property;
  return testing::Throws<Error>(
      AllOf(Property("code", &Error::code, code), Property("line", &Error::line, HasSubstr(text))));
}

}  // namespace rcb::test
