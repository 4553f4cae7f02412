// What a scripted call of a provider is given, and what its requests are answered with. A value, so that a test writes it and a file can be read
// into it.
#pragma once

#include "core/support/deadline.hpp"
#include "core/support/error.hpp"

#include <chrono>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace rcb {

using ScriptedHeaders = std::vector<std::pair<std::string, std::string>>;

struct ScriptedAnswer {
  int status;  // 200 to 599
  std::string body;
  ScriptedHeaders headers;
};

// What the network does instead of answering.
enum class ScriptedFailure {
  kUnreachable,  // no connection
  kUntrusted,    // the server's certificate is not trusted
  kBroken,       // the connection broke after the request was sent
};

// What one request gets: an answer, or an error in the words of the network, or any other.
struct ScriptedReply {
  std::variant<ScriptedAnswer, ScriptedFailure, Error> what;
  std::chrono::milliseconds takes{0};
};

struct CallScript {
  // As the operator's file has it. Several of one name make a list; an entry of a map is named SETTING.ENTRY.
  void setting(std::string_view name, std::string_view value);

  void answer(int status, std::string body, ScriptedHeaders headers = {});
  void fail(ScriptedFailure failure);
  void fail(Error error);
  // Of the last answer or failure, which there must be.
  void takes(std::chrono::milliseconds duration) { replies.back().takes = duration; }

  std::vector<std::pair<std::string, std::string>> settings;
  std::string image = "registry.example.com/team/app";
  // The pod's. Absent: a JWT of the service account team-a/puller, which expires an hour after `time`. Empty: the rule has `identity: none`.
  std::optional<std::string> token;
  std::map<std::string, std::string> files;         // path to content; no other file exists
  UnixTime time{std::chrono::seconds(1795910400)};  // at the begin of a call; 2026-11-29T00:00:00Z
  std::chrono::milliseconds deadline{10'000};       // of a call
  std::deque<ScriptedReply> replies;                // in the order of the requests; calls consume them
};

// A JWT with these claims, a JSON object, and a signature that no key has made.
std::string scriptedJwt(std::string_view claims);

}  // namespace rcb
