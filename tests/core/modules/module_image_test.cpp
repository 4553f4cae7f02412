#include "core/modules/module_image.hpp"

#include "tests/core/modules/elf_file.hpp"

#include <gmock/gmock.h>

#include <string>

namespace rcb {
namespace {

using test::elfFile;
using test::ElfFile;
using test::ElfSymbol;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kEntry = "rcb_provider_entry_v1";

ModuleImage inspect(const std::string& bytes) {
  return inspectModule({reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()});
}

std::vector<int> majorsOf(const std::vector<ElfSymbol>& symbols) {
  const ModuleImage image = inspect(elfFile(symbols).bytes());
  EXPECT_EQ(image.problem, "");
  return image.majors;
}

std::string problemOf(const ElfFile& file) {
  const ModuleImage image = inspect(file.bytes());
  EXPECT_THAT(image.majors, IsEmpty());
  return image.problem;
}

TEST(ModuleImage, FindsTheEntrySymbol) { EXPECT_THAT(majorsOf({{"open"}, {kEntry}, {"close"}}), ElementsAre(1)); }

TEST(ModuleImage, FindsEveryMajorInOrder) {
  EXPECT_THAT(majorsOf({{"rcb_provider_entry_v10"}, {"rcb_provider_entry_v2"}, {kEntry}}), ElementsAre(1, 2, 10));
}

TEST(ModuleImage, FindsNothingInAnOrdinaryLibrary) {
  EXPECT_THAT(majorsOf({{"open"}, {"close"}}), IsEmpty());
  EXPECT_THAT(majorsOf({}), IsEmpty());
}

TEST(ModuleImage, CountsOnlyFunctionsThatTheLibraryExports) {
  EXPECT_THAT(majorsOf({{.name = kEntry, .section = SHN_UNDEF}}), IsEmpty());
  EXPECT_THAT(majorsOf({{.name = kEntry, .type = STT_OBJECT}}), IsEmpty());
  EXPECT_THAT(majorsOf({{.name = kEntry, .binding = STB_LOCAL}}), IsEmpty());
  EXPECT_THAT(majorsOf({{.name = kEntry, .visibility = STV_HIDDEN}}), IsEmpty());
  EXPECT_THAT(majorsOf({{.name = kEntry, .binding = STB_WEAK, .visibility = STV_PROTECTED}}), ElementsAre(1));
}

TEST(ModuleImage, TakesOnlyNumbersForMajors) {
  for (const char* name :
       {"rcb_provider_entry_v", "rcb_provider_entry_v0", "rcb_provider_entry_v-1", "rcb_provider_entry_v1x",
        "rcb_provider_entry_v 1", "rcb_provider_entry_v99999999999", "xrcb_provider_entry_v1", "rcb_provider_entry_"}) {
    EXPECT_THAT(majorsOf({{name}}), IsEmpty()) << name;
  }
}

TEST(ModuleImage, StopsCountingAtSixteen) { EXPECT_EQ(majorsOf(std::vector<ElfSymbol>(100, {kEntry})).size(), 16u); }

TEST(ModuleImage, RefusesWhatIsNoElfFile) {
  for (const std::string bytes : {"", "#!/bin/sh\n", "\x7f",
                                  "\x7f"
                                  "ELF",
                                  "\x7f"
                                  "ELG"}) {
    EXPECT_EQ(inspect(bytes).problem, "it is not an ELF file");
  }
}

TEST(ModuleImage, RefusesAnotherMachineByName) {
  ElfFile file = elfFile({{kEntry}});
  file.header.e_machine = file.header.e_machine == EM_AARCH64 ? EM_X86_64 : EM_AARCH64;
  EXPECT_THAT(problemOf(file),
              testing::MatchesRegex("it is built for another architecture: found (aarch64|x86_64), expected .*"));
  file.header.e_machine = 0xfeed;
  EXPECT_THAT(problemOf(file), HasSubstr("found an unknown architecture, expected "));
}

TEST(ModuleImage, Refuses32Bits) {
  ElfFile file = elfFile({{kEntry}});
  file.header.e_ident[EI_CLASS] = ELFCLASS32;
  file.header.e_machine = EM_386;
  EXPECT_THAT(problemOf(file), HasSubstr("found x86 (32 bits), expected "));
}

TEST(ModuleImage, RefusesTheOtherByteOrder) {
  ElfFile file = elfFile({{kEntry}});
  file.header.e_ident[EI_DATA] = file.header.e_ident[EI_DATA] == ELFDATA2LSB ? ELFDATA2MSB : ELFDATA2LSB;
  EXPECT_THAT(problemOf(file), HasSubstr("found another byte order, expected "));
}

TEST(ModuleImage, RefusesProgramsAndObjects) {
  for (const int type : {ET_NONE, ET_REL, ET_EXEC, ET_CORE}) {
    ElfFile file = elfFile({{kEntry}});
    file.header.e_type = static_cast<Elf64_Half>(type);
    EXPECT_EQ(problemOf(file), "it is not a shared library");
  }
}

TEST(ModuleImage, RefusesAFileWithoutSectionTable) {
  ElfFile file = elfFile({{kEntry}});
  file.header.e_shnum = 0;
  EXPECT_EQ(problemOf(file), "it has no section table, so its exports are unknown");
}

TEST(ModuleImage, RefusesEveryProperPrefixOfAModule) {
  const std::string whole = elfFile({{kEntry}}).bytes();
  for (std::size_t size = 0; size < whole.size(); ++size) EXPECT_NE(inspect(whole.substr(0, size)).problem, "") << size;
  EXPECT_THAT(inspect(whole).majors, ElementsAre(1));
}

TEST(ModuleImage, BelievesNoOffsetAndNoSize) {
  for (const std::uint64_t wild :
       {std::uint64_t{1} << 20, std::uint64_t{1} << 63, ~std::uint64_t{0}, ~std::uint64_t{0} - 63}) {
    ElfFile file = elfFile({{kEntry}});
    file.header.e_shoff = wild;
    EXPECT_EQ(problemOf(file), "it is truncated") << wild;
    for (const std::size_t section : {1u, 2u}) {
      file = elfFile({{kEntry}});
      file.sections[section].sh_offset = wild;
      EXPECT_EQ(problemOf(file), "it is truncated") << wild;
      file = elfFile({{kEntry}});
      file.sections[section].sh_size = wild;
      EXPECT_EQ(problemOf(file), "it is truncated") << wild;
    }
  }
}

TEST(ModuleImage, BelievesNoLinkAndNoCount) {
  ElfFile file = elfFile({{kEntry}});
  file.sections[1].sh_link = 3;
  EXPECT_EQ(problemOf(file), "its section table is malformed");
  file.sections[1].sh_link = 0xffffffff;
  EXPECT_EQ(problemOf(file), "its section table is malformed");
  file = elfFile({{kEntry}});
  file.header.e_shentsize = 1;
  EXPECT_EQ(problemOf(file), "its section table is malformed");
  file = elfFile({{kEntry}});
  file.header.e_shnum = 0xffff;
  EXPECT_EQ(problemOf(file), "it is truncated");
}

TEST(ModuleImage, ReadsNamesWithinTheirTableOnly) {
  ElfFile file = elfFile({{kEntry}});
  file.symbols[1].st_name = 0xffffffff;
  EXPECT_THAT(inspect(file.bytes()).majors, IsEmpty());
  // The table ends in the middle of the name, without a NUL: the bytes behind it do not belong to it.
  file = elfFile({{"rcb_provider_entry_v12"}});
  file.sections[2].sh_size -= 2;
  EXPECT_THAT(inspect(file.bytes()).majors, ElementsAre(1));
}

TEST(ModuleImage, IgnoresHalfASymbolAtTheEndOfItsTable) {
  ElfFile file = elfFile({{"open"}, {kEntry}});
  file.sections[1].sh_size -= 1;
  EXPECT_THAT(inspect(file.bytes()).majors, IsEmpty());
}

}  // namespace
}  // namespace rcb
