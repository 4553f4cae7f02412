#include "tests/core/modules/provider_call.hpp"
#include "tests/providers/provider_forms.hpp"
#include "tests/support/temp_folder.hpp"

#include <gmock/gmock.h>

#include <string>

namespace rcb {
namespace {

using test::ProviderCall;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* kImage = "mirror.test:5000/team/app";

class StaticToken : public test::ProviderForms {
 protected:
  ProviderCall call() {
    ProviderCall call(open("static-token"));
    call.withoutToken().forImage(kImage);
    return call;
  }
  std::string file(const std::string& content, mode_t mode = 0600) { return folder_.write("file", content, mode); }
  ProviderCall withPassword(const std::string& content) {
    return withFile("passwordFile", content).with("username", "pull");
  }
  ProviderCall withCredential(const std::string& content) { return withFile("credentialFile", content); }
  ProviderCall withFile(const char* setting, const std::string& content) {
    ProviderCall result = call();
    result.with(setting, file(content));
    return result;
  }

  test::TempFolder folder_;
};

// --- passwordFile ---

TEST_P(StaticToken, ReadsAPasswordFile) {
  const IssuedCredential credential = withPassword("hunter2\n").make();
  EXPECT_EQ(credential.username, "pull");
  EXPECT_EQ(credential.password.reveal(), "hunter2");
  EXPECT_EQ(credential.expiry.kind, Expiry::Kind::kNever);
}

TEST_P(StaticToken, CutsOffOneLineEndAndNothingElse) {
  EXPECT_EQ(withPassword("hunter2").make().password.reveal(), "hunter2");
  EXPECT_EQ(withPassword("hunter2\r\n").make().password.reveal(), "hunter2");
  EXPECT_EQ(withPassword(" hunter2 \n").make().password.reveal(), " hunter2 ");
}

TEST_P(StaticToken, RefusesAnEmptyFile) {
  for (const char* content : {"", "\n", "\r\n"}) {
    EXPECT_THAT(withPassword(content).failure(), StartsWith("the file of passwordFile is empty (code=settings-invalid"))
        << content;
  }
}

TEST_P(StaticToken, RefusesAFileOfSeveralLinesAndDoesNotQuoteIt) {
  for (const char* content : {"hunter2\n\n", "hunter2\nhunter3\n", "\nhunter2", "hunter2\rhunter3"}) {
    EXPECT_THAT(withPassword(content).failure(),
                AllOf(StartsWith("the file of passwordFile has more than one line (code=settings-invalid"),
                      Not(HasSubstr("hunter"))))
        << content;
  }
}

TEST_P(StaticToken, RefusesAPasswordThatNoHeaderCarries) {
  EXPECT_THAT(withPassword(std::string("hunter\0002", 8)).failure(), HasSubstr("control characters"));
}

TEST_P(StaticToken, ReadsTheUserNameFromAFileToo) {
  ProviderCall both = withFile("passwordFile", "hunter2\n");
  both.with("usernameFile", folder_.write("user", "pull\n", 0600));
  EXPECT_EQ(both.make().username, "pull");
  ProviderCall broken = withFile("passwordFile", "hunter2\n");
  broken.with("usernameFile", folder_.write("user", "", 0600));
  EXPECT_THAT(broken.failure(), HasSubstr("the file of usernameFile is empty"));
}

TEST_P(StaticToken, RefusesAFileThatOthersMayWrite) {
  ProviderCall writable = call();
  writable.with("username", "pull").with("passwordFile", file("hunter2", 0666));
  EXPECT_THAT(writable.failure(), HasSubstr("code=file-untrusted"));
}

TEST_P(StaticToken, RefusesAFileThatIsNotThere) {
  ProviderCall absent = call();
  absent.with("username", "pull").with("passwordFile", folder_.path() + "/none");
  EXPECT_THAT(absent.failure(), AllOf(HasSubstr("/none"), HasSubstr("code=file-unreadable")));
}

// --- which settings stand together ---

TEST_P(StaticToken, WantsOneSourceOfAPassword) {
  EXPECT_THAT(call().failure(), StartsWith("neither passwordFile nor credentialFile is set (code=settings-invalid); "));
  for (const char* setting : {"username", "passwordFile"}) {
    ProviderCall both = withCredential("{}");
    both.with(setting, file("hunter2"));
    EXPECT_THAT(both.failure(), StartsWith("credentialFile stands beside")) << setting;
  }
}

TEST_P(StaticToken, WantsOneSourceOfAUserName) {
  EXPECT_THAT(withFile("passwordFile", "hunter2").failure(), HasSubstr("exactly one of username and usernameFile"));
  ProviderCall both = withPassword("hunter2");
  both.with("usernameFile", file("pull"));
  EXPECT_THAT(both.failure(), HasSubstr("exactly one of username and usernameFile"));
  EXPECT_THAT(call().with("username", "pull").failure(), StartsWith("passwordFile is not set"));
}

TEST_P(StaticToken, TakesNoUserNameWithAColon) {
  EXPECT_THAT(call().with("username", "pu:ll").settingsProblem(), HasSubstr("does not match"));
}

TEST_P(StaticToken, LetsNoAnnotationSetAnything) {
  for (const SettingSpec& setting : open("static-token").description().settings)
    EXPECT_FALSE(setting.annotatable) << setting.name;
}

// --- expiresAt ---

TEST_P(StaticToken, EndsAtExpiresAt) {
  for (const char* moment : {"2027-01-15T08:00:01Z", "2027-01-15T10:00:01+02:00", "2027-01-15T02:30:01-05:30"}) {
    ProviderCall ending = withPassword("hunter2");
    ending.with("expiresAt", moment);
    const Expiry expiry = ending.make().expiry;
    EXPECT_EQ(expiry.kind, Expiry::Kind::kAt);
    EXPECT_EQ(expiry.at, test::kNow + std::chrono::seconds(1)) << moment;
  }
}

TEST_P(StaticToken, RefusesACredentialThatHasExpired) {
  for (const char* moment :
       {"2027-01-15T08:00:00Z", "2027-01-15T07:59:59Z", "1970-01-01T00:00:00Z", "0000-01-01T00:00:00Z"}) {
    ProviderCall expired = withPassword("hunter2");
    expired.with("expiresAt", moment);
    EXPECT_THAT(expired.failure(), StartsWith("the credential has expired: expiresAt was " + std::string(moment) +
                                              " (code=credential-expired); "));
  }
}

TEST_P(StaticToken, RefusesAMomentThatThereIsNot) {
  for (const char* moment :
       {"2027-02-29T00:00:00Z", "2027-13-01T00:00:00Z", "2027-00-01T00:00:00Z", "2027-01-32T00:00:00Z",
        "2027-01-00T00:00:00Z", "2027-01-15T24:00:00Z", "2027-01-15T23:60:00Z", "2027-01-15T23:59:60Z",
        "2027-01-15T08:00:00+24:00", "2027-01-15T08:00:00-00:60"}) {
    ProviderCall impossible = withPassword("hunter2");
    impossible.with("expiresAt", moment);
    EXPECT_THAT(impossible.failure(), HasSubstr("expiresAt names no moment (code=settings-invalid)")) << moment;
  }
}

TEST_P(StaticToken, RefusesAMomentInAnotherNotation) {
  for (const char* moment : {"2027-01-15", "tomorrow", "2027-01-15 08:00:00Z", "2027-01-15T08:00:00",
                             "2027-01-15T08:00:00.5Z", "2027-1-15T08:00:00Z", "1800000000", "2027-01-15T08:00:00+2"}) {
    EXPECT_THAT(call().with("expiresAt", moment).settingsProblem(), HasSubstr("does not match")) << moment;
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
    const IssuedCredential credential =
        withCredential(dockerConfig(key, R"("auth":")" + std::string(kAuth) + '"')).make();
    EXPECT_EQ(credential.username, "pull") << key;
    EXPECT_EQ(credential.password.reveal(), "hunter2") << key;
  }
}

TEST_P(StaticToken, FindsDockerHubUnderItsOldNames) {
  for (const char* key : {"https://index.docker.io/v1/", "index.docker.io", "registry-1.docker.io", "docker.io"}) {
    ProviderCall hub = withCredential(dockerConfig(key, R"("auth":")" + std::string(kAuth) + '"'));
    EXPECT_EQ(hub.forImage("docker.io/library/alpine").make().password.reveal(), "hunter2") << key;
  }
}

TEST_P(StaticToken, TakesNoOtherRegistryForTheRightOne) {
  for (const char* key :
       {"mirror.test", "mirror.test:500", "mirror.test:5000/team", "*.test:5000", "mirror.test:5000.evil.test",
        "http://mirror.test:5000", "https://index.docker.io/v1/", "MIRROR.test:5000"}) {
    EXPECT_THAT(withCredential(dockerConfig(key, R"("auth":")" + std::string(kAuth) + '"')).failure(),
                StartsWith("the credentialFile has no user name and password for the registry in its `auths` "
                           "(code=settings-invalid"))
        << key;
  }
}

TEST_P(StaticToken, TakesUserNameAndPasswordIfThereIsNoAuth) {
  const IssuedCredential credential =
      withCredential(dockerConfig("mirror.test:5000", R"("auth":"","username":"a","password":"b")")).make();
  EXPECT_EQ(credential.username, "a");
  EXPECT_EQ(credential.password.reveal(), "b");
}

TEST_P(StaticToken, PrefersAuthToUserNameAndPassword) {
  EXPECT_EQ(withCredential(dockerConfig("mirror.test:5000",
                                        R"("auth":")" + std::string(kAuth) + R"(","username":"a","password":"b")"))
                .make()
                .username,
            "pull");
}

TEST_P(StaticToken, SplitsAuthAtTheFirstColonAndCutsOffItsPadding) {
  // pull:hunter:2, and pull:hunter2 with two zero bytes
  EXPECT_EQ(
      withCredential(dockerConfig("mirror.test:5000", R"("auth":"cHVsbDpodW50ZXI6Mg==")")).make().password.reveal(),
      "hunter:2");
  EXPECT_EQ(
      withCredential(dockerConfig("mirror.test:5000", R"("auth":"cHVsbDpodW50ZXIyAAA=")")).make().password.reveal(),
      "hunter2");
}

TEST_P(StaticToken, RefusesAnAuthThatIsNone) {
  // not base64; no colon; no user name; no password; only zero bytes
  for (const char* auth : {"pull:hunter2", "cHVsbA==", "Omh1bnRlcjI=", "cHVsbDo=", "AAAA", "*"}) {
    EXPECT_THAT(withCredential(dockerConfig("mirror.test:5000", R"("auth":")" + std::string(auth) + '"')).failure(),
                AllOf(HasSubstr("`auth` for the registry is not base64 of a user name, a colon and a password"),
                      HasSubstr("code=settings-invalid"), Not(HasSubstr("hunter"))))
        << auth;
  }
}

TEST_P(StaticToken, UsesNoIdentityTokensAndNoHelpers) {
  EXPECT_THAT(withCredential(dockerConfig("mirror.test:5000", R"("identitytoken":"canary","username":"a")")).failure(),
              AllOf(HasSubstr("credential helpers and identity tokens of a docker config are not used"),
                    Not(HasSubstr("canary"))));
  EXPECT_THAT(withCredential(R"({"credsStore":"pass","auths":{"mirror.test:5000":{}}})").failure(),
              HasSubstr("code=settings-invalid"));
}

// --- credentialFile: a kubelet's response ---

std::string response(const std::string& key, const std::string& members) {
  return R"({"apiVersion":"credentialprovider.kubelet.k8s.io/v1","kind":"CredentialProviderResponse","cacheKeyType":"Registry",)"
         R"("auth":{")" +
         key + R"(":{)" + members + "}}}";
}

TEST_P(StaticToken, FindsTheRegistryInAKubeletsResponse) {
  const IssuedCredential credential =
      withCredential(response("mirror.test:5000", R"("username":"pull","password":"hunter2")")).make();
  EXPECT_EQ(credential.username, "pull");
  EXPECT_EQ(credential.password.reveal(), "hunter2");
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
              HasSubstr("of another kind than CredentialProviderResponse"));
}

TEST_P(StaticToken, RefusesAFileThatIsNoJsonAndDoesNotQuoteIt) {
  for (const char* content : {"", "hunter2", "{\"auths\":", "[]", "pull:hunter2\n"}) {
    EXPECT_THAT(withCredential(content).failure(), AllOf(HasSubstr("code=settings-invalid"), Not(HasSubstr("hunter2"))))
        << content;
  }
}

RCB_TEST_BOTH_FORMS(StaticToken);

}  // namespace
}  // namespace rcb
