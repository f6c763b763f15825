#include "membership/file_discovery.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <optional>
#include <string_view>

#include "membership/views.h"
#include "support/temporary_directory.h"

namespace imageserver {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing::TemporaryDirectory;
using testing::Views;

class FileDiscoveryTest : public ::testing::Test {
 protected:
  // So rarely that nothing is seen because of it.
  static constexpr milliseconds kNever = 1h;

  void watch(const fs::path& file, milliseconds reread = kNever) {
    discovery_.emplace(directory_.path() / file, reread);
    discovery_->start(views_.sink());
  }

  void write(const fs::path& file, std::string_view content) { directory_.write(file, content); }

  void rename(const fs::path& from, const fs::path& to) {
    fs::rename(directory_.path() / from, directory_.path() / to);
  }

  void remove(const fs::path& file) { fs::remove_all(directory_.path() / file); }

  // As `ln -sfn`: the link changes in one step.
  void link(const fs::path& target, const fs::path& name) {
    fs::create_symlink(target, directory_.path() / "new-link");
    rename("new-link", name);
  }

  const TemporaryDirectory directory_;
  Views views_;
  std::optional<FileDiscovery> discovery_;
};

TEST_F(FileDiscoveryTest, ReadsTheFileAtOnce) {
  write("peers", "b:2\na:1\n");
  watch("peers");
  EXPECT_TRUE(views_.become({"a:1", "b:2"}));
}

TEST_F(FileDiscoveryTest, SeesThatItWasRewritten) {
  write("peers", "a:1\n");
  watch("peers");
  ASSERT_TRUE(views_.become({"a:1"}));
  write("peers", "a:1,b:2\n");
  EXPECT_TRUE(views_.become({"a:1", "b:2"}));
}

TEST_F(FileDiscoveryTest, SeesAnotherFileRenamedOverIt) {
  write("peers", "a:1\n");
  watch("peers");
  for (const char* name : {"b:2", "c:3", "d:4"}) {
    write("peers.new", name);
    rename("peers.new", "peers");
    EXPECT_TRUE(views_.become({name}));
  }
}

TEST_F(FileDiscoveryTest, SeesALinkOnTheWaySwapped) {
  write("..1/peers", "a:1\n");
  write("..2/peers", "b:2\n");
  link("..1", "..data");
  link("..data/peers", "peers");
  watch("peers");
  ASSERT_TRUE(views_.become({"a:1"}));
  link("..2", "..data");
  EXPECT_TRUE(views_.become({"b:2"}));
}

TEST_F(FileDiscoveryTest, FailsWhileTheFileIsNotThere) {
  watch("peers");
  EXPECT_TRUE(views_.fail_with("peers: cannot be read: No such file"));
  write("peers", "a:1\n");
  EXPECT_TRUE(views_.become({"a:1"}));
  remove("peers");
  EXPECT_TRUE(views_.fail_with("cannot be read"));
}

TEST_F(FileDiscoveryTest, FailsWhileNoNameIsInIt) {
  write("peers", "");
  watch("peers");
  EXPECT_TRUE(views_.fail_with("peers: no names"));
}

TEST_F(FileDiscoveryTest, NamesTheLineThatIsWrong) {
  write("peers", "a:1\nb\n");
  watch("peers");
  EXPECT_TRUE(views_.fail_with("peers: line 2: \"b\""));
  write("peers", "a:1\nb:2\n");
  EXPECT_TRUE(views_.become({"a:1", "b:2"}));
}

TEST_F(FileDiscoveryTest, DoesNotReadAFileWithoutEnd) {
  write("peers", "a:1\n" + std::string(kMaxPeersFile, '\n'));
  watch("peers");
  EXPECT_TRUE(views_.fail_with("larger than 1 MiB"));
}

TEST_F(FileDiscoveryTest, DoesNotWaitForAPipe) {
  ASSERT_EQ(mkfifo((directory_.path() / "peers").c_str(), 0600), 0);
  watch("peers");
  EXPECT_TRUE(views_.fail_with("no names"));
}

TEST_F(FileDiscoveryTest, FailsOnADirectory) {
  write("peers/a", "a:1\n");
  watch("peers");
  EXPECT_TRUE(views_.fail_with("Is a directory"));
}

// What a link leads to lies in a directory that is not watched.
TEST_F(FileDiscoveryTest, ReadsAgainWhenAsked) {
  write("elsewhere/peers", "a:1\n");
  fs::create_directory(directory_.path() / "here");
  link("../elsewhere/peers", "here/peers");
  watch("here/peers");
  ASSERT_TRUE(views_.become({"a:1"}));
  write("elsewhere/peers", "b:2\n");
  discovery_->refresh();
  EXPECT_TRUE(views_.become({"b:2"}));
}

TEST_F(FileDiscoveryTest, ReadsAgainFromTimeToTime) {
  write("v1/peers", "a:1\n");
  write("v2/peers", "b:2\n");
  link("v1", "current");
  watch("current/peers", 20ms);
  ASSERT_TRUE(views_.become({"a:1"}));
  link("v2", "current");
  EXPECT_TRUE(views_.become({"b:2"}));
}

TEST_F(FileDiscoveryTest, WatchesTheDirectoryThatTookThePlaceOfAnother) {
  write("v1/peers", "a:1\n");
  write("v2/peers", "b:2\n");
  link("v1", "current");
  watch("current/peers");
  ASSERT_TRUE(views_.become({"a:1"}));
  link("v2", "current");
  discovery_->refresh();
  ASSERT_TRUE(views_.become({"b:2"}));
  write("v2/peers", "c:3\n");
  EXPECT_TRUE(views_.become({"c:3"}));
}

TEST_F(FileDiscoveryTest, HasNothingToLeave) {
  watch("peers");
  bool left = false;
  discovery_->leave([&] { left = true; });
  EXPECT_TRUE(left);
}

TEST_F(FileDiscoveryTest, SaysNothingOnceItIsGone) {
  write("peers", "a:1\n");
  watch("peers", 1ms);
  ASSERT_TRUE(views_.go_on());
  discovery_.reset();
  const std::size_t count = views_.count();
  write("peers", "b:2\n");
  EXPECT_EQ(views_.count(), count);
}

TEST(UnstartedFileDiscoveryTest, MayBeDestroyed) {
  FileDiscovery discovery("peers");
  discovery.refresh();
}

}  // namespace
}  // namespace imageserver
