// Modules of the contract's version 1.0 and of an invented 1.1 in this host, which is one of both: built as two programs.

#include "core/modules/provider_set.hpp"
#include "tests/core/modules/provider_call.hpp"
#include "tests/support/error_matchers.hpp"

#include "rcb/provider_abi.h"

#include <gmock/gmock.h>

#include <string>

namespace rcb {
namespace {

using test::ProviderCall;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

static_assert(RCB_ABI_MINOR == RCB_HOST_MINOR, "this program is built with the header of another version");
constexpr bool kIsNext = RCB_HOST_MINOR == 1;

class Contract : public testing::Test {
 protected:
  const Provider& open(const std::string& name) {
    return providers_.open(std::string(RCB_FIXTURE_MODULES) + "/" + name + ".so");
  }
  // The line that the operator sees when the module is opened.
  std::string refusalOf(const std::string& name) {
    try {
      open(name);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kModuleRefused);
      return error.line();
    }
    return "(opened)";
  }

 private:
  ProviderSet providers_{{}, {RCB_FIXTURE_MODULES}};
};

// Of the other version every struct has another size, in the arrays of the table too.
TEST_F(Contract, ServesModulesOfEitherVersion) {
  for (const char* name : {"plain-of-1-0", "plain-of-1-1"}) {
    const Provider& provider = open(name);
    const ProviderDescription& description = provider.description();
    EXPECT_EQ(description.summary, "A fixture.") << name;
    ASSERT_EQ(description.settings.size(), 3u) << name;
    EXPECT_EQ(description.settings[0].type, SettingType::kUrl) << name;
    EXPECT_EQ(description.settings[1].defaultValue, "builder") << name;
    EXPECT_EQ(description.settings[2].name, "last") << name;
    EXPECT_EQ(description.settings[2].summary, "The last one.") << name;
    ASSERT_EQ(description.relations.size(), 2u) << name;
    EXPECT_THAT(description.relations[1].names, ElementsAre("user", "last")) << name;

    ProviderCall call(provider);
    call.script.answer(200, R"({"token":"open-sesame"})");
    const IssuedCredential credential = call.with("url", "https://sts.test/token").provide();
    EXPECT_EQ(credential.username, "builder") << name;
    EXPECT_EQ(credential.password.reveal(), "open-sesame") << name;
    EXPECT_THAT(call.requests().at(0).headers, IsEmpty()) << name;
  }
}

TEST_F(Contract, GivesANewerModuleWhatItHas) {
  const Provider& provider = open("steps-down");
  EXPECT_EQ(provider.description().summary, kIsNext ? "A fixture. https://example.test/" : "A fixture.");
  ASSERT_EQ(provider.description().settings.size(), 2u);
  EXPECT_EQ(provider.description().settings[1].name, "second");
  EXPECT_EQ(provider.description().settings[1].summary, kIsNext ? "example 2" : "");

  ProviderCall call(provider);
  call.script.answer(200, "");
  const IssuedCredential credential = call.provide();
  EXPECT_EQ(credential.username, kIsNext ? "cluster-7+note" : "no-cluster");
  EXPECT_EQ(credential.password.reveal(), kIsNext ? "hey!" : "no service");
  if (kIsNext) {
    EXPECT_THAT(call.requests().at(0).headers, ElementsAre(Pair("Trace", "42")));
  } else {
    EXPECT_THAT(call.requests().at(0).headers, IsEmpty());
  }
}

TEST_F(Contract, IsNotEnoughForAModuleThatDemandsMore) {
  const auto refusal = [](const std::string& module, const std::string& flag) {
    return "the provider module " + module + " needs a newer registry-credential-broker: the flag " + flag +
           " is not in version 1.0 of the module contract; the module was built for 1.1 (code=module-refused); install "
           "a "
           "newer registry-credential-broker, or an older version of the module";
  };
  const std::string opened = "(opened)";
  EXPECT_EQ(refusalOf("demands-trait"), kIsNext ? opened : refusal("demands-trait", "0x8 of its traits"));
  EXPECT_EQ(refusalOf("demands-setting"), kIsNext ? opened : refusal("demands-setting", "0x10 of its setting second"));
}

TEST_F(Contract, IsNotEnoughForARequestThatDemandsMore) {
  ProviderCall call(open("demands-request"));
  if (kIsNext) {
    call.script.answer(200, "");
    EXPECT_EQ(call.provide().password.reveal(), "hey!");
    return;
  }
  EXPECT_EQ(
      call.failure(),
      "the provider module demands-request needs a newer registry-credential-broker: the flag 0x4 of a request is "
      "not in version 1.0 of the module contract; the module was built for 1.1 (code=module-misbehaved); install a "
      "newer registry-credential-broker, or an older version of the module");
  EXPECT_TRUE(call.requests().empty());
}

TEST_F(Contract, IsEnoughForWhatMayBeIgnored) {
  // All modules that are built with next.c set a hint in every word of flags.
  for (const char* name : {"steps-down", "demands-request"}) EXPECT_EQ(refusalOf(name), "(opened)") << name;
}

}  // namespace
}  // namespace rcb
