// Selection, keys and ties over random rules and images from a small alphabet, where nearly everything collides.
#include "core/dispatch/select_rule.hpp"
#include "tests/core/dispatch/kubelet_keyring.hpp"
#include "tests/core/dispatch/rule_patterns.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>
#include <functional>
#include <random>
#include <set>

namespace rcb::test {
namespace {

class Generator {
 public:
  explicit Generator(std::uint32_t seed) : random_(seed) {}

  std::mt19937& random() { return random_; }
  std::size_t below(std::size_t bound) { return random_() % bound; }

  std::string pattern() { return host("ab*") + port() + path(); }
  std::string image() { return host("ab") + port() + path() + "/" + std::string(1, "ab"[below(2)]); }

  std::vector<RulePattern> rules(std::size_t count) {
    std::vector<RulePattern> patterns;
    for (std::size_t i = 0; i < count; ++i) patterns.push_back({below(count), hostPattern(pattern())});
    return patterns;
  }
  // The same without the entries that tie with another.
  std::vector<RulePattern> rulesWithoutTies(std::size_t count) {
    const auto patterns = rules(count);
    std::set<std::size_t> tied;
    for (const Tie& tie : findTies(patterns)) tied.insert(tie.right);
    std::vector<RulePattern> kept;
    for (std::size_t i = 0; i < patterns.size(); ++i) {
      if (tied.count(i) == 0) kept.push_back(patterns[i]);
    }
    return kept;
  }

 private:
  std::string host(std::string_view alphabet) {
    std::string text;
    const std::size_t labels = 2 + below(4) / 3;
    for (std::size_t i = 0; i < labels; ++i) {
      if (i != 0) text += '.';
      for (std::size_t length = 1 + below(2); length > 0; --length) text += alphabet[below(alphabet.size())];
    }
    return text;
  }
  std::string port() { return below(8) == 0 ? ":5000" : ""; }
  std::string path() {
    static const std::vector<std::string> kPaths = {"",     "",    "",      "/a",    "/b",
                                                    "/a/b", "/ab", "/v2/a", "/v1/a", "/v2/v2/a"};
    return kPaths[below(kPaths.size())];
  }

  std::mt19937 random_;
};

TEST(SelectionProperty, DoesNotDependOnTheOrderOfRules) {
  Generator generator(1);
  for (int round = 0; round < 20; ++round) {
    auto patterns = generator.rulesWithoutTies(40);
    std::vector<ImageReference> images;
    for (int i = 0; i < 20; ++i) images.push_back(parseImageReference(generator.image()));
    const auto answer = [&patterns](const ImageReference& image) {
      const auto winner = selectPattern(patterns, image);
      if (!winner) return std::string();
      const AuthKey key = authKeyFor(patterns, *winner, image);
      return std::to_string(patterns[*winner].rule) + " " + key.key +
             (key.cacheKeyType == CacheKeyType::kImage ? " image" : "");
    };
    std::vector<std::string> answers;
    for (const auto& image : images) answers.push_back(answer(image));
    for (int shuffle = 0; shuffle < 50; ++shuffle) {
      std::shuffle(patterns.begin(), patterns.end(), generator.random());
      for (std::size_t i = 0; i < images.size(); ++i) ASSERT_EQ(answer(images[i]), answers[i]) << images[i].name;
    }
  }
}

TEST(SelectionProperty, TheKubeletUsesTheKeyForTheImageItAskedAbout) {
  Generator generator(2);
  int answered = 0;
  for (int round = 0; round < 1000; ++round) {
    const auto patterns = generator.rules(10);
    const ImageReference image = parseImageReference(generator.image());
    const auto winner = selectPattern(patterns, image);
    if (!winner) continue;
    const AuthKey key = authKeyFor(patterns, *winner, image);
    ASSERT_THAT(keysTried({key.key}, image.name), testing::ElementsAre(testing::ElementsAre(key.key))) << image.name;
    ++answered;
  }
  EXPECT_GT(answered, 200);
}

// The kubelet keeps an answer of type Registry for every image of that host: the same rule must answer all of them, with a key for all.
TEST(SelectionProperty, AnAnswerForTheRegistryHoldsForEveryImageOnIt) {
  Generator generator(3);
  int shared = 0;
  for (int round = 0; round < 1000; ++round) {
    const auto patterns = generator.rulesWithoutTies(6);
    const ImageReference image = parseImageReference(generator.image());
    const auto winner = selectPattern(patterns, image);
    if (!winner) continue;
    const AuthKey key = authKeyFor(patterns, *winner, image);
    if (key.cacheKeyType != CacheKeyType::kRegistry) continue;
    for (const std::string path : {"/x", "/a/b/c", "/v2/a/a", "/ab/a"}) {
      const ImageReference sibling = parseImageReference(image.registry + path);
      ASSERT_EQ(selectPattern(patterns, sibling), winner) << sibling.name;
      ASSERT_THAT(keysTried({key.key}, sibling.name), testing::SizeIs(1)) << sibling.name;
    }
    ++shared;
  }
  EXPECT_GT(shared, 60);
}

TEST(SelectionProperty, TheWinnerIsMoreSpecificThanEveryOtherMatchOfAnotherRule) {
  Generator generator(4);
  for (int round = 0; round < 1000; ++round) {
    const auto patterns = generator.rulesWithoutTies(20);
    const ImageReference image = parseImageReference(generator.image());
    const auto winner = selectPattern(patterns, image);
    for (const RulePattern& entry : patterns) {
      if (!matchesImage(entry.pattern, image.name)) continue;
      ASSERT_TRUE(winner);
      if (entry.rule == patterns[*winner].rule) continue;
      ASSERT_GT(specificityOf(patterns[*winner].pattern), specificityOf(entry.pattern)) << image.name;
    }
  }
}

TEST(TieProperty, AgreesWithComparingEveryPair) {
  Generator generator(5);
  std::size_t found = 0;
  for (int round = 0; round < 100; ++round) {
    const auto patterns = generator.rules(round % 10 == 0 ? 120 : 30);
    const auto ties = findTies(patterns);
    found += ties.size();
    std::set<std::size_t> tied;
    for (const Tie& tie : ties) {
      EXPECT_NE(patterns[tie.left].rule, patterns[tie.right].rule);
      EXPECT_EQ(specificityOf(patterns[tie.left].pattern), specificityOf(patterns[tie.right].pattern));
      const std::string image = parseImageReference(tie.image).name;
      EXPECT_EQ(image, tie.image);
      EXPECT_TRUE(matchesImage(patterns[tie.left].pattern, image) && matchesImage(patterns[tie.right].pattern, image))
          << image;
      EXPECT_TRUE(tied.insert(tie.right).second);
      for (std::size_t i = 0; i < tie.left; ++i) {
        const std::vector<RulePattern> pair = {patterns[i], patterns[tie.right]};
        EXPECT_TRUE(findTies(pair).empty()) << "an earlier entry ties as well";
      }
    }
    for (std::size_t right = 0; right < patterns.size(); ++right) {
      if (tied.count(right) != 0) continue;
      for (std::size_t left = 0; left < right; ++left) {
        const std::vector<RulePattern> pair = {patterns[left], patterns[right]};
        ASSERT_TRUE(findTies(pair).empty()) << patterns[left].pattern.text << " " << patterns[right].pattern.text;
      }
    }
  }
  EXPECT_GT(found, 100U);
}

TEST(TieProperty, NoImageMatchesTwoEquallySpecificRulesThatDoNotTie) {
  Generator generator(6);
  for (int round = 0; round < 500; ++round) {
    const auto patterns = generator.rulesWithoutTies(20);
    const std::string image = generator.image();
    for (const RulePattern& left : patterns) {
      for (const RulePattern& right : patterns) {
        if (left.rule == right.rule || specificityOf(left.pattern) != specificityOf(right.pattern)) continue;
        ASSERT_FALSE(matchesImage(left.pattern, image) && matchesImage(right.pattern, image)) << image;
      }
    }
  }
}

// Comparing every pair of 10,000 entries takes minutes in this build; the bound is generous enough for a slow machine under sanitizers.
void expectNoTiesInTime(const std::function<std::string(std::string)>& patternOf) {
  std::vector<RulePattern> patterns;
  for (std::size_t i = 0; i < 10'000; ++i) patterns.push_back({i, hostPattern(patternOf(std::to_string(100'000 + i)))});
  const std::clock_t begin = std::clock();  // of this process: what else the machine does is not counted
  EXPECT_TRUE(findTies(patterns).empty());
  EXPECT_FALSE(selectPattern(patterns, parseImageReference("elsewhere.example.org/app")));
  EXPECT_LT((std::clock() - begin) / CLOCKS_PER_SEC, 20) << patternOf("N");
}

TEST(TieProperty, TenThousandPatternsTakeNoTime) {
  expectNoTiesInTime([](const std::string& n) { return "r" + n + ".example.com"; });
  expectNoTiesInTime([](const std::string& n) { return "r" + n + "-*.example.com"; });
  expectNoTiesInTime([](const std::string& n) { return "*-r" + n + ".example.com"; });
  expectNoTiesInTime([](const std::string& n) { return "*.r" + n + ".example.com"; });
  expectNoTiesInTime([](const std::string& n) { return "*.r" + n + ".*.com"; });
  expectNoTiesInTime([](const std::string& n) { return "*.*-r" + n + ".*.com"; });
  expectNoTiesInTime([](const std::string& n) { return "*.example.com/team" + n; });
  // No end of one label tells more than a few of these apart, but any two differ at one.
  expectNoTiesInTime([](const std::string& n) { return "r" + n.substr(0, 4) + "-*.r" + n.substr(4) + "-*.com"; });
  expectNoTiesInTime([](const std::string& n) { return "*-r" + n.substr(0, 4) + ".*-r" + n.substr(4) + ".*.com"; });
  expectNoTiesInTime([](const std::string& n) { return n.substr(0, 4) + "-*-" + n.substr(4) + ".com"; });
  expectNoTiesInTime(
      [](const std::string& n) { return n.back() % 2 == 0 ? n + "-*.even.com" : "*-" + n + ".odd-.com"; });
  expectNoTiesInTime([](const std::string& n) {
    std::string host;
    for (const char digit : n) host += std::string(1, digit) + "*" + digit + ".";
    return host + "com";
  });
}

TEST(TieProperty, ThousandsOfTiesTakeNoTimeEither) {
  std::vector<RulePattern> patterns;
  for (std::size_t i = 0; i < 4'000; ++i) patterns.push_back({i, hostPattern("*.example.com")});
  EXPECT_EQ(findTies(patterns).size(), 3'999U);
}

}  // namespace
}  // namespace rcb::test
