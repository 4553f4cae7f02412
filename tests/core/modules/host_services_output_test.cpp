// What a module hands over through the C table: a credential, a reason, log lines.

#include "tests/core/modules/lent_services.hpp"

#include <gmock/gmock.h>

#include <string>
#include <tuple>
#include <utility>

namespace rcb {
namespace {

using test::HostServicesTest;
using test::jwt;
using test::kNow;
using test::Services;
using test::settingNamed;
using test::text;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

using Emit = HostServicesTest;
using Fail = HostServicesTest;
using ModuleLog = HostServicesTest;

// What a module does that hands over the member `a` of a server's answer.
rcb_status emitMemberA(Services services, const rcb_request&) {
  rcb_text answer{};
  services.http({}, &answer);
  rcb_text password{};
  services.host.json_text(services.host.context, answer, text("/a"), &password);
  return services.emit("token", test::view(password));
}

// --- emit ---

TEST_F(Emit, HandsOverACredential) {
  const IssuedCredential credential = credentialOf(
      [](Services services, const rcb_request&) { return services.emit("us er", "p\xc3\xa4ss: word", 1'800'000'100); });
  EXPECT_EQ(credential.username, "us er");
  EXPECT_EQ(credential.password.reveal(), "p\xc3\xa4ss: word");
  EXPECT_EQ(credential.expiry.kind, Expiry::Kind::kAt);
  EXPECT_EQ(credential.expiry.at, kNow + std::chrono::seconds(100));
}

TEST_F(Emit, RefusesACredentialThatNoRegistryTakes) {
  const std::string huge(64 * 1024 + 1, 'x');
  const std::tuple<std::string, std::string, const char*> cases[] = {
      {"", "password", "the user name is empty"},
      {"user", "", "the password is empty"},
      {"user", " \n", "the password contains only whitespace"},
      {"us:er", "password", "the user name contains a ':'"},
      {"us\ner", "password", "the user name has more than one line"},
      {"user\x1b", "password", "the user name contains a control character at byte 5"},
      {"user", std::string("pass\0word", 9), "the password contains a NUL byte at byte 5"},
      {"us\xff", "password", "the user name is not valid UTF-8 at byte 3"},
      {"user", "pass\xc3", "the password is not valid UTF-8 at byte 5"},
      {"user", "pass\n", "the password begins or ends with a line break"},
      {huge, "password", "the user name is 65537 bytes long, above the limit of 65536"},
      {"user", huge, "the password is 65537 bytes long, above the limit of 65536"},
  };
  for (const auto& [username, password, why] : cases) {
    const std::string line = failureOf([&u = username, &p = password](Services services, const rcb_request&) {
      EXPECT_EQ(services.emit(u, p), RCB_INTERNAL);
      return rcb_status{RCB_OK};
    });
    EXPECT_THAT(line, AllOf(HasSubstr("the provider module stub returned an unusable value: "), HasSubstr(why),
                            HasSubstr("code=module-misbehaved")));
  }
}

TEST_F(Emit, TakesPasswordsOfSeveralLines) {
  for (const char* password : {"{\n\t\"private_key\": \"x\"\n}\n", "a\nb", "\na\r\nb\r\n", "pass\x1b\x7fword"}) {
    EXPECT_EQ(credentialOf([&](Services services, const rcb_request&) {
                return services.emit("_json_key", password);
              }).password.reveal(),
              password);
  }
}

// What a server has answered is the server's fault, however the module hands it over.
TEST_F(Emit, BlamesTheServerForWhatItAnswered) {
  const std::pair<const char*, const char*> answers[] = {
      {R"({"u":"us:er","p":"x"})", "the user name in the answer from sts.test contains a ':'"},
      {R"({"u":"","p":"x"})", "the user name in the answer from sts.test is empty"},
      {R"({"u":"user","p":""})", "the password in the answer from sts.test is empty"},
      {R"({"u":"user","p":"two\nlines"})",
       "the password in the answer from sts.test contains a control character at byte 4"},
      {R"({"u":"user","p":"\u001b[31m"})",
       "the password in the answer from sts.test contains a control character at byte 1"},
      {R"({"u":"us\ner","p":"x"})", "the user name in the answer from sts.test has more than one line"},
  };
  for (const auto& [body, why] : answers) {
    for (const bool copies : {false, true}) {
      call().script.answer(200, body);
      const std::string line = failureOf([copies](Services services, const rcb_request&) {
        rcb_text answer{};
        services.http({}, &answer);
        rcb_text username{};
        rcb_text password{};
        services.host.json_text(services.host.context, answer, text("/u"), &username);
        services.host.json_text(services.host.context, answer, text("/p"), &password);
        const std::string copiedName(test::view(username));
        const std::string copiedPassword(test::view(password));
        const rcb_status status = copies ? services.emit(copiedName, copiedPassword)
                                         : services.emit(test::view(username), test::view(password));
        EXPECT_EQ(status, RCB_BAD_ANSWER);
        return status;
      });
      EXPECT_THAT(line, AllOf(StartsWith(why), HasSubstr("(code=answer-invalid); check the host and the path")));
    }
  }
}

TEST_F(Emit, BlamesTheServerForATokenOf70000Bytes) {
  call().script.answer(200, R"({"a":")" + std::string(70'000, 'x') + "\"}");
  EXPECT_THAT(failureOf(emitMemberA),
              StartsWith("the password in the answer from sts.test is 70000 bytes long, above the limit of 65536 "
                         "(code=answer-invalid)"));
}

TEST_F(Emit, BlamesTheServerThatAnswersWithThePodsToken) {
  call().script.answer(200, R"({"a":")" + *call().script.token + "\"}");
  EXPECT_THAT(failureOf(emitMemberA),
              StartsWith("the password in the answer from sts.test is the pod's own token (code=answer-invalid)"));
}

TEST_F(Emit, BlamesTheServerForAnExpiryThatIsNoTime) {
  call().script.answer(200, R"({"expires_in":99999999999999})");
  EXPECT_THAT(
      failureOf([](Services services, const rcb_request&) {
        rcb_text answer{};
        services.http({}, &answer);
        const auto life = services.integer(test::view(answer), "/expires_in");
        return services.emit("token", "opaque", 1'800'000'000 + life.value_or(0));
      }),
      StartsWith("the expiry in the answer from sts.test is not a valid Unix time in seconds (code=answer-invalid)"));
}

TEST_F(Emit, BlamesTheSettingThatTheTextStandsIn) {
  module_.settings = {settingNamed("account")};
  call().with("account", "us:er");
  EXPECT_THAT(failureOf([](Services services, const rcb_request& request) {
                return services.emit(test::view(request.settings[0].value), "password");
              }),
              StartsWith("the user name in the setting account contains a ':'"));
}

TEST_F(Emit, IsNotTheModulesFaultIfItIgnoresTheStatus) {
  call().script.answer(200, R"({"a":"us:er"})");
  EXPECT_THAT(failureOf([](Services services, const rcb_request&) {
                rcb_text answer{};
                services.http({}, &answer);
                services.emit(services.json(test::view(answer), "/a").value_or(""), "password");
                return rcb_status{RCB_OK};
              }),
              HasSubstr("code=answer-invalid"));
}

TEST_F(Emit, TakesAPasswordOf64KiB) {
  const std::string large(64 * 1024, 'x');
  EXPECT_EQ(
      credentialOf([&](Services services, const rcb_request&) { return services.emit("user", large); }).password.size(),
      large.size());
}

TEST_F(Emit, RefusesASecondCredential) {
  EXPECT_THAT(failureOf([](Services services, const rcb_request&) {
                services.emit("user", "first");
                return services.emit("user", "second");
              }),
              HasSubstr("emitted a second credential"));
}

TEST_F(Emit, RefusesAScopeThatItDoesNotKnow) {
  EXPECT_THAT(failureOf([](Services services, const rcb_request&) {
                const rcb_credential credential{sizeof credential,   text("user"),        text("password"),
                                                RCB_EXPIRES_UNKNOWN, RCB_SCOPE_IMAGE + 1, 0};
                return services.host.emit(services.host.context, &credential);
              }),
              HasSubstr("of a credential, which is not in version 1.0 of the module contract"));
}

TEST_F(Emit, RefusesAStructThatIsTooSmall) {
  EXPECT_THAT(failureOf([](Services services, const rcb_request&) {
                const rcb_credential credential{
                    sizeof credential - 8, text("user"), text("password"), 0, RCB_SCOPE_REGISTRY, 0};
                return services.host.emit(services.host.context, &credential);
              }),
              HasSubstr("called emit with a credential of 48 bytes, below the 56 of version 1.0"));
}

TEST_F(Emit, ReadsTheExpiryInEveryNotation) {
  const std::string password = jwt(kNow + std::chrono::minutes(90), "issued");
  const auto expiryOf = [&](std::int64_t expiresAt) {
    return credentialOf(
               [&](Services services, const rcb_request&) { return services.emit("user", password, expiresAt); })
        .expiry;
  };
  EXPECT_EQ(expiryOf(RCB_EXPIRES_UNKNOWN).kind, Expiry::Kind::kUnknown);
  EXPECT_EQ(expiryOf(RCB_EXPIRES_FROM_JWT).kind, Expiry::Kind::kAt);
  EXPECT_EQ(expiryOf(RCB_EXPIRES_FROM_JWT).at, kNow + std::chrono::minutes(90));
  EXPECT_EQ(expiryOf(1).at, UnixTime(std::chrono::seconds(1)));
}

TEST_F(Emit, TakesAnOpaquePasswordForALongLivedOneIfTheModuleSaysSo) {
  EXPECT_EQ(credentialOf([](Services services, const rcb_request&) {
              return services.emit("user", "opaque", RCB_EXPIRES_NEVER);
            }).expiry.kind,
            Expiry::Kind::kNever);
}

TEST_F(Emit, KnowsNoExpiryOfAPasswordThatIsNoJwt) {
  EXPECT_EQ(credentialOf([](Services services, const rcb_request&) {
              return services.emit("user", "opaque", RCB_EXPIRES_FROM_JWT);
            }).expiry.kind,
            Expiry::Kind::kUnknown);
}

TEST_F(Emit, RefusesAnExpiryThatIsNotInSeconds) {
  for (const std::int64_t wrong : {std::int64_t{-2}, INT64_MIN, std::int64_t{1'800'000'000'000}, INT64_MAX - 1}) {
    EXPECT_THAT(
        failureOf([wrong](Services services, const rcb_request&) { return services.emit("user", "password", wrong); }),
        HasSubstr(
            "returned an unusable value: the expiry is not a valid Unix time in seconds (code=module-misbehaved)"))
        << wrong;
  }
}

class EmitTokenTest : public HostServicesTest {
 protected:
  EmitTokenTest() { module_.table.traits = RCB_TRAIT_RETURNS_TOKEN; }
  Expiry expiryFor(std::int64_t expiresAt) {
    return credentialOf([expiresAt](Services services, const rcb_request& request) {
             return services.emit("user", test::view(request.token), expiresAt);
           })
        .expiry;
  }
};

TEST_F(EmitTokenTest, EndsWithTheTokenWhateverTheModuleSays) {
  const UnixTime end = kNow + std::chrono::hours(1);
  for (const std::int64_t claimed : std::initializer_list<std::int64_t>{RCB_EXPIRES_UNKNOWN, RCB_EXPIRES_NEVER,
                                                                        RCB_EXPIRES_FROM_JWT, 1'900'000'000}) {
    const Expiry expiry = expiryFor(claimed);
    EXPECT_EQ(expiry.kind, Expiry::Kind::kAt) << claimed;
    EXPECT_EQ(expiry.at, end) << claimed;
  }
}

TEST_F(EmitTokenTest, EndsSoonerIfTheModuleSaysSo) {
  EXPECT_EQ(expiryFor(1'800'000'060).at, kNow + std::chrono::minutes(1));
}

TEST_F(EmitTokenTest, HasAnUnknownEndIfTheTokenHas) {
  call().script.token = "eyJhbGciOiJFUzI1NiJ9.eyJhdWQiOiJ0ZXN0In0.canary-of-the-pods-token";
  EXPECT_EQ(expiryFor(RCB_EXPIRES_NEVER).kind, Expiry::Kind::kUnknown);
}

TEST_F(Emit, RefusesTheTokenFromAModuleThatDidNotAnnounceIt) {
  EXPECT_THAT(failureOf([](Services services, const rcb_request& request) {
                return services.emit("user", test::view(request.token));
              }),
              HasSubstr("emitted the pod's own token without declaring that it does"));
}

// --- fail ---

TEST_F(Fail, BecomesTheLineWithTheStatusesCode) {
  const std::pair<rcb_status, const char*> cases[] = {
      {RCB_REFUSED, "provider-refused"},      {RCB_UNAVAILABLE, "server-error"},   {RCB_BAD_ANSWER, "answer-invalid"},
      {RCB_BAD_SETTINGS, "settings-invalid"}, {RCB_EXPIRED, "credential-expired"}, {RCB_INTERNAL, "module-misbehaved"},
  };
  for (const auto& [status, slug] : cases) {
    const rcb_status returned = status;
    EXPECT_EQ(failureOf([returned](Services services, const rcb_request&) {
                return services.fail(returned, "it did not work", "try again");
              }),
              std::string("it did not work (code=") + slug + "); try again");
  }
}

TEST_F(Fail, IsReplacedByASentenceIfThereIsNone) {
  EXPECT_THAT(failureOf([](Services, const rcb_request&) { return rcb_status{RCB_REFUSED}; }),
              HasSubstr("the provider gave no reason for its failure (code=provider-refused)"));
}

TEST_F(Fail, IsMadePrintableAndShort) {
  const std::string line = failureOf([](Services services, const rcb_request&) {
    return services.fail(RCB_REFUSED, "two\nlines\x1b[0m" + std::string(1000, 'x'));
  });
  EXPECT_THAT(line, AllOf(HasSubstr("two?lines?[0mxxx"), HasSubstr("x... (code=")));
  EXPECT_LT(line.size(), 300u);
}

TEST_F(Fail, IsWithheldIfItSharesTheToken) {
  const std::string line = failureOf([](Services services, const rcb_request& request) {
    const std::string part(test::view(request.token).substr(20, 16));
    return services.fail(RCB_REFUSED, "rejected " + part, "do not use " + part);
  });
  EXPECT_EQ(line, "the provider's reason is withheld because it contains part of a secret (code=provider-refused)");
}

TEST_F(Fail, IsWithheldIfItQuotesACredentialFromAnAnswer) {
  call().script.answer(200, R"({"token":"issued-0123456789-issued","error":"try another day"})");
  EXPECT_THAT(failureOf([](Services services, const rcb_request&) {
                rcb_text body{};
                services.http({}, &body);
                return services.fail(RCB_BAD_ANSWER, std::string(test::view(body)));
              }),
              AllOf(HasSubstr("withheld"), Not(HasSubstr("issued"))));
}

TEST_F(Fail, MayQuoteTheServersOwnWordsFromAnAnswer) {
  call().script.answer(200, R"({"error":"no provider accepts this issuer"})");
  EXPECT_THAT(failureOf([](Services services, const rcb_request&) {
                rcb_text body{};
                services.http({}, &body);
                return services.fail(RCB_REFUSED, "refused: " + services.json(test::view(body), "/error").value_or(""));
              }),
              HasSubstr("refused: no provider accepts this issuer"));
}

TEST_F(Fail, IsWithheldIfItQuotesASecretSetting) {
  module_.settings = {settingNamed("apiKey")};
  module_.settings[0].flags = RCB_SETTING_SECRET;
  call().with("apiKey", "open-sesame");
  EXPECT_THAT(failureOf([](Services services, const rcb_request&) {
                return services.fail(RCB_REFUSED, "the key open-sesame is wrong");
              }),
              AllOf(HasSubstr("withheld"), Not(HasSubstr("sesame"))));
}

TEST_F(Fail, AddsItsAdviceButNotItsReasonToAServicesFailure) {
  call().script.fail(Error(ErrorCode::kDnsFailed, "the host's own reason"));
  EXPECT_EQ(failureOf([](Services services, const rcb_request&) {
              return services.fail(services.http({}), "something went wrong", "check the setting url");
            }),
            "the host's own reason (code=dns-failed); check the setting url");
}

TEST_F(Fail, PutsItsAdviceInPlaceOfTheOneForEveryRegistry) {
  call().script.answer(401, R"({"message":"no role"})");
  EXPECT_EQ(failureOf([](Services services, const rcb_request&) {
              return services.fail(services.http({}), "", "give the identity a role");
            }),
            "the exchange refused the identity: no role (code=exchange-denied, status=401, host=sts.test); give the "
            "identity a role");
}

// --- log ---

TEST_F(ModuleLog, ShowsMessageAndFields) {
  credentialOf([](Services services, const rcb_request&) {
    const rcb_field fields[] = {{text("organization"), text("acme")}};
    services.host.log(services.host.context, RCB_LOG_INFO, text("trading"), fields, 1);
    return services.emit("user", "password");
  });
  EXPECT_THAT(call().log(),
              ElementsAre(AllOf(HasSubstr("level=info"), HasSubstr("trading"), HasSubstr("organization=\"acme\""))));
}

TEST_F(ModuleLog, WithholdsWhatSharesASecret) {
  credentialOf([](Services services, const rcb_request& request) {
    const rcb_field fields[] = {{text("token"), request.token}};
    services.host.log(services.host.context, RCB_LOG_WARN, request.token, fields, 1);
    return services.emit("user", "password");
  });
  EXPECT_THAT(call().log(), ElementsAre(AllOf(HasSubstr("message=\"(withheld)\""), HasSubstr("token=\"(withheld)\""))));
}

TEST_F(ModuleLog, LeavesOutLinesBeyondAHundred) {
  credentialOf([](Services services, const rcb_request&) {
    for (int i = 0; i < 1000; ++i) services.host.log(services.host.context, RCB_LOG_WARN, text("again"), nullptr, 0);
    return services.emit("user", "password");
  });
  ASSERT_EQ(call().log().size(), 101u);
  EXPECT_THAT(call().log()[99], HasSubstr("again"));
  EXPECT_THAT(call().log()[100],
              AllOf(HasSubstr("level=warn"), HasSubstr("further lines are left out"), HasSubstr("provider=\"stub\"")));
}

TEST_F(ModuleLog, TakesAnyLevelForTheNearestOne) {
  credentialOf([](Services services, const rcb_request&) {
    services.host.log(services.host.context, -5, text("low"), nullptr, 0);
    services.host.log(services.host.context, 99, text("high"), nullptr, 0);
    return services.emit("user", "password");
  });
  EXPECT_THAT(call().log(), ElementsAre(HasSubstr("level=debug"), HasSubstr("level=error")));
}

}  // namespace
}  // namespace rcb
