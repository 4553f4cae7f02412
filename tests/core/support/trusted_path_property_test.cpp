// Random trees and random paths through them: the result equals that of a simple model of the rule without descriptors. The rule: a folder must be
// trusted before a name is looked up in it, a link before it is followed, and the file at the end.
#include "core/support/error.hpp"
#include "core/support/trusted_file.hpp"
#include "tests/support/another_user.hpp"
#include "tests/support/temp_folder.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace rcb {
namespace {

namespace fs = std::filesystem;

struct Node {
  enum Kind { kFolder, kFile, kLink } kind = kFolder;
  bool ours = true;       // root's or the caller's
  bool writable = false;  // by others
  bool sticky = false;
  std::string target;      // of a link; with "/" in front: from the tree's root
  Node* parent = nullptr;  // null: the tree's root
  std::map<std::string, Node> entries;
};

// The result of reading a path, as one word.
class Model {
 public:
  explicit Model(Node& root) : root_(root) {}

  std::string read(const std::string& path) {
    links_ = 0;
    Node* end = nullptr;
    const std::string failure = walk(root_, path, true, end);
    if (!failure.empty()) return failure;
    if (end->kind == Node::kFolder) return "unreadable";
    return end->ours && !end->writable ? "read" : "untrusted";
  }

 private:
  static bool counts(const Node& node) {
    return node.ours && (node.kind == Node::kLink || !node.writable || (node.kind == Node::kFolder && node.sticky));
  }

  // Ends at a file or a trusted folder; `folder` is trusted.
  std::string walk(Node& folder, std::string path, bool written, Node*& end) {
    Node* here = &folder;
    end = here;
    while (!path.empty()) {
      const auto slash = path.find('/');
      const std::string name = path.substr(0, slash);
      path = slash == std::string::npos ? "" : path.substr(slash + 1);
      if (here->kind != Node::kFolder) return "unreadable";
      if (name.empty() || name == ".") continue;
      if (name == "..") {
        if (here->parent == nullptr) return "outside";
        here = here->parent;
      } else {
        const auto found = here->entries.find(name);
        if (found == here->entries.end()) return written ? "missing" : "unreadable";
        Node& next = found->second;
        if (next.kind == Node::kLink) {
          if (!counts(next)) return "untrusted";
          if (++links_ > 40) return "unreadable";
          Node* behind = nullptr;
          const bool absolute = next.target.front() == '/';
          const std::string target = absolute ? next.target.substr(1) : next.target;
          if (std::string failure = walk(absolute ? root_ : *here, target, false, behind); !failure.empty()) {
            return failure;
          }
          here = behind;
        } else {
          here = &next;
        }
      }
      if (here->kind == Node::kFolder && !counts(*here)) return "untrusted";
      if (here->kind == Node::kFile && slash != std::string::npos) return "unreadable";
      end = here;
    }
    return {};
  }

  Node& root_;
  int links_ = 0;
};

class Forest {
 public:
  explicit Forest(unsigned seed) : random_(seed) {}

  unsigned upTo(unsigned limit) { return static_cast<unsigned>(random_() % limit); }
  bool oneIn(unsigned chances) { return upTo(chances) == 0; }

  std::string path() {
    static const std::vector<std::string> names = {"a", "b", "c", "d", "..", ".", ""};
    std::string path = names[upTo(4)];
    for (unsigned i = upTo(5); i > 0; --i) path += "/" + names[upTo(oneIn(4) ? 7 : 4)];
    return path;
  }

  void grow(Node& folder, int depth) {
    for (const char* name : {"a", "b", "c", "d"}) {
      if (oneIn(6)) continue;
      Node& node = folder.entries[name];
      node.parent = &folder;
      node.kind = depth == 0 || oneIn(4) ? (oneIn(2) ? Node::kFile : Node::kLink) : Node::kFolder;
      if (node.kind == Node::kFolder && oneIn(4)) node.kind = Node::kLink;
      node.ours = !test::isRoot() || !oneIn(15);
      node.writable = node.kind != Node::kLink && oneIn(12);
      node.sticky = node.kind == Node::kFolder && node.writable && oneIn(2);
      if (node.kind == Node::kLink) {
        // In this order with every compiler, so that all of them grow the same trees.
        const std::string start = oneIn(3) ? "/" : oneIn(3) ? "../" : "";
        node.target = start + path();
      }
      if (node.kind == Node::kFolder) grow(node, depth - 1);
    }
  }

 private:
  std::mt19937 random_;
};

// `base` is the folder's path on the disk.
void plant(const Node& folder, const std::string& path, const std::string& base) {
  for (const auto& [name, node] : folder.entries) {
    const std::string place = path + "/" + name;
    if (node.kind == Node::kLink) {
      fs::create_symlink((node.target.front() == '/' ? base : "") + node.target, place);
    } else if (node.kind == Node::kFolder) {
      fs::create_directory(place);
      plant(node, place, base);
    } else {
      ASSERT_EQ(::close(::open(place.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0644)), 0);
    }
    if (node.kind != Node::kLink) {
      const mode_t mode = node.kind == Node::kFolder ? 0755 : 0644;
      ASSERT_EQ(::chmod(place.c_str(), mode | (node.writable ? 0022 : 0) | (node.sticky ? 01000 : 0)), 0);
    }
    if (node.ours) continue;
    test::giveAway(place);
  }
}

std::string outcome(const std::string& path) {
  try {
    return findTrustedFile(path, "test file") ? "read" : "missing";
  } catch (const Error& error) {
    return error.code() == ErrorCode::kFileUntrusted ? "untrusted" : "unreadable";
  }
}

TEST(TrustedPathProperty, EveryWayIsJudgedAsTheRuleReads) {
  std::map<std::string, int> seen;
  for (unsigned seed = 1; seed <= 20; ++seed) {
    Forest forest(seed);
    Node root;
    forest.grow(root, 3);
    const test::TempFolder folder;
    plant(root, folder.path(), folder.path());
    Model model(root);
    for (int i = 0; i < 300; ++i) {
      const std::string path = forest.path();
      const std::string expected = model.read(path);
      // The model does not cover anything outside of the test's folder.
      if (expected == "outside") continue;
      ASSERT_EQ(outcome(folder.path() + "/" + path), expected) << "seed " << seed << ": " << path;
      ++seen[expected];
    }
  }
  for (const char* word : {"read", "missing", "unreadable", "untrusted"}) EXPECT_GT(seen[word], 100) << word;
}

}  // namespace
}  // namespace rcb
