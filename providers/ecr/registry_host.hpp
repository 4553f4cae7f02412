// Which registry of Amazon ECR a host name is, and which endpoints of AWS belong to it. Everything is derived from the name by a table; a name that
// does not fit it exactly is not a registry, so a look-alike never leads to a request.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rcb::ecr {

struct Registry {
  std::string_view partition;  // as in ARNs: "aws", "aws-cn", …
  std::string region;          // of the registry's API and of the signature
  std::string stsHost;         // regional: "sts.us-west-2.amazonaws.com"
  std::string apiHost;         // "api.ecr.us-west-2.amazonaws.com"
  bool isPublic = false;       // Amazon ECR Public, which has one API in one region
};

// ACCOUNT.dkr.ecr.REGION.SUFFIX and ACCOUNT.dkr.ecr-fips.REGION.SUFFIX, their dual-stack forms ACCOUNT.dkr-ecr.REGION.SUFFIX and
// ACCOUNT.dkr-ecr-fips.REGION.SUFFIX, public.ecr.aws and ecr-public.aws.com; in lower case, without a port. The account has 12 digits, and the region
// is one that the suffix's partition can have. A FIPS or dual-stack registry has endpoints of the same kind.
std::optional<Registry> registryOf(std::string_view host);

// The partition in an ARN: "aws-cn" of "arn:aws-cn:iam::…".
std::string_view partitionOf(std::string_view arn);

}  // namespace rcb::ecr
