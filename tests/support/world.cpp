#include "tests/support/world.hpp"

#include "tests/support/json_web_token.hpp"

#include <fstream>
#include <sstream>

namespace rcb::test {
namespace {

// The registry's name in challenges and bearer tokens.
constexpr const char* kRegistryService = "rcb-test-registry";
// Of the service account tokens that it verifies itself.
constexpr const char* kRegistryAudience = "registry.test";

std::string loopback(std::uint16_t port) { return "127.0.0.1:" + std::to_string(port); }

std::string readText(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

TlsServer::Options tlsOptions(const Pki::Leaf& certificate, std::uint16_t port = 0) {
  TlsServer::Options options;
  options.certificateFile = certificate.certificateFile;
  options.keyFile = certificate.keyFile;
  options.port = port;
  return options;
}

// What goes wrong inside, a broken policy file for one, is the server's failure and not the end of the program.
Handler guarded(Handler handler) {
  return [handler = std::move(handler)](const ServerRequest& request) -> ServerReply {
    try {
      return handler(request);
    } catch (const std::exception& failure) {
      return {500, {}, failure.what()};
    }
  };
}

}  // namespace

UnixTime currentTime() { return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()); }

World::World(Options options) : options_(std::move(options)), pki_(options_.folder) {
  Pki::LeafOptions names;
  names.names = {"127.0.0.1", "localhost"};
  names.names.insert(names.names.end(), options_.hostNames.begin(), options_.hostNames.end());
  if (options_.exchangeCertificate.names.empty()) options_.exchangeCertificate.names = names.names;
  const Pki::Leaf certificate = pki_.issue("server", names);
  if (options_.issuer.empty()) startIdentityService(certificate);
  startExchange();
  if (options_.withRegistry) startRegistry(certificate);
}

World::~World() = default;

std::string World::exchangeHost() const { return loopback(exchangeServer_->port()); }
std::string World::registryHost() const { return loopback(registry_->port()); }
std::string World::sideDoorHost() const { return loopback(registry_->sideDoorPort()); }

std::vector<VerificationKey> World::issuerKeys() const {
  return identity_ ? std::vector{identity_->key()} : readKeySet(readText(options_.issuerKeysFile));
}

void World::startIdentityService(const Pki::Leaf& certificate) {
  // The issuer's URL has the server's port, so the server comes first. It gets no request before this constructor ends.
  identityServer_ = std::make_unique<TlsServer>(
      tlsOptions(certificate), [this](const ServerRequest& request) { return identity_->answer(request); });
  options_.issuer = "https://" + loopback(identityServer_->port());
  identity_ = std::make_unique<IdentityService>(options_.issuer, SigningKey::generate(options_.keyAlgorithm));
}

void World::startExchange() {
  exchange_ =
      std::make_unique<CloudsmithExchange>(CloudsmithExchange::Options{.issuer = options_.issuer,
                                                                       .issuerKeys = [this] { return issuerKeys(); },
                                                                       .policy = options_.policy,
                                                                       .now = currentTime,
                                                                       .recorded = options_.recorded},
                                           SigningKey::generate(options_.keyAlgorithm));
  const Pki::Leaf certificate = pki_.issue("exchange", options_.exchangeCertificate);
  exchangeServer_ =
      std::make_unique<TlsServer>(tlsOptions(certificate, options_.exchangePort),
                                  guarded([this](const ServerRequest& request) { return exchange_->answer(request); }));
}

void World::startRegistry(const Pki::Leaf& certificate) {
  const Pki::Leaf signer = pki_.issue("bearer", {.names = {"bearer.test"}});
  tokenService_ = std::make_unique<RegistryTokenService>(
      RegistryTokenService::Options{
          .service = kRegistryService,
          .certificateChain = readCertificateChain(signer.certificateFile),
          .authenticate = [this](const std::string& user,
                                 const std::string& password) { return repositoriesOf(user, password); },
          .now = currentTime},
      SigningKey::fromPemFile(signer.keyFile));
  tokenServer_ = std::make_unique<TlsServer>(tlsOptions(certificate), guarded([this](const ServerRequest& request) {
                                               return tokenService_->answer(request);
                                             }));
  registry_ = std::make_unique<ImageRegistry>(
      ImageRegistry::Options{.folder = options_.folder + "/registry",
                             .certificateFile = certificate.certificateFile,
                             .keyFile = certificate.keyFile,
                             .realm = "https://" + loopback(tokenServer_->port()) + "/token",
                             .service = kRegistryService,
                             .issuer = RegistryTokenService::kIssuer,
                             .issuerCertificates = pki_.rootFile(),
                             .port = options_.registryPort});
}

// Cloudsmith takes its own tokens as the password of the user "token". As the user "service-account" a pod may pull with its own token what
// is named after its namespace: some registries verify such tokens themselves.
std::optional<std::vector<std::string>> World::repositoriesOf(const std::string& user,
                                                              const std::string& password) const {
  if (user == "service-account") {
    const auto keys = issuerKeys();
    const auto pod =
        verifyToken(password, keys, {.issuer = options_.issuer, .audience = kRegistryAudience, .now = currentTime()});
    const Json* podClaims = std::get_if<Json>(&pod);
    if (podClaims == nullptr) return std::nullopt;
    return std::vector{claimText(*podClaims, "/kubernetes.io/namespace") + "/*"};
  }
  if (user != "token") return std::nullopt;
  const auto verified = verifyToken(password, {&exchange_->key(), 1},
                                    {.issuer = CloudsmithExchange::kIssuer,
                                     .audience = CloudsmithExchange::kAudience,
                                     .now = currentTime(),
                                     .expiryRequired = false});
  const Json* claims = std::get_if<Json>(&verified);
  if (claims == nullptr) return std::nullopt;
  const CloudsmithPolicy policy = options_.policy();
  const CloudsmithOrganization* organization = findOrganization(policy, claimText(*claims, "/org"));
  const CloudsmithService* service =
      organization == nullptr ? nullptr : findService(*organization, claimText(*claims, "/sub"));
  if (service == nullptr) return std::nullopt;
  return service->pull;
}

}  // namespace rcb::test
