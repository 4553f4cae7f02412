// The functions of <rcb/provider.h>, called as a module in C calls them: each reaches its service, and the lines in front of it are right.

#include "tests/core/modules/provider_call.hpp"
#include "tests/core/modules/stub_module.hpp"

#include <rcb/provider.h>

#include <gmock/gmock.h>

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rcb {
namespace {

using test::ProviderCall;
using test::settingNamed;
using test::view;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::StartsWith;

class CFunctions : public testing::Test {
 protected:
  using Behaviour = test::StubModule::Behaviour;

  CFunctions() {
    for (const char* name : {"one", "list", "flag", "number", "map", "file"})
      module_.settings.push_back(settingNamed(name));
    module_.settings[1].flags = RCB_SETTING_LIST;
    module_.settings[4].type = RCB_SETTING_MAP;
    module_.settings[5].type = RCB_SETTING_FILE;
  }
  // The module does this, and emits a credential if it returns RCB_OK without one.
  void does(const Behaviour& behaviour) { module_.behaviour = behaviour; }
  static rcb_status emitted(const rcb_host& host) {
    const rcb_credential credential = rcb_make_credential(rcb_str("user"), rcb_str("password"), RCB_EXPIRES_NEVER);
    return rcb_emit(&host, &credential);
  }
  ProviderCall& call() {
    if (!call_) {
      provider_.emplace(module_.open());
      call_.emplace(*provider_);
    }
    return *call_;
  }

 private:
  test::StubModule module_;
  std::optional<ModuleProvider> provider_;
  std::optional<ProviderCall> call_;
};

TEST(CStrings, AreViews) {
  EXPECT_EQ(view(rcb_str("abc")), "abc");
  EXPECT_EQ(rcb_str("").size, 0u);
  EXPECT_EQ(rcb_str(nullptr).size, 0u);
  constexpr rcb_text kLiteral = RCB_TEXT("a\0b");
  EXPECT_EQ(kLiteral.size, 3u);
  EXPECT_TRUE(rcb_equal(rcb_str("ab"), test::text("ab")));
  EXPECT_TRUE(rcb_equal(rcb_str(""), rcb_text{nullptr, 0}));
  for (const char* other : {"", "a", "abc", "aB"}) EXPECT_FALSE(rcb_equal(rcb_str("ab"), rcb_str(other))) << other;
}

TEST_F(CFunctions, ReadSettings) {
  call()
      .with("one", "1")
      .with("list", "a")
      .with("list", "")
      .with("flag", "true")
      .with("number", "-9223372036854775808")
      .with("map.x.y", "1")
      .with("map.z", "");
  does([](const rcb_host& host, const rcb_request& request) {
    EXPECT_EQ(view(rcb_setting_value(&request, "one")), "1");
    EXPECT_EQ(view(rcb_setting_value(&request, "list")), "a");
    EXPECT_EQ(rcb_setting_value(&request, "file").data, nullptr);
    EXPECT_EQ(rcb_setting_value(&request, "on").data, nullptr);
    EXPECT_EQ(rcb_setting_value(&request, "").data, nullptr);
    EXPECT_TRUE(rcb_setting_flag(&request, "flag"));
    EXPECT_FALSE(rcb_setting_flag(&request, "one"));
    EXPECT_FALSE(rcb_setting_flag(&request, "file"));
    EXPECT_EQ(rcb_setting_integer(&request, "number", 7), std::numeric_limits<std::int64_t>::min());
    EXPECT_EQ(rcb_setting_integer(&request, "one", 7), 1);
    EXPECT_EQ(rcb_setting_integer(&request, "file", 7), 7);
    EXPECT_EQ(rcb_setting_integer(&request, "flag", 7), 7);
    std::vector<std::string> values;
    rcb_text value{};
    for (std::size_t at = 0; rcb_next_value(&request, "list", &at, &value) != 0;) values.emplace_back(view(value));
    EXPECT_THAT(values, ElementsAre("a", ""));
    std::vector<std::pair<std::string, std::string>> entries;
    rcb_text name{};
    for (std::size_t at = 0; rcb_next_entry(&request, "map", &at, &name, &value) != 0;) {
      entries.emplace_back(view(name), view(value));
    }
    EXPECT_THAT(entries, ElementsAre(Pair("x.y", "1"), Pair("z", "")));
    std::size_t at = 0;
    EXPECT_FALSE(rcb_next_entry(&request, "ma", &at, &name, &value));
    EXPECT_EQ(at, request.setting_count);
    EXPECT_FALSE(rcb_next_value(&request, "one", &at, &value));
    return emitted(host);
  });
  call().provide();
}

TEST(CIntegers, AreWhatFitsInSixtyFourBits) {
  const auto read = [](std::string_view written) {
    const rcb_field field{rcb_str("n"), test::text(written)};
    rcb_request request{};
    request.settings = &field;
    request.setting_count = 1;
    return rcb_setting_integer(&request, "n", 7);
  };
  EXPECT_EQ(read("0"), 0);
  EXPECT_EQ(read("-0"), 0);
  EXPECT_EQ(read("00042"), 42);
  EXPECT_EQ(read("9223372036854775807"), std::numeric_limits<std::int64_t>::max());
  for (const char* other : {"", "-", "+1", "1 ", "1x", "--1", "9223372036854775808", "-9223372036854775809",
                            "99999999999999999999999999"}) {
    EXPECT_EQ(read(other), 7) << other;
  }
}

TEST_F(CFunctions, SendRequestsAndReadTheirAnswers) {
  call().script.answer(200, R"({"a":"x","n":5,"b":true})", {{"X-A", "1"}, {"x-a", "2"}, {"Other", "3"}});
  does([](const rcb_host& host, const rcb_request& /*request*/) {
    const rcb_http_request get = rcb_make_request("GET", rcb_str("https://sts.test/x"));
    rcb_http_response answer;
    EXPECT_EQ(rcb_http(&host, &get, &answer), RCB_OK);
    EXPECT_EQ(view(rcb_header(&answer, "x-A")), "1");
    EXPECT_EQ(view(rcb_header(&answer, "OTHER")), "3");
    for (const char* none : {"", "X", "X-AA", "X-B", "X\rA", "X\x0d\x41"}) {
      EXPECT_EQ(rcb_header(&answer, none).data, nullptr) << none;
    }
    rcb_text text{};
    std::int64_t number = 0;
    std::int32_t flag = 0;
    std::int32_t kind = 0;
    std::size_t count = 0;
    EXPECT_EQ(rcb_json_text(&host, answer.body, rcb_str("/a"), &text), RCB_OK);
    EXPECT_EQ(view(text), "x");
    EXPECT_EQ(rcb_json_integer(&host, answer.body, rcb_str("/n"), &number), RCB_OK);
    EXPECT_EQ(number, 5);
    EXPECT_EQ(rcb_json_boolean(&host, answer.body, rcb_str("/b"), &flag), RCB_OK);
    EXPECT_EQ(flag, 1);
    EXPECT_EQ(rcb_json_kind(&host, answer.body, rcb_str(""), &kind, &count), RCB_OK);
    EXPECT_EQ(kind, RCB_JSON_OBJECT);
    EXPECT_EQ(count, 3u);
    EXPECT_EQ(rcb_json_name(&host, answer.body, rcb_str(""), 1, &text), RCB_OK);
    EXPECT_EQ(view(text), "n");
    EXPECT_EQ(rcb_json_text(&host, answer.body, rcb_str("/n"), &text), RCB_ABSENT);
    EXPECT_EQ(rcb_xml_text(&host, rcb_str("<a><b>x</b></a>"), rcb_str("/a/b"), &text), RCB_OK);
    EXPECT_EQ(view(text), "x");
    return emitted(host);
  });
  call().provide();
  EXPECT_EQ(call().requests().at(0).method, "GET");
  EXPECT_EQ(call().requests().at(0).body, "");
  EXPECT_THAT(call().requests().at(0).headers, IsEmpty());
}

TEST_F(CFunctions, ComputeValues) {
  call().with("file", call().file("f", "hunter2"));
  does([](const rcb_host& host, const rcb_request& request) {
    rcb_text text{};
    std::int64_t seconds = 0;
    EXPECT_EQ(rcb_read_file(&host, rcb_setting_value(&request, "file"), &text), RCB_OK);
    EXPECT_EQ(view(text), "hunter2");
    EXPECT_EQ(rcb_sha256(&host, rcb_str("abc"), &text), RCB_OK);
    EXPECT_EQ(rcb_encode(&host, RCB_ENCODING_HEX, text, &text), RCB_OK);
    EXPECT_THAT(std::string(view(text)), StartsWith("ba7816bf"));
    EXPECT_EQ(rcb_decode(&host, RCB_ENCODING_JSON, rcb_str("\"a\""), &text), RCB_OK);
    EXPECT_EQ(view(text), "a");
    EXPECT_EQ(rcb_hmac_sha256(&host, rcb_str("key"), rcb_str("bytes"), &text), RCB_OK);
    EXPECT_EQ(text.size, 32u);
    EXPECT_EQ(rcb_parse_time(&host, rcb_str("1970-01-02T00:00:00Z"), &seconds), RCB_OK);
    EXPECT_EQ(seconds, 86400);
    EXPECT_EQ(rcb_format_time(&host, RCB_TIME_BASIC, seconds, &text), RCB_OK);
    EXPECT_EQ(view(text), "19700102T000000Z");
    EXPECT_EQ(rcb_now(&host), test::kNow.time_since_epoch().count());
    EXPECT_GT(rcb_deadline_ms(&host), 0);
    return emitted(host);
  });
  const IssuedCredential credential = call().provide();
  EXPECT_EQ(credential.username, "user");
  EXPECT_EQ(credential.expiry.kind, Expiry::Kind::kNever);
  EXPECT_FALSE(credential.forImageOnly);
}

TEST_F(CFunctions, StateWhyACallFails) {
  does([](const rcb_host& host, const rcb_request&) {
    const rcb_field field = {RCB_TEXT("name"), RCB_TEXT("value")};
    rcb_log(&host, RCB_LOG_INFO, rcb_str("begins"), &field, 1);
    return rcb_fail(&host, RCB_REFUSED, "the role may not pull", "check the role");
  });
  EXPECT_EQ(call().failure(), "the role may not pull (code=provider-refused); check the role");
  EXPECT_THAT(call().log(), ElementsAre(testing::HasSubstr("message=\"begins\" name=\"value\"")));
  does([](const rcb_host& host, const rcb_request&) { return rcb_fail(&host, RCB_UNAVAILABLE, "not now", nullptr); });
  EXPECT_THAT(call().failure(), StartsWith("not now (code=server-error)"));
}

}  // namespace
}  // namespace rcb
