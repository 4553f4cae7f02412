// How the client would reach a host and whom it would trust there, in words, without connecting. The client decides by the same functions.
#pragma once

#include "core/settings/tls_options.hpp"
#include "core/support/environment.hpp"

#include <string>

namespace rcb {

// The proxy of a request to this URL and where it was named: "proxy.corp:3128 (HTTPS_PROXY)", "none (NO_PROXY exempts api.corp)", "none". Never its
// user name or password. Throws Error(kSettingsInvalid) for a URL or a proxy that cannot be used.
std::string describeProxy(const Environment& environment, const std::string& url);

// The files and folders whose certificate authorities would be trusted: "/etc/corp/ca.pem and the system's (/etc/ssl/certs)". They are not opened.
std::string describeTrust(const TlsOptions& options, const Environment& environment);

}  // namespace rcb
