// A node below a folder: a kubelet's process as procfs shows it, its provider file and plugins, a broker file, and the server that its rule contacts.
// It is healthy; a test breaks one thing and asks what doctor says.
#pragma once

#include "core/commands/doctor.hpp"
#include "tests/support/pki.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/support/tls_server.hpp"

#include <memory>
#include <string>
#include <vector>

namespace rcb::test {

class MadeUpNode {
 public:
  static constexpr int kPid = 99;
  static constexpr const char* kProviderFile = "etc/kubernetes/credential-provider-config.yaml";
  static constexpr const char* kBrokerFile = "etc/registry-credential-broker/config.yaml";
  static constexpr const char* kPlugin = "opt/plugins/registry-credential-broker";
  static constexpr const char* kRecords = "var/lib/kubelet/image_manager/pulled/";

  MadeUpNode();

  std::string path(const std::string& name) const { return root_.path() + "/" + name; }
  void write(const std::string& name, const std::string& content, mode_t mode = 0644) const {
    root_.write(name, content, mode);
  }
  void remove(const std::string& name) const;
  // Puts something in the place of `old`, which the file must have.
  void change(const std::string& name, const std::string& old, const std::string& replacement) const;

  void startKubelet(const std::vector<std::string>& arguments) const;
  std::vector<std::string> kubeletArguments() const;
  void useVersion(const std::string& output) const;
  void useEnvironment(const std::string& entries) const { write("proc/99/environ", entries); }
  // The server that answers for api.test, in place of the healthy one.
  void serve(const Pki::LeafOptions& leaf);

  Diagnosis examine();

  DoctorRequest request{.image = "docker.test/acme/app:1", .namespaceName = "team-a", .serviceAccount = "puller"};
  Environment shell;
  std::string configFile;
  bool asRoot = true;
  bool resolves = true;
  bool listens = true;
  std::chrono::seconds serverAhead{0};
  UnixTime now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());

 private:
  TempFolder root_;
  Pki pki_{root_.path()};
  std::unique_ptr<TlsServer> server_;
};

}  // namespace rcb::test
