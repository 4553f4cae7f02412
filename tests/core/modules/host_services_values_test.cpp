// What the host computes for a module: encodings, digests, times. What is made of a secret stays one.

#include "tests/core/modules/lent_services.hpp"

#include <gmock/gmock.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace rcb {
namespace {

using test::HostServicesTest;
using test::Services;
using test::settingNamed;
using test::text;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

using Encoding = HostServicesTest;
using Base64 = HostServicesTest;
using Digests = HostServicesTest;
using Times = HostServicesTest;

// --- encode and decode ---

TEST_F(Encoding, IsThatOfTheStandard) {
  credentialOf([](Services services, const rcb_request&) {
    // RFC 4648 section 10.
    EXPECT_EQ(services.encode(RCB_ENCODING_BASE64, ""), "");
    EXPECT_EQ(services.encode(RCB_ENCODING_BASE64, "f"), "Zg==");
    EXPECT_EQ(services.encode(RCB_ENCODING_BASE64, "foobar"), "Zm9vYmFy");
    EXPECT_EQ(services.encode(RCB_ENCODING_BASE64, "\xfb\xff"), "+/8=");
    EXPECT_EQ(services.encode(RCB_ENCODING_BASE64URL, "\xfb\xff"), "-_8");
    EXPECT_EQ(services.encode(RCB_ENCODING_BASE64URL, "f"), "Zg");
    EXPECT_EQ(services.encode(RCB_ENCODING_HEX, "foobar"), "666f6f626172");
    EXPECT_EQ(services.encode(RCB_ENCODING_PERCENT, "a b/c~\xc3\xa4"), "a%20b%2Fc~%C3%A4");
    return services.emit("user", "password");
  });
}

TEST_F(Encoding, IsReversedByDecoding) {
  credentialOf([](Services services, const rcb_request&) {
    std::string bytes;
    for (int byte = 0; byte < 256; ++byte) bytes += static_cast<char>(byte);
    for (std::uint32_t encoding = RCB_ENCODING_BASE64; encoding <= RCB_ENCODING_PERCENT; ++encoding) {
      EXPECT_EQ(services.decode(encoding, services.encode(encoding, bytes)), bytes) << encoding;
      EXPECT_EQ(services.decode(encoding, ""), "") << encoding;
    }
    EXPECT_EQ(services.decode(RCB_ENCODING_HEX, "fFaB"), "\xff\xab");
    EXPECT_EQ(services.decode(RCB_ENCODING_PERCENT, "a+b%2f"), "a+b/");
    return services.emit("user", "password");
  });
}

TEST_F(Encoding, OfInvalidTextIsAbsent) {
  credentialOf([](Services services, const rcb_request&) {
    for (const char* broken : {"f", "0x", "ff "}) EXPECT_EQ(services.decode(RCB_ENCODING_HEX, broken), std::nullopt);
    for (const char* broken : {"%", "%2", "100% sure"}) {
      EXPECT_EQ(services.decode(RCB_ENCODING_PERCENT, broken), std::nullopt);
    }
    return services.emit("user", "password");
  });
}

TEST_F(Base64, DecodesEitherAlphabetPaddedOrNot) {
  credentialOf([](Services services, const rcb_request&) {
    for (const std::uint32_t encoding : {RCB_ENCODING_BASE64, RCB_ENCODING_BASE64URL}) {
      EXPECT_EQ(services.decode(encoding, "dXNlcjpwYXNz"), "user:pass");
      EXPECT_EQ(services.decode(encoding, "dXNlcg=="), "user");
      EXPECT_EQ(services.decode(encoding, "dXNlcg"), "user");
      EXPECT_EQ(services.decode(encoding, "-_-_"), "\xfb\xff\xbf");
      EXPECT_EQ(services.decode(encoding, "+/+/"), "\xfb\xff\xbf");
      EXPECT_EQ(services.decode(encoding, "dXNl\ncg==\n"), "user");
      EXPECT_EQ(services.decode(encoding, "-_-_\r\n"), "\xfb\xff\xbf");
    }
    return services.emit("user", "password");
  });
}

TEST_F(Base64, RefusesEverythingElse) {
  credentialOf([](Services services, const rcb_request&) {
    for (const char* broken : {"dXNlc", "dXN lcg", "dXNl\t", "+/-_", "dX=Nl", "dXNlcg=", "\xc3\xa4"}) {
      EXPECT_EQ(services.decode(RCB_ENCODING_BASE64, broken), std::nullopt) << broken;
    }
    return services.emit("user", "password");
  });
}

// --- sha256 and hmac_sha256 ---

TEST_F(Digests, AreThoseOfTheStandards) {
  credentialOf([](Services services, const rcb_request&) {
    const auto hex = [&](std::string_view bytes) { return services.encode(RCB_ENCODING_HEX, bytes); };
    EXPECT_EQ(hex(services.sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(hex(services.sha256({})), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(hex(services.hmac("Jefe", "what do ya want for nothing?")),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    return services.emit("user", "password");
  });
}

// A derived signing key of AWS, Signature Version 4, from the example in its documentation.
TEST_F(Digests, MakeASigningKey) {
  credentialOf([](Services services, const rcb_request&) {
    std::string_view key = "AWS4wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    for (const char* part : {"20120215", "us-east-1", "iam", "aws4_request"}) key = services.hmac(key, part);
    EXPECT_EQ(services.encode(RCB_ENCODING_HEX, key),
              "f4780e2d9f65fa895f9c67b32ce1baf0b0d8a43505a000a1a9e090d414db404d");
    return services.emit("user", "password");
  });
}

// --- secrets ---

// What a module makes of a string, and whether a reason that quotes it is shown.
class MadeOf : public HostServicesTest {
 protected:
  MadeOf() {
    module_.settings = {settingNamed("key"), settingNamed("path"), settingNamed("file")};
    module_.settings[0].flags = RCB_SETTING_SECRET;
    module_.settings[2].type = RCB_SETTING_FILE;
    call().with("key", "open-sesame").with("path", "team/app at home").with("file", call().file("f", "hunter2\n"));
  }
  // `make` returns what the module quotes.
  template <class Make>
  std::string quoting(Make make) {
    return failureOf([make](Services services, const rcb_request& request) {
      return services.fail(RCB_REFUSED, "refused: " + std::string(make(services, request)));
    });
  }
  template <class Make>
  void expectWithheld(Make make) {
    EXPECT_THAT(quoting(make), StartsWith("the provider's reason is withheld because it contains part of a secret"));
  }
  template <class Make>
  void expectShown(Make make) {
    EXPECT_THAT(quoting(make), StartsWith("refused: "));
  }
  static std::string_view file(Services services, const rcb_request& request) {
    rcb_text content{};
    EXPECT_EQ(services.readFile(test::view(request.settings[2].value), &content), RCB_OK);
    return test::view(content).substr(0, content.size - 1);
  }
};

TEST_F(MadeOf, ASecretIsWithheldInEveryEncoding) {
  for (std::uint32_t encoding = RCB_ENCODING_BASE64; encoding <= RCB_ENCODING_HEX; ++encoding) {
    expectWithheld([=](Services services, const rcb_request& request) {
      return services.encode(encoding, test::view(request.settings[0].value));
    });
    expectWithheld([=](Services services, const rcb_request& request) {
      return services.encode(encoding, test::view(request.token)).substr(30, 20);
    });
    expectWithheld([=](Services services, const rcb_request& request) {
      return services.encode(encoding, file(services, request));
    });
    expectWithheld([=](Services services, const rcb_request& request) {
      return services.encode(encoding, "user:" + std::string(file(services, request)));
    });
  }
}

TEST_F(MadeOf, ASecretIsWithheldWhenItIsPercentEncoded) {
  expectWithheld([](Services services, const rcb_request& request) {
    return services.encode(RCB_ENCODING_PERCENT, "=" + std::string(test::view(request.settings[0].value)));
  });
}

TEST_F(MadeOf, ASecretIsWithheldAsADigest) {
  const auto hex = [](Services services, std::string_view bytes) { return services.encode(RCB_ENCODING_HEX, bytes); };
  expectWithheld([=](Services services, const rcb_request& request) {
    return hex(services, services.sha256(test::view(request.settings[0].value)));
  });
  expectWithheld([=](Services services, const rcb_request& request) {
    return hex(services, services.sha256("body with " + std::string(test::view(request.token)))).substr(10, 16);
  });
  expectWithheld([=](Services services, const rcb_request& request) {
    return services.encode(RCB_ENCODING_BASE64, services.sha256(file(services, request)));
  });
  expectWithheld([=](Services services, const rcb_request&) { return hex(services, services.hmac("a", "b")); });
  expectWithheld([=](Services services, const rcb_request&) {
    return hex(services, services.hmac(services.hmac("a", "b"), "c"));
  });
}

TEST_F(MadeOf, APartOfASecretIsWithheld) {
  expectWithheld([](Services services, const rcb_request& request) {
    return services.encode(RCB_ENCODING_HEX, test::view(request.settings[0].value).substr(5));
  });
}

TEST_F(MadeOf, APublicStringIsShown) {
  expectShown([](Services services, const rcb_request& request) {
    return services.encode(RCB_ENCODING_PERCENT, test::view(request.settings[1].value));
  });
  expectShown([](Services services, const rcb_request& request) {
    return services.decode(RCB_ENCODING_PERCENT, test::view(request.image)).value_or("");
  });
  expectShown([](Services services, const rcb_request&) {
    return services.encode(RCB_ENCODING_HEX, services.sha256("a public body"));
  });
  expectShown([](Services services, const rcb_request&) { return *services.written(RCB_TIME_RFC3339, 1'800'000'000); });
}

TEST_F(MadeOf, ADocumentInASecretHoldsSecrets) {
  EXPECT_THAT(failureOf([](Services services, const rcb_request&) {
                const auto document = services.decode(RCB_ENCODING_BASE64, "eyJwYXNzd29yZCI6Imh1bnRlcjItMiJ9");
                const auto password = services.json(document.value_or(""), "/password");
                EXPECT_EQ(password, "hunter2-2");
                return services.fail(RCB_REFUSED, "the password is " + password.value_or(""));
              }),
              Not(HasSubstr("hunter2")));
}

TEST_F(MadeOf, AnAnswerIsTheServersFault) {
  call().script.answer(200, R"({"hex":"75733a6572"})");
  EXPECT_THAT(failureOf([](Services services, const rcb_request&) {
                rcb_text answer{};
                services.http({}, &answer);
                rcb_text hex{};
                services.host.json_text(services.host.context, answer, text("/hex"), &hex);
                return services.emit(services.decode(RCB_ENCODING_HEX, test::view(hex)).value_or(""), "password");
              }),
              StartsWith("the user name in the answer from sts.test contains a ':', which separates it from the "
                         "password (code=answer-invalid)"));
}

// --- parse_time and format_time ---

TEST_F(Times, AreReadInBothNotations) {
  credentialOf([](Services services, const rcb_request&) {
    for (const char* written :
         {"2027-01-15T08:00:00Z", "2027-01-15T10:00:00.75+02:00", "Fri, 15 Jan 2027 08:00:00 GMT"}) {
      EXPECT_EQ(services.time(written), 1'800'000'000) << written;
    }
    EXPECT_EQ(services.time("1970-01-01T00:00:00Z"), 0);
    EXPECT_EQ(services.time("9999-12-31T23:59:59Z"), 253402300799);
    return services.emit("user", "password");
  });
}

TEST_F(Times, OutsideOfTheYears1970To9999AreAbsent) {
  credentialOf([](Services services, const rcb_request&) {
    for (const char* written :
         {"", "tomorrow", "1800000000", "20270115T080000Z", "1969-12-31T23:59:59Z", "1970-01-01T00:00:00+00:01",
          "9999-12-31T23:59:59-00:01", "0000-01-01T00:00:00Z", "Wed, 31 Dec 1969 23:59:59 GMT"}) {
      EXPECT_EQ(services.time(written), std::nullopt) << written;
    }
    for (const std::int64_t seconds : {std::int64_t{-1}, std::int64_t{253402300800}, INT64_MIN, INT64_MAX}) {
      EXPECT_EQ(services.written(RCB_TIME_RFC3339, seconds), std::nullopt) << seconds;
    }
    return services.emit("user", "password");
  });
}

TEST_F(Times, AreWrittenInThreeFormats) {
  credentialOf([](Services services, const rcb_request&) {
    EXPECT_EQ(services.written(RCB_TIME_RFC3339, 1'795'917'600), "2026-11-29T02:00:00Z");
    EXPECT_EQ(services.written(RCB_TIME_HTTP, 1'795'917'600), "Sun, 29 Nov 2026 02:00:00 GMT");
    EXPECT_EQ(services.written(RCB_TIME_BASIC, 1'795'917'600), "20261129T020000Z");
    EXPECT_EQ(services.written(RCB_TIME_RFC3339, 253402300799), "9999-12-31T23:59:59Z");
    return services.emit("user", "password");
  });
}

}  // namespace
}  // namespace rcb
