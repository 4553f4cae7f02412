// rcb-test-world: the servers of world.hpp as a program, for scripts and for trying things out. See --help.
#include "core/support/json_writer.hpp"
#include "tests/support/json_web_token.hpp"
#include "tests/support/world.hpp"

#include <CLI/CLI.hpp>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace rcb::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* kServeDescription =
    "Runs the servers until SIGTERM, or until its parent exits. When the file `ready` appears in the folder, "
    "endpoints.json says where they "
    "are, ca.pem is the CA to trust, issuer-keys.json is the identity service's key set, for another world to trust "
    "it too, and exchanges.jsonl lists the requests to the exchange. policy.json, if present, "
    "is "
    "read at every request; "
    "see tests/support/cloudsmith_policy.hpp.";

struct ServeOptions {
  World::Options world;
  bool recordRequests = false;
  std::vector<std::string> images = {"acme/app:1", "globex/app:1"};
};

struct TokenOptions {
  std::string folder;
  std::string namespaceName;
  std::string serviceAccount;
  std::vector<std::string> audiences = {"cloudsmith"};
  std::int64_t expiresIn = 3600;
};

std::string readText(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// A reader that waits for the file never sees a part of it.
void writeText(const std::string& path, const std::string& text) {
  const std::string draft = path + ".new";
  std::ofstream file(draft);
  file << text;
  file.close();
  if (!file) throw std::runtime_error("cannot write " + path);
  fs::rename(draft, path);
}

std::string endpointsText(const World& world, const World::Options& options) {
  std::string text;
  JsonWriter writer(text, true);
  writer.beginObject();
  writer.member("issuer", world.issuer());
  writer.member("exchange", world.exchangeHost());
  if (options.withRegistry) {
    writer.member("registry", world.registryHost());
    writer.member("sideDoor", world.sideDoorHost());
  }
  writer.member("ca", options.folder + "/ca.pem");
  writer.endObject();
  return text + "\n";
}

std::string exchangeLine(const CloudsmithExchange::Exchange& exchange) {
  std::string line;
  JsonWriter writer(line);
  writer.beginObject();
  writer.member("organization", exchange.organization);
  writer.member("service", exchange.service);
  writer.member("serviceAccount", exchange.serviceAccount);
  writer.member("status", exchange.status);
  writer.endObject();
  return line;
}

std::string requestLine(const ServerRequest& request) {
  std::string line;
  JsonWriter writer(line);
  writer.beginObject();
  writer.member("method", request.method);
  writer.member("target", request.target);
  writer.key("headers");
  writer.beginObject();
  for (const auto& [name, value] : request.headers) writer.member(name, value);
  writer.endObject();
  writer.member("body", request.body);
  writer.endObject();
  return line;
}

CloudsmithPolicy policyIn(const std::string& folder) {
  const std::string file = folder + "/policy.json";
  return fs::exists(file) ? readCloudsmithPolicy(readText(file)) : defaultCloudsmithPolicy();
}

// The signals that end the program, blocked in this thread and all later ones, so that they can be waited for. The parent's death is one.
// False if `parent` has died already.
bool blockEndingSignals(sigset_t& signals, pid_t parent) {
  ::sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) ::sigaddset(&signals, signal);
  ::sigprocmask(SIG_BLOCK, &signals, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  return ::getppid() == parent;
}

int serve(ServeOptions& options, pid_t parent) {
  sigset_t ends;
  if (!blockEndingSignals(ends, parent)) return 1;
  ::umask(077);
  std::string& folder = options.world.folder;
  fs::create_directories(folder);
  folder = fs::canonical(folder);
  const std::string ready = folder + "/ready";
  fs::remove(ready);

  std::ofstream exchanges(folder + "/exchanges.jsonl");
  options.world.recorded = [&exchanges](const auto& exchange) { exchanges << exchangeLine(exchange) << std::endl; };
  std::ofstream requests;
  if (options.recordRequests) {
    requests.open(folder + "/requests.jsonl");
    options.world.received = [&requests](const auto& request) { requests << requestLine(request) << std::endl; };
  }
  options.world.policy = [folder] { return policyIn(folder); };
  options.world.policy();  // a broken file is told at once
  options.world.keyAlgorithm = SignatureAlgorithm::kRs256;
  World world(options.world);
  fs::copy_file(world.caFile(), folder + "/ca.pem", fs::copy_options::overwrite_existing);
  if (options.world.issuer.empty()) {
    world.identity().writeKeyFile(folder + "/issuer.key");
    writeText(folder + "/issuer-keys.json", world.identity().answer({"GET", "/openid/v1/jwks", {}, ""}).body);
  }
  if (options.world.withRegistry) {
    for (const std::string& image : options.images) world.registry().push(image);
  }
  writeText(folder + "/endpoints.json", endpointsText(world, options.world));
  writeText(ready, "");
  std::printf("ready: %s/endpoints.json\n", folder.c_str());
  std::fflush(stdout);

  ::sigwaitinfo(&ends, nullptr);
  fs::remove(ready);
  return 0;
}

int printToken(const TokenOptions& options) {
  const auto endpoints = parseJson(readText(options.folder + "/endpoints.json"));
  const Json* document = std::get_if<Json>(&endpoints);
  if (document == nullptr) throw std::runtime_error("endpoints.json is not JSON");
  const IdentityService identity(claimText(*document, "/issuer"),
                                 SigningKey::fromPemFile(options.folder + "/issuer.key"));
  const std::string token = identity.issue({.namespaceName = options.namespaceName,
                                            .serviceAccount = options.serviceAccount,
                                            .audiences = options.audiences,
                                            .life = std::chrono::seconds(options.expiresIn)},
                                           currentTime());
  std::printf("%s\n", token.c_str());
  return 0;
}

int run(int argc, char** argv) {
  const pid_t parent = ::getppid();
  CLI::App app("A cluster's identity service, Cloudsmith's exchange and a token-auth Docker registry on loopback");
  app.require_subcommand(1);

  ServeOptions serveOptions;
  World::Options& world = serveOptions.world;
  CLI::App* serveCommand = app.add_subcommand("serve", kServeDescription);
  serveCommand->add_option("--folder", world.folder, "folder for all files; created if needed")->required();
  serveCommand->add_option("--host-name", world.hostNames, "additional names for the servers' certificates");
  serveCommand->add_flag("--record-requests", serveOptions.recordRequests,
                         "write every request to an exchange into requests.jsonl, with its secrets");
  auto* issuer =
      serveCommand->add_option("--issuer", world.issuer, "trust this cluster instead of the built-in identity service");
  auto* keys = serveCommand->add_option("--issuer-keys", world.issuerKeysFile, "its key set (JWKS)");
  issuer->needs(keys);
  keys->needs(issuer);
  serveCommand->add_option("--exchange-port", world.exchangePort, "default: any free one");
  auto* registry = serveCommand->add_flag("--registry", world.withRegistry, "also run a Docker registry");
  serveCommand->add_option("--registry-port", world.registryPort, "default: any free one")->needs(registry);
  serveCommand->add_option("--image", serveOptions.images, "repository:tag of a test image to push")
      ->needs(registry)
      ->capture_default_str();

  TokenOptions tokenOptions;
  CLI::App* tokenCommand = app.add_subcommand("token", "Prints a pod's service account token for a running world");
  tokenCommand->add_option("--folder", tokenOptions.folder, "of the world")->required();
  tokenCommand->add_option("--namespace", tokenOptions.namespaceName)->required();
  tokenCommand->add_option("--service-account", tokenOptions.serviceAccount)->required();
  tokenCommand->add_option("--audience", tokenOptions.audiences)->capture_default_str();
  tokenCommand->add_option("--expires-in", tokenOptions.expiresIn, "seconds; negative: expired that long ago")
      ->capture_default_str();

  CLI11_PARSE(app, argc, argv);
  return *serveCommand ? serve(serveOptions, parent) : printToken(tokenOptions);
}

}  // namespace
}  // namespace rcb::test

int main(int argc, char** argv) {
  try {
    return rcb::test::run(argc, argv);
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "rcb-test-world: %s\n", failure.what());
    return 1;
  }
}
