// The head of an HTTP/1.1 answer (RFC 9112 sections 2 to 5): its status line and its headers. Answers of exchanges and of proxies are read here,
// so that both take, and refuse, the same.
#pragma once

#include "core/net/buffered_source.hpp"

#include <cstddef>
#include <exception>
#include <string>
#include <utility>
#include <vector>

namespace rcb {

// Of the status line, the headers and the interim answers before them, together.
inline constexpr std::size_t kHeadLimit = std::size_t{64} << 10;

struct HttpHead {
  int status = 0;                                            // 200 to 999
  std::vector<std::pair<std::string, std::string>> headers;  // in order; folded lines are joined by a blank
};

// Why there is no head; quotes nothing of what was received. Made into an Error by whoever knows whose answer it was.
class HeadProblem : public std::exception {
 public:
  enum class Kind { kEnded, kMalformed, kTooLarge };

  // `what` is a predicate to "the answer", such as "has …"; of kEnded a sentence about the other side. `status` is that of the status line; 0 if
  // not even that was understood.
  HeadProblem(Kind kind, std::string what, int status) : kind_(kind), what_(std::move(what)), status_(status) {}

  Kind kind() const noexcept { return kind_; }
  const char* what() const noexcept override { return what_.c_str(); }
  // As text; empty if there is none.
  std::string status() const { return status_ == 0 ? "" : std::to_string(status_); }

 private:
  Kind kind_;
  std::string what_;
  int status_;
};

// The head of the final answer; `source` then stands at the first byte behind it. Up to 16 interim answers (1xx) are skipped. As RFC 9112 allows a
// client: a line may end in LF alone, a reason phrase may be missing, values may have bytes beyond ASCII. HTTP/1.0 is taken too. What does not begin
// like HTTP is refused at its first bytes, since its sender may be waiting for us. Throws HeadProblem, and what `source` throws.
HttpHead readHead(BufferedSource& source);

}  // namespace rcb
