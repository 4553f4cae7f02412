// The whole way with the real registry: what the exchange issues pulls what it should, and nothing else does.
#include "tests/support/world.hpp"

#include "tests/support/child_process.hpp"
#include "tests/support/temp_folder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <thread>

namespace rcb::test {
namespace {

class WorldTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new TempFolder;
    World::Options options;
    options.folder = folder_->path();
    options.withRegistry = true;
    world_ = new World(options);
    world_->registry().push("acme/app:1");
    world_->registry().push("globex/app:1");
    world_->registry().push("in-house/app:1");
    std::filesystem::create_directory(folder_->path() + "/trust");
    std::filesystem::copy_file(world_->caFile(), folder_->path() + "/trust/ca.crt");
  }
  static void TearDownTestSuite() {
    delete world_;
    delete folder_;
  }

  // What the exchange issues for a pod.
  static std::string exchange(const std::string& namespaceName, const std::string& organization) {
    const std::string token = world_->identity().issue({namespaceName, "puller", {"cloudsmith"}}, currentTime());
    world_->exchange().answer({"POST",
                               "/openid/" + organization + "/",
                               {{"content-type", "application/json"}},
                               R"({"oidc_token":")" + token + R"(","service_slug":"kubelet-puller"})"});
    return world_->exchange().issued().back();
  }
  // The same of the authorization server.
  static std::string authorize(const std::string& namespaceName) {
    const std::string token =
        world_->identity().issue({namespaceName, "puller", {TokenEndpoint::kAudience}}, currentTime());
    world_->tokenEndpoint().answer({"POST",
                                    "/oauth/token",
                                    {{"content-type", "application/x-www-form-urlencoded"}},
                                    "grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&assertion=" + token});
    return world_->tokenEndpoint().issued().back();
  }
  static Finished pull(const std::string& image, const std::string& credentials) {
    Command command;
    command.arguments = {"/usr/bin/skopeo", "--insecure-policy", "copy", "--src-cert-dir", folder_->path() + "/trust"};
    if (credentials.empty()) {
      command.arguments.push_back("--src-no-creds");
    } else {
      command.arguments.insert(command.arguments.end(), {"--src-creds", credentials});
    }
    command.arguments.insert(command.arguments.end(), {"docker://" + world_->registryHost() + "/" + image,
                                                       "dir:" + folder_->path() + "/pulled"});
    command.environment = {{"HOME", folder_->path()}, {"PATH", "/usr/bin:/bin"}};
    return runCommand(command, std::chrono::seconds(30));
  }

  static TempFolder* folder_;
  static World* world_;
};
TempFolder* WorldTest::folder_ = nullptr;
World* WorldTest::world_ = nullptr;

TEST_F(WorldTest, PullsWithWhatTheExchangeIssued) {
  const Finished pulled = pull("acme/app:1", "token:" + exchange("team-a", "acme"));
  EXPECT_EQ(pulled.exitStatus, 0) << pulled.errors;
}

TEST_F(WorldTest, PullsWithWhatTheAuthorizationServerIssued) {
  const std::string credential = std::string(TokenEndpoint::kUser) + ":" + authorize("team-a");
  const Finished pulled = pull("in-house/app:1", credential);
  EXPECT_EQ(pulled.exitStatus, 0) << pulled.errors;
  EXPECT_NE(pull("acme/app:1", credential).exitStatus, 0);
}

TEST_F(WorldTest, RefusesAnotherOrganizationsImages) {
  const Finished pulled = pull("globex/app:1", "token:" + exchange("team-b", "acme"));
  EXPECT_NE(pulled.exitStatus, 0);
  EXPECT_NE(pulled.errors.find("denied"), std::string::npos) << pulled.errors;
  EXPECT_EQ(pull("globex/app:1", "token:" + exchange("team-b", "globex")).exitStatus, 0);
}

TEST_F(WorldTest, RefusesAnythingElse) {
  const std::string good = exchange("team-a", "acme");
  const std::string serviceAccountToken = world_->identity().issue({"team-a", "puller", {"cloudsmith"}}, currentTime());
  for (const std::string& credentials :
       {std::string(), "token:" + good.substr(0, good.size() - 8), "user:" + good, "token:" + serviceAccountToken,
        std::string("token:secret"), "AWS:" + good, "oauth2accesstoken:" + serviceAccountToken,
        "00000000-0000-0000-0000-000000000000:" + good, "ci-team-a:" + good}) {
    const Finished pulled = pull("acme/app:1", credentials);
    EXPECT_NE(pulled.exitStatus, 0);
    EXPECT_NE(pulled.errors.find("unauthorized"), std::string::npos) << pulled.errors;
  }
}

TEST(WorldProgram, ServesUntilItIsToldToEnd) {
  const TempFolder folder;
  const std::string program = RCB_BINARY_DIR "/bin/rcb-test-world";
  BackgroundProcess world({{program, "serve", "--folder", folder.path() + "/world"}, {}, ""}, folder.path() + "/log");
  const std::string ready = folder.path() + "/world/ready";
  while (world.running() && !std::filesystem::exists(ready)) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  ASSERT_TRUE(world.running());
  const Finished minted = runCommand({{program, "token", "--folder", folder.path() + "/world", "--namespace", "team-a",
                                       "--service-account", "puller", "--expires-in", "-60"},
                                      {},
                                      ""},
                                     std::chrono::seconds(20));
  EXPECT_EQ(minted.exitStatus, 0) << minted.errors;
  EXPECT_EQ(std::count(minted.output.begin(), minted.output.end(), '.'), 2);
}

}  // namespace
}  // namespace rcb::test
