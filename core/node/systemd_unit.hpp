// A systemd unit as its files describe it, read below a root: which variables and files reach the program that it starts. Reading the files needs
// neither systemd nor a running service, so it works in an image that is being built, too.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rcb {

struct SystemdUnit {
  bool exists = false;
  std::string start;  // the commands of ExecStart=, one a line
  std::vector<std::string>
      environmentFiles;  // of EnvironmentFile=, in the order in which systemd reads them, without "-"

  // Whether a command of ExecStart= contains $VARIABLE or ${VARIABLE}.
  bool uses(std::string_view variable) const;
};

// The unit with its drop-ins, by the precedence of systemd.unit(5). `name` has its suffix: "kubelet.service".
SystemdUnit readSystemdUnit(const std::string& root, const std::string& name);

}  // namespace rcb
