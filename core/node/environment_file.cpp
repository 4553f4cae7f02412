#include "core/node/environment_file.hpp"

#include "core/node/node_files.hpp"
#include "core/support/ascii.hpp"
#include "core/support/error.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace rcb {
namespace {

constexpr std::string_view kMarker = "# Added by registry-credential-broker, with the next line.";
constexpr const char* kUneditable = " is written in a way that lets no argument be changed";

[[noreturn]] void refuse(const std::string& reason) {
  throw Error(ErrorCode::kConfigInvalid, "the environment file cannot be edited: " + reason);
}

struct Span {
  std::uint32_t begin;
  std::uint32_t end;
};

// NAME=VALUE, which may span lines.
struct Assignment {
  std::string name;
  std::string value;
  std::vector<Span> places = {};  // of each character of the value, with the backslash before it
  std::size_t begin = 0;          // of the name
  std::size_t tail = 0;           // where more of the value can be written
  std::size_t end = 0;            // of the line end, or of the text
  bool unclear = false;           // behind a comment that ends with a backslash, or with a quote that is not closed
};

bool isLineEnd(char c) { return c == '\n' || c == '\r'; }
bool isBlank(char c) { return isOneOf(c, kWhiteSpace); }

// Reads as systemd's load_env_file() does, character by character.
class Reader {
 public:
  Reader(std::string_view text, std::string_view variable) : text_(text), variable_(variable) {}

  // The assignment that counts for the variable. `others` becomes the names and values of all others.
  std::optional<Assignment> read(std::string& others) {
    for (place_ = 0; place_ < text_.size(); ++place_) take(text_[place_]);
    if (state_ != State::kBefore && state_ != State::kName && state_ != State::kComment &&
        state_ != State::kCommentEscape) {
      finish();
    }
    others = std::move(others_);
    return std::move(counts_);
  }

 private:
  enum class State {
    kBefore,
    kName,
    kBeforeValue,
    kValue,
    kValueEscape,
    kSingle,
    kDouble,
    kDoubleEscape,
    kComment,
    kCommentEscape
  };

  void take(char c) {
    switch (state_) {
      case State::kBefore:
        if (c == '#' || c == ';') {
          state_ = State::kComment;
        } else if (!isBlank(c)) {
          now_ = {.name = std::string(1, c), .value = {}, .begin = place_, .unclear = commentGoesOn_};
          state_ = State::kName;
        }
        break;
      case State::kName:
        takeName(c);
        break;
      case State::kBeforeValue:
        takeBeforeValue(c);
        break;
      case State::kValue:
        if (isLineEnd(c)) {
          finish();
        } else if (c == '\\') {
          state_ = State::kValueEscape;
          escape_ = place_;
          blanks_ = 0;
        } else {
          add(c, place_);
          blanks_ = isBlank(c) ? blanks_ + 1 : 0;
        }
        break;
      case State::kValueEscape:
        state_ = State::kValue;
        if (!isLineEnd(c)) add(c, escape_);
        break;
      case State::kSingle:
        if (c == '\'') {
          closeQuote();
        } else {
          add(c, place_);
        }
        break;
      case State::kDouble:
        if (c == '"') {
          closeQuote();
        } else if (c == '\\') {
          state_ = State::kDoubleEscape;
          escape_ = place_;
        } else {
          add(c, place_);
        }
        break;
      case State::kDoubleEscape:
        state_ = State::kDouble;
        if (isOneOf(c, "\"\\`$")) {
          add(c, escape_);
        } else if (c != '\n') {
          now_.places.push_back({narrow(escape_), narrow(escape_ + 1)});
          now_.value += '\\';
          add(c, place_);
        }
        break;
      case State::kComment:
        if (c == '\\') state_ = State::kCommentEscape;
        if (isLineEnd(c)) endComment(false);
        break;
      case State::kCommentEscape:
        state_ = State::kComment;
        if (isLineEnd(c)) endComment(true);
        break;
    }
  }

  void takeName(char c) {
    if (isLineEnd(c)) {
      state_ = State::kBefore;
      commentGoesOn_ = false;
    } else if (c == '=') {
      now_.name.erase(now_.name.find_last_not_of(kWhiteSpace) + 1);
      now_.tail = place_ + 1;
      state_ = State::kBeforeValue;
      blanks_ = 0;
    } else {
      now_.name += c;
    }
  }

  void takeBeforeValue(char c) {
    if (isLineEnd(c)) {
      finish();
    } else if (c == '\'' || c == '"') {
      state_ = c == '"' ? State::kDouble : State::kSingle;
    } else if (c == '\\') {
      state_ = State::kValueEscape;
      escape_ = place_;
    } else if (!isBlank(c)) {
      add(c, place_);
      state_ = State::kValue;
    }
  }

  static std::uint32_t narrow(std::size_t offset) { return static_cast<std::uint32_t>(offset); }

  void add(char c, std::size_t begin) {
    now_.value += c;
    now_.places.push_back({narrow(begin), narrow(place_ + 1)});
    now_.tail = place_ + 1;
  }

  void closeQuote() {
    now_.tail = place_;
    state_ = State::kBeforeValue;
    blanks_ = 0;
  }

  // Blanks at the end of an unquoted value do not belong to it.
  void finish() {
    if (state_ == State::kValue && blanks_ > 0) {
      now_.tail -= blanks_;
      now_.value.resize(now_.value.size() - blanks_);
      now_.places.resize(now_.value.size());
    }
    now_.end = place_;
    now_.unclear =
        now_.unclear || state_ == State::kSingle || state_ == State::kDouble || state_ == State::kDoubleEscape;
    if (now_.name != variable_) {
      keep(now_);
    } else {
      if (counts_) keep(*counts_);
      counts_ = std::exchange(now_, {});
    }
    state_ = State::kBefore;
    commentGoesOn_ = false;
  }

  void keep(const Assignment& other) { others_.append(other.name).append(1, '=').append(other.value).append(1, '\0'); }

  // systemd before 254 reads the next line as a part of a comment that ends with a backslash.
  void endComment(bool goesOn) {
    state_ = State::kBefore;
    commentGoesOn_ = goesOn;
  }

  std::string_view text_;
  std::string_view variable_;
  std::size_t place_ = 0;
  State state_ = State::kBefore;
  Assignment now_;
  std::size_t escape_ = 0;  // offset of the backslash
  std::size_t blanks_ = 0;  // at the end of an unquoted value
  bool commentGoesOn_ = false;
  std::optional<Assignment> counts_;
  std::string others_;
};

// The words of a value as systemd splits `$VARIABLE`: at blanks, with quotes and backslashes. `spans`: their places in the value.
struct Words {
  std::vector<std::string> texts;
  std::vector<Span> spans;
};

Words wordsOf(std::string_view value) {
  Words words;
  for (std::size_t at = 0; at < value.size();) {
    if (isBlank(value[at])) {
      ++at;
      continue;
    }
    std::string word;
    const std::size_t begin = at;
    for (char quote = 0; at < value.size() && (quote != 0 || !isBlank(value[at])); ++at) {
      const char c = value[at];
      if (c == '\\' && at + 1 < value.size()) {
        word += value[++at];
      } else if (quote == 0 && (c == '\'' || c == '"')) {
        quote = c;
      } else if (c == quote) {
        quote = 0;
      } else {
        word += c;
      }
    }
    words.texts.push_back(std::move(word));
    words.spans.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(at)});
  }
  return words;
}

// A change of some bytes.
struct Change {
  std::size_t begin;
  std::size_t end;
  std::string text;
};

// `changes` in the order of their places.
std::string changed(std::string_view text, const std::vector<Change>& changes) {
  std::string result;
  std::size_t place = 0;
  for (const Change& change : changes) {
    result.append(text.substr(place, change.begin - place)).append(change.text);
    place = change.end;
  }
  return result.append(text.substr(place));
}

// A file with the assignment that counts, if there is one.
struct EnvironmentFile {
  EnvironmentFile(std::string_view content, std::string_view name)
      : text(content), variable(name), counts(Reader(content, name).read(others)) {
    if (counts) words = wordsOf(counts->value);
  }

  // The bytes of a part of the value.
  Change replacement(std::size_t begin, std::size_t end, std::string with) const {
    return {counts->places[begin].begin, counts->places[end - 1].end, std::move(with)};
  }

  std::string edited(const std::vector<Change>& changes, const std::vector<std::string>& arguments) const;
  std::optional<std::string> withoutAdded() const;

  std::string_view text;
  std::string_view variable;
  std::string others;
  std::optional<Assignment> counts;
  Words words;
};

// The text with the changes. An edit is one of characters: what systemd reads afterwards shows whether it was right.
std::string EnvironmentFile::edited(const std::vector<Change>& changes,
                                    const std::vector<std::string>& arguments) const {
  if (changes.empty()) return std::string(text);
  std::string result = changed(text, changes);
  const EnvironmentFile after(result, variable);
  if (!after.counts || after.words.texts != arguments || after.others != others || (counts && counts->unclear)) {
    refuse(std::string(variable) + kUneditable);
  }
  return result;
}

// The text without the assignment, if it is one that setEnvironmentFlags() added and nothing else depends on it.
std::optional<std::string> EnvironmentFile::withoutAdded() const {
  const std::string above = std::string(kMarker) + "\n";
  if (counts->begin < above.size()) return std::nullopt;
  const std::size_t begin = counts->begin - above.size();
  const bool isMarked = text.substr(begin, above.size()) == above && (begin == 0 || text[begin - 1] == '\n');
  if (!isMarked) return std::nullopt;
  const bool open = counts->end == text.size();
  const Change change{begin - (open && begin > 0 ? 1 : 0), counts->end + (open ? 0 : 1), ""};
  std::string result = changed(text, {change});
  // No variable has an empty name, so that all are others.
  return EnvironmentFile(result, "").others == others ? std::optional(std::move(result)) : std::nullopt;
}

std::vector<std::string> without(const std::vector<std::string>& words, const std::vector<bool>& gone) {
  std::vector<std::string> left;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!gone[i]) left.push_back(words[i]);
  }
  return left;
}

void requireText(std::string_view text) {
  if (text.size() > kNodeFileLimit) refuse("it is larger than 4 MiB");
  if (text.find('\0') != std::string_view::npos) refuse("it contains a NUL byte");
}

std::string withFlag(std::string_view text, std::string_view variable, const KubeletFlag& flag) {
  const EnvironmentFile file(text, variable);
  std::vector<std::string> arguments = file.words.texts;
  const std::string argument = argumentOf(flag);
  if (const std::vector<FlagPlace> places = findFlag(file.words.texts, flag.name); !places.empty()) {
    const FlagPlace& last = places.back();
    if (last.value == flag.value) return std::string(text);
    arguments[last.first] = argument;
    const auto next = arguments.begin() + static_cast<std::ptrdiff_t>(last.first + 1);
    arguments.erase(next, next + static_cast<std::ptrdiff_t>(last.count - 1));
    const std::vector<Span>& spans = file.words.spans;
    return file.edited({file.replacement(spans[last.first].begin, spans[last.first + last.count - 1].end, argument)},
                       arguments);
  }
  arguments.push_back(argument);
  if (file.counts) {
    const std::string space = file.counts->value.empty() ? "" : " ";
    return file.edited({{file.counts->tail, file.counts->tail, space + argument}}, arguments);
  }
  // The file ends with a line end if it did.
  const bool open = !text.empty() && !text.ends_with('\n');
  std::string lines = std::string(kMarker) + "\n" + std::string(variable) + "=\"" + argument + "\"";
  lines = open ? "\n" + lines : lines + "\n";
  return file.edited({{text.size(), text.size(), std::move(lines)}}, arguments);
}

}  // namespace

std::optional<std::vector<std::string>> environmentArguments(std::string_view text, std::string_view variable) {
  requireText(text);
  EnvironmentFile file(text, variable);
  return file.counts ? std::optional(std::move(file.words.texts)) : std::nullopt;
}

std::string setEnvironmentFlags(std::string_view text, std::string_view variable, const std::vector<KubeletFlag>& flags,
                                OtherValue other) {
  requireText(text);
  if (other == OtherValue::kRefuse) {
    const EnvironmentFile before(text, variable);
    for (const KubeletFlag& flag : flags) {
      const std::vector<FlagPlace> places = findFlag(before.words.texts, flag.name);
      const bool differs = !places.empty() && places.back().value != flag.value;
      if (differs) refuseOtherValue(flag, places.back().value, std::string(variable));
    }
  }
  std::string result(text);
  for (const KubeletFlag& flag : flags) result = withFlag(result, variable, flag);
  // A flag without a value takes the next argument for it, which may have been another one of them.
  const EnvironmentFile file(result, variable);
  if (!allSet(file.words.texts, flags)) refuse(std::string(variable) + kUneditable);
  return result;
}

std::string removeEnvironmentFlags(std::string_view text, std::string_view variable,
                                   const std::vector<KubeletFlag>& flags) {
  requireText(text);
  const EnvironmentFile file(text, variable);
  if (!file.counts) return std::string(text);
  const Words& words = file.words;
  std::vector<bool> gone(words.texts.size());
  for (const KubeletFlag& flag : flags) {
    for (const FlagPlace& place : findFlag(words.texts, flag.name)) {
      if (place.value != flag.value) continue;
      for (std::size_t i = 0; i < place.count; ++i) gone[place.first + i] = true;
    }
  }
  const std::vector<std::string> arguments = without(words.texts, gone);
  if (arguments.empty() && !words.texts.empty()) {
    if (const auto result = file.withoutAdded()) return *result;
  }
  // Each with the blank before it; the first of all with the one behind it.
  std::vector<Change> changes;
  std::size_t taken = 0;
  for (std::size_t i = 0; i < gone.size(); ++i) {
    if (!gone[i]) continue;
    const std::size_t begin = std::max<std::size_t>(words.spans[i].begin, 1) - 1;
    const bool isFirst = words.spans[i].begin == 0;
    const std::size_t end = words.spans[i].end + (isFirst && words.spans[i].end < file.counts->value.size() ? 1U : 0U);
    if (std::max(begin, taken) < end) changes.push_back(file.replacement(std::max(begin, taken), end, ""));
    taken = end;
  }
  return file.edited(changes, arguments);
}

}  // namespace rcb
