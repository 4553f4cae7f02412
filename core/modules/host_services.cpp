#include "core/modules/host_services.hpp"

#include "core/modules/abi_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

namespace rcb {
namespace {

ErrorCode codeOf(rcb_status status) {
  switch (status) {
    case RCB_REFUSED:
      return ErrorCode::kProviderRefused;
    case RCB_UNAVAILABLE:
      return ErrorCode::kServerError;
    case RCB_BAD_ANSWER:
      return ErrorCode::kAnswerInvalid;
    case RCB_BAD_SETTINGS:
      return ErrorCode::kSettingsInvalid;
    case RCB_EXPIRED:
      return ErrorCode::kCredentialExpired;
    default:
      return ErrorCode::kModuleMisbehaved;
  }
}

rcb_status statusOf(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kRefused:
      return RCB_REFUSED;
    case ErrorKind::kUnavailable:
      return RCB_UNAVAILABLE;
    case ErrorKind::kBadAnswer:
      return RCB_BAD_ANSWER;
    case ErrorKind::kConfig:
      return RCB_BAD_SETTINGS;
    default:
      return RCB_INTERNAL;
  }
}

}  // namespace

HostServices::HostServices(const ProviderDescription& provider, const ProviderRequest& request,
                           const ProviderServices& services, Call call)
    : provider_(provider), request_(request), services_(services), call_(call) {
  if (request.token != nullptr) secrets_.add(request.token->reveal());
  for (const auto& [name, value] : request.settings) {
    const SettingSpec* spec = findSettingOf(provider.settings, name);
    if (spec != nullptr && spec->secret) secrets_.add(value);
  }
  static constexpr auto kSelf = [](void* context) -> HostServices& { return *static_cast<HostServices*>(context); };
  table_.size = sizeof table_;
  table_.context = this;
  table_.http = [](void* context, const rcb_http_request* wanted, rcb_http_response* response) noexcept {
    return kSelf(context).guarded([&](HostServices& host) { return host.http(wanted, response); });
  };
  table_.json_text = [](void* context, rcb_text document, rcb_text pointer, rcb_text* value) noexcept {
    return kSelf(context).guarded(
        [&](HostServices& host) { return host.jsonText(view(document), view(pointer), value); });
  };
  table_.decode = [](void* context, std::uint32_t encoding, rcb_text text, rcb_text* bytes) noexcept {
    return kSelf(context).guarded([&](HostServices& host) { return host.decode(encoding, view(text), bytes); });
  };
  table_.read_file = [](void* context, rcb_text path, rcb_text* content) noexcept {
    return kSelf(context).guarded([&](HostServices& host) { return host.readFile(view(path), content); });
  };
  table_.emit = [](void* context, const rcb_credential* credential) noexcept {
    return kSelf(context).guarded([&](HostServices& host) { return host.emit(credential); });
  };
  table_.fail = [](void* context, rcb_text reason, rcb_text advice) noexcept {
    kSelf(context).guarded([&](HostServices& host) {
      host.fail(view(reason), view(advice));
      return rcb_status{RCB_OK};
    });
  };
  table_.log = [](void* context, std::int32_t level, rcb_text message, const rcb_field* fields,
                  std::size_t count) noexcept {
    kSelf(context).guarded([&](HostServices& host) {
      host.log(level, view(message), fields, count);
      return rcb_status{RCB_OK};
    });
  };
  table_.now = [](void* context) noexcept -> std::int64_t { return kSelf(context).now().time_since_epoch().count(); };
  table_.deadline_ms = [](void* context) noexcept -> std::int64_t {
    return kSelf(context).services_.deadline.left().count();
  };
  table_.json_integer = [](void* context, rcb_text document, rcb_text pointer, std::int64_t* value) noexcept {
    return kSelf(context).guarded(
        [&](HostServices& host) { return host.jsonInteger(view(document), view(pointer), value); });
  };
}

template <class Service>
rcb_status HostServices::guarded(Service service) noexcept {
  try {
    return service(*this);
  } catch (const Error& error) {
    return note(error);
  } catch (const std::exception&) {
    return note(Error(ErrorCode::kInternal, "a host service that the provider called failed unexpectedly"));
  }
}

rcb_status HostServices::note(const Error& error) {
  if (error.code() != ErrorCode::kModuleMisbehaved) {
    failure_ = error;
  } else if (!breach_) {
    breach_ = error;
  }
  return statusOf(error.kind());
}

Error HostServices::breach(const std::string& what) const {
  return Error(ErrorCode::kModuleMisbehaved, fmt::format("the provider module {} {}", provider_.name, what))
      .advise("report this bug to the module's author");
}

std::optional<Origin> HostServices::originOf(std::string_view text) const {
  const std::less_equal<const char*> notAfter;
  for (const auto& [name, value] : request_.settings) {
    const bool within = notAfter(value.data(), text.data()) && notAfter(text.data(), value.data() + value.size());
    if (within || (!text.empty() && value == text)) return Origin{Origin::Kind::kSetting, name};
  }
  const Origin* origin = buffers_.originOf(text);
  return origin == nullptr ? std::nullopt : std::optional(*origin);
}

std::optional<Origin> HostServices::likelyOriginOf(std::string_view text) const {
  auto origin = originOf(text);
  if (!origin && buffers_.last() != nullptr) origin = *buffers_.last();
  return origin;
}

Error HostServices::unusable(const std::string& what, const std::optional<Origin>& origin,
                             const TextFault& fault) const {
  if (!origin) return breach(fmt::format("returned an unusable value: the {} {}", what, fault.what));
  return unusableText(what, *origin, fault);
}

UnixTime HostServices::now() const { return std::max(services_.now(), answeredAt_.value_or(UnixTime::min())); }

void HostServices::requireProvide(std::string_view service) const {
  if (call_ == Call::kCheck) throw breach(fmt::format("called {}() in check(), where it is not available", service));
}

IssuedCredential HostServices::conclude(rcb_status status) {
  if (breach_) throw std::move(*breach_);
  if (status == RCB_OK && credential_) return std::move(*credential_);
  if (status == RCB_OK && !failure_) throw breach("reported success without a credential");
  if (status < RCB_OK || status > RCB_INTERNAL) throw breach(fmt::format("returned the unknown status {}", status));
  if (credential_) throw breach("reported a failure after it had emitted a credential");
  throw failureOf(status);
}

void HostServices::concludeCheck(rcb_status status) {
  if (breach_) throw std::move(*breach_);
  if (status == RCB_OK) return;
  if (status < RCB_OK || status > RCB_INTERNAL) throw breach(fmt::format("returned the unknown status {}", status));
  throw failureOf(status);
}

Error HostServices::failureOf(rcb_status status) {
  if (!failure_) {
    failure_ = Error(codeOf(status), reason_.empty() ? "the provider gave no reason for its failure" : reason_);
    const bool ofFile = buffers_.last() != nullptr && buffers_.last()->kind == Origin::Kind::kFile;
    if (ofFile && failure_->kind() == ErrorKind::kConfig) failure_->with("file", buffers_.last()->name);
  }
  if (!advice_.empty()) return std::move(*failure_).advise(advice_);
  return std::move(*failure_);
}

}  // namespace rcb
