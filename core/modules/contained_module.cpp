#include "core/modules/contained_module.hpp"

#include "core/modules/abi_text.hpp"
#include "core/modules/contract_messages.hpp"
#include "core/modules/message_socket.hpp"
#include "core/modules/module_process.hpp"
#include "core/modules/service_server.hpp"
#include "core/process/confinement.hpp"
#include "core/process/own_process.hpp"
#include "core/process/watchdog.hpp"
#include "core/support/deadline.hpp"
#include "core/support/printable.hpp"
#include "core/support/stage.hpp"

#include <fmt/format.h>

#include <chrono>
#include <optional>
#include <utility>
#include <vector>

namespace rcb {
namespace {

// For code that has nothing to wait for.
constexpr std::chrono::seconds kLoadLimit{5};
// For a process to end that has closed its socket.
constexpr std::chrono::milliseconds kEndLimit{200};
// Beyond the deadline, so that a module which is told that its time is up can say what it was waiting for; below the watchdog's.
constexpr std::chrono::milliseconds kLastMoment{100};

// Of constructors and of the entry function.
Deadline loadDeadline() { return watchedDeadline().value_or(Deadline::after(kLoadLimit)).atMost(kLoadLimit); }

// Predicates of a module that misbehaves.
std::string tooLarge(MessageReader& said) {
  said.number<std::uint32_t>();  // of the service
  return fmt::format("called a service with arguments of {} bytes, above the limit of {},",
                     said.number<std::uint64_t>(), kMessageLimit);
}

std::string tooMuch() {
  return fmt::format("got more than {} MiB or {} strings from services", kLentBytesLimit >> 20, kLentStringsLimit);
}

// The conversation with a module, wherever it is served.
class ServedModule : public ModuleCode {
 public:
  ServedModule(MessageSocket socket, std::string name) : name_(std::move(name)), socket_(std::move(socket)) {}

  const rcb_provider* enter(const rcb_host_info& host) override;
  rcb_status check(const rcb_host& host, const rcb_request& request) override {
    return call(MessageKind::kCheck, "check()", host, request);
  }
  rcb_status provide(const rcb_host& host, const rcb_request& request) override {
    return call(MessageKind::kProvide, "provide()", host, request);
  }

 protected:
  // Talks to the module. Once that has failed, it fails for the same reason for good. `when`: "in provide()".
  template <class Conversation>
  auto converse(const std::string& when, Conversation conversation);

  // What it means that the peer has closed the socket, as a predicate.
  virtual std::string closed() { return "closed its connection to the program"; }
  // The peer is not needed any more.
  virtual void stop() {}

  MessageSocket& socket() { return socket_; }

 private:
  rcb_status call(MessageKind kind, const char* function, const rcb_host& host, const rcb_request& request);
  Error misbehaved(const std::string& what) const;
  Error failureOf(const MessageFault& fault, const std::string& when);

  std::string name_;
  MessageSocket socket_;
  std::optional<Error> failure_;
  std::optional<ReceivedTable> table_;
};

template <class Conversation>
auto ServedModule::converse(const std::string& when, Conversation conversation) {
  if (failure_) throw Error(*failure_);
  enterStage("waiting for the provider module", name_);
  try {
    return conversation();
  } catch (const MessageFault& fault) {
    failure_ = failureOf(fault, when);
  } catch (const Error& error) {
    failure_ = error;
  }
  socket_.close();
  stop();
  throw Error(*failure_);
}

Error ServedModule::misbehaved(const std::string& what) const {
  return Error(ErrorCode::kModuleMisbehaved, fmt::format("the provider module {} {}", printable(name_), what))
      .advise("report this bug to the module's author");
}

Error ServedModule::failureOf(const MessageFault& fault, const std::string& when) {
  std::string what = "sent a message that is not part of the contract";
  if (fault.kind() == MessageFault::Kind::kClosed) what = closed();
  if (fault.kind() != MessageFault::Kind::kLate) return misbehaved(what + " " + when);
  return Error(ErrorCode::kDeadline,
               fmt::format("the provider module {} did not return in time {}", printable(name_), when))
      .advise("check what it waits for, or report this to its author");
}

const rcb_provider* ServedModule::enter(const rcb_host_info& host) {
  return converse("in its entry function", [&]() -> const rcb_provider* {
    const Deadline deadline = loadDeadline();
    MessageWriter message(MessageKind::kEnter);
    message.number(host.abi_minor);
    message.string(view(host.version));
    socket_.send(message, deadline);
    MessageReader answer = socket_.receive(deadline);
    if (answer.kind() == MessageKind::kThrew) throw ModuleThrew();
    if (answer.kind() != MessageKind::kEntered) throw MessageFault(MessageFault::Kind::kMalformed);
    if (!answer.flag()) return nullptr;
    return &table_.emplace(std::move(answer)).get();
  });
}

rcb_status ServedModule::call(MessageKind kind, const char* function, const rcb_host& host,
                              const rcb_request& request) {
  const std::string when = std::string("in ") + function;
  return converse(when, [&] {
    const auto deadline = Deadline::after(std::chrono::milliseconds(host.deadline_ms(host.context)) + kLastMoment);
    LentStrings lent;
    MessageWriter message(kind);
    writeRequest(message, lent, request);
    socket_.send(message, deadline);
    for (;;) {
      MessageReader said = socket_.receive(deadline);
      if (said.kind() == MessageKind::kReturned) return said.number<rcb_status>();
      if (said.kind() == MessageKind::kThrew) throw ModuleThrew();
      if (said.kind() == MessageKind::kTooLarge) throw misbehaved(tooLarge(said) + " " + when);
      if (said.kind() != MessageKind::kService) throw MessageFault(MessageFault::Kind::kMalformed);
      const MessageWriter result = serveService(host, said, lent);
      if (lent.isAboveLimit()) throw misbehaved(tooMuch() + " " + when);
      socket_.send(result, deadline);
      enterStage("waiting for the provider module", name_);
    }
  });
}

// The same in a process of its own.
class ContainedModule : public ServedModule {
 public:
  ContainedModule(std::unique_ptr<OwnProcess> process, std::string name)
      : ServedModule(MessageSocket(process->takeSocket()), std::move(name)), process_(std::move(process)) {}

  void load(const ModuleFiles& files, bool mustBeConfined);

 private:
  std::string closed() override { return process_->end(Deadline::after(kEndLimit)); }
  void stop() override { process_->kill(); }

  std::unique_ptr<OwnProcess> process_;
};

void ContainedModule::load(const ModuleFiles& files, bool mustBeConfined) {
  converse("while it was loaded", [&] {
    const Deadline deadline = loadDeadline();
    std::vector<int> descriptors;
    for (const ModuleFiles::File& library : files.libraries) descriptors.push_back(library.handle.get());
    descriptors.push_back(files.module.handle.get());
    MessageWriter message(MessageKind::kStart);
    message.flag(mustBeConfined);
    socket().send(message, deadline, descriptors);
    MessageReader answer = socket().receive(deadline);
    if (answer.kind() == MessageKind::kNotConfined) {
      Confinement held;
      for (bool* const part : {&held.user, &held.files, &held.calls}) *part = answer.flag();
      throw confinementMissing(fmt::format("the provider module {} cannot be confined", files.module.path), held);
    }
    if (answer.kind() == MessageKind::kNotLoaded) {
      const auto file = answer.number<std::uint32_t>();
      throw loadError(files, {file, printable(answer.string())});
    }
    if (answer.kind() != MessageKind::kLoaded) throw MessageFault(MessageFault::Kind::kMalformed);
  });
}

}  // namespace

std::unique_ptr<ModuleCode> servedModule(MessageSocket socket, std::string name) {
  return std::make_unique<ServedModule>(std::move(socket), std::move(name));
}

std::unique_ptr<ModuleCode> containedModule(const ModuleFiles& files, const std::string& name, bool mustBeConfined) {
  auto process = std::make_unique<OwnProcess>(kModuleProcess, "the provider module " + printable(name));
  auto module = std::make_unique<ContainedModule>(std::move(process), name);
  module->load(files, mustBeConfined);
  return module;
}

}  // namespace rcb
