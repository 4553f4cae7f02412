// For the tests of a provider module in C++17 or later, with any test framework or none: runs the provider against a script instead of a registry.
//
//   #include <rcb/testing.hpp>
//
//   rcb::sdk::ScriptedCall call(rcb_provider_entry_v1);
//   call.setting("url", "https://login.example.com/token").answer(200, R"({"token": "abc"})");
//   assert(call.provide().password == "abc");
//   assert(call.request(0).header("Authorization") == "Bearer xyz");
//
//   call.answer(503, "");
//   assert(call.failure().find("code=server-error") != std::string::npos);
//
// It wraps <rcb/testing.h>, which says what such a run is; link rcb::testing (or pkg-config rcb-testing). No C++ type passes between the test and the
// library, and every string is the test's own copy.
#pragma once

#include <rcb/testing.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <initializer_list>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rcb::sdk {

// A call that has failed: what() is the line that the operator would see.
class CallFailed : public std::runtime_error {
 public:
  CallFailed(rcb_status status, const std::string& line) : std::runtime_error(line), status_(status) {}
  rcb_status status() const noexcept { return status_; }

 private:
  rcb_status status_;
};

class ScriptedCall {
 public:
  struct Credential {
    std::string username;
    std::string password;
    std::int64_t expiresAt;          // Unix time in seconds, RCB_EXPIRES_UNKNOWN or RCB_EXPIRES_NEVER
    std::chrono::seconds cachedFor;  // as the kubelet would be told
    bool forImageOnly;               // RCB_SCOPE_IMAGE
  };

  // What the provider requested; valid as long as the ScriptedCall.
  class Request {
   public:
    std::string method() const { return copied(rcb_test_request_method(test_, index_)); }
    std::string url() const { return copied(rcb_test_request_url(test_, index_)); }
    // The name in any case; also Content-Type. Empty: there is none.
    std::string header(std::string_view name) const {
      return copied(rcb_test_request_header(test_, index_, borrowed(name)));
    }
    std::size_t headerCount() const { return rcb_test_request_header_count(test_, index_); }  // without Content-Type
    std::string body() const { return copied(rcb_test_request_body(test_, index_)); }
    bool once() const { return (rcb_test_request_flags(test_, index_) & RCB_HTTP_ONCE) != 0; }
    bool repeatable() const { return (rcb_test_request_flags(test_, index_) & RCB_HTTP_REPEATABLE) != 0; }
    std::chrono::milliseconds timeout() const {
      return std::chrono::milliseconds(rcb_test_request_timeout(test_, index_));
    }

   private:
    friend class ScriptedCall;
    Request(const rcb_test* test, std::size_t index) : test_(test), index_(index) {}

    const rcb_test* test_;
    std::size_t index_;
  };

  enum class NoAnswer {
    kUnreachable = RCB_TEST_UNREACHABLE,  // no connection
    kUntrusted = RCB_TEST_UNTRUSTED,      // the certificate is not trusted
    kBroken = RCB_TEST_BROKEN,            // the connection broke after the request was sent
  };

  // `hostMinor`: the version 1.`hostMinor` of the contract, which the entry function is told.
  explicit ScriptedCall(rcb_provider_entry entry, std::uint32_t hostMinor = RCB_ABI_MINOR)
      : test_(rcb_test_new_for(entry, hostMinor)) {}

  // --- What calls are given ---

  // As the operator's file has it. Several of one name make a list; an entry of a map is named SETTING.ENTRY.
  ScriptedCall& setting(std::string_view name, std::string_view value) {
    rcb_test_setting(test_.get(), borrowed(name), borrowed(value));
    return *this;
  }
  ScriptedCall& image(std::string_view image) {
    rcb_test_image(test_.get(), borrowed(image));
    return *this;
  }
  ScriptedCall& token(std::string_view token) {
    rcb_test_token(test_.get(), borrowed(token));
    return *this;
  }
  // As under a rule with `identity: none`.
  ScriptedCall& withoutToken() { return token({}); }
  ScriptedCall& file(std::string_view path, std::string_view content) {
    rcb_test_file(test_.get(), borrowed(path), borrowed(content));
    return *this;
  }
  // Unix time in seconds.
  ScriptedCall& time(std::int64_t seconds) {
    rcb_test_time(test_.get(), seconds);
    return *this;
  }
  ScriptedCall& deadline(std::chrono::milliseconds limit) {
    rcb_test_deadline(test_.get(), limit.count());
    return *this;
  }

  // --- What requests are answered with, in this order ---

  ScriptedCall& answer(int status, std::string_view body,
                       std::initializer_list<std::pair<std::string_view, std::string_view>> headers = {}) {
    rcb_test_answer(test_.get(), status, borrowed(body));
    for (const auto& header : headers) {
      rcb_test_answer_header(test_.get(), borrowed(header.first), borrowed(header.second));
    }
    return *this;
  }
  ScriptedCall& noAnswer(NoAnswer failure) {
    rcb_test_no_answer(test_.get(), static_cast<std::int32_t>(failure));
    return *this;
  }
  // Of the last answer or failure.
  ScriptedCall& takes(std::chrono::milliseconds duration) {
    rcb_test_answer_takes(test_.get(), duration.count());
    return *this;
  }

  // --- The call ---

  // Throws CallFailed.
  Credential provide() {
    require(rcb_test_provide(test_.get()));
    return {copied(rcb_test_username(test_.get())), copied(rcb_test_password(test_.get())),
            rcb_test_expires_at(test_.get()), std::chrono::seconds(rcb_test_cache_seconds(test_.get())),
            rcb_test_scope(test_.get()) == RCB_SCOPE_IMAGE};
  }
  // check() without provide(), as `validate` does it. Throws CallFailed.
  void check() { require(rcb_test_check(test_.get())); }

  // The operator's line of a provide(), or of a check(), that must fail. Throws std::logic_error if it does not.
  std::string failure() { return lineOf(rcb_test_provide(test_.get())); }
  std::string checkFailure() { return lineOf(rcb_test_check(test_.get())); }

  // --- What the last call did ---

  std::size_t requestCount() const { return rcb_test_request_count(test_.get()); }
  // From 0. Throws std::out_of_range.
  Request request(std::size_t index) const {
    if (index >= requestCount()) {
      throw std::out_of_range("there is no request " + std::to_string(index) + " among the " +
                              std::to_string(requestCount()) + " that were sent");
    }
    return {test_.get(), index};
  }
  std::vector<std::string> log() const {
    std::vector<std::string> lines;
    for (std::size_t i = 0; i < rcb_test_log_count(test_.get()); ++i) {
      lines.push_back(copied(rcb_test_log_line(test_.get(), i)));
    }
    return lines;
  }

  // --- For both ---

  // A JWT with these claims, a JSON object, and a signature that no key has made.
  std::string jwt(std::string_view claims) { return copied(rcb_test_jwt(test_.get(), borrowed(claims))); }

 private:
  static rcb_text borrowed(std::string_view text) { return {text.data(), text.size()}; }
  static std::string copied(rcb_text text) {
    return text.size == 0 ? std::string() : std::string(text.data, text.size);
  }

  void require(rcb_status status) const {
    if (status != RCB_OK) throw CallFailed(status, copied(rcb_test_error(test_.get())));
  }
  std::string lineOf(rcb_status status) const {
    if (status == RCB_OK) throw std::logic_error("the call succeeded, but was expected to fail");
    return copied(rcb_test_error(test_.get()));
  }

  struct Free {
    void operator()(rcb_test* test) const { rcb_test_free(test); }
  };
  std::unique_ptr<rcb_test, Free> test_;
};

}  // namespace rcb::sdk
