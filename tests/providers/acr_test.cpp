#include "providers/acr/acr.hpp"

#include "tests/providers/provider_forms.hpp"

#include <gmock/gmock.h>

#include <string>
#include <string_view>
#include <utility>

namespace rcb {
namespace {

using sdk::ScriptedCall;
using std::chrono::hours;
using std::chrono::minutes;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* kTenant = "72f988bf-0000-4000-8000-2d7cd011db47";
constexpr const char* kClient = "1b730954-1685-4b74-9bfd-dac224a7b894";
constexpr const char* kAccessToken =
    R"({"token_type":"Bearer","expires_in":3599,"access_token":"entra-canary-0123456789"})";

class Acr : public test::ProviderForms {
 protected:
  static ScriptedCall call(std::string_view image = "contoso.azurecr.io/team/app") {
    ScriptedCall made = callOf("acr");
    made.setting("tenantId", kTenant).setting("clientId", kClient).image(image).token(token());
    return made;
  }
  // Whose access token is issued; what follows is the registry's.
  static ScriptedCall loggedIn(std::string_view image = "contoso.azurecr.io/team/app") {
    ScriptedCall made = call(image);
    made.answer(200, kAccessToken);
    return made;
  }
  static std::string token() { return jwt(hours(1)); }
  static std::string entraError(const std::string& members) { return "{\"error\":\"invalid_client\"," + members + "}"; }
  // The line after this answer from Entra, whose content is JSON.
  static std::string entraFailure(int status, const std::string& body) {
    return call().answer(status, body, {{"Content-Type", "application/json; charset=utf-8"}}).failure();
  }
  static std::string registryFailure(int status, const std::string& body) {
    return loggedIn().answer(status, body, {{"Content-Type", "application/json"}}).failure();
  }
  // Why `validate` refuses the settings.
  static std::string refused(std::string_view image,
                             std::initializer_list<std::pair<std::string_view, std::string_view>> settings = {}) {
    ScriptedCall made = call(image);
    for (const auto& [name, value] : settings) made.setting(name, value);
    return made.checkFailure();
  }
  static std::string form(std::string_view tenant, std::string_view service = "contoso.azurecr.io") {
    return "grant_type=access_token&service=" + std::string(service) + std::string(tenant) +
           "&access_token=entra-canary-0123456789";
  }
  const std::string refresh_ = jwt(hours(3));
  const std::string issued_ = R"({"refresh_token":")" + refresh_ + "\"}";
};

// --- Allowed ---

TEST_P(Acr, ExchangesTheTokenAtEntraAndThenAtTheRegistry) {
  ScriptedCall made = loggedIn();
  const ScriptedCall::Credential credential = made.answer(200, issued_).provide();
  EXPECT_EQ(credential.username, "00000000-0000-0000-0000-000000000000");
  EXPECT_EQ(credential.password, refresh_);
  EXPECT_EQ(credential.expiresAt, kNow + 3 * 3600);
  EXPECT_FALSE(credential.forImageOnly);

  ASSERT_EQ(made.requestCount(), 2u);
  EXPECT_EQ(made.request(0).method(), "POST");
  EXPECT_EQ(made.request(0).url(),
            "https://login.microsoftonline.com/72f988bf-0000-4000-8000-2d7cd011db47/oauth2/v2.0/token");
  EXPECT_EQ(made.request(0).header("Content-Type"), "application/x-www-form-urlencoded");
  EXPECT_EQ(made.request(0).body(),
            "client_id=1b730954-1685-4b74-9bfd-dac224a7b894&grant_type=client_credentials&client_assertion_type="
            "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=" +
                token() + "&scope=https%3A%2F%2Fcontainerregistry.azure.net%2F.default");
  EXPECT_TRUE(made.request(0).repeatable());
  EXPECT_EQ(made.request(1).method(), "POST");
  EXPECT_EQ(made.request(1).url(), "https://contoso.azurecr.io/oauth2/exchange");
  EXPECT_EQ(made.request(1).header("Content-Type"), "application/x-www-form-urlencoded");
  EXPECT_EQ(made.request(1).body(), form("&tenant=72f988bf-0000-4000-8000-2d7cd011db47"));
  EXPECT_TRUE(made.request(1).repeatable());
}

TEST_P(Acr, AsksAReplicaByTheNameOfItsRegistry) {
  ScriptedCall made = loggedIn("contoso-d7ezgzevdwfvc8ht.eastus.geo.azurecr.io/app");
  made.answer(200, issued_).provide();
  EXPECT_EQ(made.request(1).url(), "https://contoso-d7ezgzevdwfvc8ht.eastus.geo.azurecr.io/oauth2/exchange");
  EXPECT_THAT(made.request(1).body(), HasSubstr("&service=contoso-d7ezgzevdwfvc8ht.azurecr.io&"));
}

TEST_P(Acr, AsksTheEntraOfTheCloud) {
  const std::pair<const char*, const char*> clouds[] = {
      {"public", "login.microsoftonline.com"},      {"china", "login.partner.microsoftonline.cn"},
      {"usgovernment", "login.microsoftonline.us"}, {"bleu", "login.sovcloud-identity.fr"},
      {"delos", "login.sovcloud-identity.de"},
  };
  const std::pair<const char*, const char*> registries[] = {
      {"public", "contoso.azurecr.io"},
      {"china", "contoso.azurecr.cn"},
      {"usgovernment", "contoso.azurecr.us"},
      {"bleu", "contoso.azurecr.sovcloud-azure.fr"},
      {"delos", "contoso.azurecr.sovcloud-azure.de"},
  };
  for (std::size_t i = 0; i < std::size(clouds); ++i) {
    ScriptedCall made = loggedIn(std::string(registries[i].second) + "/app");
    made.setting("cloud", clouds[i].first).answer(200, issued_).provide();
    EXPECT_EQ(made.request(0).url(), "https://" + std::string(clouds[i].second) + "/" + kTenant + "/oauth2/v2.0/token");
    EXPECT_EQ(made.request(1).url(), "https://" + std::string(registries[i].second) + "/oauth2/exchange");
  }
}

TEST_P(Acr, AsksTheHostsOfTheSettings) {
  ScriptedCall made = loggedIn("contoso.azurecr.example/app");
  made.setting("authorityHost", "login.example:8443").setting("registrySuffix", "azurecr.example");
  made.setting("scope", "https://management.example//.default").answer(200, issued_).provide();
  EXPECT_EQ(made.request(0).url(), "https://login.example:8443/" + std::string(kTenant) + "/oauth2/v2.0/token");
  EXPECT_THAT(made.request(0).body(), EndsWith("&scope=https%3A%2F%2Fmanagement.example%2F%2F.default"));
  EXPECT_EQ(made.request(1).url(), "https://contoso.azurecr.example/oauth2/exchange");
}

TEST_P(Acr, AsksTheLoginServerOfAMirror) {
  ScriptedCall made = loggedIn("mirror.internal:5000/app");
  made.setting("loginServer", "contoso.azurecr.io").answer(200, issued_).provide();
  EXPECT_EQ(made.request(1).url(), "https://contoso.azurecr.io/oauth2/exchange");
  EXPECT_EQ(made.request(1).body(), form("&tenant=72f988bf-0000-4000-8000-2d7cd011db47"));
}

TEST_P(Acr, LeavesATenantThatIsADomainOutOfTheExchange) {
  ScriptedCall made = callOf("acr");
  made.setting("tenantId", "contoso.onmicrosoft.com").setting("clientId", kClient);
  made.image("contoso.azurecr.io/app").answer(200, kAccessToken).answer(200, issued_).provide();
  EXPECT_EQ(made.request(0).url(), "https://login.microsoftonline.com/contoso.onmicrosoft.com/oauth2/v2.0/token");
  EXPECT_EQ(made.request(1).body(), form(""));
}

// --- Expiries ---

TEST_P(Acr, DoesNotMindHowEntraWritesALifetime) {
  for (const char* lifetime : {"3599", "\"3599\"", "0", "-1", "null", "\"soon\"", "1e99"}) {
    ScriptedCall made = call();
    made.answer(200, R"({"access_token":"entra-canary-0123456789","expires_in":)" + std::string(lifetime) + "}");
    EXPECT_EQ(made.answer(200, issued_).provide().expiresAt, kNow + 3 * 3600) << lifetime;
  }
}

TEST_P(Acr, TakesTheLifetimeOfTheRegistrysAnswerAsANumberOrAsAString) {
  for (const char* lifetime : {"3600", "\"3600\""}) {
    const std::string answer = R"({"refresh_token":")" + refresh_ + R"(","expires_in":)" + std::string(lifetime) + "}";
    EXPECT_EQ(loggedIn().answer(200, answer).provide().expiresAt, kNow + 3600) << lifetime;
  }
}

TEST_P(Acr, NeverKeepsARefreshTokenForLongerThanItSays) {
  for (const char* lifetime : {"999999999", "\"999999999999\"", "9223372036854775807"}) {
    const std::string answer = R"({"refresh_token":")" + refresh_ + R"(","expires_in":)" + std::string(lifetime) + "}";
    EXPECT_EQ(loggedIn().answer(200, answer).provide().expiresAt, kNow + 3 * 3600) << lifetime;
  }
}

TEST_P(Acr, KnowsNoExpiryOfARefreshTokenWithoutOne) {
  for (const std::string& password : {std::string("opaque"), jwt(std::nullopt)}) {
    const auto credential = loggedIn().answer(200, R"({"refresh_token":")" + password + "\"}").provide();
    EXPECT_EQ(credential.expiresAt, RCB_EXPIRES_UNKNOWN);
    EXPECT_EQ(credential.cachedFor.count(), 0);
  }
}

TEST_P(Acr, IsKeptNoLongerThanTheRefreshTokenWasIssuedForWhateverTheNodesClockSays) {
  for (int skew = -12; skew <= 12; ++skew) {
    ScriptedCall made = loggedIn();
    made.time(kNow + skew * 3600).answer(200, R"({"refresh_token":")" + jwt(hours(3), hours(0)) + "\"}");
    const std::chrono::seconds kept = made.provide().cachedFor;
    EXPECT_LE(kept, minutes(162)) << skew;  // three hours less a tenth
    EXPECT_EQ(kept.count() == 0, skew >= 3) << skew;
  }
}

TEST_P(Acr, RefusesALifetimeThatIsNone) {
  for (const char* lifetime : {"0", "-1", "\"\"", "\"0\"", "\"1h\"", "\" 60\"", "true", "[]", "null", "1.5"}) {
    const std::string answer = R"({"refresh_token":")" + refresh_ + R"(","expires_in":)" + std::string(lifetime) + "}";
    EXPECT_THAT(loggedIn().answer(200, answer).failure(),
                HasSubstr("the lifetime in the registry's answer is not a number of seconds (code=answer-invalid"))
        << lifetime;
  }
}

// --- Refused by Entra ---

TEST_P(Acr, NamesTheSubjectThatNoFederatedCredentialHas) {
  EXPECT_THAT(
      entraFailure(401, entraError(R"("error_codes":[700213],"error_description":"AADSTS700213: No matching")")),
      AllOf(StartsWith("Microsoft Entra issued no token: no federated credential of the client has the subject of "
                       "the pod's token (AADSTS700213) (code=provider-refused)"),
            HasSubstr("system:serviceaccount:team-a:builder")));
}

TEST_P(Acr, NamesTheAudienceThatTheCloudExpects) {
  EXPECT_THAT(entraFailure(400, entraError(R"("error_codes":[700212])")), HasSubstr("api://AzureADTokenExchange"));
  ScriptedCall made = call("contoso.azurecr.us/app");
  made.setting("cloud", "usgovernment");
  made.answer(400, entraError(R"("error_codes":[700212])"), {{"Content-Type", "application/json"}});
  EXPECT_THAT(made.failure(), HasSubstr("api://AzureADTokenExchangeUSGov"));
}

TEST_P(Acr, FindsTheCodeInTheDescriptionToo) {
  for (const char* codes : {"", R"("error_codes":[],)", R"("error_codes":["x"],)", R"("error_codes":null,)"}) {
    EXPECT_THAT(
        entraFailure(400, entraError(std::string(codes) + R"("error_description":"AADSTS90002: Tenant not found")")),
        HasSubstr("the tenant is not in this cloud (AADSTS90002)"))
        << codes;
  }
}

TEST_P(Acr, GoesByTheStatusIfThereIsNoCode) {
  EXPECT_THAT(entraFailure(400, "{}"), HasSubstr("it refused the request (status 400) (code=provider-refused)"));
  EXPECT_THAT(entraFailure(404, ""), HasSubstr("(status 404)"));
  EXPECT_THAT(call().answer(403, "<html>AADSTS700213</html>", {{"Content-Type", "text/html"}}).failure(),
              AllOf(HasSubstr("(status 403)"), Not(HasSubstr("html"))));
  EXPECT_THAT(call().answer(401, entraError(R"("error_codes":[700213])")).failure(), HasSubstr("(status 401)"));
}

TEST_P(Acr, HasTheCorrelationIdThatEntrasLogsHave) {
  EXPECT_THAT(
      entraFailure(401, entraError(R"("error_codes":[700213],"error_description":"for system:serviceaccount:)"
                                   R"(team-a:builder","correlation_id":"79448f5c-ed24-9fa1-d4ef-a415c792aba8")")),
      AllOf(HasSubstr("(AADSTS700213, correlation ID 79448f5c-ed24-9fa1-d4ef-a415c792aba8)"),
            HasSubstr("system:serviceaccount:team-a:builder")));
  EXPECT_THAT(entraFailure(401, entraError(R"("error_codes":[700213],"correlation_id":"entra-canary-0123456789")")),
              HasSubstr("(AADSTS700213) ("));
}

TEST_P(Acr, IsUnavailableWhileEntraIs) {
  EXPECT_THAT(entraFailure(503, "{not JSON"), HasSubstr("it failed (status 503) (code=server-error"));
  for (const int status : {408, 429, 500, 503}) {
    EXPECT_THAT(entraFailure(status, entraError(R"("error_codes":[90055])")), HasSubstr("(code=server-error"));
  }
  EXPECT_THAT(entraFailure(400, entraError(R"("error_codes":[90033])")), HasSubstr("(AADSTS90033) (code=server-error"));
  EXPECT_THAT(call().noAnswer(ScriptedCall::NoAnswer::kUnreachable).failure(), HasSubstr("code=connect-failed"));
  EXPECT_THAT(call().noAnswer(ScriptedCall::NoAnswer::kUntrusted).failure(), HasSubstr("code=tls-failed"));
}

TEST_P(Acr, FollowsNoRedirect) {
  ScriptedCall made = call();
  made.answer(307, "", {{"Location", "https://evil.test/"}});
  EXPECT_THAT(made.failure(), AllOf(HasSubstr("redirect"), HasSubstr("code=answer-invalid"), Not(HasSubstr("evil"))));
  EXPECT_EQ(made.requestCount(), 1u);
  EXPECT_THAT(registryFailure(308, ""), HasSubstr("code=redirect"));
}

TEST_P(Acr, AsksTheRegistryNothingWithoutAnAccessToken) {
  for (const char* body : {"{}", R"({"access_token":""})", R"({"access_token":1})", R"({"access_token":null})",
                           R"({"access_token":["a"]})", "[]", R"({"error":"x"})"}) {
    ScriptedCall made = call();
    made.answer(200, body);
    EXPECT_THAT(made.failure(), HasSubstr("Microsoft Entra's answer contains no access token (code=answer-invalid"))
        << body;
    EXPECT_EQ(made.requestCount(), 1u);
  }
  EXPECT_THAT(call().answer(200, "<html>sign in</html>").failure(),
              HasSubstr("the answer from login.microsoftonline.com is not JSON"));
}

// --- Refused by the registry ---

TEST_P(Acr, ReportsTheRegistrysReason) {
  EXPECT_THAT(registryFailure(401, R"({"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]})"),
              AllOf(HasSubstr("authentication required (code=exchange-denied, status=401, host=contoso.azurecr.io)"),
                    HasSubstr("; give the client the role AcrPull")));
  EXPECT_THAT(registryFailure(
                  403, R"({"errors":[{"code":"DENIED","message":"client with IP '10.0.0.1' is not allowed access"}]})"),
              AllOf(HasSubstr("client with IP '10.0.0.1' is not allowed access"), HasSubstr("code=exchange-denied")));
  EXPECT_THAT(registryFailure(404, ""), HasSubstr("code=exchange-rejected"));
  EXPECT_THAT(registryFailure(429, ""), HasSubstr("code=throttled"));
  EXPECT_THAT(registryFailure(503, ""), HasSubstr("code=server-error"));
}

TEST_P(Acr, RefusesAnAnswerWithoutARefreshToken) {
  for (const char* body :
       {"{}", R"({"refresh_token":""})", R"({"refresh_token":7})", R"({"access_token":"a"})", "[]"}) {
    EXPECT_THAT(loggedIn().answer(200, body).failure(),
                HasSubstr("the registry's answer contains no refresh token (code=answer-invalid"))
        << body;
  }
  EXPECT_THAT(loggedIn().answer(200, "no").failure(), HasSubstr("the answer from contoso.azurecr.io is not JSON"));
}

TEST_P(Acr, RefusesARefreshTokenThatNoRequestCanCarry) {
  EXPECT_THAT(loggedIn().answer(200, R"({"refresh_token":" \t"})").failure(), HasSubstr("code=answer-invalid"));
  EXPECT_THAT(loggedIn().answer(200, R"({"refresh_token":")" + std::string(70'000, 'x') + "\"}").failure(),
              HasSubstr("the password in the answer from contoso.azurecr.io is 70000 bytes long"));
  EXPECT_THAT(loggedIn().answer(200, R"({"refresh_token":"a\nb"})").failure(), HasSubstr("code=answer-invalid"));
}

TEST_P(Acr, GivesAwayNoPodsTokenForACredential) {
  EXPECT_THAT(loggedIn().answer(200, R"({"refresh_token":")" + token() + "\"}").failure(),
              HasSubstr("is the pod's own token"));
}

// --- Secrets ---

TEST_P(Acr, ShowsNoSecretInAMessage) {
  const std::string echo = R"("error_description":"AADSTS1: )" + token() + R"(","error_codes":[1])";
  for (const std::string& line :
       {entraFailure(400, entraError(echo)), entraFailure(200, entraError(echo)),
        registryFailure(401, R"({"errors":[{"message":"cannot read entra-canary-0123456789"}]})"),
        registryFailure(400, R"({"errors":[{"message":")" + token() + "\"}]}"),
        loggedIn().answer(200, R"({"refresh":")" + refresh_ + "\"}").failure()}) {
    EXPECT_THAT(line, AllOf(Not(HasSubstr("canary")), Not(HasSubstr(token().substr(0, 40))),
                            Not(HasSubstr(refresh_.substr(refresh_.size() - 20)))))
        << line;
  }
}

TEST_P(Acr, LogsNothing) {
  ScriptedCall made = loggedIn();
  made.answer(200, issued_).provide();
  EXPECT_TRUE(made.log().empty());
}

// --- Settings ---

TEST_P(Acr, RefusesARegistryOfAnotherCloudWithoutARequest) {
  EXPECT_THAT(refused("contoso.azurecr.cn/app"),
              AllOf(HasSubstr("contoso.azurecr.cn is not a login server below azurecr.io (code=settings-invalid"),
                    HasSubstr("set cloud to china")));
  EXPECT_THAT(refused("contoso.azurecr.io/app", {{"cloud", "china"}}), HasSubstr("set cloud to public"));
  EXPECT_THAT(refused("contoso.azurecr.io.evil.test/app"), HasSubstr("is not a login server"));
  EXPECT_THAT(refused("contoso.azurecr.io:5000/app"), HasSubstr("is not a login server"));
  EXPECT_THAT(refused("contoso.eastus.data.azurecr.io/app"), HasSubstr("is a data endpoint"));
  ScriptedCall made = call("contoso.azurecr.cn/app");
  EXPECT_THAT(made.failure(), HasSubstr("code=settings-invalid"));
  EXPECT_EQ(made.requestCount(), 0u);
}

TEST_P(Acr, TakesOnlyATenantForATenant) {
  for (const char* tenant : {"common",
                             "organizations",
                             "consumers",
                             "",
                             "..",
                             "../x",
                             "a/b",
                             "contoso.com/x",
                             "contoso.com?",
                             "contoso..com",
                             ".com",
                             "contoso.",
                             "-contoso.com",
                             "contoso.c",
                             "72f988bf-0000-4000-8000-2d7cd011db4",
                             "{tenant}",
                             "72f988bf00004000800002d7cd011db47",
                             "contoso.com\n",
                             "127.0.0.1",
                             "contoso.com:443",
                             "a@contoso.com"}) {
    ScriptedCall made = callOf("acr");
    made.setting("tenantId", tenant).setting("clientId", kClient).image("contoso.azurecr.io/app");
    EXPECT_THAT(made.checkFailure(), HasSubstr("tenantId")) << tenant;
  }
  for (const char* tenant : {"72F988BF-0000-4000-8000-2D7CD011DB47", "contoso.com", "a.b-c.example"}) {
    ScriptedCall made = callOf("acr");
    made.setting("tenantId", tenant).setting("clientId", kClient).image("contoso.azurecr.io/app");
    EXPECT_NO_THROW(made.check()) << tenant;
  }
}

TEST_P(Acr, TakesOnlyAGuidForAClient) {
  for (const char* client : {"", "puller", "1b730954-1685-4b74-9bfd-dac224a7b89",
                             "1b730954-1685-4b74-9bfd-dac224a7b8945", "1b73095416854b749bfddac224a7b894",
                             "g b730954-1685-4b74-9bfd-dac224a7b894", "1b730954-1685-4b74-9bfd-dac224a7b894&x=1"}) {
    ScriptedCall made = callOf("acr");
    made.setting("tenantId", kTenant).setting("clientId", client).image("contoso.azurecr.io/app");
    EXPECT_THAT(made.checkFailure(), HasSubstr("clientId")) << client;
  }
}

TEST_P(Acr, NeedsBothHostsOfACloudThatItDoesNotKnow) {
  EXPECT_THAT(refused("contoso.azurecr.example/app", {{"registrySuffix", "azurecr.example"}}),
              HasSubstr("authorityHost"));
  EXPECT_THAT(refused("contoso.azurecr.io/app", {{"authorityHost", "login.example"},
                                                 {"registrySuffix", "azurecr.example"},
                                                 {"loginServer", "contoso.azurecr.example"}}),
              HasSubstr("loginServer"));
}

TEST_P(Acr, NeedsATenantAClientAndAToken) {
  EXPECT_THAT(callOf("acr").setting("clientId", kClient).checkFailure(), HasSubstr("tenantId"));
  EXPECT_THAT(callOf("acr").setting("tenantId", kTenant).checkFailure(), HasSubstr("clientId"));
  EXPECT_THAT(call().withoutToken().failure(), HasSubstr("identity"));
}

TEST_P(Acr, LetsAnnotationsSetTenantAndClientAndNothingElse) {
  const rcb_provider& table = tableOf("acr");
  for (std::size_t i = 0; i < table.setting_count; ++i) {
    const std::string_view name(table.settings[i].name.data, table.settings[i].name.size);
    const bool annotatable = (table.settings[i].flags & RCB_SETTING_ANNOTATION) != 0;
    EXPECT_EQ(annotatable, name == "tenantId" || name == "clientId") << name;
  }
}

RCB_TEST_BOTH_FORMS(Acr);

}  // namespace
}  // namespace rcb
