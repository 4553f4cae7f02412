#include "providers/ecr/registry_host.hpp"

#include <algorithm>
#include <cstddef>

namespace rcb::ecr {
namespace {

// One cloud of AWS: its regions, and the suffixes of its host names. From botocore 1.44.8 (partitions.json and the endpoint rules of sts and ecr)
// and, of registries, awslabs/amazon-ecr-credential-helper 2a41520. Its list of dual-stack registries has none in the partitions without one here.
struct Partition {
  std::string_view name;
  std::string_view regions;            // how their names begin, separated by spaces; "-WORD-NUMBER" follows
  std::string_view suffix;             // of registries and endpoints
  std::string_view dualStackRegistry;  // suffixes of the dual-stack forms; empty: unknown
  std::string_view dualStackEndpoint;
};

constexpr Partition kPartitions[] = {
    {"aws", "us eu ap sa ca me af il mx", "amazonaws.com", "on.aws", "api.aws"},
    {"aws-us-gov", "us-gov", "amazonaws.com", "on.aws", "api.aws"},
    {"aws-cn", "cn", "amazonaws.com.cn", "on.amazonwebservices.com.cn", "api.amazonwebservices.com.cn"},
    {"aws-eusc", "eusc-de", "amazonaws.eu", "", ""},
    {"aws-iso", "us-iso", "c2s.ic.gov", "", ""},
    {"aws-iso-b", "us-isob", "sc2s.sgov.gov", "", ""},
    {"aws-iso-e", "eu-isoe", "cloud.adc-e.uk", "", ""},
    {"aws-iso-f", "us-isof", "csp.hci.ic.gov", "", ""},
};

// How a registry's host name continues behind the account.
struct Form {
  std::string_view infix;
  bool isDualStack;
  bool isFips;
};

constexpr Form kForms[] = {
    {".dkr.ecr.", false, false},
    {".dkr.ecr-fips.", false, true},
    {".dkr-ecr.", true, false},
    {".dkr-ecr-fips.", true, true},
};

constexpr std::size_t kAccountDigits = 12;
constexpr std::size_t kLongestRegion = 32;  // of the known ones: 14

bool isDigit(char c) { return c >= '0' && c <= '9'; }
bool isLowercase(char c) { return c >= 'a' && c <= 'z'; }

bool removePrefix(std::string_view& text, std::string_view prefix) {
  if (text.substr(0, prefix.size()) != prefix) return false;
  text.remove_prefix(prefix.size());
  return true;
}

// "-WORD-NUMBER", as in "-west-2".
bool isPlaceAndNumber(std::string_view text) {
  if (!removePrefix(text, "-")) return false;
  const auto dash = std::find_if_not(text.begin(), text.end(), isLowercase);
  if (dash == text.begin() || dash == text.end() || *dash != '-') return false;
  return dash + 1 != text.end() && std::all_of(dash + 1, text.end(), isDigit);
}

bool isRegionOf(const Partition& partition, std::string_view region) {
  if (region.size() > kLongestRegion) return false;
  std::string_view prefixes = partition.regions;
  while (!prefixes.empty()) {
    const auto end = std::min(prefixes.find(' '), prefixes.size());
    std::string_view rest = region;
    if (removePrefix(rest, prefixes.substr(0, end)) && isPlaceAndNumber(rest)) return true;
    prefixes.remove_prefix(std::min(end + 1, prefixes.size()));
  }
  return false;
}

std::string joined(std::string_view service, std::string_view region, std::string_view suffix) {
  return std::string(service).append(".").append(region).append(".").append(suffix);
}

Registry privateRegistry(const Partition& partition, const Form& form, std::string_view region) {
  const std::string_view suffix = form.isDualStack ? partition.dualStackEndpoint : partition.suffix;
  // In GovCloud the ordinary name of STS is also the FIPS one; only its dual-stack form has another.
  const bool fipsSts = form.isFips && (form.isDualStack || partition.name != "aws-us-gov");
  const std::string ecr = form.isFips ? "ecr-fips" : "ecr";
  return {.partition = partition.name,
          .region = std::string(region),
          .stsHost = joined(fipsSts ? "sts-fips" : "sts", region, suffix),
          .apiHost = joined(form.isDualStack ? ecr : "api." + ecr, region, suffix)};
}

}  // namespace

std::optional<Registry> registryOf(std::string_view host) {
  if (host == "public.ecr.aws") {
    return Registry{"aws", "us-east-1", "sts.us-east-1.amazonaws.com", "api.ecr-public.us-east-1.amazonaws.com", true};
  }
  if (host == "ecr-public.aws.com") {
    return Registry{"aws", "us-east-1", "sts.us-east-1.api.aws", "ecr-public.us-east-1.api.aws", true};
  }
  const std::string_view account = host.substr(0, kAccountDigits);
  if (account.size() != kAccountDigits || !std::all_of(account.begin(), account.end(), isDigit)) return std::nullopt;
  host.remove_prefix(kAccountDigits);
  for (const Form& form : kForms) {
    std::string_view rest = host;
    if (!removePrefix(rest, form.infix)) continue;
    const std::string_view region = rest.substr(0, rest.find('.'));
    if (!removePrefix(rest, region) || !removePrefix(rest, ".")) return std::nullopt;
    for (const Partition& partition : kPartitions) {
      const std::string_view suffix = form.isDualStack ? partition.dualStackRegistry : partition.suffix;
      if (!suffix.empty() && rest == suffix && isRegionOf(partition, region)) {
        return privateRegistry(partition, form, region);
      }
    }
  }
  return std::nullopt;
}

std::string_view partitionOf(std::string_view arn) {
  if (!removePrefix(arn, "arn:")) return {};
  return arn.substr(0, arn.find(':'));
}

}  // namespace rcb::ecr
