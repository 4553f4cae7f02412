// The real Docker registry (Debian's package docker-registry) on loopback: with TLS and token authentication in front, and over the same
// storage a second one without either, the side door through which tests push images.
#pragma once

#include "tests/support/child_process.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace rcb::test {

class ImageRegistry {
 public:
  struct Options {
    std::string folder;           // its storage, files and logs; made if needed
    std::string certificateFile;  // for TLS
    std::string keyFile;
    std::string realm;  // URL of the token endpoint
    std::string service;
    std::string issuer;
    std::string issuerCertificates;  // PEM; who may have signed the certificates of bearer tokens
    std::uint16_t port = 0;          // 0: any free one
  };

  // Returns once both accept connections. Throws std::runtime_error, with what to install if the program is missing.
  explicit ImageRegistry(const Options& options);
  ~ImageRegistry();

  std::uint16_t port() const { return port_; }
  std::uint16_t sideDoorPort() const { return sideDoorPort_; }

  // Pushes the test image through the side door, with skopeo. `name` is "repository:tag".
  void push(const std::string& name) const;

 private:
  std::string folder_;
  std::unique_ptr<BackgroundProcess> frontDoor_;
  std::unique_ptr<BackgroundProcess> sideDoor_;
  std::uint16_t port_ = 0;
  std::uint16_t sideDoorPort_ = 0;
};

}  // namespace rcb::test
