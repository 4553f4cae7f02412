// The log: lines on stderr, `registry-credential-broker: level=info message="…" key="value"`. The kubelet keeps stderr only of a run that failed.
// A Secret cannot be logged, since it does not convert to a string.
#pragma once

#include <functional>
#include <initializer_list>
#include <string_view>
#include <utility>

namespace rcb {

enum class LogLevel { kDebug = 0, kInfo = 1, kWarn = 2, kError = 3 };

class Log {
 public:
  using Field = std::pair<std::string_view, std::string_view>;
  using Sink = std::function<void(std::string_view line)>;

  // Drops lines below `level`, and every line without a sink. The sink gets lines without a prefix and without a line end.
  explicit Log(LogLevel level = LogLevel::kWarn, Sink sink = {}) : level_(level), sink_(std::move(sink)) {}

  bool shows(LogLevel level) const { return sink_ && level >= level_; }
  void write(LogLevel level, std::string_view message, std::initializer_list<Field> fields = {}) const {
    write(level, message, fields.begin(), fields.end());
  }
  void write(LogLevel level, std::string_view message, const Field* begin, const Field* end) const;

 private:
  LogLevel level_;
  Sink sink_;
};

}  // namespace rcb
