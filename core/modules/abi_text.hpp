// Strings as the module contract passes them: a pointer and a length in bytes. Nothing here owns or copies.
#pragma once

#include "rcb/provider_abi.h"

#include <string_view>

namespace rcb {

inline std::string_view view(rcb_text text) {
  return text.data == nullptr ? std::string_view() : std::string_view(text.data, text.size);
}

inline rcb_text raw(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace rcb
