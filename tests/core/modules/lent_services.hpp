// The services that a module is lent, called through the C table as C code calls them, and a module that does what a test says.
#pragma once

#include "core/modules/host_services.hpp"
#include "tests/core/modules/provider_call.hpp"
#include "tests/core/modules/stub_module.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace rcb::test {

struct Services {
  const rcb_host& host;

  rcb_status http(rcb_http_request request, rcb_text* body = nullptr) const {
    if (request.size == 0) request.size = sizeof request;
    if (request.method.size == 0) request.method = text("POST");
    if (request.url.size == 0) request.url = text("https://sts.test/token");
    rcb_http_response response{};
    response.size = sizeof response;
    const rcb_status status = host.http(host.context, &request, &response);
    if (status == RCB_OK) {
      EXPECT_GE(response.status, 200);
      EXPECT_LE(response.status, (request.flags & RCB_HTTP_ANY_STATUS) != 0 ? 599 : 299);
    }
    if (body != nullptr) *body = response.body;
    return status;
  }
  // As above, with the whole answer, which must be one.
  rcb_http_response answerTo(rcb_http_request request) const {
    request.size = sizeof request;
    if (request.method.size == 0) request.method = text("POST");
    if (request.url.size == 0) request.url = text("https://sts.test/token");
    rcb_http_response response{};
    response.size = sizeof response;
    EXPECT_EQ(host.http(host.context, &request, &response), RCB_OK);
    return response;
  }
  std::optional<std::string> json(std::string_view document, std::string_view pointer) const {
    rcb_text value{};
    const rcb_status status = host.json_text(host.context, text(document), text(pointer), &value);
    if (status == RCB_OK) return std::string(view(value));
    EXPECT_EQ(status, RCB_ABSENT);
    return std::nullopt;
  }
  std::optional<std::int64_t> integer(std::string_view document, std::string_view pointer) const {
    std::int64_t value = 0;
    const rcb_status status = host.json_integer(host.context, text(document), text(pointer), &value);
    if (status == RCB_OK) return value;
    EXPECT_EQ(status, RCB_ABSENT);
    return std::nullopt;
  }
  std::optional<double> number(std::string_view document, std::string_view pointer) const {
    double value = 0;
    const rcb_status status = host.json_number(host.context, text(document), text(pointer), &value);
    if (status == RCB_OK) return value;
    EXPECT_EQ(status, RCB_ABSENT);
    return std::nullopt;
  }
  // Of a document that is none.
  rcb_status parse(std::string_view document) const {
    rcb_text value{};
    return host.json_text(host.context, text(document), text("/a"), &value);
  }
  std::optional<bool> boolean(std::string_view document, std::string_view pointer) const {
    std::int32_t value = -1;
    const rcb_status status = host.json_boolean(host.context, text(document), text(pointer), &value);
    if (status == RCB_OK) {
      EXPECT_TRUE(value == 0 || value == 1);
      return value == 1;
    }
    EXPECT_EQ(status, RCB_ABSENT);
    return std::nullopt;
  }
  // The kind, and the number of elements or members.
  std::optional<std::pair<std::int32_t, std::size_t>> kind(std::string_view document, std::string_view pointer) const {
    std::int32_t kind = -1;
    std::size_t count = 0;
    const rcb_status status = host.json_kind(host.context, text(document), text(pointer), &kind, &count);
    if (status == RCB_OK) return std::pair(kind, count);
    EXPECT_EQ(status, RCB_ABSENT);
    return std::nullopt;
  }
  std::optional<std::string> name(std::string_view document, std::string_view pointer, std::size_t index) const {
    rcb_text name{};
    const rcb_status status = host.json_name(host.context, text(document), text(pointer), index, &name);
    if (status == RCB_OK) return std::string(view(name));
    EXPECT_EQ(status, RCB_ABSENT);
    return std::nullopt;
  }
  // A view of what the host keeps.
  std::string_view encode(std::uint32_t encoding, std::string_view bytes) const {
    rcb_text encoded{};
    EXPECT_EQ(host.encode(host.context, encoding, text(bytes), &encoded), RCB_OK);
    return view(encoded);
  }
  std::optional<std::string_view> decode(std::uint32_t encoding, std::string_view encoded) const {
    rcb_text bytes{};
    const rcb_status status = host.decode(host.context, encoding, text(encoded), &bytes);
    if (status == RCB_OK) return view(bytes);
    EXPECT_EQ(status, RCB_ABSENT);
    return std::nullopt;
  }
  std::string_view sha256(std::string_view bytes) const {
    rcb_text digest{};
    EXPECT_EQ(host.sha256(host.context, text(bytes), &digest), RCB_OK);
    return view(digest);
  }
  std::string_view hmac(std::string_view key, std::string_view bytes) const {
    rcb_text code{};
    EXPECT_EQ(host.hmac_sha256(host.context, text(key), text(bytes), &code), RCB_OK);
    return view(code);
  }
  std::optional<std::int64_t> time(std::string_view written) const {
    std::int64_t seconds = 0;
    const rcb_status status = host.parse_time(host.context, text(written), &seconds);
    if (status == RCB_OK) return seconds;
    EXPECT_EQ(status, RCB_ABSENT);
    return std::nullopt;
  }
  std::optional<std::string> written(std::uint32_t format, std::int64_t seconds) const {
    rcb_text written{};
    const rcb_status status = host.format_time(host.context, format, seconds, &written);
    if (status == RCB_OK) return std::string(view(written));
    EXPECT_EQ(status, RCB_ABSENT);
    return std::nullopt;
  }
  rcb_status readFile(std::string_view path, rcb_text* content) const {
    return host.read_file(host.context, text(path), content);
  }
  rcb_status emit(std::string_view username, std::string_view password,
                  std::int64_t expiresAt = RCB_EXPIRES_UNKNOWN) const {
    const rcb_credential credential{sizeof credential, text(username),     text(password),
                                    expiresAt,         RCB_SCOPE_REGISTRY, 0};
    return host.emit(host.context, &credential);
  }
  rcb_status fail(rcb_status status, std::string_view reason, std::string_view advice = "") const {
    host.fail(host.context, text(reason), text(advice));
    return status;
  }
};

class HostServicesTest : public testing::Test {
 protected:
  // From now on the module does this.
  template <class Behaviour>
  void module(Behaviour behaviour) {
    module_.behaviour = [behaviour](const rcb_host& host, const rcb_request& request) {
      return behaviour(Services{host}, request);
    };
  }
  ProviderCall& call() {
    if (!call_) {
      provider_.emplace(module_.open());
      call_.emplace(*provider_);
    }
    return *call_;
  }
  // The failure line of a module that does this.
  template <class Behaviour>
  std::string failureOf(Behaviour behaviour) {
    module(behaviour);
    return call().failure();
  }
  template <class Behaviour>
  IssuedCredential credentialOf(Behaviour behaviour) {
    module(behaviour);
    return call().provide();
  }

  StubModule module_;

 private:
  std::optional<ModuleProvider> provider_;
  std::optional<ProviderCall> call_;
};

}  // namespace rcb::test
