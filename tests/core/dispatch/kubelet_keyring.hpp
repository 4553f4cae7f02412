// What the kubelet does with the keys of `auth` once it has our answer: its keyring, told again in C++ so that tests can ask it. Proven equal to
// the kubelet's own by vectors/kubelet-keyring.jsonl.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rcb::test {

// The keys that match the image, in the order in which the kubelet tries their credentials; keys in one inner list come in no defined order.
std::vector<std::vector<std::string>> keysTried(const std::vector<std::string>& keys, std::string_view image);

}  // namespace rcb::test
