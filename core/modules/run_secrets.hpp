// Collects the secrets of a call, and decides which messages may be shown. Modules write their own reasons, and quote servers in them; no part of a
// secret may reach the kubelet's log that way.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rcb {

class RunSecrets {
 public:
  // The whole string is secret. Strings of fewer than 4 characters are ignored, because they also occur by chance.
  void add(std::string_view secret);

  // The content of a file that is not JSON, or decoded base64. Adds the whole without surrounding whitespace, its shorter lines, and the password of
  // user:password. A short word of letters only ("user") is not added, because ordinary sentences contain it.
  void addContent(std::string_view text);

  // A string in a document that is secret. Added only if it does not look like a name or word: it has 8 or more characters, of which at least one is
  // neither a letter nor a space, or is a passphrase of 16 or more.
  void addValue(std::string_view text);

  // An answer, which may contain secrets. Adds its words that look like credentials: 20 or more characters with at least one digit, which occur in
  // tokens but not in sentences.
  void addWordsOf(std::string_view text);

  // Whether the bytes are in the memory of a secret that was added.
  bool isWithin(std::string_view bytes) const;
  // The same, or whether they contain part of one. Anything longer than 64 KiB counts as secret, because looking at it takes long.
  bool isSecret(std::string_view bytes) const;

  // All secrets, as views of the strings that were added.
  std::span<const std::string_view> all() const { return secrets_; }

  // The string as one printable line of at most 200 characters; nothing if it shares 16 characters with a secret.
  std::optional<std::string> publicText(std::string_view text) const;

 private:
  void addUnlessWord(std::string_view text);

  std::vector<std::string_view> secrets_;
};

}  // namespace rcb
