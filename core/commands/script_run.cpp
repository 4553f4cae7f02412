#include "core/commands/script_run.hpp"

#include "core/support/date_time.hpp"
#include "core/support/error.hpp"
#include "core/testing/scripted_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

namespace rcb {
namespace {

std::string masked(std::string_view text, const std::string& token) {
  std::string shown(text);
  for (std::size_t at = 0; !token.empty() && (at = shown.find(token, at)) != std::string::npos;) {
    shown.replace(at, token.size(), kTokenMark);
    at += kTokenMark.size();
  }
  return shown;
}

std::string expiryText(const Expiry& expiry) {
  if (expiry.kind == Expiry::Kind::kNever) return "never";
  return expiry.kind == Expiry::Kind::kAt ? formatRfc3339(expiry.at) : "unknown";
}

std::string_view scopeText(const IssuedCredential& credential) {
  return credential.forImageOnly ? "image" : "registry";
}

class Comparison {
 public:
  Comparison(ScriptResult& result, const std::string& token) : result_(result), token_(token) {}

  void text(const std::string& what, const std::optional<std::string>& expected, std::string_view found) {
    const std::string shown = masked(found, token_);
    if (expected && *expected != shown) result_.unmet.push_back({what, *expected, shown});
  }

  void part(const std::string& what, const std::string& expected, const std::string& found) {
    if (found.find(expected) == std::string::npos) result_.unmet.push_back({what, expected, found});
  }

  void password(const std::optional<std::string>& expected, std::string_view found) {
    const std::string shown = masked(found, token_);
    if (!expected || *expected == shown) return;
    const auto differs = std::mismatch(expected->begin(), expected->end(), shown.begin(), shown.end()).first;
    result_.unmet.push_back({"password", fmt::format("{} characters (not shown)", expected->size()),
                             fmt::format("{} characters (not shown), different from character {} on", shown.size(),
                                         differs - expected->begin() + 1)});
  }

  void request(std::size_t index, const ExpectedRequest& expected, const SentRequest& sent) {
    const std::string path = fmt::format("requests[{}].", index);
    text(path + "method", expected.method, sent.method);
    text(path + "url", expected.url, sent.url);
    for (const auto& [name, value] : expected.headers) text(path + "headers." + name, value, sent.header(name));
    text(path + "body", expected.body, sent.body);
  }

 private:
  ScriptResult& result_;
  const std::string& token_;
};

}  // namespace

ScriptResult runScript(const Provider& provider, const std::string& file, const ScriptFile& script) {
  ScriptResult result{.file = file, .requests = {}, .outcome = {}, .unmet = {}};
  const std::string token = script.given.token.value_or("");
  const ExpectedCall& expected = script.expected;
  Comparison compare(result, token);
  ScriptedRun run(provider, script.given);
  try {
    const IssuedCredential credential = run.provide();
    result.outcome = fmt::format("a credential for {}: user name {}, password (not shown), expires {}",
                                 credential.forImageOnly ? "the image" : "the registry",
                                 masked(credential.username, token), expiryText(credential.expiry));
    if (expected.error) result.unmet.push_back({"error", *expected.error, "a credential"});
    compare.text("username", expected.username, credential.username);
    compare.password(expected.password, credential.password.reveal());
    compare.text("expires", expected.expires, expiryText(credential.expiry));
    compare.text("scope", expected.scope, scopeText(credential));
  } catch (const Error& error) {
    result.outcome = masked(error.line(), token);
    if (expected.error) {
      compare.part("error", *expected.error, result.outcome);
    } else {
      result.unmet.push_back({"error", "none", result.outcome});
    }
  }
  for (const SentRequest& sent : run.requests()) {
    result.requests.push_back(sent.method + " " + masked(sent.url, token));
  }
  if (!expected.requests) return result;
  const std::size_t sent = run.requests().size();
  if (sent != expected.requests->size()) {
    result.unmet.push_back({"requests", fmt::format("{}", expected.requests->size()), fmt::format("{}", sent)});
  }
  for (std::size_t i = 0; i < std::min(sent, expected.requests->size()); ++i) {
    compare.request(i, (*expected.requests)[i], run.requests()[i]);
  }
  return result;
}

}  // namespace rcb
