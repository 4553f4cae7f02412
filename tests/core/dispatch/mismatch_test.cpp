#include "core/dispatch/mismatch.hpp"

#include <gmock/gmock.h>

namespace rcb {
namespace {

std::string reasonOf(std::string_view pattern, std::string_view image) {
  return mismatchReason(*parseHostPattern(pattern), *parseHostPattern(image));
}

TEST(Mismatch, NamesTheFirstPartThatDiffers) {
  struct Case {
    const char* pattern;
    const char* image;
    const char* reason;
  };
  const Case cases[] = {
      {"registry.test", "eu.registry.test/app", "the pattern's host has 2 parts between dots, the image's 3"},
      {"*.registry.test", "registry.test/app", "the pattern's host has 3 parts between dots, the image's 2"},
      {"docker.registry.test", "images.registry.test/app", R"("docker" does not match "images")"},
      {"eu-*.registry.test", "us-1.registry.test/app", R"("eu-*" does not match "us-1")"},
      {"docker.registry.test", "docker.registry.example/app", R"("test" does not match "example")"},
      {"registry.test", "registry.test:5000/app", "the pattern has no port, the image has port 5000"},
      {"registry.test:443", "registry.test/app", "the pattern has port 443, the image has no port"},
      {"registry.test:443", "registry.test:5000/app", "the pattern has port 443, the image has port 5000"},
      {"registry.test/team", "registry.test/other/app", "the image's path does not begin with /team"},
      {"registry.test/team/", "registry.test/team", "the image's path does not begin with /team/"},
  };
  for (const Case& one : cases) EXPECT_EQ(reasonOf(one.pattern, one.image), one.reason) << one.pattern;
}

// Whatever the pattern and the image: there is a reason exactly where the kubelet's comparison fails.
TEST(Mismatch, HasAReasonExactlyWhereThePatternDoesNotMatch) {
  const char* const texts[] = {"a.test",     "*.test",      "b.a.test",    "*.*.test",      "a.test:5000",   "*:5000",
                               "a.test/x",   "a.test/x/y",  "a.test/xy",   "a.test:5000/x", "localhost:80",  "*.test/x",
                               "a*.test/x/", "*a*.test:81", "b.a.test/xy", "[::1]:5000/x",  "127.0.0.1:5000"};
  for (const char* pattern : texts) {
    for (const char* image : texts) {
      EXPECT_EQ(reasonOf(pattern, image).empty(),
                matchesParsedImage(*parseHostPattern(pattern), *parseHostPattern(image)))
          << pattern << " " << image;
    }
  }
}

}  // namespace
}  // namespace rcb
