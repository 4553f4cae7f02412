#include "core/modules/library_symbols.hpp"

#include "tests/core/modules/elf_file.hpp"

#include <gmock/gmock.h>

#include <cstddef>
#include <string>
#include <vector>

namespace rcb {
namespace {

using test::ElfFile;
using test::elfFile;
using test::ElfSymbol;
using testing::ElementsAre;
using testing::IsEmpty;

LibrarySymbols read(const std::string& bytes) {
  return readLibrarySymbols({reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()});
}

ElfSymbol used(const std::string& name, const std::string& version = {}, const std::string& library = "libc.so.6") {
  return {.name = name, .section = SHN_UNDEF, .library = library, .version = version};
}

ElfFile usual() {
  return elfFile({{"rcb_provider_entry_v1"},
                  used("arc4random", "GLIBC_2.36"),
                  used("memcpy", "GLIBC_2.14"),
                  used("getrandom", "GLIBC_2.36"),
                  used("pow", "GLIBC_2.29", "libm.so.6"),
                  used("__asan_init")});
}

constexpr const char* kMalformed = "its table of needed versions is malformed";

TEST(LibrarySymbols, AreWhatTheLibraryExportsAndWhatItNeeds) {
  const LibrarySymbols symbols = read(usual().bytes());
  EXPECT_EQ(symbols.problem, "");
  EXPECT_THAT(symbols.exported, ElementsAre("rcb_provider_entry_v1"));
  EXPECT_THAT(symbols.undefined, ElementsAre("__asan_init", "arc4random", "getrandom", "memcpy", "pow"));
}

TEST(LibrarySymbols, HaveTheVersionsThatTheyNeed) {
  const LibrarySymbols symbols = read(usual().bytes());
  std::vector<std::string> versions;
  for (const NeededVersion& needed : symbols.versions) {
    std::string line = needed.library + " " + needed.version;
    for (const std::string& symbol : needed.symbols) line += " " + symbol;
    versions.push_back(line);
  }
  EXPECT_THAT(versions, ElementsAre("libc.so.6 GLIBC_2.36 arc4random getrandom", "libc.so.6 GLIBC_2.14 memcpy",
                                    "libm.so.6 GLIBC_2.29 pow"));
}

TEST(LibrarySymbols, AreExportedAsDataAndWeaklyToo) {
  const LibrarySymbols symbols = read(elfFile({{"b", STT_OBJECT},
                                               {.name = "a", .binding = STB_WEAK},
                                               {.name = "c", .binding = STB_GNU_UNIQUE},
                                               {.name = "hidden", .visibility = STV_HIDDEN},
                                               {.name = "local", .binding = STB_LOCAL}})
                                          .bytes());
  EXPECT_THAT(symbols.exported, ElementsAre("a", "b", "c"));
  EXPECT_THAT(symbols.undefined, IsEmpty());
  EXPECT_THAT(symbols.versions, IsEmpty());
}

TEST(LibrarySymbols, HaveAVersionThatNoSymbolNeeds) {
  ElfFile file = usual();
  file.versions.assign(file.versions.size(), '\0');
  const LibrarySymbols symbols = read(file.bytes());
  ASSERT_EQ(symbols.versions.size(), 3u);
  EXPECT_THAT(symbols.versions[0].symbols, IsEmpty());
}

TEST(LibrarySymbols, AreRefusedWithoutASectionTable) {
  ElfFile file = usual();
  file.header.e_shnum = 0;
  EXPECT_EQ(read(file.bytes()).problem, "it has no section table, so its exports are unknown");
}

TEST(LibrarySymbols, AreRefusedInEveryProperPrefix) {
  const std::string whole = usual().bytes();
  for (std::size_t size = 0; size < whole.size(); ++size) EXPECT_NE(read(whole.substr(0, size)).problem, "") << size;
}

TEST(LibrarySymbols, BelieveNoSectionsOffsetAndSize) {
  for (const std::uint64_t wild : {std::uint64_t{1} << 20, std::uint64_t{1} << 63, ~std::uint64_t{0}}) {
    for (const std::size_t section : {1u, 2u, 3u, 4u}) {
      ElfFile file = usual();
      file.sections[section].sh_offset = wild;
      EXPECT_EQ(read(file.bytes()).problem, "it is truncated") << section;
      file = usual();
      file.sections[section].sh_size = wild;
      EXPECT_EQ(read(file.bytes()).problem, "it is truncated") << section;
    }
  }
}

TEST(LibrarySymbols, BelieveNoLinkOfAChain) {
  const auto problemWith = [](std::size_t offset, std::size_t size, unsigned char value) {
    ElfFile file = usual();
    file.needs.replace(offset, size, size, static_cast<char>(value));
    return read(file.bytes()).problem;
  };
  EXPECT_EQ(problemWith(offsetof(Elf64_Verneed, vn_version), 2, 0), kMalformed);
  EXPECT_EQ(problemWith(offsetof(Elf64_Verneed, vn_aux), 4, 0xff), kMalformed);
  EXPECT_EQ(problemWith(offsetof(Elf64_Verneed, vn_next), 4, 0xff), kMalformed);
  // The chain within one library goes round in a circle, and the one of libraries one byte at a time.
  EXPECT_EQ(problemWith(offsetof(Elf64_Verneed, vn_cnt), 2, 0xff), kMalformed);
  ElfFile file = usual();
  file.needs.assign(100'000, '\0');
  for (std::size_t at = 0; at < file.needs.size(); at += sizeof(Elf64_Verneed)) {
    file.needs[at] = VER_NEED_CURRENT;
    file.needs[at + offsetof(Elf64_Verneed, vn_next)] = sizeof(Elf64_Verneed);
  }
  file.sections[4].sh_size = file.needs.size();
  file.header.e_shoff = file.sections[4].sh_offset + file.needs.size();
  EXPECT_EQ(read(file.bytes()).problem, kMalformed);
}

TEST(LibrarySymbols, AreReadWithinTheirTablesOnly) {
  ElfFile file = usual();
  file.symbols[1].st_name = 0xffffffff;
  EXPECT_THAT(read(file.bytes()).exported, ElementsAre(""));
  file = usual();
  file.sections[3].sh_size = 3;  // of six symbols' versions
  EXPECT_EQ(read(file.bytes()).problem, "");
  file = usual();
  file.sections[1].sh_size -= 1;
  EXPECT_EQ(read(file.bytes()).undefined.size(), 4u);
}

TEST(LibrarySymbols, AreCountedUpToALimit) {
  EXPECT_EQ(read(elfFile(std::vector<ElfSymbol>(10'001, {"a"})).bytes()).exported.size(), 10'000u);
  EXPECT_EQ(read(elfFile({{std::string(2000, 'a')}}).bytes()).exported.front().size(), 1000u);
}

}  // namespace
}  // namespace rcb
