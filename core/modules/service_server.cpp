#include "core/modules/service_server.hpp"

#include "core/modules/abi_text.hpp"
#include "core/modules/contract_messages.hpp"
#include "core/modules/service_list.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <tuple>
#include <type_traits>

namespace rcb {
namespace {

// An argument as it comes from the module: what is read of the message, what the service is given, and what goes back if it has succeeded. A number
// by default.
template <class Argument>
class Received {
 public:
  Received(MessageReader& message, const LentStrings& /*lent*/) : value_(message.number<Argument>()) {}
  Argument get() { return value_; }
  void answer(MessageWriter& /*message*/, LentStrings& /*lent*/) const {}

 private:
  Argument value_;
};

template <>
class Received<rcb_text> {
 public:
  Received(MessageReader& message, const LentStrings& lent)
      : value_(message.text([&lent](LentPlace place, std::uint64_t size) { return lent.at(place, size); })) {}
  rcb_text get() const { return value_; }
  void answer(MessageWriter& /*message*/, LentStrings& /*lent*/) const {}

 private:
  rcb_text value_;
};

// A struct, or null.
template <class Struct, class Reader>
class ReceivedStruct {
 public:
  ReceivedStruct(MessageReader& message, const LentStrings& lent) {
    if (message.flag()) value_.emplace(message, lent);
  }
  const Struct* get() const { return value_ ? &value_->get() : nullptr; }
  void answer(MessageWriter& /*message*/, LentStrings& /*lent*/) const {}

 private:
  std::optional<Reader> value_;
};

template <>
class Received<const rcb_http_request*> : public ReceivedStruct<rcb_http_request, ReceivedHttpRequest> {
  using ReceivedStruct::ReceivedStruct;
};

class ReceivedCredential {
 public:
  ReceivedCredential(MessageReader& message, const LentStrings& lent) : value_(readCredential(message, lent)) {}
  const rcb_credential& get() const { return value_; }

 private:
  rcb_credential value_;
};

template <>
class Received<const rcb_credential*> : public ReceivedStruct<rcb_credential, ReceivedCredential> {
  using ReceivedStruct::ReceivedStruct;
};

void answerWith(MessageWriter& message, LentStrings& lent, rcb_text value) { lent.lend(message, view(value)); }
void answerWith(MessageWriter& message, LentStrings& lent, const rcb_http_response& value) {
  writeHttpResponse(message, lent, value);
}
template <class Number>
void answerWith(MessageWriter& message, LentStrings& /*lent*/, Number value) {
  message.number(value);
}

// A place for a result, or null.
template <class Result>
class Received<Result*> {
 public:
  Received(MessageReader& message, const LentStrings& /*lent*/) : present_(message.flag()) {
    if constexpr (std::is_same_v<Result, rcb_http_response>) {
      if (present_) value_.size = message.number<std::uint32_t>();
    }
  }
  Result* get() { return present_ ? &value_ : nullptr; }
  void answer(MessageWriter& message, LentStrings& lent) const { answerWith(message, lent, value_); }

 private:
  bool present_;
  Result value_{};
};

// One service. Its arguments are read in their order.
template <class... Arguments>
MessageWriter serve(rcb_status (*service)(void*, Arguments...), void* context, MessageReader& call, LentStrings& lent) {
  std::tuple<Received<Arguments>...> received{Received<Arguments>(call, lent)...};
  call.end();
  MessageWriter result(MessageKind::kResult);
  std::apply(
      [&](auto&... arguments) {
        const rcb_status status = service(context, arguments.get()...);
        result.number(status);
        if (status == RCB_OK) (arguments.answer(result, lent), ...);
      },
      received);
  return result;
}

MessageWriter serve(std::int64_t (*service)(void*), void* context, MessageReader& call, LentStrings& /*lent*/) {
  call.end();
  MessageWriter result(MessageKind::kResult);
  result.number(service(context));
  return result;
}

// fail().
MessageWriter serve(void (*service)(void*, rcb_text, rcb_text), void* context, MessageReader& call, LentStrings& lent) {
  Received<rcb_text> reason(call, lent);
  Received<rcb_text> advice(call, lent);
  call.end();
  service(context, reason.get(), advice.get());
  return MessageWriter(MessageKind::kResult);
}

// log().
MessageWriter serve(void (*service)(void*, std::int32_t, rcb_text, const rcb_field*, std::size_t), void* context,
                    MessageReader& call, LentStrings& lent) {
  const auto level = call.number<std::int32_t>();
  Received<rcb_text> message(call, lent);
  const ReceivedFields fields(call, lent);
  call.end();
  service(context, level, message.get(), fields.get(), fields.count());
  return MessageWriter(MessageKind::kResult);
}

template <auto... Members>
MessageWriter serveOf(ServiceList<Members...> /*list*/, std::size_t number, const rcb_host& host, void* context,
                      MessageReader& call, LentStrings& lent) {
  std::optional<MessageWriter> result;
  std::size_t at = 0;
  static_cast<void>(((at++ == number && (result.emplace(serve(host.*Members, context, call, lent)), true)) || ...));
  if (!result) throw MessageFault(MessageFault::Kind::kMalformed);
  return std::move(*result);
}

}  // namespace

MessageWriter serveService(const rcb_host& host, MessageReader& call, LentStrings& lent) {
  const auto number = call.number<std::uint32_t>();
  // A module that passes another context gets what it would get from the host.
  void* const context = call.flag() ? host.context : nullptr;
  return serveOf(HostServiceList(), number, host, context, call, lent);
}

}  // namespace rcb
