// Reads the head of an HTTP/1.1 answer (RFC 9112 sections 2 to 5): status line and headers. Answers from exchanges and from proxies are both read
// here, so that the same syntax is accepted and refused.
#pragma once

#include "core/net/buffered_source.hpp"

#include <cstddef>
#include <exception>
#include <string>
#include <utility>
#include <vector>

namespace rcb {

// For the status line, the headers and all preceding interim responses together.
inline constexpr std::size_t kHeadLimit = std::size_t{64} << 10;

struct HttpHead {
  int interim = 0;                                           // number of preceding interim responses (1xx)
  int minorVersion = 0;                                      // of HTTP/1.x, 0 to 9
  int status = 0;                                            // 200 to 999
  std::vector<std::pair<std::string, std::string>> headers;  // in order; folded lines are joined by a space
};

// Why the head cannot be read; quotes nothing that was received. The caller, which knows the sender, turns it into an Error.
class HeadProblem : public std::exception {
 public:
  enum class Kind { kEnded, kMalformed, kTooLarge };

  // `what` is a predicate to "the answer", such as "has …"; for kEnded a sentence about the peer. `status` is from the status line; 0 if that is
  // missing or invalid.
  HeadProblem(Kind kind, std::string what, int status) : kind_(kind), what_(std::move(what)), status_(status) {}

  Kind kind() const noexcept { return kind_; }
  const char* what() const noexcept override { return what_.c_str(); }
  // In decimal; empty if there is none.
  std::string status() const { return status_ == 0 ? "" : std::to_string(status_); }

 private:
  Kind kind_;
  std::string what_;
  int status_;
};

// The head of the final answer; afterwards `source` is at the first byte after it. Up to 16 interim responses (1xx) are skipped. As RFC 9112 permits,
// a line may end in LF alone, the reason phrase may be missing, and values may contain non-ASCII bytes. HTTP/1.0 is accepted. Anything that does not
// begin like HTTP is refused at its first bytes, because its sender may be waiting for the client. Throws HeadProblem, and what `source` throws.
HttpHead readHead(BufferedSource& source);

}  // namespace rcb
