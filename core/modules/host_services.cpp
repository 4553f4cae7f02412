#include "core/modules/host_services.hpp"

#include "core/modules/body_encoding.hpp"
#include "core/modules/exchange_failure.hpp"
#include "core/net/http_url.hpp"
#include "core/support/base64.hpp"
#include "core/support/printable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

namespace rcb {
namespace {

constexpr std::size_t kCredentialLimit = 64 * 1024;
constexpr std::size_t kFieldLimit = 64;
constexpr std::uint32_t kFlagsToUnderstand = 0xffff;
constexpr std::int64_t kLatestExpiry = 253402300799;  // the year 9999; beyond it are milliseconds by mistake

// What version 1.0 of the structs had; a module cannot know less.
constexpr std::size_t kFirstHttpRequest = offsetof(rcb_http_request, content) + sizeof(rcb_text);
constexpr std::size_t kHttpRequestWithFlags = offsetof(rcb_http_request, reserved) + sizeof(std::uint32_t);
constexpr std::size_t kFirstHttpResponse = offsetof(rcb_http_response, body) + sizeof(rcb_text);
constexpr std::size_t kFirstCredential = offsetof(rcb_credential, expires_at) + sizeof(std::int64_t);

std::string_view view(rcb_text text) {
  return text.data == nullptr ? std::string_view() : std::string_view(text.data, text.size);
}

// Nothing that could end a line or a JSON document early; any script may be in it.
bool isCredentialText(std::string_view text) {
  return isUtf8(text) && std::none_of(text.begin(), text.end(),
                                      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

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
                           const ProviderServices& services)
    : provider_(provider), request_(request), services_(services) {
  if (request.token != nullptr) secrets_.add(request.token->reveal());
  for (const SettingSpec& spec : provider.settings) {
    if (!spec.secret) continue;
    for (const auto& [name, value] : request.settings) {
      if (name == spec.name) secrets_.add(value);
    }
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
  table_.base64 = [](void* context, rcb_text encoded, rcb_text* bytes) noexcept {
    return kSelf(context).guarded([&](HostServices& host) { return host.base64(view(encoded), bytes); });
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
  table_.now = [](void* context) noexcept -> std::int64_t {
    return kSelf(context).services_.now().time_since_epoch().count();
  };
  table_.deadline_ms = [](void* context) noexcept -> std::int64_t {
    return kSelf(context).services_.deadline.left().count();
  };
}

template <class Service>
rcb_status HostServices::guarded(Service service) noexcept {
  try {
    return service(*this);
  } catch (const Error& error) {
    return note(error);
  } catch (const std::exception&) {
    return note(Error(ErrorCode::kInternal, "a service that the provider called failed unexpectedly"));
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
      .advise("this is a bug in the module; tell its author");
}

rcb_text HostServices::keep(Secret bytes) {
  kept_.push_back(std::move(bytes));
  const std::string_view text = kept_.back().reveal();
  return {text.data(), text.size()};
}

HttpRequest HostServices::encoded(const rcb_http_request& request) const {
  HttpRequest wanted;
  wanted.method = view(request.method);
  wanted.url = view(request.url);
  for (std::size_t i = 0; i < request.header_count; ++i) {
    wanted.headers.emplace_back(view(request.headers[i].name), view(request.headers[i].value));
  }
  std::vector<BodyField> fields;
  for (std::size_t i = 0; i < request.field_count; ++i) {
    fields.emplace_back(view(request.fields[i].name), view(request.fields[i].value));
  }
  switch (request.body) {
    case RCB_BODY_NONE:
      break;
    case RCB_BODY_JSON:
      wanted.contentType = "application/json";
      wanted.body = jsonBody(fields);
      break;
    case RCB_BODY_FORM:
      wanted.contentType = "application/x-www-form-urlencoded";
      wanted.body = formBody(fields);
      break;
    case RCB_BODY_RAW:
      wanted.contentType = view(request.content_type);
      wanted.body = Secret(view(request.content));
      break;
    default:
      throw breach("wants a kind of body that this program does not know");
  }
  if (request.size >= kHttpRequestWithFlags) {
    if ((request.flags & kFlagsToUnderstand) != 0) {
      throw breach("sets a flag of a request that this program does not know");
    }
    wanted.repeatable = (request.flags & RCB_HTTP_REPEATABLE) != 0;
  }
  return wanted;
}

rcb_status HostServices::http(const rcb_http_request* request, rcb_http_response* response) {
  if (request == nullptr || response == nullptr || request->size < kFirstHttpRequest ||
      response->size < kFirstHttpResponse || request->header_count > kFieldLimit ||
      request->field_count > kFieldLimit) {
    throw breach("made a malformed http call");
  }
  const HttpRequest wanted = encoded(*request);
  const std::string host = parseHttpUrl(wanted.url).authority();
  HttpResponse answer = services_.http.send(wanted, services_.deadline);
  if (answer.status < 200 || answer.status > 299) throw exchangeFailure(answer, host, secrets_.all());
  secrets_.addWordsOf(answer.body.reveal());
  response->status = answer.status;
  response->body = keep(std::move(answer.body));
  failure_.reset();  // of a way that the module has given up
  return RCB_OK;
}

const Json* HostServices::parsed(std::string_view document) {
  // Only a text that cannot have changed since is not parsed again.
  const bool kept = std::any_of(kept_.begin(), kept_.end(), [document](const Secret& secret) {
    return secret.reveal().data() == document.data() && secret.size() == document.size();
  });
  if (!kept || parsedText_.data() != document.data()) {
    parsed_ = parseJson(document);
    parsedText_ = kept ? document : std::string_view();
  }
  return std::get_if<Json>(&parsed_);
}

rcb_status HostServices::jsonText(std::string_view document, std::string_view pointer, rcb_text* value) {
  const Json* root = parsed(document);
  const Json* found = root == nullptr ? nullptr : root->at(pointer);
  if (found == nullptr) return RCB_BAD_ANSWER;
  if (found->string() != nullptr) {
    *value = keep(Secret(*found->string()));
    secrets_.addWordsOf(view(*value));  // without the escapes that it may have had in the document
  } else if (found->integer() != nullptr) {
    *value = keep(Secret(std::to_string(*found->integer())));
  } else if (found->real() != nullptr) {
    *value = keep(Secret(fmt::to_string(*found->real())));
  } else {
    return RCB_BAD_ANSWER;
  }
  return RCB_OK;
}

rcb_status HostServices::base64(std::string_view encoded, rcb_text* bytes) {
  while (!encoded.empty() && encoded.back() == '=') encoded.remove_suffix(1);
  auto decoded = decodeBase64(encoded);
  if (!decoded) decoded = decodeBase64Url(encoded);
  if (!decoded) return RCB_BAD_ANSWER;
  *bytes = keep(std::move(*decoded));
  secrets_.add(view(*bytes));
  return RCB_OK;
}

rcb_status HostServices::readFile(std::string_view path, rcb_text* content) {
  // An annotation can never set a file: a path that stands in another setting may be a pod author's.
  const bool named = std::any_of(provider_.settings.begin(), provider_.settings.end(), [&](const SettingSpec& spec) {
    return spec.type == SettingType::kFile &&
           std::find(request_.settings.begin(), request_.settings.end(), std::pair(spec.name, std::string(path))) !=
               request_.settings.end();
  });
  if (!named) throw breach("reads a file that no file setting names");
  *content = keep(services_.readFile(std::string(path)));
  const std::string_view text = view(*content);
  // Of most files the first character tells that they are a token and no document.
  const std::size_t begin = std::min(text.find_first_not_of(" \t\r\n"), text.size());
  const bool hasBracket = text.substr(begin, 1) == "{" || text.substr(begin, 1) == "[";
  if (hasBracket && parsed(text) != nullptr) {
    secrets_.addWordsOf(text);
  } else {
    secrets_.addLinesOf(text);
  }
  failure_.reset();
  return RCB_OK;
}

Expiry HostServices::expiryOf(std::int64_t expiresAt, std::string_view password) const {
  Expiry expiry;
  if (expiresAt == RCB_EXPIRES_NEVER) {
    expiry.kind = Expiry::Kind::kNever;
  } else if (expiresAt == RCB_EXPIRES_FROM_JWT) {
    if (const auto end = jwtExpiry(password)) expiry = {Expiry::Kind::kAt, *end};
  } else if (expiresAt < 0 || expiresAt > kLatestExpiry) {
    throw breach("emitted a credential whose end is not in seconds since 1970");
  } else if (expiresAt != RCB_EXPIRES_UNKNOWN) {
    expiry = {Expiry::Kind::kAt, UnixTime(std::chrono::seconds(expiresAt))};
  }
  return expiry;
}

rcb_status HostServices::emit(const rcb_credential* credential) {
  if (credential == nullptr || credential->size < kFirstCredential) throw breach("emitted a malformed credential");
  if (credential_) throw breach("emitted a second credential");
  const std::string_view username = view(credential->username);
  const std::string_view password = view(credential->password);
  if (username.size() > kCredentialLimit || password.size() > kCredentialLimit) {
    throw breach("emitted a user name or password of more than 64 KiB");
  }
  if (username.empty()) throw breach("emitted a credential without a user name");
  if (password.empty()) throw breach("emitted a credential without a password");
  if (username.find(':') != std::string_view::npos) throw breach("emitted a user name with a ':' in it");
  if (!isCredentialText(username) || !isCredentialText(password)) {
    throw breach("emitted a credential with control characters, or that is not UTF-8");
  }
  Expiry expiry = expiryOf(credential->expires_at, password);
  if (request_.token != nullptr && password == request_.token->reveal()) {
    if (!provider_.returnsToken) throw breach("emitted the pod's own token without having said that it would");
    // It ends with the token, whatever the module says.
    const auto end = request_.claims == nullptr ? std::nullopt : request_.claims->expiresAt;
    if (!end) expiry = {};
    if (end && (expiry.kind != Expiry::Kind::kAt || expiry.at > *end)) expiry = {Expiry::Kind::kAt, *end};
  }
  credential_ = IssuedCredential{std::string(username), Secret(password), expiry};
  secrets_.add(credential_->password.reveal());
  return RCB_OK;
}

void HostServices::fail(std::string_view reason, std::string_view advice) {
  reason_ = secrets_.publicText(reason).value_or("the provider's reason is withheld: it shares text with a secret");
  advice_ = secrets_.publicText(advice).value_or("");
}

void HostServices::log(std::int32_t level, std::string_view message, const rcb_field* fields, std::size_t count) const {
  const auto shown = static_cast<LogLevel>(std::clamp<std::int32_t>(level, RCB_LOG_DEBUG, RCB_LOG_ERROR));
  if (!services_.log.shows(shown)) return;
  if (count > kFieldLimit) throw breach("made a malformed log call");
  const auto text = [this](std::string_view raw) { return secrets_.publicText(raw).value_or("(withheld)"); };
  std::vector<std::pair<std::string, std::string>> texts;
  for (std::size_t i = 0; i < count; ++i) texts.emplace_back(text(view(fields[i].name)), text(view(fields[i].value)));
  const std::vector<Log::Field> views(texts.begin(), texts.end());
  services_.log.write(shown, text(message), views.data(), views.data() + views.size());
}

IssuedCredential HostServices::conclude(rcb_status status) {
  if (breach_) throw std::move(*breach_);
  if (status == RCB_OK) {
    if (!credential_) throw breach("reported success without a credential");
    return std::move(*credential_);
  }
  if (status < RCB_OK || status > RCB_INTERNAL) throw breach(fmt::format("returned the unknown status {}", status));
  if (credential_) throw breach("reported a failure after it had emitted a credential");
  if (!failure_) {
    failure_ = Error(codeOf(status), reason_.empty() ? "the provider gave no reason for its failure" : reason_);
  }
  if (!advice_.empty()) throw std::move(*failure_).advise(advice_);
  throw std::move(*failure_);
}

}  // namespace rcb
