#include "core/settings/yaml_list_layout.hpp"

#include "core/support/ascii.hpp"
#include "core/support/error.hpp"

#include <yaml.h>

#include <string>

namespace rcb {
namespace {

bool isContinuation(char c) { return (c & 0xc0) == 0x80; }

// JSON writes a character beyond U+FFFF as two \u escapes, which libyaml refuses. They are replaced by others of the same length, since only
// positions matter here.
std::string withoutSurrogates(std::string_view text) {
  std::string result(text);
  for (std::size_t at = result.find('\\'); at != std::string::npos && at + 3 < result.size();
       at = result.find('\\', at + 2)) {
    const char digit = lowered(result[at + 3]);
    if (result[at + 1] == 'u' && lowered(result[at + 2]) == 'd' && isOneOf(digit, "89abcdef")) result[at + 2] = '0';
  }
  return result;
}

class Token {
 public:
  Token() = default;
  Token(const Token&) = delete;
  Token& operator=(const Token&) = delete;
  ~Token() { yaml_token_delete(&raw); }

  bool isScalar(std::string_view text) const {
    return raw.type == YAML_SCALAR_TOKEN &&
           std::string_view(reinterpret_cast<const char*>(raw.data.scalar.value), raw.data.scalar.length) == text;
  }

  yaml_token_t raw{};
};

// The tokens of a document with their offsets in bytes.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(withoutSurrogates(text)) {
    if (yaml_parser_initialize(&raw_) == 0) throw Error(ErrorCode::kInternal, "out of memory in the YAML parser");
    yaml_parser_set_input_string(&raw_, reinterpret_cast<const unsigned char*>(text_.c_str()), text_.size());
    yaml_parser_set_encoding(&raw_, YAML_UTF8_ENCODING);
  }
  Scanner(const Scanner&) = delete;
  Scanner& operator=(const Scanner&) = delete;
  ~Scanner() { yaml_parser_delete(&raw_); }

  // False at the end of the document. The next token is `type`, from `begin` to `end`.
  bool next() {
    Token token;
    if (yaml_parser_scan(&raw_, &token.raw) == 0) return false;
    type = token.raw.type;
    begin = offsetOf(token.raw.start_mark.index);
    end = offsetOf(token.raw.end_mark.index);
    isKeyText = token.isScalar(wanted);
    const bool isBlockText = type == YAML_SCALAR_TOKEN && (token.raw.data.scalar.style == YAML_LITERAL_SCALAR_STYLE ||
                                                           token.raw.data.scalar.style == YAML_FOLDED_SCALAR_STYLE);
    const std::size_t header = text_.find_first_not_of("|>0123456789", begin);
    endsInText = isBlockText && (header == std::string::npos || text_[header] != '-');
    // The token of a block includes the last line end.
    if (isBlockText && end > begin && text_[end - 1] == '\n') {
      --end;
      if (end > begin && text_[end - 1] == '\r') --end;
    }
    return type != YAML_STREAM_END_TOKEN;
  }

  bool opens() const {
    return type == YAML_BLOCK_SEQUENCE_START_TOKEN || type == YAML_BLOCK_MAPPING_START_TOKEN ||
           type == YAML_FLOW_SEQUENCE_START_TOKEN || type == YAML_FLOW_MAPPING_START_TOKEN;
  }
  bool closes() const {
    return type == YAML_BLOCK_END_TOKEN || type == YAML_FLOW_SEQUENCE_END_TOKEN || type == YAML_FLOW_MAPPING_END_TOKEN;
  }

  std::string_view wanted;
  yaml_token_type_t type = YAML_NO_TOKEN;
  std::size_t begin = 0;
  std::size_t end = 0;
  bool isKeyText = false;   // a scalar with the text `wanted`
  bool endsInText = false;  // a scalar written as a block, without "-"

 private:
  // libyaml counts characters. Its marks ascend, so that one pass over the text converts all.
  std::size_t offsetOf(std::size_t index) {
    for (; index_ < index && offset_ < text_.size(); ++index_) {
      do ++offset_;
      while (offset_ < text_.size() && isContinuation(text_[offset_]));
    }
    return offset_;
  }

  std::string text_;
  std::size_t index_ = 0;
  std::size_t offset_ = 0;
  yaml_parser_t raw_{};
};

// Moves to the first token of the value of the member `wanted` of the root.
bool findMember(Scanner& tokens, YamlListLayout& layout) {
  int depth = 0;
  bool isKey = false;
  while (tokens.next()) {
    if (depth == 0 && tokens.opens()) layout.inBraces = tokens.type == YAML_FLOW_MAPPING_START_TOKEN;
    if (depth == 1 && isKey && tokens.isKeyText) {
      layout.key = tokens.begin;
      if (!tokens.next() || tokens.type != YAML_VALUE_TOKEN) return false;
      layout.colon = layout.begin = layout.end = tokens.end;
      return tokens.next();
    }
    isKey = depth == 1 && tokens.type == YAML_KEY_TOKEN;
    if (tokens.opens()) ++depth;
    if (tokens.closes()) --depth;
  }
  return false;
}

// Reads the elements up to the end of the list. `depth` is 0 between the tokens of the list itself.
void readElements(Scanner& tokens, YamlListLayout& layout, bool withoutEnd) {
  const bool isBlock = layout.style == YamlListLayout::Style::kBlock;
  int depth = 0;
  bool fresh = true;
  do {
    if (depth == 0 && (tokens.closes() || (withoutEnd && tokens.type == YAML_KEY_TOKEN))) {
      if (!isBlock) layout.end = tokens.end;
      return;
    }
    if (depth == 0 && tokens.type == YAML_BLOCK_ENTRY_TOKEN && isBlock) {
      layout.elements.push_back({tokens.begin, tokens.end, tokens.end});
      fresh = true;
    } else if (depth == 0 && tokens.type == YAML_FLOW_ENTRY_TOKEN) {
      fresh = true;
    } else {
      if (fresh && isBlock) layout.elements.back().begin = tokens.begin;
      if (fresh && !isBlock) layout.elements.push_back({tokens.begin, tokens.begin, tokens.end});
      fresh = false;
      // The end of a block is where the next token begins.
      if (tokens.type != YAML_BLOCK_END_TOKEN) {
        layout.elements.back().end = tokens.end;
        layout.elements.back().endsInText = tokens.endsInText;
      }
    }
    if (tokens.opens()) ++depth;
    if (tokens.closes()) --depth;
  } while (tokens.next());
}

}  // namespace

std::optional<YamlListLayout> findYamlList(std::string_view text, std::string_view key) {
  Scanner tokens(text);
  tokens.wanted = key;
  YamlListLayout layout;
  if (!findMember(tokens, layout)) return std::nullopt;
  switch (tokens.type) {
    case YAML_SCALAR_TOKEN:
      layout.begin = tokens.begin;
      layout.end = tokens.end;
      break;
    case YAML_FLOW_SEQUENCE_START_TOKEN:
      layout.style = YamlListLayout::Style::kFlow;
      layout.begin = tokens.begin;
      if (tokens.next()) readElements(tokens, layout, false);
      break;
    case YAML_BLOCK_SEQUENCE_START_TOKEN:
      layout.style = YamlListLayout::Style::kBlock;
      if (tokens.next()) readElements(tokens, layout, false);
      break;
    case YAML_BLOCK_ENTRY_TOKEN:
      // A list with the indent of its key has no tokens for its begin and end.
      layout.style = YamlListLayout::Style::kBlock;
      readElements(tokens, layout, true);
      break;
    default:
      break;
  }
  return layout;
}

}  // namespace rcb
