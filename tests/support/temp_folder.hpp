// A folder for one test, with mode 0700, removed with its content on destruction.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

namespace rcb::test {

class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  const std::string& path() const { return path_; }
  // Writes a file (folders are made as needed) and returns its path.
  std::string write(std::string_view name, std::string_view content, mode_t mode = 0644) const;

 private:
  std::string path_;
};

}  // namespace rcb::test
