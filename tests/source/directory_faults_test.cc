// What a directory's files are answered with when the kernel does not do what it is asked for.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <chrono>
#include <fstream>
#include <memory>
#include <string>
#include <thread>

#include "params/size_limits.h"
#include "source/directory_source.h"
#include "support/captured_log.h"
#include "support/fetched.h"
#include "support/system_calls.h"
#include "support/temporary_directory.h"

namespace imageserver {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class DirectoryFaultsTest : public ::testing::Test {
 protected:
  DirectoryFaultsTest() {
    directory_.write("picture.jpg", "picture");
    source_ = open_directory_source(directory_.path()).value();
    // A file that was just written is looked at again and again.
    std::this_thread::sleep_for(std::chrono::milliseconds(60));
    calls_.openat2.made = 0;
  }

  [[nodiscard]] Result<Bytes> get(const std::string& path = "picture.jpg") const {
    return testing::fetched(*source_, path, stop_.get_token());
  }

  [[nodiscard]] ErrorKind kind() const { return get().error().kind; }

  void append(const std::string& text) const {
    std::ofstream(directory_.path() / "picture.jpg", std::ios::app | std::ios::binary) << text;
  }

  std::stop_source stop_;
  testing::TemporaryDirectory directory_;
  testing::SystemCalls calls_;
  testing::CapturedLog log_;
  std::unique_ptr<Source> source_;
};

TEST_F(DirectoryFaultsTest, AFileIsOpenedOnceAndAskedForItsTimesBeforeAndAfterItIsRead) {
  EXPECT_EQ(get().value().view(), "picture");
  EXPECT_EQ(calls_.openat2.made, 1);
  EXPECT_EQ(calls_.stat.made, 3) << "the directory itself once";
}

TEST_F(DirectoryFaultsTest, AFileThatCannotBeOpenedIsNotTriedAgain) {
  for (const int error : {EPERM, ENOENT, EACCES, EIO, EMFILE}) {
    calls_.openat2 = {testing::always(error)};
    EXPECT_TRUE(get().has_error());
    EXPECT_EQ(calls_.openat2.made, 1) << error;
  }
}

TEST_F(DirectoryFaultsTest, OpeningThatWasInterruptedIsTriedAgain) {
  calls_.openat2 = {testing::at_first(3, EINTR)};
  EXPECT_EQ(get().value().view(), "picture");
  EXPECT_EQ(calls_.openat2.made, 4);
}

// The kernel says so while something on the way to the file is renamed.
TEST_F(DirectoryFaultsTest, AFileThatTheKernelIsNotSureOfIsOpenedAgain) {
  calls_.openat2 = {testing::at_first(3, EAGAIN)};
  EXPECT_EQ(get().value().view(), "picture");
  EXPECT_EQ(calls_.openat2.made, 4);
}

TEST_F(DirectoryFaultsTest, AFileThatTheKernelIsNeverSureOfIsOurFaultInTheEnd) {
  calls_.openat2 = {testing::always(EAGAIN)};
  EXPECT_EQ(kind(), ErrorKind::kInternal);
}

TEST_F(DirectoryFaultsTest, ReadingThatWasInterruptedGoesOnWhereItWas) {
  calls_.read = {[](int nth) { return nth % 2 == 1 ? EINTR : 0; }};
  EXPECT_EQ(get().value().view(), "picture");
}

TEST_F(DirectoryFaultsTest, AFileThatGrowsWhileItIsReadIsReadToItsEnd) {
  std::string whole = "picture";
  calls_.read = {[&](int nth) {
    const std::string more(whole.size(), static_cast<char>('a' + nth));
    if (whole.size() + more.size() <= kMaxSourceBytes) {
      append(more);
      whole += more;
    }
    return 0;
  }};
  const Bytes bytes = get().value();
  EXPECT_GT(whole.size(), kMaxSourceBytes / 2);
  EXPECT_TRUE(bytes.view() == whole) << "of " << whole.size() << " bytes came " << bytes.size();
}

TEST_F(DirectoryFaultsTest, AFileThatGrowsBeyondTheLimitWhileItIsReadIsTooLarge) {
  calls_.read = {[&](int nth) {
    if (nth == 1) append(std::string(kMaxSourceBytes, 'x'));
    return 0;
  }};
  EXPECT_EQ(kind(), ErrorKind::kUnprocessable);
}

TEST_F(DirectoryFaultsTest, NothingIsReadOfAFileWhoseSizeIsTooLarge) {
  append(std::string(kMaxSourceBytes, 'x'));
  EXPECT_EQ(kind(), ErrorKind::kUnprocessable);
  EXPECT_EQ(calls_.read.made, 0);
}

TEST_F(DirectoryFaultsTest, AStopEndsTheReading) {
  calls_.read = {[&](int nth) {
    if (nth == 2) stop_.request_stop();
    append("more");
    return 0;
  }};
  EXPECT_EQ(kind(), ErrorKind::kCancelled);
  EXPECT_EQ(calls_.read.made, 2);
}

// Of a path these errors say that it leads to no file.
TEST_F(DirectoryFaultsTest, AFileThatWasOpenedIsNeverMissing) {
  for (const int error : {ENOENT, ENODEV, ENXIO, EINVAL}) {
    calls_.read = {testing::always(error)};
    EXPECT_EQ(kind(), ErrorKind::kInternal) << "reading fails with error " << error;
    calls_.read = {};
    calls_.stat = {testing::always(error)};
    EXPECT_EQ(kind(), ErrorKind::kInternal) << "its size is asked for in vain: error " << error;
    calls_.stat = {};
  }
}

TEST_F(DirectoryFaultsTest, AFileThatMayBeOpenedAndNotReadIsForbidden) {
  for (const int error : {EACCES, EPERM}) {
    calls_.read = {testing::always(error)};
    EXPECT_EQ(kind(), ErrorKind::kForbidden) << error;
  }
  EXPECT_THAT(log_.take(), ElementsAre("warning reading picture.jpg: Permission denied"));
}

TEST_F(DirectoryFaultsTest, WhatIsShortIsTriedAgainByWhoeverAsks) {
  for (const int error : {EMFILE, ENFILE, ENOMEM}) {
    calls_.openat2 = {testing::always(error)};
    EXPECT_EQ(kind(), ErrorKind::kBusy) << "opening fails with error " << error;
    calls_.openat2 = {};
  }
  calls_.read = {testing::always(ENOMEM)};
  EXPECT_EQ(kind(), ErrorKind::kBusy) << "reading finds no memory";
}

TEST_F(DirectoryFaultsTest, APathThatLeadsToNoFileIsNoPicture) {
  for (const int error :
       {ENOENT, ENOTDIR, ELOOP, EXDEV, ENAMETOOLONG, EINVAL, EILSEQ, ENXIO, ENODEV}) {
    calls_.openat2 = {testing::always(error)};
    EXPECT_EQ(kind(), ErrorKind::kNotFound) << error;
  }
  EXPECT_THAT(log_.take(), IsEmpty());
}

// As on a kernel without openat2, or in a container that forbids it.
TEST_F(DirectoryFaultsTest, ADirectoryThatFilesCannotBeOpenedInIsTold) {
  calls_.openat2 = {testing::always(ENOSYS)};
  EXPECT_EQ(open_directory_source(directory_.path()).error(),
            (Error{ErrorKind::kInternal, "cannot be read: Function not implemented"}));
}

}  // namespace
}  // namespace imageserver
