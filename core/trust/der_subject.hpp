// Reads a certificate's subject from its DER without parsing the rest, to find the certificates of a bundle that are worth parsing.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace rcb {

// The DER of the subject within the DER of a certificate, which OpenSSL's trust settings may follow. Nothing if lengths are inconsistent down to the
// fields of the certificate, or if the fields up to the subject have the wrong types.
std::optional<std::span<const unsigned char>> parseDerSubject(std::span<const unsigned char> certificate);

// A hash that is the same for two names in DER whenever X509_NAME_cmp() calls them equal. It ignores case, whitespace, string types, the order within
// a multi-valued part, and non-ASCII characters. Unequal names may have the same hash. Nothing if the name is not DER; it may then equal any other.
std::optional<std::uint64_t> foldDerName(std::span<const unsigned char> name);

}  // namespace rcb
