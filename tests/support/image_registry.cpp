#include "tests/support/image_registry.hpp"

#include "tests/support/test_image.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <thread>

namespace rcb::test {
namespace {

constexpr const char* kRegistry = "/usr/bin/docker-registry";
constexpr const char* kSkopeo = "/usr/bin/skopeo";

void requireProgram(const char* path, const char* package) {
  if (::access(path, X_OK) == 0) return;
  throw std::runtime_error(std::string(path) + " is missing; apt-get install " + package);
}

void write(const std::string& path, const std::string& text) {
  std::ofstream file(path);
  file << text;
  file.close();
  if (!file) throw std::runtime_error("cannot write " + path);
}

std::string read(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

// YAML's double quotes are JSON's.
std::string quoted(const std::string& text) { return '"' + text + '"'; }

std::string commonConfig(const std::string& folder, std::uint16_t port) {
  return "version: 0.1\n"
         "log: {accesslog: {disabled: true}, level: info}\n"
         "storage: {filesystem: {rootdirectory: " +
         quoted(folder + "/storage") +
         "}}\n"
         "http:\n"
         "  addr: 127.0.0.1:" +
         std::to_string(port) + "\n";
}

std::string frontConfig(const ImageRegistry::Options& options) {
  return commonConfig(options.folder, options.port) + "  tls: {certificate: " + quoted(options.certificateFile) +
         ", key: " + quoted(options.keyFile) + "}\nauth:\n  token:\n    realm: " + quoted(options.realm) +
         "\n    service: " + quoted(options.service) + "\n    issuer: " + quoted(options.issuer) +
         "\n    rootcertbundle: " + quoted(options.issuerCertificates) + "\n";
}

std::unique_ptr<BackgroundProcess> serve(const std::string& folder, const std::string& name,
                                         const std::string& config) {
  write(folder + "/" + name + ".yml", config);
  return std::make_unique<BackgroundProcess>(
      Command{{kRegistry, "serve", folder + "/" + name + ".yml"}, {{"PATH", "/usr/bin:/bin"}}, ""},
      folder + "/" + name + ".log");
}

// The registry says where it listens; only then does it accept connections.
std::uint16_t awaitPort(BackgroundProcess& process, const std::string& logFile) {
  constexpr std::string_view kListening = "listening on 127.0.0.1:";
  constexpr auto kLimit = std::chrono::seconds(20);
  const auto end = std::chrono::steady_clock::now() + kLimit;
  while (process.running() && std::chrono::steady_clock::now() < end) {
    const std::string log = read(logFile);
    const auto at = log.find(kListening);
    if (at != std::string::npos && log.find('\n', at) != std::string::npos) {
      return static_cast<std::uint16_t>(std::stoul(log.substr(at + kListening.size())));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  throw std::runtime_error("the registry did not start; see " + logFile);
}

}  // namespace

ImageRegistry::ImageRegistry(const Options& options) : folder_(options.folder) {
  requireProgram(kRegistry, "docker-registry");
  std::filesystem::create_directories(folder_);
  frontDoor_ = serve(folder_, "front", frontConfig(options));
  sideDoor_ = serve(folder_, "side", commonConfig(folder_, 0));
  port_ = awaitPort(*frontDoor_, folder_ + "/front.log");
  sideDoorPort_ = awaitPort(*sideDoor_, folder_ + "/side.log");
}

ImageRegistry::~ImageRegistry() = default;

void ImageRegistry::push(const std::string& name) const {
  requireProgram(kSkopeo, "skopeo");
  const std::string layout = folder_ + "/image";
  writeTestImage(layout, "You pulled " + name + ".\n");
  Command command;
  command.arguments = {kSkopeo,
                       "--insecure-policy",
                       "copy",
                       "--quiet",
                       "--dest-tls-verify=false",
                       "oci:" + layout,
                       "docker://127.0.0.1:" + std::to_string(sideDoorPort_) + "/" + name};
  command.environment = {{"PATH", "/usr/bin:/bin"}, {"HOME", folder_}};
  const Finished finished = runCommand(command, std::chrono::seconds(30));
  std::filesystem::remove_all(layout);
  if (finished.exitStatus != 0) throw std::runtime_error("cannot push " + name + ": " + finished.errors);
}

}  // namespace rcb::test
