// Requests through the C++ wrapper: what reaches the host, what comes back, and that no string is used after it is gone.

#include "tests/core/modules/provider_call.hpp"
#include "tests/core/modules/stub_module.hpp"

#include <rcb/provider.hpp>

#include <gmock/gmock.h>

#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rcb {
namespace {

using sdk::Body;
using sdk::Fields;
using sdk::Json;
using sdk::Method;
using sdk::Options;
using sdk::Repeat;
using std::chrono::milliseconds;
using test::ProviderCall;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

constexpr std::string_view kUrl = "https://sts.test/token";

class Wrapper : public testing::Test {
 protected:
  // What the module does before it emits its credential. It may throw.
  using Part = std::function<void(const sdk::Host&)>;

  void does(const Part& part) {
    module_.behaviour = [part](const rcb_host& raw, const rcb_request&) -> rcb_status {
      try {
        const sdk::Host host(raw);
        part(host);
        host.emit({"user", "password"});
        return RCB_OK;
      } catch (const sdk::Failure& failure) {
        return static_cast<rcb_status>(failure.status());
      }
    };
    call().provide();
  }
  std::string failureOf(const Part& part) {
    try {
      does(part);
    } catch (const Error& error) {
      return error.line();
    }
    ADD_FAILURE() << "the call has not failed";
    return {};
  }
  ProviderCall& call() {
    if (!call_) {
      provider_.emplace(module_.open());
      call_.emplace(*provider_);
    }
    return *call_;
  }
  const SentRequest& sent() { return call().requests().back(); }

 private:
  test::StubModule module_;
  std::optional<ModuleProvider> provider_;
  std::optional<ProviderCall> call_;
};

// A string that is not in the read-only data of this program, and longer than what std::string keeps in itself.
std::string temporary(std::string_view text) { return std::string(text) + " and enough behind it to be on the heap"; }

TEST_F(Wrapper, SendsEveryMethodWithItsBody) {
  for (const auto& [method, name] :
       {std::pair(Method::kGet, "GET"), std::pair(Method::kHead, "HEAD"), std::pair(Method::kPost, "POST"),
        std::pair(Method::kPut, "PUT"), std::pair(Method::kDelete, "DELETE")}) {
    const bool has = method == Method::kPut;
    call().script.answer(204, "");
    does([method = method, has](const sdk::Host& host) {
      const sdk::Answer answer = host.send(method, kUrl, has ? Body::form({{"a", "b"}}) : Body());
      EXPECT_EQ(answer.status(), 204);
      EXPECT_TRUE(answer.isSuccess());
      EXPECT_EQ(answer.body(), "");
    });
    EXPECT_EQ(sent().method, name);
    EXPECT_EQ(sent().body, has ? "a=b" : "");
    EXPECT_EQ(sent().contentType, has ? "application/x-www-form-urlencoded" : "");
  }
}

TEST_F(Wrapper, RefusesAMethodThatIsNone) {
  EXPECT_THAT(failureOf([](const sdk::Host& host) { host.send(static_cast<Method>(99), kUrl); }),
              HasSubstr("its method is not GET, HEAD, POST, PUT or DELETE (code=module-misbehaved)"));
}

TEST_F(Wrapper, PassesOnWhatTheModuleAllows) {
  call().script.answer(200, "");
  call().script.answer(200, "");
  call().script.answer(200, "");
  does([](const sdk::Host& host) {
    host.send(Method::kPost, kUrl);
    host.send(Method::kPost, kUrl, {}, {.repeat = Repeat::kNever});
    host.send(Method::kPost, kUrl, {},
              {.headers = {{"A", "b"}}, .repeat = Repeat::kHarmless, .timeout = milliseconds(700)});
  });
  const auto& all = call().requests();
  ASSERT_EQ(all.size(), 3u);
  EXPECT_FALSE(all[0].once || all[0].repeatable);
  EXPECT_EQ(all[0].timeout, milliseconds(10'000));
  EXPECT_TRUE(all[1].once);
  EXPECT_FALSE(all[1].repeatable);
  EXPECT_TRUE(all[2].repeatable);
  EXPECT_EQ(all[2].timeout, milliseconds(700));
  EXPECT_THAT(all[2].headers, ElementsAre(Pair("A", "b")));
}

TEST_F(Wrapper, TakesALimitThatHasPassedForTheShortestAndNotForNone) {
  for (const milliseconds timeout : {milliseconds(0), milliseconds(-1), milliseconds(1), milliseconds::min()}) {
    call().script.answer(200, "");
    does([timeout](const sdk::Host& host) { host.send(Method::kGet, kUrl, {}, {.timeout = timeout}); });
    EXPECT_EQ(sent().timeout, milliseconds(1)) << timeout.count();
  }
  for (const milliseconds timeout : {milliseconds::max(), milliseconds(std::int64_t{1} << 32)}) {
    call().script.answer(200, "");
    does([timeout](const sdk::Host& host) { host.send(Method::kGet, kUrl, {}, {.timeout = timeout}); });
    EXPECT_EQ(sent().timeout, milliseconds(10'000)) << timeout.count();
  }
}

TEST_F(Wrapper, ThrowsForAStatusOtherThan2xxUnlessAskedForAny) {
  call().script.answer(404, "");
  EXPECT_THAT(failureOf([](const sdk::Host& host) { host.send(Method::kGet, kUrl); }), HasSubstr("status=404"));
  call().script.answer(404, "not here");
  does([](const sdk::Host& host) {
    const sdk::Answer answer = host.send(Method::kGet, kUrl, {}, {.anyStatus = true});
    EXPECT_EQ(answer.status(), 404);
    EXPECT_FALSE(answer.isSuccess());
    EXPECT_EQ(answer.body(), "not here");
  });
}

TEST_F(Wrapper, FindsHeadersInAnyCase) {
  call().script.answer(200, "", {{"SET-cookie", "a=1"}, {"Empty", ""}, {"Set-Cookie", "b=2"}, {"Set-Cookie2", "no"}});
  does([](const sdk::Host& host) {
    const sdk::Answer answer = host.send(Method::kHead, kUrl);
    EXPECT_EQ(answer.header("set-cookie"), "a=1");
    EXPECT_EQ(answer.header("empty"), "");
    EXPECT_EQ(answer.header("Set-Cooki"), std::nullopt);
    EXPECT_EQ(answer.header(""), std::nullopt);
    EXPECT_EQ(answer.header("Set\rCookie"), std::nullopt);
    EXPECT_THAT(answer.headers("Set-Cookie"), ElementsAre("a=1", "b=2"));
    EXPECT_THAT(answer.headers("missing"), IsEmpty());
  });
}

TEST_F(Wrapper, KeepsTheSimpleRequestsSimple) {
  call().script.answer(200, "posted");
  call().script.answer(200, "got");
  does([](const sdk::Host& host) {
    EXPECT_EQ(host.post(kUrl, Body::json({{"a", "b"}}), {{"X", "y"}}, Repeat::kHarmless), "posted");
    EXPECT_EQ(host.get(kUrl, {{"X", "z"}}), "got");
  });
  EXPECT_TRUE(call().requests().at(0).repeatable);
  EXPECT_EQ(call().requests().at(0).body, R"({"a":"b"})");
  EXPECT_THAT(call().requests().at(1).headers, ElementsAre(Pair("X", "z")));
}

// --- bodies of any shape ---

TEST_F(Wrapper, WritesJsonOfAnyShape) {
  call().script.answer(200, "");
  does([](const sdk::Host& host) {
    const std::vector<std::string_view> scopes = {"pull", "push"};
    host.post(kUrl, Body::json(Json::object({{"scopes", Json::array({scopes.begin(), scopes.end()})},
                                             {"lifetime", 3600},
                                             {"least", std::numeric_limits<std::int64_t>::min()},
                                             {"most", std::numeric_limits<std::uint64_t>::max()},
                                             {"yes", true},
                                             {"no", false},
                                             {"none", nullptr},
                                             {"one", Json::array({"pull"})},
                                             {"nested", Json::array({1, "two", Json::object({}), Json::array({})})},
                                             {"", ""}})));
  });
  EXPECT_EQ(sent().contentType, "application/json");
  EXPECT_EQ(sent().body,
            R"({"scopes":["pull","push"],"lifetime":3600,"least":-9223372036854775808,"most":18446744073709551615,)"
            R"("yes":true,"no":false,"none":null,"one":["pull"],"nested":[1,"two",{},[]],"":""})");
}

TEST_F(Wrapper, WritesADocumentThatIsNotAnObject) {
  for (const auto& [document, text] :
       {std::pair(Json::array({}), "[]"), std::pair(Json("x"), "\"x\""), std::pair(Json(nullptr), "null")}) {
    call().script.answer(200, "");
    does([&document = document](const sdk::Host& host) { host.post(kUrl, Body::json(document)); });
    EXPECT_EQ(sent().body, text);
  }
}

TEST_F(Wrapper, EscapesNamesAndStringsOfJson) {
  call().script.answer(200, "");
  does([](const sdk::Host& host) {
    host.post(kUrl, Body::json(Json::object({{"a\"", "\",\"admin\":true,\"b\":\"\n\x01\xe2\x80\xa8"}})));
  });
  EXPECT_EQ(sent().body, "{\"a\\\"\":\"\\\",\\\"admin\\\":true,\\\"b\\\":\\\"\\u000a\\u0001\xe2\x80\xa8\"}");
}

TEST_F(Wrapper, SendsNoJsonThatIsNotUtf8) {
  EXPECT_THAT(failureOf([](const sdk::Host& host) { host.post(kUrl, Body::json(Json::array({"\xff"}))); }),
              HasSubstr("the string for JSON is not valid UTF-8 at byte 1"));
  EXPECT_TRUE(call().requests().empty());
}

TEST_F(Wrapper, GivesTheTextOfJsonToSign) {
  call().script.answer(200, "");
  does([](const sdk::Host& host) {
    const sdk::Text text = host.json(Json::object({{"a", temporary("x")}}));
    EXPECT_EQ(text.view(), "{\"a\":\"" + temporary("x") + "\"}");
    host.post(kUrl, Body::raw("application/x-amz-json-1.1", text));
  });
  EXPECT_EQ(sent().contentType, "application/x-amz-json-1.1");
  EXPECT_EQ(sent().body, "{\"a\":\"" + temporary("x") + "\"}");
}

// --- strings that are gone; the address sanitizer watches, too ---

TEST_F(Wrapper, OwnsTemporaryStringsOfFields) {
  call().script.answer(200, "");
  does([](const sdk::Host& host) {
    Fields headers = {{"Authorization", "Bearer " + temporary("t")}, {temporary("x").substr(0, 1), temporary("y")}};
    headers.push_back({"Z", temporary("z")});
    const Fields copied = headers;
    headers.clear();
    std::string(4096, 'w').swap(*std::make_unique<std::string>());  // what was freed is used again
    host.get(kUrl, copied);
  });
  EXPECT_THAT(sent().headers, ElementsAre(Pair("Authorization", "Bearer " + temporary("t")), Pair("x", temporary("y")),
                                          Pair("Z", temporary("z"))));
}

TEST_F(Wrapper, OwnsTemporaryStringsOfABody) {
  for (int kind = 0; kind < 2; ++kind) {
    call().script.answer(200, "");
    does([kind](const sdk::Host& host) {
      const Body body = kind == 0 ? Body::raw("text/" + temporary("plain"), temporary("content"))
                                  : Body::json({{temporary("name"), temporary("value")}});
      host.post(kUrl, body);
    });
    EXPECT_EQ(sent().body,
              kind == 0 ? temporary("content") : "{\"" + temporary("name") + "\":\"" + temporary("value") + "\"}");
    EXPECT_EQ(sent().contentType, kind == 0 ? "text/" + temporary("plain") : "application/json");
  }
}

TEST_F(Wrapper, OwnsTemporaryStringsOfJson) {
  call().script.answer(200, "");
  does([](const sdk::Host& host) {
    Json members = Json::object({{temporary("name"), Json::array({temporary("element")})}});
    const Body body = Body::json(members);
    members = nullptr;
    std::string(4096, 'w').swap(*std::make_unique<std::string>());
    host.post(kUrl, body);
  });
  EXPECT_EQ(sent().body, "{\"" + temporary("name") + "\":[\"" + temporary("element") + "\"]}");
}

TEST_F(Wrapper, OwnsTemporaryStringsOfOptions) {
  call().script.answer(200, "");
  does([](const sdk::Host& host) {
    const Options options = {.headers = {{"A", temporary("b")}}};
    host.send(Method::kGet, kUrl, {}, options);
  });
  EXPECT_THAT(sent().headers, ElementsAre(Pair("A", temporary("b"))));
}

TEST(WrapperText, OwnsWhatNothingElseDoes) {
  const auto isOwned = [](const sdk::Text& text, std::string_view source) {
    return text.view().data() != source.data();
  };
  std::string lasting = temporary("lasting");
  EXPECT_FALSE(isOwned(lasting, lasting));
  EXPECT_FALSE(isOwned(std::as_const(lasting), lasting));
  EXPECT_FALSE(isOwned(std::string_view(lasting), lasting));
  EXPECT_FALSE(isOwned(lasting.c_str(), lasting));
  EXPECT_TRUE(isOwned(std::move(std::as_const(lasting)), lasting));
  const sdk::Text owner = std::move(lasting);
  EXPECT_EQ(owner.view(), temporary("lasting"));
}

TEST(WrapperText, SharesItsStringWithItsCopies) {
  sdk::Text second;
  EXPECT_EQ(second.view(), "");
  {
    const sdk::Text first = temporary("first");
    second = first;
    EXPECT_EQ(second.view().data(), first.view().data());
  }
  EXPECT_EQ(second.view(), temporary("first"));
  sdk::Text third = std::move(second);
  EXPECT_EQ(third.view(), temporary("first"));
  // A short string, which std::string keeps in itself, too.
  third = sdk::Text(std::string("ab") + "c");
  const sdk::Text fourth = third;
  third = {};
  EXPECT_EQ(fourth.view(), "abc");
}

// The host knows the origin of an empty string by its address.
TEST(WrapperText, KeepsTheAddressOfAnEmptyString) {
  const char* place = "x";
  EXPECT_EQ(sdk::Text(std::string_view(place, 0)).view().data(), place);
}

}  // namespace
}  // namespace rcb
