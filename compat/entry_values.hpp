// The variables and arguments of an entry in the kubelet's file, as the plugin itself would read them. What no reader asked for is reported, so that
// nothing of an entry is lost without a word.
#pragma once

#include "core/broker/known_plugin.hpp"

#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rcb {

// Why a variable or an argument has no counterpart in a rule: the end of the sentence "NAME is left out: …".
struct LeftOut {
  std::string_view name;  // a variable, or an argument such as --v
  std::string_view reason;
};

class EntryValues {
 public:
  // The entry must outlive this.
  explicit EntryValues(const ProviderEntry& entry) : entry_(entry) {}

  // The last value of the variable; empty if there is none.
  std::string variable(std::string_view name);
  // The last value of --NAME=VALUE or --NAME VALUE; empty if there is none.
  std::string flag(std::string_view name);
  // The arguments without a dash, except values of the flags that were read before.
  std::vector<std::string> words();

  // A note about each variable and option that was not read, except those of the network, and never with its value. For one that the table does not
  // have, the note says that this program does not know it.
  void noteRest(std::span<const LeftOut> known, std::vector<std::string>& notes) const;

 private:
  const ProviderEntry& entry_;
  std::set<std::string, std::less<>> read_;  // names of variables
  std::set<std::size_t> readArguments_;      // indexes
};

// Binds the annotation to the setting if the entry passes the annotation to the plugin; whether it does.
bool bindAnnotation(ImportedRule& rule, const ProviderEntry& entry, std::string_view annotation,
                    std::string_view setting);

// A note about each annotation key of the entry that the rules do not bind.
void noteAnnotations(const ProviderEntry& entry, const std::vector<ImportedRule>& rules, std::span<const LeftOut> known,
                     std::vector<std::string>& notes);

// Adds a setting unless its value is empty.
void addSetting(ImportedRule& rule, std::string_view name, std::string value, std::string_view entry = {});

}  // namespace rcb
