#include "core/observe/log.hpp"

#include "core/support/json_writer.hpp"
#include "core/support/printable.hpp"

namespace rcb {

void Log::write(LogLevel level, std::string_view message, const Field* begin, const Field* end) const {
  static constexpr std::string_view kNames[] = {"debug", "info", "warn", "error"};
  if (!shows(level)) return;
  std::string line = "level=" + std::string(kNames[static_cast<int>(level)]) + " message=";
  appendJsonString(line, printable(message));
  for (const Field* field = begin; field != end; ++field) {
    line += " " + printable(field->first, 40) + "=";
    appendJsonString(line, printable(field->second));
  }
  sink_(line);
}

}  // namespace rcb
