#include "core/support/xml_text.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <stdlib.h>

#include <string>
#include <string_view>
#include <variant>

namespace rcb {
namespace {

using namespace std::string_view_literals;
using testing::EndsWith;
using testing::StartsWith;

// What AWS STS answers, abridged.
constexpr std::string_view kAnswer = R"(<?xml version="1.0" encoding="UTF-8"?>
<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <AssumeRoleWithWebIdentityResult>
    <Audience>client.example.com</Audience>
    <Credentials>
      <SessionToken>AQoDYXdzEE0a8ANXXXXXXXXNO1ewxE5TijQyp+IEXAMPLE</SessionToken>
      <SecretAccessKey>wJalrXUtnFEMI/K7MDENG/bPxRfiCYzEXAMPLEKEY</SecretAccessKey>
      <Expiration>2026-11-29T03:00:00Z</Expiration>
      <AccessKeyId>ASgeIAIOSFODNN7EXAMPLE</AccessKeyId>
    </Credentials>
  </AssumeRoleWithWebIdentityResult>
</AssumeRoleWithWebIdentityResponse>
)";

// The text, "(none)", or why the document is refused.
std::string read(std::string_view document, std::string_view path = "/a") {
  const auto found = readXmlText(document, path);
  if (const auto* problem = std::get_if<XmlProblem>(&found)) return "refused: " + problem->reason;
  const auto& text = std::get<std::optional<Secret>>(found);
  return text ? std::string(text->reveal()) : "(none)";
}

std::string repeated(std::string_view text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

TEST(XmlText, IsFoundByThePathFromTheRoot) {
  const std::string credentials = "/AssumeRoleWithWebIdentityResponse/AssumeRoleWithWebIdentityResult/Credentials";
  EXPECT_EQ(read(kAnswer, credentials + "/AccessKeyId"), "ASgeIAIOSFODNN7EXAMPLE");
  EXPECT_EQ(read(kAnswer, credentials + "/Expiration"), "2026-11-29T03:00:00Z");
  EXPECT_EQ(read(kAnswer, credentials), "(none)");
  for (const char* path : {"/AccessKeyId", "/Credentials/AccessKeyId", "/assumerolewithwebidentityresponse"}) {
    EXPECT_EQ(read(kAnswer, path), "(none)") << path;
  }
  EXPECT_EQ(read(kAnswer, credentials + "/AccessKeyId/x"), "(none)");
}

TEST(XmlText, OfSeveralElementsIsTheFirstOnes) {
  EXPECT_EQ(read("<r><a>1</a><a>2</a></r>", "/r/a"), "1");
  EXPECT_EQ(read("<r><a/><a>2</a></r>", "/r/a"), "");
  EXPECT_EQ(read("<r><a><b>1</b></a><a>2</a></r>", "/r/a"), "(none)");
  EXPECT_EQ(read("<r><a/><a><c/></a><a><b>3</b></a><a><b>4</b></a></r>", "/r/a/b"), "3");
}

TEST(XmlText, IsNotFoundDeeperOrHigherThanItsPath) {
  EXPECT_EQ(read("<r><x><a>1</a></x></r>", "/r/a"), "(none)");
  EXPECT_EQ(read("<a><a><a>1</a></a></a>", "/a/a"), "(none)");
  EXPECT_EQ(read("<a><a><a>1</a></a></a>", "/a/a/a"), "1");
  EXPECT_EQ(read("<r><a><r><b>1</b></r></a><b>2</b></r>", "/r/b"), "2");
}

TEST(XmlText, IgnoresPrefixesAndAttributes) {
  EXPECT_EQ(read(R"(<s:e xmlns:s="urn:x" b="1"><s:t id='2'>x</s:t></s:e>)", "/e/t"), "x");
  EXPECT_EQ(read(R"(<e><u:t>x</u:t></e>)", "/e/t"), "x");
  EXPECT_EQ(read(R"(<s:e/>)", "/s:e"), "(none)");
}

TEST(XmlText, IsWhatTheElementContains) {
  EXPECT_EQ(read("<a/>"), "");
  EXPECT_EQ(read("<a></a>"), "");
  EXPECT_EQ(read("<a>\n x\t</a>\n"), "\n x\t");
  EXPECT_EQ(read("<a>1\r\n2\r3</a>"), "1\n2\n3");
  EXPECT_EQ(read("<a>x<!-- c -->y<?p q?>z</a>"), "xyz");
  EXPECT_EQ(read("<a>x<![CDATA[<b>&amp;]]>y</a>"), "x<b>&amp;y");
  EXPECT_EQ(read("<a>&lt;&gt;&amp;&quot;&apos;</a>"), "<>&\"'");
  EXPECT_EQ(read("<a>&#65;&#x42;&#x1F511;\xc3\xa4</a>"), "AB\xf0\x9f\x94\x91\xc3\xa4");
  EXPECT_EQ(read("<a><!DOCTYPE is not here --></a>"), "refused: not well-formed (invalid token) at line 1, column 6");
  EXPECT_EQ(read("<a><![CDATA[<!DOCTYPE a>]]></a>"), "<!DOCTYPE a>");
}

TEST(XmlText, MayBeAsLongAsTheDocument) {
  const std::string text((std::size_t{1} << 20) - 7, 'x');
  EXPECT_EQ(read("<a>" + text + "</a>"), text);
  EXPECT_EQ(read("<a>" + text + "x</a>"), "refused: it is larger than 1048576 bytes");
}

TEST(XmlText, IsReadInUtf8Only) {
  EXPECT_EQ(read("\xef\xbb\xbf<a>\xc3\xa4</a>"), "\xc3\xa4");
  EXPECT_EQ(read(R"(<?xml version="1.0" encoding="utf-8"?><a>x</a>)"), "x");
  EXPECT_EQ(read(R"(<?xml version="1.0" encoding="US-ASCII"?><a>x</a>)"), "x");
  for (const char* encoding : {"ISO-8859-1", "UTF-16", "utf-7", "windows-1252", "UTF8"}) {
    EXPECT_EQ(read(fmt::format(R"(<?xml version="1.0" encoding="{}"?><a>x</a>)", encoding)),
              "refused: the declared encoding is not UTF-8 at line 1, column 1");
  }
  EXPECT_EQ(read("\xff\xfe<\0a\0/\0>\0"sv), "refused: it is UTF-16, not UTF-8");
  EXPECT_EQ(read("<\0a\0/\0>\0"sv), "refused: it is UTF-16, not UTF-8");
  EXPECT_EQ(read("\0<\0a\0/\0>"sv), "refused: it is UTF-16, not UTF-8");
  EXPECT_EQ(read("<a>\xe4</a>"), "refused: it is not valid UTF-8 at byte 4");
  EXPECT_EQ(read("<a>\xed\xa0\x80</a>"), "refused: it is not valid UTF-8 at byte 4");
  EXPECT_EQ(read("\xef\xbb\xbf\xef\xbb\xbf<a/>"), "refused: it begins with a UTF-8 byte order mark");
}

TEST(XmlText, IsNeverNulOrAControlCharacter) {
  EXPECT_EQ(read("<a>\0</a>"sv), "refused: it contains a NUL byte at byte 4");
  for (const char* text : {"<a>&#0;</a>", "<a>&#x1;</a>", "<a>&#xD800;</a>", "<a>&#xFFFE;</a>", "<a>&#x110000;</a>"}) {
    EXPECT_EQ(read(text), "refused: reference to invalid character number at line 1, column 4") << text;
  }
  EXPECT_EQ(read("<a>\x01</a>"), "refused: not well-formed (invalid token) at line 1, column 4");
}

TEST(XmlText, IsOfNoDocumentWithADocumentType) {
  const std::string_view documents[] = {
      "<!DOCTYPE a><a>x</a>",
      R"(<!DOCTYPE a SYSTEM "http://evil.test/a.dtd"><a>x</a>)",
      R"(<!DOCTYPE a PUBLIC "-//X//EN" "http://evil.test/a.dtd"><a>x</a>)",
      R"(<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>)",
      R"(<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>)",
      R"(<!DOCTYPE a [<!ENTITY % e SYSTEM "http://evil.test/e"> %e;]><a>x</a>)",
      R"(<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>)",
      R"(<!DOCTYPE a [<!ENTITY a "&b;"><!ENTITY b "&a;">]><a>&a;</a>)",
      R"(<!DOCTYPE a [<!ATTLIST a b CDATA "x">]><a>x</a>)",
  };
  for (const std::string_view document : documents) {
    EXPECT_THAT(read(document), StartsWith("refused: document type declarations are not supported at line 1, column "))
        << document;
  }
  EXPECT_EQ(read("<a/><!DOCTYPE a>"), "refused: junk after document element at line 1, column 5");
}

TEST(XmlText, HasNoEntitiesButTheFive) {
  EXPECT_EQ(read("<a>&nbsp;</a>"), "refused: undefined entity at line 1, column 4");
  EXPECT_EQ(read("<a b='&x;'/>"), "refused: undefined entity at line 1, column 1");
  EXPECT_EQ(read("<a>&AMP;</a>"), "refused: undefined entity at line 1, column 4");
  EXPECT_EQ(read("<a>a & b</a>"), "refused: not well-formed (invalid token) at line 1, column 7");
}

TEST(XmlText, EndsAtALevelThatNoAnswerHas) {
  const std::string path = repeated("/a", 32);
  EXPECT_EQ(read(repeated("<a>", 32) + "x" + repeated("</a>", 32), path), "x");
  EXPECT_EQ(read(repeated("<a>", 33) + repeated("</a>", 33)),
            "refused: nested deeper than 32 levels at line 1, column 97");
  EXPECT_EQ(read(repeated("<a>", 32) + "<a/>"), "refused: nested deeper than 32 levels at line 1, column 97");
  EXPECT_EQ(read(repeated("<a>", 300'000)), "refused: nested deeper than 32 levels at line 1, column 97");
}

TEST(XmlText, IsOfOneWholeDocument) {
  const std::pair<std::string_view, std::string_view> documents[] = {
      {"", "no element found at line 1, column 1"},
      {" \n ", "no element found at line 2, column 2"},
      {"{\"a\": 1}", "not well-formed (invalid token) at line 1, column 1"},
      {"x", "syntax error at line 1, column 1"},
      {"<a>x", "no element found at line 1, column 5"},
      {"<a>x</", "unclosed token at line 1, column 5"},
      {"<a", "unclosed token at line 1, column 1"},
      {"<a>x</a", "unclosed token at line 1, column 5"},
      {"<a><![CDATA[x</a>", "unclosed CDATA section at line 1, column 18"},
      {"<a><!-- x</a>", "unclosed token at line 1, column 4"},
      {"<a>x</b>", "mismatched tag at line 1, column 7"},
      {"<a>x</a><a>y</a>", "junk after document element at line 1, column 9"},
      {"<a>x</a>y", "junk after document element at line 1, column 9"},
      {"<a b='1' b='2'>x</a>", "duplicate attribute at line 1, column 10"},
      {"<a b=1>x</a>", "not well-formed (invalid token) at line 1, column 6"},
      {" <?xml version='1.0'?><a/>", "XML or text declaration not at start of entity at line 1, column 2"},
      {"<a>\n\xc3\xa4\xc3\xa4 ]]></a>", "not well-formed (invalid token) at line 2, column 6"},
  };
  for (const auto& [document, why] : documents) EXPECT_EQ(read(document), fmt::format("refused: {}", why)) << document;
  // Also behind what was wanted.
  EXPECT_EQ(read("<r><a>x</a><b></r>", "/r/a"), "refused: mismatched tag at line 1, column 17");
}

TEST(XmlText, OfEveryBeginningOfADocumentIsRefused) {
  const std::size_t last = kAnswer.rfind('>');
  for (std::size_t size = 0; size < last; ++size) EXPECT_THAT(read(kAnswer.substr(0, size)), StartsWith("refused: "));
}

TEST(XmlText, IsReadInTimeAlsoOfAnsweringThatIsMadeToBeSlow) {
  const int many = 100'000;
  std::string attributes = "<a ";
  for (int i = 0; i < many / 2; ++i) attributes += fmt::format("b{}='' ", i);
  EXPECT_EQ(read(attributes + ">x</a>"), "x");
  EXPECT_EQ(read("<a>" + repeated("&amp;", many) + "</a>"), repeated("&", many));
  EXPECT_EQ(read("<r>" + repeated("<a></a>", many) + "</r>", "/r/b"), "(none)");
  EXPECT_EQ(read("<a>" + repeated("<!---->", many) + "x</a>"), "x");
  EXPECT_THAT(read("<a>" + repeated("\n", 10 * many) + "<"), EndsWith("at line 1000001, column 1"));
}

TEST(XmlText, IsNotPrintedWhateverTheEnvironmentSays) {
  for (const char* name : {"EXPAT_ACCOUNTING_DEBUG", "EXPAT_ENTITY_DEBUG", "EXPAT_ENTROPY_DEBUG"}) {
    ::setenv(name, "3", 1);
  }
  testing::internal::CaptureStderr();
  EXPECT_EQ(read("<a>open-sesame</a>"), "open-sesame");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST(XmlPath, HasANameBehindEachSlash) {
  for (const char* path : {"/a", "/a/b", "/AssumeRoleResponse/x-1"}) EXPECT_TRUE(isXmlPath(path)) << path;
  for (const char* path : {"", "/", "a", "a/b", "//a", "/a/", "/a//b"}) EXPECT_FALSE(isXmlPath(path)) << path;
}

TEST(XmlLibrary, HasAVersion) { EXPECT_THAT(xmlLibraryVersion(), StartsWith("2.")); }

}  // namespace
}  // namespace rcb
