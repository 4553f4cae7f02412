// The findings of `explain` about an image, as text or JSON.
#pragma once

#include "core/broker/dry_run.hpp"
#include "core/dispatch/select_rule.hpp"
#include "core/protocol/image_reference.hpp"
#include "core/report/style.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace rcb {

// One pattern of one rule, compared with the image.
struct ExplainedPattern {
  std::string rule;
  std::string pattern;
  bool selected = false;
  std::string mismatch;  // why it does not match; empty if it does
};

// A request that a run would send, and the proxy that it would go through.
struct ExplainedExchange {
  RecordedRequest request;
  std::string proxy;
};

struct Explanation {
  std::string text(const Style& style) const;
  std::string json() const;

  ImageReference image;
  std::vector<ExplainedPattern> patterns;  // those that match; all if none does
  std::string pod;                         // namespace/serviceAccount; empty if the rule needs no identity
  bool podAssumed = false;                 // none was given
  std::string audience;                    // empty if the rule needs no identity
  std::string module;                      // empty if no rule matches
  std::string moduleFile;                  // of a shared library that could be opened
  std::vector<std::pair<std::string, std::string>> settings;
  std::vector<std::string> contacts;            // hosts that the provider may send requests to, and what allows each
  std::vector<std::string> unboundAnnotations;  // given, and no setting of the rule takes them
  std::vector<ExplainedExchange> exchanges;     // the first, then those that are tried when the ones before fail
  std::string trust;                            // of the exchanges
  std::optional<Response> response;             // of a provider that needs no exchange
  std::optional<AuthKey> key;
  std::chrono::seconds maxCacheDuration{0};
  std::string refusal;  // the plugin's own failure line; empty if it would go on
  int status = 0;       // 0 if the plugin would get as far as the exchange, or answer without one; else its exit status
};

}  // namespace rcb
