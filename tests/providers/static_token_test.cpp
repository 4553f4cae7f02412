#include "tests/providers/provider_forms.hpp"

#include <gmock/gmock.h>

#include <string>

namespace rcb {
namespace {

using sdk::ScriptedCall;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* kImage = "mirror.test:5000/team/app";
constexpr const char* kFile = "/etc/registry/file";

class StaticToken : public test::ProviderForms {
 protected:
  static ScriptedCall call() {
    ScriptedCall call = callOf("static-token");
    call.withoutToken().image(kImage);
    return call;
  }
  static ScriptedCall withPassword(const std::string& content) {
    ScriptedCall call = withFile("passwordFile", content);
    call.setting("username", "pull");
    return call;
  }
  static ScriptedCall withCredential(const std::string& content) { return withFile("credentialFile", content); }
  static ScriptedCall withFile(const char* setting, const std::string& content) {
    ScriptedCall call = StaticToken::call();
    call.setting(setting, kFile).file(kFile, content);
    return call;
  }
};

// --- passwordFile ---

TEST_P(StaticToken, ReadsAPasswordFile) {
  const ScriptedCall::Credential credential = withPassword("hunter2\n").provide();
  EXPECT_EQ(credential.username, "pull");
  EXPECT_EQ(credential.password, "hunter2");
  EXPECT_EQ(credential.expiresAt, RCB_EXPIRES_NEVER);
}

TEST_P(StaticToken, CutsOffOneLineEndAndNothingElse) {
  EXPECT_EQ(withPassword("hunter2").provide().password, "hunter2");
  EXPECT_EQ(withPassword("hunter2\r\n").provide().password, "hunter2");
  EXPECT_EQ(withPassword(" hunter2 \n").provide().password, " hunter2 ");
}

TEST_P(StaticToken, RefusesAnEmptyFile) {
  for (const char* content : {"", "\n", "\r\n"}) {
    EXPECT_EQ(withPassword(content).failure(), "the password in the file " + std::string(kFile) +
                                                   " is empty (code=settings-invalid); write the value into it");
  }
}

TEST_P(StaticToken, ReadsTheUserNameFromAFileToo) {
  const char* const kUser = "/etc/registry/user";
  ScriptedCall both = withFile("passwordFile", "hunter2\n");
  EXPECT_EQ(both.setting("usernameFile", kUser).file(kUser, "pull\n").provide().username, "pull");
  both.file(kUser, "");
  EXPECT_THAT(both.failure(), StartsWith("the user name in the file /etc/registry/user is empty (code="));
}

TEST_P(StaticToken, RefusesAFileThatIsNotThere) {
  ScriptedCall absent = call();
  absent.setting("username", "pull").setting("passwordFile", "/etc/registry/none");
  EXPECT_THAT(absent.failure(), AllOf(HasSubstr("/etc/registry/none"), HasSubstr("code=file-unreadable")));
}

// --- which settings stand together ---

TEST_P(StaticToken, WantsOneSourceOfAPassword) {
  EXPECT_EQ(call().checkFailure(),
            "settings: module static-token requires exactly one of passwordFile and credentialFile "
            "(code=settings-invalid)");
  EXPECT_EQ(withCredential("{}").setting("passwordFile", "/a").checkFailure(),
            "settings.credentialFile: cannot be combined with passwordFile (code=settings-invalid)");
  for (const std::string setting : {"username", "usernameFile"}) {
    EXPECT_EQ(withCredential("{}").setting(setting, "/a").checkFailure(),
              "settings.credentialFile: cannot be combined with " + setting + " (code=settings-invalid)");
  }
}

TEST_P(StaticToken, WantsOneSourceOfAUserName) {
  EXPECT_EQ(withFile("passwordFile", "hunter2").checkFailure(),
            "settings: module static-token requires exactly one of username and usernameFile (code=settings-invalid)");
  EXPECT_EQ(withPassword("hunter2").setting("usernameFile", "/a").checkFailure(),
            "settings.usernameFile: cannot be combined with username (code=settings-invalid)");
  EXPECT_THAT(call().setting("username", "pull").checkFailure(),
              StartsWith("settings.passwordFile: is missing: module static-token requires it"));
}

TEST_P(StaticToken, TakesNoUserNameWithAColon) {
  EXPECT_THAT(call().setting("username", "pu:ll").checkFailure(), HasSubstr("is not a valid value for"));
}

TEST_P(StaticToken, LetsNoAnnotationSetAnything) {
  const rcb_provider& table = tableOf("static-token");
  for (std::size_t i = 0; i < table.setting_count; ++i) {
    EXPECT_EQ(table.settings[i].flags & RCB_SETTING_ANNOTATION, 0u) << i;
  }
}

// --- expiresAt ---

TEST_P(StaticToken, EndsAtExpiresAt) {
  for (const char* moment : {"2027-01-15T08:00:01Z", "2027-01-15T10:00:01+02:00", "2027-01-15T02:30:01-05:30"}) {
    EXPECT_EQ(withPassword("hunter2").setting("expiresAt", moment).provide().expiresAt, kNow + 1) << moment;
  }
}

TEST_P(StaticToken, RefusesACredentialThatHasExpired) {
  for (const char* moment : {"2027-01-15T08:00:00Z", "2027-01-15T07:59:59Z", "1970-01-01T00:00:00Z"}) {
    EXPECT_THAT(withPassword("hunter2").setting("expiresAt", moment).failure(),
                StartsWith("the credential has expired: expiresAt was " + std::string(moment) +
                           " (code=credential-expired); "));
  }
}

TEST_P(StaticToken, RefusesAMomentThatThereIsNot) {
  for (const char* moment :
       {"2027-02-29T00:00:00Z", "2027-13-01T00:00:00Z", "2027-00-01T00:00:00Z", "2027-01-32T00:00:00Z",
        "2027-01-00T00:00:00Z", "2027-01-15T24:00:00Z", "2027-01-15T23:60:00Z", "2027-01-15T23:59:60Z",
        "2027-01-15T08:00:00+24:00", "2027-01-15T08:00:00-00:60", "1969-12-31T23:59:59Z", "0000-01-01T00:00:00Z"}) {
    EXPECT_THAT(withPassword("hunter2").setting("expiresAt", moment).failure(),
                HasSubstr("expiresAt is not a valid date (code=settings-invalid)"))
        << moment;
  }
}

TEST_P(StaticToken, RefusesAMomentInAnotherNotation) {
  for (const char* moment : {"2027-01-15", "tomorrow", "2027-01-15 08:00:00Z", "2027-01-15T08:00:00",
                             "2027-01-15T08:00:00.5Z", "2027-1-15T08:00:00Z", "1800000000", "2027-01-15T08:00:00+2"}) {
    EXPECT_THAT(withPassword("hunter2").setting("expiresAt", moment).checkFailure(),
                HasSubstr("is not a valid value for"))
        << moment;
  }
}

// --- credentialFile: a docker config ---

// base64 of pull:hunter2
constexpr const char* kAuth = "cHVsbDpodW50ZXIy";

std::string dockerConfig(const std::string& key, const std::string& members) {
  return R"({"auths":{"other.test":{"auth":"b3RoZXI6b3RoZXI="},")" + key + R"(":{)" + members + "}}}";
}

TEST_P(StaticToken, FindsTheRegistryInADockerConfig) {
  for (const char* key : {"mirror.test:5000", "https://mirror.test:5000", "https://mirror.test:5000/",
                          "https://mirror.test:5000/v1/", "https://mirror.test:5000/v2/", "mirror.test:5000/v2/"}) {
    const ScriptedCall::Credential credential =
        withCredential(dockerConfig(key, R"("auth":")" + std::string(kAuth) + '"')).provide();
    EXPECT_EQ(credential.username, "pull") << key;
    EXPECT_EQ(credential.password, "hunter2") << key;
  }
}

TEST_P(StaticToken, FindsDockerHubUnderItsOldNames) {
  for (const char* key : {"https://index.docker.io/v1/", "index.docker.io", "registry-1.docker.io", "docker.io"}) {
    ScriptedCall hub = withCredential(dockerConfig(key, R"("auth":")" + std::string(kAuth) + '"'));
    EXPECT_EQ(hub.image("docker.io/library/alpine").provide().password, "hunter2") << key;
  }
}

TEST_P(StaticToken, TakesNoOtherRegistryForTheRightOne) {
  for (const char* key :
       {"mirror.test", "mirror.test:500", "mirror.test:5000/teams", "mirror.test:5000/other", "*.test:5000",
        "mirror.test:5000.evil.test", "https://index.docker.io/v1/", "MIRROR.test:5000", "ftp://mirror.test:5000"}) {
    EXPECT_THAT(
        withCredential(dockerConfig(key, R"("auth":")" + std::string(kAuth) + '"')).failure(),
        StartsWith("the credentialFile has no user name and password for the registry in its `auths` "
                   "(code=settings-invalid, file=" +
                   std::string(kFile) + "); use the registry's host and port as the key, with or without https://"))
        << key;
  }
}

TEST_P(StaticToken, SaysThatKeysWithAPathOrHttpAreNotUsed) {
  for (const char* key : {"http://mirror.test:5000", "http://mirror.test:5000/", "http://mirror.test:5000/v2/"}) {
    for (const std::string& members :
         {R"("auth":")" + std::string(kAuth) + '"', std::string(R"("password":"hunter2")")}) {
      EXPECT_THAT(withCredential(dockerConfig(key, members)).failure(),
                  StartsWith("the credentialFile's key for the registry begins with http://, which is not supported "
                             "(code=settings-invalid"))
          << key;
    }
  }
  for (const char* key :
       {"mirror.test:5000/team", "https://mirror.test:5000/team/app", "http://mirror.test:5000/team"}) {
    EXPECT_THAT(withCredential(dockerConfig(key, R"("auth":")" + std::string(kAuth) + '"')).failure(),
                StartsWith("the credentialFile's key for the image has a path, which is not supported "
                           "(code=settings-invalid"))
        << key;
  }
}

TEST_P(StaticToken, ReadsTheFileThatCameBeforeTheDockerConfig) {
  for (const char* key : {"mirror.test:5000", "https://mirror.test:5000/v1/"}) {
    const ScriptedCall::Credential credential =
        withCredential(R"({")" + std::string(key) + R"(":{"auth":")" + kAuth + R"(","email":"a@b.test"}})").provide();
    EXPECT_EQ(credential.username, "pull") << key;
    EXPECT_EQ(credential.password, "hunter2") << key;
  }
}

TEST_P(StaticToken, TakesTheLastOfTwoEntriesAsDockerDoes) {
  const ScriptedCall::Credential credential =
      withCredential(R"({"auths":{"mirror.test:5000":{"username":"a","password":"b"},)"
                     R"("mirror.test:5000":{"username":"c","password":"d","password":"e"}}})")
          .provide();
  EXPECT_EQ(credential.username, "c");
  EXPECT_EQ(credential.password, "e");
}

TEST_P(StaticToken, TakesUserNameAndPasswordIfThereIsNoAuth) {
  const ScriptedCall::Credential credential =
      withCredential(dockerConfig("mirror.test:5000", R"("auth":"","username":"a","password":"b")")).provide();
  EXPECT_EQ(credential.username, "a");
  EXPECT_EQ(credential.password, "b");
}

TEST_P(StaticToken, PrefersAuthToUserNameAndPassword) {
  EXPECT_EQ(withCredential(dockerConfig("mirror.test:5000",
                                        R"("auth":")" + std::string(kAuth) + R"(","username":"a","password":"b")"))
                .provide()
                .username,
            "pull");
}

TEST_P(StaticToken, SplitsAuthAtTheFirstColonAndCutsOffItsPadding) {
  // pull:hunter:2, and pull:hunter2 with two zero bytes
  EXPECT_EQ(withCredential(dockerConfig("mirror.test:5000", R"("auth":"cHVsbDpodW50ZXI6Mg==")")).provide().password,
            "hunter:2");
  EXPECT_EQ(withCredential(dockerConfig("mirror.test:5000", R"("auth":"cHVsbDpodW50ZXIyAAA=")")).provide().password,
            "hunter2");
  // pull:hunter2 with zero bytes on both sides of the password
  EXPECT_EQ(withCredential(dockerConfig("mirror.test:5000", R"("auth":"cHVsbDoAaHVudGVyMgA=")")).provide().password,
            "hunter2");
}

TEST_P(StaticToken, DecodesAuthAsGoPrograms) {
  // Wrapped by `base64`, with the line end behind it, unpadded, and with left-over bits.
  for (const char* auth :
       {"cHVs\\nbDpo\\r\\ndW50ZXIy", "cHVsbDpodW50ZXIy\\n", "cHVsbDpodW50ZXIyMQ", "cHVsbDpodW50ZXIyMR=="}) {
    EXPECT_THAT(std::string(withCredential(dockerConfig("mirror.test:5000", R"("auth":")" + std::string(auth) + '"'))
                                .provide()
                                .password),
                StartsWith("hunter2"))
        << auth;
  }
}

TEST_P(StaticToken, RefusesAnAuthThatIsNone) {
  const std::pair<const char*, const char*> auths[] = {
      {"pull:hunter2", "the credentialFile's `auth` for the registry is not valid base64"},
      {"*", "the credentialFile's `auth` for the registry is not valid base64"},
      {"cHVsbA==", "the credentialFile's `auth` for the registry has no colon after it is decoded"},
      {"AAAA", "the credentialFile's `auth` for the registry has no colon after it is decoded"},
  };
  for (const auto& [auth, why] : auths) {
    EXPECT_THAT(withCredential(dockerConfig("mirror.test:5000", R"("auth":")" + std::string(auth) + '"')).failure(),
                AllOf(StartsWith(why), HasSubstr("(code=settings-invalid, file="), Not(HasSubstr("hunter"))))
        << auth;
  }
}

TEST_P(StaticToken, RefusesAnAuthWithoutUserNameOrPassword) {
  const std::pair<const char*, const char*> auths[] = {{"Omh1bnRlcjI=", "the user name"}, {"cHVsbDo=", "the password"}};
  for (const auto& [auth, what] : auths) {
    EXPECT_THAT(withCredential(dockerConfig("mirror.test:5000", R"("auth":")" + std::string(auth) + '"')).failure(),
                StartsWith(std::string(what) + " in the file " + kFile + " is empty (code=settings-invalid"));
  }
}

TEST_P(StaticToken, UsesNoIdentityTokensAndNoHelpersAndSaysSo) {
  for (const char* member : {"identitytoken", "registrytoken"}) {
    EXPECT_THAT(
        withCredential(dockerConfig("mirror.test:5000", '"' + std::string(member) + R"(":"canary","username":"a")"))
            .failure(),
        AllOf(StartsWith("the credentialFile has an identity token instead of a password for the registry (code="),
              Not(HasSubstr("canary"))));
  }
  // What `docker login` leaves of a registry that issues them: a user name, and an empty password.
  EXPECT_THAT(
      withCredential(dockerConfig("mirror.test:5000", R"("auth":"cHVsbDo=","identitytoken":"canary")")).failure(),
      StartsWith("the credentialFile has an identity token instead of a password for the registry"));
  EXPECT_EQ(withCredential(
                dockerConfig("mirror.test:5000", R"("auth":")" + std::string(kAuth) + R"(","identitytoken":"canary")"))
                .provide()
                .username,
            "pull");
  for (const char* config : {R"({"credsStore":"pass","auths":{"mirror.test:5000":{}}})",
                             R"({"credHelpers":{"mirror.test:5000":"ecr-login"}})", R"({"credsStore":"desktop"})"}) {
    EXPECT_THAT(withCredential(config).failure(),
                StartsWith("the credentialFile names a credential helper instead of a password for the registry, and "
                           "helpers are not run (code=settings-invalid"))
        << config;
  }
  for (const char* config : {R"({"credHelpers":{"other.test":"ecr-login"}})", R"({"auths":{}})", "{}",
                             R"({"auths":{"mirror.test:5000":{"password":"hunter2"}}})",
                             R"({"auths":{"mirror.test:5000":{"username":"pull"}}})"}) {
    EXPECT_THAT(withCredential(config).failure(),
                StartsWith("the credentialFile has no user name and password for the registry in its `auths`"))
        << config;
  }
}

// --- credentialFile: a kubelet's response ---

std::string response(const std::string& key, const std::string& members) {
  return R"({"apiVersion":"credentialprovider.kubelet.k8s.io/v1","kind":"CredentialProviderResponse","cacheKeyType":"Registry",)"
         R"("auth":{")" +
         key + R"(":{)" + members + "}}}";
}

TEST_P(StaticToken, FindsTheRegistryInAKubeletsResponse) {
  const ScriptedCall::Credential credential =
      withCredential(response("mirror.test:5000", R"("username":"pull","password":"hunter2")")).provide();
  EXPECT_EQ(credential.username, "pull");
  EXPECT_EQ(credential.password, "hunter2");
}

TEST_P(StaticToken, TakesNoWiderOrOtherKeyOfAResponse) {
  for (const char* key : {"*.test:5000", "mirror.test:5000/team", "mirror.test", "https://mirror.test:5000", "*"}) {
    EXPECT_THAT(withCredential(response(key, R"("username":"pull","password":"hunter2")")).failure(),
                StartsWith("the credentialFile has no user name and password for the registry (code=settings-invalid"))
        << key;
  }
}

TEST_P(StaticToken, RefusesAResponseWithoutUserNameOrPassword) {
  for (const char* members :
       {"", R"("username":"pull")", R"("password":"hunter2")", R"("username":"","password":"hunter2")",
        R"("username":"pull","password":"")", R"("username":"pull","password":null)"}) {
    EXPECT_THAT(withCredential(response("mirror.test:5000", members)).failure(), HasSubstr("no user name and password"))
        << members;
  }
}

TEST_P(StaticToken, RefusesAFileOfAnotherKind) {
  EXPECT_THAT(withCredential(R"({"kind":"Secret","data":{}})").failure(),
              StartsWith("the credentialFile's kind is Secret, not CredentialProviderResponse (code=settings-invalid"));
  EXPECT_THAT(withCredential(R"({"kind":"CredentialProviderRequest"})").failure(),
              StartsWith("the credentialFile's kind is CredentialProviderRequest, not CredentialProviderResponse"));
  EXPECT_THAT(withCredential(R"({"kind":"a-secret-01234567"})").failure(),
              StartsWith("the credentialFile's kind is not CredentialProviderResponse (code=settings-invalid"));
}

TEST_P(StaticToken, TakesNoNumberForAPassword) {
  EXPECT_THAT(withCredential(response("mirror.test:5000", R"("username":"pull","password":12345678)")).failure(),
              AllOf(StartsWith("the credentialFile has no user name and password"), Not(HasSubstr("12345678"))));
}

TEST_P(StaticToken, TellsWhereAFileStopsBeingJsonAndDoesNotQuoteIt) {
  const std::pair<const char*, const char*> files[] = {
      {"", "expected a value at line 1, column 1"},
      {"hunter2", "expected a value at line 1, column 1"},
      {"pull:hunter2\n", "expected a value at line 1, column 1"},
      {"{\"auths\":", "expected a value at line 1, column 10"},
      {"{\n  \"auths\": {\n    \"mirror.test\" {}", "expected ':' at line 3, column 19"},
      {"\xef\xbb\xbf{}", "it begins with a UTF-8 byte order mark"},
      {"{\"a\": \"\xe4\"}", "it is not valid UTF-8 at byte 8"},
      {R"({"auths":{"mirror.test:5000":{"username":"pull","password":"\ud800"}}})",
       "half of a surrogate pair at line 1, column 61"},
      {R"({"auths":{"mirror.test:5000":{"username":"pull","password":"a\u0000"}}})",
       "escaped NUL at line 1, column 62"},
  };
  for (const auto& [content, why] : files) {
    EXPECT_EQ(withCredential(content).failure(),
              "the file " + std::string(kFile) + " is not JSON: " + why +
                  " (code=settings-invalid); write it as JSON, in UTF-8 without a byte order mark");
  }
  EXPECT_THAT(withCredential("[]").failure(), StartsWith("the credentialFile has no user name and password"));
}

RCB_TEST_BOTH_FORMS(StaticToken);

}  // namespace
}  // namespace rcb
