// A network for tests: answers what it was told to, in that order, and writes down what it was asked.
#pragma once

#include "core/net/http_client.hpp"
#include "core/support/error.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <deque>
#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

namespace rcb::test {

class FakeHttpClient : public HttpClient {
 public:
  using Headers = std::vector<std::pair<std::string, std::string>>;

  struct Sent {
    std::string method;
    std::string url;
    Headers headers;
    std::string contentType;
    std::string body;
    bool repeatable;
    bool once;
    std::chrono::milliseconds left;  // of its deadline
  };

  void willAnswer(int status, std::string body, Headers headers = {}) {
    replies_.emplace_back(Reply{status, std::move(body), std::move(headers)});
  }
  void willThrow(Error error) { replies_.emplace_back(std::move(error)); }
  // Not before the request's deadline.
  void willThrowLate(Error error) { replies_.emplace_back(Late{std::move(error)}); }

  HttpResponse send(const HttpRequest& request, const Deadline& deadline) override {
    Headers headers;
    for (const auto& [name, value] : request.headers) headers.emplace_back(name, value.reveal());
    sent.push_back({request.method, request.url, std::move(headers), request.contentType,
                    std::string(request.body.reveal()), request.repeatable, request.once, deadline.left()});
    if (replies_.empty()) {
      ADD_FAILURE() << "an unexpected request to " << request.url;
      return {};
    }
    const auto next = std::move(replies_.front());
    replies_.pop_front();
    if (const auto* error = std::get_if<Error>(&next)) throw *error;
    if (const auto* late = std::get_if<Late>(&next)) {
      while (!deadline.passed()) std::this_thread::sleep_for(deadline.left());
      throw late->error;
    }
    const auto& reply = std::get<Reply>(next);
    HttpResponse response;
    response.status = reply.status;
    response.headers = reply.headers;
    response.body = Secret(reply.body);
    return response;
  }

  std::vector<Sent> sent;

 private:
  struct Reply {
    int status;
    std::string body;
    Headers headers;
  };
  struct Late {
    Error error;
  };
  std::deque<std::variant<Reply, Error, Late>> replies_;
};

}  // namespace rcb::test
