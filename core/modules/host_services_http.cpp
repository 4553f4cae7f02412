#include "core/modules/abi_text.hpp"
#include "core/modules/body_encoding.hpp"
#include "core/modules/exchange_failure.hpp"
#include "core/modules/host_services.hpp"
#include "core/net/http_date.hpp"
#include "core/net/http_text.hpp"
#include "core/support/http_url.hpp"
#include "core/support/printable.hpp"
#include "core/support/utf8.hpp"

#include <algorithm>
#include <cstddef>

namespace rcb {
namespace {

constexpr std::uint32_t kFlagsToUnderstand = 0xffff;

// The sizes of the structs in version 1.0, which every module has at least.
constexpr std::size_t kFirstHttpRequest = offsetof(rcb_http_request, timeout_ms) + sizeof(std::uint32_t);
constexpr std::size_t kFirstHttpResponse = offsetof(rcb_http_response, header_count) + sizeof(std::size_t);

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
  if ((request.flags & kFlagsToUnderstand) != 0) throw breach("set an unknown request flag");
  wanted.repeatable = (request.flags & RCB_HTTP_REPEATABLE) != 0;
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
  requireProvide("http");
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
  const std::string_view body = buffers_.keep(std::move(answer.body), {Origin::Kind::kAnswer, url.host});
  secrets_.addWordsOf(body);
  response->status = answer.status;
  response->body = raw(body);
  failure_.reset();  // the module has recovered from it
  return RCB_OK;
}

}  // namespace rcb
