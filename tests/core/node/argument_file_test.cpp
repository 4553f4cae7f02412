#include "core/node/argument_file.hpp"

#include "core/node/node_files.hpp"
#include "core/support/error.hpp"

#include <gmock/gmock.h>

namespace rcb {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::vector<KubeletFlag> kFlags = {{"image-credential-provider-config", "/etc/p.yaml"},
                                         {"image-credential-provider-bin-dir", "/opt/bin"}};
constexpr const char* kAdded =
    "--image-credential-provider-config=/etc/p.yaml\n--image-credential-provider-bin-dir=/opt/bin\n";

std::string set(const std::string& text, OtherValue other = OtherValue::kRefuse) {
  return setArgumentFlags(text, kFlags, other);
}

std::string mistake(const std::string& text, OtherValue other = OtherValue::kRefuse) {
  try {
    set(text, other);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kConfigInvalid);
    return error.message();
  }
  return "no error";
}

TEST(ArgumentFile, AppendsALineForEachFlagAndTakesItAway) {
  for (const std::string& text : {std::string(), std::string("--a=${SNAP_DATA}/b\n# c\n--d=\"e\"\n"),
                                  std::string("\n\n"), std::string("--image-credential-provider-config-x=1\n"),
                                  std::string("#--image-credential-provider-config=/other\r\n")}) {
    const std::string written = set(text);
    EXPECT_EQ(written, text + kAdded);
    EXPECT_EQ(set(written), written);
    EXPECT_EQ(removeArgumentFlags(written, kFlags), text);
    EXPECT_EQ(removeArgumentFlags(text, kFlags), text);
  }
}

TEST(ArgumentFile, KeepsAFileWithoutAFinalLineEndThatWay) {
  const std::string added(kAdded, std::char_traits<char>::length(kAdded) - 1);
  EXPECT_EQ(set("--a=b"), "--a=b\n" + added);
  EXPECT_EQ(removeArgumentFlags(set("--a=b"), kFlags), "--a=b");
}

TEST(ArgumentFile, AddsOnlyWhatIsMissing) {
  const std::string text =
      "  --image-credential-provider-config  \n\"-image-credential-provider-bin-dir\" '/opt/bin' --v=2\n";
  EXPECT_THAT(mistake(text), HasSubstr("already has --image-credential-provider-config=, not /etc/p.yaml"));
  const std::string both =
      "--image-credential-provider-config /etc/p.yaml\n\"-image-credential-provider-bin-dir\" '/opt/bin' --v=2\n";
  EXPECT_EQ(set(both), both);
  EXPECT_EQ(set("--image-credential-provider-bin-dir=/opt/bin\n"),
            "--image-credential-provider-bin-dir=/opt/bin\n--image-credential-provider-config=/etc/p.yaml\n");
}

TEST(ArgumentFile, IsReadAsKubeliteReadsIt) {
  EXPECT_THAT(readArguments("# --v=9\n --v=2\t\r\n\n\"--a\"  'b c' # d\n--last"),
              ElementsAre("--v=2", "--a", "", "b", "c", "#", "d", "--last"));
  EXPECT_THAT(readArguments(""), ElementsAre());
}

TEST(ArgumentFile, SplitsAtEachSpaceAsKubeliteDoes) {
  EXPECT_THAT(mistake("--image-credential-provider-bin-dir  /opt/bin\n"), HasSubstr("=, not /opt/bin"));
  EXPECT_THAT(mistake("--image-credential-provider-bin-dir\t/opt/bin\n"), "no error");
}

TEST(ArgumentFile, RefusesAnotherValueAndSaysWhich) {
  EXPECT_EQ(mistake("--image-credential-provider-bin-dir=/opt/bin\n--image-credential-provider-bin-dir=/other\n"),
            "the file of arguments already has --image-credential-provider-bin-dir=/other, not /opt/bin");
}

TEST(ArgumentFile, ReplacesAnotherValueWhereItIs) {
  EXPECT_EQ(set("--a\n--image-credential-provider-bin-dir \"/other\"\r\n--image-credential-provider-config=/x\n--b",
                OtherValue::kReplace),
            "--a\n--image-credential-provider-bin-dir=/opt/bin\r\n--image-credential-provider-config=/etc/p.yaml\n--b");
  EXPECT_EQ(mistake("--v=2 --image-credential-provider-bin-dir=/other\n", OtherValue::kReplace),
            "the file of arguments cannot be edited: --image-credential-provider-bin-dir is not on a line of its own");
}

TEST(ArgumentFile, RefusesAFlagThatIsTheValueOfAnotherOne) {
  EXPECT_EQ(
      mistake("--image-credential-provider-bin-dir --image-credential-provider-config=/etc/p.yaml\n",
              OtherValue::kReplace),
      "the file of arguments cannot be edited: --image-credential-provider-config follows a flag without a value");
}

TEST(ArgumentFile, RemovesOnlyItsOwnValues) {
  const std::string text =
      "--image-credential-provider-config=/other\n--image-credential-provider-bin-dir=/opt/bin --v=2\n--v=3\n";
  EXPECT_EQ(removeArgumentFlags(text, kFlags), text);
}

TEST(ArgumentFile, RefusesWhatIsNoText) {
  EXPECT_THAT(mistake(std::string("--a\0\n", 5)), HasSubstr("it contains a NUL byte"));
  EXPECT_THAT(mistake(std::string(kNodeFileLimit + 1, '\n')), HasSubstr("it is larger than 4 MiB"));
  EXPECT_EQ(set(std::string(kNodeFileLimit, '\n')).size(), kNodeFileLimit + std::string(kAdded).size());
}

TEST(ArgumentFile, RefusesAValueThatNeedsQuotes) {
  for (const char* value : {"", "/a b", "/a\"", "/a'", "/$HOME", "/a\\", "/a\n--v=9", "/\xc3\xa9", "/a#"}) {
    EXPECT_THROW(setArgumentFlags("", {{"bin-dir", value}}, OtherValue::kReplace), Error) << value;
  }
}

}  // namespace
}  // namespace rcb
