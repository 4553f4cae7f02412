#include "tests/core/commands/made_up_node.hpp"

#include "compat/drop_ins.hpp"
#include "core/net/http_date.hpp"
#include "providers/builtin.hpp"
#include "tests/support/file_content.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netdb.h>

#include <filesystem>

namespace rcb::test {
namespace {

using namespace std::string_literals;

constexpr char kProgram[] = "#!/bin/sh\necho 'registry-credential-broker of this test'\n";

constexpr char kProviders[] = R"(apiVersion: kubelet.config.k8s.io/v1
kind: CredentialProviderConfig
providers:
- name: registry-credential-broker
  apiVersion: credentialprovider.kubelet.k8s.io/v1
  matchImages: ["docker.test"]
  defaultCacheDuration: 0s
  tokenAttributes:
    serviceAccountTokenAudience: cloudsmith
    cacheType: ServiceAccount
    requireServiceAccount: true
)";

std::string brokerFile(std::uint16_t port, const std::string& caFile) {
  return R"(apiVersion: registry-credential-broker/v1alpha1
kind: BrokerConfig
providers:
- name: team
  module: cloudsmith
  matchImages: ["docker.test"]
  audience: cloudsmith
  allow:
  - {namespace: "team-*"}
  settings: {organization: acme, service: kubelet-puller, apiHost: "api.test:)" +
         std::to_string(port) + "\"}\n  tls: {caFile: \"" + caFile + "\", caMode: replace}\n";
}

Resolution loopback(std::uint16_t port) {
  Resolution found;
  SocketAddress address;
  auto* v4 = reinterpret_cast<sockaddr_in*>(&address.storage);
  v4->sin_family = AF_INET;
  v4->sin_port = htons(port);
  v4->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.size = sizeof(sockaddr_in);
  found.addresses.push_back(address);
  return found;
}

}  // namespace

MadeUpNode::MadeUpNode() {
  write("proc/stat", "cpu 1\nbtime 1000\n");
  std::filesystem::create_directories(path("proc/1/ns"));
  std::filesystem::create_symlink("pid:[1]", path("proc/1/ns/pid"));
  startKubelet({"--kubeconfig=/etc/kubernetes/kubelet.conf", "--config=/var/lib/kubelet/config.yaml",
                "--image-credential-provider-config=/"s + kProviderFile,
                "--image-credential-provider-bin-dir=/opt/plugins"});
  useVersion("Kubernetes v1.34.4");
  useEnvironment("PATH=/bin\0"s);
  write("var/lib/kubelet/config.yaml", "kind: KubeletConfiguration\n");
  write("usr/local/bin/program", kProgram, 0755);
  write(kProviderFile, kProviders);
  write(kPlugin, kProgram, 0755);
  serve({.names = {"api.test"}});
}

void MadeUpNode::remove(const std::string& name) const { std::filesystem::remove_all(path(name)); }

void MadeUpNode::change(const std::string& name, const std::string& old, const std::string& replacement) const {
  std::string text = contentOf(path(name));
  const auto at = text.find(old);
  ASSERT_NE(at, std::string::npos) << old;
  write(name, text.replace(at, old.size(), replacement));
}

void MadeUpNode::startKubelet(const std::vector<std::string>& arguments) const {
  std::string line = "/usr/bin/kubelet"s + '\0';
  for (const std::string& argument : arguments) line += argument + '\0';
  write("proc/99/cmdline", line);
  // After every file that this test writes.
  const auto ticks = (now.time_since_epoch().count() + 100 - 1000) * ::sysconf(_SC_CLK_TCK);
  write("proc/99/stat", "99 (kubelet) S 1 1 1 0 -1 4 2 0 0 0 3 1 0 0 20 0 1 0 " + std::to_string(ticks) + " 1 1\n");
  std::filesystem::create_directories(path("proc/99/ns"));
  if (!std::filesystem::is_symlink(path("proc/99/ns/pid"))) {
    std::filesystem::create_symlink("pid:[1]", path("proc/99/ns/pid"));
    std::filesystem::create_symlink("../../usr/bin/kubelet", path("proc/99/exe"));
  }
}

std::vector<std::string> MadeUpNode::kubeletArguments() const { return findKubelets(root_.path()).front().arguments; }

void MadeUpNode::useVersion(const std::string& output) const {
  write("usr/bin/kubelet", "#!/bin/sh\necho '" + output + "'\n", 0755);
}

void MadeUpNode::serve(const Pki::LeafOptions& leaf) {
  const Pki::Leaf issued = pki_.issue("server", leaf);
  server_.reset();
  TlsServer::Options options;
  options.certificateFile = issued.certificateFile;
  options.keyFile = issued.keyFile;
  server_ = std::make_unique<TlsServer>(options, [this](const ServerRequest&) {
    return ServerReply{404, {{"Date", formatHttpDate(now + serverAhead)}}, ""};
  });
  write(kBrokerFile, brokerFile(server_->port(), pki_.rootFile()));
}

Diagnosis MadeUpNode::examine() {
  ProviderSet providers(builtinProviders());
  const BrokerSource source{.configFile = configFile, .environment = shell, .dropIns = dropIns()};
  Examination examination{.request = request, .source = source, .providers = providers, .now = [this] { return now; }};
  if (!request.image.empty()) examination.image = parseImageReference(request.image);
  examination.root = root_.path();
  examination.program = path("usr/local/bin/program");
  examination.node.root = asRoot;
  examination.resolver = [this](const std::string&, std::uint16_t port) {
    return resolves ? loopback(listens ? port : 1) : Resolution{.addresses = {}, .problem = EAI_NONAME};
  };
  examineNode(examination);
  return std::move(examination.diagnosis);
}

}  // namespace rcb::test
