// The text of XML documents: what a module gets, whose fault a document is that is not XML, and what stays a secret.

#include "tests/core/modules/lent_services.hpp"

#include <gmock/gmock.h>

#include <optional>
#include <string>
#include <string_view>

namespace rcb {
namespace {

using test::HostServicesTest;
using test::Services;
using test::settingNamed;
using test::text;
using testing::StartsWith;

class XmlService : public HostServicesTest {
 protected:
  XmlService() {
    module_.settings = {settingNamed("file")};
    module_.settings[0].type = RCB_SETTING_FILE;
  }
  static rcb_status read(Services services, std::string_view document, std::string_view path, rcb_text& value) {
    return services.host.xml_text(services.host.context, text(document), text(path), &value);
  }
  static std::optional<std::string> found(Services services, std::string_view document, std::string_view path) {
    rcb_text value{};
    const rcb_status status = read(services, document, path, value);
    if (status == RCB_OK) return std::string(test::view(value));
    EXPECT_EQ(status, RCB_ABSENT);
    return std::nullopt;
  }
  static std::string_view body(Services services) {
    rcb_text body{};
    EXPECT_EQ(services.http({}, &body), RCB_OK);
    return test::view(body);
  }
  // The failure of a module that reads its document, which is not one.
  std::string failureOfReading(std::string_view document) {
    return failureOf([document](Services services, const rcb_request&) {
      rcb_text value{};
      return read(services, document, "/a", value);
    });
  }
};

TEST_F(XmlService, GivesTheTextOfAnAnswersElement) {
  call().script.answer(200, "<r xmlns='urn:x'><c><k>AKIA</k><e/></c><c><k>second</k></c></r>");
  credentialOf([](Services services, const rcb_request&) {
    const std::string_view answer = body(services);
    EXPECT_EQ(found(services, answer, "/r/c/k"), "AKIA");
    EXPECT_EQ(found(services, answer, "/r/c/e"), "");
    EXPECT_EQ(found(services, answer, "/r/c"), std::nullopt);
    EXPECT_EQ(found(services, answer, "/r/k"), std::nullopt);
    EXPECT_EQ(found(services, answer, "/k"), std::nullopt);
    return services.emit("user", "password");
  });
}

TEST_F(XmlService, GivesATextWithAnAddressAlsoIfItIsEmpty) {
  credentialOf([](Services services, const rcb_request&) {
    rcb_text value{};
    EXPECT_EQ(read(services, "<a/>", "/a", value), RCB_OK);
    EXPECT_NE(value.data, nullptr);
    EXPECT_EQ(value.size, 0u);
    return services.emit("user", "password");
  });
}

TEST_F(XmlService, IsAnsweredOnlyForAPath) {
  for (const char* path : {"", "a", "/", "/a/", "//a"}) {
    EXPECT_EQ(failureOf([path](Services services, const rcb_request&) {
                rcb_text value{};
                EXPECT_EQ(read(services, "<a/>", path, value), RCB_INTERNAL);
                return services.emit("user", "password");
              }),
              "the provider module stub called xml_text with a path that is not of the form /NAME/NAME "
              "(code=module-misbehaved); report this bug to the module's author");
  }
}

TEST_F(XmlService, NeedsReadableArguments) {
  EXPECT_THAT(failureOf([](Services services, const rcb_request&) {
                return services.host.xml_text(services.host.context, text("<a/>"), text("/a"), nullptr);
              }),
              StartsWith("the provider module stub called xml_text with a null pointer for value "));
  EXPECT_THAT(failureOf([](Services services, const rcb_request&) {
                rcb_text value{};
                return services.host.xml_text(services.host.context, {nullptr, 4}, text("/a"), &value);
              }),
              StartsWith("the provider module stub called xml_text with a null pointer in document, whose size is 4 "));
}

TEST_F(XmlService, BlamesTheServerForAnAnswerThatIsNotXml) {
  call().script.answer(200, "<a>\n<b></a>");
  EXPECT_EQ(failureOf([](Services services, const rcb_request&) {
              rcb_text value{};
              const rcb_status status = read(services, body(services), "/a", value);
              EXPECT_EQ(status, RCB_BAD_ANSWER);
              return status;
            }),
            "the answer from sts.test is not XML: mismatched tag at line 2, column 6 (code=answer-invalid); check the "
            "host and the path in the rule's settings");
}

TEST_F(XmlService, BlamesTheFileForContentThatIsNotXml) {
  const std::string path = call().file("f", "<!DOCTYPE a><a/>");
  call().with("file", path);
  EXPECT_EQ(failureOf([](Services services, const rcb_request& request) {
              rcb_text content{};
              EXPECT_EQ(services.readFile(test::view(request.settings[0].value), &content), RCB_OK);
              rcb_text value{};
              const rcb_status status = read(services, test::view(content), "/a", value);
              EXPECT_EQ(status, RCB_BAD_SETTINGS);
              return status;
            }),
            "the file " + path +
                " is not XML: document type declarations are not supported at line 1, column 12 "
                "(code=settings-invalid); write it as XML, in UTF-8 without a document type declaration");
}

TEST_F(XmlService, RefusesWhatWouldBeFetchedOrMultiplied) {
  for (const char* document : {
           R"(<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>)",
           R"(<!DOCTYPE a SYSTEM "https://evil.test/a.dtd"><a>x</a>)",
           R"(<!DOCTYPE a [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><a>&b;</a>)",
       }) {
    EXPECT_THAT(failureOfReading(document), StartsWith("the document that the provider reads is not XML: "
                                                       "document type declarations are not supported at line 1, "));
  }
  EXPECT_TRUE(call().requests().empty());
}

TEST_F(XmlService, WithholdsTheSecretsOfADocument) {
  const auto quoting = [this](std::string_view document, bool ofFile) {
    if (!ofFile) call().script.answer(200, std::string(document));
    return failureOf([ofFile](Services services, const rcb_request& request) {
      rcb_text content{};
      if (ofFile) {
        EXPECT_EQ(services.readFile(test::view(request.settings[0].value), &content), RCB_OK);
      } else {
        content = text(body(services));
      }
      return services.fail(RCB_REFUSED, "refused: " + found(services, test::view(content), "/a/b").value_or("none"));
    });
  };
  constexpr const char* kWithheld = "the provider's reason is withheld because it contains part of a secret";
  // Only without its reference is it a word that looks like a credential.
  EXPECT_THAT(quoting("<a><b>wJalrXUtnF&#x45;MI4K7MDENG</b></a>", false), StartsWith(kWithheld));
  EXPECT_THAT(quoting("<a><b>us-east</b></a>", false), StartsWith("refused: us-east "));
  call().with("file", call().file("f", "<a>\n <b>hunter-22</b>\n</a>\n"));
  EXPECT_THAT(quoting({}, true), StartsWith(kWithheld));
}

}  // namespace
}  // namespace rcb
