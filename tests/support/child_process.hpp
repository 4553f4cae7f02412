// Runs programs for tests: the one under test with bytes for its stdin, and servers in the background. No process outlives the test.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace rcb::test {

struct Command {
  std::vector<std::string> arguments;              // the program's absolute path first
  std::map<std::string, std::string> environment;  // all of it: nothing is inherited
  std::string input;                               // for stdin
  bool inputStaysOpen = false;                     // after all of it, as long as the program runs
  std::string outputFile = {};                     // the file for stdout; empty: a pipe to the test
};

struct Finished {
  int exitStatus = -1;  // -1: ended by a signal
  int signal = 0;
  std::string output;
  std::string errors;
  std::chrono::milliseconds elapsed{0};
  long peakMemoryKiB = 0;
};

// Runs a program to its end; kills it after the limit. `started` is called once with its process id, before it gets any input.
Finished runCommand(const Command& command, std::chrono::milliseconds limit,
                    const std::function<void(pid_t)>& started = {});

// A program in the background. Its stdin is empty, its output goes to a file.
class BackgroundProcess {
 public:
  BackgroundProcess(const Command& command, const std::string& logFile);
  ~BackgroundProcess();  // SIGTERM, then SIGKILL
  BackgroundProcess(const BackgroundProcess&) = delete;
  BackgroundProcess& operator=(const BackgroundProcess&) = delete;

  bool running();

 private:
  pid_t process_;
};

}  // namespace rcb::test
