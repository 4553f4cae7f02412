// The two ends of the kubelet's exec: all of stdin within a limit and a deadline, all of stdout or an error.
#pragma once

#include "core/support/deadline.hpp"
#include "core/support/secret.hpp"

#include <cstddef>
#include <string_view>

namespace rcb {

// Everything up to end of file. Throws Error: kRequestTimeout, kRequestTooLarge (without reading on), kRequestNotJson if reading fails.
Secret readAll(int descriptor, std::size_t limit, const Deadline& deadline);

// Writes every byte. Throws Error(kInternal) if the reader is gone.
void writeAll(int descriptor, std::string_view bytes);

}  // namespace rcb
