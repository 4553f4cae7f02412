#include "core/modules/module_process.hpp"

#include "core/modules/abi_text.hpp"
#include "core/modules/contract_messages.hpp"
#include "core/modules/message_socket.hpp"
#include "core/modules/module_library.hpp"
#include "core/modules/service_client.hpp"
#include "core/process/confinement.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <optional>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace rcb {
namespace {

// The socket, moved away from where a module could take it for its input.
FileHandle takeSocket() {
  FileHandle socket(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
  ::dup2(STDOUT_FILENO, STDIN_FILENO);  // which can be neither read nor written
  return socket;
}

// The functions of a module for the program.
class ModuleServer {
 public:
  explicit ModuleServer(MessageSocket& socket) : socket_(socket) {}

  void enter(rcb_provider_entry entry, MessageReader& wanted) {
    const auto minor = wanted.number<std::uint32_t>();
    const rcb_host_info host{sizeof host, minor, raw(wanted.string())};
    try {
      table_ = entry(&host);
    } catch (...) {
      return say(MessageWriter(MessageKind::kThrew));
    }
    MessageWriter message(MessageKind::kEntered);
    message.flag(table_ != nullptr);
    if (table_ != nullptr) writeTable(message, *table_);
    say(message);
  }

  void check(MessageReader& wanted) { call(wanted, table_->check); }
  void provide(MessageReader& wanted) { call(wanted, table_->provide); }

 private:
  void call(MessageReader& wanted, rcb_status (*function)(const rcb_host*, const rcb_request*)) {
    ServiceClient client(socket_);
    const ReceivedRequest request(wanted, client.strings());
    rcb_status status = RCB_INTERNAL;
    try {
      status = function(&client.table(), &request.get());
    } catch (...) {
      return say(MessageWriter(MessageKind::kThrew));
    }
    MessageWriter message(MessageKind::kReturned);
    message.number(status);
    say(message);
  }

  void say(const MessageWriter& message) { socket_.send(message, MessageSocket::noDeadline()); }

  MessageSocket& socket_;
  const rcb_provider* table_ = nullptr;
};

// What the program sends first. Its files stay open for good: the dynamic loader knows the libraries by their descriptors.
std::optional<rcb_provider_entry> load(MessageSocket& socket) {
  std::vector<FileHandle> files;
  const bool mustBeConfined = socket.receive(MessageSocket::noDeadline(), &files).flag();
  std::vector<int> descriptors;
  descriptors.reserve(files.size());
  for (FileHandle& file : files) descriptors.push_back(file.release());
  const Confinement held = confineModule({.files = descriptors, .limitMemory = !isSanitizerLoaded()});
  if (mustBeConfined && !held.complete()) {
    MessageWriter message(MessageKind::kNotConfined);
    for (const bool part : {held.user, held.files, held.calls}) message.flag(part);
    socket.send(message, MessageSocket::noDeadline());
    return std::nullopt;
  }
  const auto loaded = loadFiles(descriptors);
  if (const auto* failure = std::get_if<LoadFailure>(&loaded)) {
    MessageWriter message(MessageKind::kNotLoaded);
    message.number(static_cast<std::uint32_t>(failure->file));
    message.string(failure->reason);
    socket.send(message, MessageSocket::noDeadline());
    return std::nullopt;
  }
  socket.send(MessageWriter(MessageKind::kLoaded), MessageSocket::noDeadline());
  return std::get<rcb_provider_entry>(loaded);
}

}  // namespace

bool isModuleProcess(std::span<char* const> arguments) {
  struct stat input {};
  return arguments.size() == 2 && std::string_view(arguments[1]) == kModuleProcess &&
         ::fstat(STDIN_FILENO, &input) == 0 && S_ISSOCK(input.st_mode);
}

int serveModule() {
  try {
    MessageSocket socket(takeSocket());
    if (const auto entry = load(socket)) serveEntry(socket, *entry);
  } catch (const MessageFault&) {
    // The program has closed its end: it needs the module no more.
  } catch (const std::exception&) {
    return 1;
  }
  return 0;
}

void serveEntry(MessageSocket& socket, rcb_provider_entry entry) {
  ModuleServer server(socket);
  for (;;) {
    MessageReader wanted = socket.receive(MessageSocket::noDeadline());
    if (wanted.kind() == MessageKind::kEnter) server.enter(entry, wanted);
    if (wanted.kind() == MessageKind::kCheck) server.check(wanted);
    if (wanted.kind() == MessageKind::kProvide) server.provide(wanted);
  }
}

}  // namespace rcb
