// The C side of the services that the host lends to a module for one call, and what came of the call. Whatever the module does with them, the
// first failure that a service noted is the one that is reported.
#pragma once

#include "core/modules/provider.hpp"
#include "core/support/error.hpp"

#include "rcb/provider_abi.h"

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rcb {

class HostServices {
 public:
  HostServices(const ProviderRequest& request, const ProviderServices& services);
  HostServices(const HostServices&) = delete;
  HostServices& operator=(const HostServices&) = delete;

  // What the module is handed. Valid as long as this object.
  const rcb_host* table() const { return &table_; }

  // What the call came to, after provide() has returned `status`. Throws Error.
  IssuedCredential conclude(rcb_status status);

 private:
  rcb_status http(const rcb_http_request& request, rcb_http_response& response);
  rcb_status jsonText(rcb_text document, rcb_text pointer, rcb_text& value);
  rcb_status readFile(rcb_text path, rcb_text& content);
  rcb_status emit(const rcb_credential& credential);
  void fail(rcb_text reason, rcb_text advice);
  void log(std::int32_t level, rcb_text message, const rcb_field* fields, std::size_t count);

  // Notes the failure, unless there is one already, and returns the status that the module shall return.
  rcb_status note(Error error);
  // The call, with every exception turned into a noted failure.
  template <class Call>
  rcb_status guarded(Call call) noexcept;
  // Text that the module or a server wrote, fit for a public line; empty if it shares text with a secret.
  std::string publicText(std::string_view text) const;
  std::vector<std::string_view> secrets() const;
  rcb_text keep(Secret secret);
  Expiry expiryOf(const rcb_credential& credential, std::string_view password) const;

  static HostServices& from(void* context) { return *static_cast<HostServices*>(context); }

  const ProviderRequest& request_;
  const ProviderServices& services_;
  rcb_host table_{};
  std::deque<Secret> kept_;  // what was handed to the module; wiped with this object
  std::optional<Error> failure_;
  std::string reason_;
  std::string advice_;
  std::optional<IssuedCredential> credential_;
};

// Puts the fields into a body: a JSON object or a form.
Secret encodeBody(std::uint32_t kind, const rcb_field* fields, std::size_t count);

}  // namespace rcb
