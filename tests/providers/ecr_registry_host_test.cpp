#include "core/modules/contact_policy.hpp"
#include "core/support/http_url.hpp"
#include "providers/ecr/ecr.hpp"
#include "providers/ecr/registry_host.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace rcb::ecr {
namespace {

struct Known {
  const char* host;
  const char* partition;
  const char* region;
  const char* stsHost;
  const char* apiHost;
};

// Endpoints are the ones that botocore 1.44.8 resolves (tests/judges compares them again).
constexpr Known kKnown[] = {
    {"111122223333.dkr.ecr.us-west-2.amazonaws.com", "aws", "us-west-2", "sts.us-west-2.amazonaws.com",
     "api.ecr.us-west-2.amazonaws.com"},
    {"111122223333.dkr.ecr-fips.us-west-2.amazonaws.com", "aws", "us-west-2", "sts-fips.us-west-2.amazonaws.com",
     "api.ecr-fips.us-west-2.amazonaws.com"},
    {"111122223333.dkr-ecr.us-west-2.on.aws", "aws", "us-west-2", "sts.us-west-2.api.aws", "ecr.us-west-2.api.aws"},
    {"111122223333.dkr-ecr-fips.us-west-2.on.aws", "aws", "us-west-2", "sts-fips.us-west-2.api.aws",
     "ecr-fips.us-west-2.api.aws"},
    {"000000000000.dkr.ecr.ap-southeast-7.amazonaws.com", "aws", "ap-southeast-7", "sts.ap-southeast-7.amazonaws.com",
     "api.ecr.ap-southeast-7.amazonaws.com"},
    {"111122223333.dkr.ecr.mx-central-1.amazonaws.com", "aws", "mx-central-1", "sts.mx-central-1.amazonaws.com",
     "api.ecr.mx-central-1.amazonaws.com"},
    {"111122223333.dkr.ecr.us-gov-west-1.amazonaws.com", "aws-us-gov", "us-gov-west-1",
     "sts.us-gov-west-1.amazonaws.com", "api.ecr.us-gov-west-1.amazonaws.com"},
    {"111122223333.dkr.ecr-fips.us-gov-east-1.amazonaws.com", "aws-us-gov", "us-gov-east-1",
     "sts.us-gov-east-1.amazonaws.com", "api.ecr-fips.us-gov-east-1.amazonaws.com"},
    {"111122223333.dkr-ecr.us-gov-west-1.on.aws", "aws-us-gov", "us-gov-west-1", "sts.us-gov-west-1.api.aws",
     "ecr.us-gov-west-1.api.aws"},
    {"111122223333.dkr-ecr-fips.us-gov-west-1.on.aws", "aws-us-gov", "us-gov-west-1", "sts-fips.us-gov-west-1.api.aws",
     "ecr-fips.us-gov-west-1.api.aws"},
    {"111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn", "aws-cn", "cn-north-1", "sts.cn-north-1.amazonaws.com.cn",
     "api.ecr.cn-north-1.amazonaws.com.cn"},
    {"111122223333.dkr-ecr.cn-northwest-1.on.amazonwebservices.com.cn", "aws-cn", "cn-northwest-1",
     "sts.cn-northwest-1.api.amazonwebservices.com.cn", "ecr.cn-northwest-1.api.amazonwebservices.com.cn"},
    {"111122223333.dkr.ecr.eusc-de-east-1.amazonaws.eu", "aws-eusc", "eusc-de-east-1",
     "sts.eusc-de-east-1.amazonaws.eu", "api.ecr.eusc-de-east-1.amazonaws.eu"},
    {"111122223333.dkr.ecr.us-iso-east-1.c2s.ic.gov", "aws-iso", "us-iso-east-1", "sts.us-iso-east-1.c2s.ic.gov",
     "api.ecr.us-iso-east-1.c2s.ic.gov"},
    {"111122223333.dkr.ecr.us-isob-east-1.sc2s.sgov.gov", "aws-iso-b", "us-isob-east-1",
     "sts.us-isob-east-1.sc2s.sgov.gov", "api.ecr.us-isob-east-1.sc2s.sgov.gov"},
    {"111122223333.dkr.ecr.eu-isoe-west-1.cloud.adc-e.uk", "aws-iso-e", "eu-isoe-west-1",
     "sts.eu-isoe-west-1.cloud.adc-e.uk", "api.ecr.eu-isoe-west-1.cloud.adc-e.uk"},
    {"111122223333.dkr.ecr.us-isof-south-1.csp.hci.ic.gov", "aws-iso-f", "us-isof-south-1",
     "sts.us-isof-south-1.csp.hci.ic.gov", "api.ecr.us-isof-south-1.csp.hci.ic.gov"},
    {"public.ecr.aws", "aws", "us-east-1", "sts.us-east-1.amazonaws.com", "api.ecr-public.us-east-1.amazonaws.com"},
    {"ecr-public.aws.com", "aws", "us-east-1", "sts.us-east-1.api.aws", "ecr-public.us-east-1.api.aws"},
};

TEST(EcrRegistryHost, HasTheEndpointsOfItsPartitionRegionAndKind) {
  for (const Known& known : kKnown) {
    const auto registry = registryOf(known.host);
    ASSERT_TRUE(registry) << known.host;
    EXPECT_EQ(registry->partition, known.partition) << known.host;
    EXPECT_EQ(registry->region, known.region) << known.host;
    EXPECT_EQ(registry->stsHost, known.stsHost) << known.host;
    EXPECT_EQ(registry->apiHost, known.apiHost) << known.host;
    EXPECT_EQ(registry->isPublic, std::string_view(known.host).find("public") != std::string_view::npos) << known.host;
  }
}

TEST(EcrRegistryHost, RefusesLookAlikes) {
  for (const char* host :
       {"",
        "amazonaws.com",
        "ecr.aws",
        "public.ecr.aws.evil.test",
        "xpublic.ecr.aws",
        "public.ecr.aws.",
        "public.ecr.aws:443",
        "11112222333.dkr.ecr.us-west-2.amazonaws.com",
        "1111222233334.dkr.ecr.us-west-2.amazonaws.com",
        "11112222333a.dkr.ecr.us-west-2.amazonaws.com",
        ".dkr.ecr.us-west-2.amazonaws.com",
        "x111122223333.dkr.ecr.us-west-2.amazonaws.com",
        "evil.test.111122223333.dkr.ecr.us-west-2.amazonaws.com",
        "111122223333.dkr.ecr.us-west-2.amazonaws.com.evil.test",
        "111122223333.dkr.ecr.us-west-2.amazonaws.com.",
        "111122223333.dkr.ecr.us-west-2.amazonaws.com:443",
        "111122223333.dkr.ecr.us-west-2.amazonaws.com:5000",
        "111122223333.dkr.ecr.us-west-2.amazonaws.hacker.com",
        "111122223333.dkr.ecr.us-west-2.xamazonaws.com",
        "111122223333.dkr.ecr.us-west-2.evil.test",
        "111122223333.dkr.ecr.us-west-2.api.aws",
        "111122223333.dkr.ecr.us-west-2.s3.amazonaws.com",
        "111122223333.dkr.ecr.s3.amazonaws.com",
        "111122223333.dkr.ecr.us_west-2.amazonaws.com",
        "111122223333.dkr.ecr.us-west-.amazonaws.com",
        "111122223333.dkr.ecr.us-west-2a.amazonaws.com",
        "111122223333.dkr.ecr.us--2.amazonaws.com",
        "111122223333.dkr.ecr.us-west.amazonaws.com",
        "111122223333.dkr.ecr.us-west-22222222222222222222222222222222222222222222222222222222.amazonaws.com",
        "111122223333.dkr.ecr..amazonaws.com",
        "111122223333.dkr.ecr.amazonaws.com",
        "111122223333.dkr.ecr.zz-west-2.amazonaws.com",
        "111122223333.dkr.ecr.us-west-2@evil.test.amazonaws.com",
        "111122223333.dkr.ecr.us-west-2%2eamazonaws.com",
        "111122223333.DKR.ECR.us-west-2.amazonaws.com",
        "111122223333.dkr.ecr.US-WEST-2.amazonaws.com",
        "111122223333.dkrxecr.us-west-2.amazonaws.com",
        "111122223333.dkr.ecr-fipsx.us-west-2.amazonaws.com",
        "111122223333.ecr.us-west-2.amazonaws.com",
        "\xd9\xa1"
        "11122223333.dkr.ecr.us-west-2.amazonaws.com"}) {
    EXPECT_FALSE(registryOf(host)) << host;
  }
}

TEST(EcrRegistryHost, RefusesRegionsAndFormsThatAPartitionDoesNotHave) {
  for (const char* host : {
           "111122223333.dkr.ecr.cn-north-1.amazonaws.com",
           "111122223333.dkr.ecr.us-west-2.amazonaws.com.cn",
           "111122223333.dkr.ecr.us-gov-west-1.amazonaws.com.cn",
           "111122223333.dkr.ecr.us-west-2.amazonaws.eu",
           "111122223333.dkr.ecr.us-isob-east-1.c2s.ic.gov",
           "111122223333.dkr.ecr.us-iso-east-1.sc2s.sgov.gov",
           "111122223333.dkr.ecr.us-iso-east-1.amazonaws.com",
           "111122223333.dkr-ecr.us-west-2.amazonaws.com",
           "111122223333.dkr.ecr.us-west-2.on.aws",
           "111122223333.dkr-ecr.cn-north-1.on.aws",
           "111122223333.dkr-ecr.us-iso-east-1.c2s.ic.gov",
           "111122223333.dkr-ecr.eusc-de-east-1.",
           "111122223333.dkr-ecr.us-iso-east-1.",
       }) {
    EXPECT_FALSE(registryOf(host)) << host;
  }
}

// Every table of hosts that a request may go to, and nothing that no registry leads to.
TEST(EcrRegistryHost, LeadsOnlyToTheHostsOfTheProvidersTable) {
  const auto policyOf = [](const std::string& pattern) {
    ProviderDescription provider;
    provider.hosts = {pattern};
    return ContactPolicy(provider, {}, "registry.test");
  };
  std::vector<std::string> hosts;
  for (const Known& known : kKnown) {
    // With and without FIPS, which have endpoints in every partition.
    std::string fips = known.host;
    const auto infix = fips.find("ecr.");
    if (known.host[0] == '1' && infix != std::string::npos) fips.replace(infix, 4, "ecr-fips.");
    for (const std::string& host : {std::string(known.host), fips}) {
      const auto registry = registryOf(host);
      ASSERT_TRUE(registry) << host;
      hosts.push_back(registry->stsHost);
      hosts.push_back(registry->apiHost);
    }
  }
  std::set<std::string> used;
  for (const std::string& host : hosts) {
    std::size_t matches = 0;
    for (const std::string_view pattern : Ecr::kHosts) {
      if (!policyOf(std::string(pattern)).allows(parseHttpUrl("https://" + host + "/"))) continue;
      used.emplace(pattern);
      ++matches;
    }
    EXPECT_EQ(matches, 1u) << host;
  }
  EXPECT_EQ(used.size(), std::size(Ecr::kHosts));
  for (const std::string_view pattern : Ecr::kHosts) EXPECT_EQ(contactPatternProblem(pattern), "") << pattern;
}

TEST(EcrPartition, IsTheSecondPartOfAnArn) {
  EXPECT_EQ(partitionOf("arn:aws:iam::111122223333:role/pull"), "aws");
  EXPECT_EQ(partitionOf("arn:aws-us-gov:iam::111122223333:role/pull"), "aws-us-gov");
  EXPECT_EQ(partitionOf("arn:aws"), "aws");
  EXPECT_EQ(partitionOf("aws:iam"), "");
  EXPECT_EQ(partitionOf(""), "");
}

}  // namespace
}  // namespace rcb::ecr
