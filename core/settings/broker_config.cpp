#include "core/settings/broker_config.hpp"

#include "core/dispatch/host_pattern.hpp"
#include "core/settings/broker_keys.hpp"
#include "core/settings/key_path.hpp"
#include "core/settings/object_reader.hpp"
#include "core/settings/variables.hpp"
#include "core/settings/yaml_document.hpp"
#include "core/support/printable.hpp"

#include <algorithm>
#include <cstddef>
#include <unordered_map>
#include <utility>

namespace rcb {
namespace {

// Reads one document into one BrokerConfig. Each function takes a key's value and its path.
class ConfigReader {
 public:
  ConfigReader(BrokerConfig& config, ProblemList& problems) : config_(config), problems_(problems) {}

  // Frees each rule's nodes once it is read, so that the next rules reuse their memory.
  void readDocument(YamlNode& node) {
    const KeyPath root;
    const ObjectReader reader(node, root, kBrokerObject, problems_);
    config_.deadline = reader.duration("deadline");
    config_.logLevel = static_cast<LogLevel>(reader.choice("logLevel"));
    config_.confinementRequired = reader.text("confinement") == "required";
    const KeyPath path(root, "providers");
    if (const YamlNode* list = reader.find("providers")) {
      readRules(node.children[static_cast<std::size_t>(list - node.children.data())], path);
    }
    if (!problems_.full()) reportTies(path);
  }

 private:
  void readRules(YamlNode& list, const KeyPath& path) {
    if (list.children.size() > kRuleLimit) {
      problems_.add(list.mark, path, "has more than " + std::to_string(kRuleLimit) + " rules");
      return;
    }
    config_.rules.reserve(list.children.size());
    config_.patterns.reserve(list.children.size());  // at least one each
    for (std::size_t i = 0; i < list.children.size() && !problems_.full(); ++i) {
      config_.rules.push_back(readRule(list.children[i], KeyPath(path, i)));
      list.children[i] = {};
    }
  }

  // Also adds the rule's patterns to config_, for the index that the rule will have there.
  Rule readRule(const YamlNode& node, const KeyPath& path) {
    const ObjectReader reader(node, path, kRuleObject, problems_);
    Rule rule;
    rule.mark = node.mark;
    rule.name = reader.text("name");
    if (const YamlNode* name = reader.find("name")) requireNewName(*name, KeyPath(path, "name"));
    rule.module = reader.text("module");
    if (const YamlNode* module = reader.find("module")) rule.moduleMark = module->mark;
    if (const YamlNode* list = reader.find("matchImages")) readPatterns(*list, KeyPath(path, "matchImages"));
    rule.identity.tokenRequired = reader.text("identity") != "none";
    rule.identity.audience = reader.text("audience");
    if (const YamlNode* list = reader.find("allow")) rule.identity.allow = readAllow(*list, KeyPath(path, "allow"));
    if (const YamlNode* map = reader.find("settings")) rule.settings = readSettings(*map, KeyPath(path, "settings"));
    if (const YamlNode* map = reader.find("annotations")) {
      rule.annotations = readBindings(*map, KeyPath(path, "annotations"));
    }
    if (const YamlNode* map = reader.find("tls")) rule.tls = readTls(*map, KeyPath(path, "tls"));
    rule.maxCacheDuration = std::chrono::floor<std::chrono::seconds>(reader.duration("maxCacheDuration"));
    return rule;
  }

  void requireNewName(const YamlNode& name, const KeyPath& path) {
    const auto [known, isNew] = ruleOfName_.emplace(name.text, config_.rules.size());
    if (isNew) return;
    problems_.add(
        name.mark, path,
        "duplicate rule name; first defined at line " + std::to_string(config_.rules[known->second].mark.line));
  }

  void readPatterns(const YamlNode& list, const KeyPath& path) {
    forEachText(list, path, [&](const YamlNode& element, std::size_t index) {
      PatternProblem problem;
      auto pattern = parseHostPattern(element.text, &problem);
      if (pattern) problem = findPatternProblem(*pattern).value_or(PatternProblem{});
      if (problem.reason.empty()) {
        config_.patterns.push_back({config_.rules.size(), std::move(*pattern)});
        places_.push_back({element.mark, index});
      } else {
        problems_.add(element.mark, KeyPath(path, index),
                      "\"" + printable(element.text, 80) + "\" is not a valid image pattern: " + problem.reason +
                          variableHint(element.text));
      }
    });
  }

  std::vector<AllowEntry> readAllow(const YamlNode& list, const KeyPath& path) {
    std::vector<AllowEntry> entries;
    entries.reserve(list.children.size());
    for (std::size_t i = 0; i < list.children.size(); ++i) {
      const KeyPath elementPath(path, i);
      const ObjectReader reader(list.children[i], elementPath, kAllowObject, problems_);
      entries.push_back({std::string(reader.text("namespace")), std::string(reader.text("serviceAccount"))});
    }
    return entries;
  }

  std::vector<Setting> readSettings(const YamlNode& map, const KeyPath& path) {
    std::vector<Setting> settings;
    settings.reserve(map.children.size());
    for (const YamlNode& member : map.children) {
      const KeyPath memberPath(path, member.key);
      if (member.isList()) {
        if (member.children.empty()) problems_.add(member.mark, memberPath, "is an empty list; add at least one value");
        forEachText(member, memberPath, [&](const YamlNode& element, std::size_t) {
          settings.push_back({std::string(member.key), std::string(element.text), element.mark, true});
        });
      } else if (member.isMap()) {
        readEntries(member, memberPath, settings);
      } else if (isText(member, memberPath)) {
        settings.push_back({std::string(member.key), std::string(member.text), member.mark});
      }
    }
    return settings;
  }

  void readEntries(const YamlNode& map, const KeyPath& path, std::vector<Setting>& settings) {
    if (map.children.empty()) problems_.add(map.mark, path, "is an empty map; add at least one entry");
    for (const YamlNode& entry : map.children) {
      if (problems_.full()) return;
      const KeyPath entryPath(path, entry.key);
      if (entry.key.empty()) {
        problems_.add(entry.keyMark, entryPath, "has an empty name");
      } else if (isText(entry, entryPath)) {
        settings.push_back({std::string(map.key), std::string(entry.text), entry.mark, false, std::string(entry.key)});
      }
    }
  }

  std::vector<AnnotationBinding> readBindings(const YamlNode& map, const KeyPath& path) {
    std::vector<AnnotationBinding> bindings;
    bindings.reserve(map.children.size());
    for (const YamlNode& member : map.children) {
      const KeyPath memberPath(path, member.key);
      const ObjectReader reader(member, memberPath, kBindingObject, problems_);
      AnnotationBinding binding{std::string(member.key), std::string(reader.text("setting")), std::nullopt,
                                member.keyMark};
      if (const YamlNode* list = reader.find("oneOf")) {
        auto& values = binding.oneOf.emplace();
        forEachText(*list, KeyPath(memberPath, "oneOf"),
                    [&](const YamlNode& element, std::size_t) { values.emplace_back(element.text); });
      }
      bindings.push_back(std::move(binding));
    }
    return bindings;
  }

  TlsOptions readTls(const YamlNode& map, const KeyPath& path) {
    const ObjectReader reader(map, path, kTlsObject, problems_);
    return {.caFile = std::string(reader.text("caFile")),
            .caReplacesSystem = reader.text("caMode") == "replace",
            .clientCertificateFile = std::string(reader.text("clientCertificateFile")),
            .clientKeyFile = std::string(reader.text("clientKeyFile"))};
  }

  void reportTies(const KeyPath& path) {
    for (const Tie& tie : findTies(config_.patterns)) {
      const auto [mark, index] = places_[tie.right];
      const std::size_t left = config_.patterns[tie.left].rule;
      const std::size_t right = config_.patterns[tie.right].rule;
      problems_.add(mark, KeyPath(KeyPath(KeyPath(path, right), "matchImages"), index),
                    nameOf(right) + " conflicts with " + nameOf(left) + ": both match " + printable(tie.image) +
                        " equally well; make one pattern more specific");
      if (problems_.full()) return;
    }
  }

  std::string nameOf(std::size_t index) const {
    const Rule& rule = config_.rules[index];
    return (rule.name.empty() ? "the rule" : "rule \"" + rule.name + "\"") + " at line " +
           std::to_string(rule.mark.line);
  }

  bool isText(const YamlNode& value, const KeyPath& path) {
    std::string reason = textProblem(value);
    if (reason.empty()) return true;
    problems_.add(value.mark, path, std::move(reason));
    return false;
  }

  // Calls use(element, its index) for each element that is a string, and reports the others.
  template <class Use>
  void forEachText(const YamlNode& list, const KeyPath& path, Use use) {
    for (std::size_t i = 0; i < list.children.size() && !problems_.full(); ++i) {
      if (isText(list.children[i], KeyPath(path, i))) use(list.children[i], i);
    }
  }

  // The position of an entry of config_.patterns.
  struct Place {
    Mark mark;
    std::size_t index;  // in its rule's matchImages
  };

  BrokerConfig& config_;
  ProblemList& problems_;
  std::vector<Place> places_;
  std::unordered_map<std::string_view, std::size_t> ruleOfName_;
};

// The value of a member of the root that is a plain string; empty if there is none.
std::string_view stringOf(const YamlNode& root, std::string_view name) {
  for (const YamlNode& member : root.children) {
    if (member.key == name && member.isScalar()) return member.text;
  }
  return {};
}

// What a Kubernetes file in the place of the broker file is; each of its keys would be a problem of its own. Empty for other files.
std::string foreignFile(const YamlNode& root) {
  const std::string_view kind = stringOf(root, "kind");
  const std::string_view version = stringOf(root, "apiVersion");
  if (kind.empty() || version.empty() || kind == "BrokerConfig") return {};
  const std::string what = printable(kind, 80) + " of " + printable(version, 80);
  if (version.starts_with("kubelet.config.k8s.io/")) {
    return "this is the kubelet's file (" + what + "), not a broker file; " +
           (kind == "CredentialProviderConfig" ? "check it with --kubelet-config"
                                               : "the kubelet's flag --config names it");
  }
  if (version.find(".k8s.io/") == std::string_view::npos) return {};
  return "this is a Kubernetes object (" + what + "), not a broker file";
}

}  // namespace

bool isWritten(const Rule& rule, std::string_view setting) {
  return std::any_of(rule.settings.begin(), rule.settings.end(),
                     [setting](const Setting& known) { return known.name == setting; });
}

const AnnotationBinding* findBinding(const Rule& rule, std::string_view setting) {
  const auto binding = std::find_if(rule.annotations.begin(), rule.annotations.end(),
                                    [setting](const AnnotationBinding& known) { return known.setting == setting; });
  return binding != rule.annotations.end() ? &*binding : nullptr;
}

LoadedConfig readBrokerConfig(std::string_view text, const std::string& file) {
  ProblemList problems;
  auto document = readYaml(text, problems);
  return readBrokerConfig(document ? &document->root : nullptr, file, std::move(problems));
}

LoadedConfig readBrokerConfig(YamlNode* root, const std::string& file, ProblemList problems) {
  LoadedConfig loaded;
  loaded.config.file = file;
  if (root != nullptr) {
    if (const std::string foreign = foreignFile(*root); !foreign.empty()) {
      problems.add(root->mark, std::string(), foreign);
    } else {
      ConfigReader(loaded.config, problems).readDocument(*root);
    }
  }
  loaded.problems = problems.take();
  return loaded;
}

}  // namespace rcb
