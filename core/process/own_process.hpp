// A second process of this program, for code that is not trusted: a new one, not a copy, so that it begins without this one's memory, and with
// nothing but a socket.
#pragma once

#include "core/support/deadline.hpp"
#include "core/support/file_handle.hpp"

#include <sys/types.h>

#include <string>
#include <utility>

namespace rcb {

class OwnProcess {
 public:
  // Starts this program with one argument. The process has no stream but a socket as its stdin, and of the environment what its dynamic loader and
  // sanitizers read. Needs /proc. Throws Error(kModuleRefused) with the reason if it cannot be started: `what` completes "a process for … cannot be
  // started".
  OwnProcess(const char* argument, const std::string& what);
  OwnProcess(const OwnProcess&) = delete;
  OwnProcess& operator=(const OwnProcess&) = delete;
  ~OwnProcess() { kill(); }

  // The other end of the socket, a stream. It can be taken once.
  FileHandle takeSocket() { return std::move(socket_); }

  // Ends it, if this process may: one that is confined may not, and takes it along when it ends.
  void kill();

  // How the process, which has closed its socket, has ended, as a predicate: "exited with status 0", "was ended by signal 11 (Segmentation fault)".
  // Waits until the deadline for one that is still ending.
  std::string end(const Deadline& deadline);

 private:
  pid_t id_ = -1;  // negative when it is known to have ended
  FileHandle socket_;
};

}  // namespace rcb
