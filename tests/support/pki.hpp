// Certificates made at test time: a root, an intermediate, and leaves that are good or wrong in one chosen way. ECDSA P-256 throughout.
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace rcb::test {

class Pki {
 public:
  // Writes its files below `folder`, which must exist; keys with mode 0600. The authorities are called "<name> Root" and "<name> Intermediate".
  explicit Pki(const std::string& folder, const std::string& name = "Test");
  ~Pki();

  struct Leaf {
    std::string certificateFile;  // leaf and intermediate
    std::string keyFile;
  };
  struct LeafOptions {
    std::vector<std::string> names = {};  // DNS names or IP addresses
    int validFromDays = -1;               // from today; both may be negative
    int validUntilDays = 30;
    bool clientAuthentication = false;
    bool selfSigned = false;           // by itself instead of by the intermediate
    bool withoutIntermediate = false;  // in the certificate file, as on a server that forgot it
  };
  Leaf issue(const std::string& fileName, const LeafOptions& options);

  std::string rootFile() const;  // PEM of the root; what a client trusts
  std::string caFolder() const;  // the same root as an OpenSSL hashed directory

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace rcb::test
