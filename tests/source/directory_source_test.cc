#include "source/directory_source.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "base/log.h"
#include "base/unique_fd.h"
#include "params/size_limits.h"
#include "support/captured_log.h"
#include "support/fetched.h"
#include "support/file_rights.h"
#include "support/patience.h"
#include "support/system_calls.h"
#include "support/temporary_directory.h"

namespace imageserver {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class DirectorySourceTest : public ::testing::Test {
 protected:
  DirectorySourceTest() {
    directory_.write("root/picture.jpg", "picture");
    directory_.write("root/folder/a b.png", "nested");
    directory_.write("root/empty.jpg", "");
    directory_.write("secret.txt", "secret");
    directory_.write("root-x/secret.txt", "secret");
    source_ = open_directory_source(root()).value();
  }

  [[nodiscard]] std::filesystem::path root() const { return directory_.path() / "root"; }

  [[nodiscard]] std::string content(const std::string& path) const {
    const auto bytes = testing::fetched(*source_, path);
    return bytes.has_value() ? std::string(bytes->view()) : "error: " + bytes.error().message;
  }

  void expect_not_found(const std::string& path) const {
    const auto bytes = testing::fetched(*source_, path);
    ASSERT_TRUE(bytes.has_error()) << path;
    EXPECT_EQ(bytes.error(), (Error{ErrorKind::kNotFound, "no such picture"})) << path;
  }

  void link(const std::string& name, const std::filesystem::path& target) const {
    std::filesystem::create_symlink(target, root() / name);
  }

  testing::TemporaryDirectory directory_;
  testing::SystemCalls calls_;  // so that reading without end fails
  std::unique_ptr<Source> source_;
};

TEST_F(DirectorySourceTest, ReadsWholeFiles) {
  EXPECT_EQ(content("picture.jpg"), "picture");
  EXPECT_EQ(content("folder/a b.png"), "nested");
  EXPECT_EQ(content("empty.jpg"), "");
}

TEST_F(DirectorySourceTest, ReadsAFileUpToTheLimitAndRefusesOneBeyond) {
  directory_.write("root/most.jpg", std::string(kMaxSourceBytes, 'x'));
  directory_.write("root/over.jpg", std::string(kMaxSourceBytes + 1, 'x'));

  EXPECT_EQ(testing::fetched(*source_, "most.jpg").value().size(), kMaxSourceBytes);

  const auto over = testing::fetched(*source_, "over.jpg");
  ASSERT_TRUE(over.has_error());
  EXPECT_EQ(over.error(), (Error{ErrorKind::kUnprocessable, "the file is larger than 20 MiB"}));
}

// As one that grows while it is read.
TEST_F(DirectorySourceTest, ReadsAFileThatHasMoreThanItsSizeSays) {
  const std::unique_ptr<Source> kernel = open_directory_source("/proc/sys/kernel").value();
  std::string version;
  std::getline(std::ifstream("/proc/sys/kernel/version"), version);
  ASSERT_FALSE(version.empty());
  EXPECT_EQ(testing::fetched(*kernel, "version").value().view(), version + '\n');
}

TEST_F(DirectorySourceTest, FindsOnlyFiles) {
  expect_not_found("nope.jpg");
  expect_not_found("picture.jpg/more");
  expect_not_found("folder");
  expect_not_found("folder/");
  expect_not_found("");
  expect_not_found(".");
  expect_not_found(std::string(5000, 'x'));
}

TEST_F(DirectorySourceTest, NoPathLeadsOutOfTheDirectory) {
  expect_not_found("../secret.txt");
  expect_not_found("folder/../../secret.txt");
  expect_not_found("../root-x/secret.txt");
  expect_not_found("/etc/passwd");
  expect_not_found((directory_.path() / "secret.txt").string());
  expect_not_found(std::string("picture.jpg\0.png", 16));
}

TEST_F(DirectorySourceTest, NoSymbolicLinkLeadsOutOfTheDirectory) {
  link("relative.txt", "../secret.txt");
  link("absolute.txt", directory_.path() / "secret.txt");
  link("up", "..");
  link("self", "/proc/self/root");
  link("loop", "loop");

  expect_not_found("relative.txt");
  expect_not_found("absolute.txt");
  expect_not_found("up/secret.txt");
  expect_not_found("self/etc/passwd");
  expect_not_found("loop");
}

TEST_F(DirectorySourceTest, FollowsASymbolicLinkThatStaysInside) {
  link("latest.jpg", "picture.jpg");
  link("folder/up.jpg", "../picture.jpg");

  EXPECT_EQ(content("latest.jpg"), "picture");
  EXPECT_EQ(content("folder/up.jpg"), "picture");
}

TEST_F(DirectorySourceTest, APipeIsNoPictureAndNobodyWaitsForItsWriter) {
  const std::string pipe = root() / "pipe.jpg";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);

  const auto answered = std::async(std::launch::async, [&] { expect_not_found("pipe.jpg"); });
  EXPECT_TRUE(testing::comes(answered)) << "it waits for a writer";
  const UniqueFd writer(open(pipe.c_str(), O_RDWR));  // who waits is let go
}

TEST_F(DirectorySourceTest, AFileThatMayNotBeReadIsForbiddenAndNamedOnceInTheLog) {
  const auto lock = [&](const std::string& name) {
    std::filesystem::permissions(root() / name, std::filesystem::perms::none);
  };
  directory_.write("root/other.jpg", "other");
  for (const char* name : {"picture.jpg", "other.jpg", "folder"}) lock(name);
  const testing::ModesHold no_power;
  testing::CapturedLog log;
  for (int i = 0; i < 3; ++i) {
    for (const char* path : {"picture.jpg", "other.jpg", "folder/a b.png"}) {
      EXPECT_EQ(testing::fetched(*source_, path).error(),
                (Error{ErrorKind::kForbidden, "the file may not be read"}))
          << path;
    }
  }
  EXPECT_THAT(log.take(), ElementsAre("warning reading picture.jpg: Permission denied",
                                      "warning reading other.jpg: Permission denied",
                                      "warning reading folder/a b.png: Permission denied"));
  std::filesystem::permissions(root() / "picture.jpg", std::filesystem::perms::owner_read);
  EXPECT_EQ(content("picture.jpg"), "picture");
  std::filesystem::permissions(root() / "folder", std::filesystem::perms::owner_all);
}

TEST_F(DirectorySourceTest, WithoutDescriptorsItIsBusyAndNothingIsMissing) {
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit none{0, before.rlim_max};
  // The sanitizer of undefined behaviour needs a descriptor to look at what the log formats.
  const auto level = log::get_level();
  log::set_level(log::level::off);
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  const auto bytes = testing::fetched(*source_, "picture.jpg");
  const auto missing = testing::fetched(*source_, "nope.jpg");
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
  log::set_level(level);
  EXPECT_EQ(bytes.error(), (Error{ErrorKind::kBusy, "too much is open to read the file now"}));
  EXPECT_EQ(missing.error().kind, ErrorKind::kBusy) << "nobody knows whether it is there";
  EXPECT_EQ(content("picture.jpg"), "picture");
}

// The memory of a process is a file, which cannot be read where it begins.
TEST_F(DirectorySourceTest, AFileThatCannotBeReadIsOurFault) {
  const auto memory = open_directory_source("/proc/self").value();
  testing::CapturedLog log;
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(testing::fetched(*memory, "mem").error(),
              (Error{ErrorKind::kInternal, "the file could not be read"}));
  }
  EXPECT_THAT(log.take(), ElementsAre("warning reading mem: Input/output error",
                                      "warning reading mem: Input/output error"));
}

TEST_F(DirectorySourceTest, TheLogIsNotToldOfWhatIsNotThere) {
  testing::CapturedLog log;
  expect_not_found("nope.jpg");
  expect_not_found("../secret.txt");
  expect_not_found(std::string(5000, 'x'));
  EXPECT_THAT(log.take(), IsEmpty());
}

TEST_F(DirectorySourceTest, ReadsNothingOnceAStopWasRequested) {
  std::stop_source stop;
  EXPECT_EQ(testing::fetched(*source_, "picture.jpg", stop.get_token()).value().view(), "picture");

  stop.request_stop();

  EXPECT_EQ(testing::fetched(*source_, "picture.jpg", stop.get_token()).error().kind,
            ErrorKind::kCancelled);
  EXPECT_EQ(testing::fetched(*source_, "missing.jpg", stop.get_token()).error().kind,
            ErrorKind::kCancelled);
}

TEST_F(DirectorySourceTest, TheRootItselfMayBeALink) {
  std::filesystem::create_directory_symlink(root(), directory_.path() / "alias");

  const auto aliased = open_directory_source(directory_.path() / "alias").value();

  EXPECT_EQ(testing::fetched(*aliased, "picture.jpg").value().view(), "picture");
}

TEST(OpenDirectorySourceTest, TakesADirectoryOnly) {
  const testing::TemporaryDirectory directory;
  const auto file = directory.write("file", "x");

  EXPECT_TRUE(open_directory_source(directory.path()).has_value());
  EXPECT_EQ(open_directory_source(file).error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(open_directory_source(directory.path() / "nope").error().kind, ErrorKind::kNotFound);
}

// What a file looked like.
class FileVersionsTest : public DirectorySourceTest {
 protected:
  Result<FetchedOriginal> fetch(const Validators& known = {}) {
    Result<FetchedOriginal> result = Error{ErrorKind::kInternal, "nothing was said of it"};
    source_->fetch({.name = "a.jpg", .known = known, .deadline = Deadline::max()}, {},
                   [&](Result<FetchedOriginal> fetched) { result = std::move(fetched); });
    return result;
  }

  void write(std::string_view bytes) { directory_.write("root/a.jpg", bytes); }

  // Long enough for its times to tell it from what is written next.
  static void settle() { std::this_thread::sleep_for(std::chrono::milliseconds(60)); }
};

TEST_F(FileVersionsTest, AFileThatIsTheSameIsNotRead) {
  write("one");
  const FetchedOriginal first = fetch().value();
  EXPECT_EQ(first.bytes.view(), "one");
  EXPECT_EQ(first.hash, sha256("one"));
  EXPECT_FALSE(first.is_unchanged);
  const FetchedOriginal again = fetch(first.validators).value();
  EXPECT_TRUE(again.is_unchanged);
  EXPECT_TRUE(again.bytes.empty());
  EXPECT_EQ(again.validators, first.validators);
}

TEST_F(FileVersionsTest, AFileThatWasJustWrittenIsWaitedFor) {
  write("one");
  EXPECT_FALSE(fetch().value().validators.empty());
}

TEST_F(FileVersionsTest, EveryWayOfReplacingAFileIsNoticed) {
  write("one");
  Validators known = fetch()->validators;
  const auto expect_new = [&](std::string_view bytes, std::string_view how) {
    const FetchedOriginal fetched = this->fetch(known).value();
    EXPECT_FALSE(fetched.is_unchanged) << how;
    EXPECT_EQ(fetched.bytes.view(), bytes) << how;
    known = fetched.validators;
  };
  write("two");
  expect_new("two", "in place, with the same size");
  directory_.write("root/b.jpg", "six");
  std::filesystem::rename(root() / "b.jpg", root() / "a.jpg");
  expect_new("six", "by another file of the same size");
  const auto time = std::filesystem::last_write_time(root() / "a.jpg");
  write("ten");
  std::filesystem::last_write_time(root() / "a.jpg", time);
  expect_new("ten", "with the time set back");
  std::filesystem::last_write_time(root() / "a.jpg", time + std::chrono::hours(24 * 365));
  expect_new("ten", "with a time that is to come");
  EXPECT_TRUE(fetch(known)->is_unchanged);
}

TEST_F(FileVersionsTest, AFileThatIsGoneIsNotUnchanged) {
  write("one");
  const Validators known = fetch()->validators;
  std::filesystem::remove(root() / "a.jpg");
  EXPECT_EQ(fetch(known).error().kind, ErrorKind::kNotFound);
}

// As deployments replace all at once.
TEST_F(FileVersionsTest, ADirectoryThatIsReplacedAsAWholeIsNoticed) {
  directory_.write("r1/a.jpg", "one");
  directory_.write("r2/a.jpg", "two");
  const std::filesystem::path current = directory_.path() / "current";
  std::filesystem::create_directory_symlink(directory_.path() / "r1", current);
  source_ = open_directory_source(current).value();
  const Validators known = fetch()->validators;
  std::filesystem::create_directory_symlink(directory_.path() / "r2", directory_.path() / "next");
  std::filesystem::rename(directory_.path() / "next", current);
  EXPECT_EQ(fetch(known)->bytes.view(), "two");
  std::filesystem::remove(current);
  EXPECT_EQ(fetch()->bytes.view(), "two") << "what was there last";
}

// A writer that fills the file anew all the time, now slowly, now fast.
TEST_F(FileVersionsTest, NoReadingHasTwoHalves) {
  constexpr std::size_t kSize = 1U << 20U;
  std::atomic<bool> ends = false;
  write(std::string(kSize, 'a'));
  settle();
  std::jthread writer([&] {
    std::fstream file(root() / "a.jpg", std::ios::in | std::ios::out | std::ios::binary);
    for (int i = 0; !ends; ++i) {
      const std::string part(kSize / 64, static_cast<char>('a' + i % 26));
      file.seekp(0);
      for (int n = 0; n < 64; ++n) {
        file.write(part.data(), static_cast<std::streamsize>(part.size())).flush();
        if (i % 3 == 0) std::this_thread::sleep_for(std::chrono::microseconds(300));
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(i % 2 == 0 ? 90 : 10));
    }
  });
  int whole = 0;
  for (int i = 0; i < 40; ++i) {
    const Result<FetchedOriginal> fetched = fetch();
    if (fetched.has_error()) {
      EXPECT_EQ(fetched.error().kind, ErrorKind::kBusy);
      continue;
    }
    const std::string_view bytes = fetched->bytes.view();
    const bool is_of_one = bytes.find_first_not_of(bytes.front()) == std::string_view::npos;
    if (!fetched->validators.empty()) {
      EXPECT_TRUE(is_of_one);
      ++whole;
    }
  }
  ends = true;
  EXPECT_GT(whole, 0);
}

}  // namespace
}  // namespace imageserver
