#include "core/settings/simple_yaml.hpp"

#include "core/settings/problem.hpp"
#include "core/support/ascii.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <utility>
#include <vector>

namespace rcb {
namespace {

constexpr std::size_t kKeyBytes = 1000;  // libyaml finds no key longer than 1024 bytes

// Thrown to end the reading: the document is outside of the subset.
struct NotSimple {};

bool isFlowSign(char c) { return isOneOf(c, ",[]{}"); }

// Characters at which a plain scalar may end, depending on the next one.
bool mayEndPlain(char c) {
  static constexpr auto kSigns = [] {
    std::array<bool, 256> signs{};
    for (const char sign : std::string_view("\n :?,[]{}")) signs[static_cast<unsigned char>(sign)] = true;
    return signs;
  }();
  return kSigns[static_cast<unsigned char>(c)];
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  YamlNode read() {
    YamlNode root;
    skipToContent();
    if (at('[') || at('{')) {
      readFlow(root, 1);
      skipToContent();
    } else {
      readBlock(root, 1);
    }
    require(atEnd());
    return root;
  }

 private:
  static void require(bool holds) {
    if (!holds) throw NotSimple();
  }

  bool atEnd() const { return place_ == text_.size(); }
  bool at(char c, std::size_t ahead = 0) const { return place_ + ahead < text_.size() && text_[place_ + ahead] == c; }
  // At a space, or at the end of the line or the document.
  bool atGap(std::size_t ahead) const { return place_ + ahead >= text_.size() || at(' ', ahead) || at('\n', ahead); }
  bool atListEntry() const { return at('-') && atGap(1); }

  std::size_t column() const { return place_ - line_; }
  Mark mark() const { return {lineNumber_, static_cast<std::uint32_t>(column() + 1)}; }

  void skipBlanks() {
    while (at(' ')) ++place_;
  }

  // Skips spaces, comments and line ends.
  void skipToContent() {
    for (;;) {
      skipBlanks();
      if (at('#') && (column() == 0 || text_[place_ - 1] == ' '))
        place_ = std::min(text_.find('\n', place_), text_.size());
      if (!at('\n')) return;
      line_ = ++place_;
      ++lineNumber_;
    }
  }

  // The same after a block's value, which must be the last on its line.
  void endLine() {
    const std::size_t line = lineNumber_;
    skipToContent();
    require(atEnd() || lineNumber_ > line);
  }

  std::string_view quotedText() {
    const char quote = text_[place_];
    const std::size_t begin = ++place_;
    while (!atEnd() && !at(quote) && !at('\n') && !at('\\')) ++place_;
    require(at(quote) && !at(quote, 1));
    return text_.substr(begin, place_++ - begin);
  }

  std::string_view plainText(bool inFlow) {
    const std::size_t begin = place_;
    require(isAlnum(text_[begin]) || at('/') || at('~') || at('_'));
    for (;; ++place_) {
      while (!atEnd() && !mayEndPlain(text_[place_])) ++place_;
      if (atEnd() || at('\n') || (at(' ') && at('#', 1)) || (at(':') && atGap(1))) break;
      if (inFlow && (at('?') || isFlowSign(text_[place_]) || (at(':') && isFlowSign(text_[place_ + 1])))) break;
    }
    while (text_[place_ - 1] == ' ') --place_;
    return text_.substr(begin, place_ - begin);
  }

  std::string_view scalarText(bool inFlow) {
    require(!atEnd());
    const std::string_view text = at('"') || at('\'') ? quotedText() : plainText(inFlow);
    require(text.size() <= kYamlScalarBytes);
    return text;
  }

  void readScalar(YamlNode& node, bool inFlow) {
    node.plain = !at('"') && !at('\'');
    node.mark = mark();
    node.text = scalarText(inFlow);
  }

  // Reads a member's key and the ':' after it, which a gap must follow.
  YamlNode readKey(bool inFlow) {
    YamlNode member;
    member.keyMark = mark();
    member.key = scalarText(inFlow);
    require(member.key.size() <= kKeyBytes && at(':') && atGap(1));
    ++place_;
    return member;
  }

  void open(YamlNode& node, YamlNode::Kind kind, std::size_t depth) {
    require(depth <= kYamlDepth);
    node.kind = kind;
    node.mark = mark();
  }

  // Completes a list or map. Its children are moved in at once, so that the vector has no spare capacity.
  void close(YamlNode& node, std::size_t first) {
    const auto begin = unfinished_.begin() + static_cast<std::ptrdiff_t>(first);
    node.children.assign(std::make_move_iterator(begin), std::make_move_iterator(unfinished_.end()));
    unfinished_.erase(begin, unfinished_.end());
    if (node.isMap()) requireDifferentKeys(node);
  }

  void countValue() { require(++values_ <= kYamlValues); }

  // A scalar, or a list or map in brackets, which may span lines.
  void readInline(YamlNode& node, bool inFlow, std::size_t depth) {
    if (at('[') || at('{')) {
      readFlow(node, depth);
    } else {
      countValue();
      readScalar(node, inFlow);
    }
  }

  void readFlow(YamlNode& node, std::size_t depth) {
    const bool isMap = at('{');
    const char end = isMap ? '}' : ']';
    countValue();
    open(node, isMap ? YamlNode::Kind::kMap : YamlNode::Kind::kList, depth);
    const std::size_t first = unfinished_.size();
    ++place_;
    skipToContent();
    while (!at(end)) {
      YamlNode child = isMap ? readKey(true) : YamlNode();
      if (isMap) skipToContent();
      readInline(child, true, depth + 1);
      unfinished_.push_back(std::move(child));
      skipToContent();
      require(at(end) || at(','));
      if (at(end)) break;
      ++place_;
      skipToContent();
      require(!at(end));
    }
    ++place_;
    close(node, first);
  }

  // A block list or map that begins here. This and the next two functions stop at what follows it.
  void readBlock(YamlNode& node, std::size_t depth) {
    countValue();
    if (atListEntry()) {
      readBlockList(node, depth);
    } else {
      readBlockMap(node, depth);
    }
  }

  void readBlockList(YamlNode& node, std::size_t depth) {
    const std::size_t indent = column();
    open(node, YamlNode::Kind::kList, depth);
    const std::size_t first = unfinished_.size();
    do {
      ++place_;
      skipBlanks();
      require(!atGap(0) && !at('#'));
      YamlNode child;
      if (atListEntry() || isAtBlockKey()) {
        readBlock(child, depth + 1);
      } else {
        readInline(child, false, depth + 1);
        endLine();
      }
      unfinished_.push_back(std::move(child));
    } while (isAtNext(indent) && atListEntry());
    close(node, first);
  }

  void readBlockMap(YamlNode& node, std::size_t depth) {
    const std::size_t indent = column();
    open(node, YamlNode::Kind::kMap, depth);
    const std::size_t first = unfinished_.size();
    do {
      YamlNode member = readKey(false);
      const std::size_t line = lineNumber_;
      skipToContent();
      if (lineNumber_ == line) {
        readInline(member, false, depth + 1);
        endLine();
      } else {
        // A list may have the indent of its key. A scalar on a line of its own is outside of the subset.
        require(!atEnd() && (column() > indent || (column() == indent && atListEntry())));
        readBlock(member, depth + 1);
      }
      unfinished_.push_back(std::move(member));
    } while (isAtNext(indent));
    close(node, first);
  }

  // Whether the first token of this line may be the next entry of a list or map with this indent; if not, the list or map ends.
  bool isAtNext(std::size_t indent) const {
    require(atEnd() || column() <= indent);
    return !atEnd() && column() == indent;
  }

  bool isAtBlockKey() {
    if (at('[') || at('{')) return false;
    const std::size_t begin = place_;
    scalarText(false);
    const bool isKey = at(':');
    place_ = begin;
    return isKey;
  }

  void requireDifferentKeys(const YamlNode& map) {
    keys_.clear();
    for (const YamlNode& member : map.children) keys_.push_back(member.key);
    std::sort(keys_.begin(), keys_.end());
    require(std::adjacent_find(keys_.begin(), keys_.end()) == keys_.end());
  }

  std::string_view text_;
  std::size_t place_ = 0;
  std::size_t line_ = 0;  // offset of the current line
  std::uint32_t lineNumber_ = 1;
  std::size_t values_ = 0;
  std::vector<YamlNode> unfinished_;  // children of the lists and maps that are open
  std::vector<std::string_view> keys_;
};

bool mayHave(char c) { return isPrintable(c) || c == '\n'; }

}  // namespace

std::optional<YamlNode> readSimpleYaml(std::string_view text) {
  // A count does not stop early, so compilers vectorise it.
  if (std::count_if(text.begin(), text.end(), mayHave) != std::ssize(text)) return std::nullopt;
  try {
    return Reader(text).read();
  } catch (const NotSimple&) {
    return std::nullopt;
  }
}

}  // namespace rcb
