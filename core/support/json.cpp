#include "core/support/json.hpp"

#include "core/support/json_fault.hpp"
#include "core/support/utf8.hpp"

#include <Poco/JSON/Handler.h>
#include <Poco/JSON/Parser.h>

#include <algorithm>
#include <charconv>
#include <set>

namespace rcb {
namespace {

// Builds a Json from the parser's events. Throws Stop to end the parse.
class Builder : public Poco::JSON::Handler {
 public:
  struct Stop {
    std::string reason;
  };

  explicit Builder(bool lastNameCounts) : lastNameCounts_(lastNameCounts) {}

  void reset() override { open_.clear(); }
  void startObject() override { open(Json(Json::Object{})); }
  void endObject() override { close(); }
  void startArray() override { open(Json(Json::Array{})); }
  void endArray() override { close(); }
  void key(const std::string& name) override {
    Open& object = open_.back();
    if (!object.names.insert(name).second) {
      // The name is not quoted, since it may be a secret.
      if (!lastNameCounts_) throw Stop{"duplicate member name in an object"};
      object.repeats = true;
    }
    object.name = name;
  }
  void null() override { put(Json()); }
  void value(int number) override { put(Json(std::int64_t{number})); }
  void value(unsigned number) override { put(Json(std::int64_t{number})); }
  void value(const std::string& text) override { put(Json(text)); }
  void value(double number) override { put(Json(number)); }
  void value(bool flag) override { put(Json(flag)); }
#if defined(POCO_HAVE_INT64)
  void value(Poco::Int64 number) override { put(Json(std::int64_t{number})); }
  void value(Poco::UInt64 number) override { put(Json(static_cast<double>(number))); }
#endif

  Json take() { return std::move(result_); }

 private:
  struct Open {
    Json container;
    std::string name;             // of the member whose value comes next
    std::set<std::string> names;  // of all members so far; not hashed, since an attacker may choose names that collide
    bool repeats = false;         // has a duplicate name
  };

  void open(Json container) { open_.push_back({std::move(container), {}, {}}); }
  void close() {
    Json done = std::move(open_.back().container);
    if (open_.back().repeats) keepLastOfEachName(std::get<Json::Object>(done.value()));
    open_.pop_back();
    put(std::move(done));
  }
  void put(Json value) {
    if (open_.empty()) {
      result_ = std::move(value);
      return;
    }
    Open& parent = open_.back();
    if (auto* members = std::get_if<Json::Object>(&parent.container.value())) {
      members->emplace_back(std::move(parent.name), std::move(value));
    } else {
      std::get<Json::Array>(parent.container.value()).push_back(std::move(value));
    }
  }

  static void keepLastOfEachName(Json::Object& members) {
    Json::Object kept;
    std::set<std::string> later;
    for (std::size_t at = members.size(); at-- > 0;) {
      if (later.insert(members[at].first).second) kept.push_back(std::move(members[at]));
    }
    std::reverse(kept.begin(), kept.end());
    members = std::move(kept);
  }

  const bool lastNameCounts_;
  std::vector<Open> open_;
  Json result_;
};

// Appends "e0" to every integer outside of int64_t's range, so that the parser reads a double. It would wrap the integer around.
std::string withHugeIntegersAsDoubles(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t begin = 0, end = 0; begin < text.size(); begin = end) {
    bool huge = false;
    if (text[begin] == '"') {
      for (end = begin + 1; end < text.size() && text[end] != '"';) end += text[end] == '\\' ? 2u : 1u;
      end = std::min(end + 1, text.size());
    } else {
      end = std::min(text.find_first_not_of("+-.0123456789Ee", begin), text.size());
      std::int64_t number = 0;
      const auto [rest, failure] = std::from_chars(text.data() + begin, text.data() + end, number);
      huge = failure == std::errc::result_out_of_range && rest == text.data() + end;
      end = std::max(end, begin + 1);
    }
    out += text.substr(begin, end - begin);
    if (huge) out += "e0";
  }
  return out;
}

// Decodes one reference token of a JSON pointer.
std::string pointerToken(std::string_view raw) {
  std::string token;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] == '~' && i + 1 < raw.size()) {
      token += raw[++i] == '0' ? '~' : '/';
    } else {
      token += raw[i];
    }
  }
  return token;
}

}  // namespace

const Json* Json::find(std::string_view name) const {
  const auto* members = object();
  if (members == nullptr) return nullptr;
  for (const auto& [key, value] : *members) {
    if (key == name) return &value;
  }
  return nullptr;
}

const Json* Json::at(std::string_view pointer) const {
  const Json* here = this;
  while (here != nullptr && !pointer.empty()) {
    if (pointer.front() != '/') return nullptr;
    pointer.remove_prefix(1);
    const auto end = std::min(pointer.find('/'), pointer.size());
    const std::string token = pointerToken(pointer.substr(0, end));
    pointer.remove_prefix(end);
    if (const auto* elements = here->array()) {
      const bool index = token == "0" || (!token.empty() && token.size() < 9 && token.front() != '0' &&
                                          token.find_first_not_of("0123456789") == std::string::npos);
      const std::size_t at = index ? std::stoul(token) : elements->size();
      here = at < elements->size() ? &(*elements)[at] : nullptr;
    } else {
      here = here->find(token);
    }
  }
  return here;
}

std::string_view Json::typeName() const {
  static constexpr std::string_view kNames[] = {"null", "boolean", "integer", "number", "string", "array", "object"};
  return kNames[value_.index()];
}

std::variant<Json, JsonProblem> parseJson(std::string_view text, const JsonLimits& limits) {
  if (text.size() > limits.bytes) return JsonProblem{"it is larger than " + std::to_string(limits.bytes) + " bytes"};
  if (const auto fault = encodingFault(text)) return JsonProblem{"it " + *fault};
  Poco::SharedPtr<Builder> builder(new Builder(limits.lastNameCounts));
  try {
    Poco::JSON::Parser parser(builder);
    parser.setDepth(limits.depth);
    parser.setAllowNullByte(false);
    parser.parse(withHugeIntegersAsDoubles(text));
  } catch (const Builder::Stop& stop) {
    return JsonProblem{stop.reason};
  } catch (const std::exception&) {
    // The parser's message may quote the document.
    return JsonProblem{findJsonFault(text, limits.depth).value_or("it is not one well-formed JSON document")};
  }
  return builder->take();
}

}  // namespace rcb
