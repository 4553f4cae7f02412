#include "tests/core/modules/served_stub.hpp"

#include "core/modules/contained_module.hpp"
#include "core/modules/module_process.hpp"

#include <sys/socket.h>

#include <stdexcept>
#include <thread>
#include <utility>

namespace rcb::test {
namespace {

class ModuleOnAThread : public ModuleCode {
 public:
  ModuleOnAThread(rcb_provider_entry entry, FileHandle here, FileHandle there)
      : module_(servedModule(MessageSocket(std::move(here)), "stub")),
        thread_([entry, socket = MessageSocket(std::move(there))]() mutable {
          try {
            serveEntry(socket, entry);
          } catch (const MessageFault&) {
          }
        }) {}
  ~ModuleOnAThread() override {
    module_.reset();  // closes its end, which ends the thread
    thread_.join();
  }

  const rcb_provider* enter(const rcb_host_info& host) override { return module_->enter(host); }
  rcb_status check(const rcb_host& host, const rcb_request& request) override { return module_->check(host, request); }
  rcb_status provide(const rcb_host& host, const rcb_request& request) override {
    return module_->provide(host, request);
  }

 private:
  std::unique_ptr<ModuleCode> module_;
  std::thread thread_;
};

}  // namespace

std::unique_ptr<ModuleCode> servedOnAThread(rcb_provider_entry entry) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) throw std::runtime_error("no sockets");
  return std::make_unique<ModuleOnAThread>(entry, FileHandle(ends[0]), FileHandle(ends[1]));
}

}  // namespace rcb::test
