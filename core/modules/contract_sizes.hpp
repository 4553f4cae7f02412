// The sizes of the contract's structs in version 1.0, which every module has at least, the limits of its arrays, and what a table of another version
// looks like.
#pragma once

#include "rcb/provider_abi.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace rcb {

inline constexpr std::size_t kFirstTable = offsetof(rcb_provider, check) + sizeof(rcb_provider::check);
inline constexpr std::size_t kFirstSetting = offsetof(rcb_setting, choice_count) + sizeof(std::size_t);
inline constexpr std::size_t kFirstRelation = offsetof(rcb_relation, name_count) + sizeof(std::size_t);
inline constexpr std::size_t kFirstHttpRequest = offsetof(rcb_http_request, timeout_ms) + sizeof(std::uint32_t);
inline constexpr std::size_t kFirstHttpResponse = offsetof(rcb_http_response, header_count) + sizeof(std::size_t);
inline constexpr std::size_t kFirstCredential = offsetof(rcb_credential, reserved) + sizeof(std::uint32_t);

// No struct will ever grow to this size; a larger one is garbage.
inline constexpr std::size_t kStructLimit = 4096;

// Of each array of a table, a setting or a relation.
inline constexpr std::size_t kEntryLimit = 64;
// Headers, fields of a body, fields of a log line.
inline constexpr std::size_t kFieldLimit = 64;

inline bool isTableSize(std::size_t size) { return size >= kFirstTable && size <= kStructLimit; }

// The elements of an array whose struct begins with its size, as far apart as the first one's size. Nothing if that, or their number, is invalid.
template <class Element>
std::optional<std::vector<const Element*>> elementsOf(const Element* first, std::size_t count, std::size_t firstSize);

// --- Inline implementations ---

template <class Element>
std::optional<std::vector<const Element*>> elementsOf(const Element* first, std::size_t count, std::size_t firstSize) {
  std::vector<const Element*> all;
  if (count == 0) return all;
  const std::size_t step = first == nullptr ? 0 : first->size;
  if (count > kEntryLimit || step < firstSize || step > kStructLimit || step % alignof(Element) != 0)
    return std::nullopt;
  const auto* next = reinterpret_cast<const unsigned char*>(first);
  for (std::size_t i = 0; i < count; ++i, next += step) all.push_back(reinterpret_cast<const Element*>(next));
  return all;
}

}  // namespace rcb
