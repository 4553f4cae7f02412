// Maps an open library into memory, read-only.
#pragma once

#include "core/modules/elf_bytes.hpp"

#include <string>

namespace rcb {

class MappedFile {
 public:
  // Maps nothing, and sets problem(), if the file is empty, too large or cannot be mapped.
  explicit MappedFile(int descriptor);
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile();

  ElfBytes bytes() const { return bytes_; }
  const std::string& problem() const { return problem_; }

 private:
  ElfBytes bytes_;
  std::string problem_;
};

}  // namespace rcb
