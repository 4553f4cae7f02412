// Certificates and a key in memory, as a kubeconfig has them, in place of the files of a rule's tls. The policy is the same.
#pragma once

#include "core/support/secret.hpp"

#include <string>

namespace rcb {

struct TlsMaterial {
  std::string name;          // where they are from, for messages: "of /etc/kubernetes/kubelet.conf"
  Secret authorities;        // PEM; trusted alone; empty: the system's
  Secret clientCertificate;  // PEM chain; empty: none
  Secret clientKey;          // PEM, not encrypted
};

}  // namespace rcb
