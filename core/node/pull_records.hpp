// The kubelet's records of pulls (KEP-2535), from which it decides who may use an image that is on the node already: ROOT_DIR/image_manager/pulled
// has an ImagePulledRecord for each image, pulling an ImagePullIntent for each pull under way (kubelet.config.k8s.io, v1alpha1 and v1beta1).
#pragma once

#include "core/support/deadline.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rcb {

// An object of the cluster whose credential pulled an image.
struct PullSubject {
  std::string namespaceName;
  std::string name;
  std::string uid;

  bool operator==(const PullSubject&) const = default;
};

// Who may use an image under one of its names.
struct PullAccess {
  bool everyPod = false;  // pulled without a credential, or with one of the node
  std::vector<PullSubject> secrets = {};
  std::vector<PullSubject> serviceAccounts = {};
};

struct PulledRecord {
  std::string image;  // the runtime's identifier (imageRef), such as its digest
  std::string lastUpdated;
  std::vector<std::pair<std::string, PullAccess>> access;  // by the image's name in the pod, without tag and digest
};

inline constexpr std::size_t kPullRecordLimit = std::size_t{1} << 20;

// Unknown fields are ignored. Hashes of credentials are not kept. No value, with the reason, if the text is not an ImagePulledRecord.
std::optional<PulledRecord> parsePulledRecord(std::string_view text, std::string& problem);

// The image of an ImagePullIntent, as the pod names it.
std::optional<std::string> parsePullIntent(std::string_view text, std::string& problem);

struct PullRecords {
  bool kept = false;  // the folder is there: the kubelet keeps records
  std::vector<PulledRecord> pulled = {};
  std::vector<std::string> pulling = {};
  std::vector<std::string> problems = {};  // files that were not read, with the reason
};

// `folder` is the kubelet's --root-dir. At most `limit` files of each kind are read; more are a problem.
PullRecords readPullRecords(const std::string& folder, std::size_t limit = 10'000);

}  // namespace rcb
