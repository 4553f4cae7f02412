// ${NAME ARGUMENTS} in the files of a scenario, replaced by what is known only when it runs: ports, tokens, secrets.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace rcb::test {

class Placeholders {
 public:
  using Value = std::function<std::string(const std::string& arguments)>;

  // REPEAT, BYTES and BASE64 are built in; see README.md.
  Placeholders();
  void define(const std::string& name, Value value) { values_[name] = std::move(value); }

  // Arguments may contain placeholders themselves. Throws std::runtime_error for an unknown one.
  std::string expand(std::string_view text) const;

 private:
  // The text up to `end` (or the end of all), which is removed from `rest` with it.
  std::string expandUntil(std::string_view& rest, char end) const;

  std::map<std::string, Value> values_;
};

}  // namespace rcb::test
