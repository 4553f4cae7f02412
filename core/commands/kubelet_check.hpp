// The part of `validate` about the kubelet's provider file: whether a kubelet starts with it, and whether it fits the broker file.
#pragma once

#include "core/commands/validation_report.hpp"
#include "core/kubelet/kubelet_version.hpp"
#include "core/modules/provider_set.hpp"
#include "core/settings/broker_config.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace rcb {

struct KubeletCheckRequest {
  std::string path;                       // a file or a folder
  std::string binFolder;                  // of the programs; empty: they are not checked
  std::optional<KubeletVersion> version;  // absent: the newest known one
  bool openFiles = true;  // shared libraries of rules, and whether the entries name the checked broker file
};

// The rules that the entries must fit.
struct CheckedRules {
  const BrokerConfig& config;
  ProviderSet& providers;
  std::function<Mark(std::string_view path)> markOf;  // in the broker file
};

// Adds to the report what a kubelet of the version says of its file. Warnings about rules go to the broker file's own. `rules` is null if the
// entries cannot be compared with any. Never throws for what is in files.
void checkKubeletFiles(const KubeletCheckRequest& request, const CheckedRules* rules, ValidationReport& report);

}  // namespace rcb
