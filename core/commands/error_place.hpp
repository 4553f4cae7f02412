// What in the file or the environment an error is about, as far as its words tell: they name files by their paths, and settings and variables by
// their names.
#pragma once

#include "core/settings/broker_config.hpp"
#include "core/settings/setting_spec.hpp"
#include "core/settings/tls_options.hpp"
#include "core/support/environment.hpp"
#include "core/support/error.hpp"

#include <string>
#include <string_view>

namespace rcb {

// Whether the word is in the text with neither a letter nor a digit beside it.
bool hasWord(std::string_view text, std::string_view word);

// Which of the rule's tls keys names the file that the message is about; empty if none does.
std::string_view tlsKeyIn(std::string_view message, const TlsOptions& tls);

// The setting of the module that the error is about, those that the rule has first; empty if it names none.
std::string settingIn(const Error& error, const Rule& rule, const ProviderDescription& provider);

// The variable of the environment that the error is about, by its name or by a path that it holds; empty if there is none.
std::string variableIn(const Error& error, const Environment& environment);

}  // namespace rcb
