#include "core/node/plugin_program.hpp"

#include "core/node/node_files.hpp"
#include "core/support/error.hpp"
#include "core/support/file_handle.hpp"
#include "core/support/printable.hpp"
#include "core/support/trusted_file.hpp"

#include <elf.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>

namespace rcb {
namespace {

constexpr std::string_view kLink =
    "link the name to the program: `registry-credential-broker render links` prints the names";

#if defined(__x86_64__)
constexpr Elf64_Half kOwnMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr Elf64_Half kOwnMachine = EM_AARCH64;
#else
constexpr Elf64_Half kOwnMachine = EM_NONE;
#endif

std::string machineName(Elf64_Half machine) {
  if (machine == EM_X86_64) return "x86-64";
  if (machine == EM_AARCH64) return "ARM64";
  return fmt::format("another processor ({})", machine);
}

ProgramFault missing(const std::string& folder, const std::string& name, int reason) {
  const std::string path = folder + "/" + name;
  if (reason != ENOENT) return {true, fmt::format("{} cannot be read: {}", printable(path), std::strerror(reason))};
  if (const auto target = readNodeLink(path)) {
    return {true, fmt::format("{} is a link to {}, which does not exist", printable(path), printable(*target)),
            std::string(kLink)};
  }
  return {true, fmt::format("{} has no program of this name", printable(folder)), std::string(kLink)};
}

// Whether the kernel can run it.
std::optional<ProgramFault> findFormatFault(const std::string& path) {
  const FileHandle file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  Elf64_Ehdr header{};
  const ssize_t size = file.get() < 0 ? -1 : ::read(file.get(), &header, sizeof(header));
  if (size < 0) return std::nullopt;  // executable and unreadable is possible
  const std::string_view begin(reinterpret_cast<const char*>(&header), static_cast<std::size_t>(size));
  if (begin.starts_with("#!")) return std::nullopt;
  if (size < static_cast<ssize_t>(sizeof(header)) || !begin.starts_with(ELFMAG)) {
    return ProgramFault{true, fmt::format("{} is neither a program nor a script", printable(path))};
  }
  if (kOwnMachine == EM_NONE || header.e_machine == kOwnMachine) return std::nullopt;
  return ProgramFault{true,
                      fmt::format("{} is a program for {}, and this machine is {}", printable(path),
                                  machineName(header.e_machine), machineName(kOwnMachine)),
                      "install the program for this machine's processor"};
}

}  // namespace

std::optional<ProgramFault> findProgramFault(const std::string& folder, const std::string& name) {
  const std::string path = folder + "/" + name;
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return missing(folder, name, errno);
  if (!S_ISREG(info.st_mode)) {
    return ProgramFault{
        true, fmt::format("{} is {}", printable(path), S_ISDIR(info.st_mode) ? "a folder" : "not a regular file")};
  }
  if ((info.st_mode & 0111) == 0) {
    return ProgramFault{true, fmt::format("{} is not executable (mode {:04o})", printable(path), info.st_mode & 07777),
                        "set its mode to 0755"};
  }
  if (auto fault = findFormatFault(path)) return fault;
  try {
    openTrustedFile(path, "program");
    return std::nullopt;
  } catch (const Error& error) {
    return ProgramFault{false, error.message(), error.advice()};
  }
}

bool isSameFile(const std::string& left, const std::string& right) {
  struct stat one {};
  struct stat other {};
  return ::stat(left.c_str(), &one) == 0 && ::stat(right.c_str(), &other) == 0 && one.st_dev == other.st_dev &&
         one.st_ino == other.st_ino;
}

}  // namespace rcb
