// What a provider says of itself in its table, as text or JSON.
#pragma once

#include "core/settings/setting_spec.hpp"
#include "core/support/json_writer.hpp"

#include <string>

namespace rcb {

// A heading, what it needs and contacts, the table of its settings, and their relations.
std::string providerText(const ProviderDescription& provider);

// The same as one object.
void writeProvider(JsonWriter<std::string>& writer, const ProviderDescription& provider);

// The members of that object that a list of providers has.
void writeProviderSummary(JsonWriter<std::string>& writer, const ProviderDescription& provider);

}  // namespace rcb
