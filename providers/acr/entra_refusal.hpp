// Why Microsoft Entra issued no token. Operators search for its error codes (AADSTS…), so each known one has a sentence, advice, and whether a later
// pull may succeed.
#pragma once

#include <rcb/provider.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace rcb::acr {

// The request, which advice refers to. None of it is a secret.
struct EntraRequest {
  std::string subject;        // of the pod's token: "system:serviceaccount:team-a:puller"
  std::string_view audience;  // that federated credentials of this cloud usually expect
  std::string_view authorityHost;
};

// An answer that is not 2xx.
struct EntraError {
  int status;
  std::int64_t code = 0;                // the number of its AADSTS code; 0 if it has none, and then the status decides
  std::string_view correlationId = {};  // shown only if it is one, so that the line has nothing else of the answer
};

// The server's own words are not repeated: they quote identifiers of the tenant, and Microsoft changes them without notice.
sdk::Failure entraRefusal(const EntraError& error, const EntraRequest& request);

// A GUID: 36 hexadecimal digits and hyphens.
bool isGuid(std::string_view text);

// The number after "AADSTS" at the start of an error's description; 0 if there is none.
std::int64_t entraCodeIn(std::string_view description);

}  // namespace rcb::acr
