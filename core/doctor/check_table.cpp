#include "core/doctor/check_table.hpp"

namespace rcb {

const std::vector<CheckEntry>& checkTable() {
  static const std::vector<CheckEntry> table = {
      {"privileges", "does doctor see what the kubelet sees?"},
      {"kubelet", "which kubelet runs here?"},
      {"kubelet-version", "which version is it?"},
      {"kubelet-flags", "was it told where its provider file and its plugins are?"},
      {"provider-file", "is the provider file there, and can only root change it?"},
      {"provider-rules", "would a kubelet of this version start with it?"},
      {"plugins", "can the kubelet run every plugin that the file names, and is one of them this program?"},
      {"plugin-version", "are they of this version?"},
      {"feature-gate", "does the kubelet give plugins service account tokens?"},
      {"kubelet-restart", "has the kubelet read the file as it is now?"},
      {"environment", "which proxy and certificates does the kubelet give its plugins?"},
      {"broker-file", "is the broker file there, valid, and only root's to change?"},
      {"agreement", "do the kubelet's entries and the rules fit together?"},
      {"rule", "which entry and which rule answer for the image?"},
      {"rule-run", "how far does the rule get without the network?"},
      {"broker-rules", "can every rule be run?"},
      {"dns", "do the host names resolve?"},
      {"connect", "do the hosts accept connections?"},
      {"proxy", "which proxy is used, and does it let them through?"},
      {"tls", "are the servers' certificates trusted?"},
      {"clock", "is the node's clock right?"},
      {"confinement", "can the kernel confine a program that handles tokens?"},
      {"pull-records", "who may use the image that is on the node?"},
      {"kubeconfig", "can the kubelet log in to the API server, and until when?"},
      {"api-server", "does the API server answer, and which node does it take the kubelet for?"},
      {"audience-access", "may the node ask for tokens for the rule's audience?"},
      {"account-access", "may the node read service accounts and their annotations?"},
      {"service-account", "does the pod's service account exist?"},
      {"annotations", "has it the annotations that the kubelet's file requires, and which ones set something?"},
      {"token", "does the API server issue a token for the pod, and with the right claims?"},
      {"issuer", "can a registry read the discovery document of the tokens' issuer?"},
      {"issuer-keys", "are the keys published that the cluster's tokens are signed with?"},
      {"exchange", "what would a run of the plugin answer?"},
      {"registry", "does the registry take the credential?"},
      {"manifest", "is the image there, and may this identity pull it?"},
  };
  return table;
}

}  // namespace rcb
