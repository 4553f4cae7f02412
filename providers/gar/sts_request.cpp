#include "providers/gar/sts_request.hpp"

namespace rcb::gar {

std::string stsUrl(std::string_view host) { return std::string("https://").append(host).append("/v1/token"); }

sdk::Fields stsParameters(const Federation& federation, std::string_view scope, std::string_view token) {
  return {
      {"grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"},
      {"audience", federation.audience},
      {"scope", scope},
      {"requested_token_type", "urn:ietf:params:oauth:token-type:access_token"},
      {"subject_token", token},
      {"subject_token_type", federation.subjectTokenType},
  };
}

}  // namespace rcb::gar
