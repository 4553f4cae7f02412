#include "core/support/xml_text.hpp"

#include "core/support/ascii.hpp"
#include "core/support/utf8.hpp"

#include <expat.h>
#include <stdlib.h>
#include <string.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <utility>
#include <vector>

namespace rcb {
namespace {

constexpr std::size_t kLimit = std::size_t{1} << 20;
constexpr std::size_t kDepth = 32;  // refuse() names it
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

// --- Memory of the parser, which contains the whole document: wiped when it is released ---

// In front of each block.
struct alignas(std::max_align_t) BlockHead {
  std::size_t size;
};

BlockHead* headOf(void* block) { return static_cast<BlockHead*>(block) - 1; }

void* allocate(std::size_t size) noexcept {
  if (size > SIZE_MAX - sizeof(BlockHead)) return nullptr;
  void* const memory = ::operator new(sizeof(BlockHead) + size, std::nothrow);
  if (memory == nullptr) return nullptr;
  return new (memory) BlockHead{size} + 1;
}

void release(void* block) noexcept {
  if (block == nullptr) return;
  BlockHead* const head = headOf(block);
  explicit_bzero(block, head->size);
  ::operator delete(head);
}

void* reallocate(void* block, std::size_t size) noexcept {
  void* const larger = allocate(size);
  if (block == nullptr || larger == nullptr) return larger;
  std::copy_n(static_cast<const char*>(block), std::min(size, headOf(block)->size), static_cast<char*>(larger));
  release(block);
  return larger;
}

// Variables of the environment by which the library prints to stderr what it reads.
constexpr const char* kDebugVariables[] = {"EXPAT_ACCOUNTING_DEBUG", "EXPAT_ENTITY_DEBUG", "EXPAT_ENTROPY_DEBUG"};

struct FreeParser {
  void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
};
using ParserHandle = std::unique_ptr<XML_ParserStruct, FreeParser>;

// --- The document ---

// In any case.
bool isNamed(std::string_view encoding, std::string_view lowercase) {
  return std::equal(encoding.begin(), encoding.end(), lowercase.begin(), lowercase.end(),
                    [](char c, char wanted) { return lowered(c) == wanted; });
}

std::string_view localName(std::string_view name) { return name.substr(name.find(':') + 1); }

std::vector<std::string_view> namesOf(std::string_view path) {
  std::vector<std::string_view> names;
  while (!path.empty()) {
    path.remove_prefix(1);
    names.push_back(path.substr(0, path.find('/')));
    path.remove_prefix(names.back().size());
  }
  return names;
}

// Receives the parser's events. They come through C code, so nothing here throws: the text's memory is reserved before.
class Search {
 public:
  Search(XML_Parser parser, std::string_view path, std::size_t longest) : parser_(parser), names_(namesOf(path)) {
    text_.reserve(longest);
    XML_SetUserData(parser, this);
    XML_SetElementHandler(
        parser, [](void* self, const char* name, const char**) noexcept { search(self).begin(localName(name)); },
        [](void* self, const char*) noexcept { search(self).end(); });
    XML_SetCharacterDataHandler(parser, [](void* self, const char* text, int size) noexcept {
      search(self).characters({text, static_cast<std::size_t>(size)});
    });
    XML_SetXmlDeclHandler(parser, [](void* self, const char*, const char* encoding, int) noexcept {
      if (encoding != nullptr) search(self).declaredEncoding(encoding);
    });
    XML_SetStartDoctypeDeclHandler(parser, [](void* self, const char*, const char*, const char*, int) noexcept {
      search(self).refuse("document type declarations are not supported");
    });
  }
  Search(const Search&) = delete;
  Search& operator=(const Search&) = delete;

  // Why and where the parser ended.
  XmlProblem problem() const {
    const Refusal found = refusal_.why != nullptr ? refusal_ : here(XML_ErrorString(XML_GetErrorCode(parser_)));
    return {std::string(found.why) + " at line " + std::to_string(found.line) + ", column " +
            std::to_string(found.column)};
  }
  std::optional<Secret> take() {
    if (state_ != State::kBehind || hasElements_) return std::nullopt;
    return std::move(text_);
  }

 private:
  enum class State { kBefore, kWithin, kBehind };  // of the element
  struct Refusal {
    const char* why = nullptr;
    XML_Size line = 0;
    XML_Size column = 0;
  };

  static Search& search(void* self) noexcept { return *static_cast<Search*>(self); }

  void begin(std::string_view name) noexcept {
    if (depth_ == kDepth) return refuse("nested deeper than 32 levels");
    if (state_ == State::kWithin) hasElements_ = true;
    if (state_ == State::kBefore && matched_ == depth_ && names_[matched_] == name && ++matched_ == names_.size())
      state_ = State::kWithin;
    ++depth_;
  }
  void end() noexcept {
    if (state_ == State::kWithin && depth_ == names_.size()) state_ = State::kBehind;
    if (state_ == State::kBefore && depth_ == matched_) --matched_;
    --depth_;
  }
  void characters(std::string_view text) noexcept {
    if (state_ == State::kWithin) text_.append(text);
  }
  void declaredEncoding(std::string_view name) noexcept {
    if (!isNamed(name, "utf-8") && !isNamed(name, "us-ascii")) refuse("the declared encoding is not UTF-8");
  }
  // The parser ends behind what it is at.
  void refuse(const char* why) noexcept {
    refusal_ = here(why);
    XML_StopParser(parser_, XML_FALSE);
  }
  Refusal here(const char* why) const noexcept {
    return {why, XML_GetCurrentLineNumber(parser_), XML_GetCurrentColumnNumber(parser_) + 1};
  }

  XML_Parser parser_;
  const std::vector<std::string_view> names_;
  State state_ = State::kBefore;
  std::size_t depth_ = 0;    // open elements
  std::size_t matched_ = 0;  // how many of them, from the root on, are the path's; less than all before the element
  bool hasElements_ = false;
  Secret text_;
  Refusal refusal_;  // besides what the parser itself refuses
};

}  // namespace

bool isXmlPath(std::string_view path) {
  return path.starts_with('/') && !path.ends_with('/') && path.find("//") == std::string_view::npos;
}

std::variant<std::optional<Secret>, XmlProblem> readXmlText(std::string_view document, std::string_view path) {
  if (document.size() > kLimit) return XmlProblem{"it is larger than " + std::to_string(kLimit) + " bytes"};
  if (document.starts_with(kByteOrderMark)) document.remove_prefix(kByteOrderMark.size());
  if (const auto fault = encodingFault(document)) return XmlProblem{"it " + *fault};
  for (const char* name : kDebugVariables) ::unsetenv(name);
  const XML_Memory_Handling_Suite memory{&allocate, &reallocate, &release};
  const ParserHandle parser(XML_ParserCreate_MM("UTF-8", &memory, nullptr));
  if (parser == nullptr) throw std::bad_alloc();
  Search search(parser.get(), path, document.size());
  const auto status = XML_Parse(parser.get(), document.data(), static_cast<int>(document.size()), XML_TRUE);
  if (status != XML_STATUS_OK) return search.problem();
  return search.take();
}

std::string xmlLibraryVersion() {
  const XML_Expat_Version version = XML_ExpatVersionInfo();
  return std::to_string(version.major) + '.' + std::to_string(version.minor) + '.' + std::to_string(version.micro);
}

}  // namespace rcb
