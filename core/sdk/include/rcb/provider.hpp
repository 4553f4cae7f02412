// What a provider module in C++ is written against: a header, the standard library, nothing else. A provider is a type with a description and
// one function:
//
//   struct Example {
//     static constexpr rcb::sdk::Setting kSettings[] = {{.name = "url", .required = true, .summary = "Where tokens are traded."}};
//     static constexpr rcb::sdk::Description kDescription = {
//         .name = "example", .version = "1.0.0", .summary = "Trades tokens at a URL.", .settings = kSettings};
//     static void provide(const rcb::sdk::Request& request, rcb::sdk::Host& host);  // throws rcb::sdk::Failure
//   };
//   RCB_EXPORT_PROVIDER(Example)
//
// Nothing thrown in provide() leaves the module. The contract below this header is <rcb/provider_abi.h>.
#pragma once

#include <rcb/provider_abi.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rcb::sdk {

// One line of the table in which a provider states its settings; the broker checks, documents and fills them in.
struct Setting {
  std::string_view name;
  std::uint32_t type = RCB_SETTING_STRING;
  bool required = false;
  bool annotatable = false;  // a service account annotation may set it, if the operator's file says so
  bool list = false;
  bool secret = false;  // explain and messages do not show its value
  std::string_view defaultValue = {};
  std::string_view pattern = {};  // the whole value must match
  std::string_view summary = {};
};

struct Description {
  std::string_view name;
  std::string_view version;
  std::string_view summary;
  std::uint32_t traits = 0;  // RCB_TRAIT_NEEDS_TOKEN | …
  std::span<const Setting> settings = {};
};

// Thrown by a provider that cannot go on. Both texts are public: never put a token, password or body into them.
struct Failure {
  rcb_status status;   // RCB_REFUSED …
  std::string reason;  // why, in lower case without a full stop
  std::string advice;  // what to try; may be empty
};

using Field = std::pair<std::string_view, std::string_view>;

enum class Body { kNone = RCB_BODY_NONE, kJson = RCB_BODY_JSON, kForm = RCB_BODY_FORM };

// What is wanted. A view: valid until provide() returns.
class Request {
 public:
  explicit Request(const rcb_request& raw) : raw_(raw) {}

  std::string_view image() const { return view(raw_.image); }
  std::string_view registry() const { return view(raw_.registry); }  // host, with its port if it has one
  std::string_view token() const { return view(raw_.token); }        // secret; empty if the rule needs no identity
  std::int64_t tokenExpiresAt() const { return raw_.token_expires_at; }
  std::string_view namespaceName() const { return view(raw_.namespace_name); }
  std::string_view serviceAccount() const { return view(raw_.service_account); }

  // The value of a setting; empty if it has none.
  std::string_view setting(std::string_view name) const {
    const auto all = settings(name);
    return all.empty() ? std::string_view() : all.front();
  }
  // The elements of a list.
  std::vector<std::string_view> settings(std::string_view name) const {
    std::vector<std::string_view> values;
    for (const rcb_field& field : std::span(raw_.settings, raw_.setting_count)) {
      if (view(field.name) == name) values.push_back(view(field.value));
    }
    return values;
  }

 private:
  static std::string_view view(rcb_text text) {
    return text.size == 0 ? std::string_view() : std::string_view(text.data, text.size);
  }

  const rcb_request& raw_;
};

namespace detail {

// A host service has failed and noted why; ends provide() with its status.
struct Ended {
  rcb_status status;
};

constexpr rcb_text text(std::string_view view) { return {view.data(), view.size()}; }

inline std::vector<rcb_field> fields(std::span<const Field> pairs) {
  std::vector<rcb_field> raw;
  for (const auto& [name, value] : pairs) raw.push_back({text(name), text(value)});
  return raw;
}

}  // namespace detail

// The services that the host lends for one call. Texts that it returns are valid until provide() returns. A service that fails ends the call by
// itself, with the host's own reason.
class Host {
 public:
  explicit Host(const rcb_host& raw) : raw_(raw) {}

  // The body of the answer to a POST (status 2xx). https only; retried, limited and verified by the host.
  std::string_view post(std::string_view url, Body body, std::initializer_list<Field> fields,
                        std::span<const Field> headers = {}) {
    return exchange("POST", url, body, {fields.begin(), fields.size()}, headers);
  }
  std::string_view get(std::string_view url, std::span<const Field> headers = {}) {
    return exchange("GET", url, Body::kNone, {}, headers);
  }

  // The text of a string or number in a JSON document, by JSON pointer ("/token"); nothing if there is no such.
  std::optional<std::string_view> jsonText(std::string_view document, std::string_view pointer) {
    rcb_text value{};
    if (raw_.json_text(raw_.context, detail::text(document), detail::text(pointer), &value) != RCB_OK)
      return std::nullopt;
    return std::string_view(value.data, value.size);
  }

  // A file named by an RCB_SETTING_FILE.
  std::string_view readFile(std::string_view path) {
    rcb_text content{};
    require(raw_.read_file(raw_.context, detail::text(path), &content));
    return {content.data, content.size};
  }

  // Hands the credential over; exactly once. `expiresAt`: seconds since 1970, or RCB_EXPIRES_….
  void emit(std::string_view username, std::string_view password, std::int64_t expiresAt) {
    const rcb_credential credential{sizeof credential, detail::text(username), detail::text(password), expiresAt};
    require(raw_.emit(raw_.context, &credential));
  }

  // A line for the operator's log; `level` is RCB_LOG_….
  void log(std::int32_t level, std::string_view message, std::initializer_list<Field> fields = {}) {
    const auto raw = detail::fields({fields.begin(), fields.size()});
    raw_.log(raw_.context, level, detail::text(message), raw.data(), raw.size());
  }

  std::int64_t now() const { return raw_.now(raw_.context); }                 // seconds since 1970
  std::int64_t deadlineMs() const { return raw_.deadline_ms(raw_.context); }  // milliseconds left

 private:
  std::string_view exchange(std::string_view method, std::string_view url, Body body, std::span<const Field> fields,
                            std::span<const Field> headers) {
    const auto rawFields = detail::fields(fields);
    const auto rawHeaders = detail::fields(headers);
    rcb_http_request request{};
    request.size = sizeof request;
    request.body = static_cast<std::uint32_t>(body);
    request.method = detail::text(method);
    request.url = detail::text(url);
    request.headers = rawHeaders.data();
    request.header_count = rawHeaders.size();
    request.fields = rawFields.data();
    request.field_count = rawFields.size();
    rcb_http_response response{};
    response.size = sizeof response;
    require(raw_.http(raw_.context, &request, &response));
    return {response.body.data, response.body.size};
  }
  static void require(rcb_status status) {
    if (status != RCB_OK) throw detail::Ended{status};
  }

  const rcb_host& raw_;
};

namespace detail {

template <class Provider>
rcb_status provide(const rcb_host* host, const rcb_request* request) noexcept {
  const auto fail = [host](std::string_view reason, std::string_view advice) {
    host->fail(host->context, text(reason), text(advice));
  };
  try {
    Host lent(*host);
    Provider::provide(Request(*request), lent);
    return RCB_OK;
  } catch (const Ended& ended) {
    return ended.status;
  } catch (const Failure& failure) {
    fail(failure.reason, failure.advice);
    return failure.status;
  } catch (...) {
    // Its text was not written for the public.
    fail("the provider threw an exception that it does not handle", "");
    return RCB_INTERNAL;
  }
}

constexpr rcb_setting rawSetting(const Setting& setting) {
  rcb_setting raw{};
  raw.size = sizeof raw;
  raw.type = setting.type;
  if (setting.required) raw.flags |= RCB_SETTING_REQUIRED;
  if (setting.annotatable) raw.flags |= RCB_SETTING_ANNOTATION;
  if (setting.list) raw.flags |= RCB_SETTING_LIST;
  if (setting.secret) raw.flags |= RCB_SETTING_SECRET;
  raw.name = text(setting.name);
  raw.default_value = text(setting.defaultValue);
  raw.pattern = text(setting.pattern);
  raw.summary = text(setting.summary);
  return raw;
}

template <class Provider>
const rcb_provider* table() noexcept {
  constexpr const Description& kDescription = Provider::kDescription;
  static constexpr auto kSettings = [] {
    std::array<rcb_setting, kDescription.settings.size() + 1> raw{};  // one more, since an array cannot be empty
    for (std::size_t i = 0; i < kDescription.settings.size(); ++i) raw[i] = rawSetting(kDescription.settings[i]);
    return raw;
  }();
  static const rcb_provider kTable = {
      sizeof(rcb_provider),       RCB_ABI_MINOR,       text(kDescription.name), text(kDescription.version),
      text(kDescription.summary), kDescription.traits, kSettings.data(),        kDescription.settings.size(),
      &provide<Provider>,
  };
  return &kTable;
}

}  // namespace detail
}  // namespace rcb::sdk

// The entry function's name. Programs that link several providers in choose one for each.
#ifndef RCB_PROVIDER_ENTRY
#define RCB_PROVIDER_ENTRY rcb_provider_entry_v1
#endif

// Makes the type the module's provider. Once a module, outside every namespace.
#define RCB_EXPORT_PROVIDER(Type)                                                             \
  extern "C" __attribute__((visibility("default"))) const rcb_provider* RCB_PROVIDER_ENTRY(); \
  extern "C" const rcb_provider* RCB_PROVIDER_ENTRY() { return ::rcb::sdk::detail::table<Type>(); }
