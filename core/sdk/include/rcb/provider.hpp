// For provider modules in C++. Needs only this header and the standard library. Derive from Provider, add a description, override one function, and
// export the class. A complete module (in C++20; C++17 has no designated initializers, so list all members in order):
//
//   #include <rcb/provider.hpp>
//
//   class Example final : public rcb::sdk::Provider {
//    public:
//     static constexpr Setting kSettings[] = {
//         {.name = "url", .type = Type::kUrl, .required = true, .summary = "The URL of the token exchange endpoint."}};
//     static constexpr Description kDescription = {.name = "example",
//                                                  .version = "1.0.0",
//                                                  .summary = "Exchanges the pod's token at a URL.",
//                                                  .needsToken = true,
//                                                  .settings = kSettings};
//
//     void provide(const Request& request, const Host& host) override {
//       const auto answer = host.post(request.setting("url"), Body::json({{"token", request.token()}}));
//       const auto password = host.jsonText(answer, "/token");
//       if (!password) throw Failure(Status::kBadAnswer, "the answer contains no token");
//       host.emit({"token", *password, Expiry::fromJwt()});
//     }
//   };
//   RCB_EXPORT_PROVIDER(Example)
//
// All strings from the host are views, valid until provide() or check() returns. Exceptions that these throw do not leave the module.
// <rcb/provider_abi.h> is the underlying C contract, with every guarantee in detail.
#pragma once

#include <rcb/provider_abi.h>

#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace rcb::sdk {

// Why a call failed. Decides the program's exit status and whether an operator must act.
enum class Status : rcb_status {
  kRefused = RCB_REFUSED,           // the server or a rule refused the request: an unchanged retry will not help
  kUnavailable = RCB_UNAVAILABLE,   // unreachable, overloaded, or deadline exceeded: a later pull may succeed
  kBadAnswer = RCB_BAD_ANSWER,      // the server answered, but its answer violates the protocol
  kBadSettings = RCB_BAD_SETTINGS,  // the operator's settings or files are invalid
  kExpired = RCB_EXPIRED,           // the credential that the operator configured has expired
  kInternal = RCB_INTERNAL,         // a bug in the module
};

// Ends provide() without a credential. Both strings are public (the kubelet logs them): never put a token, password or answer into them.
class Failure : public std::exception {
 public:
  // `reason`: why it failed, in lower case without a full stop. `advice`: what the operator can do.
  Failure(Status status, std::string reason, std::string advice = {})
      : status_(status), reason_(std::move(reason)), advice_(std::move(advice)) {}

  Status status() const noexcept { return status_; }
  const std::string& reason() const noexcept {
    return reason_;
  }  // empty if a service failed; the host knows the reason
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
  kUrl = RCB_SETTING_URL,        // absolute, https; its host may be contacted
  kHost = RCB_SETTING_HOST,      // host or host:port, which may be contacted
  kChoice = RCB_SETTING_CHOICE,  // one of Setting::choices
  kMap = RCB_SETTING_MAP,        // names and strings; read it with Request::map()
};

// A view of an array that lives as long as the program.
template <class Element>
class TableView {
 public:
  constexpr TableView() = default;
  // Implicit, so that a description can say `.settings = kSettings`.
  template <std::size_t kCount>
  // NOLINTNEXTLINE(google-explicit-constructor)
  constexpr TableView(const Element (&table)[kCount]) : data_(table), size_(kCount) {}

  constexpr std::size_t size() const { return size_; }
  constexpr const Element& operator[](std::size_t index) const { return data_[index]; }
  constexpr const Element* begin() const { return data_; }
  constexpr const Element* end() const { return data_ + size_; }

 private:
  const Element* data_ = nullptr;
  std::size_t size_ = 0;
};

using Names = TableView<std::string_view>;

// One entry of a provider's table of settings. The broker checks the operator's file against the table, fills in defaults, and generates the schema
// and the documentation from it.
struct Setting {
  std::string_view name;  // lowerCamelCase
  Type type = Type::kString;
  bool required = false;
  bool annotatable = false;  // a service account annotation may set it, if the operator's file allows that
  bool list = false;
  bool secret = false;                 // its value is never shown
  std::string_view defaultValue = {};  // as it would be written in the file
  std::string_view pattern = {};       // a regular expression for the whole value; not for choices
  std::string_view summary = {};       // one sentence for the operator
  Names choices = {};                  // of Type::kChoice
};
using Settings = TableView<Setting>;

// What settings mean to each other. A setting is present if the file or an annotation gives it a value; a default does not count.
enum class RelationKind : std::uint32_t {
  kNeeds = RCB_RELATION_NEEDS,        // if the first is present, so are all others
  kExcludes = RCB_RELATION_EXCLUDES,  // at most one is present
  kOneOf = RCB_RELATION_ONE_OF,       // exactly one is present
};

struct Relation {
  RelationKind kind;
  Names names;  // of settings, at least two
};
using Relations = TableView<Relation>;

// A view of an array of host patterns.
class Hosts {
 public:
  constexpr Hosts() = default;
  // Implicit, so that a description can say `.hosts = kHosts`.
  template <std::size_t kCount>
  // NOLINTNEXTLINE(google-explicit-constructor)
  constexpr Hosts(const std::string_view (&table)[kCount]) : data_(table), size_(kCount) {}

  constexpr std::size_t size() const { return size_; }
  constexpr std::string_view operator[](std::size_t index) const { return data_[index]; }

 private:
  const std::string_view* data_ = nullptr;
  std::size_t size_ = 0;
};

struct Description {
  std::string_view name;  // the file is NAME.so
  std::string_view version;
  std::string_view summary;   // one sentence
  bool needsToken = false;    // refuses rules with `identity: none`
  bool returnsToken = false;  // the password is the pod's own token
  Settings settings = {};
  Relations relations = {};
  Hosts hosts = {};               // where requests may go besides the hosts of settings: "sts.*.amazonaws.com"
  bool contactsRegistry = false;  // may send requests to the image's registry
};

// A string that is passed to the host. It owns a std::string that nothing else does ("Bearer " + token), and wipes it with the last copy of this
// object. Of any other string it is a view, so that a token is not copied: that string must exist until then.
class Text {
 public:
  // Implicit, so that a field can be written {"Authorization", "Bearer " + token}.
  // NOLINTBEGIN(google-explicit-constructor)
  Text() = default;
  Text(const char* text) : view_(text) {}
  Text(std::string_view text) : view_(text) {}
  Text(const std::string& text) : view_(text) {}
  Text(std::string&& text) : owned_(new std::string(std::move(text)), &wipe), view_(*owned_) {}
  Text(const std::string&& text) : Text(std::string(text)) {}

  operator std::string_view() const { return view_; }
  // NOLINTEND(google-explicit-constructor)

  std::string_view view() const { return view_; }

 private:
  static void wipe(std::string* text) {
    for (volatile char& byte : *text) byte = 0;
    delete text;
  }

  std::shared_ptr<const std::string> owned_;  // null if it is a view
  std::string_view view_;
};

struct Field {
  Text name;
  Text value;
};
using Fields = std::vector<Field>;

// A value that is written as JSON, of any shape. What std::string holds is wiped as in Text, and the host escapes it.
//
//   Json::object({{"scope", Json::array({"pull", scope})}, {"lifetime", 3600}, {"renewable", false}})
class Json {
 public:
  using Members = std::vector<std::pair<Text, Json>>;

  // Implicit, so that elements and members can be written as above. There are no fractions.
  // NOLINTBEGIN(google-explicit-constructor)
  Json(std::nullptr_t) : plain_("null") {}
  template <class Number, std::enable_if_t<std::is_integral_v<Number> && !std::is_same_v<Number, char>, int> = 0>
  Json(Number value) : plain_(std::to_string(value)) {}
  Json(bool value) : plain_(value ? "true" : "false") {}
  template <class String, std::enable_if_t<std::is_convertible_v<String, Text>, int> = 0>
  Json(String&& text) : kind_(Kind::kString), text_(std::forward<String>(text)) {}
  // NOLINTEND(google-explicit-constructor)

  static Json array(std::vector<Json> elements) {
    Json array(Kind::kArray);
    array.elements_ = std::move(elements);
    return array;
  }
  // In this order.
  static Json object(Members members) {
    Json object(Kind::kObject);
    object.members_ = std::move(members);
    return object;
  }

 private:
  friend class Host;
  enum class Kind { kPlain, kString, kArray, kObject };
  explicit Json(Kind kind) : kind_(kind) {}

  Kind kind_ = Kind::kPlain;
  std::string plain_;  // as it is written
  Text text_;
  std::vector<Json> elements_;
  Members members_;
};

// The body of a request. The host encodes it.
class Body {
 public:
  Body() = default;  // none
  // One object whose members are all strings.
  static Body json(Fields members) { return Body(RCB_BODY_JSON, std::move(members), {}, {}); }
  // Any other document.
  static Body json(Json document) {
    Body body(RCB_BODY_RAW, {}, "application/json", {});
    body.document_ = std::move(document);
    return body;
  }
  static Body form(Fields fields) { return Body(RCB_BODY_FORM, std::move(fields), {}, {}); }
  static Body raw(Text contentType, Text content) {
    return Body(RCB_BODY_RAW, {}, std::move(contentType), std::move(content));
  }

 private:
  friend class Host;
  Body(std::uint32_t kind, Fields fields, Text contentType, Text content)
      : kind_(kind), fields_(std::move(fields)), contentType_(std::move(contentType)), content_(std::move(content)) {}

  std::uint32_t kind_ = RCB_BODY_NONE;
  Fields fields_;
  Text contentType_;
  Text content_;
  std::optional<Json> document_;  // in place of the content
};

using Time = std::chrono::time_point<std::chrono::system_clock, std::chrono::seconds>;

// When a credential expires. Of a lifetime in seconds (`expires_in`), Host::expiresAfter() makes one.
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

// What a credential is good for.
enum class Scope : std::uint32_t {
  kRegistry = RCB_SCOPE_REGISTRY,  // every image that the rule matches on this registry
  kImage = RCB_SCOPE_IMAGE,        // the requested image only
};

struct Credential {
  Text username;
  Text password;
  Expiry expiry = Expiry::unknown();
  Scope scope = Scope::kRegistry;
};

// What is sent: GET and HEAD without a body.
enum class Method { kGet, kHead, kPost, kPut, kDelete };

// Whether the host may retry a request. GET and HEAD are always repeated as if that were harmless, except with kNever.
enum class Repeat : std::uint32_t {
  kUnlessReceived = 0,              // only if it cannot have reached the server, or a temporary error was the answer
  kHarmless = RCB_HTTP_REPEATABLE,  // also if the connection broke or no answer arrived in time: twice does no harm
  kNever = RCB_HTTP_ONCE,           // not even if it was answered with a temporary error
};

// What else Host::send() can be told.
struct Options {
  Fields headers = {};  // in addition to those of the host
  Repeat repeat = Repeat::kUnlessReceived;
  bool anyStatus =
      false;  // an answer of any status (200 to 599) is returned; without it, one other than 2xx is a failure
  std::optional<std::chrono::milliseconds> timeout = {};  // for the request with its retries; nothing: all that is left
};

enum class LogLevel : std::int32_t {
  kDebug = RCB_LOG_DEBUG,
  kInfo = RCB_LOG_INFO,
  kWarn = RCB_LOG_WARN,
  kError = RCB_LOG_ERROR,
};

// What a value in a JSON document is.
enum class JsonKind : std::int32_t {
  kNull = RCB_JSON_NULL,
  kBoolean = RCB_JSON_BOOLEAN,
  kInteger = RCB_JSON_INTEGER,  // fits std::int64_t
  kNumber = RCB_JSON_NUMBER,    // any other
  kString = RCB_JSON_STRING,
  kArray = RCB_JSON_ARRAY,
  kObject = RCB_JSON_OBJECT,
};

// How bytes are written as text.
enum class Encoding : std::uint32_t {
  kBase64 =
      RCB_ENCODING_BASE64,  // with padding; decoding takes both alphabets, padding or not, and ignores line breaks
  kBase64Url = RCB_ENCODING_BASE64URL,  // without padding; decoding is the same
  kHex = RCB_ENCODING_HEX,              // lowercase; decoding takes either case
  kJson = RCB_ENCODING_JSON,            // one string literal with its quotes, of UTF-8; see also Host::json()
  kPercent = RCB_ENCODING_PERCENT,      // of URLs: all but letters, digits, '-', '.', '_' and '~'
};

enum class TimeFormat : std::uint32_t {
  kRfc3339 = RCB_TIME_RFC3339,  // 2026-11-29T02:00:00Z
  kHttp = RCB_TIME_HTTP,        // Sun, 29 Nov 2026 02:00:00 GMT
  kBasic = RCB_TIME_BASIC,      // 20261129T020000Z, which signatures use
};

namespace detail {

constexpr rcb_text raw(std::string_view text) { return {text.data(), text.size()}; }

// Keeps the address of an empty string, by which the host knows its origin.
inline std::string_view view(rcb_text text) { return std::string_view(text.data, text.size); }

inline std::vector<rcb_field> raw(const Fields& fields) {
  std::vector<rcb_field> all;
  all.reserve(fields.size());
  for (const Field& field : fields) all.push_back({raw(field.name), raw(field.value)});
  return all;
}

constexpr std::string_view nameOf(Method method) {
  switch (method) {
    case Method::kGet:
      return "GET";
    case Method::kHead:
      return "HEAD";
    case Method::kPost:
      return "POST";
    case Method::kPut:
      return "PUT";
    case Method::kDelete:
      return "DELETE";
  }
  return {};  // which the host refuses
}

// For the contract, where 0 means unlimited: a limit that has already passed becomes the shortest one.
inline std::uint32_t milliseconds(const std::optional<std::chrono::milliseconds>& timeout) {
  if (!timeout) return 0;
  constexpr std::int64_t kLongest = UINT32_MAX;
  const auto count = static_cast<std::int64_t>(timeout->count());
  return static_cast<std::uint32_t>(count < 1 ? 1 : count > kLongest ? kLongest : count);
}

// Decimal, all of the text.
inline std::optional<std::int64_t> wholeNumber(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// Of ASCII, in any case: the names of headers.
inline bool isSameName(std::string_view one, std::string_view other) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  if (one.size() != other.size()) return false;
  for (std::size_t i = 0; i < one.size(); ++i) {
    if (lower(one[i]) != lower(other[i])) return false;
  }
  return true;
}

}  // namespace detail

// The requested credential.
class Request {
 public:
  Request(const rcb_request& raw, Settings known) : raw_(raw), known_(known) {}

  // As the kubelet names it, without tag or digest: "registry.example.com:5000/team/app".
  std::string_view image() const { return detail::view(raw_.image); }
  // The image's host, with its port if it has one.
  std::string_view registry() const { return detail::view(raw_.registry); }

  // The pod's service account token. Secret. Empty only if the rule has `identity: none`, and in check().
  std::string_view token() const { return detail::view(raw_.token); }
  std::optional<Time> tokenExpiresAt() const {
    if (raw_.token_expires_at == 0) return std::nullopt;
    return Time(std::chrono::seconds(raw_.token_expires_at));
  }
  // The namespace and name of the token's service account; empty without a token.
  std::string_view namespaceName() const { return detail::view(raw_.namespace_name); }
  std::string_view serviceAccount() const { return detail::view(raw_.service_account); }

  // The settings, checked against the provider's table, with defaults filled in. A setting without a value is empty, nothing or false. A name that is
  // not in the table throws a Failure (kInternal), as does the wrong function for a map.
  std::string_view setting(std::string_view name) const {
    require(name, false);
    for (std::size_t i = 0; i < raw_.setting_count; ++i) {
      if (detail::view(raw_.settings[i].name) == name) return detail::view(raw_.settings[i].value);
    }
    return {};
  }
  std::vector<std::string_view> list(std::string_view name) const {
    require(name, false);
    std::vector<std::string_view> elements;
    for (std::size_t i = 0; i < raw_.setting_count; ++i) {
      if (detail::view(raw_.settings[i].name) == name) elements.push_back(detail::view(raw_.settings[i].value));
    }
    return elements;
  }
  // The entries of a map, in the file's order.
  Fields map(std::string_view name) const {
    require(name, true);
    Fields entries;
    for (std::size_t i = 0; i < raw_.setting_count; ++i) {
      const std::string_view field = detail::view(raw_.settings[i].name);
      if (field.size() <= name.size() || field[name.size()] != '.' || field.substr(0, name.size()) != name) continue;
      entries.push_back({field.substr(name.size() + 1), detail::view(raw_.settings[i].value)});
    }
    return entries;
  }
  bool flag(std::string_view name) const { return setting(name) == "true"; }
  std::optional<std::int64_t> integer(std::string_view name) const { return detail::wholeNumber(setting(name)); }
  std::optional<std::chrono::milliseconds> duration(std::string_view name) const {
    const auto milliseconds = integer(name);
    if (!milliseconds) return std::nullopt;
    return std::chrono::milliseconds(*milliseconds);
  }

 private:
  // A misspelt name would otherwise look like a setting without a value.
  void require(std::string_view name, bool asMap) const {
    for (const Setting& setting : known_) {
      if (setting.name != name) continue;
      if ((setting.type == Type::kMap) == asMap) return;
      throw Failure(Status::kInternal, "the provider reads its setting " + std::string(name) +
                                           (asMap ? " as a map, which it is not" : ", a map, as a single value"));
    }
    throw Failure(Status::kInternal,
                  "the provider reads a setting that its table does not define: " + std::string(name));
  }

  const rcb_request& raw_;
  Settings known_;
};

// An answer. Its strings are the host's, valid until provide() returns. Body and values of headers may be secrets.
class Answer {
 public:
  explicit Answer(const rcb_http_response& raw) : raw_(raw) {}

  int status() const { return raw_.status; }
  bool isSuccess() const { return raw_.status >= 200 && raw_.status <= 299; }
  // Empty if there is none, and if the body of an answer other than 2xx is broken.
  std::string_view body() const { return detail::view(raw_.body); }
  // The value of the first header of this name, in any case.
  std::optional<std::string_view> header(std::string_view name) const {
    for (std::size_t i = 0; i < raw_.header_count; ++i) {
      if (detail::isSameName(detail::view(raw_.headers[i].name), name)) return detail::view(raw_.headers[i].value);
    }
    return std::nullopt;
  }
  // The values of all headers of this name, in the server's order.
  std::vector<std::string_view> headers(std::string_view name) const {
    std::vector<std::string_view> values;
    for (std::size_t i = 0; i < raw_.header_count; ++i) {
      if (detail::isSameName(detail::view(raw_.headers[i].name), name))
        values.push_back(detail::view(raw_.headers[i].value));
    }
    return values;
  }

 private:
  rcb_http_response raw_;
};

// The services of the host. A failing service throws a Failure whose reason the host already knows: do not catch it, unless the module has an
// alternative.
class Host {
 public:
  explicit Host(const rcb_host& raw) : raw_(raw) {}

  // Returns the body of an answer with status 2xx. The host handles certificates, proxies, retries, limits and the deadline.
  std::string_view post(std::string_view url, const Body& body, const Fields& headers = {},
                        Repeat repeat = Repeat::kUnlessReceived) const {
    return detail::view(exchange(Method::kPost, url, body, headers, static_cast<std::uint32_t>(repeat), 0).body);
  }
  std::string_view get(std::string_view url, const Fields& headers = {}) const {
    return detail::view(exchange(Method::kGet, url, {}, headers, 0, 0).body);
  }
  // The same for any method, with the whole answer:
  //   const Answer answer = host.send(Method::kHead, url, {}, {.anyStatus = true, .timeout = std::chrono::seconds(2)});
  Answer send(Method method, std::string_view url, const Body& body = {}, const Options& options = {}) const {
    const std::uint32_t flags =
        static_cast<std::uint32_t>(options.repeat) | (options.anyStatus ? std::uint32_t{RCB_HTTP_ANY_STATUS} : 0U);
    return Answer(exchange(method, url, body, options.headers, flags, detail::milliseconds(options.timeout)));
  }

  // A string in a JSON document, by JSON pointer ("/token"). Nothing if there is no such member, or if it is not a string. Throws a Failure that
  // names the position if the document is not JSON.
  std::optional<std::string_view> jsonText(std::string_view document, std::string_view pointer) const {
    rcb_text value{};
    if (!found(raw_.json_text(raw_.context, detail::raw(document), detail::raw(pointer), &value))) return std::nullopt;
    return detail::view(value);
  }
  // The same for an integer ("/expires_in"), any number (an integer too), and a boolean.
  std::optional<std::int64_t> jsonInteger(std::string_view document, std::string_view pointer) const {
    std::int64_t value = 0;
    if (!found(raw_.json_integer(raw_.context, detail::raw(document), detail::raw(pointer), &value)))
      return std::nullopt;
    return value;
  }
  std::optional<double> jsonNumber(std::string_view document, std::string_view pointer) const {
    double value = 0;
    if (!found(raw_.json_number(raw_.context, detail::raw(document), detail::raw(pointer), &value)))
      return std::nullopt;
    return value;
  }
  // An integer, or a string that is one: servers write `expires_in` in both ways.
  std::optional<std::int64_t> jsonWholeNumber(std::string_view document, std::string_view pointer) const {
    if (const auto number = jsonInteger(document, pointer)) return number;
    const auto text = jsonText(document, pointer);
    return text ? detail::wholeNumber(*text) : std::nullopt;
  }
  std::optional<bool> jsonBoolean(std::string_view document, std::string_view pointer) const {
    std::int32_t value = 0;
    if (!found(raw_.json_boolean(raw_.context, detail::raw(document), detail::raw(pointer), &value)))
      return std::nullopt;
    return value != 0;
  }
  // The kind of any value, and how many elements or members it has (0 if it is neither array nor object, or absent). An empty pointer means the
  // document.
  std::optional<JsonKind> jsonKind(std::string_view document, std::string_view pointer) const {
    return jsonValue(document, pointer).first;
  }
  std::size_t jsonSize(std::string_view document, std::string_view pointer) const {
    return jsonValue(document, pointer).second;
  }
  // The name of an object's member, in the document's order. Nothing if there is none.
  std::optional<std::string_view> jsonName(std::string_view document, std::string_view pointer,
                                           std::size_t index) const {
    rcb_text name{};
    if (!found(raw_.json_name(raw_.context, detail::raw(document), detail::raw(pointer), index, &name)))
      return std::nullopt;
    return detail::view(name);
  }

  // The document as text, for a signature over a body that Body::raw() then sends.
  Text json(const Json& document) const {
    std::vector<std::string_view> parts;
    write(document, parts);
    std::size_t size = 0;
    for (const std::string_view part : parts) size += part.size();
    std::string text;
    text.reserve(size);  // once, so that no part of it is left in memory
    for (const std::string_view part : parts) text += part;
    return Text(std::move(text));
  }

  // The text of the first element of an XML document with this path, "/Envelope/Body/Token": local names from the root on. Nothing if there is no
  // such element, or if it has elements in it. Throws a Failure that names the position if the document is not XML, or has a document type
  // declaration.
  std::optional<std::string_view> xmlText(std::string_view document, std::string_view path) const {
    rcb_text value{};
    if (!found(raw_.xml_text(raw_.context, detail::raw(document), detail::raw(path), &value))) return std::nullopt;
    return detail::view(value);
  }

  // Bytes as text, and back: nothing if the text is not valid. What is made of a secret is one.
  std::string_view encode(Encoding encoding, std::string_view bytes) const {
    return made(raw_.encode, static_cast<std::uint32_t>(encoding), detail::raw(bytes));
  }
  std::optional<std::string_view> decode(Encoding encoding, std::string_view text) const {
    rcb_text bytes{};
    if (!found(raw_.decode(raw_.context, static_cast<std::uint32_t>(encoding), detail::raw(text), &bytes)))
      return std::nullopt;
    return detail::view(bytes);
  }
  // The 32 bytes of SHA-256 and HMAC-SHA-256; encode() them if the protocol wants text.
  std::string_view sha256(std::string_view bytes) const { return made(raw_.sha256, detail::raw(bytes)); }
  std::string_view hmacSha256(std::string_view key, std::string_view bytes) const {
    return made(raw_.hmac_sha256, detail::raw(key), detail::raw(bytes));
  }

  // A time in the format of RFC 3339 or HTTP. Nothing if it is not one, or not in the years 1970 to 9999.
  std::optional<Time> parseTime(std::string_view text) const {
    std::int64_t seconds = 0;
    if (!found(raw_.parse_time(raw_.context, detail::raw(text), &seconds))) return std::nullopt;
    return Time(std::chrono::seconds(seconds));
  }
  // In UTC. Empty if the time is not in these years.
  std::string_view formatTime(TimeFormat format, Time time) const {
    rcb_text text{};
    const bool written = found(
        raw_.format_time(raw_.context, static_cast<std::uint32_t>(format), time.time_since_epoch().count(), &text));
    return written ? detail::view(text) : std::string_view();
  }

  // Reads the file that a setting of Type::kFile names, if only root or the caller can write to it. Nothing is cut off, also no
  // line break at its end.
  std::string_view readFile(std::string_view path) const {
    rcb_text content{};
    require(raw_.read_file(raw_.context, detail::raw(path), &content));
    return detail::view(content);
  }
  // The same for a file that holds one value: without the line break at its end, if it has one.
  std::string_view readValue(std::string_view path) const {
    std::string_view value = readFile(path);
    if (!value.empty() && value.back() == '\n') value.remove_suffix(1);
    if (!value.empty() && value.back() == '\r') value.remove_suffix(1);
    return value;
  }

  // Passes the credential to the host. Call it exactly once, as the last action of provide(). If the credential cannot be sent to a registry, the
  // host reports an error of the file, setting or answer that it came from.
  void emit(const Credential& credential) const {
    rcb_credential handed{};
    handed.size = sizeof handed;
    handed.username = detail::raw(credential.username);
    handed.password = detail::raw(credential.password);
    handed.expires_at = credential.expiry.raw_;
    handed.scope = static_cast<std::uint32_t>(credential.scope);
    require(raw_.emit(raw_.context, &handed));
  }

  // Writes a line to the operator's log. Never pass a secret.
  void log(LogLevel level, std::string_view message, const Fields& fields = {}) const {
    const auto raw = detail::raw(fields);
    raw_.log(raw_.context, static_cast<std::int32_t>(level), detail::raw(message), raw.data(), raw.size());
  }

  // The node's clock, or the last answer's Date if that is later.
  Time now() const { return Time(std::chrono::seconds(raw_.now(raw_.context))); }
  // When something expires that a server has given so many seconds (`expires_in`). Any number: more than a year makes no difference.
  Expiry expiresAfter(std::int64_t seconds) const {
    constexpr std::int64_t kYear = 366LL * 24 * 60 * 60;
    return Expiry::at(now() + std::chrono::seconds(seconds < 0 ? 0 : seconds < kYear ? seconds : kYear));
  }
  // The time until the deadline; then the process ends.
  std::chrono::milliseconds timeLeft() const { return std::chrono::milliseconds(raw_.deadline_ms(raw_.context)); }

 private:
  rcb_http_response exchange(Method method, std::string_view url, const Body& body, const Fields& headers,
                             std::uint32_t flags, std::uint32_t timeout) const {
    const auto rawFields = detail::raw(body.fields_);
    const Text content = body.document_ ? json(*body.document_) : body.content_;
    const auto rawHeaders = detail::raw(headers);
    rcb_http_request request{};
    request.size = sizeof request;
    request.body = body.kind_;
    request.method = detail::raw(detail::nameOf(method));
    request.url = detail::raw(url);
    request.headers = rawHeaders.data();
    request.header_count = rawHeaders.size();
    request.fields = rawFields.data();
    request.field_count = rawFields.size();
    request.content_type = detail::raw(body.contentType_);
    request.content = detail::raw(content);
    request.flags = flags;
    request.timeout_ms = timeout;
    rcb_http_response response{};
    response.size = sizeof response;
    require(raw_.http(raw_.context, &request, &response));
    return response;
  }
  // The document in parts, which are valid as long as it and until provide() returns.
  void write(const Json& value, std::vector<std::string_view>& parts) const {
    std::string_view separator;
    switch (value.kind_) {
      case Json::Kind::kPlain:
        parts.emplace_back(value.plain_);
        break;
      case Json::Kind::kString:
        parts.push_back(encode(Encoding::kJson, value.text_));
        break;
      case Json::Kind::kArray:
        parts.emplace_back("[");
        for (const Json& element : value.elements_) {
          parts.push_back(std::exchange(separator, ","));
          write(element, parts);
        }
        parts.emplace_back("]");
        break;
      case Json::Kind::kObject:
        parts.emplace_back("{");
        for (const auto& [name, member] : value.members_) {
          parts.push_back(std::exchange(separator, ","));
          parts.push_back(encode(Encoding::kJson, name));
          parts.emplace_back(":");
          write(member, parts);
        }
        parts.emplace_back("}");
        break;
    }
  }
  std::pair<std::optional<JsonKind>, std::size_t> jsonValue(std::string_view document, std::string_view pointer) const {
    std::int32_t kind = 0;
    std::size_t count = 0;
    if (!found(raw_.json_kind(raw_.context, detail::raw(document), detail::raw(pointer), &kind, &count)))
      return {std::nullopt, 0};
    return {static_cast<JsonKind>(kind), count};
  }
  // The result of a service that always has one.
  template <class Service, class... Arguments>
  std::string_view made(Service service, Arguments... arguments) const {
    rcb_text result{};
    require(service(raw_.context, arguments..., &result));
    return detail::view(result);
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

// The base class of a provider. The derived class must have a `static constexpr Description kDescription` and a default constructor. Each call gets a
// new object.
class Provider {
 public:
  virtual ~Provider() = default;

  // Emits one credential, or throws a Failure.
  virtual void provide(const Request& request, const Host& host) = 0;

  // Throws a Failure (kBadSettings) for settings that are refused, and that the table cannot describe. Called before provide(), in a run and by
  // `validate`, on an object of its own. The token, requests and emit() are not available. Overriding it is optional.
  virtual void check(const Request& /*request*/, const Host& /*host*/) {}

 protected:
  // Makes these names available in the derived class without qualification.
  using Answer = sdk::Answer;
  using Body = sdk::Body;
  using Credential = sdk::Credential;
  using Description = sdk::Description;
  using Encoding = sdk::Encoding;
  using Expiry = sdk::Expiry;
  using Failure = sdk::Failure;
  using Fields = sdk::Fields;
  using Host = sdk::Host;
  using Json = sdk::Json;
  using JsonKind = sdk::JsonKind;
  using LogLevel = sdk::LogLevel;
  using Method = sdk::Method;
  using Options = sdk::Options;
  using Names = sdk::Names;
  using Relation = sdk::Relation;
  using RelationKind = sdk::RelationKind;
  using Repeat = sdk::Repeat;
  using Request = sdk::Request;
  using Scope = sdk::Scope;
  using Setting = sdk::Setting;
  using Status = sdk::Status;
  using TimeFormat = sdk::TimeFormat;
  using Type = sdk::Type;
};

// --- How a Provider becomes the C table ---

namespace detail {

// Runs one function of a provider. No exception leaves it.
template <class Function>
rcb_status guarded(const rcb_host& host, Function function) noexcept {
  const auto fail = [&host](std::string_view reason, std::string_view advice) {
    host.fail(host.context, raw(reason), raw(advice));
  };
  try {
    function();
    return RCB_OK;
  } catch (const Failure& failure) {
    fail(failure.reason(), failure.advice());
    return static_cast<rcb_status>(failure.status());
  } catch (const std::exception& exception) {
    // Its message was not written to be public, so only the debug log shows it.
    const rcb_field what{raw("what"), raw(exception.what())};
    host.log(host.context, RCB_LOG_DEBUG, raw("the provider threw an exception"), &what, 1);
  } catch (...) {
  }
  fail("the provider threw an exception other than Failure", {});
  return RCB_INTERNAL;
}

template <class Type>
rcb_status provide(const rcb_host* host, const rcb_request* request) noexcept {
  return guarded(*host, [&] {
    Type provider;
    provider.provide(Request(*request, Type::kDescription.settings), Host(*host));
  });
}

template <class Type>
rcb_status check(const rcb_host* host, const rcb_request* request) noexcept {
  return guarded(*host, [&] {
    Type provider;
    provider.check(Request(*request, Type::kDescription.settings), Host(*host));
  });
}

// The type of &Type::check names the class that defines it.
template <class Type>
constexpr bool kChecks = !std::is_same_v<decltype(&Type::check), void (Provider::*)(const Request&, const Host&)>;

constexpr std::uint32_t flag(bool set, std::uint32_t bit) { return set ? bit : 0; }

// Without its choices, which are in an array of the table.
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

// Constant data, so that the entry function runs no code that could fail.
template <class Type>
struct Table {
  static_assert(std::is_base_of_v<Provider, Type>, "a provider derives from rcb::sdk::Provider");
  static constexpr const Description& kDescription = Type::kDescription;
  static constexpr std::size_t kCount = kDescription.settings.size();

  static constexpr std::size_t kRelationCount = kDescription.relations.size();

  // All choices and all names of relations, one after another. Arrays have one element more, because none can be empty.
  static constexpr std::size_t countNames() {
    std::size_t count = 0;
    for (const Setting& setting : kDescription.settings) count += setting.choices.size();
    for (const Relation& relation : kDescription.relations) count += relation.names.size();
    return count;
  }
  static constexpr std::size_t kNameCount = countNames();

  static constexpr std::array<rcb_text, kNameCount + 1> rawNames() {
    std::array<rcb_text, kNameCount + 1> names{};
    std::size_t next = 0;
    for (const Setting& setting : kDescription.settings) {
      for (const std::string_view choice : setting.choices) names[next++] = raw(choice);
    }
    for (const Relation& relation : kDescription.relations) {
      for (const std::string_view name : relation.names) names[next++] = raw(name);
    }
    return names;
  }
  static constexpr std::array<rcb_text, kNameCount + 1> kNames = rawNames();

  static constexpr std::array<rcb_setting, kCount + 1> rawSettings() {
    std::array<rcb_setting, kCount + 1> table{};
    std::size_t next = 0;
    for (std::size_t i = 0; i < kCount; ++i) {
      const Setting& setting = kDescription.settings[i];
      table[i] = raw(setting);
      table[i].choices = setting.choices.size() == 0 ? nullptr : kNames.data() + next;
      table[i].choice_count = setting.choices.size();
      next += setting.choices.size();
    }
    return table;
  }

  static constexpr std::size_t kHostCount = kDescription.hosts.size();
  static constexpr std::array<rcb_text, kHostCount + 1> rawHosts() {
    std::array<rcb_text, kHostCount + 1> table{};
    for (std::size_t i = 0; i < kHostCount; ++i) table[i] = raw(kDescription.hosts[i]);
    return table;
  }

  static constexpr std::array<rcb_text, kHostCount + 1> kHosts = rawHosts();
  static constexpr std::array<rcb_setting, kCount + 1> kSettings = rawSettings();

  static constexpr std::array<rcb_relation, kRelationCount + 1> rawRelations() {
    std::array<rcb_relation, kRelationCount + 1> table{};
    std::size_t next = kNameCount;
    for (std::size_t i = kRelationCount; i-- > 0;) {
      const Relation& relation = kDescription.relations[i];
      next -= relation.names.size();
      table[i].size = sizeof(rcb_relation);
      table[i].kind = static_cast<std::uint32_t>(relation.kind);
      table[i].names = kNames.data() + next;
      table[i].name_count = relation.names.size();
    }
    return table;
  }
  static constexpr std::array<rcb_relation, kRelationCount + 1> kRelations = rawRelations();

  static constexpr rcb_provider kTable = {
      sizeof(rcb_provider),
      RCB_ABI_MINOR,
      raw(kDescription.name),
      raw(kDescription.version),
      raw(kDescription.summary),
      flag(kDescription.needsToken, RCB_TRAIT_NEEDS_TOKEN) | flag(kDescription.returnsToken, RCB_TRAIT_RETURNS_TOKEN) |
          flag(kDescription.contactsRegistry, RCB_TRAIT_CONTACTS_REGISTRY),
      kSettings.data(),
      kCount,
      kRelations.data(),
      kRelationCount,
      kHosts.data(),
      kHostCount,
      &detail::provide<Type>,
      kChecks<Type> ? &detail::check<Type> : nullptr,
  };
};

}  // namespace detail
}  // namespace rcb::sdk

// The entry function's name. A program that links several providers gives each another name.
#ifndef RCB_PROVIDER_ENTRY
#define RCB_PROVIDER_ENTRY rcb_provider_entry_v1
#endif

// Exports the type as the module's provider. Use it once per module, at global scope.
#define RCB_EXPORT_PROVIDER(Type)                                                     \
  extern "C" RCB_EXPORT const rcb_provider* RCB_PROVIDER_ENTRY(const rcb_host_info*); \
  extern "C" const rcb_provider* RCB_PROVIDER_ENTRY(const rcb_host_info*) {           \
    return &::rcb::sdk::detail::Table<Type>::kTable;                                  \
  }
