// What a request to one of our servers says: its path, form or query, and who sent it.
#pragma once

#include "tests/support/tls_server.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rcb::test {

// application/x-www-form-urlencoded, as in a query.
using Form = std::multimap<std::string, std::string>;

Form parseForm(std::string_view text);
// The first value of this name; empty if there is none.
std::string firstOf(const Form& form, const std::string& name);

// Of the body; nothing if its type is another one.
std::optional<Form> formOf(const ServerRequest& request);

std::string_view pathOf(const ServerRequest& request);
Form queryOf(const ServerRequest& request);
// The value of a header, whose name is in lower case; empty if there is none.
std::string headerOf(const ServerRequest& request, const std::string& name);

struct Login {
  std::string user;
  std::string password;
};

// Of `Authorization: Basic`.
std::optional<Login> basicLogin(const ServerRequest& request);
// Of `Authorization: Bearer`.
std::optional<std::string> bearerToken(const ServerRequest& request);

// The parts between separators that are not empty.
std::vector<std::string_view> split(std::string_view text, char separator);

}  // namespace rcb::test
