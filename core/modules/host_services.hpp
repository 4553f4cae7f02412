// Implements the C services that the host offers to a module during one call, and collects the result of the call. No exception passes through the
// module; failures are kept for conclude(). host_services.cpp has the table, the origin of failures and conclude(); host_services_http.cpp,
// host_services_reading.cpp (JSON, base64, files) and host_services_output.cpp (emit, fail, log) have the services.
#pragma once

#include "core/modules/call_buffers.hpp"
#include "core/modules/credential_text.hpp"
#include "core/modules/provider.hpp"
#include "core/modules/run_secrets.hpp"
#include "core/modules/text_origin.hpp"
#include "core/net/http_client.hpp"
#include "core/settings/setting_spec.hpp"
#include "core/support/deadline.hpp"
#include "core/support/error.hpp"
#include "core/support/json.hpp"

#include "rcb/provider_abi.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rcb {

class HostServices {
 public:
  // The function of the module that is called. A check gets neither requests nor emit().
  enum class Call { kProvide, kCheck };

  // All three must outlive this object.
  HostServices(const ProviderDescription& provider, const ProviderRequest& request, const ProviderServices& services,
               Call call = Call::kProvide);
  HostServices(const HostServices&) = delete;
  HostServices& operator=(const HostServices&) = delete;

  // The table that is passed to the module. Valid as long as this object.
  const rcb_host* table() const { return &table_; }

  // The result of the call after provide() has returned `status`: the credential, or a thrown Error. A breach of the contract takes precedence, then
  // a service's failure that the module has not recovered from, with the module's advice, then the module's own reason.
  IssuedCredential conclude(rcb_status status);
  // The same after check(): returns if it has accepted the settings.
  void concludeCheck(rcb_status status);

 private:
  static constexpr std::size_t kFieldLimit = 64;  // headers, fields of a body, fields of a log line

  rcb_status http(const rcb_http_request* request, rcb_http_response* response);
  rcb_status jsonText(std::string_view document, std::string_view pointer, rcb_text* value);
  rcb_status jsonInteger(std::string_view document, std::string_view pointer, std::int64_t* value);
  rcb_status decode(std::uint32_t encoding, std::string_view text, rcb_text* bytes);
  rcb_status readFile(std::string_view path, rcb_text* content);
  rcb_status emit(const rcb_credential* credential);
  void fail(std::string_view reason, std::string_view advice);
  void log(std::int32_t level, std::string_view message, const rcb_field* fields, std::size_t count) const;

  // Runs a service. An exception is noted and becomes the status that the module receives.
  template <class Service>
  rcb_status guarded(Service service) noexcept;
  rcb_status note(const Error& error);
  Error breach(const std::string& what) const;
  // Throws if a check calls the service.
  void requireProvide(std::string_view service) const;
  // Why the call has failed with this status.
  Error failureOf(rcb_status status);

  // The origin of a string from the module: a setting, or one of the strings that it was given.
  std::optional<Origin> originOf(std::string_view text) const;
  // The same, or the origin of the last string that it was given, from which the module may have derived it.
  std::optional<Origin> likelyOriginOf(std::string_view text) const;
  // The error for an unusable string: the fault of its origin, or of the module if the origin is unknown.
  Error unusable(const std::string& what, const std::optional<Origin>& origin, const TextFault& fault) const;

  HttpRequest encoded(const rcb_http_request& request) const;
  HttpResponse send(const HttpRequest& wanted, const rcb_http_request& request);
  // The document. Throws Error if it is not JSON.
  const Json& parsed(std::string_view document);
  // The later of this node's clock and the clock of a server that has answered.
  UnixTime now() const;
  bool isPodToken(std::string_view password) const;
  Expiry expiryOf(std::int64_t expiresAt, std::string_view password) const;

  const ProviderDescription& provider_;
  const ProviderRequest& request_;
  const ProviderServices& services_;
  Call call_;
  rcb_host table_{};
  CallBuffers buffers_;
  RunSecrets secrets_;
  std::optional<Error> breach_;         // the first
  std::optional<Error> failure_;        // of a service; cleared when http or read_file succeeds
  std::optional<UnixTime> answeredAt_;  // the latest Date of an answer
  std::string reason_;
  std::string advice_;
  std::optional<IssuedCredential> credential_;
};

}  // namespace rcb
