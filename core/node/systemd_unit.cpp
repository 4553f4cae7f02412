#include "core/node/systemd_unit.hpp"

#include "core/node/node_files.hpp"
#include "core/support/ascii.hpp"
#include "core/support/parts.hpp"

#include <sys/stat.h>

#include <map>
#include <optional>

namespace rcb {
namespace {

// Highest precedence first.
constexpr std::string_view kFolders[] = {"/etc/systemd/system", "/run/systemd/system", "/usr/local/lib/systemd/system",
                                         "/usr/lib/systemd/system", "/lib/systemd/system"};

bool isThere(const std::string& path) {
  struct stat info {};
  return ::lstat(path.c_str(), &info) == 0;
}

// An empty value resets a list.
void take(std::string_view line, SystemdUnit& unit) {
  const auto equals = line.find('=');
  if (equals == std::string_view::npos) return;
  const std::string_view key = trimmed(line.substr(0, equals));
  std::string_view value = trimmed(line.substr(equals + 1));
  if (key == "ExecStart") {
    if (value.empty()) unit.start.clear();
    if (!value.empty()) unit.start += std::string(value) + "\n";
  }
  if (key == "EnvironmentFile") {
    if (value.empty()) unit.environmentFiles.clear();
    if (value.starts_with('-')) value.remove_prefix(1);
    if (!value.empty()) unit.environmentFiles.emplace_back(value);
  }
}

void takeFile(const std::string& text, SystemdUnit& unit) {
  bool service = false;
  std::string line;
  eachPart(text, '\n', [&](std::string_view part) {
    part = trimmed(part);
    const bool comment = part.starts_with('#') || part.starts_with(';');
    if (comment) return true;
    const bool continues = part.ends_with('\\');
    if (continues) part.remove_suffix(1);
    line += part;
    if (continues) {
      line += ' ';
      return true;
    }
    if (line.starts_with('['))
      service = line == "[Service]";
    else if (service)
      take(line, unit);
    line.clear();
    return true;
  });
}

bool isNameCharacter(char c) { return isAlnum(c) || c == '_'; }

}  // namespace

bool SystemdUnit::uses(std::string_view variable) const {
  for (auto place = start.find('$'); place != std::string::npos; place = start.find('$', place + 1)) {
    std::string_view rest = std::string_view(start).substr(place + 1);
    if (rest.starts_with('{')) rest.remove_prefix(1);
    if (!rest.starts_with(variable)) continue;
    rest.remove_prefix(variable.size());
    if (rest.empty() || !isNameCharacter(rest.front())) return true;
  }
  return false;
}

SystemdUnit readSystemdUnit(const std::string& root, const std::string& name) {
  SystemdUnit unit;
  std::map<std::string, std::string> dropIns;  // path by name, which is also their order
  for (const std::string_view folder : kFolders) {
    const std::string file = root + std::string(folder) + "/" + name;
    if (!unit.exists && isThere(file)) {
      unit.exists = true;
      takeFile(readNodeFile(file).value_or(""), unit);
    }
    for (const std::string& dropIn : namesIn(file + ".d")) {
      if (dropIn.ends_with(".conf")) dropIns.emplace(dropIn, file + ".d/" + dropIn);
    }
  }
  // One that is a link to /dev/null hides those of its name, and has no content.
  for (const auto& [ignored, file] : dropIns) takeFile(readNodeFile(file).value_or(""), unit);
  return unit;
}

}  // namespace rcb
