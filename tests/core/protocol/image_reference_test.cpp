#include "core/protocol/image_reference.hpp"

#include "tests/support/error_matchers.hpp"

#include <gtest/gtest.h>

namespace rcb {
namespace {

using test::throwsError;

// "registry repository" of an image, whose name must be both.
std::string parts(std::string_view image) {
  const ImageReference reference = parseImageReference(image);
  EXPECT_EQ(reference.name, reference.registry + "/" + reference.repository);
  return reference.registry + " " + reference.repository;
}

void expectRefused(std::string_view image, const std::string& why) {
  EXPECT_THAT([&] { parseImageReference(image); }, throwsError(ErrorCode::kRequestImage, why)) << image;
}

TEST(ImageReference, SplitsRegistryAndRepository) {
  EXPECT_EQ(parts("docker.cloudsmith.io/acme/prod/app"), "docker.cloudsmith.io acme/prod/app");
  EXPECT_EQ(parts("docker.io/library/nginx"), "docker.io library/nginx");
  EXPECT_EQ(parts("registry.io:5000/app"), "registry.io:5000 app");
  EXPECT_EQ(parts("mirror:5000/app"), "mirror:5000 app");
  EXPECT_EQ(parts("localhost/app"), "localhost app");
  EXPECT_EQ(parts("localhost:5000/app"), "localhost:5000 app");
  EXPECT_EQ(parts("Registry/app"), "Registry app");
  EXPECT_EQ(parts("10.0.0.1/app"), "10.0.0.1 app");
  EXPECT_EQ(parts("[::1]:5000/app"), "[::1]:5000 app");
  EXPECT_EQ(parts("[2001:DB8::1]:5000/app"), "[2001:DB8::1]:5000 app");
  EXPECT_EQ(parts("xn--bcher-kva.example/app"), "xn--bcher-kva.example app");
}

TEST(ImageReference, KeepsTheHostsCase) { EXPECT_EQ(parts("GCR.io/app"), "GCR.io app"); }

TEST(ImageReference, TakesEverySeparatorThatARepositoryMayHave) {
  EXPECT_EQ(parts("gcr.io/a.b_c__d-e---f/0"), "gcr.io a.b_c__d-e---f/0");
}

TEST(ImageReference, LeavesTagAndDigestOut) {
  const std::string digest = "@sha256:" + std::string(64, 'a');
  for (const std::string& suffix :
       {std::string(":v1"), std::string(":_1.2-RC"), digest, ":v1" + digest, "@a+b.c:" + std::string(32, 'F')}) {
    EXPECT_EQ(parts("gcr.io:443/team/app" + suffix), "gcr.io:443 team/app") << suffix;
  }
}

TEST(ImageReference, RefusesOtherTagsAndDigests) {
  for (const std::string& suffix : {std::string(":"), std::string(":.v1"), std::string(":-v1"),
                                    ":" + std::string(129, 'v'), std::string(":v1+x")}) {
    expectRefused("gcr.io/app" + suffix, "not a valid tag");
  }
  for (const std::string& suffix :
       {std::string("@"), std::string("@sha256"), std::string("@sha256:"), std::string("@sha256:123"),
        "@:" + std::string(64, 'a'), "@sha256:" + std::string(64, 'g'), "@sha/256:" + std::string(64, 'a'),
        "@sha256:" + std::string(64, 'a') + "@sha256:" + std::string(64, 'a'),
        "@sha256:" + std::string(64, 'a') + ":v1", std::string("@evil.test/app")}) {
    expectRefused("gcr.io/app" + suffix, "not a valid digest");
  }
}

TEST(ImageReference, NeedsAnExplicitRegistryHost) {
  for (const std::string_view image : {"library/nginx", "acme/app", "host/app", "localhost1/app"})
    expectRefused(image, "no registry host");
  expectRefused("nginx", "no repository after a registry host");
  expectRefused("", "it is empty");
  expectRefused("gcr.io", "no repository after a registry host");
}

TEST(ImageReference, RefusesUserInformation) {
  for (const std::string_view image : {"user@gcr.io/app", "user:pw@gcr.io/app", "@gcr.io/app", "gcr.io@evil.test/app",
                                       "gcr.io:443@evil.test/app", "[::1]:5000@evil.test/app"}) {
    expectRefused(image, "user information");
  }
}

TEST(ImageReference, RefusesSchemes) {
  for (const std::string_view image : {"https://gcr.io/app", "docker://gcr.io/app", "oci://gcr.io/app"})
    expectRefused(image, "begins with a scheme");
}

TEST(ImageReference, RefusesPortsThatAreNone) {
  for (const std::string_view image :
       {"gcr.io:/app", "gcr.io:0/app", "gcr.io:00000/app", "gcr.io:65536/app", "gcr.io:99999/app", "gcr.io:123456/app",
        "gcr.io:18446744073709551617/app", "gcr.io:http/app", "gcr.io:-1/app", "gcr.io:+1/app", "[::1]:/app",
        "[::1]:x/app", "[::1]x/app", "[::1]5000/app", "[::1][::1]:5000/app"}) {
    expectRefused(image, "its port is not a valid port (1 to 65535)");
  }
  EXPECT_EQ(parts("gcr.io:65535/app"), "gcr.io:65535 app");
  EXPECT_EQ(parts("gcr.io:1/app"), "gcr.io:1 app");
}

TEST(ImageReference, RefusesHostsThatAreNone) {
  for (const std::string_view image : {"/app",
                                       "./app",
                                       "../app",
                                       ".gcr.io/app",
                                       "gcr.io./app",
                                       "gcr..io/app",
                                       "-gcr.io/app",
                                       "gcr-.io/app",
                                       "gcr.-io/app",
                                       "gcr.io-/app",
                                       "my_registry.io/app",
                                       ":5000/app",
                                       "gcr.io]/app",
                                       "[gcr.io/app",
                                       "[gcr.io]/app",
                                       "[]:5000/app",
                                       "[:]:5000/app",
                                       "[::g]:5000/app",

                                       "::1]/app",
                                       "[[::1]]:5000/app",
                                       "gcr.io:5000:5000/app",
                                       "::1/app",
                                       "[::1/app",
                                       "2001:db8::1/app",
                                       "::ffff:10.0.0.1/app",
                                       "[::ffff:10.0.0.1]:5000/app",
                                       "[1:2:3:4:5:6:7:8:9]:5000/app",
                                       "x[::1]:5000/app",
                                       "[10.0.0.1]:5000/app",
                                       "gcr.io+x/app"}) {
    expectRefused(image, "its host is neither a DNS name nor an IP address");
  }
}

TEST(ImageReference, RefusesAnIpv6HostWithoutAPort) {
  expectRefused("[::1]/app", "cannot match an IPv6 host without a port");
}

TEST(ImageReference, RefusesCharactersThatNoImageNameHas) {
  for (const char sign : std::string_view("%?#\\ \t\r\n\"'<>{}|^`*!$&(),;=~\x01\x7f\x80\xff")) {
    expectRefused("gcr.io/a" + std::string(1, sign) + "b", "it contains the invalid character");
    expectRefused("gcr" + std::string(1, sign) + ".io/ab", "it contains the invalid character");
  }
  expectRefused(std::string_view("gcr.io/a\0b", 10), "it contains the invalid character '?'");
  expectRefused(
      "b\xc3\xbc"
      "cher.example/app",
      "it contains the invalid character");
}

TEST(ImageReference, RefusesEmptyPathParts) {
  for (const std::string_view image :
       {"gcr.io/", "gcr.io//app", "gcr.io/app/", "gcr.io/team//app", "gcr.io//", "gcr.io/:v1"}) {
    expectRefused(image, "its repository path has an empty component");
  }
}

TEST(ImageReference, RefusesPathPartsThatNoRepositoryHas) {
  for (const std::string_view image :
       {"gcr.io/.", "gcr.io/..", "gcr.io/../app", "gcr.io/a/../app", "gcr.io/./app", "gcr.io/.app", "gcr.io/app.",
        "gcr.io/-app", "gcr.io/app-", "gcr.io/_app", "gcr.io/a..b", "gcr.io/a___b", "gcr.io/a._b", "gcr.io/a-_b",
        "gcr.io/App", "gcr.io/Team/app", "gcr.io/a+b", "gcr.io/a:b/c", "gcr.io/[app]"}) {
    expectRefused(image, "a component of its repository path is not valid");
  }
}

TEST(ImageReference, RefusesLongNamesAndQuotesLittle) {
  const std::string host = "gcr.io/";
  EXPECT_EQ(parts(host + std::string(4089, 'a')).size(), 4096U);
  expectRefused(host + std::string(4090, 'a'), "longer than 4096 bytes");
  try {
    parseImageReference(host + std::string(1'000'000, 'a'));
    FAIL();
  } catch (const Error& error) {
    EXPECT_LT(error.line().size(), 400U);
  }
}

TEST(ImageReference, NamesWhatLooksLikeAnImageInTheError) {
  const std::pair<std::string, const char*> cases[] = {
      {"nginx", "image=nginx)"},
      {"library/nginx", "image=library/nginx)"},
      {"docker.cloudsmith.io:443/acme/App", "image=docker.cloudsmith.io:443/acme/...)"},
      {"https://gcr.io/app", "image=...//gcr.io/app)"},
      {"evil\n.test/app", "image=.../app)"},
      {"gcr.io/app:v1+x", "image=gcr.io/...)"},
      {"user:correct-horse@gcr.io/app", "image=...@gcr.io/app)"},
      {"token@evil@gcr.io/app", "image=...@gcr.io/app)"},
      {"user:correct/horse/battery@gcr.io/app", "image=...@gcr.io/app)"},
      {"gcr.io/app@correct-horse", "image=gcr.io/...)"},
      {"eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl", "image=...)"},
      {"eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl/x/", "image=.../x/)"},
      {"3f786850e387550fdab836ed7e6dc881", "image=...)"},
      {"gcr.io/3f786850e387550fdab836ed7e6dc881/X", "image=gcr.io/.../...)"},
      {"550e8400-e29b-41d4-a716-446655440000", "image=...)"},
      {"gcr.io/" + std::string(5000, 'A'), "image=gcr.io/...)"},
  };
  for (const auto& [image, shown] : cases) {
    try {
      parseImageReference(image);
      ADD_FAILURE() << image;
    } catch (const Error& error) {
      EXPECT_NE(error.line().find(shown), std::string::npos) << error.line();
    }
  }
}

}  // namespace
}  // namespace rcb
