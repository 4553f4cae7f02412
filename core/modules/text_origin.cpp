#include "core/modules/text_origin.hpp"

#include "core/support/printable.hpp"

#include <fmt/format.h>

#include <utility>

namespace rcb {
namespace {

std::string named(const Origin& origin) {
  switch (origin.kind) {
    case Origin::Kind::kSetting:
      return "the setting " + origin.name;
    case Origin::Kind::kFile:
      return "the file " + printable(origin.name);
    case Origin::Kind::kAnswer:
      break;
  }
  return "the answer from " + printable(origin.name);
}

Error failure(const Origin& origin, std::string message, std::string advice) {
  if (origin.kind != Origin::Kind::kAnswer) {
    return Error(ErrorCode::kSettingsInvalid, std::move(message)).advise(std::move(advice));
  }
  return Error(ErrorCode::kAnswerInvalid, std::move(message))
      .advise("check the host and the path in the rule's settings");
}

}  // namespace

Error unusableText(std::string_view what, const Origin& origin, const TextFault& fault) {
  return failure(origin, fmt::format("the {} in {} {}", what, named(origin), fault.what), fault.advice);
}

Error notJson(const Origin& origin, std::string_view why) {
  return failure(origin, fmt::format("{} is not JSON: {}", named(origin), why),
                 "write it as JSON, in UTF-8 without a byte order mark");
}

Error notXml(const Origin& origin, std::string_view why) {
  return failure(origin, fmt::format("{} is not XML: {}", named(origin), why),
                 "write it as XML, in UTF-8 without a document type declaration");
}

}  // namespace rcb
