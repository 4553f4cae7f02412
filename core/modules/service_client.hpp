// The services of the host in the process of a contained module: a table whose functions ask the program, one at a time.
#pragma once

#include "core/modules/lent_strings.hpp"
#include "core/modules/message_socket.hpp"

#include "rcb/provider_abi.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

namespace rcb {

// For one call of the module, on this thread; on others, and afterwards, its functions do nothing. It ends the process if the program is gone.
class ServiceClient {
 public:
  explicit ServiceClient(MessageSocket& socket);
  ServiceClient(const ServiceClient&) = delete;
  ServiceClient& operator=(const ServiceClient&) = delete;
  ~ServiceClient() { current = nullptr; }

  const rcb_host& table() const { return table_; }
  // Those that the module has been lent.
  BorrowedStrings& strings() { return strings_; }

 private:
  template <std::uint32_t Number, class Function>
  struct Stub;

  template <class Result, class... Arguments>
  static Result ask(void* context, std::uint32_t number, Arguments... arguments) noexcept;

  // Arguments, in their order.
  void write(MessageWriter& /*message*/) const {}
  template <class... Rest>
  void write(MessageWriter& message, const rcb_field* fields, std::size_t count, Rest... rest) const;
  template <class First, class... Rest>
  void write(MessageWriter& message, First first, Rest... rest) const;
  template <class Number>
  void writeOne(MessageWriter& message, Number number) const;
  template <class Place>
  void writeOne(MessageWriter& message, Place* place) const;
  void writeOne(MessageWriter& message, rcb_text text) const;
  void writeOne(MessageWriter& message, const rcb_http_request* request) const;
  void writeOne(MessageWriter& message, const rcb_credential* credential) const;

  // Results, into the arguments that are places for them.
  template <class Argument>
  void read(MessageReader& /*message*/, Argument /*argument*/) {}
  template <class Number>
  void read(MessageReader& message, Number* place);
  template <class Struct>
  void read(MessageReader& /*message*/, const Struct* /*argument*/) {}
  void read(MessageReader& message, rcb_text* place);
  void read(MessageReader& message, rcb_http_response* place);

  static thread_local ServiceClient* current;

  MessageSocket& socket_;
  rcb_host table_{};
  BorrowedStrings strings_;
  std::deque<std::vector<rcb_field>> headers_;
};

}  // namespace rcb
