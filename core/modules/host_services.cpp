#include "core/modules/host_services.hpp"

#include "core/net/failure_reason.hpp"
#include "core/support/json.hpp"
#include "core/support/json_writer.hpp"
#include "core/support/printable.hpp"

#include <algorithm>
#include <cstddef>

namespace rcb {
namespace {

constexpr std::size_t kSharedRun = 16;  // characters that a public text may not share with a secret
constexpr std::size_t kCredentialLimit = 64 * 1024;
constexpr std::size_t kFieldLimit = 64;

std::string_view view(rcb_text text) {
  return text.data == nullptr ? std::string_view() : std::string_view(text.data, text.size);
}

// Whether the writer of a struct knew the field that ends here.
#define RCB_COVERS(object, field) \
  ((object).size >= offsetof(std::remove_cvref_t<decltype(object)>, field) + sizeof((object).field))

void appendFormText(Secret& body, std::string_view text) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  for (const char c : text) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
                       c == '.' || c == '_' || c == '*';
    if (plain) {
      body.push_back(c);
    } else if (c == ' ') {
      body.push_back('+');
    } else {
      const auto byte = static_cast<unsigned char>(c);
      const char escape[] = {'%', kHex[byte >> 4], kHex[byte & 0xf]};
      body.append({escape, 3});
    }
  }
}

// What a refusal with this status means for the operator.
Error statusError(int status, const std::string& reason) {
  const auto error = [&](ErrorCode code, const char* what) {
    return Error(code, reason.empty() ? std::string(what) : std::string(what) + ": " + reason)
        .with("status", std::to_string(status));
  };
  if (status == 401 || status == 403) {
    return error(ErrorCode::kExchangeDenied, "the exchange refused the identity")
        .advise(
            "compare the claims that the registry demands (issuer, audience, namespace, service account) with the "
            "pod's");
  }
  if (status == 429) {
    return error(ErrorCode::kThrottled, "the exchange asked to slow down")
        .advise("the kubelet tries again; raise the registry's limit if this stays");
  }
  if (status >= 500)
    return error(ErrorCode::kServerError, "the exchange failed")
        .advise("the kubelet tries again; see the registry's status page");
  if (status >= 300 && status < 400) {
    return error(ErrorCode::kRedirect, "the exchange answered with a redirect, which is never followed with a token")
        .advise("name the host that answers in the rule's settings");
  }
  if (status >= 400) {
    return error(ErrorCode::kExchangeRejected, "the exchange rejected the request")
        .advise("check the rule's settings: organization, service, path");
  }
  return error(ErrorCode::kAnswerInvalid, "the exchange answered with an unexpected status");
}

bool isHeaderText(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c >= 0x20 && c < 0x7f) || c == '\t'; });
}

bool isHeaderName(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  });
}

// Headers that say how the request is framed and for whom are the host's.
bool isReserved(std::string_view name) {
  std::string lower(name);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
  static constexpr std::string_view kReserved[] = {
      "host",       "user-agent", "accept",  "content-type", "content-length", "transfer-encoding",
      "connection", "expect",     "upgrade", "te",           "trailer",        "proxy-authorization"};
  return std::find(std::begin(kReserved), std::end(kReserved), lower) != std::end(kReserved);
}

ErrorCode codeFor(rcb_status status) {
  switch (status) {
    case RCB_REFUSED:
      return ErrorCode::kProviderRefused;
    case RCB_UNAVAILABLE:
      return ErrorCode::kServerError;
    case RCB_BAD_ANSWER:
      return ErrorCode::kAnswerInvalid;
    case RCB_BAD_SETTINGS:
      return ErrorCode::kSettingsInvalid;
    default:
      return ErrorCode::kModuleMisbehaved;
  }
}

rcb_status statusFor(ErrorKind kind) {
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

Secret encodeBody(std::uint32_t kind, const rcb_field* fields, std::size_t count) {
  Secret body;
  if (kind == RCB_BODY_JSON) {
    JsonWriter writer(body);
    writer.beginObject();
    for (std::size_t i = 0; i < count; ++i) writer.member(view(fields[i].name), view(fields[i].value));
    writer.endObject();
  } else if (kind == RCB_BODY_FORM) {
    for (std::size_t i = 0; i < count; ++i) {
      if (i > 0) body.push_back('&');
      appendFormText(body, view(fields[i].name));
      body.push_back('=');
      appendFormText(body, view(fields[i].value));
    }
  }
  return body;
}

HostServices::HostServices(const ProviderRequest& request, const ProviderServices& services)
    : request_(request), services_(services) {
  table_.size = sizeof table_;
  table_.context = this;
  table_.http = [](void* context, const rcb_http_request* wanted, rcb_http_response* response) {
    return from(context).guarded([&](HostServices& host) { return host.http(*wanted, *response); });
  };
  table_.json_text = [](void* context, rcb_text document, rcb_text pointer, rcb_text* value) {
    return from(context).guarded([&](HostServices& host) { return host.jsonText(document, pointer, *value); });
  };
  table_.read_file = [](void* context, rcb_text path, rcb_text* content) {
    return from(context).guarded([&](HostServices& host) { return host.readFile(path, *content); });
  };
  table_.emit = [](void* context, const rcb_credential* credential) {
    return from(context).guarded([&](HostServices& host) { return host.emit(*credential); });
  };
  table_.fail = [](void* context, rcb_text reason, rcb_text advice) {
    from(context).guarded([&](HostServices& host) {
      host.fail(reason, advice);
      return rcb_status{RCB_OK};
    });
  };
  table_.log = [](void* context, std::int32_t level, rcb_text message, const rcb_field* fields, std::size_t count) {
    from(context).guarded([&](HostServices& host) {
      host.log(level, message, fields, count);
      return rcb_status{RCB_OK};
    });
  };
  table_.now = [](void* context) -> std::int64_t { return from(context).services_.now().time_since_epoch().count(); };
  table_.deadline_ms = [](void* context) -> std::int64_t { return from(context).services_.deadline.left().count(); };
}

template <class Call>
rcb_status HostServices::guarded(Call call) noexcept {
  try {
    return call(*this);
  } catch (const Error& error) {
    return note(error);
  } catch (const std::exception&) {
    return note(Error(ErrorCode::kInternal, "a service for the provider failed unexpectedly"));
  }
}

rcb_status HostServices::note(Error error) {
  const rcb_status status = statusFor(error.kind());
  if (!failure_) failure_ = std::move(error);
  return status;
}

rcb_text HostServices::keep(Secret secret) {
  kept_.push_back(std::move(secret));
  const std::string_view text = kept_.back().reveal();
  return {text.data(), text.size()};
}

std::vector<std::string_view> HostServices::secrets() const {
  std::vector<std::string_view> all;
  if (request_.token != nullptr) all.push_back(request_.token->reveal());
  for (const Secret& secret : kept_) {
    // Short texts (a status word out of a JSON answer) are no secrets, and would swallow every message.
    if (secret.size() >= kSharedRun) all.push_back(secret.reveal());
  }
  return all;
}

std::string HostServices::publicText(std::string_view text) const {
  const auto all = secrets();
  const bool shares = std::any_of(all.begin(), all.end(),
                                  [text](std::string_view secret) { return sharesRun(text, secret, kSharedRun); });
  return shares ? std::string() : printable(text);
}

rcb_status HostServices::http(const rcb_http_request& request, rcb_http_response& response) {
  if (!RCB_COVERS(request, field_count) || !RCB_COVERS(response, body) || request.header_count > kFieldLimit ||
      request.field_count > kFieldLimit || request.body > RCB_BODY_FORM) {
    return note(Error(ErrorCode::kModuleMisbehaved, "the provider made a malformed http call"));
  }
  HttpRequest wanted;
  wanted.method = view(request.method);
  wanted.url = view(request.url);
  if (wanted.method != "GET" && wanted.method != "POST") {
    return note(
        Error(ErrorCode::kModuleMisbehaved, "the provider asked for the method " + printable(wanted.method, 20)));
  }
  for (std::size_t i = 0; i < request.header_count; ++i) {
    const std::string_view name = view(request.headers[i].name);
    const std::string_view value = view(request.headers[i].value);
    if (!isHeaderName(name) || !isHeaderText(value) || isReserved(name)) {
      return note(Error(ErrorCode::kSettingsInvalid, "the header " + printable(name, 60) + " cannot be sent"));
    }
    wanted.headers.emplace_back(name, value);
  }
  wanted.body = encodeBody(request.body, request.fields, request.field_count);
  if (request.body == RCB_BODY_JSON) wanted.contentType = "application/json";
  if (request.body == RCB_BODY_FORM) wanted.contentType = "application/x-www-form-urlencoded";

  HttpResponse answer = services_.http.send(wanted, services_.deadline);
  if (answer.status < 200 || answer.status > 299)
    return note(statusError(answer.status, failureReason(answer, secrets())));
  response.status = answer.status;
  response.body = keep(std::move(answer.body));
  return RCB_OK;
}

rcb_status HostServices::jsonText(rcb_text document, rcb_text pointer, rcb_text& value) {
  const auto parsed = parseJson(view(document));
  const Json* root = std::get_if<Json>(&parsed);
  const Json* found = root == nullptr ? nullptr : root->at(view(pointer));
  if (found == nullptr) return RCB_BAD_ANSWER;
  if (found->string() != nullptr) {
    value = keep(Secret(*found->string()));
  } else if (found->integer() != nullptr) {
    value = keep(Secret(std::to_string(*found->integer())));
  } else {
    return RCB_BAD_ANSWER;
  }
  return RCB_OK;
}

rcb_status HostServices::readFile(rcb_text path, rcb_text& content) {
  content = keep(services_.readFile(std::string(view(path))));
  return RCB_OK;
}

Expiry HostServices::expiryOf(const rcb_credential& credential, std::string_view password) const {
  Expiry expiry;
  if (credential.expires_at == RCB_EXPIRES_NEVER) {
    expiry.kind = Expiry::Kind::kNever;
  } else if (credential.expires_at == RCB_EXPIRES_FROM_JWT) {
    if (const auto end = jwtExpiry(password)) expiry = {Expiry::Kind::kAt, *end};
  } else if (credential.expires_at > 0) {
    expiry = {Expiry::Kind::kAt, UnixTime(std::chrono::seconds(credential.expires_at))};
  }
  // A credential that is the token ends with the token, whatever the module says.
  const bool isToken = request_.token != nullptr && password == request_.token->reveal();
  if (isToken) {
    const auto end = request_.claims == nullptr ? std::nullopt : request_.claims->expiresAt;
    const bool sooner = expiry.kind == Expiry::Kind::kAt && end && expiry.at < *end;
    if (!sooner) expiry = end ? Expiry{Expiry::Kind::kAt, *end} : Expiry{};
  }
  return expiry;
}

rcb_status HostServices::emit(const rcb_credential& credential) {
  const auto misbehaved = [this](const char* why) { return note(Error(ErrorCode::kModuleMisbehaved, why)); };
  if (!RCB_COVERS(credential, expires_at)) return misbehaved("the provider emitted a malformed credential");
  if (credential_) return misbehaved("the provider emitted a second credential");
  const std::string_view username = view(credential.username);
  const std::string_view password = view(credential.password);
  if (username.empty() || password.empty())
    return misbehaved("the provider emitted a credential without user name or password");
  if (username.find(':') != std::string_view::npos) return misbehaved("the provider emitted a user name with a ':'");
  if (username.size() + password.size() > kCredentialLimit)
    return misbehaved("the provider emitted a credential of more than 64 KiB");
  const auto isCredentialText = [](std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
  };
  if (!isCredentialText(username) || !isCredentialText(password)) {
    return misbehaved("the provider emitted a credential with characters that no Authorization header carries");
  }
  credential_ = IssuedCredential{std::string(username), Secret(password), expiryOf(credential, password)};
  return RCB_OK;
}

void HostServices::fail(rcb_text reason, rcb_text advice) {
  reason_ = publicText(view(reason));
  advice_ = publicText(view(advice));
}

void HostServices::log(std::int32_t level, rcb_text message, const rcb_field* fields, std::size_t count) {
  const auto shown = static_cast<LogLevel>(std::clamp<std::int32_t>(level, RCB_LOG_DEBUG, RCB_LOG_ERROR));
  if (!services_.log.shows(shown) || count > kFieldLimit) return;
  std::vector<std::pair<std::string, std::string>> texts;
  for (std::size_t i = 0; i < count; ++i)
    texts.emplace_back(publicText(view(fields[i].name)), publicText(view(fields[i].value)));
  const std::vector<Log::Field> views(texts.begin(), texts.end());
  services_.log.write(shown, publicText(view(message)), views.data(), views.data() + views.size());
}

IssuedCredential HostServices::conclude(rcb_status status) {
  // The host's own reason is the nearest to the cause, even if the module went on as if nothing had happened.
  if (failure_) throw std::move(*failure_);
  if (status != RCB_OK) {
    const bool known = status >= RCB_REFUSED && status <= RCB_INTERNAL;
    std::string reason = !reason_.empty() ? reason_
                         : known          ? "the provider gave no reason for its failure"
                                          : "the provider returned the unknown status " + std::to_string(status);
    Error error(codeFor(status), std::move(reason));
    if (!advice_.empty()) throw std::move(error).advise(advice_);
    throw error;
  }
  if (!credential_) throw Error(ErrorCode::kModuleMisbehaved, "the provider reported success without a credential");
  return std::move(*credential_);
}

}  // namespace rcb
