#include "core/protocol/request.hpp"
#include "core/protocol/response.hpp"
#include "core/support/error.hpp"
#include "core/support/json.hpp"
#include "tests/support/fuzz_input.hpp"

using rcb::test::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = rcb::test::textOf(data, size);
  try {
    rcb::Request request = rcb::parseRequest(text);
    require(request.image.name == request.image.registry + "/" + request.image.repository);
    require(request.version == rcb::ApiVersion::kV1 ||
            (request.serviceAccountToken.empty() && request.annotations.empty()));
    // Any valid request can be answered.
    rcb::Response response;
    response.version = request.version;
    response.key = request.image.registry;
    response.username = request.annotations.empty() ? "token" : request.annotations.front().second;
    response.password = std::move(request.serviceAccountToken);
    const rcb::Secret answer = rcb::serialiseResponse(response);
    const auto parsed = rcb::parseJson(answer.reveal(), {.bytes = 8 * rcb::kRequestLimit});
    require(std::holds_alternative<rcb::Json>(parsed));
    const rcb::Json* credential = std::get<rcb::Json>(parsed).find("auth")->find(response.key);
    require(*credential->find("username")->string() == response.username);
    require(*credential->find("password")->string() == response.password.reveal());
  } catch (const rcb::Error& error) {
    require(error.kind() == rcb::ErrorKind::kBadRequest);
    const std::string line = error.line();
    rcb::test::requireShowable(line);
    require(line.size() < 3000);
  }
  return 0;
}
