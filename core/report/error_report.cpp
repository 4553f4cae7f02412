#include "core/report/error_report.hpp"

#include "core/support/json_writer.hpp"
#include "core/support/printable.hpp"

namespace rcb {

std::string errorJson(const Error& error) {
  constexpr std::size_t kMessageLimit = 1000;  // as in Error::line()
  std::string text;
  JsonWriter writer(text);
  writer.beginObject();
  writer.key("error");
  writer.beginObject();
  writer.member("code", error.slug());
  writer.member("exitStatus", static_cast<int>(error.kind()));
  writer.member("message", printable(error.message(), kMessageLimit));
  writer.key("context");
  writer.beginObject();
  for (const auto& [key, value] : error.context()) writer.member(key, printable(value));
  writer.endObject();
  writer.member("advice", printable(error.advice(), kMessageLimit));
  writer.endObject();
  writer.endObject();
  return text + "\n";
}

}  // namespace rcb
