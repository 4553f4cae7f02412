// Copies of nodes as distributions set them up: the folders of tests/layouts.
#pragma once

#include <string>
#include <vector>

namespace rcb::test {

// The names of the folders, sorted.
std::vector<std::string> nodeLayouts();

// Makes `folder` such a node's file system. Its kubelet runs as process 1234, with cmdline, cgroup and exe in /proc.
void layOutNode(const std::string& layout, const std::string& folder);

}  // namespace rcb::test
