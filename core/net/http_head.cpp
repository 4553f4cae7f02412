#include "core/net/http_head.hpp"

#include "core/net/http_text.hpp"

#include <string.h>

#include <algorithm>
#include <string_view>

namespace rcb {
namespace {

using Kind = HeadProblem::Kind;

constexpr int kInterimLimit = 16;
constexpr std::size_t kUsualLine = 1024;  // only a longer one leaves copies, when its buffer grows
constexpr std::string_view kProtocol = "HTTP/";

// How servers of other protocols answer an HTTP/1.1 request. A space matches any byte.
struct Beginning {
  std::string_view bytes;
  const char* what;
};
constexpr Beginning kOtherProtocols[] = {
    {"\x15\x03", "it is a TLS alert, so the port speaks TLS"},
    {"\x16\x03", "it is a TLS handshake, so the port speaks TLS"},
    {{"\0  \x04", 4}, "it is an HTTP/2 frame"},  // SETTINGS
    {{"\0  \x07", 4}, "it is an HTTP/2 frame"},  // GOAWAY
    {"SSH-", "it is the greeting of an SSH server"},
    {"220", "it is the greeting of a mail or FTP server"},
    {"<", "it is a document without a status line"},
};

bool beginsWith(std::string_view bytes, std::string_view pattern) {
  return bytes.size() >= pattern.size() &&
         std::equal(pattern.begin(), pattern.end(), bytes.begin(),
                    [](char wanted, char found) { return wanted == ' ' || wanted == found; });
}

HeadProblem malformed(const std::string& why, int status = 0) {
  return {Kind::kMalformed, "is not valid HTTP/1.1: " + why, status};
}

// Refuses bytes that cannot be the beginning of a status line, however few there are.
void checkBeginning(std::string_view bytes) {
  const std::size_t known = std::min(bytes.size(), kProtocol.size());
  if (bytes.substr(0, known) == kProtocol.substr(0, known)) return;
  for (const Beginning& other : kOtherProtocols) {
    if (beginsWith(bytes, other.bytes)) throw malformed(other.what);
  }
  throw malformed("it does not begin with a status line");
}

class HeadReader {
 public:
  explicit HeadReader(BufferedSource& source) : source_(source) { line_.reserve(kUsualLine); }
  ~HeadReader() {
    line_.resize(line_.capacity());
    explicit_bzero(line_.data(), line_.size());
  }
  HeadReader(const HeadReader&) = delete;
  HeadReader& operator=(const HeadReader&) = delete;

  HttpHead read() {
    for (int interim = 0; interim <= kInterimLimit; ++interim) {
      HttpHead head;
      head.interim = interim;
      head.status = readStatusLine();
      head.minorVersion = minorVersion_;
      head.headers = readHeaders();
      if (status_ >= 200) return head;
      if (status_ == 101) throw malformed("it switches protocols, which was not requested", status_);
    }
    throw malformed("it has more than 16 interim responses (1xx)", status_);
  }

 private:
  // "HTTP/1.1 200 OK"; the reason phrase and the space before it may be missing.
  int readStatusLine() {
    constexpr std::size_t kVersionEnd = 8;
    constexpr std::size_t kStatusEnd = 12;
    lineNumber_ = 0;
    status_ = 0;
    readLine();
    const std::string_view line = line_;
    if (!beginsWith(line, "HTTP/1. ") || !isDigit(line[kVersionEnd - 1])) throw bad("has an unsupported HTTP version");
    const bool valid = line.size() >= kStatusEnd && line[kVersionEnd] == ' ' && line[kVersionEnd + 1] != '0' &&
                       std::all_of(line.begin() + kVersionEnd + 1, line.begin() + kStatusEnd, isDigit) &&
                       (line.size() == kStatusEnd || line[kStatusEnd] == ' ');
    if (!valid) throw bad("has an invalid status code");
    minorVersion_ = line[kVersionEnd - 1] - '0';
    for (std::size_t at = kVersionEnd + 1; at < kStatusEnd; ++at) status_ = status_ * 10 + (line[at] - '0');
    refuseControls();
    return status_;
  }

  std::vector<std::pair<std::string, std::string>> readHeaders() {
    std::vector<std::pair<std::string, std::string>> headers;
    for (lineNumber_ = 1;; ++lineNumber_) {
      readLine();
      if (line_.empty()) return headers;
      refuseControls();
      if (line_.front() != ' ' && line_.front() != '\t') {
        headers.push_back(splitLine());
      } else if (headers.empty()) {
        throw bad("begins with whitespace");
      } else {
        // RFC 9112 section 5.2: the line continues the previous value.
        std::string& value = headers.back().second;
        const std::string_view more = trimmed(line_);
        if (!value.empty() && !more.empty()) value += ' ';
        value += more;
      }
    }
  }

  std::pair<std::string, std::string> splitLine() const {
    const std::string_view line = line_;
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) throw bad("has no colon");
    const std::string_view name = line.substr(0, colon);
    if (name.ends_with(' ') || name.ends_with('\t')) throw bad("has whitespace before its colon");
    if (name.empty() || !std::all_of(name.begin(), name.end(), isTokenCharacter)) throw bad("has an invalid name");
    return {std::string(name), std::string(trimmed(line.substr(colon + 1)))};
  }

  // RFC 9112 section 2.2 and RFC 9110 section 5.5: other parsers may take these for the end of a line or value.
  void refuseControls() const {
    if (line_.find('\0') != std::string::npos) throw bad("contains NUL");
    if (line_.find('\r') != std::string::npos) throw bad("contains CR");
  }

  // Reads the next line, without its line break, into line_.
  void readLine() {
    line_.clear();
    for (bool whole = false; !whole;) {
      if (!source_.fill()) throw ended();
      const std::size_t before = line_.size();
      whole = source_.takeLine(line_);
      size_ += line_.size() - before;
      if (lineNumber_ == 0) checkBeginning(line_);
      if (size_ > kHeadLimit) throw HeadProblem(Kind::kTooLarge, "has more than 64 KiB of headers", status_);
    }
    line_.pop_back();
    if (line_.ends_with('\r')) line_.pop_back();
  }

  HeadProblem bad(const char* what) const {
    const std::string where = lineNumber_ == 0 ? "its status line" : "header line " + std::to_string(lineNumber_);
    return malformed(where + " " + what, status_);
  }

  HeadProblem ended() const {
    const char* where = size_ == 0 ? "without an answer" : "within the headers";
    return {Kind::kEnded, std::string("the peer closed the connection ") + where, status_};
  }

  BufferedSource& source_;
  std::string line_;
  int lineNumber_ = 0;  // of the headers; 0: the status line
  int minorVersion_ = 0;
  int status_ = 0;
  std::size_t size_ = 0;  // bytes read so far, including interim responses
};

}  // namespace

HttpHead readHead(BufferedSource& source) { return HeadReader(source).read(); }

}  // namespace rcb
