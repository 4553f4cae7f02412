#include "core/modules/host_services.hpp"

#include "core/modules/abi_text.hpp"
#include "core/modules/call_status.hpp"
#include "core/modules/contract_sizes.hpp"
#include "core/modules/contract_version.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <utility>

namespace rcb {
thread_local HostServices* HostServices::current = nullptr;

HostServices::HostServices(const ProviderDescription& provider, const ProviderRequest& request,
                           const ProviderServices& services, Call call)
    : provider_(provider),
      request_(request),
      services_(services),
      contacts_(provider, request.settings, request.registry),
      call_(call) {
  if (request.token != nullptr) secrets_.add(request.token->reveal());
  for (const auto& [name, value] : request.settings) {
    const SettingSpec* spec = findSettingOf(provider.settings, name);
    if (spec != nullptr && spec->secret) secrets_.add(value);
  }
  table_.size = sizeof table_;
  table_.context = this;
  table_.http = [](void* context, const rcb_http_request* wanted, rcb_http_response* response) noexcept {
    return guarded(context, "http", [&](HostServices& host) {
      return host.http(checked(wanted, "request"), checked(response, "response"));
    });
  };
  table_.json_text = [](void* context, rcb_text document, rcb_text pointer, rcb_text* value) noexcept {
    return guarded(context, "json_text", [&](HostServices& host) {
      return host.jsonText(checked(document, "document"), checked(pointer, "pointer"), checked(value, "value"));
    });
  };
  table_.json_integer = [](void* context, rcb_text document, rcb_text pointer, std::int64_t* value) noexcept {
    return guarded(context, "json_integer", [&](HostServices& host) {
      return host.jsonInteger(checked(document, "document"), checked(pointer, "pointer"), checked(value, "value"));
    });
  };
  table_.json_number = [](void* context, rcb_text document, rcb_text pointer, double* value) noexcept {
    return guarded(context, "json_number", [&](HostServices& host) {
      return host.jsonNumber(checked(document, "document"), checked(pointer, "pointer"), checked(value, "value"));
    });
  };
  table_.json_boolean = [](void* context, rcb_text document, rcb_text pointer, std::int32_t* value) noexcept {
    return guarded(context, "json_boolean", [&](HostServices& host) {
      return host.jsonBoolean(checked(document, "document"), checked(pointer, "pointer"), checked(value, "value"));
    });
  };
  table_.json_kind = [](void* context, rcb_text document, rcb_text pointer, std::int32_t* kind,
                        std::size_t* count) noexcept {
    return guarded(context, "json_kind", [&](HostServices& host) {
      return host.jsonKind(checked(document, "document"), checked(pointer, "pointer"), checked(kind, "kind"),
                           checked(count, "count"));
    });
  };
  table_.json_name = [](void* context, rcb_text document, rcb_text pointer, std::size_t index,
                        rcb_text* name) noexcept {
    return guarded(context, "json_name", [&](HostServices& host) {
      return host.jsonName(checked(document, "document"), checked(pointer, "pointer"), index, checked(name, "name"));
    });
  };
  table_.xml_text = [](void* context, rcb_text document, rcb_text path, rcb_text* value) noexcept {
    return guarded(context, "xml_text", [&](HostServices& host) {
      return host.xmlText(checked(document, "document"), checked(path, "path"), checked(value, "value"));
    });
  };
  table_.encode = [](void* context, std::uint32_t encoding, rcb_text bytes, rcb_text* text) noexcept {
    return guarded(context, "encode", [&](HostServices& host) {
      return host.encode(encoding, checked(bytes, "bytes"), checked(text, "text"));
    });
  };
  table_.decode = [](void* context, std::uint32_t encoding, rcb_text text, rcb_text* bytes) noexcept {
    return guarded(context, "decode", [&](HostServices& host) {
      return host.decode(encoding, checked(text, "text"), checked(bytes, "bytes"));
    });
  };
  table_.sha256 = [](void* context, rcb_text bytes, rcb_text* digest) noexcept {
    return guarded(context, "sha256",
                   [&](HostServices& host) { return host.digest(checked(bytes, "bytes"), checked(digest, "digest")); });
  };
  table_.hmac_sha256 = [](void* context, rcb_text key, rcb_text bytes, rcb_text* code) noexcept {
    return guarded(context, "hmac_sha256", [&](HostServices& host) {
      return host.authenticate(checked(key, "key"), checked(bytes, "bytes"), checked(code, "code"));
    });
  };
  table_.parse_time = [](void* context, rcb_text text, std::int64_t* seconds) noexcept {
    return guarded(context, "parse_time", [&](HostServices& host) {
      return host.parseTime(checked(text, "text"), checked(seconds, "seconds"));
    });
  };
  table_.format_time = [](void* context, std::uint32_t format, std::int64_t seconds, rcb_text* text) noexcept {
    return guarded(context, "format_time",
                   [&](HostServices& host) { return host.formatTime(format, seconds, checked(text, "text")); });
  };
  table_.read_file = [](void* context, rcb_text path, rcb_text* content) noexcept {
    return guarded(context, "read_file", [&](HostServices& host) {
      return host.readFile(checked(path, "path"), checked(content, "content"));
    });
  };
  table_.emit = [](void* context, const rcb_credential* credential) noexcept {
    return guarded(context, "emit", [&](HostServices& host) { return host.emit(checked(credential, "credential")); });
  };
  table_.fail = [](void* context, rcb_text reason, rcb_text advice) noexcept {
    guarded(context, "fail", [&](HostServices& host) {
      host.fail(checked(reason, "reason"), checked(advice, "advice"));
      return rcb_status{RCB_OK};
    });
  };
  table_.log = [](void* context, std::int32_t level, rcb_text message, const rcb_field* fields,
                  std::size_t count) noexcept {
    guarded(context, "log", [&](HostServices& host) {
      host.log(level, checked(message, "message"), checked(fields, count, kFieldLimit, "fields"));
      return rcb_status{RCB_OK};
    });
  };
  table_.now = [](void* context) noexcept {
    std::int64_t now = 0;
    guarded(context, "now", [&](HostServices& host) {
      now = host.now().time_since_epoch().count();
      return rcb_status{RCB_OK};
    });
    return now;
  };
  table_.deadline_ms = [](void* context) noexcept {
    std::int64_t left = 0;
    guarded(context, "deadline_ms", [&](HostServices& host) {
      left = host.services_.deadline.left().count();
      return rcb_status{RCB_OK};
    });
    return left;
  };
}

template <class Service>
rcb_status HostServices::guarded(void* context, const char* name, Service service) noexcept {
  // After its call, or on a thread of its own: there is nothing to note it in.
  if (current == nullptr) return RCB_INTERNAL;
  HostServices& host = *current;
  try {
    if (context != &host) throw ArgumentFault("a context that is not the host's");
    return service(host);
  } catch (const Error& error) {
    return host.note(error);
  } catch (const ArgumentFault& fault) {
    return host.note(host.breach(fmt::format("called {} with {}", name, fault.what())));
  } catch (const std::exception&) {
    return host.note(Error(ErrorCode::kInternal, "a host service that the provider called failed unexpectedly"));
  }
}

rcb_status HostServices::note(const Error& error) {
  if (error.code() != ErrorCode::kModuleMisbehaved) {
    failure_ = error;
    failedLate_ = services_.deadline.passed();
  } else if (!breach_) {
    breach_ = error;
  }
  return statusOf(error);
}

Error HostServices::breach(const std::string& what) const {
  return Error(ErrorCode::kModuleMisbehaved, fmt::format("the provider module {} {}", provider_.name, what))
      .advise("report this bug to the module's author");
}

Error HostServices::notInContract(const std::string& what) const {
  return rcb::notInContract(ErrorCode::kModuleMisbehaved, provider_.name, what, provider_.contractMinor);
}

std::optional<Origin> HostServices::settingAt(std::string_view text) const {
  const std::less_equal<const char*> notAfter;
  for (const auto& [name, value] : request_.settings) {
    const bool within = notAfter(value.data(), text.data()) && notAfter(text.data(), value.data() + value.size());
    if (within) return Origin{Origin::Kind::kSetting, name};
  }
  return std::nullopt;
}

std::optional<Origin> HostServices::originOf(std::string_view text) const {
  if (auto setting = settingAt(text)) return setting;
  for (const auto& [name, value] : request_.settings) {
    if (!text.empty() && value == text) return Origin{Origin::Kind::kSetting, name};
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

std::string_view HostServices::keepMade(std::string_view source, Secret made) {
  if (auto setting = settingAt(source)) return buffers_.keepPartOf(std::move(*setting), std::move(made));
  return buffers_.keepPartOf(source, std::move(made));
}

std::string_view HostServices::keepConverted(std::string_view source, Secret made) {
  const std::string_view kept = keepMade(source, std::move(made));
  const Origin* origin = buffers_.originAt(source);
  if (secrets_.isSecret(source)) {
    secrets_.add(kept);
  } else if (origin != nullptr && origin->kind == Origin::Kind::kFile) {
    secrets_.addContent(kept);
  } else if (origin != nullptr && origin->kind == Origin::Kind::kAnswer) {
    addWordsOf(kept);
  }
  return kept;
}

void HostServices::addWordsOf(std::string_view kept) {
  const Origin* origin = buffers_.originAt(kept);
  if (origin == nullptr || !origin->isErrorAnswer) secrets_.addWordsOf(kept);
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
    failure_ = Error(errorCodeOf(status), reason_.empty() ? "the provider gave no reason for its failure" : reason_);
    const bool ofFile = buffers_.last() != nullptr && buffers_.last()->kind == Origin::Kind::kFile;
    if (ofFile && failure_->kind() == ErrorKind::kConfig) failure_->with("file", buffers_.last()->name);
  }
  if (advice_.empty()) return std::move(*failure_);
  // The module knows the registry, so its advice takes the place of the general one.
  return failure_->replacedBy(failure_->code(), failure_->message()).advise(advice_);
}

}  // namespace rcb
