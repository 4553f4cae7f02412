// Implements the C services that the host offers to a module during one call, and collects the result of the call. No exception passes through the
// module; failures are kept for conclude(). host_services.cpp has the table, the origin of failures and conclude(), and the services are in
// host_services_http.cpp, host_services_reading.cpp (JSON, XML, files), host_services_values.cpp (encodings, digests, times) and
// host_services_output.cpp (emit, fail, log).
#pragma once

#include "core/modules/call_buffers.hpp"
#include "core/modules/contact_policy.hpp"
#include "core/modules/credential_text.hpp"
#include "core/modules/provider.hpp"
#include "core/modules/run_secrets.hpp"
#include "core/modules/text_origin.hpp"
#include "core/net/http_client.hpp"
#include "core/settings/setting_spec.hpp"
#include "core/support/deadline.hpp"
#include "core/support/error.hpp"
#include "core/support/json.hpp"
#include "core/support/secret.hpp"

#include "rcb/provider_abi.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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
  ~HostServices() { current = previous_; }

  // The table that is passed to the module. Valid as long as this object.
  const rcb_host* table() const { return &table_; }

  // The result of the call after provide() has returned `status`: the credential, or a thrown Error. A breach of the contract takes precedence, then
  // a service's failure that the module has not recovered from, with the module's advice, then the module's own reason.
  IssuedCredential conclude(rcb_status status);
  // The same after check(): returns if it has accepted the settings.
  void concludeCheck(rcb_status status);
  // For a module that has not returned in time: the failure of a service that had taken all of it. Null if none had.
  const Error* lateFailure() const { return failure_ && failedLate_ ? &*failure_ : nullptr; }

 private:
  rcb_status http(const rcb_http_request& request, rcb_http_response& response);
  rcb_status jsonText(std::string_view document, std::string_view pointer, rcb_text& value);
  rcb_status jsonInteger(std::string_view document, std::string_view pointer, std::int64_t& value);
  rcb_status jsonNumber(std::string_view document, std::string_view pointer, double& value);
  rcb_status jsonBoolean(std::string_view document, std::string_view pointer, std::int32_t& value);
  rcb_status jsonKind(std::string_view document, std::string_view pointer, std::int32_t& kind, std::size_t& count);
  rcb_status jsonName(std::string_view document, std::string_view pointer, std::size_t index, rcb_text& name);
  rcb_status xmlText(std::string_view document, std::string_view path, rcb_text& value);
  rcb_status encode(std::uint32_t encoding, std::string_view bytes, rcb_text& text);
  rcb_status decode(std::uint32_t encoding, std::string_view text, rcb_text& bytes);
  rcb_status digest(std::string_view bytes, rcb_text& digest);
  rcb_status authenticate(std::string_view key, std::string_view bytes, rcb_text& code);
  rcb_status parseTime(std::string_view text, std::int64_t& seconds) const;
  rcb_status formatTime(std::uint32_t format, std::int64_t seconds, rcb_text& text);
  rcb_status readFile(std::string_view path, rcb_text& content);
  rcb_status emit(const rcb_credential& credential);
  void fail(std::string_view reason, std::string_view advice);
  void log(std::int32_t level, std::string_view message, std::span<const rcb_field> fields);

  // Runs a service with the host that lent it. An exception is noted and becomes the status that the module receives. A context that is not this
  // thread's current host is not used: it may be null, or of a call that has ended. `name`: of the service, in the contract.
  template <class Service>
  static rcb_status guarded(void* context, const char* name, Service service) noexcept;
  rcb_status note(const Error& error);
  Error breach(const std::string& what) const;
  // The same for what a later version of the contract may have: "the flag 0x8 of a request".
  Error notInContract(const std::string& what) const;
  // Throws if a check calls the service.
  void requireProvide(std::string_view service) const;
  // Why the call has failed with this status.
  Error failureOf(rcb_status status);

  // The setting in whose memory the string is.
  std::optional<Origin> settingAt(std::string_view text) const;
  // The origin of a string from the module: a setting, or one of the strings that it was given.
  std::optional<Origin> originOf(std::string_view text) const;
  // The same, or the origin of the last string that it was given, from which the module may have derived it.
  std::optional<Origin> likelyOriginOf(std::string_view text) const;
  // The error for an unusable string: the fault of its origin, or of the module if the origin is unknown.
  Error unusable(const std::string& what, const std::optional<Origin>& origin, const TextFault& fault) const;

  // Throws Error if the module may not send a request there. `written` is the URL as the module gave it.
  void requireAllowed(const HttpUrl& url, std::string_view written) const;
  // Keeps what was made of a string of the module, with the same origin.
  std::string_view keepMade(std::string_view source, Secret made);
  // The same, and a secret if the source is one.
  std::string_view keepConverted(std::string_view source, Secret made);
  // Adds the words of a kept string that may be credentials. Those of an error are not: operators need the IDs in it, such as a request's.
  void addWordsOf(std::string_view kept);

  HttpRequest encoded(const rcb_http_request& request) const;
  HttpResponse send(const HttpRequest& wanted, const HttpUrl& url, const rcb_http_request& request);
  // The answer's headers, in memory that is wiped, and as the module receives them. The answer's own values are wiped.
  std::span<const rcb_field> keptHeaders(HttpResponse& answer, const std::string& host);
  // The document. Throws Error if it is not JSON.
  const Json& parsed(std::string_view document);
  // The later of this node's clock and the clock of a server that has answered.
  UnixTime now() const;
  bool isPodToken(std::string_view password) const;
  Expiry expiryOf(std::int64_t expiresAt, std::string_view password) const;

  static thread_local HostServices* current;

  const ProviderDescription& provider_;
  const ProviderRequest& request_;
  const ProviderServices& services_;
  const ContactPolicy contacts_;
  Call call_;
  rcb_host table_{};
  CallBuffers buffers_;
  std::deque<std::vector<rcb_field>> answerHeaders_;  // in buffers_
  RunSecrets secrets_;
  std::optional<Error> breach_;         // the first
  std::optional<Error> failure_;        // of a service; cleared when http or read_file succeeds
  bool failedLate_ = false;             // the call's time was up when failure_ came
  std::optional<UnixTime> answeredAt_;  // the latest Date of an answer
  std::string reason_;
  std::string advice_;
  std::optional<IssuedCredential> credential_;
  std::size_t logged_ = 0;  // lines
  HostServices* const previous_ = std::exchange(current, this);
};

}  // namespace rcb
