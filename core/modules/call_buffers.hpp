// The buffers of one call of a module: the strings that its services returned, each with its origin, which everything derived from it shares. They
// are valid until provide() returns.
#pragma once

#include "core/modules/text_origin.hpp"
#include "core/support/json.hpp"
#include "core/support/secret.hpp"

#include <deque>
#include <optional>
#include <string_view>
#include <variant>

namespace rcb {

class CallBuffers {
 public:
  // Keeps bytes from outside until this object is destroyed, which wipes them. Empty strings also have an address of their own.
  std::string_view keep(Secret bytes, Origin origin);
  // Keeps bytes derived from `text`: a string of a JSON document, decoded base64, a digest. They have the same origin.
  std::string_view keepPartOf(std::string_view text, Secret bytes);
  // The same for bytes derived from a string that is kept elsewhere: a setting.
  std::string_view keepPartOf(Origin origin, Secret bytes);

  // `text` as JSON. Parsed only once if it is one of the kept strings. In a file of the operator, the last of several members with one name counts,
  // as for docker and the kubelet; in any other document a duplicate name is an error.
  const std::variant<Json, JsonProblem>& parsed(std::string_view text);

  // The origin of the memory that the view refers to; null if it belongs to the module.
  const Origin* originAt(std::string_view text) const;
  // The same, also for bytes that the module has copied.
  const Origin* originOf(std::string_view text) const;
  // The origin of the last string that came from outside; null if there is none.
  const Origin* last() const { return origins_.empty() ? nullptr : &origins_.back(); }

 private:
  struct Buffer {
    Secret bytes;
    const Origin* origin;  // null if derived from the module's own memory
    std::optional<std::variant<Json, JsonProblem>> document;
  };

  std::string_view add(Secret bytes, const Origin* origin);

  std::deque<Origin> origins_;
  std::deque<Origin> originsElsewhere_;
  std::deque<Buffer> buffers_;
  Buffer* lastParsed_ = nullptr;             // modules ask one document many things
  std::variant<Json, JsonProblem> scratch_;  // of a document in the module's own memory
};

}  // namespace rcb
