#include "core/node/pull_records.hpp"

#include "core/node/node_files.hpp"
#include "core/support/json.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <variant>

namespace rcb {
namespace {

constexpr std::string_view kGroup = "kubelet.config.k8s.io/";
constexpr std::size_t kProblemLimit = 10;

// The document, if it is an object of this kind.
std::optional<Json> objectOf(std::string_view text, std::string_view kind, std::string& problem) {
  auto parsed = parseJson(text, {.bytes = kPullRecordLimit, .depth = 16, .lastNameCounts = true});
  if (const auto* refused = std::get_if<JsonProblem>(&parsed)) {
    problem = "is not valid JSON: " + refused->reason;
    return std::nullopt;
  }
  Json document = std::get<Json>(std::move(parsed));
  const auto textOf = [&document](std::string_view name) {
    const Json* value = document.find(name);
    return value == nullptr || value->string() == nullptr ? std::string_view() : *value->string();
  };
  if (!textOf("apiVersion").starts_with(kGroup) || textOf("kind") != kind) {
    problem = "is not an " + std::string(kind) + " of kubelet.config.k8s.io";
    return std::nullopt;
  }
  return document;
}

// A missing string is empty, as in Go.
bool takeText(const Json& object, std::string_view name, std::string& value) {
  const Json* member = object.find(name);
  if (member == nullptr || member->isNull()) return true;
  if (member->string() == nullptr) return false;
  value = *member->string();
  return true;
}

bool takeSubjects(const Json& access, std::string_view name, std::vector<PullSubject>& subjects) {
  const Json* list = access.find(name);
  if (list == nullptr || list->isNull()) return true;
  if (list->array() == nullptr) return false;
  for (const Json& one : *list->array()) {
    PullSubject subject;
    if (one.object() == nullptr || !takeText(one, "namespace", subject.namespaceName) ||
        !takeText(one, "name", subject.name) || !takeText(one, "uid", subject.uid)) {
      return false;
    }
    subjects.push_back(std::move(subject));
  }
  return true;
}

bool takeAccess(const Json& value, PullAccess& access) {
  if (value.object() == nullptr) return false;
  const Json* everyPod = value.find("nodePodsAccessible");
  if (everyPod != nullptr && !everyPod->isNull()) {
    if (everyPod->boolean() == nullptr) return false;
    access.everyPod = *everyPod->boolean();
  }
  return takeSubjects(value, "kubernetesSecrets", access.secrets) &&
         takeSubjects(value, "kubernetesServiceAccounts", access.serviceAccounts);
}

bool takeRecord(const Json& document, PulledRecord& record) {
  if (!takeText(document, "imageRef", record.image) || !takeText(document, "lastUpdatedTime", record.lastUpdated)) {
    return false;
  }
  const Json* mapping = document.find("credentialMapping");
  if (mapping == nullptr || mapping->isNull()) return true;
  if (mapping->object() == nullptr) return false;
  for (const auto& [name, value] : *mapping->object()) {
    PullAccess access;
    if (!takeAccess(value, access)) return false;
    record.access.emplace_back(name, std::move(access));
  }
  return true;
}

// Files that the kubelet is about to rename have another end.
bool isRecord(const std::string& name) { return name.starts_with("sha256-") && !name.ends_with(".tmp"); }

// Reads each record of the folder with `take`, which says what is wrong with it.
template <class Take>
void readEach(const std::string& folder, std::size_t limit, std::vector<std::string>& problems, Take take) {
  const auto add = [&problems](std::string problem) {
    if (problems.size() < kProblemLimit) problems.push_back(std::move(problem));
  };
  std::size_t count = 0;
  for (const std::string& name : namesIn(folder)) {
    if (!isRecord(name)) continue;
    const std::string path = folder + "/" + name;
    if (++count > limit)
      return add(folder + " has more than " + std::to_string(limit) + " records; the rest is not read");
    int error = 0;
    const auto text = readNodeFile(path, &error, kPullRecordLimit);
    if (error == ENOENT) continue;  // removed since
    std::string problem;
    if (!text) {
      problem = "cannot be read: " + std::string(std::strerror(error));
    } else {
      take(*text, problem);
    }
    if (!problem.empty()) add(path + " " + problem);
  }
}

}  // namespace

std::optional<PulledRecord> parsePulledRecord(std::string_view text, std::string& problem) {
  const auto document = objectOf(text, "ImagePulledRecord", problem);
  if (!document) return std::nullopt;
  PulledRecord record;
  if (takeRecord(*document, record)) return record;
  problem = "has a field of another type than an ImagePulledRecord has";
  return std::nullopt;
}

std::optional<std::string> parsePullIntent(std::string_view text, std::string& problem) {
  const auto document = objectOf(text, "ImagePullIntent", problem);
  if (!document) return std::nullopt;
  std::string image;
  if (takeText(*document, "image", image) && !image.empty()) return image;
  problem = "does not name an image";
  return std::nullopt;
}

PullRecords readPullRecords(const std::string& folder, std::size_t limit) {
  PullRecords records;
  const std::string pulled = folder + "/image_manager/pulled";
  struct stat info {};
  records.kept = ::stat(pulled.c_str(), &info) == 0;
  readEach(pulled, limit, records.problems, [&records](std::string_view text, std::string& problem) {
    if (auto record = parsePulledRecord(text, problem)) records.pulled.push_back(std::move(*record));
  });
  readEach(folder + "/image_manager/pulling", limit, records.problems,
           [&records](std::string_view text, std::string& problem) {
             if (auto image = parsePullIntent(text, problem)) records.pulling.push_back(std::move(*image));
           });
  return records;
}

}  // namespace rcb
