// Whose certificate it is, read from its DER without parsing the rest: what tells, in a bundle of many, which ones are worth parsing.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace rcb {

// The subject's encoding within an encoded certificate, which may have OpenSSL's trust settings after it. Nothing if lengths do not fit into
// each other down to the fields of the certificate, or the fields up to the subject are not what a certificate has there.
std::optional<std::span<const unsigned char>> parseDerSubject(std::span<const unsigned char> certificate);

// A number that two encoded names share whenever X509_NAME_cmp() calls them equal: case, white space, string types and the order within a
// multi-valued part do not count, nor do characters beyond ASCII. Unequal names may share it too. Nothing if the name is not DER: it may
// then equal any other.
std::optional<std::uint64_t> foldDerName(std::span<const unsigned char> name);

}  // namespace rcb
