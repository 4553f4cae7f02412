// Whether freed memory still contains a string. A program that is linked with freed_memory.cpp has operator new and delete from there.
#pragma once

#include <string_view>

namespace rcb::test {

// During its lifetime every block that this thread frees is searched for the string, which must outlive it. Only one may exist at a time.
class FreedMemory {
 public:
  explicit FreedMemory(std::string_view wanted);
  ~FreedMemory();
  FreedMemory(const FreedMemory&) = delete;
  FreedMemory& operator=(const FreedMemory&) = delete;

  // How many blocks held it.
  int found() const;
};

}  // namespace rcb::test
