// The C side of the services that the host lends to a module for one call, and what came of the call. Nothing that a module does with them
// throws through it; what goes wrong is kept for conclude().
#pragma once

#include "core/modules/provider.hpp"
#include "core/modules/run_secrets.hpp"
#include "core/support/error.hpp"
#include "core/support/json.hpp"

#include "rcb/provider_abi.h"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace rcb {

class HostServices {
 public:
  // All three must outlive this object.
  HostServices(const ProviderDescription& provider, const ProviderRequest& request, const ProviderServices& services);
  HostServices(const HostServices&) = delete;
  HostServices& operator=(const HostServices&) = delete;

  // What the module is handed. Valid as long as this object.
  const rcb_host* table() const { return &table_; }

  // What the call came to, after provide() has returned `status`: the credential, or a thrown Error. A breach of the contract comes first; then,
  // where http or read_file failed and did not succeed afterwards, that failure with the module's advice; then the module's own reason.
  IssuedCredential conclude(rcb_status status);

 private:
  rcb_status http(const rcb_http_request* request, rcb_http_response* response);
  rcb_status jsonText(std::string_view document, std::string_view pointer, rcb_text* value);
  rcb_status base64(std::string_view encoded, rcb_text* bytes);
  rcb_status readFile(std::string_view path, rcb_text* content);
  rcb_status emit(const rcb_credential* credential);
  void fail(std::string_view reason, std::string_view advice);
  void log(std::int32_t level, std::string_view message, const rcb_field* fields, std::size_t count) const;

  // Runs a service; what it throws is noted and becomes the status that the module gets.
  template <class Service>
  rcb_status guarded(Service service) noexcept;
  rcb_status note(const Error& error);
  Error breach(const std::string& what) const;

  HttpRequest encoded(const rcb_http_request& request) const;
  const Json* parsed(std::string_view document);
  // The time by the clocks that are known: this node's, or that of a server that has answered if it is ahead of it.
  UnixTime now() const;
  bool isPodToken(std::string_view password) const;
  Expiry expiryOf(std::int64_t expiresAt, std::string_view password) const;
  // Keeps bytes until this object dies, which wipes them.
  rcb_text keep(Secret bytes);

  const ProviderDescription& provider_;
  const ProviderRequest& request_;
  const ProviderServices& services_;
  rcb_host table_{};
  std::deque<Secret> kept_;
  RunSecrets secrets_;
  std::string_view parsedText_;  // the kept text whose document is parsed_
  std::variant<Json, JsonProblem> parsed_;
  std::optional<Error> breach_;         // the first
  std::optional<Error> failure_;        // of http or read_file, if the last one called failed
  std::optional<UnixTime> answeredAt_;  // the latest Date of an answer
  std::string reason_;
  std::string advice_;
  std::optional<IssuedCredential> credential_;
};

}  // namespace rcb
