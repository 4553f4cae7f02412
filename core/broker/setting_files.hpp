// The files that the settings of a rule name. A provider may ask for one at any time, but a confined process (core/process/confinement.hpp) can no
// longer read it: so what is left is read ahead.
#pragma once

#include "core/support/error.hpp"
#include "core/support/secret.hpp"

#include <functional>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace rcb {

class SettingFiles {
 public:
  using Read = std::function<Secret(const std::string& path)>;

  // Reads as a file that no other user can have changed. `read` throws Error; another one is for dry runs.
  SettingFiles();
  explicit SettingFiles(Read read) : read_(std::move(read)) {}

  // What a provider may ask for.
  void expect(std::vector<std::string> paths) { expected_ = std::move(paths); }
  // Reads those of them that no provider has requested yet. A file that cannot be read is an error only when it is requested.
  void readAhead();

  // Throws Error: kFileUntrusted, kFileUnreadable.
  Secret content(const std::string& path);

 private:
  Read read_;
  std::vector<std::string> expected_;
  std::map<std::string, std::variant<Secret, Error>> known_;
};

}  // namespace rcb
