#include "core/modules/service_client.hpp"

#include "core/modules/abi_text.hpp"
#include "core/modules/contract_messages.hpp"
#include "core/modules/service_list.hpp"

#include <unistd.h>

#include <chrono>
#include <type_traits>
#include <utility>

namespace rcb {

thread_local ServiceClient* ServiceClient::current = nullptr;

template <std::uint32_t Number, class Result, class... Arguments>
struct ServiceClient::Stub<Number, Result (*)(void*, Arguments...)> {
  static Result call(void* context, Arguments... arguments) noexcept {
    return ask<Result>(context, Number, arguments...);
  }
};

ServiceClient::ServiceClient(MessageSocket& socket) : socket_(socket) {
  table_.size = sizeof table_;
  table_.context = this;
  const auto fill = [this]<auto... Members, std::uint32_t... Numbers>(
      ServiceList<Members...>, std::integer_sequence<std::uint32_t, Numbers...>) {
    ((table_.*Members = Stub<Numbers, std::remove_reference_t<decltype(table_.*Members)>>::call), ...);
  };
  fill(HostServiceList(), std::make_integer_sequence<std::uint32_t, HostServiceList::kCount>());
  current = this;
}

template <class Result, class... Arguments>
Result ServiceClient::ask(void* context, std::uint32_t number, Arguments... arguments) noexcept {
  constexpr bool kHasStatus = std::is_same_v<Result, rcb_status>;
  ServiceClient* const client = current;
  if (client == nullptr) {
    if constexpr (kHasStatus) return RCB_INTERNAL;
    return Result();
  }
  try {
    MessageWriter message(MessageKind::kService);
    message.number(number);
    message.number<std::uint8_t>(context == client ? 1 : 0);
    client->write(message, arguments...);
    if (const std::uint64_t size = message.size(); size > kMessageLimit) {
      message = MessageWriter(MessageKind::kTooLarge);
      message.number(number);
      message.number(size);
    }
    client->socket_.send(message, MessageSocket::noDeadline());
    MessageReader result = client->socket_.receive(MessageSocket::noDeadline());
    if constexpr (!std::is_void_v<Result>) {
      const auto value = result.number<Result>();
      if constexpr (kHasStatus) {
        if (value == RCB_OK) (client->read(result, arguments), ...);
      }
      return value;
    }
  } catch (...) {
    // The program is gone, or there is no memory left, and so no way to report it.
    ::_exit(1);
  }
}

template <class... Rest>
void ServiceClient::write(MessageWriter& message, const rcb_field* fields, std::size_t count, Rest... rest) const {
  writeFields(message, strings_, fields, count);
  write(message, rest...);
}

template <class First, class... Rest>
void ServiceClient::write(MessageWriter& message, First first, Rest... rest) const {
  writeOne(message, first);
  write(message, rest...);
}

template <class Number>
void ServiceClient::writeOne(MessageWriter& message, Number number) const {
  message.number(number);
}

template <class Place>
void ServiceClient::writeOne(MessageWriter& message, Place* place) const {
  message.flag(place != nullptr);
  if constexpr (std::is_same_v<Place, rcb_http_response>) {
    if (place != nullptr) message.number(place->size);
  }
}

void ServiceClient::writeOne(MessageWriter& message, rcb_text text) const { strings_.write(message, text); }

void ServiceClient::writeOne(MessageWriter& message, const rcb_http_request* request) const {
  message.flag(request != nullptr);
  if (request != nullptr) writeHttpRequest(message, strings_, *request);
}

void ServiceClient::writeOne(MessageWriter& message, const rcb_credential* credential) const {
  message.flag(credential != nullptr);
  if (credential != nullptr) writeCredential(message, strings_, *credential);
}

template <class Number>
void ServiceClient::read(MessageReader& message, Number* place) {
  *place = message.number<Number>();
}

void ServiceClient::read(MessageReader& message, rcb_text* place) { *place = raw(strings_.borrow(message)); }

void ServiceClient::read(MessageReader& message, rcb_http_response* place) {
  readHttpResponse(message, strings_, *place, headers_);
}

}  // namespace rcb
