#include "core/commands/version.hpp"

#include "core/modules/module_library.hpp"
#include "core/support/json_writer.hpp"

#include "rcb/provider_abi.h"

#include <fmt/format.h>

namespace rcb {

const std::string_view kVersion = RCB_VERSION;

std::string versionText(bool json) {
  const std::string abi = fmt::format("{}.{}", RCB_ABI_MAJOR, RCB_ABI_MINOR);
  if (!json) {
    return fmt::format("registry-credential-broker {} ({})\n", kVersion,
                       kLoadsModules ? "module ABI " + abi : "no modules");
  }
  std::string text;
  JsonWriter writer(text, true);
  writer.beginObject();
  writer.member("version", kVersion);
  writer.member("moduleAbi", abi);
  writer.member("loadsModules", kLoadsModules);
  writer.endObject();
  return text + "\n";
}

}  // namespace rcb
