// The contents that secret files have in practice, read through every setting of static-token: the same bytes give the same password or the same
// message, which names the file and never shows a part of it.
#include "core/modules/credential_text.hpp"
#include "core/support/utf8.hpp"
#include "tests/providers/provider_forms.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <string>

namespace rcb {
namespace {

using namespace std::string_literals;
using sdk::ScriptedCall;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const std::string kCanary = "hunter2-canary";

struct Row {
  const char* name;
  std::string bytes;
  const char* fault;  // null: they are taken as they are
};

std::string wide(const std::string& ascii, bool bigEndian) {
  std::string bytes;
  for (const char c : ascii) bytes += bigEndian ? "\0"s + c : c + "\0"s;
  return bytes;
}

const std::string kServiceAccountKey =
    "{\n  \"type\": \"service_account\",\n  \"private_key\": \"-----BEGIN PRIVATE KEY-----"
    "\\nMIIEvQ-hunter2-canary+/=\\n-----END PRIVATE KEY-----\\n\"\n}\n";

// In one order, with names that no password has: a string of each kind that some system writes.
const Row kPasswords[] = {
    {"one line", kCanary, nullptr},
    {"spaces around", "  " + kCanary + " ", nullptr},
    {"a colon", kCanary + ":" + kCanary, nullptr},
    {"a service account key", kServiceAccountKey, nullptr},
    {"two lines", kCanary + "\n" + kCanary, nullptr},
    {"two lines of Windows", kCanary + "\r\n" + kCanary, nullptr},
    {"tab and control characters", kCanary + "\t\x01\x1b\x7f", nullptr},
    {"UTF-8", kCanary + "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80", nullptr},
    {"64 KiB", kCanary + std::string(65536 - kCanary.size(), 'x'), nullptr},
    {"64 KiB and one", kCanary + std::string(65537 - kCanary.size(), 'x'),
     "is 65537 bytes long, above the limit of 65536"},
    {"70,000 bytes", kCanary + std::string(70'000 - kCanary.size(), 'x'),
     "is 70000 bytes long, above the limit of 65536"},
    {"two line ends behind it", kCanary + "\n\n", "begins or ends with a line break"},
    {"a line end before it", "\n" + kCanary, "begins or ends with a line break"},
    {"white space", " \t\r\n ", "contains only whitespace"},
    {"line ends", "\n\n\n", "contains only whitespace"},
    {"a byte order mark", "\xef\xbb\xbf" + kCanary, "begins with a UTF-8 byte order mark"},
    {"UTF-16 with its mark", "\xff\xfe" + wide(kCanary, false), "is UTF-16, not UTF-8"},
    {"UTF-16 of the other order with its mark", "\xfe\xff" + wide(kCanary, true), "is UTF-16, not UTF-8"},
    {"UTF-16", wide(kCanary, false), "is UTF-16, not UTF-8"},
    {"UTF-16 of the other order", wide(kCanary, true), "is UTF-16, not UTF-8"},
    {"UTF-16 with a line end", wide(kCanary + "\n", false), "is UTF-16, not UTF-8"},
    {"Latin-1", kCanary + "\xe4", "is not valid UTF-8 at byte 15"},
    {"half a character", kCanary + "\xc3", "is not valid UTF-8 at byte 15"},
    {"a surrogate in UTF-8", kCanary + "\xed\xa0\x80", "is not valid UTF-8 at byte 15"},
    {"NUL", kCanary + "\0x"s, "contains a NUL byte at byte 15"},
};

const Row kUserNames[] = {
    {"_json_key", "_json_key", nullptr},
    {"a robot", "robot$team+puller", nullptr},
    {"a name with a space", "the puller", nullptr},
    {"UTF-8", "p\xc3\xa4ul", nullptr},
    {"two lines", "user\npull\n", "has more than one line"},
    {"two lines of four letters", "user\nname", "has more than one line"},
    {"a control character", "pull\x1b", "contains a control character at byte 5"},
    {"white space", " ", "contains only whitespace"},
    {"a byte order mark", "\xef\xbb\xbfpull", "begins with a UTF-8 byte order mark"},
    {"UTF-16", wide("pull", false), "is UTF-16, not UTF-8"},
    {"Latin-1", "p\xe4ul", "is not valid UTF-8 at byte 2"},
    {"NUL", "pu\0ll"s, "contains a NUL byte at byte 3"},
    {"70,000 bytes", std::string(70'000, 'x'), "is 70000 bytes long, above the limit of 65536"},
};

std::string jsonString(const std::string& bytes) {
  std::string text = "\"";
  for (const char c : bytes) {
    if (static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\') {
      text += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
    } else {
      text += c;
    }
  }
  return text + "\"";
}

std::string base64(const std::string& bytes) {
  static constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  unsigned bits = 0;
  int count = 0;
  for (const char c : bytes) {
    bits = (bits << 8) | static_cast<unsigned char>(c);
    for (count += 8; count >= 6; count -= 6) text += kAlphabet[(bits >> (count - 6)) & 63];
  }
  if (count > 0) text += kAlphabet[(bits << (6 - count)) & 63];
  while (text.size() % 4 != 0) text += '=';
  return text;
}

class SecretFiles : public test::ProviderForms {
 protected:
  using Write = std::string (*)(const std::string& username, const std::string& password);

  // The call of a rule whose `setting` is a file of this content.
  static ScriptedCall callWith(const char* setting, const std::string& bytes) {
    ScriptedCall call = callOf("static-token");
    call.withoutToken().image("mirror.test:5000/team/app");
    call.setting(setting, kFile).file(kFile, bytes);
    return call;
  }
  static constexpr const char* kFile = "/etc/registry/file";

  // One way to keep user name and password in one file.
  struct Way {
    const char* name;
    Write write;
    bool isJson;  // the strings are JSON's, which cannot say everything
  };
  static constexpr Way kWays[] = {
      {"auth of a docker config",
       [](const std::string& username, const std::string& password) {
         return R"({"auths":{"mirror.test:5000":{"auth":")" + base64(username + ":" + password) + R"("}}})";
       },
       false},
      {"members of a docker config",
       [](const std::string& username, const std::string& password) {
         return R"({"auths":{"mirror.test:5000":{"username":)" + jsonString(username) + R"(,"password":)" +
                jsonString(password) + "}}}";
       },
       true},
      {".dockercfg",
       [](const std::string& username, const std::string& password) {
         return R"({"https://mirror.test:5000":{"email":"a@b.test","auth":")" + base64(username + ":" + password) +
                R"("}})";
       },
       false},
      {"a kubelet's response",
       [](const std::string& username, const std::string& password) {
         return R"({"kind":"CredentialProviderResponse","auth":{"mirror.test:5000":{"username":)" +
                jsonString(username) + R"(,"password":)" + jsonString(password) + "}}}";
       },
       true},
  };

  // The call fails with an error that the operator can correct: it names the file, advises, and shows nothing of the secret.
  static void expectFault(ScriptedCall& call, const std::string& start) {
    try {
      call.provide();
      ADD_FAILURE() << "was taken";
    } catch (const sdk::CallFailed& failed) {
      const std::string line = failed.what();
      EXPECT_EQ(failed.status(), RCB_BAD_SETTINGS) << line;
      EXPECT_THAT(line, HasSubstr("(code=settings-invalid"));
      EXPECT_THAT(line, HasSubstr("); "));
      EXPECT_THAT(line, StartsWith(start));
      EXPECT_THAT(line, HasSubstr(kFile));
      for (std::size_t at = 0; at + 5 <= kCanary.size(); ++at) {
        EXPECT_THAT(line, Not(HasSubstr(kCanary.substr(at, 5))));
        EXPECT_THAT(line, Not(HasSubstr(base64(kCanary).substr(at, 5))));
      }
    }
  }
  // `what` is in the file, and has this fault.
  static std::string faultOf(const std::string& what, const char* fault) {
    return "the " + what + " in the file " + kFile + " " + fault + " (code=settings-invalid); ";
  }
  static std::string notJson(const std::string& why = {}) {
    return "the file " + std::string(kFile) + " is not JSON: " + why;
  }
};

TEST_P(SecretFiles, HoldThePasswordOfAPasswordFile) {
  for (const Row& row : kPasswords) {
    SCOPED_TRACE(row.name);
    for (const char* end : {"\n", "\r\n", ""}) {
      // Whose own line end would be the one that is cut off.
      const bool ends = !row.bytes.empty() && row.bytes.back() == '\n';
      if (*end == '\0' && ends) continue;
      if (row.fault != nullptr && encodingFault(row.bytes) && *end != '\0') continue;
      ScriptedCall call = callWith("passwordFile", row.bytes + end);
      call.setting("username", "pull");
      if (row.fault == nullptr) {
        EXPECT_EQ(call.provide().password, row.bytes);
      } else {
        expectFault(call, faultOf("password", row.fault));
      }
    }
  }
}

TEST_P(SecretFiles, HoldThePasswordInEveryFormat) {
  for (const Way& way : kWays) {
    for (const Row& row : kPasswords) {
      SCOPED_TRACE(std::string(way.name) + ": " + row.name);
      ScriptedCall call = callWith("credentialFile", way.write("_json_key", row.bytes));
      if (row.fault == nullptr) {
        const ScriptedCall::Credential credential = call.provide();
        EXPECT_EQ(credential.username, "_json_key");
        EXPECT_EQ(credential.password, row.bytes);
      } else if (way.isJson && (!isUtf8(row.bytes) || row.bytes.find('\0') != std::string::npos)) {
        expectFault(call, notJson());
      } else {
        expectFault(call, faultOf("password", row.fault));
      }
    }
  }
}

TEST_P(SecretFiles, HoldTheUserNameOfAUserNameFile) {
  for (const Row& row : kUserNames) {
    SCOPED_TRACE(row.name);
    ScriptedCall call = callWith("usernameFile", row.bytes);
    call.setting("passwordFile", "/etc/registry/password").file("/etc/registry/password", kCanary + "\n");
    if (row.fault == nullptr) {
      EXPECT_EQ(call.provide().username, row.bytes);
    } else {
      expectFault(call, faultOf("user name", row.fault));
    }
  }
  ScriptedCall colon = callWith("usernameFile", "pu:ll\n");
  colon.setting("passwordFile", "/etc/registry/password").file("/etc/registry/password", kCanary);
  expectFault(colon, "the user name in the file " + std::string(kFile) + " contains a ':'");
}

TEST_P(SecretFiles, HoldTheUserNameInEveryFormat) {
  for (const Way& way : kWays) {
    for (const Row& row : kUserNames) {
      SCOPED_TRACE(std::string(way.name) + ": " + row.name);
      ScriptedCall call = callWith("credentialFile", way.write(row.bytes, kCanary));
      if (row.fault == nullptr) {
        EXPECT_EQ(call.provide().username, row.bytes);
      } else if (way.isJson && (!isUtf8(row.bytes) || row.bytes.find('\0') != std::string::npos)) {
        expectFault(call, notJson());
      } else {
        expectFault(call, faultOf("user name", row.fault));
      }
    }
    if (!way.isJson) continue;  // where the first colon ends the user name
    ScriptedCall colon = callWith("credentialFile", way.write("pu:ll", kCanary));
    expectFault(colon, "the user name in the file " + std::string(kFile) + " contains a ':'");
  }
}

// The whole file, as editors and shells of other systems save it.
TEST_P(SecretFiles, AreToldByTheirEncoding) {
  for (const Way& way : kWays) {
    const std::string text = way.write("pull", kCanary);
    const std::pair<std::string, const char*> encoded[] = {
        {"\xef\xbb\xbf" + text, "it begins with a UTF-8 byte order mark"},
        {"\xff\xfe" + wide(text, false), "it is UTF-16, not UTF-8"},
        {"\xfe\xff" + wide(text, true), "it is UTF-16, not UTF-8"},
        {wide(text, false), "it is UTF-16, not UTF-8"},
        {wide(text, true), "it is UTF-16, not UTF-8"},
        {text + "\0"s, "it contains a NUL byte at byte "},
        {text.substr(0, text.size() - 1), "expected ',' or '}' at line 1, column "},
        {text + text, "expected the end of the document at line 1, column "},
        {"", "expected a value at line 1, column 1"},
        {" \n", "expected a value at line 2, column 1"},
        {kCanary, "expected a value at line 1, column 1"},
        {base64(text), "expected a value at line 1, column 1"},
    };
    for (const auto& [bytes, why] : encoded) {
      SCOPED_TRACE(std::string(way.name) + ": " + why);
      ScriptedCall call = callWith("credentialFile", bytes);
      expectFault(call, notJson(why));
    }
  }
}

// As `base64` and other tools write it: wrapped, with a line end behind it, without padding.
TEST_P(SecretFiles, HoldAnAuthHoweverItsBase64IsWritten) {
  for (const std::string& password : {kCanary, kServiceAccountKey}) {
    const std::string plain = base64("_json_key:" + password);
    std::string wrapped;
    for (std::size_t at = 0; at < plain.size(); at += 76) wrapped += plain.substr(at, 76) + "\\n";
    for (const std::string& auth : {plain, wrapped, plain + "\\r\\n", plain.substr(0, plain.find('='))}) {
      ScriptedCall call = callWith("credentialFile", R"({"auths":{"mirror.test:5000":{"auth":")" + auth + "\"}}}");
      EXPECT_EQ(call.provide().password, password);
    }
  }
}

RCB_TEST_BOTH_FORMS(SecretFiles);

}  // namespace
}  // namespace rcb
