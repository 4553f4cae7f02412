#include "core/modules/lent_texts.hpp"

#include <functional>
#include <utility>

namespace rcb {
namespace {

// Also true for an empty string at either end.
bool isWithin(std::string_view part, std::string_view whole) {
  const std::less_equal<const char*> notAfter;
  return part.data() != nullptr && notAfter(whole.data(), part.data()) &&
         notAfter(part.data() + part.size(), whole.data() + whole.size());
}

}  // namespace

std::string_view LentTexts::add(Secret bytes, const Origin* origin) {
  bytes.reserve(1);
  lent_.push_back({std::move(bytes), origin, std::nullopt});
  return lent_.back().bytes.reveal();
}

std::string_view LentTexts::keep(Secret bytes, Origin origin) {
  origins_.push_back(std::move(origin));
  return add(std::move(bytes), &origins_.back());
}

std::string_view LentTexts::keepPartOf(std::string_view text, Secret bytes) {
  return add(std::move(bytes), originAt(text));
}

const std::variant<Json, JsonProblem>& LentTexts::parsed(std::string_view text) {
  for (Lent& lent : lent_) {
    if (lent.bytes.reveal().data() != text.data() || lent.bytes.size() != text.size()) continue;
    const bool isFile = lent.origin != nullptr && lent.origin->kind == Origin::Kind::kFile;
    if (!lent.document) lent.document = parseJson(text, {.lastNameCounts = isFile});
    return *lent.document;
  }
  return scratch_ = parseJson(text);
}

const Origin* LentTexts::originAt(std::string_view text) const {
  for (const Lent& lent : lent_) {
    if (isWithin(text, lent.bytes.reveal())) return lent.origin;
  }
  return nullptr;
}

const Origin* LentTexts::originOf(std::string_view text) const {
  if (const Origin* origin = originAt(text)) return origin;
  if (text.empty()) return nullptr;
  for (const Lent& lent : lent_) {
    if (lent.origin != nullptr && lent.bytes.reveal().find(text) != std::string_view::npos) return lent.origin;
  }
  return nullptr;
}

}  // namespace rcb
