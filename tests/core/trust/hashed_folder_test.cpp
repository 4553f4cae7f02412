#include "core/trust/trust_lookup.hpp"
#include "tests/core/trust/certificate_store.hpp"
#include "tests/support/another_user.hpp"
#include "tests/support/error_matchers.hpp"
#include "tests/support/temp_folder.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

namespace rcb::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// A folder "certs" as the one in SSL_CERT_DIR.
class HashedFolderTest : public testing::Test {
 protected:
  HashedFolderTest() { makeFolder("certs"); }

  std::string path(const std::string& name) const { return folder_.path() + "/" + name; }
  void makeFolder(const std::string& name) const {
    std::filesystem::create_directories(path(name));
    ::chmod(path(name).c_str(), 0755);
  }
  static std::string hashedName(const Certified& one, int number) {
    return fmt::format("{:08x}.{}", X509_NAME_hash_ex(X509_get_subject_name(one.get()), nullptr, nullptr, nullptr),
                       number);
  }
  // Where the certificate of that number is looked for.
  std::string place(const Certified& one, int number = 0) const { return path("certs/" + hashedName(one, number)); }
  std::string put(const Certified& one, int number = 0) const {
    return folder_.write("certs/" + hashedName(one, number), pemOf(one.get()));
  }
  void link(const std::string& target, const std::string& name) const {
    std::filesystem::create_directories(std::filesystem::path(name).parent_path());
    ASSERT_EQ(::symlink(target.c_str(), name.c_str()), 0);
  }
  void trust() { trustFolder(store_.get(), TrustedFolder(path("certs"), "folder"), "folder"); }
  int found(const Certified& one) const { return store_.found(one); }
  // Why a file was not used; empty if none was refused.
  std::string refusal() const {
    const TrustNotes notes = trustNotes(store_.get());
    return notes.refused ? notes.refused->line() : "";
  }
  void expectRefused(const std::string& why, const char* code = "code=file-untrusted") {
    trust();
    EXPECT_EQ(found(first_), 0);
    EXPECT_THAT(refusal(), HasSubstr(place(first_)));
    EXPECT_THAT(refusal(), HasSubstr(why));
    EXPECT_THAT(refusal(), HasSubstr(code));
  }

  TempFolder folder_;
  const Certified first_ = certify({.subject = called("First Root")});
  const Certified namesake_ = certify({.subject = called("first  ROOT")});
  const Certified second_ = certify({.subject = called("Second Root")});
  CertificateStore store_;
};

TEST_F(HashedFolderTest, FindsTheCertificatesOfAName) {
  put(first_);
  put(second_);
  trust();
  EXPECT_EQ(found(first_), 1);
  EXPECT_EQ(found(second_), 1);
  EXPECT_EQ(found(certify({.subject = called("Third Root")})), 0);
  EXPECT_EQ(refusal(), "");
}

TEST_F(HashedFolderTest, FindsEveryNumberOfAHash) {
  put(first_, 0);
  put(namesake_, 1);
  put(certify({.subject = called("First Root")}), 2);
  put(certify({.subject = called("First Root")}), 4);  // behind a gap
  trust();
  EXPECT_EQ(found(first_), 3);
}

TEST_F(HashedFolderTest, TakesNothingOfAnotherNameFromAFile) {
  folder_.write("certs/" + hashedName(first_, 0), pemOf(second_.get()));
  folder_.write("certs/" + hashedName(first_, 1), pemOf(second_.get()) + pemOf(first_.get()) + pemOf(namesake_.get()));
  trust();
  EXPECT_EQ(found(first_), 2);
}

TEST_F(HashedFolderTest, IgnoresRevocationListsAndOtherNames) {
  const std::string hash = hashedName(first_, 0).substr(0, 8);
  for (const std::string& name :
       {hash + ".r0", hash, hash + ".", hash + ".pem", hash + ".00", std::string("first.pem")}) {
    folder_.write("certs/" + name, pemOf(first_.get()));
  }
  trust();
  EXPECT_EQ(found(first_), 0);
}

TEST_F(HashedFolderTest, FollowsTheLinksOfDistributions) {
  makeFolder("share/mozilla");
  const std::string shared = folder_.write("share/mozilla/First_Root.crt", pemOf(first_.get()));
  link(shared, path("certs/First_Root.pem"));  // Debian: absolute, and a relative one that leads to it
  link("First_Root.pem", place(first_));
  link("../share/mozilla/First_Root.crt", place(first_, 1));  // relative
  link(place(first_), place(first_, 2));
  put(second_);
  trust();
  EXPECT_EQ(found(first_), 1);
  EXPECT_EQ(found(second_), 1);
  EXPECT_EQ(refusal(), "");
}

TEST_F(HashedFolderTest, MayBeReachedByALink) {
  makeFolder("real");
  folder_.write("real/" + hashedName(first_, 0), pemOf(first_.get()));
  std::filesystem::remove(path("certs"));
  link("real", path("certs"));
  trust();
  EXPECT_EQ(found(first_), 1);
}

TEST_F(HashedFolderTest, RefusesAFileThatOthersMayWrite) {
  ASSERT_EQ(::chmod(put(first_).c_str(), 0666), 0);
  expectRefused("");
}

TEST_F(HashedFolderTest, RefusesAFileThatItsGroupMayWrite) {
  ASSERT_EQ(::chmod(put(first_).c_str(), 0664), 0);
  expectRefused("");
}

TEST_F(HashedFolderTest, RefusesAFileOfAnotherUser) {
  if (!isRoot()) GTEST_SKIP() << "only root can give a file away";
  giveAway(put(first_));
  expectRefused("");
}

TEST_F(HashedFolderTest, RefusesALinkOfAnotherUser) {
  if (!isRoot()) GTEST_SKIP() << "only root can give a link away";
  link(folder_.write("first.pem", pemOf(first_.get())), place(first_));
  giveAway(place(first_));
  expectRefused("");
}

TEST_F(HashedFolderTest, RefusesALinkIntoAFolderThatOthersMayWrite) {
  makeFolder("open");
  link(folder_.write("open/first.pem", pemOf(first_.get())), place(first_));
  ASSERT_EQ(::chmod(path("open").c_str(), 0777), 0);
  expectRefused(path("open"));
}

TEST_F(HashedFolderTest, RefusesWhatIsNoFile) {
  std::filesystem::create_directory(place(first_));
  expectRefused("not a regular file", "code=file-unreadable");
}

TEST_F(HashedFolderTest, RefusesAFifoWithoutWaitingForIt) {
  ASSERT_EQ(::mkfifo(place(first_).c_str(), 0644), 0);
  expectRefused("not a regular file", "code=file-unreadable");
}

TEST_F(HashedFolderTest, RefusesALinkThatLeadsNowhere) {
  link("gone.pem", place(first_));
  expectRefused("No such file or directory, and a link leads to it", "code=file-unreadable");
}

TEST_F(HashedFolderTest, RefusesAFileWithoutCertificates) {
  folder_.write("certs/" + hashedName(first_, 0), "prose");
  expectRefused("contains no certificate", "code=file-unreadable");
}

TEST_F(HashedFolderTest, RefusesAFileOfMoreThanAMebibyte) {
  folder_.write("certs/" + hashedName(first_, 0), pemOf(first_.get()) + std::string(std::size_t{1} << 20, '#'));
  expectRefused("larger than", "code=file-unreadable");
}

TEST_F(HashedFolderTest, GoesOnAfterAFileThatItRefuses) {
  ASSERT_EQ(::chmod(put(first_, 0).c_str(), 0666), 0);
  put(namesake_, 1);
  trust();
  EXPECT_EQ(found(first_), 1);
}

TEST_F(HashedFolderTest, StaysTheFolderThatWasChecked) {
  put(first_);
  trust();
  std::filesystem::rename(path("certs"), path("former"));
  makeFolder("certs");
  put(second_);
  EXPECT_EQ(found(first_), 1);
  EXPECT_EQ(found(second_), 0);
}

TEST_F(HashedFolderTest, IsSaidToHoldNothingThatCanBeFound) {
  trust();
  EXPECT_THAT(trustNotes(store_.get()).remarks, ElementsAre("the folder " + path("certs") + " is empty"));
  folder_.write("certs/first.crt", pemOf(first_.get()));
  folder_.write("certs/" + hashedName(first_, 0).substr(0, 8) + ".r0", "a revocation list");
  EXPECT_THAT(trustNotes(store_.get()).remarks,
              ElementsAre("the folder " + path("certs") +
                          " has no hashed file names, so no certificate is found in it (run `openssl rehash " +
                          path("certs") + "`)"));
  put(first_);
  EXPECT_THAT(trustNotes(store_.get()).remarks, IsEmpty());
}

}  // namespace
}  // namespace rcb::test
