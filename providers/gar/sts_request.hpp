// The request by which Google's Security Token Service exchanges a pod's token for an access token: RFC 8693
// (https://cloud.google.com/iam/docs/reference/sts/rest/v1/TopLevel/token). It has no header Authorization; with one the service may refuse it.
#pragma once

#include "providers/gar/federation.hpp"

#include <rcb/provider.hpp>

#include <string>
#include <string_view>

namespace rcb::gar {

std::string stsUrl(std::string_view host);

// The parameters of the form.
sdk::Fields stsParameters(const Federation& federation, std::string_view scope, std::string_view token);

}  // namespace rcb::gar
