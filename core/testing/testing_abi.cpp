// The C interface of a scripted run, <rcb/testing.h>: one rcb_test is a script, the provider that it is for and what its last call did. Nothing
// throws: a misuse ends the process, and whatever else goes wrong fails the call.
#include "core/dispatch/cache_duration.hpp"
#include "core/modules/abi_text.hpp"
#include "core/modules/call_status.hpp"
#include "core/modules/module_provider.hpp"
#include "core/settings/broker_config.hpp"
#include "core/support/printable.hpp"
#include "core/testing/scripted_run.hpp"

#include <rcb/testing.h>

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

struct rcb_test {
  std::optional<rcb::ModuleProvider> provider;
  std::optional<rcb::Error> refused;  // its table
  rcb::CallScript script;
  std::deque<std::string> tokens;  // made by rcb_test_jwt(); their memory stays where it is

  // Of the last call.
  std::string error;
  std::optional<rcb::IssuedCredential> credential;
  std::vector<rcb::SentRequest> requests;
  std::vector<std::string> log;
  rcb::UnixTime end{};
};

namespace rcb {
namespace {

using std::chrono::milliseconds;

// Longer than any call or answer, and far from where sums of them overflow.
constexpr milliseconds kLongest = std::chrono::hours(24);

[[noreturn]] void misused(const char* function, const std::string& what) {
  std::fprintf(stderr, "%s: %s\n", function, what.c_str());
  std::abort();
}

template <class T>
T& valid(T* pointer, const char* function, const char* what = "test") {
  if (pointer == nullptr) misused(function, fmt::format("`{}` is a null pointer", what));
  return *pointer;
}

std::string_view valid(rcb_text text, const char* function) {
  if (!isReadable(text)) misused(function, fmt::format("a string of {} bytes is a null pointer", text.size));
  return view(text);
}

std::string_view valid(const char* text, const char* function) { return &valid<const char>(text, function, "text"); }

milliseconds limited(std::int64_t count) { return milliseconds(std::clamp<std::int64_t>(count, 0, kLongest.count())); }

// The last failure on this thread, for an expectation of another status.
thread_local std::pair<rcb_status, std::string> lastFailure;

template <class Call>
rcb_status run(rcb_test& test, Call call) noexcept {
  test.error.clear();
  test.credential.reset();
  test.requests.clear();
  test.log.clear();
  const auto fail = [&test](const Error& error) {
    test.error = error.line();
    lastFailure = {statusOf(error), test.error};
    return lastFailure.first;
  };
  if (test.refused) return fail(*test.refused);
  ScriptedRun run(*test.provider, std::move(test.script));
  std::optional<Error> failure;
  try {
    call(run);
  } catch (const Error& error) {
    failure = error;
  } catch (const std::exception& exception) {
    failure = Error(ErrorCode::kInternal, fmt::format("the scripted run failed unexpectedly: {}", exception.what()));
  }
  test.requests = run.requests();
  test.log = run.log();
  test.end = run.now();
  test.script = std::move(run.script);
  return failure ? fail(*failure) : RCB_OK;
}

const SentRequest& requestOf(const rcb_test* test, std::size_t index, const char* function) {
  static const SentRequest none{};
  const auto& requests = valid(test, function).requests;
  return index < requests.size() ? requests[index] : none;
}

std::int64_t secondsOf(const Expiry& expiry) {
  switch (expiry.kind) {
    case Expiry::Kind::kAt:
      return expiry.at.time_since_epoch().count();
    case Expiry::Kind::kNever:
      return RCB_EXPIRES_NEVER;
    default:
      return RCB_EXPIRES_UNKNOWN;
  }
}

// --- Expectations ---

std::atomic<int> expectations = 0;
std::atomic<int> unmet = 0;

// `what` completes "FILE:LINE: ". Only called, and so only written, if the expectation is not met.
template <class Describe>
void expect(bool met, const char* file, int line, Describe what) {
  ++expectations;
  if (met) return;
  ++unmet;
  std::fprintf(stderr, "%s:%d: %s\n", file == nullptr ? "?" : file, line, std::string(what()).c_str());
}

std::string quoted(std::string_view text) {
  constexpr std::size_t kShown = 4096;
  return "\"" + printable(text, kShown) + "\"";
}

std::string nameOf(rcb_status status) {
  static constexpr const char* kNames[] = {"RCB_OK",           "RCB_REFUSED", "RCB_UNAVAILABLE", "RCB_BAD_ANSWER",
                                           "RCB_BAD_SETTINGS", "RCB_EXPIRED", "RCB_INTERNAL",    "RCB_ABSENT"};
  const bool isKnown = status >= RCB_OK && status <= RCB_ABSENT;
  return isKnown ? kNames[status] : std::to_string(status);
}

}  // namespace
}  // namespace rcb

using rcb::requestOf;
using rcb::valid;

rcb_test* rcb_test_new(rcb_provider_entry entry) { return rcb_test_new_for(entry, RCB_ABI_MINOR); }

rcb_test* rcb_test_new_for(rcb_provider_entry entry, std::uint32_t hostMinor) {
  if (entry == nullptr) rcb::misused(__func__, "`entry` is a null pointer");
  auto test = std::make_unique<rcb_test>();
  try {
    test->provider.emplace(rcb::linkedModule(entry), "", hostMinor);
  } catch (const rcb::Error& error) {
    test->refused = error;
  }
  return test.release();
}

void rcb_test_free(rcb_test* test) { delete test; }

void rcb_test_setting(rcb_test* test, rcb_text name, rcb_text value) {
  valid(test, __func__).script.setting(valid(name, __func__), valid(value, __func__));
}

void rcb_test_image(rcb_test* test, rcb_text image) { valid(test, __func__).script.image = valid(image, __func__); }

void rcb_test_token(rcb_test* test, rcb_text token) {
  valid(test, __func__).script.token = std::string(valid(token, __func__));
}

void rcb_test_file(rcb_test* test, rcb_text path, rcb_text content) {
  valid(test, __func__).script.files[std::string(valid(path, __func__))] = valid(content, __func__);
}

void rcb_test_time(rcb_test* test, std::int64_t seconds) {
  const std::int64_t latest = rcb::kLatestTime.time_since_epoch().count();
  valid(test, __func__).script.time = rcb::UnixTime(std::chrono::seconds(std::clamp<std::int64_t>(seconds, 0, latest)));
}

void rcb_test_deadline(rcb_test* test, std::int64_t milliseconds) {
  valid(test, __func__).script.deadline = rcb::limited(milliseconds);
}

void rcb_test_answer(rcb_test* test, std::int32_t status, rcb_text body) {
  if (status < 200 || status > 599) rcb::misused(__func__, fmt::format("no answer has the status {}", status));
  valid(test, __func__).script.answer(status, std::string(valid(body, __func__)));
}

void rcb_test_answer_header(rcb_test* test, rcb_text name, rcb_text value) {
  auto& replies = valid(test, __func__).script.replies;
  auto* answer = replies.empty() ? nullptr : std::get_if<rcb::ScriptedAnswer>(&replies.back().what);
  if (answer == nullptr) rcb::misused(__func__, "there is no answer before it");
  answer->headers.emplace_back(valid(name, __func__), valid(value, __func__));
}

void rcb_test_answer_takes(rcb_test* test, std::int64_t milliseconds) {
  rcb::CallScript& script = valid(test, __func__).script;
  if (script.replies.empty()) rcb::misused(__func__, "there is no answer before it");
  script.takes(rcb::limited(milliseconds));
}

void rcb_test_no_answer(rcb_test* test, std::int32_t failure) {
  if (failure < RCB_TEST_UNREACHABLE || failure > RCB_TEST_BROKEN) {
    rcb::misused(__func__, fmt::format("there is no failure {}", failure));
  }
  valid(test, __func__).script.fail(static_cast<rcb::ScriptedFailure>(failure));
}

rcb_status rcb_test_provide(rcb_test* test) {
  return rcb::run(valid(test, __func__), [test](rcb::ScriptedRun& run) { test->credential = run.provide(); });
}

rcb_status rcb_test_check(rcb_test* test) {
  return rcb::run(valid(test, __func__), [](rcb::ScriptedRun& run) { run.check(); });
}

rcb_text rcb_test_error(const rcb_test* test) { return rcb::raw(valid(test, __func__).error); }

rcb_text rcb_test_username(const rcb_test* test) {
  const auto& credential = valid(test, __func__).credential;
  return rcb::raw(credential ? std::string_view(credential->username) : std::string_view());
}

rcb_text rcb_test_password(const rcb_test* test) {
  const auto& credential = valid(test, __func__).credential;
  return rcb::raw(credential ? credential->password.reveal() : std::string_view());
}

std::int64_t rcb_test_expires_at(const rcb_test* test) {
  const auto& credential = valid(test, __func__).credential;
  return credential ? rcb::secondsOf(credential->expiry) : RCB_EXPIRES_UNKNOWN;
}

std::int64_t rcb_test_cache_seconds(const rcb_test* test) {
  const auto& credential = valid(test, __func__).credential;
  return credential ? rcb::cacheDuration(credential->expiry, test->end, rcb::Rule().maxCacheDuration).count() : 0;
}

std::uint32_t rcb_test_scope(const rcb_test* test) {
  const auto& credential = valid(test, __func__).credential;
  return credential && credential->forImageOnly ? RCB_SCOPE_IMAGE : RCB_SCOPE_REGISTRY;
}

std::size_t rcb_test_request_count(const rcb_test* test) { return valid(test, __func__).requests.size(); }

rcb_text rcb_test_request_method(const rcb_test* test, std::size_t index) {
  return rcb::raw(requestOf(test, index, __func__).method);
}

rcb_text rcb_test_request_url(const rcb_test* test, std::size_t index) {
  return rcb::raw(requestOf(test, index, __func__).url);
}

rcb_text rcb_test_request_header(const rcb_test* test, std::size_t index, rcb_text name) {
  return rcb::raw(requestOf(test, index, __func__).header(valid(name, __func__)));
}

std::size_t rcb_test_request_header_count(const rcb_test* test, std::size_t index) {
  return requestOf(test, index, __func__).headers.size();
}

rcb_text rcb_test_request_body(const rcb_test* test, std::size_t index) {
  return rcb::raw(requestOf(test, index, __func__).body);
}

std::uint32_t rcb_test_request_flags(const rcb_test* test, std::size_t index) {
  const rcb::SentRequest& request = requestOf(test, index, __func__);
  return (request.once ? std::uint32_t{RCB_HTTP_ONCE} : 0) | (request.repeatable ? RCB_HTTP_REPEATABLE : 0);
}

std::int64_t rcb_test_request_timeout(const rcb_test* test, std::size_t index) {
  return requestOf(test, index, __func__).timeout.count();
}

std::size_t rcb_test_log_count(const rcb_test* test) { return valid(test, __func__).log.size(); }

rcb_text rcb_test_log_line(const rcb_test* test, std::size_t index) {
  const auto& log = valid(test, __func__).log;
  return rcb::raw(index < log.size() ? std::string_view(log[index]) : std::string_view());
}

rcb_text rcb_test_jwt(rcb_test* test, rcb_text claims) {
  auto& tokens = valid(test, __func__).tokens;
  return rcb::raw(tokens.emplace_back(rcb::scriptedJwt(valid(claims, __func__))));
}

void rcb_test_expect(int met, const char* condition, const char* file, int line) {
  const std::string_view what = valid(condition, __func__);
  rcb::expect(met != 0, file, line, [&] { return fmt::format("expected {}", what); });
}

void rcb_test_expect_text(const char* expected, rcb_text actual, const char* what, const char* file, int line) {
  const std::string_view wanted = valid(expected, __func__);
  const std::string_view found = valid(actual, __func__);
  const std::string_view name = valid(what, __func__);
  rcb::expect(found == wanted, file, line, [&] {
    return fmt::format("expected {} to be {}, found {}", name, rcb::quoted(wanted), rcb::quoted(found));
  });
}

void rcb_test_expect_contains(const char* part, rcb_text actual, const char* what, const char* file, int line) {
  const std::string_view wanted = valid(part, __func__);
  const std::string_view found = valid(actual, __func__);
  const std::string_view name = valid(what, __func__);
  rcb::expect(found.find(wanted) != std::string_view::npos, file, line, [&] {
    return fmt::format("expected {} to contain {}, found {}", name, rcb::quoted(wanted), rcb::quoted(found));
  });
}

void rcb_test_expect_status(rcb_status expected, rcb_status actual, const char* what, const char* file, int line) {
  const std::string_view name = valid(what, __func__);
  rcb::expect(actual == expected, file, line, [&] {
    const auto& [status, error] = rcb::lastFailure;
    const bool isKnown = actual != RCB_OK && actual == status;
    return fmt::format("expected {} to be {}, found {}{}", name, rcb::nameOf(expected), rcb::nameOf(actual),
                       isKnown ? ": " + error : "");
  });
}

int rcb_test_report() {
  const int count = rcb::expectations;
  const int failed = rcb::unmet;
  std::fprintf(stderr, "%d of %d expectations were met\n", count - failed, count);
  return failed == 0 ? 0 : 1;
}
