// Writes JSON into a buffer with append(): a Secret if the document must be wiped, a std::string if it is public.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace rcb {

// Appends `text`, which must be valid UTF-8, as a JSON string.
template <class Sink>
void appendJsonString(Sink& sink, std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  sink.append(std::string_view("\""));
  std::size_t clean = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && c != '"' && c != '\\' && byte != 0x7f) continue;
    sink.append(text.substr(clean, i - clean));
    clean = i + 1;
    if (c == '"' || c == '\\') {
      const char escape[] = {'\\', c};
      sink.append(std::string_view(escape, 2));
    } else {
      const char escape[] = {'\\', 'u', '0', '0', kHex[byte >> 4], kHex[byte & 0xf]};
      sink.append(std::string_view(escape, 6));
    }
  }
  sink.append(text.substr(clean));
  sink.append(std::string_view("\""));
}

// Streams one document: begin/end pairs, and key() before each member's value. With `indent`, each member or element is on its own line.
template <class Sink>
class JsonWriter {
 public:
  explicit JsonWriter(Sink& sink, bool indent = false) : sink_(sink), indent_(indent) {}

  void beginObject() { begin("{"); }
  void endObject() { end("}"); }
  void beginArray() { begin("["); }
  void endArray() { end("]"); }
  void key(std::string_view name) {
    separate();
    appendJsonString(sink_, name);
    sink_.append(std::string_view(indent_ ? ": " : ":"));
    afterKey_ = true;
  }
  void value(std::string_view text) {
    separate();
    appendJsonString(sink_, text);
  }
  void value(const char* text) { value(std::string_view(text)); }
  void value(std::int64_t number) { raw(std::to_string(number)); }
  void value(int number) { raw(std::to_string(number)); }
  void value(bool flag) { raw(flag ? "true" : "false"); }
  template <class T>
  void member(std::string_view name, const T& content) {
    key(name);
    value(content);
  }
  // A member that is an array of strings.
  template <class List>
  void strings(std::string_view name, const List& list) {
    key(name);
    beginArray();
    for (const std::string_view text : list) value(text);
    endArray();
  }

 private:
  void raw(std::string_view text) {
    separate();
    sink_.append(text);
  }
  void begin(std::string_view bracket) {
    separate();
    sink_.append(bracket);
    ++depth_;
    first_ = true;
  }
  void end(std::string_view bracket) {
    --depth_;
    if (!first_) newLine();
    first_ = false;
    sink_.append(bracket);
  }
  void separate() {
    if (!afterKey_ && depth_ > 0) {
      if (!first_) sink_.append(std::string_view(","));
      newLine();
    }
    afterKey_ = false;
    first_ = false;
  }
  void newLine() {
    if (!indent_) return;
    sink_.append(std::string_view("\n"));
    for (int i = 0; i < depth_; ++i) sink_.append(std::string_view("  "));
  }

  Sink& sink_;
  bool indent_;
  bool first_ = true;
  bool afterKey_ = false;
  int depth_ = 0;
};

}  // namespace rcb
