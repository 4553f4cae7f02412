#include "core/settings/broker_schema.hpp"

#include "core/settings/broker_keys.hpp"
#include "core/settings/value_pattern.hpp"
#include "core/support/json_writer.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rcb {
namespace {

using Names = std::vector<std::string_view>;

constexpr std::string_view kDurationPattern = "(?=.)([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?";
// No stricter than core/support/http_url.hpp, which has the rest.
constexpr std::string_view kUrlPattern = "[Hh][Tt][Tt][Pp][Ss]://[A-Za-z0-9_.:\\[\\]-]+([/?][^# ]*)?";
constexpr std::string_view kHostPattern = "([A-Za-z0-9_.-]+|\\[[0-9A-Fa-f:.]+\\])(:[0-9]{1,5})?";

class SchemaWriter {
 public:
  SchemaWriter(std::string& text, std::span<const ProviderDescription> builtins)
      : json_(text, true), builtins_(builtins) {}

  void writeDocument() {
    object([&] {
      json_.member("$schema", "https://json-schema.org/draft/2020-12/schema");
      writeObject(kBrokerObject);
      object("$defs", [&] {
        for (const ObjectSpec* spec : {&kRuleObject, &kAllowObject, &kBindingObject, &kTlsObject}) {
          object(spec->name, [&] { writeObject(*spec); });
        }
        for (const ProviderDescription& builtin : builtins_) {
          object(settingsName(builtin), [&] { writeSettings(builtin); });
        }
      });
    });
  }

 private:
  template <class Body>
  void object(Body body) {
    json_.beginObject();
    body();
    json_.endObject();
  }
  template <class Body>
  void object(std::string_view key, Body body) {
    json_.key(key);
    object(body);
  }
  template <class Body>
  void array(std::string_view key, Body body) {
    json_.key(key);
    json_.beginArray();
    body();
    json_.endArray();
  }
  void names(std::string_view key, const Names& values) {
    array(key, [&] {
      for (const std::string_view value : values) json_.value(value);
    });
  }

  static std::string settingsName(const ProviderDescription& provider) { return "settings-" + provider.name; }
  // The reader takes 123 and true as strings.
  static Names scalarTypes() { return {"string", "number", "boolean"}; }
  static std::string reference(std::string_view name) { return "#/$defs/" + std::string(name); }

  // --- Tables of the file's keys ---

  void writeObject(const ObjectSpec& spec) {
    json_.member("description", spec.summary);
    json_.member("type", "object");
    json_.member("additionalProperties", false);
    object("properties", [&] {
      for (const KeySpec& key : spec.keys) {
        object(key.name, [&] { writeKey(key); });
      }
    });
    Names required;
    for (const KeySpec& key : spec.keys) {
      if (key.required && key.onlyIfKey.empty()) required.push_back(key.name);
    }
    if (!required.empty()) names("required", required);
    writeNeeds(spec);
    writeConditions(spec);
  }

  void writeKey(const KeySpec& key) {
    json_.member("description", key.summary);
    if (!key.defaultValue.empty()) json_.member("default", key.defaultValue);
    switch (key.type) {
      case KeyType::kText:
        writeText(key.pattern);
        break;
      case KeyType::kChoice:
        names("enum", {key.choices.begin(), key.choices.end()});
        break;
      case KeyType::kDuration:
        writeText(kDurationPattern);
        break;
      case KeyType::kTextList:
        writeList([&] { writeText({}); });
        break;
      case KeyType::kObject:
        json_.member("$ref", reference(key.object->name));
        break;
      case KeyType::kObjectList:
        writeList([&] { json_.member("$ref", reference(key.object->name)); });
        break;
      case KeyType::kObjectMap:
        json_.member("type", "object");
        object("propertyNames", [&] { json_.member("pattern", wholePattern(key.pattern)); });
        object("additionalProperties", [&] { json_.member("$ref", reference(key.object->name)); });
        break;
      case KeyType::kSettingMap:
        json_.member("type", "object");
        object("additionalProperties", [&] {
          array("anyOf", [&] {
            const auto scalar = [&] { names("type", scalarTypes()); };
            object(scalar);
            object([&] { writeList(scalar); });
            object([&] { writeMap(scalar); });
          });
        });
        break;
    }
  }

  void writeText(std::string_view pattern) {
    json_.member("type", "string");
    if (pattern.empty()) {
      json_.member("minLength", 1);
    } else {
      json_.member("pattern", wholePattern(pattern));
    }
  }

  template <class Element>
  void writeList(Element element) {
    json_.member("type", "array");
    json_.member("minItems", 1);
    object("items", element);
  }

  template <class Element>
  void writeMap(Element element) {
    json_.member("type", "object");
    json_.member("minProperties", 1);
    json_.member("maxProperties", 64);
    object("additionalProperties", element);
  }

  template <class Element>
  void writeScalarOrList(Element element) {
    array("anyOf", [&] {
      object(element);
      object([&] { writeList(element); });
    });
  }

  void writeNeeds(const ObjectSpec& spec) {
    if (std::all_of(spec.keys.begin(), spec.keys.end(), [](const KeySpec& key) { return key.needs.empty(); })) return;
    object("dependentRequired", [&] {
      for (const KeySpec& key : spec.keys) {
        if (!key.needs.empty()) names(key.name, {key.needs});
      }
    });
  }

  void writeConditions(const ObjectSpec& spec) {
    const bool isRule = &spec == &kRuleObject;
    const bool any =
        std::any_of(spec.keys.begin(), spec.keys.end(), [](const KeySpec& key) { return !key.onlyIfKey.empty(); });
    if (!any && !isRule) return;
    array("allOf", [&] {
      for (const KeySpec& key : spec.keys) {
        if (!key.onlyIfKey.empty()) object([&] { writeCondition(key); });
      }
      if (isRule) writeBuiltins();
    });
  }

  void writeCondition(const KeySpec& key) {
    // An absent key has its default, and every condition in the tables is the default.
    object("if", [&] { writeConst(key.onlyIfKey, key.onlyIf); });
    object("then", [&] {
      if (key.required) names("required", {key.name});
    });
    object("else", [&] { object("properties", [&] { json_.member(key.name, false); }); });
  }

  void writeConst(std::string_view key, std::string_view value) {
    object("properties", [&] { object(key, [&] { json_.member("const", value); }); });
  }

  // --- Tables of built-in modules ---

  void writeBuiltins() {
    if (builtins_.empty()) return;
    object([&] {
      object("properties", [&] {
        object("module", [&] {
          array("anyOf", [&] {
            Names known;
            for (const ProviderDescription& builtin : builtins_) known.push_back(builtin.name);
            object([&] { names("enum", known); });
            object([&] { json_.member("pattern", "^/"); });
          });
        });
      });
    });
    for (const ProviderDescription& builtin : builtins_) {
      object([&] { writeBuiltin(builtin); });
    }
  }

  void writeBuiltin(const ProviderDescription& builtin) {
    object("if", [&] {
      writeConst("module", builtin.name);
      names("required", {"module"});
    });
    Names required;
    Names bindable;
    for (const SettingSpec& setting : builtin.settings) {
      if (setting.required && setting.defaultValue.empty()) required.push_back(setting.name);
      if (takesAnnotation(setting)) bindable.push_back(setting.name);
    }
    object("then", [&] {
      object("properties", [&] {
        if (builtin.needsToken) object("identity", [&] { json_.member("const", "serviceAccount"); });
        object("settings", [&] { json_.member("$ref", reference(settingsName(builtin))); });
        object("annotations", [&] {
          object("additionalProperties",
                 [&] { object("properties", [&] { object("setting", [&] { names("enum", bindable); }); }); });
        });
      });
      writePresenceUnlessBound(required, builtin.relations);
    });
  }

  // An annotation may set a required setting; a schema cannot express which one does.
  void writePresenceUnlessBound(const Names& required, const std::vector<SettingRelation>& relations) {
    const auto isNeeded = [](const SettingRelation& relation) { return relation.kind == RelationKind::kOneOf; };
    const bool some = !required.empty() || std::any_of(relations.begin(), relations.end(), isNeeded);
    const bool any = some || !relations.empty();
    if (!any) return;
    array("anyOf", [&] {
      object([&] { names("required", {"annotations"}); });
      object([&] {
        if (some) names("required", {"settings"});
        object("properties", [&] {
          object("settings", [&] {
            if (!required.empty()) names("required", required);
            writeNeededSettings(relations);
          });
        });
      });
    });
  }

  // What relations require. What they exclude does not depend on annotations; see writeExclusions().
  void writeNeededSettings(const std::vector<SettingRelation>& relations) {
    if (relations.empty()) return;
    array("allOf", [&] {
      for (const SettingRelation& relation : relations) {
        const std::string& first = relation.names.front();
        if (relation.kind == RelationKind::kNeeds) {
          object([&] {
            object("dependentRequired", [&] { names(first, {relation.names.begin() + 1, relation.names.end()}); });
          });
        } else if (relation.kind == RelationKind::kOneOf) {
          object([&] {
            array("anyOf", [&] {
              for (const std::string& name : relation.names) object([&] { names("required", {name}); });
            });
          });
        }
      }
    });
  }

  void writeExclusions(const std::vector<SettingRelation>& relations) {
    const auto excludes = [](const SettingRelation& relation) { return relation.kind != RelationKind::kNeeds; };
    if (std::none_of(relations.begin(), relations.end(), excludes)) return;
    array("allOf", [&] {
      for (const SettingRelation& relation : relations) {
        if (!excludes(relation)) continue;
        for (std::size_t i = 0; i < relation.names.size(); ++i) {
          for (std::size_t j = 0; j < i; ++j) {
            object([&] { object("not", [&] { names("required", {relation.names[j], relation.names[i]}); }); });
          }
        }
      }
    });
  }

  void writeSettings(const ProviderDescription& provider) {
    json_.member("description", provider.summary);
    json_.member("type", "object");
    json_.member("additionalProperties", false);
    writeExclusions(provider.relations);
    object("properties", [&] {
      for (const SettingSpec& setting : provider.settings) {
        object(setting.name, [&] {
          json_.member("description", setting.summary);
          if (!setting.defaultValue.empty()) writeDefault(setting);
          if (setting.list) {
            writeScalarOrList([&] { writeSettingType(setting); });
          } else {
            writeSettingType(setting);
          }
        });
      }
    });
  }

  void writeDefault(const SettingSpec& setting) {
    if (setting.type == SettingType::kBoolean) {
      json_.member("default", setting.defaultValue == "true");
    } else if (setting.type == SettingType::kInteger) {
      json_.member("default", std::int64_t{std::stoll(setting.defaultValue)});
    } else {
      json_.member("default", setting.defaultValue);
    }
  }

  void writeFurtherPattern(const SettingSpec& setting) {
    if (setting.pattern.empty()) return;
    array("allOf", [&] { object([&] { json_.member("pattern", wholePattern(setting.pattern)); }); });
  }

  void writeSettingType(const SettingSpec& setting) {
    switch (setting.type) {
      case SettingType::kString:
        names("type", scalarTypes());
        json_.member("minLength", 1);
        if (!setting.pattern.empty()) json_.member("pattern", wholePattern(setting.pattern));
        break;
      case SettingType::kInteger:
        json_.member("type", "integer");
        break;
      case SettingType::kBoolean:
        json_.member("type", "boolean");
        break;
      case SettingType::kDuration:
        writeText(kDurationPattern);
        break;
      case SettingType::kFile:
        writeText("/.+");
        break;
      case SettingType::kUrl:
        writeText(kUrlPattern);
        writeFurtherPattern(setting);
        break;
      case SettingType::kHost:
        writeText(kHostPattern);
        writeFurtherPattern(setting);
        break;
      case SettingType::kChoice:
        names("enum", {setting.choices.begin(), setting.choices.end()});
        break;
      case SettingType::kMap:
        writeMap([&] {
          names("type", scalarTypes());
          json_.member("minLength", 1);
          if (!setting.pattern.empty()) json_.member("pattern", wholePattern(setting.pattern));
        });
        break;
    }
  }

  JsonWriter<std::string> json_;
  std::span<const ProviderDescription> builtins_;
};

}  // namespace

std::string brokerSchema(std::span<const ProviderDescription> builtins) {
  std::string text;
  SchemaWriter(text, builtins).writeDocument();
  return text + "\n";
}

}  // namespace rcb
