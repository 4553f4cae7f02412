#include "core/settings/yaml_document.hpp"

#include "core/settings/hidden_text.hpp"
#include "core/settings/json_escapes.hpp"
#include "core/settings/key_path.hpp"
#include "core/settings/simple_yaml.hpp"
#include "core/settings/variables.hpp"
#include "core/support/ascii.hpp"
#include "core/support/error.hpp"
#include "core/support/printable.hpp"

#include <yaml.h>

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace rcb {
namespace {

// Converts libyaml's marks, which count from 0, to positions in the file.
class Marks {
 public:
  explicit Marks(const std::optional<JoinedEscapes>& joined) : joined_(joined) {}

  Mark of(const yaml_mark_t& raw) const {
    const Mark mark{static_cast<std::uint32_t>(raw.line + 1), static_cast<std::uint32_t>(raw.column + 1)};
    return joined_ ? joined_->original(mark) : mark;
  }

 private:
  const std::optional<JoinedEscapes>& joined_;
};

std::string_view textOf(const yaml_char_t* text, std::size_t size) {
  return {reinterpret_cast<const char*>(text), size};
}

// Any byte of a UTF-8 character except the first.
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
  Parser(std::string_view text, const Marks& marks) : text_(text), marks_(marks) {
    if (yaml_parser_initialize(&raw_) == 0) throw Error(ErrorCode::kInternal, "out of memory in the YAML parser");
    // libyaml does not accept a null pointer, which an empty view may have.
    const char* begin = text.empty() ? "" : text.data();
    yaml_parser_set_input_string(&raw_, reinterpret_cast<const unsigned char*>(begin), text.size());
    yaml_parser_set_encoding(&raw_, YAML_UTF8_ENCODING);
  }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;
  ~Parser() { yaml_parser_delete(&raw_); }

  bool next(Event& event) { return yaml_parser_parse(&raw_, &event.raw) != 0; }

  // Why next() returned false.
  void explain(ProblemList& problems) const {
    if (raw_.error == YAML_MEMORY_ERROR) throw Error(ErrorCode::kInternal, "out of memory in the YAML parser");
    if (raw_.error == YAML_READER_ERROR) {
      const std::size_t at = std::min(raw_.problem_offset, text_.size());
      problems.add(markAt(text_, at), "", "the file is not valid UTF-8");
      return;
    }
    problems.add(marks_.of(raw_.problem_mark), "", syntaxReason());
  }

 private:
  // The text from the problem on. libyaml's index counts characters, not bytes.
  std::string_view textAtProblem() const {
    std::size_t at = 0;
    for (std::size_t i = 0; i < raw_.problem_mark.index && at < text_.size(); ++i) {
      do ++at;
      while (at < text_.size() && isContinuation(text_[at]));
    }
    return text_.substr(at);
  }

  // libyaml's messages are constants and quote nothing of the file.
  std::string syntaxReason() const {
    const std::string_view context = raw_.context != nullptr ? raw_.context : "";
    if (context == "while scanning an alias" || context == "while scanning an anchor") {
      return "a value that begins with '*' or '&' must be quoted";
    }
    if (context == "while scanning for the next token") {
      const std::string_view first = textAtProblem().substr(0, 1);
      if (first == "\t") return "a tab is not allowed here; indent with spaces";
      return "a value that begins with '" + printable(first) + "' must be quoted";
    }
    std::string reason = std::string("invalid YAML: ") + (raw_.problem != nullptr ? raw_.problem : "unknown problem");
    if (!context.empty()) {
      reason += " " + std::string(context) + " that begins at line " + std::to_string(raw_.context_mark.line + 1);
    }
    // Within brackets or braces the '{' of "${X}" begins a map.
    const std::string_view rest = textAtProblem();
    const std::string_view before = text_.substr(0, text_.size() - rest.size());
    if (rest.starts_with('{') && before.ends_with('$')) reason += variableHint("${");
    return reason;
  }

  std::string_view text_;
  const Marks& marks_;
  yaml_parser_t raw_{};
};

// Builds the tree from the events, without recursion.
class Builder {
 public:
  Builder(ProblemList& problems, const Marks& marks, YamlStrings strings)
      : problems_(problems), marks_(marks), strings_(strings) {}

  // Returns false and adds a problem if the document is refused.
  bool take(const yaml_event_t& event) {
    const Mark mark = marks_.of(event.start_mark);
    switch (event.type) {
      case YAML_DOCUMENT_START_EVENT:
        return documents_++ == 0 || refuse(mark, "a second YAML document begins here; the file must contain only one");
      case YAML_ALIAS_EVENT:
        return refuse(mark,
                      "aliases (*) are not supported; write the value out, or quote a string that begins with '*'");
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

  // The document; no value, with a problem, if the file has none.
  std::optional<YamlDocument> finish() {
    if (root_) return YamlDocument{std::move(*root_), std::move(texts_)};
    refuse({}, "the file is empty");
    return std::nullopt;
  }

 private:
  // A list or map that is not complete yet. Each one except the first is the last child of the one before it.
  struct Open {
    YamlNode* node;
    bool keyRead = false;  // of a map: its last child has a key and no value yet
  };

  bool refuse(Mark mark, std::string reason) {
    std::string path = pathOfOpen();
    if (!open_.empty() && open_.back().node->isList()) {
      KeyPath::appendIndex(path, open_.back().node->children.size());
    } else if (!open_.empty() && open_.back().keyRead) {
      KeyPath::appendKey(path, open_.back().node->children.back().key);
    }
    problems_.add(mark, std::move(path), std::move(reason));
    return false;
  }

  // The path of the innermost list or map.
  std::string pathOfOpen() const {
    std::string path;
    for (std::size_t i = 0; i + 1 < open_.size(); ++i) {
      const YamlNode& node = *open_[i].node;
      if (node.isList()) {
        KeyPath::appendIndex(path, node.children.size() - 1);
      } else {
        KeyPath::appendKey(path, node.children.back().key);
      }
    }
    return path;
  }

  // Refuses anchors, tags and more values than the limit.
  bool isAllowed(Mark mark, const yaml_char_t* anchor, const yaml_char_t* tag) {
    if (anchor != nullptr) {
      return refuse(mark, "anchors (&) are not supported; write the value out, or quote a string that begins with '&'");
    }
    if (tag != nullptr) return refuse(mark, "tags (!) are not supported; quote a string that begins with '!'");
    if (!isNextAKey() && ++values_ > kYamlValues) {
      return refuse(mark, "the file has more than " + std::to_string(kYamlValues) + " values");
    }
    return true;
  }

  bool isNextAKey() const { return !open_.empty() && open_.back().node->isMap() && !open_.back().keyRead; }

  bool takeScalar(Mark mark, std::string_view text, bool plain) {
    const bool isKey = isNextAKey();
    const std::string what = isKey ? "this key" : "this value";
    const std::size_t limit = strings_ == YamlStrings::kFiles && !isKey ? kYamlFileBytes : kYamlScalarBytes;
    if (text.size() > limit) return refuse(mark, what + " is longer than " + std::to_string(limit) + " bytes");
    const bool severalLines = strings_ != YamlStrings::kOneLine && !isKey;
    if (std::any_of(text.begin(), text.end(), [=](char c) { return isControl(c) && !(severalLines && c == '\n'); })) {
      return refuse(mark, what + " contains a line break or another control character");
    }
    if (const auto hidden = findHiddenCharacter(text))
      return refuse(mark, what + " contains an escape: " + hidden->reason);
    if (isKey && plain && text == "<<") return refuse(mark, "merge keys (<<) are not supported; write the keys out");
    YamlNode& node = isKey ? open_.back().node->children.emplace_back() : nextValue();
    const std::string_view kept = texts_.emplace_back(text);
    if (isKey) {
      node.key = kept;
      node.keyMark = mark;
      open_.back().keyRead = true;
    } else {
      node.plain = plain;
      node.mark = mark;
      node.text = kept;
    }
    return true;
  }

  bool open(Mark mark, YamlNode::Kind kind) {
    if (isNextAKey()) return refuse(mark, "a key must be a string, not a list or a map");
    if (open_.size() >= kYamlDepth) {
      return refuse(mark, "the file is nested more than " + std::to_string(kYamlDepth) + " levels deep");
    }
    YamlNode& node = nextValue();
    node.kind = kind;
    node.mark = mark;
    open_.push_back({&node});
    return true;
  }

  void close() {
    if (open_.back().node->isMap()) reportRepeatedKeys(*open_.back().node);
    open_.pop_back();
  }

  // The node for the value that begins now.
  YamlNode& nextValue() {
    if (open_.empty()) return root_.emplace();
    Open& parent = open_.back();
    if (parent.node->isList()) return parent.node->children.emplace_back();
    parent.keyRead = false;
    return parent.node->children.back();
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
      std::string path = pathOfOpen();
      KeyPath::appendKey(path, sorted[i]->key);
      problems_.add(sorted[i]->keyMark, std::move(path),
                    "duplicate key; first defined at line " + std::to_string(sorted[i - 1]->keyMark.line));
    }
  }

  ProblemList& problems_;
  const Marks& marks_;
  const YamlStrings strings_;
  std::vector<Open> open_;
  std::optional<YamlNode> root_;
  std::deque<std::string> texts_;
  std::size_t values_ = 0;
  int documents_ = 0;
};

}  // namespace

std::optional<YamlDocument> readYaml(std::string_view text, ProblemList& problems, YamlStrings strings,
                                     std::size_t limit) {
  if (text.size() > limit) {
    problems.add({}, "", "the file is larger than " + std::to_string(limit >> 20) + " MiB");
    return std::nullopt;
  }
  if (text.substr(0, 3) == "\xef\xbb\xbf") {
    problems.add({1, 1}, "", "the file begins with a byte order mark; save it without one");
    return std::nullopt;
  }
  if (auto root = readSimpleYaml(text)) return YamlDocument{std::move(*root)};
  // After the fast reader, which accepts printable ASCII only.
  if (const auto hidden = findHiddenCharacter(text)) {
    problems.add(markAt(text, hidden->offset), "", hidden->reason);
    return std::nullopt;
  }
  // Useless without tags, and libyaml compares each directive with all before it, in quadratic time.
  if (text.starts_with("%TAG") || text.find("\n%TAG") != std::string_view::npos) {
    problems.add({}, "", "tags are not supported; remove %TAG");
    return std::nullopt;
  }
  const auto joined = JoinedEscapes::of(text);
  const Marks marks(joined);
  Parser parser(joined ? joined->text() : text, marks);
  Builder builder(problems, marks, strings);
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

std::string yamlLibraryVersion() { return yaml_get_version_string(); }

}  // namespace rcb
