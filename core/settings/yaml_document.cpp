#include "core/settings/yaml_document.hpp"

#include "core/settings/hidden_text.hpp"
#include "core/settings/json_escapes.hpp"
#include "core/settings/simple_yaml.hpp"
#include "core/support/error.hpp"
#include "core/support/printable.hpp"

#include <yaml.h>

#include <algorithm>

namespace rcb {
namespace {

// From libyaml's marks, which count from 0, to those of the file.
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
  Parser(std::string_view text, const Marks& marks) : text_(text), marks_(marks) {
    if (yaml_parser_initialize(&raw_) == 0) throw Error(ErrorCode::kInternal, "there is no memory for the YAML parser");
    // An empty view may point nowhere, which libyaml does not take.
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
    if (raw_.error == YAML_MEMORY_ERROR) throw Error(ErrorCode::kInternal, "there is no memory for the YAML parser");
    if (raw_.error == YAML_READER_ERROR) {
      const std::size_t at = std::min(raw_.problem_offset, text_.size());
      problems.add(markAt(text_, at), "", "the file is not valid UTF-8");
      return;
    }
    problems.add(marks_.of(raw_.problem_mark), "", syntaxReason());
  }

 private:
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
  const Marks& marks_;
  yaml_parser_t raw_{};
};

// Builds the tree from the events, without recursion.
class Builder {
 public:
  Builder(ProblemList& problems, const Marks& marks) : problems_(problems), marks_(marks) {}

  // False, with a problem, if the document cannot be used.
  bool take(const yaml_event_t& event) {
    const Mark mark = marks_.of(event.start_mark);
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

  // The document, if there was one.
  std::optional<YamlDocument> finish() {
    if (root_) return YamlDocument{std::move(*root_), std::move(texts_)};
    refuse({}, "the file is empty");
    return std::nullopt;
  }

 private:
  // A list or map whose end has not come; but for the first, the last child of the one before.
  struct Open {
    YamlNode* node;
    bool keyRead = false;  // of a map: its last child waits for its value
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

  // Of the innermost list or map.
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

  bool isNextAKey() const { return !open_.empty() && open_.back().node->isMap() && !open_.back().keyRead; }

  bool takeScalar(Mark mark, std::string_view text, bool plain) {
    const bool isKey = isNextAKey();
    const std::string what = isKey ? "this key" : "this value";
    if (text.size() > kYamlScalarBytes) {
      return refuse(mark, what + " is longer than " + std::to_string(kYamlScalarBytes) + " bytes");
    }
    if (std::any_of(text.begin(), text.end(), isControl)) {
      return refuse(mark, what + " holds a line break or another control character");
    }
    if (const auto hidden = findHiddenCharacter(text))
      return refuse(mark, what + " holds an escape: " + hidden->reason);
    if (isKey && plain && text == "<<") return refuse(mark, "merge keys (<<) are not supported: write the keys out");
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
    if (isNextAKey()) return refuse(mark, "a key must be a text, not a list or a map");
    if (open_.size() >= kYamlDepth) {
      return refuse(mark, "the file is nested deeper than " + std::to_string(kYamlDepth) + " levels");
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

  // Where the value that begins now belongs.
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
                    "the key stands here again; before, in line " + std::to_string(sorted[i - 1]->keyMark.line));
    }
  }

  ProblemList& problems_;
  const Marks& marks_;
  std::vector<Open> open_;
  std::optional<YamlNode> root_;
  std::deque<std::string> texts_;
  std::size_t values_ = 0;
  int documents_ = 0;
};

}  // namespace

std::optional<YamlDocument> readYaml(std::string_view text, ProblemList& problems) {
  if (text.size() > kYamlBytes) {
    problems.add({}, "", "the file is larger than " + std::to_string(kYamlBytes >> 20) + " MiB");
    return std::nullopt;
  }
  if (text.substr(0, 3) == "\xef\xbb\xbf") {
    problems.add({1, 1}, "", "the file begins with a byte order mark; save it without one");
    return std::nullopt;
  }
  if (auto root = readSimpleYaml(text)) return YamlDocument{std::move(*root)};
  // What the reader above takes is printable ASCII.
  if (const auto hidden = findHiddenCharacter(text)) {
    problems.add(markAt(text, hidden->offset), "", hidden->reason);
    return std::nullopt;
  }
  // Of no use without tags, and libyaml compares each with all before it.
  if (text.starts_with("%TAG") || text.find("\n%TAG") != std::string_view::npos) {
    problems.add({}, "", "tags are not supported: leave %TAG out");
    return std::nullopt;
  }
  const auto joined = JoinedEscapes::of(text);
  const Marks marks(joined);
  Parser parser(joined ? joined->text() : text, marks);
  Builder builder(problems, marks);
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
