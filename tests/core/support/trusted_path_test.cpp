// Paths to a file: those of Kubernetes and distributions are followed, those that another user could have created are refused. Owners other than the
// caller need root; where the tests run as a user, a folder that others can write to takes their place.
#include "core/support/trusted_path.hpp"

#include "core/support/trusted_file.hpp"
#include "tests/support/another_user.hpp"
#include "tests/support/error_matchers.hpp"
#include "tests/support/temp_folder.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sched.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace rcb {
namespace {

namespace fs = std::filesystem;
using test::giveAway;
using test::isRoot;
using test::kStranger;
using test::spoil;
using test::throwsError;
using testing::ElementsAre;
using testing::HasSubstr;

class TrustedPath : public testing::Test {
 protected:
  std::string at(const std::string& name) const { return folder_.path() + "/" + name; }
  std::string folder(const std::string& name, mode_t mode = 0755) const {
    fs::create_directories(at(name));
    EXPECT_EQ(::chmod(at(name).c_str(), mode), 0);
    return at(name);
  }
  std::string file(const std::string& name, mode_t mode = 0644) const { return folder_.write(name, "content", mode); }
  std::string link(const std::string& name, const std::string& target) const {
    fs::create_directories(fs::path(at(name)).parent_path());
    fs::create_symlink(target, at(name));
    return at(name);
  }
  static std::string read(const std::string& path) { return std::string(readTrustedFile(path, "test file").reveal()); }
  static void expectRefused(const std::string& path, const std::string& text) {
    EXPECT_THAT([&] { read(path); }, throwsError(ErrorCode::kFileUntrusted, text)) << path;
  }
  static void expectUnreadable(const std::string& path, const std::string& text) {
    EXPECT_THAT([&] { read(path); }, throwsError(ErrorCode::kFileUnreadable, text)) << path;
  }

  test::TempFolder folder_;
};

// --- the way crosses what another user can change ---

TEST_F(TrustedPath, IsRefusedWhereALinkLiesInAnothersFolder) {
  const std::string real = file("real/ca.pem");
  const std::string app = folder("app");
  link("app/ca.pem", real);
  link("app/certs", at("real"));
  link("app/inner/ca.pem", real);
  EXPECT_EQ(read(at("app/ca.pem")), "content");
  spoil(app);
  for (const char* path : {"app/ca.pem", "app/certs/ca.pem", "app/inner/ca.pem"}) {
    expectRefused(at(path), "the folder " + app);
  }
}

TEST_F(TrustedPath, IsRefusedWhereALinkLeadsThroughAnothersFolder) {
  file("real/ca.pem");
  const std::string app = folder("app");
  link("app/out", at("real"));
  link("direct", at("app/out/ca.pem"));
  link("relative", "app/out/ca.pem");
  link("back", "app/../real/ca.pem");
  link("chain", "relative");
  link("folder", "app");
  EXPECT_EQ(read(at("back")), "content");
  spoil(app);
  for (const char* path : {"direct", "relative", "back", "chain", "folder/out/ca.pem", "folder/../real/ca.pem"}) {
    expectRefused(at(path), "the folder " + app);
  }
}

TEST_F(TrustedPath, IsRefusedWhereDotsCrossAnothersFolder) {
  file("real/ca.pem");
  const std::string app = folder("app/inner");
  EXPECT_EQ(read(at("app/../real/ca.pem")), "content");
  EXPECT_EQ(read(at("app/inner/../../real/ca.pem")), "content");
  spoil(app);
  EXPECT_EQ(read(at("app/../real/ca.pem")), "content");
  expectRefused(at("app/inner/../../real/ca.pem"), "the folder " + app);
  spoil(at("app"));
  expectRefused(at("app/../real/ca.pem"), "the folder " + at("app") + " ");
  expectRefused(at("real/../app/../real/ca.pem"), "the folder " + at("app") + " ");
}

TEST_F(TrustedPath, IsRefusedForEveryModeThatLetsOthersWrite) {
  const std::string path = file("app/ca.pem");
  for (const mode_t mode : {0775U, 0757U, 0777U, 0720U, 0702U, 02775U}) {
    ASSERT_EQ(::chmod(at("app").c_str(), mode), 0);
    expectRefused(path, "can write to the folder " + at("app") + ": its mode is ");
  }
  for (const mode_t mode : {0755U, 0700U, 0711U, 02755U, 01755U}) {
    ASSERT_EQ(::chmod(at("app").c_str(), mode), 0);
    EXPECT_EQ(read(path), "content");
  }
}

TEST_F(TrustedPath, IsRefusedBeforeANameIsLookedUp) {
  const std::string app = folder("app");
  spoil(app);
  expectRefused(at("app/there/is/none"), "the folder " + app);
  link("loop", "app/../loop");
  expectRefused(at("loop"), "the folder " + app);
}

// A reported attack: the folder belongs to another user, and that user's links lead to a file of root that is not writable.
TEST_F(TrustedPath, IsRefusedWhereAnothersLinkLeadsToAFileOfRoot) {
  const std::string app = folder("srv/app");
  for (const std::string& target : {std::string("/proc/self/environ"), std::string("/etc/passwd")}) {
    link("srv/app/certs/ca.pem", target);
    if (isRoot()) {
      for (const char* name : {"srv/app/certs", "srv/app/certs/ca.pem"}) giveAway(at(name));
    }
    spoil(app);
    expectRefused(at("srv/app/certs/ca.pem"), "the folder " + app + " ");
    fs::remove(at("srv/app/certs/ca.pem"));
  }
}

TEST_F(TrustedPath, IsRefusedWhereTheLinkItselfIsAnothers) {
  const std::string planted = link("planted", file("ca.pem"));
  if (!isRoot()) return;
  giveAway(planted);
  expectRefused(planted, "the link " + planted + " is owned by neither root nor the caller but by user 54321");
  expectRefused(planted, "create the link " + planted + " as root, or remove it");
}

// --- sticky folders: the roots of Secret and ConfigMap volumes, /tmp ---

TEST_F(TrustedPath, MayLeadThroughAStickyFolderByWhatIsOurs) {
  for (const mode_t mode : {01777U, 03777U, 01775U, 01757U}) {
    const std::string name = "volume" + std::to_string(mode);
    file(name + "/..2026/key", 0440);
    link(name + "/..data", "..2026");
    link(name + "/key", "..data/key");
    folder(name, mode);
    EXPECT_EQ(read(at(name + "/key")), "content");
  }
}

TEST_F(TrustedPath, IsRefusedWhereAnotherPlantedAnEntryInAStickyFolder) {
  if (!isRoot()) return;
  file("volume/..2026/key");
  file("secret", 0600);
  link("volume/..data", "..2026");
  folder("volume", 01777);
  giveAway(link("volume/link", "..data/key"));
  giveAway(link("volume/out", at("secret")));
  giveAway(link("volume/..evil", ".."));
  giveAway(file("volume/file"));
  file("volume/folder/key");
  giveAway(at("volume/folder"));
  for (const auto& [path, kind] : std::vector<std::pair<std::string, std::string>>{
           {"link", "link "}, {"out", "link "}, {"..evil/secret", "link "}, {"file", ""}, {"folder/key", "folder "}}) {
    expectRefused(at("volume/" + path), kind + (kind.empty() ? "it is owned by neither" : at("volume/")));
  }
  EXPECT_EQ(read(at("volume/..data/key")), "content");
}

TEST_F(TrustedPath, IsRefusedWhereAHardLinkMayHaveBeenPlanted) {
  const std::string secret = file("elsewhere/secret", 0600);
  const std::string symbolic = link("elsewhere/symbolic", secret);
  folder("volume", 01777);
  ASSERT_EQ(::link(secret.c_str(), at("volume/key").c_str()), 0);
  ASSERT_EQ(::link(symbolic.c_str(), at("volume/link").c_str()), 0);
  expectRefused(at("volume/key"), "it is a hard link in a folder where every user can create one");
  expectRefused(at("volume/link"), "the link " + at("volume/link") + " is a hard link in a folder where");
  // In a folder where only root and the caller can create entries, it is theirs, as in the stores of ostree and Nix.
  EXPECT_EQ(read(symbolic), "content");
  // Root chose the group of a sticky folder: Nix hard-links equal files in its store.
  ASSERT_EQ(::chmod(at("volume").c_str(), 01775), 0);
  EXPECT_EQ(read(at("volume/link")), "content");
}

// --- what Kubernetes mounts and distributions ship ---

struct Shipped {
  const char* name;
  std::vector<std::pair<const char*, mode_t>> folders;
  std::vector<std::pair<const char*, const char*>> links;  // a target with "/" in front is below the test's folder
  std::vector<const char*> files;
  std::vector<const char*> paths;
};

const Shipped kShipped[] = {
    {"Debian and Ubuntu",
     {},
     {{"etc/ssl/certs/ACCVRAIZ1.pem", "/usr/share/ca-certificates/mozilla/ACCVRAIZ1.crt"},
      {"etc/ssl/certs/a94d09e5.0", "ACCVRAIZ1.pem"},
      {"etc/ssl/certs/corp.pem", "/usr/local/share/ca-certificates/corp.crt"}},
     {"usr/share/ca-certificates/mozilla/ACCVRAIZ1.crt", "usr/local/share/ca-certificates/corp.crt",
      "etc/ssl/certs/ca-certificates.crt"},
     {"etc/ssl/certs/a94d09e5.0", "etc/ssl/certs/corp.pem", "etc/ssl/certs/ca-certificates.crt"}},
    {"Red Hat and Amazon Linux",
     {{"etc/pki/ca-trust/extracted/pem", 0555}},
     {{"etc/ssl/certs", "../pki/tls/certs"},
      {"etc/pki/tls/certs/ca-bundle.crt", "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem"},
      {"etc/pki/tls/cert.pem", "certs/ca-bundle.crt"}},
     {"etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem"},
     {"etc/ssl/certs/ca-bundle.crt", "etc/pki/tls/cert.pem"}},
    {"SUSE",
     {},
     {{"etc/ssl/certs", "../../var/lib/ca-certificates/pem"},
      {"etc/ssl/ca-bundle.pem", "../../var/lib/ca-certificates/ca-bundle.pem"},
      {"var/lib/ca-certificates/pem/002c0b4f.0", "GlobalSign_Root_R46.pem"}},
     {"var/lib/ca-certificates/pem/GlobalSign_Root_R46.pem", "var/lib/ca-certificates/ca-bundle.pem"},
     {"etc/ssl/certs/002c0b4f.0", "etc/ssl/ca-bundle.pem"}},
    {"Alpine",
     {},
     {{"etc/ssl/cert.pem", "certs/ca-certificates.crt"},
      {"etc/ssl/certs/ca-cert-x.pem", "/usr/share/ca-certificates/mozilla/x.crt"},
      {"etc/ssl1.1/cert.pem", "/etc/ssl/cert.pem"}},
     {"etc/ssl/certs/ca-certificates.crt", "usr/share/ca-certificates/mozilla/x.crt"},
     {"etc/ssl1.1/cert.pem", "etc/ssl/certs/ca-cert-x.pem"}},
    {"Flatcar, COS and Bottlerocket",
     {},
     {{"etc/ssl/certs/x.pem", "../../../usr/share/ca-certificates/x.pem"},
      {"etc/pki/tls/certs/ca-bundle.crt", "../../../../x86_64-bottlerocket-linux-gnu/sys-root/ca-bundle.crt"}},
     {"usr/share/ca-certificates/x.pem", "x86_64-bottlerocket-linux-gnu/sys-root/ca-bundle.crt"},
     {"etc/ssl/certs/x.pem", "etc/pki/tls/certs/ca-bundle.crt"}},
    {"NixOS, whose store is sticky and a group's",
     {{"nix/store", 01775}},
     {{"etc/static", "/nix/store/aaaa-etc/etc"},
      {"etc/ssl/certs/ca-certificates.crt", "/etc/static/ssl/certs/ca-certificates.crt"},
      {"nix/store/aaaa-etc/etc/ssl/certs/ca-certificates.crt", "/nix/store/bbbb-nss-cacert/etc/ca-bundle.crt"},
      {"etc/broker.yaml", "/etc/static/broker.yaml"},
      {"nix/store/aaaa-etc/etc/broker.yaml", "/nix/store/cccc-broker.yaml"}},
     {"nix/store/bbbb-nss-cacert/etc/ca-bundle.crt", "nix/store/cccc-broker.yaml"},
     {"etc/ssl/certs/ca-certificates.crt", "etc/broker.yaml"}},
    {"ostree and merged /usr",
     {},
     {{"lib", "usr/lib"}, {"usr/local", "../var/usrlocal"}, {"opt", "var/opt"}},
     {"usr/lib/rcb/module.so", "var/usrlocal/etc/ca.pem", "var/opt/rcb/config.yaml"},
     {"lib/rcb/module.so", "usr/local/etc/ca.pem", "opt/rcb/config.yaml"}},
    {"a Secret or ConfigMap volume",
     {{"volume", 01777}},
     {{"volume/..data", "..2026_11_28_20_51_34.123456789"},
      {"volume/ca.pem", "..data/ca.pem"},
      {"volume/sub", "..data/sub"}},
     {"volume/..2026_11_28_20_51_34.123456789/ca.pem", "volume/..2026_11_28_20_51_34.123456789/sub/key"},
     {"volume/ca.pem", "volume/sub/key", "volume/..data/ca.pem"}},
    {"a Secret volume with fsGroup",
     {{"volume/..2026", 02755}, {"volume", 03777}},
     {{"volume/..data", "..2026"}, {"volume/ca.pem", "..data/ca.pem"}},
     {"volume/..2026/ca.pem"},
     {"volume/ca.pem"}},
    {"a path with superfluous parts",
     {},
     {{"a/up", ".."}, {"a/here", "."}, {"a/slash", "b/"}, {"top", "/"}},
     {"a/b/file"},
     {"a/b/file", "a//b///file", "a/./b/./file", "a/../a/b/../b/file", "a/up/a/here/b/file", "a/slash/file",
      "top/a/b/file", "../../../../../../../../..@/a/b/file"}},
};

TEST_F(TrustedPath, IsFollowedAsKubernetesAndDistributionsLayIt) {
  for (const Shipped& shipped : kShipped) {
    SCOPED_TRACE(shipped.name);
    const test::TempFolder root;
    const auto below = [&](const std::string& name) { return root.path() + "/" + name; };
    for (const char* name : shipped.files) root.write(name, "content", 0444);
    for (const auto& [name, target] : shipped.links) {
      fs::create_directories(fs::path(below(name)).parent_path());
      fs::create_symlink((target[0] == '/' ? root.path() : "") + target, below(name));
    }
    for (const auto& [name, mode] : shipped.folders) {
      fs::create_directories(below(name));
      ASSERT_EQ(::chmod(below(name).c_str(), mode), 0);
    }
    for (std::string path : shipped.paths) {
      // "@" stands for the test's folder, reached once more.
      if (const auto place = path.find('@'); place != std::string::npos) path.replace(place, 1, root.path());
      EXPECT_EQ(read(below(path)), "content") << path;
      const auto found = findTrustedPlace(below(path), "test file");
      ASSERT_TRUE(found);
      EXPECT_EQ(found->path, fs::canonical(below(path)).string());
    }
  }
}

// --- the kernel's own file systems ---

TEST_F(TrustedPath, LeadsToNoInterfaceOfTheKernel) {
  for (const char* path : {"/proc/self/maps", "/proc/version", "/proc/self/environ", "/proc/self/root/etc/passwd",
                           "/proc/1/root/etc/passwd", "/proc/self/cwd/x", "/proc/self/fd/0", "/proc/self/exe",
                           "/proc/there-is-none", "/dev/fd/0"}) {
    // A machine may have no /dev/fd; every one has /proc.
    if (std::string(path).starts_with("/dev") && ::access(path, F_OK) != 0) continue;
    expectRefused(path, "/proc is on procfs, which is a kernel interface");
    expectRefused(link("link", path), "/proc is on procfs, which is a kernel interface");
    fs::remove(at("link"));
  }
  expectRefused("/sys/kernel/uevent_seqnum", "/sys is on sysfs, which is a kernel interface");
}

// --- limits and errors ---

TEST_F(TrustedPath, FollowsAsManyLinksAsTheKernel) {
  file("0");
  for (int i = 1; i <= 41; ++i) link(std::to_string(i), std::to_string(i - 1));
  EXPECT_EQ(read(at("40")), "content");
  expectUnreadable(at("41"), "Too many levels of symbolic links");
}

TEST_F(TrustedPath, EndsWhereLinksGoInCircles) {
  link("self", "self");
  link("there", "back");
  link("back", at("there"));
  link("deeper", "deeper/deeper");
  link("longer/a", "./././././../longer/a/" + std::string(3000, 'x'));
  for (const char* name : {"self", "there", "deeper", "longer/a"}) {
    expectUnreadable(at(name), "Too many levels of symbolic links");
  }
}

TEST_F(TrustedPath, TakesNoFileForAFolder) {
  file("file");
  link("link", "file");
  for (const char* path : {"file/", "file/.", "file/..", "file/x", "link/", "link/x", "file/../file"}) {
    expectUnreadable(at(path), "file: Not a directory");
  }
}

TEST_F(TrustedPath, NamesTheFolderThatMayNotBeSearched) {
  file("closed/inner/file");
  if (isRoot()) {
    for (const char* name : {"", "closed", "closed/inner"}) giveAway(at(name));
    ASSERT_EQ(::seteuid(kStranger), 0);
  }
  ASSERT_EQ(::chmod(at("closed").c_str(), 0600), 0);
  expectUnreadable(at("closed/inner/file"), at("closed/inner") + ": Permission denied");
  ASSERT_EQ(::chmod(at("closed").c_str(), 0700), 0);
  ASSERT_EQ(::seteuid(::getuid()), 0);
}

TEST_F(TrustedPath, IsNoLongerThanTheKernelTakes) {
  expectUnreadable("/" + std::string(4096, 'x'), "File name too long");
  expectUnreadable(at(std::string(256, 'x')), "File name too long");
}

TEST_F(TrustedPath, IsMissingOnlyWhereAWrittenNameIsNotInItsFolder) {
  file("file");
  file("folder/file");
  link("dangling", "gone");
  link("link", "folder");
  for (const char* path : {"gone", "gone/file", "folder/gone", "link/gone", "link/gone/x", "folder/../gone"}) {
    EXPECT_FALSE(findTrustedFile(at(path), "test file")) << path;
    expectUnreadable(at(path), "No such file or directory");
  }
  for (const char* path : {"dangling", "dangling/x", "folder/../dangling"}) {
    EXPECT_THAT(
        [&] { findTrustedFile(at(path), "test file"); },
        throwsError(ErrorCode::kFileUnreadable, at("gone") + ": No such file or directory, and a link leads to it"));
  }
  EXPECT_THAT([&] { findTrustedFile(at("file/x"), "test file"); },
              throwsError(ErrorCode::kFileUnreadable, "Not a directory"));
  EXPECT_TRUE(findTrustedFile(at("link/file"), "test file"));
}

// --- folders that are held open ---

TEST_F(TrustedPath, KeepsTheFolderThatItWasAskedFor) {
  file("ca/hash.0");
  const TrustedFolder held(at("ca"), "CA folder");
  fs::rename(at("ca"), at("old"));
  folder_.write("ca/hash.0", "of another");
  folder_.write("ca/hash.1", "of another");
  EXPECT_EQ(held.find("hash.0", "CA")->read().reveal(), "content");
  EXPECT_FALSE(held.find("hash.1", "CA"));
  EXPECT_THAT(held.names(), ElementsAre("hash.0"));
}

TEST_F(TrustedPath, ChecksEveryFileOfAFolder) {
  file("ca/good.0");
  file("ca/writable.0", 0666);
  link("ca/linked.0", "good.0");
  link("ca/up.0", "../ca/good.0");
  link("ca/absolute.0", at("ca/good.0"));
  link("ca/dangling.0", "gone");
  fs::create_directory(at("ca/folder.0"));
  file("other/good.0");
  link("ca/out.0", at("other/good.0"));
  spoil(at("other"));
  const TrustedFolder held(at("ca"), "CA folder");
  for (const char* name : {"good.0", "linked.0", "up.0", "absolute.0"}) {
    EXPECT_EQ(held.find(name, "CA")->read().reveal(), "content") << name;
  }
  EXPECT_FALSE(held.find("gone.0", "CA"));
  const auto expect = [&](const std::string& name, ErrorCode code, const std::string& text) {
    EXPECT_THAT([&] { held.find(name, "CA"); }, throwsError(code, text)) << name;
  };
  expect("writable.0", ErrorCode::kFileUntrusted,
         "the CA " + at("ca/writable.0") + " is refused: other users can write");
  expect("out.0", ErrorCode::kFileUntrusted, "the folder " + at("other"));
  expect("dangling.0", ErrorCode::kFileUnreadable, "/ca/gone: No such file or directory, and a link leads to it");
  expect("folder.0", ErrorCode::kFileUnreadable, "not a regular file");
  for (const char* name : {"", ".", "..", "a/b", "/etc/passwd", "../ca/good.0"}) {
    expect(name, ErrorCode::kFileUnreadable, "it is not the name of a file in the folder");
  }
}

TEST_F(TrustedPath, ToAFolderIsCheckedAsOneToAFile) {
  folder("app/ca");
  spoil(at("app"));
  EXPECT_THAT([&] { TrustedFolder(at("app/ca"), "CA folder"); },
              throwsError(ErrorCode::kFileUntrusted, "the CA folder " + at("app/ca") + " is refused: "));
  folder("open", 0777);
  EXPECT_THAT([&] { TrustedFolder(at("open"), "CA folder"); }, throwsError(ErrorCode::kFileUntrusted, at("open")));
  EXPECT_THAT([&] { TrustedFolder(file("file"), "CA folder"); },
              throwsError(ErrorCode::kFileUnreadable, "Not a directory"));
  EXPECT_THAT([&] { TrustedFolder(at("gone"), "CA folder"); }, throwsError(ErrorCode::kFileUnreadable, "No such file"));
  EXPECT_THAT([&] { TrustedFolder("relative", "CA folder"); }, throwsError(ErrorCode::kFileUnreadable, "not absolute"));
  EXPECT_FALSE(findTrustedFolder(at("gone"), "CA folder"));
  folder("ca/inner");
  EXPECT_EQ(TrustedFolder(at("ca/inner/../"), "CA folder").path(), fs::canonical(at("ca")).string());
  EXPECT_EQ(TrustedFolder("/", "CA folder").path(), "/");
}

// --- Users that represent others ---

// Runs in a child with the overflow user, or in a user namespace that maps no user, since this process must keep its user.
std::string failureInChild(const std::function<bool()>& become, const std::string& path) {
  int ends[2];
  EXPECT_EQ(::pipe(ends), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    std::string said = "cannot become it";
    if (become()) {
      try {
        said = "read: " + std::string(readTrustedFile(path, "test file").reveal());
      } catch (const Error& error) {
        said = error.line();
      }
    }
    const bool told = ::write(ends[1], said.data(), said.size()) == static_cast<ssize_t>(said.size());
    ::_exit(told ? 0 : 1);
  }
  ::close(ends[1]);
  std::string said(4096, '\0');
  const ssize_t size = ::read(ends[0], said.data(), said.size());
  said.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  ::close(ends[0]);
  ::waitpid(child, nullptr, 0);
  return said;
}

const char* const kUnknownOwner = "which represents every unmapped user of a user namespace";

TEST_F(TrustedPath, IsNotTheCallersBecauseAUserNamespaceShowsEverythingAsHis) {
  // Some machines do not allow user namespaces, so there is nothing to refuse.
  EXPECT_THAT(failureInChild([] { return ::unshare(CLONE_NEWUSER) == 0; }, file("file")),
              testing::AnyOf(testing::AllOf(HasSubstr("the folder / "), HasSubstr(kUnknownOwner)), "cannot become it"));
}

TEST_F(TrustedPath, IsNotNobodysOwn) {
  if (!isRoot()) return;
  const auto becomeNobody = [] { return ::setresuid(65534, 65534, 65534) == 0; };
  const std::string own = file("own");
  for (const std::string& path : {folder_.path(), own}) ASSERT_EQ(::chown(path.c_str(), 65534, 65534), 0);
  EXPECT_THAT(failureInChild(becomeNobody, own),
              testing::AllOf(HasSubstr(kUnknownOwner), HasSubstr("; run the program as a dedicated user")));
  EXPECT_THAT(failureInChild(becomeNobody, "/etc/passwd"), HasSubstr("read: "));
}

}  // namespace
}  // namespace rcb
