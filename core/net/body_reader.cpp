#include "core/net/body_reader.hpp"

#include "core/net/http_text.hpp"
#include "core/support/error.hpp"

#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

namespace rcb {
namespace {

// Of one line: a chunk size with its extensions, or a trailer field.
constexpr std::size_t kLineLimit = 1024;
constexpr std::size_t kTrailerLimit = 64;
// Of all such lines together, since a server can send any number of small chunks.
constexpr std::size_t kFramingLimit = kBodyLimit;
constexpr std::size_t kReadSize = 16384;

class BodyReader {
 public:
  BodyReader(BufferedSource& source, const std::string& host) : source_(source), host_(host) {}

  Secret readCounted(std::size_t length) {
    Secret body;
    readInto(body, length);
    return body;
  }

  Secret readChunks() {
    Secret body;
    for (;;) {
      const std::string_view line = readLine();
      std::size_t size = 0;
      const char* begin = line.data();
      const auto [end, problem] = std::from_chars(begin, begin + line.size(), size, 16);
      const std::string_view rest = line.substr(static_cast<std::size_t>(end - begin));
      const bool extended = rest.starts_with(';') || rest.starts_with(' ') || rest.starts_with('\t');
      if (problem != std::errc() || (!rest.empty() && !extended)) throw invalid("a chunk has an invalid size");
      if (size == 0) break;
      readInto(body, size);
      if (!readLine().empty()) throw invalid("a chunk is longer than its stated size");
    }
    for (std::size_t fields = 0; !readLine().empty(); ++fields) {
      if (fields == kTrailerLimit) throw tooLarge("has more than 64 trailer fields");
    }
    return body;
  }

  Secret readAll() {
    Secret body;
    for (;;) {
      const std::size_t got = source_.take(body.prepare(kReadSize), kReadSize);
      if (got == 0) return body;
      body.commit(got);
      if (body.size() > kBodyLimit) throw tooLarge("is larger than 1 MiB");
    }
  }

  Error invalid(const std::string& why) const {
    return Error(ErrorCode::kAnswerInvalid, "the answer from " + host_ + " is malformed: " + why);
  }

 private:
  Error tooLarge(const char* how) const {
    return Error(ErrorCode::kAnswerTooLarge, "the answer from " + host_ + " " + how)
        .advise("check the URL of the exchange");
  }

  void readInto(Secret& body, std::size_t length) {
    if (length > kBodyLimit - body.size()) throw tooLarge("is larger than 1 MiB");
    for (std::size_t left = length; left > 0;) {
      const std::size_t got = source_.take(body.prepare(left), left);
      if (got == 0) {
        throw Error(ErrorCode::kConnectionLost, "reading from " + host_ + " failed: the body ended after " +
                                                    std::to_string(body.size()) + " bytes, before it was complete");
      }
      body.commit(got);
      left -= got;
    }
  }

  // Without its line break. Valid until the next call.
  std::string_view readLine() {
    line_.clear();
    for (bool whole = false; !whole;) {
      if (!source_.fill()) {
        throw Error(ErrorCode::kConnectionLost,
                    "reading from " + host_ + " failed: the body ended before its last chunk");
      }
      const std::size_t before = line_.size();
      whole = source_.takeLine(line_);
      framing_ += line_.size() - before;
      if (line_.size() > kLineLimit) throw invalid("a line of its chunked body is longer than 1 KiB");
      if (framing_ > kFramingLimit) throw tooLarge("has more than 1 MiB of chunk headers and trailer fields");
    }
    if (!line_.ends_with("\r\n")) throw invalid("a line of its chunked body does not end in CRLF");
    return std::string_view(line_).substr(0, line_.size() - 2);
  }

  BufferedSource& source_;
  const std::string& host_;
  std::string line_;
  std::size_t framing_ = 0;  // bytes that are not part of the body
};

}  // namespace

HttpBody readBody(int status, const std::vector<std::pair<std::string, std::string>>& headers, BufferedSource& source,
                  const std::string& host) {
  BodyReader reader(source, host);
  if (status < 200 || status == 204 || status == 304) return {};
  std::optional<std::size_t> length;
  bool chunked = false;
  for (const auto& [name, value] : headers) {
    if (isSameName(name, "Transfer-Encoding")) {
      if (chunked || !isSameName(value, "chunked")) throw reader.invalid("its Transfer-Encoding is not chunked");
      chunked = true;
    } else if (isSameName(name, "Content-Length")) {
      std::size_t number = 0;
      const auto [end, problem] = std::from_chars(value.data(), value.data() + value.size(), number);
      // A number that does not fit the type exceeds the limit, too.
      if (problem == std::errc::result_out_of_range) number = kBodyLimit + 1;
      if (problem == std::errc::invalid_argument || end != value.data() + value.size()) {
        throw reader.invalid("its Content-Length is not a number");
      }
      if (length && *length != number) throw reader.invalid("it has two different Content-Length values");
      length = number;
    }
  }
  if (chunked && length) throw reader.invalid("it has both Content-Length and Transfer-Encoding");
  if (chunked) return {reader.readChunks(), true};
  if (length) return {reader.readCounted(*length), true};
  return {reader.readAll(), false};
}

}  // namespace rcb
