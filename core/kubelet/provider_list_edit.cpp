#include "core/kubelet/provider_list_edit.hpp"

#include "core/kubelet/provider_file_writer.hpp"
#include "core/support/ascii.hpp"
#include "core/support/error.hpp"
#include "core/support/parts.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace rcb {
namespace {

using Style = YamlListLayout::Style;
using Kind = ElementChange::Kind;

bool isBlank(std::string_view text) { return text.find_first_not_of(kWhiteSpace) == std::string_view::npos; }

std::string_view lineEndOf(std::string_view text) {
  const std::size_t end = text.find('\n');
  return end != std::string_view::npos && end > 0 && text[end - 1] == '\r' ? "\r\n" : "\n";
}

// The line end at `at`, if there is one.
std::string_view lineEndAt(std::string_view text, std::size_t at) {
  text.remove_prefix(at);
  return text.starts_with("\r\n") ? text.substr(0, 2) : text.starts_with('\n') ? text.substr(0, 1) : "";
}

std::size_t lineBegin(std::string_view text, std::size_t at) { return text.substr(0, at).rfind('\n') + 1; }

// Where the line's content ends: at its line end or the end of the text.
std::size_t lineContentEnd(std::string_view text, std::size_t at) {
  std::size_t end = std::min(text.find('\n', at), text.size());
  if (end > at && end < text.size() && text[end - 1] == '\r') --end;
  return end;
}

void removeLineEnd(std::string& text) {
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
}

std::size_t blanksBefore(std::string_view line) { return std::min(line.find_first_not_of(" \t"), line.size()); }

std::string withLineEnds(std::string_view text, std::string_view lineEnd) {
  std::string result;
  eachPart(text, '\n', [&](std::string_view line) {
    if (!result.empty()) result += lineEnd;
    result += line;
    return true;
  });
  return result;
}

// JSON on one line.
std::string joined(std::string_view json) {
  std::string result;
  eachPart(json, '\n', [&](std::string_view line) {
    if (result.ends_with(',')) result += ' ';
    result += line.substr(line.find_first_not_of(' '));
    return true;
  });
  return result;
}

// --- Blocks ---

// The lines of an entry, without the last line end.
std::string blockEntry(const ProviderEntry& entry, std::size_t column, std::string_view lineEnd) {
  std::string text = writeEntry(entry, {.indent = std::string(column, ' ')});
  text.pop_back();
  return withLineEnds(text, lineEnd);
}

// Behind the line of `at` and the comments directly below it that are indented more than `column`.
std::size_t afterLinesOf(std::string_view text, std::size_t at, std::size_t column) {
  for (std::size_t end = lineContentEnd(text, at);;) {
    const std::size_t next = end + lineEndAt(text, end).size();
    if (next == end || next >= text.size()) return end;
    const std::size_t blanks = blanksBefore(text.substr(next));
    if (blanks <= column || text.substr(next + blanks, 1) != "#") return end;
    end = lineContentEnd(text, next);
  }
}

// An element of a block: what is before its lines (comments, empty lines), its lines, and their line end.
struct Lines {
  std::string before;
  std::string content;
  std::string lineEnd;
  bool endsInText = false;  // the line end belongs to a value
};

struct Block {
  std::string head;
  std::vector<Lines> elements = {};
  std::string tail = {};
};

Block takeBlock(std::string_view text, const YamlListLayout& layout, std::size_t column,
                const std::vector<ElementChange>& changes, std::string_view lineEnd) {
  std::size_t place = lineBegin(text, layout.elements.front().dash);
  Block block{std::string(text.substr(0, place))};
  std::string before;
  for (std::size_t i = 0; i < layout.elements.size(); ++i) {
    const YamlListLayout::Element& element = layout.elements[i];
    const std::size_t begin = lineBegin(text, element.dash);
    const std::size_t end = afterLinesOf(text, element.end, column);
    const std::string_view ownLineEnd = lineEndAt(text, end);
    before += text.substr(place, begin - place);
    place = end + ownLineEnd.size();
    if (changes[i].kind == Kind::kRemove) {
      // A file that ends without a line end still does.
      if (ownLineEnd.empty() && before.empty()) {
        if (block.elements.empty()) removeLineEnd(block.head);
        if (!block.elements.empty() && !block.elements.back().endsInText) block.elements.back().lineEnd.clear();
      }
      continue;
    }
    const bool replaced = changes[i].kind == Kind::kReplace;
    block.elements.push_back(
        {std::exchange(before, {}),
         replaced ? blockEntry(*changes[i].replacement, column, lineEnd) : std::string(text.substr(begin, end - begin)),
         std::string(ownLineEnd), !replaced && element.endsInText});
  }
  block.tail = before + std::string(text.substr(place));
  return block;
}

void addTo(Block& block, std::string content, std::string_view lineEnd) {
  std::string& before = block.elements.empty() ? block.head : block.elements.back().lineEnd;
  const bool lineOpen = !before.ends_with('\n');
  if (lineOpen) before += lineEnd;
  block.elements.push_back({"", std::move(content), lineOpen ? "" : std::string(lineEnd)});
}

std::string textOf(const Block& block, std::size_t colon) {
  std::string text = block.head;
  if (block.elements.empty()) text.insert(colon, " []");
  for (const Lines& lines : block.elements) text.append(lines.before).append(lines.content).append(lines.lineEnd);
  return text + block.tail;
}

std::string editBlock(std::string_view text, const YamlListLayout& layout, const std::vector<ElementChange>& changes,
                      const std::vector<const ProviderEntry*>& added) {
  const std::size_t dash = layout.elements.front().dash;
  const std::size_t column = dash - lineBegin(text, dash);
  for (const YamlListLayout::Element& element : layout.elements) {
    const std::size_t begin = lineBegin(text, element.dash);
    if (text.substr(begin, element.dash - begin).find_first_not_of(' ') == std::string_view::npos) continue;
    throw Error(ErrorCode::kConfigInvalid, "the list cannot be edited: one of its elements does not begin a line");
  }
  const std::string_view lineEnd = lineEndOf(text);
  Block block = takeBlock(text, layout, column, changes, lineEnd);
  for (const ProviderEntry* entry : added) addTo(block, blockEntry(*entry, column, lineEnd), lineEnd);
  return textOf(block, layout.colon);
}

// Writes the first elements of a block in place of `[]`, null or nothing.
std::string beginBlock(std::string_view text, const YamlListLayout& layout,
                       const std::vector<const ProviderEntry*>& added) {
  const std::size_t column = layout.key - lineBegin(text, layout.key);
  const std::string_view lineEnd = lineEndOf(text);
  const bool blank = isBlank(text.substr(layout.colon, layout.begin - layout.colon));
  const std::size_t rest = afterLinesOf(text, layout.end, column);
  const std::size_t tail = rest + lineEndAt(text, rest).size();
  Block block{std::string(text.substr(0, blank ? layout.colon : layout.begin)) +
              std::string(text.substr(layout.end, tail - layout.end))};
  block.tail = text.substr(tail);
  for (const ProviderEntry* entry : added) addTo(block, blockEntry(*entry, column, lineEnd), lineEnd);
  return textOf(block, layout.colon);
}

// --- Brackets ---

// Offset of the comma among blanks and comments.
std::size_t findComma(std::string_view gap) {
  for (std::size_t at = gap.find_first_of(",#"); at != std::string_view::npos; at = gap.find_first_of(",#", at)) {
    if (gap[at] == ',') return at;
    at = gap.find('\n', at);
  }
  return std::string_view::npos;
}

void removeComma(std::string& gap) {
  const std::size_t at = findComma(gap);
  if (at != std::string::npos) gap.erase(at, 1);
}

bool hasComment(std::string_view gap) { return gap.find('#') != std::string_view::npos; }

// The blanks at the end of `gap`, if nothing else is on that line: what follows begins a line. No value if it does not.
std::optional<std::string_view> lineIndent(std::string_view gap) {
  const std::size_t lineEnd = gap.rfind('\n');
  if (lineEnd == std::string_view::npos || !isBlank(gap.substr(lineEnd))) return std::nullopt;
  return gap.substr(lineEnd + 1);
}

// Offset of the first or last line end.
std::size_t firstLineEnd(std::string_view gap) { return lineContentEnd(gap, 0); }
std::size_t lastLineEnd(std::string_view gap) {
  const std::size_t at = gap.rfind('\n');
  return at > 0 && gap[at - 1] == '\r' ? at - 1 : at;
}

// What is left of the text before and behind an element that is removed. Each has at most one comma. `last`: no element follows.
std::string withoutElement(std::string before, std::string after, bool last) {
  const std::size_t lineEnd = firstLineEnd(after);
  const std::size_t comma = findComma(after);
  const bool afterHasComma = comma != std::string::npos;
  if (lineIndent(before) && lineEnd < after.size() && (!afterHasComma || comma < lineEnd)) {
    before.erase(lastLineEnd(before));
    if (!afterHasComma) removeComma(before);
    return before + after.substr(lineEnd);
  }
  if (!hasComment(before)) return last || hasComment(after) ? after : before;
  if (afterHasComma && (!last || hasComment(after))) {
    removeComma(after);
    return hasComment(after) ? before + after : before;
  }
  if (!afterHasComma) removeComma(before);
  return hasComment(after) ? before + after : before;
}

// An element in brackets: what is before it (the comma, blanks, comments), and itself.
struct Item {
  std::string before;
  std::string content;
};

struct Brackets {
  std::vector<Item> items = {};
  std::string last = {};  // before the closing bracket
  std::string unit = "  ";
  std::string_view lineEnd = "\n";
  std::string_view separator = ", ";

  // In the style of the line, which `before` ends with.
  std::string written(const ProviderEntry& entry, std::string_view before) const {
    const auto indent = lineIndent(before);
    if (!indent) return joined(writeEntry(entry, {.json = true}));
    const std::string text = writeEntry(entry, {.json = true, .indent = std::string(*indent), .step = unit});
    return withLineEnds(text, lineEnd).substr(indent->size());
  }

  void add(const ProviderEntry& entry);
  void addFirst(const ProviderEntry& entry, std::string_view keyIndent);
};

// Behind the last element, in the style of its line.
void Brackets::add(const ProviderEntry& entry) {
  const auto indent = lineIndent(items.back().before);
  std::string before(indent ? "," : separator);
  if (indent) {
    const std::size_t end = firstLineEnd(last);
    const std::size_t comma = findComma(last);
    if (end < last.size() && (comma == std::string::npos || comma < end)) {
      // A comment behind the last element stays on its line, and the comma behind it is one behind the new element.
      const bool hadComma = comma != std::string::npos;
      before = (hadComma ? "" : ",") + last.substr(0, end);
      last = (hadComma ? "," : "") + last.substr(end);
    }
    before.append(lineEnd).append(*indent);
  }
  std::string content = written(entry, before);
  items.push_back({std::move(before), std::move(content)});
}

void Brackets::addFirst(const ProviderEntry& entry, std::string_view keyIndent) {
  std::string before = std::exchange(last, {});
  if (isBlank(before) && !keyIndent.empty()) {
    unit = keyIndent;
    before = std::string(lineEnd) + std::string(keyIndent) + unit;
    last = std::string(lineEnd) + std::string(keyIndent);
  }
  std::string content = written(entry, before);
  items.push_back({std::move(before), std::move(content)});
}

std::string editBrackets(std::string_view text, const YamlListLayout& layout, const std::vector<ElementChange>& changes,
                         const std::vector<const ProviderEntry*>& added) {
  Brackets list;
  list.lineEnd = lineEndOf(text);
  if (text.substr(layout.colon, 1) != " ") list.separator = ",";
  // Between the brackets; nothing if the value is null.
  const bool isList = layout.style == Style::kFlow;
  const std::size_t close = isList ? layout.end - 1 : layout.begin;
  std::size_t place = isList ? layout.begin + 1 : layout.begin;
  const auto gapTo = [&](std::size_t end) { return text.substr(place, end - place); };
  const std::size_t count = layout.elements.size();
  if (count > 0) {
    const auto first = lineIndent(gapTo(layout.elements.front().begin));
    const auto end = lineIndent(text.substr(layout.elements.back().end, close - layout.elements.back().end));
    if (first && end && first->starts_with(*end) && first->size() > end->size()) list.unit = first->substr(end->size());
  }
  std::string before(gapTo(count > 0 ? layout.elements.front().begin : close));
  for (std::size_t i = 0; i < count; ++i) {
    const YamlListLayout::Element& element = layout.elements[i];
    place = element.end;
    std::string after(gapTo(i + 1 < count ? layout.elements[i + 1].begin : close));
    if (changes[i].kind == Kind::kRemove) {
      before = withoutElement(std::move(before), std::move(after), i + 1 == count);
      continue;
    }
    std::string content = changes[i].kind == Kind::kReplace
                              ? list.written(*changes[i].replacement, before)
                              : std::string(text.substr(element.begin, element.end - element.begin));
    list.items.push_back({std::exchange(before, std::move(after)), std::move(content)});
  }
  list.last = std::move(before);
  if (!list.items.empty()) {
    removeComma(list.items.front().before);
  } else {
    removeComma(list.last);
    if (isBlank(list.last)) list.last.clear();
  }
  const std::size_t line = lineBegin(text, layout.key);
  const std::string_view keyIndent = text.substr(line, layout.key - line);
  for (const ProviderEntry* entry : added) {
    if (list.items.empty()) {
      list.addFirst(*entry, isBlank(keyIndent) ? keyIndent : "");
    } else {
      list.add(*entry);
    }
  }
  std::string result(text.substr(0, layout.begin));
  result += layout.begin == layout.colon && !isList ? " [" : "[";
  for (const Item& item : list.items) result.append(item.before).append(item.content);
  return result.append(list.last).append("]").append(text.substr(layout.end));
}

}  // namespace

std::string editProviderList(std::string_view text, const YamlListLayout& layout,
                             const std::vector<ElementChange>& changes,
                             const std::vector<const ProviderEntry*>& added) {
  const bool changesNothing =
      added.empty() && std::all_of(changes.begin(), changes.end(),
                                   [](const ElementChange& change) { return change.kind == Kind::kKeep; });
  if (changesNothing) return std::string(text);
  if (layout.style == Style::kBlock) return editBlock(text, layout, changes, added);
  // A list in brackets stays one if there is anything to lose.
  const bool isEmpty = layout.style == Style::kNothing ||
                       (layout.elements.empty() && isBlank(text.substr(layout.colon, layout.begin - layout.colon)) &&
                        isBlank(text.substr(layout.begin + 1, layout.end - layout.begin - 2)));
  if (isEmpty && !layout.inBraces) return beginBlock(text, layout, added);
  return editBrackets(text, layout, changes, added);
}

}  // namespace rcb
