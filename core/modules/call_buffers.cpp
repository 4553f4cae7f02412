#include "core/modules/call_buffers.hpp"

#include <functional>
#include <utility>

namespace rcb {
namespace {

// Also true of the empty text at either end.
bool isWithin(std::string_view part, std::string_view whole) {
  const std::less_equal<const char*> notAfter;
  return part.data() != nullptr && notAfter(whole.data(), part.data()) &&
         notAfter(part.data() + part.size(), whole.data() + whole.size());
}

}  // namespace

std::string_view CallBuffers::add(Secret bytes, const Origin* origin) {
  bytes.reserve(1);
  buffers_.push_back({std::move(bytes), origin, std::nullopt});
  return buffers_.back().bytes.reveal();
}

std::string_view CallBuffers::keep(Secret bytes, Origin origin) {
  origins_.push_back(std::move(origin));
  return add(std::move(bytes), &origins_.back());
}

std::string_view CallBuffers::keepPartOf(std::string_view text, Secret bytes) {
  return add(std::move(bytes), originAt(text));
}

std::string_view CallBuffers::keepPartOf(Origin origin, Secret bytes) {
  originsElsewhere_.push_back(std::move(origin));
  return add(std::move(bytes), &originsElsewhere_.back());
}

const std::variant<Json, JsonProblem>& CallBuffers::parsed(std::string_view text) {
  const auto isText = [text](const Buffer& buffer) {
    return buffer.bytes.reveal().data() == text.data() && buffer.bytes.size() == text.size();
  };
  if (lastParsed_ != nullptr && isText(*lastParsed_)) return *lastParsed_->document;
  for (Buffer& buffer : buffers_) {
    if (!isText(buffer)) continue;
    const bool isFile = buffer.origin != nullptr && buffer.origin->kind == Origin::Kind::kFile;
    if (!buffer.document) buffer.document = parseJson(text, {.lastNameCounts = isFile});
    lastParsed_ = &buffer;
    return *buffer.document;
  }
  return scratch_ = parseJson(text);
}

const Origin* CallBuffers::originAt(std::string_view text) const {
  for (const Buffer& buffer : buffers_) {
    if (isWithin(text, buffer.bytes.reveal())) return buffer.origin;
  }
  return nullptr;
}

const Origin* CallBuffers::originOf(std::string_view text) const {
  if (const Origin* origin = originAt(text)) return origin;
  if (text.empty()) return nullptr;
  for (const Buffer& buffer : buffers_) {
    if (buffer.origin != nullptr && buffer.bytes.reveal().find(text) != std::string_view::npos) return buffer.origin;
  }
  return nullptr;
}

}  // namespace rcb
