#include "core/cluster/api_client.hpp"

#include "core/support/http_url.hpp"
#include "core/support/percent_coding.hpp"
#include "core/support/public_line.hpp"

#include <array>
#include <utility>
#include <variant>

namespace rcb {
namespace {

// The answer's list of pods may be long, and objects of users may be nested deeply.
constexpr JsonLimits kAnswerLimits{.bytes = std::size_t{4} << 20, .depth = 64, .lastNameCounts = true};

std::string messageOf(const Json& body, const Secret& token) {
  const Json* message = body.find("message");
  if (message == nullptr || message->string() == nullptr) return {};
  const std::array<std::string_view, 1> secrets = {token.reveal()};
  return publicLine(*message->string(), token.empty() ? std::span<const std::string_view>() : secrets).value_or("");
}

}  // namespace

ApiClient::ApiClient(HttpClient& http, const ClusterLogin& login, const Deadline& deadline)
    : http_(http), login_(login), deadline_(deadline) {}

ApiAnswer ApiClient::get(const std::string& path) {
  HttpRequest request;
  request.method = "GET";
  request.url = login_.server + path;
  return send(std::move(request));
}

ApiAnswer ApiClient::post(const std::string& path, std::string_view body) {
  HttpRequest request;
  request.method = "POST";
  request.url = login_.server + path;
  request.contentType = "application/json";
  request.body = Secret(body);
  request.repeatable = true;
  return send(std::move(request));
}

ApiAnswer ApiClient::send(HttpRequest request) {
  if (!login_.token.empty()) {
    Secret bearer("Bearer ");
    bearer.append(login_.token.reveal());
    request.headers.emplace_back("Authorization", std::move(bearer));
  }
  const HttpResponse response = http_.send(request, deadline_);
  ApiAnswer answer{.status = response.status, .body = {}, .message = {}};
  auto parsed = parseJson(response.body.reveal(), kAnswerLimits);
  if (auto* document = std::get_if<Json>(&parsed)) {
    answer.body = std::move(*document);
  } else if (answer.ok()) {
    throw Error(ErrorCode::kAnswerInvalid, "the answer from the API server " + parseHttpUrl(login_.server).authority() +
                                               " is not valid JSON: " + std::get<JsonProblem>(parsed).reason)
        .advise("check the server of the kubeconfig");
  }
  if (!answer.ok()) answer.message = messageOf(answer.body, login_.token);
  return answer;
}

Error apiRefusal(const ApiAnswer& answer, std::string_view what, const std::string& server) {
  const std::string why = answer.message.empty() ? "" : ": " + answer.message;
  return Error(ErrorCode::kClusterRefused, "the API server refused " + std::string(what) + why)
      .with("status", std::to_string(answer.status))
      .with("server", parseHttpUrl(server).authority())
      .advise("act on the API server's reason, or look into its log");
}

std::string pathPart(std::string_view text) { return std::string(encodePercent(text).reveal()); }

}  // namespace rcb
