// Exchanges the pod's token at any service that answers a request with JSON: RFC 8693, RFC 7523, a bearer header, or parameters of the service's
// own. What is sent and where the credential is in the answer come from the settings, so that such a registry needs no code.
#pragma once

#include <rcb/provider.hpp>

#include <string_view>

namespace rcb::token_exchange {

// A JSON pointer (RFC 6901) to a member of the answer.
inline constexpr std::string_view kPointerPattern = "(/([^/~]|~[01])*)+";

class TokenExchange final : public sdk::Provider {
 public:
  static constexpr std::string_view kGrants[] = {"token-exchange", "jwt-bearer", "client-credentials", "bearer",
                                                 "parameter"};
  static constexpr std::string_view kMethods[] = {"POST", "GET"};
  static constexpr std::string_view kFormats[] = {"form", "json"};
  static constexpr std::string_view kClientAuthentications[] = {"basic", "post", "assertion"};

  static constexpr Setting kSettings[] = {
      {.name = "url", .type = Type::kUrl, .required = true, .summary = "The URL of the token endpoint."},
      {.name = "grant",
       .type = Type::kChoice,
       .defaultValue = "token-exchange",
       .summary =
           "How the pod's token is sent: as subject_token (token-exchange, RFC 8693), as assertion (jwt-bearer, RFC "
           "7523), as client_assertion (client-credentials, RFC 7523), in the header Authorization (bearer), or as "
           "the parameter that tokenParameter names (parameter).",
       .choices = kGrants},
      {.name = "tokenParameter",
       .pattern = "[A-Za-z0-9_.-]{1,64}",
       .summary = "The parameter with the pod's token, if grant is parameter."},
      {.name = "method",
       .type = Type::kChoice,
       .defaultValue = "POST",
       .summary = "GET sends the parameters in the URL, and is possible if grant is bearer.",
       .choices = kMethods},
      {.name = "format",
       .type = Type::kChoice,
       .defaultValue = "form",
       .summary = "The format of a POST's body.",
       .choices = kFormats},
      {.name = "parameters",
       .type = Type::kMap,
       .summary = "More parameters, or others than those of the grant. In a value, {namespace}, {serviceAccount}, "
                  "{registry}, {repository} and {identity} are replaced."},
      {.name = "identity",
       .annotatable = true,
       .pattern = "[A-Za-z0-9_.:/@=+-]{1,256}",
       .summary = "The value of {identity}: a role, a client or an account that an annotation may choose."},
      {.name = "clientAuthentication",
       .type = Type::kChoice,
       .summary =
           "How the program identifies itself besides the pod's token: with clientId and clientSecretFile in the "
           "header Authorization (basic) or as parameters (post), or with the pod's token (assertion).",
       .choices = kClientAuthentications},
      {.name = "clientId", .pattern = "[ -~]{1,255}", .summary = "The client's ID."},
      {.name = "clientSecretFile",
       .type = Type::kFile,
       .summary = "A file with the client's secret; one line break at its end is removed."},
      {.name = "headers", .type = Type::kMap, .secret = true, .summary = "More headers of the request."},
      {.name = "tokenPointer",
       .defaultValue = "/access_token",
       .pattern = kPointerPattern,
       .summary = "Where the answer has the password, as a JSON pointer."},
      {.name = "username", .pattern = "[!-9;-~]{1,255}", .summary = "The user name of the credential."},
      {.name = "usernamePointer",
       .pattern = kPointerPattern,
       .summary = "Where the answer has the user name, instead of username."},
      {.name = "expiresInPointer",
       .defaultValue = "/expires_in",
       .pattern = kPointerPattern,
       .summary = "Where the answer has the lifetime in seconds. Without one, that of a JWT is used."},
      {.name = "expiresAtPointer",
       .pattern = kPointerPattern,
       .summary = "Where the answer has the time of expiry, as Unix time in seconds or as 2030-12-31T23:59:59Z."},
  };
  static constexpr std::string_view kUserNames[] = {"username", "usernamePointer"};
  static constexpr std::string_view kSecretNeeds[] = {"clientSecretFile", "clientId", "clientAuthentication"};
  static constexpr Relation kRelations[] = {{RelationKind::kOneOf, kUserNames}, {RelationKind::kNeeds, kSecretNeeds}};
  static constexpr Description kDescription = {
      .name = "token-exchange",
      .version = "1.0.0",
      .summary = "Exchanges the pod's token at a service that answers with JSON, as the settings describe it.",
      .needsToken = true,
      .settings = kSettings,
      .relations = kRelations,
  };

  void provide(const Request& request, const Host& host) override;
  void check(const Request& request, const Host& host) override;
};

}  // namespace rcb::token_exchange
