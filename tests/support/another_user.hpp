// Files and folders as another user of the node would leave them. Only root can give a file away: a test that must, asks isRoot() first.
#pragma once

#include <sys/types.h>

#include <string>

namespace rcb::test {

inline constexpr uid_t kStranger = 54321;  // neither root nor a user who runs tests

bool isRoot();

// Makes kStranger the owner of the file, folder or link (not of its target). Throws std::runtime_error on failure.
void giveAway(const std::string& path);

// Makes a folder writable by another user: owned by kStranger or, without root, writable by every user.
void spoil(const std::string& folder);

}  // namespace rcb::test
