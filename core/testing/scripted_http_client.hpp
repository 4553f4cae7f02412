// A network for a scripted call: refuses what the real client refuses, writes down what it is asked, and answers what the script says, in that order
// and in no time, by a clock that it moves. Each request is one attempt; the real client would repeat some.
#pragma once

#include "core/net/http_client.hpp"
#include "core/support/deadline.hpp"
#include "core/testing/call_script.hpp"

#include <chrono>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rcb {

struct SentRequest {
  std::string method;
  std::string url;
  ScriptedHeaders headers;  // the provider's, in its order
  std::string contentType;  // empty if there is no body
  std::string body;
  bool repeatable = false;
  bool once = false;
  std::chrono::milliseconds timeout{};  // that it had, with all its attempts

  // The header that is sent under this name, in any case, Content-Type too: the last one that the provider sets. Empty if there is none.
  std::string_view header(std::string_view name) const;
};

class ScriptedHttpClient : public HttpClient {
 public:
  // Both must outlive this object. Replies are taken from the front of `replies`; `clock` goes on by what they take.
  ScriptedHttpClient(std::deque<ScriptedReply>& replies, Deadline::Clock::time_point& clock)
      : replies_(replies), clock_(clock) {}

  HttpResponse send(const HttpRequest& request, const Deadline& deadline) override;

  const std::vector<SentRequest>& requests() const { return requests_; }
  // The first request that the script has no reply to, such as "request 2, GET https://…".
  const std::optional<std::string>& unanswered() const { return unanswered_; }

 private:
  std::deque<ScriptedReply>& replies_;
  Deadline::Clock::time_point& clock_;
  std::vector<SentRequest> requests_;
  std::optional<std::string> unanswered_;
};

}  // namespace rcb
