#include "core/settings/yaml_document.hpp"

#include "core/support/error.hpp"
#include "core/support/printable.hpp"

#include <yaml.h>

#include <algorithm>

namespace rcb {
namespace {

// libyaml counts from 0.
Mark markOf(const yaml_mark_t& mark) { return {mark.line + 1, mark.column + 1}; }

std::string_view textOf(const yaml_char_t* text, std::size_t size) {
  return {reinterpret_cast<const char*>(text), size};
}

bool isControl(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

// A byte of a UTF-8 character that is not its first.
bool isContinuation(char c) { return (c & 0xc0) == 0x80; }

class Event {
 public:
  Event() = default;
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  ~Event() { yaml_event_delete(&raw); }
  yaml_event_t raw{};
};

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {
    if (yaml_parser_initialize(&raw_) == 0) throw Error(ErrorCode::kInternal, "there is no memory for the YAML parser");
    yaml_parser_set_input_string(&raw_, reinterpret_cast<const unsigned char*>(text.data()), text.size());
    yaml_parser_set_encoding(&raw_, YAML_UTF8_ENCODING);
  }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;
  ~Parser() { yaml_parser_delete(&raw_); }

  bool next(Event& event) { return yaml_parser_parse(&raw_, &event.raw) != 0; }

  // Why next() returned false.
  void explain(ProblemList& problems) const {
    if (raw_.error == YAML_MEMORY_ERROR) throw Error(ErrorCode::kInternal, "there is no memory for the YAML parser");
    if (raw_.error == YAML_READER_ERROR) {
      const std::size_t at = std::min(raw_.problem_offset, text_.size());
      const bool control = at < text_.size() && isControl(text_[at]);
      problems.add(markAt(at), "", control ? "a control character stands here" : "the file is not valid UTF-8");
      return;
    }
    problems.add(markOf(raw_.problem_mark), "", syntaxReason());
  }

 private:
  Mark markAt(std::size_t offset) const {
    const std::string_view before = text_.substr(0, offset);
    const auto lines = static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
    const auto lineBegin = before.rfind('\n') + 1;  // npos + 1 is 0
    const std::string_view line = before.substr(lineBegin);
    const auto follow = std::count_if(line.begin(), line.end(), isContinuation);
    return {lines + 1, line.size() - static_cast<std::size_t>(follow) + 1};
  }

  // The text from the place of the problem on; libyaml counts characters, not bytes.
  std::string_view textAtProblem() const {
    std::size_t at = 0;
    for (std::size_t i = 0; i < raw_.problem_mark.index && at < text_.size(); ++i) {
      do ++at;
      while (at < text_.size() && isContinuation(text_[at]));
    }
    return text_.substr(at);
  }

  // libyaml's own words are constants and quote nothing.
  std::string syntaxReason() const {
    const std::string_view context = raw_.context != nullptr ? raw_.context : "";
    if (context == "while scanning an alias" || context == "while scanning an anchor") {
      return "a value that begins with '*' or '&' must stand in quotes";
    }
    if (context == "while scanning for the next token") {
      const std::string_view first = textAtProblem().substr(0, 1);
      if (first == "\t") return "a tab stands where YAML wants spaces";
      return "a value that begins with '" + printable(first) + "' must stand in quotes";
    }
    std::string reason =
        std::string("this is not YAML: ") + (raw_.problem != nullptr ? raw_.problem : "unknown problem");
    if (!context.empty()) {
      reason += " " + std::string(context) + " that begins in line " + std::to_string(raw_.context_mark.line + 1);
    }
    return reason;
  }

  std::string_view text_;
  yaml_parser_t raw_{};
};

// Builds the tree from the events, without recursion.
class Builder {
 public:
  explicit Builder(ProblemList& problems) : problems_(problems) {}

  // False, with a problem, if the document cannot be used.
  bool take(const yaml_event_t& event) {
    const Mark mark = markOf(event.start_mark);
    switch (event.type) {
      case YAML_DOCUMENT_START_EVENT:
        return documents_++ == 0 || refuse(mark, "a second document begins here; the file must be one");
      case YAML_ALIAS_EVENT:
        return refuse(
            mark, "aliases (*) are not supported: write the value out, or put a text that begins with '*' in quotes");
      case YAML_SCALAR_EVENT: {
        const auto& scalar = event.data.scalar;
        return isAllowed(mark, scalar.anchor, scalar.tag) &&
               takeScalar(mark, textOf(scalar.value, scalar.length), scalar.style == YAML_PLAIN_SCALAR_STYLE);
      }
      case YAML_SEQUENCE_START_EVENT:
        return isAllowed(mark, event.data.sequence_start.anchor, event.data.sequence_start.tag) &&
               open(mark, YamlNode::Kind::kList);
      case YAML_MAPPING_START_EVENT:
        return isAllowed(mark, event.data.mapping_start.anchor, event.data.mapping_start.tag) &&
               open(mark, YamlNode::Kind::kMap);
      case YAML_SEQUENCE_END_EVENT:
      case YAML_MAPPING_END_EVENT:
        close();
        return true;
      default:
        return true;
    }
  }

  // The root, if there was one.
  std::optional<YamlNode> finish() {
    if (!root_) refuse({}, "the file is empty");
    return std::move(root_);
  }

 private:
  struct Open {
    YamlNode node;
    bool keyRead = false;  // of a map: the value of `key` comes next
    std::string key;
    Mark keyMark;
  };

  bool refuse(Mark mark, std::string reason) {
    problems_.add(mark, pathOfNext(), std::move(reason));
    return false;
  }

  // The path of the value that is being read.
  std::string pathOfNext() const {
    std::string path;
    for (const Open& open : open_) {
      if (open.node.isList()) {
        KeyPath::appendIndex(path, open.node.children.size());
      } else if (open.keyRead) {
        KeyPath::appendKey(path, open.key);
      }
    }
    return path;
  }

  // A value or key without anchor or tag, and not one too many.
  bool isAllowed(Mark mark, const yaml_char_t* anchor, const yaml_char_t* tag) {
    if (anchor != nullptr) {
      return refuse(mark,
                    "anchors (&) are not supported: write the value out, or put a text that begins with '&' in quotes");
    }
    if (tag != nullptr) return refuse(mark, "tags (!) are not supported: put a text that begins with '!' in quotes");
    if (!isNextAKey() && ++values_ > kYamlValues) {
      return refuse(mark, "the file has more than " + std::to_string(kYamlValues) + " values");
    }
    return true;
  }

  bool isNextAKey() const { return !open_.empty() && open_.back().node.isMap() && !open_.back().keyRead; }

  bool takeScalar(Mark mark, std::string_view text, bool plain) {
    const bool isKey = isNextAKey();
    const std::string what = isKey ? "this key" : "this value";
    if (text.size() > kYamlScalarBytes) {
      return refuse(mark, what + " is longer than " + std::to_string(kYamlScalarBytes) + " bytes");
    }
    if (std::any_of(text.begin(), text.end(), isControl)) {
      return refuse(mark, what + " holds a line break or another control character");
    }
    if (!isKey) {
      YamlNode node;
      node.plain = plain;
      node.mark = mark;
      node.text = text;
      put(std::move(node));
      return true;
    }
    if (plain && text == "<<") return refuse(mark, "merge keys (<<) are not supported: write the keys out");
    Open& map = open_.back();
    map.key = text;
    map.keyMark = mark;
    map.keyRead = true;
    return true;
  }

  bool open(Mark mark, YamlNode::Kind kind) {
    if (isNextAKey()) return refuse(mark, "a key must be a text, not a list or a map");
    if (open_.size() >= kYamlDepth) {
      return refuse(mark, "the file is nested deeper than " + std::to_string(kYamlDepth) + " levels");
    }
    open_.emplace_back();
    open_.back().node.kind = kind;
    open_.back().node.mark = mark;
    return true;
  }

  void close() {
    YamlNode done = std::move(open_.back().node);
    open_.pop_back();
    if (done.isMap()) reportRepeatedKeys(done);
    put(std::move(done));
  }

  void put(YamlNode node) {
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    Open& parent = open_.back();
    if (parent.node.isMap()) {
      node.key = std::move(parent.key);
      node.keyMark = parent.keyMark;
      parent.keyRead = false;
    }
    parent.node.children.push_back(std::move(node));
  }

  void reportRepeatedKeys(const YamlNode& map) {
    std::vector<const YamlNode*> sorted;
    sorted.reserve(map.children.size());
    for (const YamlNode& member : map.children) sorted.push_back(&member);
    std::sort(sorted.begin(), sorted.end(), [](const YamlNode* a, const YamlNode* b) {
      const int order = a->key.compare(b->key);
      return order != 0 ? order < 0 : a->keyMark < b->keyMark;
    });
    for (std::size_t i = 1; i < sorted.size() && !problems_.full(); ++i) {
      if (sorted[i]->key != sorted[i - 1]->key) continue;
      std::string path = pathOfNext();
      KeyPath::appendKey(path, sorted[i]->key);
      problems_.add(sorted[i]->keyMark, std::move(path),
                    "the key stands here again; before, in line " + std::to_string(sorted[i - 1]->keyMark.line));
    }
  }

  ProblemList& problems_;
  std::vector<Open> open_;
  std::optional<YamlNode> root_;
  std::size_t values_ = 0;
  int documents_ = 0;
};

}  // namespace

bool YamlNode::isNull() const {
  return isScalar() && plain && (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL");
}

std::string_view YamlNode::kindName() const {
  if (isNull()) return "nothing";
  return isScalar() ? "a text" : isList() ? "a list" : "a map";
}

std::optional<YamlNode> readYaml(std::string_view text, ProblemList& problems) {
  if (text.size() > kYamlBytes) {
    problems.add({}, "", "the file is larger than " + std::to_string(kYamlBytes >> 20) + " MiB");
    return std::nullopt;
  }
  if (text.substr(0, 3) == "\xef\xbb\xbf") {
    problems.add({1, 1}, "", "the file begins with a byte order mark; save it without one");
    return std::nullopt;
  }
  // Of no use without tags, and libyaml compares each with all before it.
  if (text.starts_with("%TAG") || text.find("\n%TAG") != std::string_view::npos) {
    problems.add({}, "", "tags are not supported: leave %TAG out");
    return std::nullopt;
  }
  Parser parser(text);
  Builder builder(problems);
  for (;;) {
    Event event;
    if (!parser.next(event)) {
      parser.explain(problems);
      return std::nullopt;
    }
    if (event.raw.type == YAML_STREAM_END_EVENT) return builder.finish();
    if (!builder.take(event.raw)) return std::nullopt;
  }
}

}  // namespace rcb
