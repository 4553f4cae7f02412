#include "core/modules/library_needs.hpp"

#include "tests/core/modules/elf_file.hpp"

#include <gmock/gmock.h>

#include <string>

namespace rcb {
namespace {

using test::ElfDynamic;
using test::elfDynamic;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

LibraryNeeds read(const std::string& bytes) {
  return readLibraryNeeds({reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()}, "/opt/acme");
}

std::string problemOf(const ElfDynamic& file) { return read(file.bytes()).problem; }

ElfDynamic usual() { return elfDynamic({{DT_NEEDED, "libc.so.6"}, {DT_SONAME, "libacme.so.1"}}); }

TEST(LibraryNeeds, AreTheNamesAndFoldersOfTheDynamicSection) {
  const LibraryNeeds needs = read(elfDynamic({{DT_NEEDED, "libcurl.so.4"},
                                              {DT_SONAME, "libacme.so.1"},
                                              {DT_RPATH, "/opt/old/lib"},
                                              {DT_NEEDED, "libc.so.6"},
                                              {DT_RUNPATH, "/opt/acme/lib:/opt/lib"}})
                                      .bytes());
  EXPECT_EQ(needs.problem, "");
  EXPECT_EQ(needs.soname, "libacme.so.1");
  EXPECT_THAT(needs.libraries, ElementsAre("libcurl.so.4", "libc.so.6"));
  EXPECT_THAT(needs.folders, ElementsAre("/opt/old/lib", "/opt/acme/lib", "/opt/lib"));
}

TEST(LibraryNeeds, AreNoneInALibraryThatNeedsNothing) {
  for (ElfDynamic file : {elfDynamic({}), usual(), usual()}) {
    file.entries.erase(file.entries.begin() + 2, file.entries.end() - 1);
    EXPECT_THAT(read(file.bytes()).libraries, IsEmpty());
  }
  ElfDynamic statically = usual();
  statically.header.e_phnum = 1;
  EXPECT_EQ(problemOf(statically), "");
  EXPECT_THAT(read(statically.bytes()).libraries, IsEmpty());
}

TEST(LibraryNeeds, HaveNoFolderThatIsNotNamedInFull) {
  for (const Elf64_Sxword tag : {DT_RPATH, DT_RUNPATH}) {
    for (const char* path : {"",
                             ".",
                             "lib",
                             "./lib",
                             "../lib",
                             "ORIGIN",
                             "lib/$ORIGIN",
                             "/lib/$ORIGIN",
                             "$ORIGINAL",
                             "${ORIGIN",
                             "${ORIGIN}lib",
                             "$ORIGIN/$LIB",
                             "$ORIGIN/$ORIGIN",
                             "$",
                             "/usr/$LIB",
                             "/usr/${PLATFORM}/lib",
                             ":",
                             ":/usr/lib",
                             "/usr/lib:",
                             "/usr/lib::/lib",
                             "/usr/lib:lib",
                             "$ORIGIN:",
                             "$ORIGIN:lib"}) {
      EXPECT_THAT(problemOf(elfDynamic({{tag, path}})), HasSubstr("which is neither an absolute path nor one below"))
          << path;
    }
  }
  EXPECT_EQ(problemOf(elfDynamic({{DT_RUNPATH, "/lib:li\nb"}})),
            "its search path for libraries (RPATH or RUNPATH) names \"li?b\", which is neither an absolute path nor "
            "one below $ORIGIN");
}

TEST(LibraryNeeds, HaveTheFoldersOwnPathForOrigin) {
  for (const Elf64_Sxword tag : {DT_RPATH, DT_RUNPATH}) {
    const LibraryNeeds needs = read(elfDynamic({{tag, "$ORIGIN:/lib:${ORIGIN}/lib:$ORIGIN/../acme-lib"}}).bytes());
    EXPECT_EQ(needs.problem, "");
    EXPECT_THAT(needs.folders, ElementsAre("/opt/acme", "/lib", "/opt/acme/lib", "/opt/acme/../acme-lib"));
  }
}

TEST(LibraryNeeds, HaveNoPathInPlaceOfAName) {
  for (const char* name :
       {"", "./liba.so", "/tmp/liba.so", "lib/liba.so", "../liba.so", "liba.so/", "$ORIGIN", "a$LIB"}) {
    EXPECT_THAT(problemOf(elfDynamic({{DT_NEEDED, name}})), HasSubstr("which is a path, not a library name")) << name;
  }
}

TEST(LibraryNeeds, HaveNoLibraryThatWorksOnBehalfOfThisOne) {
  for (const auto& [tag, name] : std::vector<std::pair<Elf64_Sxword, std::string>>{{DT_FILTER, "DT_FILTER"},
                                                                                   {DT_AUXILIARY, "DT_AUXILIARY"},
                                                                                   {DT_AUDIT, "DT_AUDIT"},
                                                                                   {DT_DEPAUDIT, "DT_DEPAUDIT"},
                                                                                   {DT_CONFIG, "DT_CONFIG"}}) {
    EXPECT_EQ(problemOf(elfDynamic({{tag, "liba.so"}})),
              "it makes the loader use another library on its behalf (" + name + ")");
  }
}

TEST(LibraryNeeds, EndWithTheSectionAsForTheLoader) {
  ElfDynamic file = elfDynamic({{DT_NEEDED, "first"}, {DT_NULL, ""}, {DT_NEEDED, "./behind"}});
  EXPECT_THAT(read(file.bytes()).libraries, ElementsAre("first"));
  EXPECT_EQ(problemOf(file), "");
}

TEST(LibraryNeeds, BelieveNoAddressAndNoSize) {
  for (const std::uint64_t wild :
       {std::uint64_t{1} << 20, std::uint64_t{1} << 63, ~std::uint64_t{0}, ~std::uint64_t{0} - 0xffff}) {
    SCOPED_TRACE(wild);
    ElfDynamic file = usual();
    file.header.e_phoff = wild;
    EXPECT_NE(problemOf(file), "") << "program headers";
    for (const std::size_t segment : {0u, 1u}) {
      file = usual();
      file.segments[segment].p_vaddr = wild;
      EXPECT_EQ(problemOf(file), "its dynamic section is malformed");
    }
    file = usual();
    file.segments[0].p_offset = wild;
    EXPECT_EQ(problemOf(file), "it is truncated");
    file = usual();
    file.segments[0].p_filesz = wild;
    EXPECT_EQ(problemOf(file), "it is truncated");
    file = usual();
    file.entries[0].d_un.d_val = wild;
    EXPECT_EQ(problemOf(file), "its dynamic section is malformed");
    file = usual();
    file.entries[1].d_un.d_val = wild;
    EXPECT_NE(problemOf(file), "");
    file = usual();
    file.entries[2].d_un.d_val = wild;
    EXPECT_EQ(problemOf(file), "its string table is malformed");
  }
}

TEST(LibraryNeeds, AreRefusedWhereTheLoaderMightReadAnotherTable) {
  ElfDynamic file = usual();
  file.entries.insert(file.entries.begin(), file.entries.front());
  EXPECT_EQ(problemOf(file), "its dynamic section is malformed");
  file = usual();
  file.entries.erase(file.entries.begin());
  file.segments[0].p_filesz = file.bytes().size();
  EXPECT_EQ(problemOf(file), "its dynamic section is malformed");
  file = usual();
  file.segments[0] = file.segments[1];
  EXPECT_EQ(problemOf(file), "its dynamic section is malformed");
  file = usual();
  file.header.e_phentsize = 1;
  EXPECT_EQ(problemOf(file), "its program header table is malformed");
}

TEST(LibraryNeeds, AreRefusedIfTheSectionHasNoEnd) {
  ElfDynamic file = usual();
  file.entries.back() = file.entries[2];
  file.names = std::string(3, '\0');
  file.segments[0].p_filesz = file.bytes().size();
  EXPECT_EQ(problemOf(file), "its dynamic section is malformed");
  EXPECT_EQ(problemOf(elfDynamic({5000, {DT_NEEDED, "a"}})), "its dynamic section is malformed");
}

TEST(LibraryNeeds, AreRefusedIfANameHasNoEnd) {
  ElfDynamic file = usual();
  file.entries[1].d_un.d_val -= 1;
  EXPECT_EQ(problemOf(file), "its string table is malformed");
}

TEST(LibraryNeeds, AreRefusedInEveryProperPrefix) {
  const std::string whole = usual().bytes();
  for (std::size_t size = 0; size < whole.size(); ++size) EXPECT_NE(read(whole.substr(0, size)).problem, "") << size;
  EXPECT_EQ(read(whole).problem, "");
}

TEST(LibraryNeeds, AreThoseOfALibraryForThisMachineOnly) {
  EXPECT_EQ(read("#!/bin/sh\n").problem, "it is not an ELF file");
  ElfDynamic file = usual();
  file.header.e_type = ET_EXEC;
  EXPECT_EQ(problemOf(file), "it is not a shared library");
  file = usual();
  file.header.e_machine = 0xfeed;
  EXPECT_THAT(problemOf(file), HasSubstr("it is built for another architecture"));
}

}  // namespace
}  // namespace rcb
