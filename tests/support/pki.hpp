// Certificates made at test time: a root, an intermediate, and leaves that are good or wrong in one chosen way. ECDSA P-256 with SHA-256, unless
// told otherwise.
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace rcb::test {

class Pki {
 public:
  // Keys are of the kinds P-256, P-384, P-521, RSA-2048 and other lengths, RSA-PSS-2048 (for PSS alone) and Ed25519.

  struct Validity {
    int fromDays = -30;  // from today, like all days here
    int untilDays = 3650;
  };

  // What the two authorities sign with, and when they are valid.
  struct Signing {
    std::string key = "P-256";
    std::string digest = "SHA256";  // OpenSSL's name; none for Ed25519
    bool pss = false;               // RSA with the padding of PSS, as keys of the kind RSA-PSS always
    Validity rootValidity = {};
    Validity intermediateValidity = {};
  };

  // Writes its files below `folder`, which must exist; keys with mode 0600. The authorities are called "<name> Root" and "<name> Intermediate".
  explicit Pki(const std::string& folder, const std::string& name = "Test");
  Pki(const std::string& folder, const std::string& name, Signing signing);
  ~Pki();

  struct Leaf {
    std::string certificateFile;  // leaf and intermediate
    std::string keyFile;
  };
  struct LeafOptions {
    std::vector<std::string> names =
        {};  // DNS names or IP addresses; with a prefix such as "DNS:" as OpenSSL writes them
    std::string key = "P-256";
    bool traditionalKeyFile = false;  // "RSA PRIVATE KEY" or "EC PRIVATE KEY" instead of PKCS #8
    int validFromDays = -1;           // from today; both may be negative
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
