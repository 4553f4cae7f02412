// Everything that a node meets when it pulls a private image, on loopback: the cluster's identity service, Cloudsmith's exchange, on the same port an
// authorization server and the services of AWS, Azure and Google, and, on demand, a real token-auth registry. All of it verifies what it is given.
#pragma once

#include "tests/support/aws_services.hpp"
#include "tests/support/azure_cloud.hpp"
#include "tests/support/cloudsmith_exchange.hpp"
#include "tests/support/google_identity.hpp"
#include "tests/support/identity_service.hpp"
#include "tests/support/image_registry.hpp"
#include "tests/support/pki.hpp"
#include "tests/support/registry_token_service.hpp"
#include "tests/support/tls_server.hpp"
#include "tests/support/token_endpoint.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace rcb::test {

UnixTime currentTime();

class World {
 public:
  struct Options {
    std::string folder;  // must exist; certificates, keys and the registry's files go there
    SignatureAlgorithm keyAlgorithm = SignatureAlgorithm::kEs256;  // of cluster and Cloudsmith
    std::string issuer;  // of a real cluster, with its key set in issuerKeysFile; empty: an identity service of our own
    std::string issuerKeysFile;  // read at every exchange
    std::function<CloudsmithPolicy()> policy = defaultCloudsmithPolicy;
    std::function<void(const CloudsmithExchange::Exchange&)> recorded;  // see CloudsmithExchange
    std::function<void(const ServerRequest&)> received;  // called for each request to an exchange, before its answer
    std::vector<std::string> hostNames;    // of exchange, token service and registry, beside localhost and 127.0.0.1
    Pki::LeafOptions exchangeCertificate;  // without names: all of those
    std::uint16_t exchangePort = 0;        // 0: any free one
    bool withRegistry = false;
    std::uint16_t registryPort = 0;
  };
  explicit World(Options options);
  ~World();

  std::string caFile() const { return pki_.rootFile(); }
  const std::string& issuer() const { return options_.issuer; }
  // "127.0.0.1:port" each.
  std::string exchangeHost() const;
  std::string registryHost() const;
  std::string sideDoorHost() const;

  IdentityService& identity() { return *identity_; }
  CloudsmithExchange& exchange() { return *exchange_; }
  TokenEndpoint& tokenEndpoint() { return *tokenEndpoint_; }
  TlsServer& exchangeServer() { return *exchangeServer_; }
  // All tokens that anything here has issued.
  std::vector<std::string> issued() const;
  // What has been asked of the exchanges other than Cloudsmith's, in order: "POST /oauth/token 200".
  std::vector<std::string> served() const;
  const ImageRegistry& registry() const { return *registry_; }

 private:
  std::vector<VerificationKey> issuerKeys() const;
  void startIdentityService(const Pki::Leaf& certificate);
  void startExchange();
  ServerReply answerExchange(const ServerRequest& request);
  void startRegistry(const Pki::Leaf& certificate);
  std::optional<std::vector<std::string>> repositoriesOf(const std::string& user, const std::string& password) const;
  std::optional<std::vector<std::string>> repositoriesOfPod(const std::string& token) const;
  std::optional<std::vector<std::string>> repositoriesOfCloudsmith(const std::string& token) const;

  Options options_;
  Pki pki_;
  std::unique_ptr<IdentityService> identity_;
  std::unique_ptr<CloudsmithExchange> exchange_;
  std::unique_ptr<TokenEndpoint> tokenEndpoint_;
  std::unique_ptr<AwsServices> aws_;
  std::unique_ptr<AzureCloud> azure_;
  std::unique_ptr<GoogleIdentity> google_;
  mutable std::mutex servedMutex_;
  std::vector<std::string> served_;
  std::unique_ptr<RegistryTokenService> tokenService_;
  // After what answers on them.
  std::unique_ptr<TlsServer> identityServer_;
  std::unique_ptr<TlsServer> exchangeServer_;
  std::unique_ptr<TlsServer> tokenServer_;
  std::unique_ptr<ImageRegistry> registry_;
};

}  // namespace rcb::test
