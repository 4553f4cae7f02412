// What a contained module sends: a table, then calls of services. The program must refuse what is malformed, and read nothing that is not there. An
// input consists of messages, each behind its size in two bytes.
#include "core/modules/contract_messages.hpp"
#include "core/modules/host_services.hpp"
#include "core/modules/module_provider.hpp"
#include "core/modules/service_server.hpp"
#include "core/support/error.hpp"
#include "tests/core/modules/provider_call.hpp"
#include "tests/core/modules/stub_module.hpp"
#include "tests/support/fuzz_input.hpp"

#include <memory>
#include <optional>
#include <string_view>

namespace {

using namespace rcb;

class Messages {
 public:
  explicit Messages(std::string_view input) : left_(input) {}
  std::optional<MessageReader> next() {
    if (left_.size() < 2) return std::nullopt;
    const auto byteAt = [this](std::size_t at) { return std::size_t{static_cast<unsigned char>(left_[at])}; };
    const std::size_t wanted = byteAt(0) | byteAt(1) << 8;
    const std::string_view bytes = left_.substr(2, wanted);
    left_.remove_prefix(2 + bytes.size());
    return MessageReader(Secret(bytes));
  }

 private:
  std::string_view left_;
};

// A module that is a table of the input.
class Table : public ModuleCode {
 public:
  explicit Table(MessageReader message) : table_(std::move(message)) {}
  const rcb_provider* enter(const rcb_host_info& /*host*/) override { return &table_.get(); }
  rcb_status check(const rcb_host& /*host*/, const rcb_request& /*request*/) override { return RCB_OK; }
  rcb_status provide(const rcb_host& /*host*/, const rcb_request& /*request*/) override { return RCB_OK; }

 private:
  ReceivedTable table_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Messages messages(test::textOf(data, size));
  try {
    if (auto table = messages.next()) ModuleProvider(std::make_unique<Table>(std::move(*table)), "");
  } catch (const MessageFault&) {
  } catch (const Error&) {
  }
  test::StubModule module;
  module.behaviour = [&](const rcb_host& host, const rcb_request& request) {
    LentStrings lent;
    MessageWriter asked(MessageKind::kProvide);
    writeRequest(asked, lent, request);
    try {
      while (auto call = messages.next()) serveService(host, *call, lent);
    } catch (const MessageFault&) {
    }
    return rcb_status{RCB_OK};
  };
  try {
    const ModuleProvider provider = module.open();
    test::ProviderCall call(provider);
    call.script.answer(200, R"({"token":"t"})");
    call.provide();
  } catch (const Error&) {
  }
  return 0;
}
