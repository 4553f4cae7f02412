#include "core/kubelet/provider_file_reader.hpp"

#include "core/dispatch/go_url.hpp"
#include "core/kubelet/object_fields.hpp"
#include "core/kubelet/qualified_name.hpp"
#include "core/settings/yaml_document.hpp"
#include "core/support/ascii.hpp"
#include "core/support/go_values.hpp"
#include "core/support/json.hpp"
#include "core/support/parts.hpp"
#include "core/support/printable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <utility>

namespace rcb {
namespace {

constexpr std::string_view kKind = "CredentialProviderConfig";
constexpr std::string_view kFileVersions[] = {"kubelet.config.k8s.io/v1", "kubelet.config.k8s.io/v1beta1",
                                              "kubelet.config.k8s.io/v1alpha1"};
constexpr std::string_view kPluginVersions[] = {"credentialprovider.kubelet.k8s.io/v1",
                                                "credentialprovider.kubelet.k8s.io/v1beta1",
                                                "credentialprovider.kubelet.k8s.io/v1alpha1"};
constexpr std::string_view kCacheTypes[] = {"ServiceAccount", "Token"};

constexpr FieldSpec kRootFields[] = {{"apiVersion"}, {"kind"}, {"providers"}};
// tokenAttributes is last, because only files of version v1 have it.
constexpr FieldSpec kEntryFields[] = {{"name"}, {"matchImages"}, {"defaultCacheDuration"},         {"apiVersion"},
                                      {"args"}, {"env"},         {"tokenAttributes", kTokensSince}};
constexpr FieldSpec kEnvFields[] = {{"name"}, {"value"}};
constexpr FieldSpec kTokenFields[] = {{"serviceAccountTokenAudience"},
                                      {"requireServiceAccount"},
                                      {"requiredServiceAccountAnnotationKeys"},
                                      {"optionalServiceAccountAnnotationKeys"},
                                      {"cacheType", kCacheTypeSince}};

bool isAmong(std::string_view text, std::span<const std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

std::string quoted(std::string_view text) { return fmt::format("\"{}\"", printable(text, 120)); }

std::string oneOf(std::span<const std::string_view> words) { return alternatives({words.begin(), words.end()}); }

// The names of the entries that were read, each with where.
struct NamePlace {
  std::string file;
  Mark mark;
};
using Names = std::map<std::string, NamePlace, std::less<>>;

// Reads one document into entries.
class FileReader {
 public:
  FileReader(const std::string& name, DecodedFile& file, Names& names) : name_(name), file_(file), names_(names) {}

  std::vector<ProviderEntry> read(const YamlNode& root);

 private:
  bool isProviderFile(const YamlNode& root, const ObjectFields& fields);
  ProviderEntry readEntry(const YamlNode& node, const KeyPath& path);
  void readName(const ObjectFields& fields, ProviderEntry& entry);
  void readApiVersion(const ObjectFields& fields, ProviderEntry& entry);
  void readPatterns(const ObjectFields& fields, const KeyPath& path, ProviderEntry& entry);
  void readDuration(const ObjectFields& fields, ProviderEntry& entry);
  void readEnv(const ObjectFields& fields, const KeyPath& path, ProviderEntry& entry);
  void readToken(const YamlNode& node, const KeyPath& path, ProviderEntry& entry);
  void checkKeys(const ObjectFields& fields, std::string_view field, const std::vector<std::string>& keys);
  void refuseMissing(const ObjectFields& fields, std::string_view field, std::string advice = {});

  const std::string& name_;
  DecodedFile& file_;
  Names& names_;
  bool hasTokens_ = false;  // the file's version has tokenAttributes
};

void FileReader::refuseMissing(const ObjectFields& fields, std::string_view field, std::string advice) {
  // One of another type was refused already.
  if (fields.find(field) != nullptr) {
    const std::string path = fields.pathOf(field);
    const bool refused = std::any_of(file_.problems.begin(), file_.problems.end(),
                                     [&](const Problem& problem) { return problem.path == path; });
    if (refused) return;
  }
  file_.addProblem(fields.markOf(field), fields.pathOf(field),
                   fields.find(field) != nullptr ? "is empty" : "is missing", std::move(advice));
}

// A kubelet finds kind and apiVersion in any case, and then decodes the object with these names only.
std::string metaOf(const YamlNode& root, std::string_view name) {
  const YamlNode* found = nullptr;
  for (const YamlNode& member : root.children) {
    if (lowered(member.key) == lowered(name) && member.isScalar() && !member.isNull()) found = &member;
  }
  return found != nullptr ? std::string(found->text) : "";
}

std::string kindInWords(std::string_view kind, std::string_view version) {
  if (kind == "KubeletConfiguration") return "KubeletConfiguration, the file of the kubelet's --config";
  if (kind == "BrokerConfig") return "BrokerConfig, the broker file";
  return printable(kind, 80) + (version.empty() ? "" : " of " + printable(version, 80));
}

std::string adviceForKind(std::string_view kind) {
  if (kind == "KubeletConfiguration") return "pass the file of the kubelet's --image-credential-provider-config";
  return kind == "BrokerConfig" ? "pass it with --config" : "";
}

bool FileReader::isProviderFile(const YamlNode& root, const ObjectFields& fields) {
  if (!root.isMap()) return false;
  const std::size_t before = file_.problems.size();
  const std::string kind = metaOf(root, "kind");
  const std::string version = metaOf(root, "apiVersion");
  if (kind.empty()) refuseMissing(fields, "kind", fmt::format("add kind: {}", kKind));
  if (version.empty()) refuseMissing(fields, "apiVersion", fmt::format("add apiVersion: {}", kFileVersions[0]));
  if (!kind.empty() && kind != kKind) {
    file_.addProblem(fields.markOf("kind"), "kind", fmt::format("is {}, not {}", kindInWords(kind, version), kKind),
                     adviceForKind(kind));
  } else if (!version.empty() && !isAmong(version, kFileVersions)) {
    file_.addProblem(fields.markOf("apiVersion"), "apiVersion",
                     fmt::format("{} is not a version of the kubelet's provider file; use {}", quoted(version),
                                 oneOf(kFileVersions)));
  }
  return file_.problems.size() == before;
}

std::vector<ProviderEntry> FileReader::read(const YamlNode& root) {
  const KeyPath top;
  // Of another kind's fields, none is known here, and saying so for each would hide the reason.
  DecodedFile unused{file_.version};
  if (!isProviderFile(root, ObjectFields(root, top, kRootFields, unused))) {
    if (!root.isMap()) file_.addProblem(root.mark, "", fmt::format("must be a map with kind: {}", kKind));
    return {};
  }
  const ObjectFields fields(root, top, kRootFields, file_);
  fields.string("kind");
  fields.string("apiVersion");
  hasTokens_ = metaOf(root, "apiVersion") == kFileVersions[0];
  std::vector<ProviderEntry> entries;
  const KeyPath path(top, "providers");
  for (const YamlNode& node : fields.list("providers")) {
    if (file_.problems.size() >= DecodedFile::kLimit) break;
    entries.push_back(readEntry(node, KeyPath(path, entries.size())));
  }
  return entries;
}

ProviderEntry FileReader::readEntry(const YamlNode& node, const KeyPath& path) {
  const std::span<const FieldSpec> all(kEntryFields);
  const std::size_t before = file_.problems.size();
  const ObjectFields fields(node, path, hasTokens_ ? all : all.first(all.size() - 1), file_);
  ProviderEntry entry;
  entry.file = name_;
  entry.path = path.text();
  entry.mark = node.mark;
  if (!node.isMap() && file_.problems.size() > before) return entry;
  readName(fields, entry);
  readApiVersion(fields, entry);
  readPatterns(fields, path, entry);
  readDuration(fields, entry);
  entry.args = fields.strings("args");
  readEnv(fields, path, entry);
  if (const YamlNode* const token = hasTokens_ ? fields.find("tokenAttributes") : nullptr) {
    readToken(*token, KeyPath(path, "tokenAttributes"), entry);
  }
  return entry;
}

void FileReader::readName(const ObjectFields& fields, ProviderEntry& entry) {
  entry.name = fields.string("name").value_or("");
  if (entry.name.empty())
    return refuseMissing(fields, "name", "name the program in --image-credential-provider-bin-dir");
  const Mark mark = fields.markOf("name");
  const std::string path = fields.pathOf("name");
  for (const auto& [part, what] : {std::pair{'/', "a slash"}, std::pair{' ', "a space"}}) {
    if (entry.name.find(part) == std::string::npos) continue;
    file_.addProblem(mark, path, fmt::format("{} contains {}", quoted(entry.name), what),
                     "write the name of a file in --image-credential-provider-bin-dir");
  }
  if (entry.name == "." || entry.name == "..") {
    file_.addProblem(mark, path, fmt::format("{} is a folder", quoted(entry.name)),
                     "write the name of a file in --image-credential-provider-bin-dir");
  }
  const auto [known, isNew] = names_.try_emplace(entry.name, NamePlace{name_, mark});
  if (isNew) return;
  const NamePlace& first = known->second;
  file_.addProblem(mark, path,
                   fmt::format("duplicate name {}; first defined at line {}{}", quoted(entry.name), first.mark.line,
                               first.file == name_ ? "" : " of " + first.file),
                   "name each entry differently; several names may be links to one program");
}

void FileReader::readApiVersion(const ObjectFields& fields, ProviderEntry& entry) {
  entry.apiVersion = fields.string("apiVersion").value_or("");
  if (entry.apiVersion.empty()) {
    return refuseMissing(fields, "apiVersion", fmt::format("add apiVersion: {}", kPluginVersions[0]));
  }
  if (isAmong(entry.apiVersion, kPluginVersions)) return;
  file_.addProblem(
      fields.markOf("apiVersion"), fields.pathOf("apiVersion"),
      fmt::format("{} is not a version of plugins; use {}", quoted(entry.apiVersion), oneOf(kPluginVersions)));
}

void FileReader::readPatterns(const ObjectFields& fields, const KeyPath& path, ProviderEntry& entry) {
  entry.matchImages = fields.strings("matchImages");
  if (entry.matchImages.empty()) return refuseMissing(fields, "matchImages", "add at least one pattern");
  const std::span<const YamlNode> nodes = fields.list("matchImages");
  const KeyPath list(path, "matchImages");
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    std::string reason;
    if (parseGoUrl(entry.matchImages[i], reason)) continue;
    file_.addProblem(nodes[i].mark, KeyPath(list, i).text(),
                     fmt::format("{} is not a pattern: {}", quoted(entry.matchImages[i]), reason));
  }
}

void FileReader::readDuration(const ObjectFields& fields, ProviderEntry& entry) {
  constexpr std::string_view kField = "defaultCacheDuration";
  if (fields.find(kField) == nullptr) return refuseMissing(fields, kField, "add defaultCacheDuration: 0s");
  const auto text = fields.string(kField);
  if (!text) return;
  entry.defaultCacheDuration = *text;
  const auto duration = parseGoDuration(*text);
  if (!duration) {
    file_.addProblem(fields.markOf(kField), fields.pathOf(kField),
                     fmt::format("{} is {}", quoted(*text), kNotADuration));
  } else if (duration->count() < 0) {
    file_.addProblem(fields.markOf(kField), fields.pathOf(kField), fmt::format("{} is negative", quoted(*text)));
  }
}

void FileReader::readEnv(const ObjectFields& fields, const KeyPath& path, ProviderEntry& entry) {
  const KeyPath list(path, "env");
  std::set<std::string> names;
  for (const YamlNode& node : fields.list("env")) {
    const KeyPath at(list, entry.env.size());
    const ObjectFields variable(node, at, kEnvFields, file_);
    const auto& [name, value] =
        entry.env.emplace_back(variable.string("name").value_or(""), variable.string("value").value_or(""));
    if (!names.insert(name).second) {
      file_.addWarning(node.mark, at.text(), fmt::format("duplicate variable {}; the last one counts", quoted(name)));
    } else if (name.empty() || name.find('=') != std::string::npos) {
      file_.addWarning(node.mark, at.text(), fmt::format("{} is not a name of a variable", quoted(name)));
    }
  }
}

void FileReader::readToken(const YamlNode& node, const KeyPath& path, ProviderEntry& entry) {
  const ObjectFields fields(node, path, kTokenFields, file_);
  if (!node.isMap()) return;
  if (file_.version.needsTokenGate()) {
    file_.addWarning(
        node.keyMark, path.text(),
        "kubelets of 1.33 refuse this unless the feature gate KubeletServiceAccountTokenForCredentialProviders "
        "is enabled");
  }
  TokenAttributes& token = entry.tokenAttributes.emplace();
  token.audience = fields.string("serviceAccountTokenAudience").value_or("");
  if (token.audience.empty()) refuseMissing(fields, "serviceAccountTokenAudience");
  const auto require = fields.boolean("requireServiceAccount");
  if (!require) refuseMissing(fields, "requireServiceAccount", "add requireServiceAccount: true");
  token.requireServiceAccount = require.value_or(true);
  if (entry.apiVersion != kPluginVersions[0] && isAmong(entry.apiVersion, kPluginVersions)) {
    file_.addProblem(node.keyMark, path.text(), fmt::format("requires apiVersion: {}", kPluginVersions[0]));
  }
  token.requiredAnnotationKeys = fields.strings("requiredServiceAccountAnnotationKeys");
  token.optionalAnnotationKeys = fields.strings("optionalServiceAccountAnnotationKeys");
  if (!token.requireServiceAccount && !token.requiredAnnotationKeys.empty()) {
    file_.addProblem(fields.markOf("requiredServiceAccountAnnotationKeys"),
                     fields.pathOf("requiredServiceAccountAnnotationKeys"), "requires requireServiceAccount: true",
                     "list the keys in optionalServiceAccountAnnotationKeys");
  }
  checkKeys(fields, "requiredServiceAccountAnnotationKeys", token.requiredAnnotationKeys);
  checkKeys(fields, "optionalServiceAccountAnnotationKeys", token.optionalAnnotationKeys);
  const std::set<std::string_view> required(token.requiredAnnotationKeys.begin(), token.requiredAnnotationKeys.end());
  for (const std::string& key : token.optionalAnnotationKeys) {
    if (!required.contains(key)) continue;
    file_.addProblem(fields.markOf("optionalServiceAccountAnnotationKeys"),
                     fields.pathOf("optionalServiceAccountAnnotationKeys"),
                     fmt::format("{} is a required key as well", quoted(key)), "list each key once");
  }
  if (!file_.version.needsCacheType()) return;
  token.cacheType = fields.string("cacheType").value_or("");
  if (token.cacheType.empty()) {
    refuseMissing(fields, "cacheType", fmt::format("add cacheType: {}", oneOf(kCacheTypes)));
  } else if (!isAmong(token.cacheType, kCacheTypes)) {
    file_.addProblem(fields.markOf("cacheType"), fields.pathOf("cacheType"),
                     fmt::format("{} is not a cache type; use {}", quoted(token.cacheType), oneOf(kCacheTypes)));
  }
}

void FileReader::checkKeys(const ObjectFields& fields, std::string_view field, const std::vector<std::string>& keys) {
  std::set<std::string_view> seen;
  for (const std::string& key : keys) {
    if (const std::string why = qualifiedNameProblem(key); !why.empty()) {
      file_.addProblem(fields.markOf(field), fields.pathOf(field), fmt::format("{} {}", quoted(key), why));
    }
    if (!seen.insert(key).second) {
      file_.addProblem(fields.markOf(field), fields.pathOf(field), fmt::format("duplicate key {}", quoted(key)));
    }
  }
}

// The end of a YAML stream's first document. Neither a quoted string nor a block can have a line that begins with one of these markers.
std::size_t firstDocumentEnd(std::string_view text) {
  bool begun = false;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t next = std::min(text.find('\n', at), text.size() - 1) + 1;
    const std::string_view line = text.substr(at, next - at);
    const bool isMarker =
        (line.starts_with("---") || line.starts_with("...")) && (line.size() == 3 || isOneOf(line[3], kWhiteSpace));
    if (isMarker && (begun || line.front() == '.')) return at;
    const std::string_view content = trimmed(line);
    begun = begun || (!content.empty() && content.front() != '#' && line.front() != '%');
    at = next;
  }
  return text.size();
}

// Whether there is more than comments and the marks of empty documents.
bool hasContent(std::string_view text) {
  return !eachPart(text, '\n', [](std::string_view line) {
    line = trimmed(line);
    return line.empty() || line.front() == '#' || line == "---" || line == "...";
  });
}

// The part that a kubelet reads. Of a file that begins with '{' it expects JSON, else YAML.
std::string readPart(std::string_view text, DecodedFile& file) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  if (trimmed(text).starts_with('{')) return std::string(text);
  const std::size_t end = firstDocumentEnd(text);
  if (end < text.size() && hasContent(text.substr(end + 3))) {
    const auto line =
        static_cast<std::uint32_t>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(end), '\n') + 1);
    file.addWarning({line, 1}, "", "a second YAML document begins here, which the kubelet ignores");
  }
  return std::string(text.substr(0, end));
}

bool isReadable(std::string_view text, DecodedFile& file) {
  if (!trimmed(text).starts_with('{')) return true;
  const auto json = parseJson(text, {.bytes = kYamlBytes, .depth = kYamlDepth + 1, .lastNameCounts = true});
  const auto* const problem = std::get_if<JsonProblem>(&json);
  if (problem == nullptr) return true;
  file.addProblem({}, "",
                  fmt::format("is not valid JSON, which a file that begins with '{{' must be: {}", problem->reason));
  return false;
}

LoadedProviderFile readOne(std::string_view text, const std::string& name, KubeletVersion version, Names& names) {
  DecodedFile file{version};
  LoadedProviderFile loaded{name, readPart(text, file), {}, {}, {}};
  ProblemList syntax;
  if (isReadable(loaded.text, file)) {
    const auto document = readYaml(loaded.text, syntax, YamlStrings::kSeveralLines);
    for (Problem& problem : syntax.take()) {
      if (document && !version.decodesStrictly()) {
        file.addWarning(problem.mark, problem.path, problem.reason + "; kubelets before 1.32 take the last one");
      } else {
        file.addProblem(problem.mark, problem.path, problem.reason);
      }
    }
    if (document) loaded.entries = FileReader(name, file, names).read(document->root);
  }
  const auto byPosition = [](const Problem& a, const Problem& b) { return a.mark < b.mark; };
  std::stable_sort(file.problems.begin(), file.problems.end(), byPosition);
  std::stable_sort(file.warnings.begin(), file.warnings.end(), byPosition);
  loaded.problems = std::move(file.problems);
  loaded.warnings = std::move(file.warnings);
  return loaded;
}

constexpr std::string_view kNoEntries = "must have at least one entry";

}  // namespace

LoadedProviderFile readProviderFile(std::string_view text, const std::string& name, KubeletVersion version) {
  Names names;
  LoadedProviderFile loaded = readOne(text, name, version, names);
  if (loaded.problems.empty() && loaded.entries.empty()) {
    loaded.problems.push_back({{}, "providers", std::string(kNoEntries)});
  }
  return loaded;
}

bool LoadedProviderFolder::accepted() const {
  return problems.empty() &&
         std::all_of(files.begin(), files.end(), [](const LoadedProviderFile& file) { return file.problems.empty(); });
}

bool isInProviderFolder(std::string_view name) {
  const auto dot = name.rfind('.');
  if (dot == std::string_view::npos) return false;
  const std::string_view extension = name.substr(dot);
  return extension == ".json" || extension == ".yaml" || extension == ".yml";
}

LoadedProviderFolder readProviderFolder(const std::vector<ProviderFileText>& files, KubeletVersion version) {
  LoadedProviderFolder folder;
  if (!version.readsFolders()) {
    folder.problems.push_back({{}, "", "is a folder, but kubelets before 1.34 read a single file"});
    return folder;
  }
  if (files.empty()) {
    folder.problems.push_back({{}, "", "has no file whose name ends in .json, .yaml or .yml"});
    return folder;
  }
  Names names;
  bool hasEntries = false;
  for (const ProviderFileText& file : files) {
    folder.files.push_back(readOne(file.text, file.file, version, names));
    hasEntries = hasEntries || !folder.files.back().entries.empty();
  }
  if (folder.accepted() && !hasEntries) folder.problems.push_back({{}, "providers", std::string(kNoEntries)});
  return folder;
}

}  // namespace rcb
