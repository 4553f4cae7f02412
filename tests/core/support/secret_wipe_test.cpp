// A secret's bytes are gone when their memory goes back to the heap. The heap is watched by replacing operator delete[], so this is a program of
// its own; the check reads memory just before it is freed, which is valid.
#include "core/support/secret.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <new>

namespace {

constexpr std::size_t kSize = 4096;
// The block under watch, and whether any byte of it was set when it was freed.
char* watched = nullptr;
bool freed = false;
bool dirty = false;

void inspect(void* block) {
  if (block == nullptr || block != watched) return;
  freed = true;
  dirty = std::any_of(watched, watched + kSize, [](char c) { return c != 0; });
  watched = nullptr;
}

}  // namespace

void operator delete[](void* block) noexcept {
  inspect(block);
  std::free(block);
}
void operator delete[](void* block, std::size_t) noexcept {
  inspect(block);
  std::free(block);
}
void* operator new[](std::size_t size) {
  if (void* block = std::malloc(size)) return block;
  throw std::bad_alloc();
}

namespace rcb {
namespace {

class SecretWipe : public testing::Test {
 protected:
  Secret watchedSecret() {
    Secret secret;
    char* room = secret.prepare(kSize);
    std::fill(room, room + kSize, 'x');
    secret.commit(kSize / 2);  // the rest was written and not committed
    watched = room;
    freed = dirty = false;
    return secret;
  }
  void TearDown() override {
    EXPECT_TRUE(freed);
    EXPECT_FALSE(dirty);
  }
};

TEST_F(SecretWipe, HappensWhenItDies) { const Secret secret = watchedSecret(); }

TEST_F(SecretWipe, HappensWhenItIsCleared) {
  Secret secret = watchedSecret();
  secret.clear();
  EXPECT_TRUE(freed);
}

TEST_F(SecretWipe, HappensWhenItGrows) {
  Secret secret = watchedSecret();
  secret.append(std::string(kSize, 'y'));
  EXPECT_TRUE(freed);
}

TEST_F(SecretWipe, HappensWhenAnotherIsMovedOntoIt) {
  Secret secret = watchedSecret();
  secret = Secret("other");
  EXPECT_TRUE(freed);
}

}  // namespace
}  // namespace rcb
