// The kubelet's keyring in C++, so that tests can ask how it uses the keys of `auth` in an answer. vectors/kubelet-keyring.jsonl proves it equal to
// the kubelet's own.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rcb::test {

// The keys that match the image, in the order in which the kubelet tries their credentials; keys in one inner list come in no defined order.
std::vector<std::vector<std::string>> keysTried(const std::vector<std::string>& keys, std::string_view image);

}  // namespace rcb::test
