// The secrets that have come up in a call, and the texts that may be shown in spite of them. Modules write their own reasons, and quote
// servers in them: what such a text shares with a secret must not reach the kubelet's log.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rcb {

class RunSecrets {
 public:
  // The whole of it is secret. Fewer than 4 characters cannot be told from chance, and are ignored.
  void add(std::string_view secret);

  // What a file holds that is no document, or what base64 stands for: as a whole, without the white space around it; its shorter lines; and, of
  // user:password, the password. A short word of letters alone ("user") is not counted: sentences are made of such.
  void addContent(std::string_view text);

  // A string in a document that is kept secret. Counted only if it looks like no name or word: 8 or more characters, of which one is neither a letter
  // nor a space, or a passphrase of 16.
  void addValue(std::string_view text);

  // Somewhere in it may be a secret: an answer. Its words that look like credentials are added: 20 or more characters of which one is a digit, such
  // as tokens have and sentences have not.
  void addWordsOf(std::string_view text);

  // All of them; views of what was added.
  std::span<const std::string_view> all() const { return secrets_; }

  // The text as one printable line of at most 200 characters; nothing if it shares 16 characters with a secret.
  std::optional<std::string> publicText(std::string_view text) const;

 private:
  void addUnlessWord(std::string_view text);

  std::vector<std::string_view> secrets_;
};

}  // namespace rcb
