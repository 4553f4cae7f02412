// Whether memory goes back to the heap with a text in it. A program that is linked with freed_memory.cpp has operator new and delete from there.
#pragma once

#include <string_view>

namespace rcb::test {

// While it lives, every block that this thread frees is searched for the text. One at a time; the text must outlive it.
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
