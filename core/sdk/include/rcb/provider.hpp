// Writing a provider module in C++: this header, the standard library, nothing else. Derive from Provider, describe it, override one function,
// export it. The whole of a module (C++20; C++17 has no names before the values, so there all of them stand in order):
//
//   #include <rcb/provider.hpp>
//
//   class Example final : public rcb::sdk::Provider {
//    public:
//     static constexpr Setting kSettings[] = {
//         {.name = "url", .required = true, .pattern = "https://.+", .summary = "Where tokens are traded."}};
//     static constexpr Description kDescription = {.name = "example",
//                                                  .version = "1.0.0",
//                                                  .summary = "Trades the pod's token at a URL.",
//                                                  .needsToken = true,
//                                                  .settings = kSettings};
//
//     void provide(const Request& request, const Host& host) override {
//       const auto answer = host.post(request.setting("url"), Body::json({{"token", request.token()}}));
//       const auto password = host.jsonText(answer, "/token");
//       if (!password) throw Failure(Status::kBadAnswer, "the answer holds no token");
//       host.emit({"token", *password, Expiry::fromJwt()});
//     }
//   };
//   RCB_EXPORT_PROVIDER(Example)
//
// Every text that the host hands out is a view, valid until provide() returns. Nothing that is thrown in provide() leaves the module. What lies
// below, and every promise in detail: <rcb/provider_abi.h>.
#pragma once

#include <rcb/provider_abi.h>

#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace rcb::sdk {

// Why a call failed; it decides the program's exit status and whether an operator must act.
enum class Status : rcb_status {
  kRefused = RCB_REFUSED,           // the other side, or a rule, said no: retrying as is will not help
  kUnavailable = RCB_UNAVAILABLE,   // could not be reached, overloaded, or out of time: a later pull may succeed
  kBadAnswer = RCB_BAD_ANSWER,      // the other side answered, but not what its protocol promises
  kBadSettings = RCB_BAD_SETTINGS,  // the operator's settings or files are wrong
  kExpired = RCB_EXPIRED,           // the credential that the operator configured has expired
  kInternal = RCB_INTERNAL,         // a bug in the module
};

// Ends provide() without a credential. Both texts are public (the kubelet logs them): never put a token, password or answer into them.
class Failure : public std::exception {
 public:
  // `reason`: why, in lower case and without a full stop; `advice`: what the operator may try.
  Failure(Status status, std::string reason, std::string advice = {})
      : status_(status), reason_(std::move(reason)), advice_(std::move(advice)) {}

  Status status() const noexcept { return status_; }
  const std::string& reason() const noexcept { return reason_; }  // empty: a service failed, and the host knows why
  const std::string& advice() const noexcept { return advice_; }
  const char* what() const noexcept override { return reason_.c_str(); }

 private:
  Status status_;
  std::string reason_;
  std::string advice_;
};

enum class Type : std::uint32_t {
  kString = RCB_SETTING_STRING,
  kInteger = RCB_SETTING_INTEGER,
  kBoolean = RCB_SETTING_BOOLEAN,
  kDuration = RCB_SETTING_DURATION,
  kFile = RCB_SETTING_FILE,
};

// One line of the table in which a provider states its settings: the broker checks the operator's file against it, fills in defaults, and makes
// the schema and the documentation from it.
struct Setting {
  std::string_view name;  // lowerCamelCase
  Type type = Type::kString;
  bool required = false;
  bool annotatable = false;  // a service account annotation may set it, if the operator's file says so
  bool list = false;
  bool secret = false;                 // its value is shown nowhere
  std::string_view defaultValue = {};  // as it would be written in the file
  std::string_view pattern = {};       // a regular expression for the whole value
  std::string_view summary = {};       // one sentence for the operator
};

// A view of an array of settings.
class Settings {
 public:
  constexpr Settings() = default;
  // Implicit, so that a description can say `.settings = kSettings`.
  template <std::size_t kCount>
  // NOLINTNEXTLINE(google-explicit-constructor)
  constexpr Settings(const Setting (&table)[kCount]) : data_(table), size_(kCount) {}

  constexpr std::size_t size() const { return size_; }
  constexpr const Setting& operator[](std::size_t index) const { return data_[index]; }

 private:
  const Setting* data_ = nullptr;
  std::size_t size_ = 0;
};

struct Description {
  std::string_view name;  // the file is NAME.so
  std::string_view version;
  std::string_view summary;   // one sentence
  bool needsToken = false;    // a rule with `identity: none` is refused
  bool returnsToken = false;  // the password is the pod's token itself
  Settings settings = {};
};

struct Field {
  std::string_view name;
  std::string_view value;
};
using Fields = std::vector<Field>;

// What a POST sends. The host encodes it.
class Body {
 public:
  static Body json(Fields members) { return Body(RCB_BODY_JSON, std::move(members), {}, {}); }
  static Body form(Fields fields) { return Body(RCB_BODY_FORM, std::move(fields), {}, {}); }
  static Body raw(std::string_view contentType, std::string_view content) {
    return Body(RCB_BODY_RAW, {}, contentType, content);
  }

 private:
  friend class Host;
  Body(std::uint32_t kind, Fields fields, std::string_view contentType, std::string_view content)
      : kind_(kind), fields_(std::move(fields)), contentType_(contentType), content_(content) {}

  std::uint32_t kind_;
  Fields fields_;
  std::string_view contentType_;
  std::string_view content_;
};

using Time = std::chrono::time_point<std::chrono::system_clock, std::chrono::seconds>;

// When a credential expires. A lifetime in seconds (`expires_in`) is added to Host::now() after the answer.
class Expiry {
 public:
  static Expiry at(Time end) { return Expiry(end.time_since_epoch().count()); }
  static Expiry fromJwt() { return Expiry(RCB_EXPIRES_FROM_JWT); }  // the password is a JWT with `exp`
  static Expiry never() { return Expiry(RCB_EXPIRES_NEVER); }       // a long-lived password
  static Expiry unknown() { return Expiry(RCB_EXPIRES_UNKNOWN); }   // the answer is not cached

 private:
  friend class Host;
  explicit Expiry(std::int64_t raw) : raw_(raw) {}
  std::int64_t raw_;
};

struct Credential {
  std::string_view username;
  std::string_view password;
  Expiry expiry = Expiry::unknown();
};

// Whether a POST may be sent again when nobody knows what became of it: the connection broke, or the answer did not come in time.
enum class Repeat : std::uint32_t {
  kUnlessReceived = 0,              // only if it cannot have reached the server
  kHarmless = RCB_HTTP_REPEATABLE,  // carrying it out twice does no harm, as with most token exchanges
};

enum class LogLevel : std::int32_t {
  kDebug = RCB_LOG_DEBUG,
  kInfo = RCB_LOG_INFO,
  kWarn = RCB_LOG_WARN,
  kError = RCB_LOG_ERROR,
};

namespace detail {

constexpr rcb_text raw(std::string_view text) { return {text.data(), text.size()}; }

// Of an empty text too the address stays: the host knows by it where the text came from.
inline std::string_view view(rcb_text text) { return std::string_view(text.data, text.size); }

inline std::vector<rcb_field> raw(const Fields& fields) {
  std::vector<rcb_field> all;
  all.reserve(fields.size());
  for (const Field& field : fields) all.push_back({raw(field.name), raw(field.value)});
  return all;
}

}  // namespace detail

// The credential that is wanted.
class Request {
 public:
  explicit Request(const rcb_request& raw) : raw_(raw) {}

  // As the kubelet names it, without tag or digest: "registry.example.com:5000/team/app".
  std::string_view image() const { return detail::view(raw_.image); }
  // The image's host, with its port if it has one.
  std::string_view registry() const { return detail::view(raw_.registry); }

  // The pod's service account token. Secret. Empty only if the provider does not need one.
  std::string_view token() const { return detail::view(raw_.token); }
  std::optional<Time> tokenExpiresAt() const {
    if (raw_.token_expires_at == 0) return std::nullopt;
    return Time(std::chrono::seconds(raw_.token_expires_at));
  }
  // Whose token it is; empty without one.
  std::string_view namespaceName() const { return detail::view(raw_.namespace_name); }
  std::string_view serviceAccount() const { return detail::view(raw_.service_account); }

  // The settings, checked against the provider's table, defaults filled in. One without a value is empty, nothing, false.
  std::string_view setting(std::string_view name) const {
    for (std::size_t i = 0; i < raw_.setting_count; ++i) {
      if (detail::view(raw_.settings[i].name) == name) return detail::view(raw_.settings[i].value);
    }
    return {};
  }
  std::vector<std::string_view> list(std::string_view name) const {
    std::vector<std::string_view> elements;
    for (std::size_t i = 0; i < raw_.setting_count; ++i) {
      if (detail::view(raw_.settings[i].name) == name) elements.push_back(detail::view(raw_.settings[i].value));
    }
    return elements;
  }
  bool flag(std::string_view name) const { return setting(name) == "true"; }
  std::optional<std::int64_t> integer(std::string_view name) const {
    const std::string_view text = setting(name);
    std::int64_t number = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
  }
  std::optional<std::chrono::milliseconds> duration(std::string_view name) const {
    const auto milliseconds = integer(name);
    if (!milliseconds) return std::nullopt;
    return std::chrono::milliseconds(*milliseconds);
  }

 private:
  const rcb_request& raw_;
};

// What the host lends. A service that fails throws a Failure whose reason the host knows already: let it pass, unless there is another way.
class Host {
 public:
  explicit Host(const rcb_host& raw) : raw_(raw) {}

  // The body of the answer, whose status is 2xx. Certificates, proxies, retries, limits and the deadline are the host's business.
  std::string_view post(std::string_view url, const Body& body, const Fields& headers = {},
                        Repeat repeat = Repeat::kUnlessReceived) const {
    return exchange("POST", url, body, headers, repeat);
  }
  std::string_view get(std::string_view url, const Fields& headers = {}) const {
    return exchange("GET", url, Body(RCB_BODY_NONE, {}, {}, {}), headers, Repeat::kUnlessReceived);
  }

  // A string in a JSON document, by JSON pointer ("/token"); nothing if there is no such member, or it is no string. A document that is not JSON is
  // a failure, whose reason names the place.
  std::optional<std::string_view> jsonText(std::string_view document, std::string_view pointer) const {
    rcb_text value{};
    if (!found(raw_.json_text(raw_.context, detail::raw(document), detail::raw(pointer), &value))) return std::nullopt;
    return detail::view(value);
  }
  // An integer, likewise ("/expires_in").
  std::optional<std::int64_t> jsonInteger(std::string_view document, std::string_view pointer) const {
    std::int64_t value = 0;
    if (!found(raw_.json_integer(raw_.context, detail::raw(document), detail::raw(pointer), &value)))
      return std::nullopt;
    return value;
  }
  // The bytes that base64 stands for, in either alphabet, padded or not, line ends within it ignored; nothing if it is not base64.
  std::optional<std::string_view> base64(std::string_view encoded) const {
    rcb_text bytes{};
    if (!found(raw_.base64(raw_.context, detail::raw(encoded), &bytes))) return std::nullopt;
    return detail::view(bytes);
  }
  // The file that a setting of Type::kFile names, if nobody but its owner could have written it.
  std::string_view readFile(std::string_view path) const {
    rcb_text content{};
    require(raw_.read_file(raw_.context, detail::raw(path), &content));
    return detail::view(content);
  }

  // Hands the credential over, exactly once, as the last thing that provide() does. What no registry can be sent is a failure of the file, setting or
  // answer that it came from, in the host's words.
  void emit(const Credential& credential) const {
    rcb_credential handed{};
    handed.size = sizeof handed;
    handed.username = detail::raw(credential.username);
    handed.password = detail::raw(credential.password);
    handed.expires_at = credential.expiry.raw_;
    require(raw_.emit(raw_.context, &handed));
  }

  // A line for the operator. Never a secret.
  void log(LogLevel level, std::string_view message, const Fields& fields = {}) const {
    const auto raw = detail::raw(fields);
    raw_.log(raw_.context, static_cast<std::int32_t>(level), detail::raw(message), raw.data(), raw.size());
  }

  // The node's clock, or the last answer's Date if that is ahead of it.
  Time now() const { return Time(std::chrono::seconds(raw_.now(raw_.context))); }
  // The process ends when nothing is left.
  std::chrono::milliseconds timeLeft() const { return std::chrono::milliseconds(raw_.deadline_ms(raw_.context)); }

 private:
  std::string_view exchange(std::string_view method, std::string_view url, const Body& body, const Fields& headers,
                            Repeat repeat) const {
    const auto rawFields = detail::raw(body.fields_);
    const auto rawHeaders = detail::raw(headers);
    rcb_http_request request{};
    request.size = sizeof request;
    request.body = body.kind_;
    request.method = detail::raw(method);
    request.url = detail::raw(url);
    request.headers = rawHeaders.data();
    request.header_count = rawHeaders.size();
    request.fields = rawFields.data();
    request.field_count = rawFields.size();
    request.content_type = detail::raw(body.contentType_);
    request.content = detail::raw(body.content_);
    request.flags = static_cast<std::uint32_t>(repeat);
    rcb_http_response response{};
    response.size = sizeof response;
    require(raw_.http(raw_.context, &request, &response));
    return detail::view(response.body);
  }
  static bool found(rcb_status status) {
    if (status == RCB_ABSENT) return false;
    require(status);
    return true;
  }
  static void require(rcb_status status) {
    if (status != RCB_OK) throw Failure(static_cast<Status>(status), {});
  }

  const rcb_host& raw_;
};

// What a module derives from. It must have a `static constexpr Description kDescription` and a default constructor; each call gets an object of
// its own.
class Provider {
 public:
  virtual ~Provider() = default;

  // Emits one credential, or throws a Failure.
  virtual void provide(const Request& request, const Host& host) = 0;

 protected:
  // The names that a provider needs, so that its class can use them as they are.
  using Body = sdk::Body;
  using Credential = sdk::Credential;
  using Description = sdk::Description;
  using Expiry = sdk::Expiry;
  using Failure = sdk::Failure;
  using Fields = sdk::Fields;
  using Host = sdk::Host;
  using LogLevel = sdk::LogLevel;
  using Repeat = sdk::Repeat;
  using Request = sdk::Request;
  using Setting = sdk::Setting;
  using Status = sdk::Status;
  using Type = sdk::Type;
};

// --- How a Provider becomes the C table ---

namespace detail {

// The one place where C++ meets the contract: nothing is thrown beyond it.
template <class Type>
rcb_status provide(const rcb_host* host, const rcb_request* request) noexcept {
  const auto fail = [host](std::string_view reason, std::string_view advice) {
    host->fail(host->context, raw(reason), raw(advice));
  };
  try {
    Type provider;
    provider.provide(Request(*request), Host(*host));
    return RCB_OK;
  } catch (const Failure& failure) {
    fail(failure.reason(), failure.advice());
    return static_cast<rcb_status>(failure.status());
  } catch (...) {
    // Its text was not written for the public.
    fail("the provider threw an exception other than Failure", {});
    return RCB_INTERNAL;
  }
}

constexpr std::uint32_t flag(bool set, std::uint32_t bit) { return set ? bit : 0; }

constexpr rcb_setting raw(const Setting& setting) {
  rcb_setting line{};
  line.size = sizeof line;
  line.type = static_cast<std::uint32_t>(setting.type);
  line.flags = flag(setting.required, RCB_SETTING_REQUIRED) | flag(setting.annotatable, RCB_SETTING_ANNOTATION) |
               flag(setting.list, RCB_SETTING_LIST) | flag(setting.secret, RCB_SETTING_SECRET);
  line.name = raw(setting.name);
  line.default_value = raw(setting.defaultValue);
  line.pattern = raw(setting.pattern);
  line.summary = raw(setting.summary);
  return line;
}

// Constant data: the entry function runs no code that could fail.
template <class Type>
struct Table {
  static_assert(std::is_base_of_v<Provider, Type>, "a provider derives from rcb::sdk::Provider");
  static constexpr const Description& kDescription = Type::kDescription;
  static constexpr std::size_t kCount = kDescription.settings.size();

  static constexpr std::array<rcb_setting, kCount + 1> rawSettings() {  // one more, since no array is empty
    std::array<rcb_setting, kCount + 1> table{};
    for (std::size_t i = 0; i < kCount; ++i) table[i] = raw(kDescription.settings[i]);
    return table;
  }

  static constexpr std::array<rcb_setting, kCount + 1> kSettings = rawSettings();
  static constexpr rcb_provider kTable = {
      sizeof(rcb_provider),
      RCB_ABI_MINOR,
      raw(kDescription.name),
      raw(kDescription.version),
      raw(kDescription.summary),
      flag(kDescription.needsToken, RCB_TRAIT_NEEDS_TOKEN) | flag(kDescription.returnsToken, RCB_TRAIT_RETURNS_TOKEN),
      kSettings.data(),
      kCount,
      &detail::provide<Type>,
  };
};

}  // namespace detail
}  // namespace rcb::sdk

// The entry function's name; a program that links several providers in gives each its own.
#ifndef RCB_PROVIDER_ENTRY
#define RCB_PROVIDER_ENTRY rcb_provider_entry_v1
#endif

// Makes the type the module's provider. Once a module, outside every namespace.
#define RCB_EXPORT_PROVIDER(Type)                                     \
  extern "C" RCB_EXPORT const rcb_provider* RCB_PROVIDER_ENTRY(void); \
  extern "C" const rcb_provider* RCB_PROVIDER_ENTRY(void) { return &::rcb::sdk::detail::Table<Type>::kTable; }
