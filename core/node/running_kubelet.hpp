// The kubelet that runs on this machine: how it was started. Its command line is the only reliable source of where it looks for plugins.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

namespace rcb {

// The program that a kubelet is part of.
enum class KubeletHost {
  kKubelet,     // a process of its own, as nearly everywhere
  kK3s,         // inside `k3s server` or `k3s agent`; its flags come from files, and its defaults are k3s's own
  kKubelite,    // MicroK8s: inside kubelite, which reads the flags from a file
  kMicroshift,  // inside `microshift run`; configured by microshift's own file
};

struct RunningKubelet {
  pid_t pid = 0;
  KubeletHost host = KubeletHost::kKubelet;
  std::string
      program;  // what /proc/PID/exe names, without "(deleted)"; the first word of the command line if unreadable
  std::vector<std::string> arguments;  // without the program

  // The last value of --NAME=VALUE or --NAME VALUE, which is the one that counts; empty if the flag is not there.
  std::string flag(std::string_view name) const;
};

// Every kubelet in the process namespace of process 1 below `root`/proc, by process ID. Kubelets in containers (kind, k3d) belong to other nodes and
// are left out, as are processes of that name that other users than root and the caller run, and a child of a kubelet that has not become another
// program yet. `root` is "" on the node itself, or the folder where a container sees the node's file system, such as "/host". Empty if there is
// none, or if /proc cannot be read.
std::vector<RunningKubelet> findKubelets(const std::string& root);

}  // namespace rcb
