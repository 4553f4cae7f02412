#include "core/cluster/kubeconfig.hpp"

#include "core/settings/key_path.hpp"
#include "core/settings/yaml_document.hpp"
#include "core/support/base64.hpp"
#include "core/support/printable.hpp"

#include <algorithm>

namespace rcb {
namespace {

// A map of the file and where it is.
struct Map {
  const YamlNode* node = nullptr;
  std::string path;
};

std::string pathOf(const Map& map, std::string_view key) {
  std::string path = map.path;
  KeyPath::appendKey(path, key);
  return path;
}

class Reader {
 public:
  explicit Reader(ProblemList& problems) : problems_(problems) {}

  // Null for a missing key and for null.
  const YamlNode* find(const Map& map, std::string_view key) const {
    if (map.node == nullptr || !map.node->isMap()) return nullptr;
    for (const YamlNode& member : map.node->children) {
      if (member.key == key) return member.isNull() ? nullptr : &member;
    }
    return nullptr;
  }

  std::string text(const Map& map, std::string_view key) {
    const YamlNode* value = find(map, key);
    if (value == nullptr) return {};
    if (value->isScalar()) return std::string(value->text);
    add(value->mark, pathOf(map, key), "expected a string; found " + std::string(value->kindName()));
    return {};
  }

  bool flag(const Map& map, std::string_view key) {
    const std::string value = text(map, key);
    if (value.empty() || value == "false") return false;
    if (value != "true") add(find(map, key)->mark, pathOf(map, key), "expected true or false");
    return value == "true";
  }

  Map child(const Map& map, std::string_view key) {
    const YamlNode* value = find(map, key);
    if (value != nullptr && !value->isMap()) {
      add(value->mark, pathOf(map, key), "expected a map; found " + std::string(value->kindName()));
    }
    return {value != nullptr && value->isMap() ? value : nullptr, pathOf(map, key)};
  }

  std::vector<const YamlNode*> list(const Map& map, std::string_view key) {
    const YamlNode* value = find(map, key);
    std::vector<const YamlNode*> elements;
    if (value == nullptr) return elements;
    if (!value->isList())
      add(value->mark, pathOf(map, key), "expected a list; found " + std::string(value->kindName()));
    for (const YamlNode& element : value->children) elements.push_back(&element);
    return elements;
  }

  // The member `member` of the entry of this name in one of the lists clusters, users and contexts.
  Map named(const Map& root, std::string_view listName, std::string_view name, std::string_view member) {
    const auto entries = list(root, listName);
    for (std::size_t i = 0; i < entries.size(); ++i) {
      Map entry{entries[i], std::string(listName)};
      KeyPath::appendIndex(entry.path, i);
      if (text(entry, "name") == name) return child(entry, member);
    }
    const YamlNode* written = find(root, listName);
    if (written != nullptr && !written->isList()) return {};
    add(root.node->mark, std::string(listName), "there is none with the name \"" + printable(name, 80) + "\"");
    return {};
  }

  FileOrData fileOrData(const Map& map, std::string_view key) {
    FileOrData both{text(map, key), {}};
    const std::string dataKey = std::string(key) + "-data";
    const YamlNode* data = find(map, dataKey);
    if (data == nullptr) return both;
    auto decoded = data->isScalar() ? decodeBase64(data->text) : std::nullopt;
    if (!decoded) add(data->mark, pathOf(map, dataKey), "is not valid base64");
    if (decoded) both.data = std::move(*decoded);
    return both;
  }

  ExecPlugin execPlugin(const Map& map) {
    ExecPlugin plugin{.apiVersion = text(map, "apiVersion"),
                      .command = text(map, "command"),
                      .arguments = {},
                      .environment = {},
                      .needsCluster = flag(map, "provideClusterInfo")};
    if (plugin.command.empty()) add(map.node->mark, pathOf(map, "command"), "is missing");
    for (const YamlNode* argument : list(map, "args")) {
      if (argument->isScalar()) {
        plugin.arguments.emplace_back(argument->text);
      } else {
        add(argument->mark, pathOf(map, "args"), "expected strings; found " + std::string(argument->kindName()));
      }
    }
    for (const YamlNode* variable : list(map, "env")) {
      const Map entry{variable, pathOf(map, "env")};
      std::string name = text(entry, "name");
      if (name.empty() || name.find('=') != std::string::npos) {
        add(variable->mark, entry.path, "expected a list of maps with name and value");
      } else {
        plugin.environment.emplace_back(std::move(name), text(entry, "value"));
      }
    }
    return plugin;
  }

  void readCluster(const Map& map, Kubeconfig& config) {
    config.server = text(map, "server");
    config.serverName = text(map, "tls-server-name");
    config.proxy = text(map, "proxy-url");
    config.skipsVerification = flag(map, "insecure-skip-tls-verify");
    config.authorities = fileOrData(map, "certificate-authority");
    if (config.server.empty() && problems_.empty()) {
      add(map.node == nullptr ? Mark{} : map.node->mark, pathOf(map, "server"), "is missing");
    }
  }

  void readUser(const Map& map, Kubeconfig& config) {
    config.clientCertificate = fileOrData(map, "client-certificate");
    config.clientKey = fileOrData(map, "client-key");
    config.tokenFile = text(map, "tokenFile");
    config.token = Secret(text(map, "token"));
    if (find(map, "exec") != nullptr) {
      const Map exec = child(map, "exec");
      if (exec.node != nullptr) config.exec = execPlugin(exec);
    }
    for (const char* key : {"auth-provider", "username"}) {
      if (find(map, key) != nullptr) config.unsupported = key;
    }
    if (config.clientCertificate.empty() != config.clientKey.empty()) {
      add(map.node->mark, map.path, "client-certificate and client-key must be set together");
    }
  }

  Kubeconfig read(const YamlNode& node) {
    const Map root{&node, ""};
    Kubeconfig config;
    if (!node.isMap()) {
      add(node.mark, "", "expected a kubeconfig, which is a map; found " + std::string(node.kindName()));
      return config;
    }
    config.context = text(root, "current-context");
    if (config.context.empty()) {
      if (problems_.empty()) add(node.mark, "current-context", "is not set, so the file chooses no cluster");
      return config;
    }
    const Map context = named(root, "contexts", config.context, "context");
    if (context.node == nullptr) {
      if (problems_.empty()) add(node.mark, "contexts", "the current context is empty");
      return config;
    }
    readCluster(named(root, "clusters", text(context, "cluster"), "cluster"), config);
    config.user = text(context, "user");
    if (!config.user.empty()) readUser(named(root, "users", config.user, "user"), config);
    return config;
  }

 private:
  void add(Mark mark, std::string path, std::string reason) { problems_.add(mark, std::move(path), std::move(reason)); }

  ProblemList& problems_;
};

}  // namespace

std::optional<Kubeconfig> parseKubeconfig(std::string_view text, ProblemList& problems) {
  const auto document = readYaml(text, problems, YamlStrings::kFiles, kKubeconfigBytes);
  if (!document) return std::nullopt;
  Kubeconfig config = Reader(problems).read(document->root);
  if (!problems.empty()) return std::nullopt;
  return config;
}

}  // namespace rcb
