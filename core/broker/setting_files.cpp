#include "core/broker/setting_files.hpp"

#include "core/support/trusted_file.hpp"

namespace rcb {

SettingFiles::SettingFiles() : read_([](const std::string& path) { return readSecretFile(path, "secret file"); }) {}

void SettingFiles::readAhead() {
  for (const std::string& path : expected_) {
    if (known_.contains(path)) continue;
    try {
      known_.emplace(path, read_(path));
    } catch (const Error& error) {
      known_.emplace(path, error);
    }
  }
}

Secret SettingFiles::content(const std::string& path) {
  auto known = known_.find(path);
  if (known == known_.end()) known = known_.emplace(path, read_(path)).first;
  if (const Error* error = std::get_if<Error>(&known->second)) throw Error(*error);
  return Secret(std::get<Secret>(known->second).reveal());
}

}  // namespace rcb
