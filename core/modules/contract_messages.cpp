#include "core/modules/contract_messages.hpp"

#include "core/modules/abi_text.hpp"
#include "core/modules/contract_sizes.hpp"

#include <algorithm>
#include <cstring>

namespace rcb {
namespace {

// What stands for a function of the module: the program only looks whether there is one.
rcb_status inTheModule(const rcb_host* /*host*/, const rcb_request* /*request*/) { return RCB_INTERNAL; }

void writeTexts(MessageWriter& message, const rcb_text* texts, std::size_t count) {
  message.number(static_cast<std::uint64_t>(count));
  const bool readable = texts != nullptr && count <= kEntryLimit;
  message.flag(readable);
  for (std::size_t i = 0; readable && i < count; ++i) message.text(texts[i]);
}

void writeElement(MessageWriter& message, const rcb_setting& setting) {
  message.number(setting.type);
  message.number(setting.flags);
  message.text(setting.name);
  message.text(setting.default_value);
  message.text(setting.pattern);
  message.text(setting.summary);
  writeTexts(message, setting.choices, setting.choice_count);
}

void writeElement(MessageWriter& message, const rcb_relation& relation) {
  message.number(relation.kind);
  writeTexts(message, relation.names, relation.name_count);
}

// Their number, the size of each, and the elements. Where there are none, or they are invalid, the size is 0.
template <class Element>
void writeElements(MessageWriter& message, const Element* first, std::size_t count, std::size_t firstSize) {
  const auto all = elementsOf(first, count, firstSize).value_or(std::vector<const Element*>());
  message.number(static_cast<std::uint64_t>(count));
  message.number(all.empty() ? std::uint32_t{0} : first->size);
  for (const Element* element : all) writeElement(message, *element);
}

auto readerOf(const LentStrings& lent) {
  return [&lent](LentPlace place, std::uint64_t size) { return lent.at(place, size); };
}

}  // namespace

void writeTable(MessageWriter& message, const rcb_provider& table) {
  message.number(table.size);
  if (!isTableSize(table.size)) return;
  message.number(table.abi_minor);
  message.text(table.name);
  message.text(table.version);
  message.text(table.summary);
  message.number(table.traits);
  writeElements(message, table.settings, table.setting_count, kFirstSetting);
  writeElements(message, table.relations, table.relation_count, kFirstRelation);
  writeTexts(message, table.hosts, table.host_count);
  message.flag(table.provide != nullptr);
  message.flag(table.check != nullptr);
}

ReceivedTable::ReceivedTable(MessageReader message) : message_(std::move(message)) {
  table_.size = message_.number<std::uint32_t>();
  if (isTableSize(table_.size)) {
    table_.abi_minor = message_.number<std::uint32_t>();
    table_.name = message_.text();
    table_.version = message_.text();
    table_.summary = message_.text();
    table_.traits = message_.number<std::uint32_t>();
    table_.setting_count = message_.number<std::uint64_t>();
    table_.settings = elements(table_.setting_count, &ReceivedTable::setting);
    table_.relation_count = message_.number<std::uint64_t>();
    table_.relations = elements(table_.relation_count, &ReceivedTable::relation);
    table_.host_count = message_.number<std::uint64_t>();
    table_.hosts = texts(table_.host_count);
    table_.provide = message_.flag() ? inTheModule : nullptr;
    table_.check = message_.flag() ? inTheModule : nullptr;
  }
  message_.end();
}

template <class Element>
const Element* ReceivedTable::elements(std::size_t count, Element (ReceivedTable::*read)()) {
  const std::size_t step = message_.number<std::uint32_t>();
  if (step == 0) return nullptr;
  if (count > kEntryLimit || step > kStructLimit || step % alignof(Element) != 0) {
    throw MessageFault(MessageFault::Kind::kMalformed);
  }
  // Each struct is as large as the module's, and so are the steps between them.
  arrays_.push_back(std::make_unique<std::max_align_t[]>(count * step / sizeof(std::max_align_t) + 1));
  auto* const begin = reinterpret_cast<unsigned char*>(arrays_.back().get());
  for (std::size_t i = 0; i < count; ++i) {
    Element element = (this->*read)();
    element.size = static_cast<std::uint32_t>(step);
    std::memcpy(begin + i * step, &element, std::min(step, sizeof element));
  }
  return reinterpret_cast<const Element*>(begin);
}

rcb_setting ReceivedTable::setting() {
  rcb_setting setting{};
  setting.type = message_.number<std::uint32_t>();
  setting.flags = message_.number<std::uint32_t>();
  setting.name = message_.text();
  setting.default_value = message_.text();
  setting.pattern = message_.text();
  setting.summary = message_.text();
  setting.choice_count = message_.number<std::uint64_t>();
  setting.choices = texts(setting.choice_count);
  return setting;
}

rcb_relation ReceivedTable::relation() {
  rcb_relation relation{};
  relation.kind = message_.number<std::uint32_t>();
  relation.name_count = message_.number<std::uint64_t>();
  relation.names = texts(relation.name_count);
  return relation;
}

const rcb_text* ReceivedTable::texts(std::size_t count) {
  if (!message_.flag()) return nullptr;
  if (count > kEntryLimit) throw MessageFault(MessageFault::Kind::kMalformed);
  std::vector<rcb_text>& all = texts_.emplace_back();
  for (std::size_t i = 0; i < count; ++i) all.push_back(message_.text());
  return all.data();
}

void writeRequest(MessageWriter& message, LentStrings& lent, const rcb_request& request) {
  lent.lend(message, view(request.image));
  lent.lend(message, view(request.registry));
  lent.lend(message, view(request.token));
  message.number(request.token_expires_at);
  lent.lend(message, view(request.namespace_name));
  lent.lend(message, view(request.service_account));
  message.number(static_cast<std::uint64_t>(request.setting_count));
  for (std::size_t i = 0; i < request.setting_count; ++i) {
    lent.lend(message, view(request.settings[i].name));
    lent.lend(message, view(request.settings[i].value));
  }
}

ReceivedRequest::ReceivedRequest(MessageReader& message, BorrowedStrings& strings) {
  request_.size = sizeof request_;
  request_.image = raw(strings.borrow(message));
  request_.registry = raw(strings.borrow(message));
  request_.token = raw(strings.borrow(message));
  request_.token_expires_at = message.number<std::int64_t>();
  request_.namespace_name = raw(strings.borrow(message));
  request_.service_account = raw(strings.borrow(message));
  for (auto left = message.number<std::uint64_t>(); left > 0; --left) {
    const std::string_view name = strings.borrow(message);
    settings_.push_back({raw(name), raw(strings.borrow(message))});
  }
  request_.settings = settings_.data();
  request_.setting_count = settings_.size();
}

void writeFields(MessageWriter& message, const BorrowedStrings& strings, const rcb_field* fields, std::size_t count) {
  message.flag(fields != nullptr);
  message.number(static_cast<std::uint64_t>(count));
  if (fields == nullptr || count > kFieldLimit) return;
  for (std::size_t i = 0; i < count; ++i) {
    strings.write(message, fields[i].name);
    strings.write(message, fields[i].value);
  }
}

ReceivedFields::ReceivedFields(MessageReader& message, const LentStrings& lent)
    : present_(message.flag()), count_(message.number<std::uint64_t>()) {
  // Without fields too there is an address.
  fields_.reserve(kFieldLimit);
  if (!present_ || count_ > kFieldLimit) return;
  for (std::size_t i = 0; i < count_; ++i) {
    const rcb_text name = message.text(readerOf(lent));
    fields_.push_back({name, message.text(readerOf(lent))});
  }
}

void writeHttpRequest(MessageWriter& message, const BorrowedStrings& strings, const rcb_http_request& request) {
  message.number(request.size);
  if (request.size < kFirstHttpRequest) return;
  message.number(request.body);
  strings.write(message, request.method);
  strings.write(message, request.url);
  writeFields(message, strings, request.headers, request.header_count);
  writeFields(message, strings, request.fields, request.field_count);
  strings.write(message, request.content_type);
  strings.write(message, request.content);
  message.number(request.flags);
  message.number(request.timeout_ms);
}

ReceivedHttpRequest::ReceivedHttpRequest(MessageReader& message, const LentStrings& lent) {
  request_.size = message.number<std::uint32_t>();
  if (request_.size < kFirstHttpRequest) return;
  request_.body = message.number<std::uint32_t>();
  request_.method = message.text(readerOf(lent));
  request_.url = message.text(readerOf(lent));
  headers_.emplace(message, lent);
  request_.headers = headers_->get();
  request_.header_count = headers_->count();
  fields_.emplace(message, lent);
  request_.fields = fields_->get();
  request_.field_count = fields_->count();
  request_.content_type = message.text(readerOf(lent));
  request_.content = message.text(readerOf(lent));
  request_.flags = message.number<std::uint32_t>();
  request_.timeout_ms = message.number<std::uint32_t>();
}

void writeHttpResponse(MessageWriter& message, LentStrings& lent, const rcb_http_response& response) {
  message.number(response.status);
  lent.lend(message, view(response.body));
  message.number(static_cast<std::uint64_t>(response.header_count));
  for (std::size_t i = 0; i < response.header_count; ++i) {
    lent.lend(message, view(response.headers[i].name));
    lent.lend(message, view(response.headers[i].value));
  }
}

void readHttpResponse(MessageReader& message, BorrowedStrings& strings, rcb_http_response& response,
                      std::deque<std::vector<rcb_field>>& headers) {
  response.status = message.number<std::int32_t>();
  response.body = raw(strings.borrow(message));
  std::vector<rcb_field>& all = headers.emplace_back();
  for (auto left = message.number<std::uint64_t>(); left > 0; --left) {
    const std::string_view name = strings.borrow(message);
    all.push_back({raw(name), raw(strings.borrow(message))});
  }
  response.headers = all.data();
  response.header_count = all.size();
}

void writeCredential(MessageWriter& message, const BorrowedStrings& strings, const rcb_credential& credential) {
  message.number(credential.size);
  if (credential.size < kFirstCredential) return;
  strings.write(message, credential.username);
  strings.write(message, credential.password);
  message.number(credential.expires_at);
  message.number(credential.scope);
}

rcb_credential readCredential(MessageReader& message, const LentStrings& lent) {
  rcb_credential credential{};
  credential.size = message.number<std::uint32_t>();
  if (credential.size < kFirstCredential) return credential;
  credential.username = message.text(readerOf(lent));
  credential.password = message.text(readerOf(lent));
  credential.expires_at = message.number<std::int64_t>();
  credential.scope = message.number<std::uint32_t>();
  return credential;
}

}  // namespace rcb
