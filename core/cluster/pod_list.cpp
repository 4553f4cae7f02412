#include "core/cluster/pod_list.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace rcb {
namespace {

// An answer may have 1 MiB, and a pod with its managed fields tens of KiB.
constexpr int kPageSize = 25;
constexpr std::string_view kMirrorAnnotation = "kubernetes.io~1config.mirror";  // as in a JSON pointer

std::string textAt(const Json& object, std::string_view pointer) {
  const Json* value = object.at(pointer);
  return value != nullptr && value->string() != nullptr ? std::string(*value->string()) : std::string();
}

void addImages(const Json& pod, std::string_view listPointer, std::string_view imagePointer,
               std::vector<std::string>& images) {
  const Json* list = pod.at(listPointer);
  if (list == nullptr || list->array() == nullptr) return;
  for (const Json& element : *list->array()) {
    std::string image = textAt(element, imagePointer);
    if (!image.empty() && std::find(images.begin(), images.end(), image) == images.end()) {
      images.push_back(std::move(image));
    }
  }
}

// The controller. A ReplicaSet of a Deployment is named after it and the hash of the pod's template.
std::string ownerOf(const Json& pod) {
  const Json* owners = pod.at("/metadata/ownerReferences");
  if (owners == nullptr || owners->array() == nullptr) return {};
  for (const Json& owner : *owners->array()) {
    const Json* controller = owner.find("controller");
    if (controller == nullptr || controller->boolean() == nullptr || !*controller->boolean()) continue;
    const std::string kind = textAt(owner, "/kind");
    const std::string name = textAt(owner, "/name");
    const std::string hash = textAt(pod, "/metadata/labels/pod-template-hash");
    if (kind == "ReplicaSet" && !hash.empty() && name.ends_with("-" + hash)) {
      return "Deployment/" + name.substr(0, name.size() - hash.size() - 1);
    }
    return kind + "/" + name;
  }
  return {};
}

Pod readPod(const Json& object) {
  Pod pod;
  pod.namespaceName = textAt(object, "/metadata/namespace");
  pod.name = textAt(object, "/metadata/name");
  pod.uid = textAt(object, "/metadata/uid");
  pod.serviceAccount = textAt(object, "/spec/serviceAccountName");
  pod.node = textAt(object, "/spec/nodeName");
  pod.owner = ownerOf(object);
  pod.isStatic = object.at("/metadata/annotations/" + std::string(kMirrorAnnotation)) != nullptr;
  const std::string phase = textAt(object, "/status/phase");
  pod.isOver = phase == "Succeeded" || phase == "Failed";
  for (const char* list : {"/spec/initContainers", "/spec/containers", "/spec/ephemeralContainers"}) {
    addImages(object, list, "/image", pod.images);
  }
  addImages(object, "/spec/volumes", "/image/reference", pod.images);
  pod.pullSecrets = namesOfList(object.at("/spec/imagePullSecrets"));
  return pod;
}

// Tries smaller pages if this one is too large for an answer; `size` is what was right.
PodPage getPage(ApiClient& api, const std::string& selector, const std::string& next, int& size) {
  for (;;) {
    try {
      const ApiAnswer answer = api.get("/api/v1/pods?limit=" + std::to_string(size) + selector +
                                       (next.empty() ? "" : "&continue=" + pathPart(next)));
      if (!answer.ok()) throw apiRefusal(answer, "the list of pods", api.server());
      return readPodPage(answer.body);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::kAnswerTooLarge || size == 1) throw;
      size = std::max(1, size / 5);
    }
  }
}

}  // namespace

std::vector<std::string> namesOfList(const Json* list) {
  std::vector<std::string> names;
  if (list == nullptr || list->array() == nullptr) return names;
  for (const Json& element : *list->array()) {
    std::string name = textAt(element, "/name");
    if (!name.empty()) names.push_back(std::move(name));
  }
  return names;
}

PodPage readPodPage(const Json& list) {
  const Json* items = list.find("items");
  const bool none = items != nullptr && items->isNull();
  if (items == nullptr || (items->array() == nullptr && !none)) {
    throw Error(ErrorCode::kAnswerInvalid, "the API server's answer is not a list of pods");
  }
  PodPage page{.pods = {}, .next = textAt(list, "/metadata/continue")};
  if (none) return page;
  for (const Json& item : *items->array()) {
    Pod pod = readPod(item);
    if (!pod.name.empty() && !pod.namespaceName.empty()) page.pods.push_back(std::move(pod));
  }
  return page;
}

std::vector<Pod> listPods(ApiClient& api, const std::string& node) {
  const std::string selector = node.empty() ? "" : "&fieldSelector=" + pathPart("spec.nodeName=" + node);
  std::vector<Pod> pods;
  std::string next;
  int size = kPageSize;
  do {
    PodPage page = getPage(api, selector, next, size);
    std::move(page.pods.begin(), page.pods.end(), std::back_inserter(pods));
    next = std::move(page.next);
    if (pods.size() > kPodLimit) {
      throw Error(ErrorCode::kAnswerTooLarge, "the cluster has more than " + std::to_string(kPodLimit) + " pods");
    }
  } while (!next.empty());
  return pods;
}

}  // namespace rcb
