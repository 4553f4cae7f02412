// Where a text came from that a module hands over, and what is told of it if it is of no use: the origin says who can mend it, the operator or the
// server, and not the module's author.
#pragma once

#include "core/modules/credential_text.hpp"
#include "core/support/error.hpp"

#include <string>
#include <string_view>

namespace rcb {

struct Origin {
  enum class Kind { kSetting, kFile, kAnswer };
  Kind kind;
  std::string name;  // of the setting; the file's path; the host that answered
};

// "the password in the file /etc/… is empty": kAnswerInvalid of what a server answered, else kSettingsInvalid. `what`: "password".
Error unusableText(std::string_view what, const Origin& origin, const TextFault& fault);

// "the file /etc/… is not JSON: …", likewise.
Error notJson(const Origin& origin, std::string_view why);

}  // namespace rcb
