#include "core/modules/mapped_file.hpp"

#include <sys/mman.h>
#include <sys/stat.h>

#include <cstddef>

namespace rcb {
namespace {

constexpr std::size_t kSizeLimit = std::size_t{256} << 20;

}  // namespace

MappedFile::MappedFile(int descriptor) {
  struct stat info {};
  const bool known = ::fstat(descriptor, &info) == 0;
  const auto size = static_cast<std::size_t>(info.st_size);
  if (known && size == 0) {
    problem_ = "it is empty";
  } else if (size > kSizeLimit) {
    problem_ = "it is larger than 256 MiB";
  } else if (void* mapped = known ? ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0) : MAP_FAILED;
             mapped != MAP_FAILED) {
    bytes_ = {static_cast<const unsigned char*>(mapped), size};
  } else {
    problem_ = "it cannot be read";
  }
}

MappedFile::~MappedFile() {
  if (!bytes_.empty()) ::munmap(const_cast<unsigned char*>(bytes_.data()), bytes_.size());
}

}  // namespace rcb
