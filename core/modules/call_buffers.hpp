// The buffers that belong to one call of a module: what its services answered, each with its origin, which what is made of it shares. A module
// may read them until provide() returns.
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
  // Bytes that came from outside. They are kept until this object dies, which wipes them; an empty text, too, has an address that tells it apart.
  std::string_view keep(Secret bytes, Origin origin);
  // Bytes that were made of a text: a string of a JSON document, what base64 stands for. They share its origin.
  std::string_view keepPartOf(std::string_view text, Secret bytes);

  // The text as JSON, parsed once if it is a whole one of these and cannot have changed. In a file that the operator keeps, a repeated name counts as
  // it does for docker and the kubelet; anywhere else it makes the document invalid.
  const std::variant<Json, JsonProblem>& parsed(std::string_view text);

  // Where the very bytes came from that the view is of; null if they are a module's own.
  const Origin* originAt(std::string_view text) const;
  // The same, also of bytes that a module has copied.
  const Origin* originOf(std::string_view text) const;
  // Of what came from outside last; null if nothing did.
  const Origin* last() const { return origins_.empty() ? nullptr : &origins_.back(); }

 private:
  struct Buffer {
    Secret bytes;
    const Origin* origin;  // null of what was made of a module's own text
    std::optional<std::variant<Json, JsonProblem>> document;
  };

  std::string_view add(Secret bytes, const Origin* origin);

  std::deque<Origin> origins_;
  std::deque<Buffer> buffers_;
  std::variant<Json, JsonProblem> scratch_;  // of a text that is none of these
};

}  // namespace rcb
