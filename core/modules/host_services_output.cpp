#include "core/identity/token_claims.hpp"
#include "core/modules/abi_text.hpp"
#include "core/modules/contract_sizes.hpp"
#include "core/modules/host_services.hpp"
#include "core/observe/log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace rcb {
namespace {

// Of a call's log: more is a fault, and the kubelet keeps all of it.
constexpr std::size_t kLineLimit = 100;

}  // namespace

bool HostServices::isPodToken(std::string_view password) const {
  return request_.token != nullptr && password == request_.token->reveal();
}

// The earliest of the expiry that the module states and the one of the password if it is a JWT, limited by the server's clock.
Expiry HostServices::expiryOf(std::int64_t expiresAt, std::string_view password) const {
  const Expiry own = jwtExpiry(password);
  Expiry expiry;
  if (expiresAt == RCB_EXPIRES_FROM_JWT) {
    expiry = own;
  } else if (expiresAt == RCB_EXPIRES_NEVER) {
    expiry.kind = Expiry::Kind::kNever;
  } else if (expiresAt < 0 || expiresAt > kLatestTime.time_since_epoch().count()) {
    throw unusable("expiry", likelyOriginOf({}),
                   {"is not a valid Unix time in seconds", "write it as Unix time in seconds"});
  } else if (expiresAt != RCB_EXPIRES_UNKNOWN) {
    expiry = {.kind = Expiry::Kind::kAt, .at = UnixTime(std::chrono::seconds(expiresAt))};
  }
  // The pod's own token expires at its `exp`, whatever the module states.
  if (isPodToken(password) && (expiry.kind != Expiry::Kind::kAt || own.kind == Expiry::Kind::kUnknown)) expiry = own;
  if (own.kind == Expiry::Kind::kAt) expiry = sooner(expiry, own);
  if (expiry.kind == Expiry::Kind::kAt && answeredAt_)
    expiry.longest = std::min(expiry.longest, expiry.at - *answeredAt_);
  return expiry;
}

rcb_status HostServices::emit(const rcb_credential& credential) {
  requireProvide("emit");
  if (credential.size < kFirstCredential) {
    throw ArgumentFault(
        fmt::format("a credential of {} bytes, below the {} of version 1.0", credential.size, kFirstCredential));
  }
  if (credential_) throw breach("emitted a second credential");
  const std::string_view username = checked(credential.username, "username");
  const std::string_view password = checked(credential.password, "password");
  if (const auto fault = findUserNameFault(username)) throw unusable("user name", likelyOriginOf(username), *fault);
  const Origin* origin = buffers_.originOf(password);
  const bool issued = origin != nullptr && origin->kind == Origin::Kind::kAnswer;
  if (const auto fault = findPasswordFault(password, issued)) {
    throw unusable("password", likelyOriginOf(password), *fault);
  }
  if (isPodToken(password) && !provider_.returnsToken) {
    if (origin != nullptr)
      throw unusable("password", *origin, {"is the pod's own token", "put a different credential into it"});
    throw breach("emitted the pod's own token without declaring that it does");
  }
  const Expiry expiry = expiryOf(credential.expires_at, password);
  if (credential.scope > RCB_SCOPE_IMAGE)
    throw notInContract(fmt::format("the scope {} of a credential", credential.scope));
  credential_ = IssuedCredential{std::string(username), Secret(password), expiry, credential.scope == RCB_SCOPE_IMAGE};
  secrets_.add(credential_->password.reveal());
  return RCB_OK;
}

void HostServices::fail(std::string_view reason, std::string_view advice) {
  reason_ =
      secrets_.publicText(reason).value_or("the provider's reason is withheld because it contains part of a secret");
  advice_ = secrets_.publicText(advice).value_or("");
}

void HostServices::log(std::int32_t level, std::string_view message, std::span<const rcb_field> fields) {
  const auto shown = static_cast<LogLevel>(std::clamp<std::int32_t>(level, RCB_LOG_DEBUG, RCB_LOG_ERROR));
  if (!services_.log.shows(shown) || logged_ > kLineLimit) return;
  if (++logged_ > kLineLimit) {
    return services_.log.write(LogLevel::kWarn, "the provider's further lines are left out",
                               {{"provider", provider_.name}});
  }
  const auto text = [this](std::string_view raw) { return secrets_.publicText(raw).value_or("(withheld)"); };
  std::vector<std::pair<std::string, std::string>> texts;
  for (const rcb_field& field : fields) texts.emplace_back(text(view(field.name)), text(view(field.value)));
  const std::vector<Log::Field> views(texts.begin(), texts.end());
  services_.log.write(shown, text(message), views.data(), views.data() + views.size());
}

}  // namespace rcb
