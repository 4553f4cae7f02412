// Whatever a module passes to a service, the program ends with one line that names the module, the service and the argument.

#include "tests/core/modules/lent_services.hpp"

#include <gmock/gmock.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace rcb {
namespace {

using test::HostServicesTest;
using test::Services;
using test::text;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

using Arguments = HostServicesTest;

// Every string that a service takes, in turn: the call passes the given one in that place.
struct StringCall {
  const char* service;
  const char* argument;
  std::function<void(const rcb_host& host, rcb_text text)> make;
};

const rcb_text kGood = text("{}");

rcb_status emitting(const rcb_host& host, rcb_text username, rcb_text password) {
  const rcb_credential credential{sizeof credential, username, password, RCB_EXPIRES_UNKNOWN, RCB_SCOPE_REGISTRY, 0};
  return host.emit(host.context, &credential);
}

void logging(const rcb_host& host, rcb_text name, rcb_text value) {
  const rcb_field fields[] = {{kGood, kGood}, {name, value}};
  host.log(host.context, RCB_LOG_INFO, kGood, fields, 2);
}

std::vector<StringCall> stringCalls() {
  static rcb_text out;
  static std::int64_t number;
  static double real;
  static std::int32_t small;
  static std::size_t count;
  return {
      {"json_text", "document", [](auto& h, auto t) { h.json_text(h.context, t, kGood, &out); }},
      {"json_text", "pointer", [](auto& h, auto t) { h.json_text(h.context, kGood, t, &out); }},
      {"json_integer", "document", [](auto& h, auto t) { h.json_integer(h.context, t, kGood, &number); }},
      {"json_integer", "pointer", [](auto& h, auto t) { h.json_integer(h.context, kGood, t, &number); }},
      {"json_number", "document", [](auto& h, auto t) { h.json_number(h.context, t, kGood, &real); }},
      {"json_number", "pointer", [](auto& h, auto t) { h.json_number(h.context, kGood, t, &real); }},
      {"json_boolean", "document", [](auto& h, auto t) { h.json_boolean(h.context, t, kGood, &small); }},
      {"json_boolean", "pointer", [](auto& h, auto t) { h.json_boolean(h.context, kGood, t, &small); }},
      {"json_kind", "document", [](auto& h, auto t) { h.json_kind(h.context, t, kGood, &small, &count); }},
      {"json_kind", "pointer", [](auto& h, auto t) { h.json_kind(h.context, kGood, t, &small, &count); }},
      {"json_name", "document", [](auto& h, auto t) { h.json_name(h.context, t, kGood, 0, &out); }},
      {"json_name", "pointer", [](auto& h, auto t) { h.json_name(h.context, kGood, t, 0, &out); }},
      {"encode", "bytes", [](auto& h, auto t) { h.encode(h.context, RCB_ENCODING_HEX, t, &out); }},
      {"decode", "text", [](auto& h, auto t) { h.decode(h.context, RCB_ENCODING_HEX, t, &out); }},
      {"sha256", "bytes", [](auto& h, auto t) { h.sha256(h.context, t, &out); }},
      {"hmac_sha256", "key", [](auto& h, auto t) { h.hmac_sha256(h.context, t, kGood, &out); }},
      {"hmac_sha256", "bytes", [](auto& h, auto t) { h.hmac_sha256(h.context, kGood, t, &out); }},
      {"parse_time", "text", [](auto& h, auto t) { h.parse_time(h.context, t, &number); }},
      {"read_file", "path", [](auto& h, auto t) { h.read_file(h.context, t, &out); }},
      {"emit", "username", [](auto& h, auto t) { emitting(h, t, kGood); }},
      {"emit", "password", [](auto& h, auto t) { emitting(h, kGood, t); }},
      {"fail", "reason", [](auto& h, auto t) { h.fail(h.context, t, kGood); }},
      {"fail", "advice", [](auto& h, auto t) { h.fail(h.context, kGood, t); }},
      {"log", "message", [](auto& h, auto t) { h.log(h.context, RCB_LOG_INFO, t, nullptr, 0); }},
      {"log", "fields", [](auto& h, auto t) { logging(h, t, kGood); }},
      {"log", "fields", [](auto& h, auto t) { logging(h, kGood, t); }},
  };
}

TEST_F(Arguments, MayNotBeANullStringWithASize) {
  for (const StringCall& wrong : stringCalls()) {
    for (const std::size_t size : {std::size_t{1}, SIZE_MAX}) {
      EXPECT_EQ(failureOf([&](Services services, const rcb_request&) {
                  wrong.make(services.host, {nullptr, size});
                  return services.fail(RCB_REFUSED, "another reason");
                }),
                std::string("the provider module stub called ") + wrong.service + " with a null pointer in " +
                    wrong.argument + ", whose size is " + std::to_string(size) +
                    " (code=module-misbehaved); report this bug to the module's author");
    }
  }
}

TEST_F(Arguments, MayNotBeLongerThanAnyStringIs) {
  for (const StringCall& wrong : stringCalls()) {
    for (const std::size_t size : {(std::size_t{16} << 20) + 1, SIZE_MAX - 1, SIZE_MAX, SIZE_MAX / 2}) {
      EXPECT_THAT(
          failureOf([&](Services services, const rcb_request&) {
            wrong.make(services.host, {"x", size});
            return services.fail(RCB_REFUSED, "another reason");
          }),
          StartsWith(std::string("the provider module stub called ") + wrong.service + " with " + wrong.argument +
                     " of " + std::to_string(size) + " bytes, above the limit of 16777216 (code=module-misbehaved)"));
    }
  }
}

TEST_F(Arguments, MayBeANullStringWithoutASize) {
  for (const StringCall& right : stringCalls()) {
    module([&](Services services, const rcb_request&) {
      right.make(services.host, {});
      return services.fail(RCB_REFUSED, "the end");
    });
    EXPECT_THAT(call().failure(), Not(HasSubstr("null pointer"))) << right.service;
  }
}

TEST_F(Arguments, MayNotBeANullPointerForAResult) {
  struct Call {
    const char* service;
    const char* argument;
    std::function<rcb_status(const rcb_host& host)> make;
  };
  static std::int32_t kind;
  static std::size_t count;
  const std::vector<Call> calls = {
      {"json_text", "value", [](auto& h) { return h.json_text(h.context, kGood, kGood, nullptr); }},
      {"json_integer", "value", [](auto& h) { return h.json_integer(h.context, kGood, kGood, nullptr); }},
      {"json_number", "value", [](auto& h) { return h.json_number(h.context, kGood, kGood, nullptr); }},
      {"json_boolean", "value", [](auto& h) { return h.json_boolean(h.context, kGood, kGood, nullptr); }},
      {"json_kind", "kind", [](auto& h) { return h.json_kind(h.context, kGood, kGood, nullptr, &count); }},
      {"json_kind", "count", [](auto& h) { return h.json_kind(h.context, kGood, kGood, &kind, nullptr); }},
      {"json_name", "name", [](auto& h) { return h.json_name(h.context, kGood, kGood, 0, nullptr); }},
      {"encode", "text", [](auto& h) { return h.encode(h.context, RCB_ENCODING_HEX, kGood, nullptr); }},
      {"decode", "bytes", [](auto& h) { return h.decode(h.context, RCB_ENCODING_HEX, kGood, nullptr); }},
      {"sha256", "digest", [](auto& h) { return h.sha256(h.context, kGood, nullptr); }},
      {"hmac_sha256", "code", [](auto& h) { return h.hmac_sha256(h.context, kGood, kGood, nullptr); }},
      {"parse_time", "seconds", [](auto& h) { return h.parse_time(h.context, kGood, nullptr); }},
      {"format_time", "text", [](auto& h) { return h.format_time(h.context, RCB_TIME_HTTP, 0, nullptr); }},
      {"read_file", "content", [](auto& h) { return h.read_file(h.context, kGood, nullptr); }},
      {"emit", "credential", [](auto& h) { return h.emit(h.context, nullptr); }},
  };
  for (const Call& wrong : calls) {
    EXPECT_EQ(failureOf([&](Services services, const rcb_request&) {
                EXPECT_EQ(wrong.make(services.host), RCB_INTERNAL);
                return rcb_status{RCB_OK};
              }),
              std::string("the provider module stub called ") + wrong.service + " with a null pointer for " +
                  wrong.argument + " (code=module-misbehaved); report this bug to the module's author");
  }
}

TEST_F(Arguments, MayNotBeANullArrayWithACount) {
  for (const std::int32_t level : {RCB_LOG_DEBUG, RCB_LOG_ERROR}) {
    EXPECT_THAT(failureOf([level](Services services, const rcb_request&) {
                  services.host.log(services.host.context, level, kGood, nullptr, 2);
                  return services.emit("user", "password");
                }),
                HasSubstr("called log with a null pointer for fields, whose count is 2 (code=module-misbehaved)"));
  }
}

TEST_F(Arguments, MayNotBeMoreFieldsThanALineHas) {
  for (const std::size_t count : {std::size_t{65}, SIZE_MAX}) {
    EXPECT_THAT(failureOf([count](Services services, const rcb_request&) {
                  const rcb_field field{kGood, kGood};
                  services.host.log(services.host.context, RCB_LOG_INFO, kGood, &field, count);
                  return services.emit("user", "password");
                }),
                HasSubstr("called log with " + std::to_string(count) + " fields, above the limit of 64"));
  }
}

TEST_F(Arguments, MayNotBeUnknownEncodingsAndFormats) {
  for (const std::uint32_t unknown : {5u, UINT32_MAX}) {
    const std::pair<const char*, std::function<void(const rcb_host& host, rcb_text* out)>> calls[] = {
        {"encode with the unknown encoding ", [=](auto& h, auto* out) { h.encode(h.context, unknown, kGood, out); }},
        {"decode with the unknown encoding ", [=](auto& h, auto* out) { h.decode(h.context, unknown, kGood, out); }},
        {"format_time with the unknown format ",
         [=](auto& h, auto* out) { h.format_time(h.context, unknown, 0, out); }},
    };
    for (const auto& [why, make] : calls) {
      EXPECT_THAT(failureOf([&make = make](Services services, const rcb_request&) {
                    rcb_text out{};
                    make(services.host, &out);
                    return services.emit("user", "password");
                  }),
                  HasSubstr("called " + (why + std::to_string(unknown)) + " (code=module-misbehaved)"));
    }
  }
}

// --- the context ---

TEST_F(Arguments, BeginWithTheHostsContext) {
  static rcb_text out;
  static std::int64_t number;
  static double real;
  static std::int32_t small;
  static std::size_t count;
  rcb_http_request request{};
  request.size = sizeof request;
  rcb_http_response response{};
  response.size = sizeof response;
  const rcb_credential credential{sizeof credential, kGood, kGood, 0, RCB_SCOPE_REGISTRY, 0};
  using Call = std::function<void(const rcb_host& host, void* context)>;
  const std::pair<const char*, Call> calls[] = {
      {"http", [&](auto& h, auto* c) { h.http(c, &request, &response); }},
      {"json_text", [](auto& h, auto* c) { h.json_text(c, kGood, kGood, &out); }},
      {"json_integer", [](auto& h, auto* c) { h.json_integer(c, kGood, kGood, &number); }},
      {"json_number", [](auto& h, auto* c) { h.json_number(c, kGood, kGood, &real); }},
      {"json_boolean", [](auto& h, auto* c) { h.json_boolean(c, kGood, kGood, &small); }},
      {"json_kind", [](auto& h, auto* c) { h.json_kind(c, kGood, kGood, &small, &count); }},
      {"json_name", [](auto& h, auto* c) { h.json_name(c, kGood, kGood, 0, &out); }},
      {"encode", [](auto& h, auto* c) { h.encode(c, RCB_ENCODING_HEX, kGood, &out); }},
      {"decode", [](auto& h, auto* c) { h.decode(c, RCB_ENCODING_HEX, kGood, &out); }},
      {"sha256", [](auto& h, auto* c) { h.sha256(c, kGood, &out); }},
      {"hmac_sha256", [](auto& h, auto* c) { h.hmac_sha256(c, kGood, kGood, &out); }},
      {"parse_time", [](auto& h, auto* c) { h.parse_time(c, kGood, &number); }},
      {"format_time", [](auto& h, auto* c) { h.format_time(c, RCB_TIME_HTTP, 0, &out); }},
      {"read_file", [](auto& h, auto* c) { h.read_file(c, kGood, &out); }},
      {"emit", [&](auto& h, auto* c) { h.emit(c, &credential); }},
      {"fail", [](auto& h, auto* c) { h.fail(c, kGood, kGood); }},
      {"log", [](auto& h, auto* c) { h.log(c, RCB_LOG_INFO, kGood, nullptr, 0); }},
      {"now", [](auto& h, auto* c) { EXPECT_EQ(h.now(c), 0); }},
      {"deadline_ms", [](auto& h, auto* c) { EXPECT_EQ(h.deadline_ms(c), 0); }},
  };
  int garbage = 0;
  for (const auto& [service, make] : calls) {
    for (void* context : {static_cast<void*>(nullptr), static_cast<void*>(&garbage)}) {
      EXPECT_EQ(failureOf([context, &make = make](Services services, const rcb_request&) {
                  make(services.host, context);
                  return services.emit("user", "password");
                }),
                std::string("the provider module stub called ") + service +
                    " with a context that is not the host's (code=module-misbehaved); report this bug to the "
                    "module's author");
    }
  }
}

TEST_F(Arguments, AreOfNoUseAfterTheCallOrOnAnotherThread) {
  rcb_host kept{};
  credentialOf([&kept](Services services, const rcb_request&) {
    kept = services.host;
    std::thread([&kept] {
      rcb_text out{};
      EXPECT_EQ(kept.sha256(kept.context, kGood, &out), RCB_INTERNAL);
    }).join();
    return services.emit("user", "password");
  });
  rcb_text out{};
  EXPECT_EQ(kept.sha256(kept.context, kGood, &out), RCB_INTERNAL);
  EXPECT_EQ(out.data, nullptr);
}

}  // namespace
}  // namespace rcb
