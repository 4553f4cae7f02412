#include "tests/support/world.hpp"

#include "tests/support/json_web_token.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

namespace rcb::test {
namespace {

// The registry's name in challenges and bearer tokens.
constexpr const char* kRegistryService = "rcb-test-registry";
// Of the service account tokens that it verifies itself.
constexpr const char* kRegistryAudience = "registry.test";
// The users whose passwords are a service account token, and a token of Cloudsmith.
constexpr const char* kPodUser = "service-account";
constexpr const char* kCloudsmithUser = "token";
// Of the registry in Azure.
constexpr const char* kLoginServer = "contoso.azurecr.io";

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
  tokenEndpoint_ = std::make_unique<TokenEndpoint>(TokenEndpoint::Options{
      .issuer = options_.issuer, .issuerKeys = [this] { return issuerKeys(); }, .now = currentTime});
  aws_ = std::make_unique<AwsServices>(
      AwsServices::Options{.issuer = options_.issuer,
                           .issuerKeys = [this] { return issuerKeys(); },
                           .now = [this] { return currentTime() + options_.policy().clockAhead; }});
  azure_ = std::make_unique<AzureCloud>(
      AzureCloud::Options{.issuer = options_.issuer, .issuerKeys = [this] { return issuerKeys(); }, .now = currentTime},
      SigningKey::generate(options_.keyAlgorithm));
  google_ = std::make_unique<GoogleIdentity>(GoogleIdentity::Options{
      .issuer = options_.issuer, .issuerKeys = [this] { return issuerKeys(); }, .now = currentTime});
  const Pki::Leaf certificate = pki_.issue("exchange", options_.exchangeCertificate);
  exchangeServer_ =
      std::make_unique<TlsServer>(tlsOptions(certificate, options_.exchangePort),
                                  guarded([this](const ServerRequest& request) { return answerExchange(request); }));
}

ServerReply World::answerExchange(const ServerRequest& request) {
  if (options_.received) options_.received(request);
  const std::string_view path = pathOf(request);
  ServerReply reply;
  if (path.starts_with(TokenEndpoint::kPrefix)) {
    reply = tokenEndpoint_->answer(request);
  } else if (AwsServices::serves(request)) {
    reply = aws_->answer(request);
  } else if (AzureCloud::serves(path)) {
    reply = azure_->answer(request);
  } else if (GoogleIdentity::serves(path)) {
    reply = google_->answer(request);
  } else {
    return exchange_->answer(request);
  }
  const std::scoped_lock lock(servedMutex_);
  served_.push_back(request.method + " " + request.target + " " + std::to_string(reply.status));
  return reply;
}

std::vector<std::string> World::issued() const {
  std::vector<std::string> all = exchange_->issued();
  for (const auto& others : {tokenEndpoint_->issued(), aws_->issued(), azure_->issued(), google_->issued()}) {
    all.insert(all.end(), others.begin(), others.end());
  }
  return all;
}

std::vector<std::string> World::served() const {
  const std::scoped_lock lock(servedMutex_);
  return served_;
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

// By the user name that each issuer's credentials have. The credential of a cloud pulls what is below one name of its own.
std::optional<std::vector<std::string>> World::repositoriesOf(const std::string& user,
                                                              const std::string& password) const {
  using Repositories = std::vector<std::string>;
  if (user == kPodUser) return repositoriesOfPod(password);
  if (user == kCloudsmithUser) return repositoriesOfCloudsmith(password);
  if (user == TokenEndpoint::kUser && tokenEndpoint_->accepts(password)) return Repositories{"in-house/*"};
  if (user == AwsServices::kUser && aws_->accepts(password)) return Repositories{"ecr/*"};
  if (user == GoogleIdentity::kUser && google_->accepts(password)) return Repositories{"acme-images/*"};
  if (user == AzureCloud::kUser && azure_->accepts(kLoginServer, password)) return Repositories{"acr/*"};
  return std::nullopt;
}

// With its own token a pod may pull what is named after its namespace: some registries verify such tokens themselves.
std::optional<std::vector<std::string>> World::repositoriesOfPod(const std::string& token) const {
  const auto keys = issuerKeys();
  const auto verified =
      verifyToken(token, keys, {.issuer = options_.issuer, .audience = kRegistryAudience, .now = currentTime()});
  const Json* claims = std::get_if<Json>(&verified);
  if (claims == nullptr) return std::nullopt;
  return std::vector{claimText(*claims, "/kubernetes.io/namespace") + "/*"};
}

std::optional<std::vector<std::string>> World::repositoriesOfCloudsmith(const std::string& token) const {
  const auto verified = verifyToken(token, {&exchange_->key(), 1},
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
