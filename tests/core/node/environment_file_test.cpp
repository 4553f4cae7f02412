#include "core/node/environment_file.hpp"

#include "core/node/node_files.hpp"
#include "core/support/error.hpp"

#include <gmock/gmock.h>

namespace rcb {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Optional;

constexpr const char* kVariable = "KUBELET_EXTRA_ARGS";
const std::vector<KubeletFlag> kFlags = {{"image-credential-provider-config", "/etc/p.yaml"},
                                         {"image-credential-provider-bin-dir", "/opt/bin"}};
constexpr const char* kConfig = "--image-credential-provider-config=/etc/p.yaml";
constexpr const char* kBinDir = "--image-credential-provider-bin-dir=/opt/bin";
const std::string kBoth = std::string(kConfig) + " " + kBinDir;

auto arguments(const std::string& text) { return environmentArguments(text, kVariable); }

std::string set(const std::string& text, OtherValue other = OtherValue::kRefuse) {
  return setEnvironmentFlags(text, kVariable, kFlags, other);
}

std::string removed(const std::string& text) { return removeEnvironmentFlags(text, kVariable, kFlags); }

std::string mistake(const std::string& text, OtherValue other = OtherValue::kRefuse) {
  try {
    set(text, other);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kConfigInvalid);
    return error.message();
  }
  return "no error";
}

// --- How systemd reads ---

TEST(EnvironmentFile, ReadsValuesAsSystemdDoes) {
  for (const auto& [text, words] : std::initializer_list<std::pair<std::string, std::vector<std::string>>>{
           {"KUBELET_EXTRA_ARGS=--a --b=c  \n", {"--a", "--b=c"}},
           {"  KUBELET_EXTRA_ARGS = --a\r\n", {"--a"}},
           {"KUBELET_EXTRA_ARGS=", {}},
           {"KUBELET_EXTRA_ARGS=\"--a --b\"", {"--a", "--b"}},
           {"KUBELET_EXTRA_ARGS='--a\n--b' \"--c\"--d\n", {"--a", "--b--c--d"}},
           {"KUBELET_EXTRA_ARGS=--a \\\n  --b \\\n--c\n", {"--a", "--b", "--c"}},
           {"KUBELET_EXTRA_ARGS=\"--a \\\n--b\"\n", {"--a", "--b"}},
           {"KUBELET_EXTRA_ARGS=--a # no comment\n", {"--a", "#", "no", "comment"}},
           {"KUBELET_EXTRA_ARGS=--a=\"b c\" --d='e f'\n", {"--a=b c", "--d=e f"}},
           {"KUBELET_EXTRA_ARGS=\"--a=\\\"b c\\\" \\$x \\n\"\n", {"--a=b c", "$x", "n"}},
           {"KUBELET_EXTRA_ARGS=--a\\ b\n", {"--a", "b"}},
           {"KUBELET_EXTRA_ARGS='--a\\ b'\n", {"--a b"}},
           {"KUBELET_EXTRA_ARGS=--a\nKUBELET_EXTRA_ARGS=--b\nOTHER=--c\n", {"--b"}},
           {"#KUBELET_EXTRA_ARGS=--a\n;KUBELET_EXTRA_ARGS=--b\nno assignment\nKUBELET_EXTRA_ARGS=--c\n", {"--c"}},
           {"# a comment \\\\\nKUBELET_EXTRA_ARGS=--c\n", {"--c"}},
           {"OTHER=\"\nKUBELET_EXTRA_ARGS=--a\n\"\nKUBELET_EXTRA_ARGS=--b", {"--b"}},
           {"KUBELET_EXTRA_ARGS=\"--unterminated --b", {"--unterminated", "--b"}},
           {"KUBELET_EXTRA_ARGS=--a\\", {"--a"}},
       }) {
    EXPECT_THAT(arguments(text), Optional(words)) << text;
  }
}

TEST(EnvironmentFile, ReadsNoAssignmentWhereSystemdReadsNone) {
  for (const char* text : {"", "export KUBELET_EXTRA_ARGS=--a\n", "# KUBELET_EXTRA_ARGS=--a\n", "KUBELET_EXTRA_ARGS\n",
                           "KUBELET_EXTRA_ARGS2=--a\n", "OTHER=\\\nKUBELET_EXTRA_ARGS=--a\n"}) {
    EXPECT_EQ(arguments(text), std::nullopt) << text;
  }
}

// --- Flags ---

TEST(EnvironmentFile, AppendsToTheValueInItsOwnStyle) {
  for (const auto& [before, after] : std::initializer_list<std::pair<std::string, std::string>>{
           {"KUBELET_EXTRA_ARGS=", "\n"},
           {"KUBELET_EXTRA_ARGS=--a", "\n"},
           {"KUBELET_EXTRA_ARGS=--a", ""},
           {"KUBELET_EXTRA_ARGS=--a", "  \t\r\nOTHER=1\r\n"},
           {"KUBELET_EXTRA_ARGS=", "   \n"},
           {"KUBELET_EXTRA_ARGS=\"--a", "\"\n"},
           {"KUBELET_EXTRA_ARGS='--a", "'   \n"},
           {"KUBELET_EXTRA_ARGS=\"", "\"\n"},
           {"KUBELET_EXTRA_ARGS=\" ", "\"\n"},
           {"KUBELET_EXTRA_ARGS=\"--a\" '--b", "'\n# end\n"},
           {"KUBELET_EXTRA_ARGS=--a \\\n  --b", "\nKUBELET_EXTRA_ARGS2=x\n"},
           {"KUBELET_EXTRA_ARGS=--a ", "\\\n\nOTHER=1\n"},
           {"# KUBELET_EXTRA_ARGS=--x\nKUBELET_EXTRA_ARGS=--y\n\n KUBELET_EXTRA_ARGS = --z", "\n"},
           {"KUBELET_EXTRA_ARGS=--a=\"b c\"", "\n"},
           {"KUBELET_EXTRA_ARGS=--a=b", "\\"},
           {"KUBELET_EXTRA_ARGS=\"--a=\\\"b\\\"", "\"\n"},
           {"KUBELET_EXTRA_ARGS=--image-credential-provider-config-x=1", "\n"},
       }) {
    const std::string text = before + after;
    const std::string written = set(text);
    const bool empty = arguments(text)->empty() && !before.ends_with(' ');
    EXPECT_EQ(written, before + (empty ? "" : " ") + kBoth + after);
    EXPECT_EQ(set(written), written);
    EXPECT_EQ(removed(written), text);
    EXPECT_EQ(removed(text), text);
  }
}

TEST(EnvironmentFile, AddsAnAssignmentWhereThereIsNone) {
  const std::string added =
      "# Added by registry-credential-broker, with the next line.\nKUBELET_EXTRA_ARGS=\"" + kBoth + "\"";
  for (const std::string& text : {std::string(), std::string("\n"), std::string("A=1\n"), std::string("# comment \\\n"),
                                  std::string("export KUBELET_EXTRA_ARGS=--a\n")}) {
    const std::string written = set(text);
    EXPECT_EQ(written, text + added + "\n");
    EXPECT_EQ(set(written), written);
    EXPECT_EQ(removed(written), text);
  }
  EXPECT_EQ(set("A=1"), "A=1\n" + added);
  EXPECT_EQ(removed("A=1\n" + added), "A=1");
  EXPECT_EQ(removed("A=1\n" + added + "\nB=2\n"), "A=1\nB=2\n");
  EXPECT_EQ(removed("KUBELET_EXTRA_ARGS=--a\n" + added), "KUBELET_EXTRA_ARGS=--a");
}

TEST(EnvironmentFile, KeepsTheAssignmentThatItAddedIfSomethingElseIsThere) {
  std::string text = set("");
  text.insert(text.find(kConfig), "--v=2 ");
  EXPECT_THAT(removed(text), EndsWith("\nKUBELET_EXTRA_ARGS=\"--v=2\"\n"));
}

TEST(EnvironmentFile, AddsOnlyWhatIsMissing) {
  for (const std::string& both :
       {"KUBELET_EXTRA_ARGS=" + kBoth + "\n",
        std::string("KUBELET_EXTRA_ARGS='-image-credential-provider-config /etc/p.yaml ' \\\n") + kBinDir,
        std::string("KUBELET_EXTRA_ARGS=--image-credential-provider-bin-dir=/x ") + kBoth}) {
    EXPECT_EQ(set(both), both);
  }
  EXPECT_EQ(set(std::string("KUBELET_EXTRA_ARGS=") + kBinDir + " --a\n"),
            std::string("KUBELET_EXTRA_ARGS=") + kBinDir + " --a " + kConfig + "\n");
}

TEST(EnvironmentFile, RefusesAnotherValueAndSaysWhich) {
  EXPECT_EQ(mistake("KUBELET_EXTRA_ARGS=--image-credential-provider-config=/other.yaml\n"),
            "KUBELET_EXTRA_ARGS already has --image-credential-provider-config=/other.yaml, not /etc/p.yaml");
  EXPECT_EQ(mistake("KUBELET_EXTRA_ARGS=\"--image-credential-provider-bin-dir /b\x1b \"\n"),
            "KUBELET_EXTRA_ARGS already has --image-credential-provider-bin-dir=/b?, not /opt/bin");
  EXPECT_EQ(mistake("KUBELET_EXTRA_ARGS=--image-credential-provider-bin-dir\n"),
            "KUBELET_EXTRA_ARGS already has --image-credential-provider-bin-dir=, not /opt/bin");
}

TEST(EnvironmentFile, ReplacesAnotherValueWhereItIs) {
  EXPECT_EQ(
      set("KUBELET_EXTRA_ARGS=\"--image-credential-provider-bin-dir /x --a --image-credential-provider-config=/y\" \n",
          OtherValue::kReplace),
      std::string("KUBELET_EXTRA_ARGS=\"") + kBinDir + " --a " + kConfig + "\" \n");
  EXPECT_EQ(set("KUBELET_EXTRA_ARGS=--image-credential-provider-bin-dir \\\n  /x --b\n", OtherValue::kReplace),
            std::string("KUBELET_EXTRA_ARGS=") + kBinDir + " --b " + kConfig + "\n");
}

TEST(EnvironmentFile, RemovesOnlyItsOwnValues) {
  const std::string other =
      "KUBELET_EXTRA_ARGS=--image-credential-provider-config=/other --image-credential-provider-bin-dir\n";
  EXPECT_EQ(removed(other), other);
  EXPECT_EQ(removed("KUBELET_EXTRA_ARGS=" + kBoth + " --a\n"), "KUBELET_EXTRA_ARGS= --a\n");
  EXPECT_EQ(removed("KUBELET_EXTRA_ARGS='--a " + kBoth + " --b'\n"), "KUBELET_EXTRA_ARGS='--a --b'\n");
  EXPECT_EQ(removed("A=1\n"), "A=1\n");
}

TEST(EnvironmentFile, TakesTheNextArgumentForTheValueOfAFlagWithoutOne) {
  EXPECT_EQ(set("KUBELET_EXTRA_ARGS=--image-credential-provider-config --image-credential-provider-bin-dir /opt/bin\n",
                OtherValue::kReplace),
            "KUBELET_EXTRA_ARGS=" + std::string(kConfig) + " /opt/bin " + kBinDir + "\n");
  EXPECT_THAT(mistake("KUBELET_EXTRA_ARGS=--image-credential-provider-bin-dir " + std::string(kConfig) + "\n",
                      OtherValue::kReplace),
              EndsWith("is written in a way that lets no argument be changed"));
}

// --- Refusals ---

TEST(EnvironmentFile, RefusesWhatItCannotChangeAlone) {
  for (const std::string& text : {
           std::string("A=1 \\\n"),              // the added line would continue A
           std::string("KUBELET_EXTRA_ARGS='"),  // systemd closes it at the end of the file
           std::string("KUBELET_EXTRA_ARGS=\"--a \\"),
           std::string("A=\"1\n"),                                 // or be within its quotes
           std::string("KUBELET_EXTRA_ARGS=--a=\"b"),              // a quote that systemd's splitting leaves open
           std::string("# comment \\\nKUBELET_EXTRA_ARGS=--a\n"),  // before systemd 254 a comment
       }) {
    EXPECT_THAT(mistake(text), EndsWith("KUBELET_EXTRA_ARGS is written in a way that lets no argument be changed"))
        << text;
  }
}

TEST(EnvironmentFile, RefusesWhatIsNoText) {
  EXPECT_THAT(mistake(std::string("A=\0\n", 4)), HasSubstr("it contains a NUL byte"));
  EXPECT_THAT(mistake(std::string(kNodeFileLimit + 1, '\n')), HasSubstr("it is larger than 4 MiB"));
}

TEST(EnvironmentFile, EditsALargeFile) {
  std::string text = "KUBELET_EXTRA_ARGS=\"";
  while (text.size() < kNodeFileLimit / 4) text += "--a=b \\\n";
  text += "\"\n";
  EXPECT_EQ(removed(set(text)), text);
  std::string lines;
  while (lines.size() < kNodeFileLimit / 4) lines += "KUBELET_EXTRA_ARGS=x\n";
  EXPECT_EQ(removed(set(lines)), lines);
}

TEST(EnvironmentFile, RefusesAValueThatNeedsQuotes) {
  for (const char* value : {"", "/a b", "/a\"", "/a'", "/$HOME", "/a\\", "/a\n--v=9", "/\xc3\xa9", "/a#"}) {
    EXPECT_THROW(setEnvironmentFlags("", kVariable, {{"bin-dir", value}}, OtherValue::kReplace), Error) << value;
  }
}

}  // namespace
}  // namespace rcb
