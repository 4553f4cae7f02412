#include "core/commands/error_place.hpp"

#include "core/support/ascii.hpp"
#include "core/support/printable.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace rcb {

bool hasWord(std::string_view text, std::string_view word) {
  for (std::size_t at = 0; (at = text.find(word, at)) != std::string_view::npos; at += word.size()) {
    const std::size_t end = at + word.size();
    if ((at == 0 || !isAlnum(text[at - 1])) && (end == text.size() || !isAlnum(text[end]))) return true;
  }
  return false;
}

std::string_view tlsKeyIn(std::string_view message, const TlsOptions& tls) {
  struct File {
    std::string_view key;
    std::string_view role;  // in messages
    const std::string& path;
  };
  const File files[] = {
      {"caFile", "CA file", tls.caFile},
      {"clientCertificateFile", "client certificate", tls.clientCertificateFile},
      {"clientKeyFile", "client key", tls.clientKeyFile},
  };
  for (const File& file : files) {
    if (!file.path.empty() && message.starts_with(fmt::format("the {} {}", file.role, printable(file.path)))) {
      return file.key;
    }
  }
  return {};
}

std::string settingIn(const Error& error, const Rule& rule, const ProviderDescription& provider) {
  for (const auto& [key, value] : error.context()) {
    if (key == "setting") return value;
  }
  for (const Setting& setting : rule.settings) {
    const bool isFile =
        setting.value.starts_with('/') && error.message().find(printable(setting.value)) != std::string::npos;
    if (isFile || hasWord(error.message(), setting.name)) return setting.name;
  }
  for (const SettingSpec& spec : provider.settings) {
    if (hasWord(error.message(), spec.name)) return spec.name;
  }
  return {};
}

std::string variableIn(const Error& error, const Environment& environment) {
  for (const char* name : {"HTTPS_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR"}) {
    if (hasWord(error.message(), name)) return name;
  }
  for (const char* name : {"SSL_CERT_FILE", "SSL_CERT_DIR"}) {
    const auto variable = environment.find(name);
    std::string_view paths = variable == environment.end() ? std::string_view() : variable->second;
    while (!paths.empty()) {
      const std::string_view path = paths.substr(0, paths.find(':'));
      if (!path.empty() && hasWord(error.message(), printable(path))) return name;
      paths.remove_prefix(std::min(path.size() + 1, paths.size()));
    }
  }
  return {};
}

}  // namespace rcb
