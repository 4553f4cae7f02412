#include "tests/support/freed_memory.hpp"

#include <malloc.h>

#include <cstdlib>
#include <new>

namespace {

thread_local std::string_view wanted;  // empty: nothing is searched
thread_local int found = 0;

void release(void* block) noexcept {
  if (block != nullptr && !wanted.empty()) {
    const std::string_view bytes(static_cast<const char*>(block), ::malloc_usable_size(block));
    if (bytes.find(wanted) != std::string_view::npos) ++found;
  }
  std::free(block);
}

}  // namespace

// Every form, because a sanitizer replaces the missing ones with its own, which do not fit these. Memory is cleared, so that what is found later was
// written by the block's owner. Over-aligned types are not used.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return std::calloc(size == 0 ? 1 : size, 1); }
void* operator new(std::size_t size) {
  if (void* block = operator new(size, std::nothrow)) return block;
  throw std::bad_alloc();
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return operator new(size, std::nothrow); }
void* operator new[](std::size_t size) { return operator new(size); }
void operator delete(void* block) noexcept { release(block); }
void operator delete(void* block, std::size_t) noexcept { release(block); }
void operator delete(void* block, const std::nothrow_t&) noexcept { release(block); }
void operator delete[](void* block) noexcept { release(block); }
void operator delete[](void* block, std::size_t) noexcept { release(block); }
void operator delete[](void* block, const std::nothrow_t&) noexcept { release(block); }

namespace rcb::test {

FreedMemory::FreedMemory(std::string_view text) {
  ::wanted = text;
  ::found = 0;
}

FreedMemory::~FreedMemory() { ::wanted = {}; }

int FreedMemory::found() const { return ::found; }

}  // namespace rcb::test
