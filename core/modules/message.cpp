#include "core/modules/message.hpp"

#include "core/modules/abi_text.hpp"

namespace rcb {

MessageWriter::MessageWriter(MessageKind kind) { number(kind); }

void MessageWriter::append(std::string_view bytes) {
  size_ += bytes.size();
  if (size_ <= kMessageLimit) bytes_.append(bytes);
}

void MessageWriter::string(std::string_view bytes) {
  number(static_cast<std::uint32_t>(bytes.size()));
  append(bytes);
}

void MessageWriter::text(rcb_text text) {
  using Form = MessageReader::Form;
  const Form form = !isReadable(text) ? Form::kNull : text.size > kArgumentLimit ? Form::kTooLong : Form::kBytes;
  number(form);
  number(static_cast<std::uint64_t>(text.size));
  if (form == Form::kBytes) append(view(text));
}

void MessageWriter::text(rcb_text text, LentPlace place) {
  number(MessageReader::Form::kLent);
  number(place.number);
  number(place.offset);
  number(static_cast<std::uint64_t>(text.size));
}

MessageReader::MessageReader(Secret bytes, std::size_t begin) : bytes_(std::move(bytes)), at_(begin) {
  kind_ = number<MessageKind>();
}

std::string_view MessageReader::take(std::size_t size) {
  const std::string_view all = bytes_.reveal();
  if (size > all.size() - at_) throw MessageFault(MessageFault::Kind::kMalformed);
  at_ += size;
  return all.substr(at_ - size, size);
}

bool MessageReader::flag() {
  const auto value = number<std::uint8_t>();
  if (value > 1) throw MessageFault(MessageFault::Kind::kMalformed);
  return value == 1;
}

std::string_view MessageReader::string() { return take(number<std::uint32_t>()); }

rcb_text MessageReader::plainText(Form form) {
  const auto size = static_cast<std::size_t>(number<std::uint64_t>());
  switch (form) {
    case Form::kBytes:
      return raw(take(size));
    case Form::kNull:
      if (size > 0) return {nullptr, size};
      break;
    case Form::kTooLong:
      // Its size is looked at first, and is a reason not to look further.
      if (size > kArgumentLimit) return {"", size};
      break;
    default:
      break;
  }
  throw MessageFault(MessageFault::Kind::kMalformed);
}

void MessageReader::end() const {
  if (at_ != bytes_.size()) throw MessageFault(MessageFault::Kind::kMalformed);
}

}  // namespace rcb
