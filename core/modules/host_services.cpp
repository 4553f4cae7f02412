#include "core/modules/host_services.hpp"

#include "core/modules/body_encoding.hpp"
#include "core/modules/exchange_failure.hpp"
#include "core/net/http_date.hpp"
#include "core/net/http_text.hpp"
#include "core/net/http_url.hpp"
#include "core/support/base64.hpp"
#include "core/support/printable.hpp"
#include "core/support/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <functional>

namespace rcb {
namespace {

constexpr std::size_t kFieldLimit = 64;
constexpr std::uint32_t kFlagsToUnderstand = 0xffff;
constexpr std::int64_t kLatestExpiry = 253402300799;  // the year 9999; larger values are probably milliseconds

// The sizes of the structs in version 1.0, which every module has at least.
constexpr std::size_t kFirstHttpRequest = offsetof(rcb_http_request, content) + sizeof(rcb_text);
constexpr std::size_t kHttpRequestWithFlags = offsetof(rcb_http_request, reserved) + sizeof(std::uint32_t);
constexpr std::size_t kFirstHttpResponse = offsetof(rcb_http_response, body) + sizeof(rcb_text);
constexpr std::size_t kFirstCredential = offsetof(rcb_credential, expires_at) + sizeof(std::int64_t);

std::string_view view(rcb_text text) {
  return text.data == nullptr ? std::string_view() : std::string_view(text.data, text.size);
}

rcb_text raw(std::string_view text) { return {text.data(), text.size()}; }

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

// Converts base64url characters to base64.
Secret withStandardAlphabet(std::string_view base64) {
  Secret text;
  text.reserve(base64.size());
  for (const char c : base64) text.push_back(c == '-' ? '+' : c == '_' ? '/' : c);
  return text;
}

void addStrings(const Json& value, RunSecrets& secrets) {
  if (const std::string* text = value.string()) {
    secrets.addValue(*text);
  } else if (const Json::Array* elements = value.array()) {
    for (const Json& element : *elements) addStrings(element, secrets);
  } else if (const Json::Object* members = value.object()) {
    for (const auto& [name, member] : *members) addStrings(member, secrets);
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

// When a server answered, by its own clock. The node's clock is within the validity of the server's certificate, or TLS would have failed. So a date
// ten years ahead of it is not a real clock's.
std::optional<UnixTime> dateOf(const HttpResponse& answer, UnixTime now) {
  constexpr std::chrono::hours kFarthest{10 * 365 * 24};
  for (const auto& [name, value] : answer.headers) {
    if (!isSameName(name, "Date")) continue;
    const auto date = parseHttpDate(trimmed(value), now);
    if (date && *date < now + kFarthest) return date;
  }
  return std::nullopt;
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
  const Origin* origin = lent_.originOf(text);
  return origin == nullptr ? std::nullopt : std::optional(*origin);
}

std::optional<Origin> HostServices::likelyOriginOf(std::string_view text) const {
  auto origin = originOf(text);
  if (!origin && lent_.last() != nullptr) origin = *lent_.last();
  return origin;
}

Error HostServices::unusable(const std::string& what, const std::optional<Origin>& origin,
                             const TextFault& fault) const {
  if (!origin) return breach(fmt::format("returned an unusable value: the {} {}", what, fault.what));
  return unusableText(what, *origin, fault);
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
      for (const auto& [name, value] : fields) {
        if (!isUtf8(name)) throw breach("used a field name that is not UTF-8");
        if (isUtf8(value)) continue;
        throw unusable("field " + printable(name, 60), likelyOriginOf(value),
                       {*encodingFault(value), "save it as UTF-8"});
      }
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
      throw breach("requested an unknown kind of body");
  }
  if (request.size >= kHttpRequestWithFlags) {
    if ((request.flags & kFlagsToUnderstand) != 0) {
      throw breach("set an unknown request flag");
    }
    wanted.repeatable = (request.flags & RCB_HTTP_REPEATABLE) != 0;
  }
  return wanted;
}

HttpResponse HostServices::send(const HttpRequest& wanted, const rcb_http_request& request) {
  try {
    return services_.http.send(wanted, services_.deadline);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kModuleMisbehaved) throw;
    // The client does not know the origin of a header.
    for (std::size_t i = 0; i < request.header_count; ++i) {
      auto origin = originOf(view(request.headers[i].name));
      if (!origin) origin = originOf(view(request.headers[i].value));
      if (!origin) continue;
      throw unusable("header", origin, {"is invalid, or one that only the broker may set", "correct it"});
    }
    throw;
  }
}

rcb_status HostServices::http(const rcb_http_request* request, rcb_http_response* response) {
  if (request == nullptr || response == nullptr || request->size < kFirstHttpRequest ||
      response->size < kFirstHttpResponse || request->header_count > kFieldLimit ||
      request->field_count > kFieldLimit) {
    throw breach("made an invalid http call");
  }
  const HttpRequest wanted = encoded(*request);
  const HttpUrl url = parseHttpUrl(wanted.url);
  HttpResponse answer = send(wanted, *request);
  if (answer.status < 200 || answer.status > 299) throw exchangeFailure(answer, url.authority(), secrets_.all());
  answeredAt_ = std::max(answeredAt_, dateOf(answer, services_.now()));
  const std::string_view body = lent_.keep(std::move(answer.body), {Origin::Kind::kAnswer, url.host});
  secrets_.addWordsOf(body);
  response->status = answer.status;
  response->body = raw(body);
  failure_.reset();  // the module has recovered from it
  return RCB_OK;
}

const Json& HostServices::parsed(std::string_view document) {
  const auto& read = lent_.parsed(document);
  if (const Json* root = std::get_if<Json>(&read)) return *root;
  const std::string& why = std::get<JsonProblem>(read).reason;
  const auto origin = likelyOriginOf(document);
  if (!origin) throw Error(ErrorCode::kAnswerInvalid, "the document that the provider reads is not JSON: " + why);
  throw notJson(*origin, why);
}

rcb_status HostServices::jsonText(std::string_view document, std::string_view pointer, rcb_text* value) {
  const Json* found = parsed(document).at(pointer);
  if (found == nullptr || found->string() == nullptr) return RCB_ABSENT;
  const std::string_view text = lent_.keepPartOf(document, Secret(*found->string()));
  // Added again without the JSON escapes that it may have had in an answer. The strings of a file were added when it was read.
  secrets_.addWordsOf(text);
  *value = raw(text);
  return RCB_OK;
}

rcb_status HostServices::jsonInteger(std::string_view document, std::string_view pointer, std::int64_t* value) {
  const Json* found = parsed(document).at(pointer);
  if (found == nullptr || found->integer() == nullptr) return RCB_ABSENT;
  *value = *found->integer();
  return RCB_OK;
}

rcb_status HostServices::base64(std::string_view encoded, rcb_text* bytes) {
  auto decoded = decodeBase64(encoded);
  if (!decoded && encoded.find_first_of("+/") == std::string_view::npos) {
    decoded = decodeBase64(withStandardAlphabet(encoded).reveal());
  }
  if (!decoded) return RCB_ABSENT;
  const std::string_view content = lent_.keepPartOf(encoded, std::move(*decoded));
  secrets_.addContent(content);
  *bytes = raw(content);
  return RCB_OK;
}

rcb_status HostServices::readFile(std::string_view path, rcb_text* content) {
  // Annotations cannot set file settings, but a path in another setting may come from the author of a pod.
  const bool named = std::any_of(provider_.settings.begin(), provider_.settings.end(), [&](const SettingSpec& spec) {
    return spec.type == SettingType::kFile &&
           std::find(request_.settings.begin(), request_.settings.end(), std::pair(spec.name, std::string(path))) !=
               request_.settings.end();
  });
  if (!named) throw breach("tried to read a file that no file setting names");
  const std::string_view text =
      lent_.keep(services_.readFile(std::string(path)), {Origin::Kind::kFile, std::string(path)});
  // The first character distinguishes most tokens from JSON documents.
  const std::size_t begin = std::min(text.find_first_not_of(" \t\r\n"), text.size());
  const bool hasBracket = text.substr(begin, 1) == "{" || text.substr(begin, 1) == "[";
  const Json* document = hasBracket ? std::get_if<Json>(&lent_.parsed(text)) : nullptr;
  if (document != nullptr) {
    addStrings(*document, secrets_);
  } else {
    secrets_.addContent(text);
  }
  *content = raw(text);
  failure_.reset();
  return RCB_OK;
}

UnixTime HostServices::now() const { return std::max(services_.now(), answeredAt_.value_or(UnixTime::min())); }

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
  } else if (expiresAt < 0 || expiresAt > kLatestExpiry) {
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

rcb_status HostServices::emit(const rcb_credential* credential) {
  if (credential == nullptr || credential->size < kFirstCredential) throw breach("emitted an invalid credential");
  if (credential_) throw breach("emitted a second credential");
  const std::string_view username = view(credential->username);
  const std::string_view password = view(credential->password);
  if (const auto fault = findUserNameFault(username)) throw unusable("user name", likelyOriginOf(username), *fault);
  const Origin* origin = lent_.originOf(password);
  const bool issued = origin != nullptr && origin->kind == Origin::Kind::kAnswer;
  if (const auto fault = findPasswordFault(password, issued)) {
    throw unusable("password", likelyOriginOf(password), *fault);
  }
  if (isPodToken(password) && !provider_.returnsToken) {
    if (origin != nullptr)
      throw unusable("password", *origin, {"is the pod's own token", "put a different credential into it"});
    throw breach("emitted the pod's own token without declaring that it does");
  }
  const Expiry expiry = expiryOf(credential->expires_at, password);
  credential_ = IssuedCredential{std::string(username), Secret(password), expiry};
  secrets_.add(credential_->password.reveal());
  return RCB_OK;
}

void HostServices::fail(std::string_view reason, std::string_view advice) {
  reason_ =
      secrets_.publicText(reason).value_or("the provider's reason is withheld because it contains part of a secret");
  advice_ = secrets_.publicText(advice).value_or("");
}

void HostServices::log(std::int32_t level, std::string_view message, const rcb_field* fields, std::size_t count) const {
  const auto shown = static_cast<LogLevel>(std::clamp<std::int32_t>(level, RCB_LOG_DEBUG, RCB_LOG_ERROR));
  if (!services_.log.shows(shown)) return;
  if (count > kFieldLimit) throw breach("made an invalid log call");
  const auto text = [this](std::string_view raw) { return secrets_.publicText(raw).value_or("(withheld)"); };
  std::vector<std::pair<std::string, std::string>> texts;
  for (std::size_t i = 0; i < count; ++i) texts.emplace_back(text(view(fields[i].name)), text(view(fields[i].value)));
  const std::vector<Log::Field> views(texts.begin(), texts.end());
  services_.log.write(shown, text(message), views.data(), views.data() + views.size());
}

IssuedCredential HostServices::conclude(rcb_status status) {
  if (breach_) throw std::move(*breach_);
  if (status == RCB_OK && credential_) return std::move(*credential_);
  if (status == RCB_OK && !failure_) throw breach("reported success without a credential");
  if (status < RCB_OK || status > RCB_INTERNAL) throw breach(fmt::format("returned the unknown status {}", status));
  if (credential_) throw breach("reported a failure after it had emitted a credential");
  if (!failure_) {
    failure_ = Error(codeOf(status), reason_.empty() ? "the provider gave no reason for its failure" : reason_);
    const bool ofFile = lent_.last() != nullptr && lent_.last()->kind == Origin::Kind::kFile;
    if (ofFile && failure_->kind() == ErrorKind::kConfig) failure_->with("file", lent_.last()->name);
  }
  if (!advice_.empty()) throw std::move(*failure_).advise(advice_);
  throw std::move(*failure_);
}

}  // namespace rcb
