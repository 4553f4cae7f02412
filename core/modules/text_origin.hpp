// Where a string from a module originally came from, and the error if it is unusable. The origin decides who can fix it: the operator or the server,
// not the module's author.
#pragma once

#include "core/modules/credential_text.hpp"
#include "core/support/error.hpp"

#include <string>
#include <string_view>

namespace rcb {

struct Origin {
  enum class Kind { kSetting, kFile, kAnswer };
  Kind kind;
  std::string name;            // of the setting; the file's path; the host that answered
  bool isErrorAnswer = false;  // its status is 400 or more, so it issues no credential
};

// "the password in the file /etc/… is empty": kAnswerInvalid if it came from a server, otherwise kSettingsInvalid. `what`: "password".
Error unusableText(std::string_view what, const Origin& origin, const TextFault& fault);

// "the file /etc/… is not JSON: …", with the same codes.
Error notJson(const Origin& origin, std::string_view why);
Error notXml(const Origin& origin, std::string_view why);

}  // namespace rcb
