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
  // `known`: texts that are public anyway, such as the image's name.
  explicit RunSecrets(std::string_view known) : known_(known) {}

  // The whole of it is secret. Fewer than 4 characters cannot be told from chance, and are ignored.
  void add(std::string_view secret);

  // Somewhere in it may be a secret: an answer, a file. Its words that look like credentials are added: 20 or more characters of which one is
  // a digit, such as tokens have and sentences have not.
  void addWordsOf(std::string_view text);

  // All of them; views of what was added.
  std::span<const std::string_view> all() const { return secrets_; }

  // The text as one printable line of at most 200 characters; nothing if it shares 16 characters with a secret.
  std::optional<std::string> publicText(std::string_view text) const;

 private:
  std::string_view known_;
  std::vector<std::string_view> secrets_;
};

}  // namespace rcb
