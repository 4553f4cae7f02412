// Which key of the file or variable of the environment an error is about, found by the paths and names in its message.
#pragma once

#include "core/settings/broker_config.hpp"
#include "core/settings/setting_spec.hpp"
#include "core/settings/tls_options.hpp"
#include "core/support/environment.hpp"
#include "core/support/error.hpp"

#include <string>
#include <string_view>

namespace rcb {

// Whether the text has the word, not as a part of a longer one.
bool hasWord(std::string_view text, std::string_view word);

// The key of `tls` whose file the message is about; empty if there is none.
std::string_view tlsKeyIn(std::string_view message, const TlsOptions& tls);

// The setting that the error is about, those that the rule has before the others; empty if there is none.
std::string settingIn(const Error& error, const Rule& rule, const ProviderDescription& provider);

// The variable that the error is about, by its name or by a path in its value; empty if there is none.
std::string variableIn(const Error& error, const Environment& environment);

}  // namespace rcb
