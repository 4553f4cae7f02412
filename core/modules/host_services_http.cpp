#include "core/modules/abi_text.hpp"
#include "core/modules/body_encoding.hpp"
#include "core/modules/contract_sizes.hpp"
#include "core/modules/contract_version.hpp"
#include "core/modules/exchange_failure.hpp"
#include "core/modules/host_services.hpp"
#include "core/net/http_date.hpp"
#include "core/net/http_text.hpp"
#include "core/support/authority.hpp"
#include "core/support/http_url.hpp"
#include "core/support/printable.hpp"
#include "core/support/utf8.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <string.h>

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace rcb {
namespace {

constexpr std::uint32_t kUnderstoodFlags = RCB_HTTP_ANY_STATUS | RCB_HTTP_ONCE;

// Throws ArgumentFault if a member of the request is not what the contract allows.
void requireReadable(const rcb_http_request& request, std::size_t fieldLimit) {
  if (request.size < kFirstHttpRequest) {
    throw ArgumentFault(
        fmt::format("a request of {} bytes, below the {} of version 1.0", request.size, kFirstHttpRequest));
  }
  checked(request.method, "method");
  checked(request.url, "url");
  checked(request.headers, request.header_count, fieldLimit, "headers");
  checked(request.fields, request.field_count, fieldLimit, "fields");
  checked(request.content_type, "content_type");
  checked(request.content, "content");
}

// Whether the module gets the answer; otherwise its call fails.
bool isWanted(const HttpResponse& answer, std::uint32_t flags) {
  return answer.status >= 200 && answer.status <= ((flags & RCB_HTTP_ANY_STATUS) != 0 ? 599 : 299);
}

Origin originOfAnswer(const HttpResponse& answer, const std::string& host) {
  return {Origin::Kind::kAnswer, host, answer.status >= 400};
}

// `error`, which ended the request, as the fault of the request's own limit.
Error limitExceeded(const Error& error, const std::string& host, std::uint32_t limit) {
  return error
      .replacedBy(ErrorCode::kDeadline, fmt::format("the request to {} exceeded the provider's limit of {} ms: {}",
                                                    host, limit, error.message()))
      .advise(fmt::format("check that the node can reach {} and that it answers in time", host));
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

void HostServices::requireAllowed(const HttpUrl& url, std::string_view written) const {
  if (contacts_.allows(url)) return;
  const std::vector<std::string> allowed = contacts_.descriptions();
  const std::string known =
      allowed.empty() ? "it may contact no host" : fmt::format("it may contact {}", fmt::join(allowed, ", "));
  const std::string host = url.port == 443 ? url.host : joinAuthority(url.host, url.port);
  const auto origin = originOf(written);
  if (origin && origin->kind == Origin::Kind::kAnswer) {
    throw Error(ErrorCode::kAnswerInvalid,
                fmt::format("the answer from {} names the host {}, which the provider {} may "
                            "not contact; {}",
                            origin->name, host, provider_.name, known));
  }
  throw breach(fmt::format("may not contact {}; {}", host, known));
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
      throw notInContract(fmt::format("the kind {} of a body", request.body));
  }
  if (const auto flag = unknownFlag(request.flags, kUnderstoodFlags)) throw notInContract(*flag + " of a request");
  wanted.repeatable = (request.flags & RCB_HTTP_REPEATABLE) != 0;
  wanted.once = (request.flags & RCB_HTTP_ONCE) != 0;
  if (wanted.repeatable && wanted.once) throw breach("set the request flags ONCE and REPEATABLE together");
  return wanted;
}

HttpResponse HostServices::send(const HttpRequest& wanted, const HttpUrl& url, const rcb_http_request& request) {
  const std::chrono::milliseconds limit(request.timeout_ms);
  const Deadline deadline = request.timeout_ms == 0 ? services_.deadline : services_.deadline.atMost(limit);
  try {
    return services_.http.send(wanted, deadline);
  } catch (const Error& error) {
    // Addresses that did not answer in time are a failure to connect.
    const bool late = error.code() == ErrorCode::kDeadline || error.code() == ErrorCode::kConnectFailed;
    if (late && deadline.passed() && !services_.deadline.passed()) {
      throw limitExceeded(error, url.authority(), request.timeout_ms);
    }
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

std::span<const rcb_field> HostServices::keptHeaders(HttpResponse& answer, const std::string& host) {
  std::size_t size = 0;
  for (const auto& [name, value] : answer.headers) size += name.size() + value.size() + 2;
  Secret all;
  all.reserve(size);
  for (auto& [name, value] : answer.headers) {
    // Separated, so that a string of the module is not found across two of them.
    for (const std::string_view part : {std::string_view(name), std::string_view("\n"), std::string_view(value)})
      all.append(part);
    all.push_back('\n');
  }
  std::string_view rest = buffers_.keep(std::move(all), originOfAnswer(answer, host));
  std::vector<rcb_field>& fields = answerHeaders_.emplace_back();
  fields.reserve(answer.headers.size());
  for (auto& [name, value] : answer.headers) {
    const std::string_view keptValue = rest.substr(name.size() + 1, value.size());
    fields.push_back({raw(rest.substr(0, name.size())), raw(keptValue)});
    addWordsOf(keptValue);
    rest.remove_prefix(name.size() + value.size() + 2);
    ::explicit_bzero(value.data(), value.size());
  }
  return fields;
}

rcb_status HostServices::http(const rcb_http_request& request, rcb_http_response& response) {
  requireProvide("http");
  requireReadable(request, kFieldLimit);
  if (response.size < kFirstHttpResponse) {
    throw ArgumentFault(
        fmt::format("a response of {} bytes, below the {} of version 1.0", response.size, kFirstHttpResponse));
  }
  const HttpRequest wanted = encoded(request);
  const HttpUrl url = parseHttpUrl(wanted.url);
  requireAllowed(url, view(request.url));
  HttpResponse answer = send(wanted, url, request);
  if (!isWanted(answer, request.flags)) throw exchangeFailure(answer, url.authority(), secrets_.all());
  answeredAt_ = std::max(answeredAt_, dateOf(answer, services_.now()));
  const std::span<const rcb_field> headers = keptHeaders(answer, url.host);
  const std::string_view body = buffers_.keep(std::move(answer.body), originOfAnswer(answer, url.host));
  addWordsOf(body);
  response.status = answer.status;
  response.body = raw(body);
  response.headers = headers.data();
  response.header_count = headers.size();
  failure_.reset();  // the module has recovered from it
  return RCB_OK;
}

}  // namespace rcb
