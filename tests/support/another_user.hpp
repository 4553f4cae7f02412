// Files and folders as another user of the node would leave them. Only root can give a file away: a test that must, asks isRoot() first.
#pragma once

#include <sys/types.h>

#include <string>

namespace rcb::test {

inline constexpr uid_t kStranger = 54321;  // neither root nor anybody who runs tests

bool isRoot();

// Makes the file, folder or link (not what it leads to) the stranger's. Throws std::runtime_error on failure.
void giveAway(const std::string& path);

// Makes a folder one in which another user can put anything: the stranger's or, without root, one that every user can write to.
void spoil(const std::string& folder);

}  // namespace rcb::test
