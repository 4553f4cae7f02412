// The structs of the contract as parts of messages. The module's process reads the module's memory, which may be anything; the program gets structs
// that it checks as if a module in its own process had passed them. What a struct of a later version has beyond the known members is left out.
#pragma once

#include "core/modules/lent_strings.hpp"
#include "core/modules/message.hpp"

#include "rcb/provider_abi.h"

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace rcb {

// The module's table.
void writeTable(MessageWriter& message, const rcb_provider& table);

class ReceivedTable {
 public:
  // The message that writeTable() wrote into. Throws MessageFault.
  explicit ReceivedTable(MessageReader message);
  const rcb_provider& get() const { return table_; }

 private:
  template <class Element>
  const Element* elements(std::size_t count, Element (ReceivedTable::*read)());
  rcb_setting setting();
  rcb_relation relation();
  const rcb_text* texts(std::size_t count);

  MessageReader message_;  // the table's strings are in it
  rcb_provider table_{};
  std::deque<std::vector<rcb_text>> texts_;
  std::deque<std::unique_ptr<std::max_align_t[]>> arrays_;
};

// The request, from the program.
void writeRequest(MessageWriter& message, LentStrings& lent, const rcb_request& request);

class ReceivedRequest {
 public:
  ReceivedRequest(MessageReader& message, BorrowedStrings& strings);
  const rcb_request& get() const { return request_; }

 private:
  rcb_request request_{};
  std::vector<rcb_field> settings_;
};

// Fields of a module and their number: an array that may be null, or too long to be read.
void writeFields(MessageWriter& message, const BorrowedStrings& strings, const rcb_field* fields, std::size_t count);

class ReceivedFields {
 public:
  ReceivedFields(MessageReader& message, const LentStrings& lent);
  const rcb_field* get() const { return present_ ? fields_.data() : nullptr; }
  // As the module says. Only kFieldLimit of them may be read.
  std::size_t count() const { return count_; }

 private:
  bool present_;
  std::size_t count_;
  std::vector<rcb_field> fields_;
};

void writeHttpRequest(MessageWriter& message, const BorrowedStrings& strings, const rcb_http_request& request);

class ReceivedHttpRequest {
 public:
  ReceivedHttpRequest(MessageReader& message, const LentStrings& lent);
  const rcb_http_request& get() const { return request_; }

 private:
  rcb_http_request request_{};
  std::optional<ReceivedFields> headers_;
  std::optional<ReceivedFields> fields_;
};

void writeHttpResponse(MessageWriter& message, LentStrings& lent, const rcb_http_response& response);

// `headers` gets the memory of the response's.
void readHttpResponse(MessageReader& message, BorrowedStrings& strings, rcb_http_response& response,
                      std::deque<std::vector<rcb_field>>& headers);

void writeCredential(MessageWriter& message, const BorrowedStrings& strings, const rcb_credential& credential);
rcb_credential readCredential(MessageReader& message, const LentStrings& lent);

}  // namespace rcb
