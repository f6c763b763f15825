// Reading a file and writing to a log, when the kernel does not do what it is asked for.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cerrno>
#include <string>

#include "base/pipe.h"
#include "base/read_file.h"
#include "base/ready_write.h"
#include "support/system_calls.h"
#include "support/temporary_directory.h"

namespace imageserver {
namespace {

using testing::always;
using testing::at_first;
using testing::SystemCalls;

constexpr std::size_t kMost = 1U << 20U;

class ReadFileFaultsTest : public ::testing::Test {
 protected:
  [[nodiscard]] Result<std::string> read() const { return read_file(path_, kMost); }
  [[nodiscard]] std::string failure() const { return read().error().message; }

  const std::string content_ = std::string(40'000, 'x') + "end";
  const testing::TemporaryDirectory directory_;
  const std::string path_ = directory_.write("file", content_);
  SystemCalls calls_;
};

TEST_F(ReadFileFaultsTest, ReadingThatIsInterruptedGoesOn) {
  calls_.read.fault = [](int nth) { return nth % 2 == 1 ? EINTR : 0; };
  EXPECT_EQ(read().value(), content_);
}

TEST_F(ReadFileFaultsTest, WhatComesInSmallPartsIsWhole) {
  calls_.read.most = 997;
  EXPECT_EQ(read().value(), content_);
}

TEST_F(ReadFileFaultsTest, AFileThatCannotBeOpenedIsNotRead) {
  calls_.open.fault = always(EMFILE);
  EXPECT_EQ(failure(), "cannot be read: Too many open files");
  EXPECT_EQ(calls_.read.made, 0);
}

TEST_F(ReadFileFaultsTest, HalfAFileIsNone) {
  calls_.read.fault = [](int nth) { return nth == 2 ? EIO : 0; };
  EXPECT_EQ(failure(), "cannot be read: Input/output error");
}

TEST_F(ReadFileFaultsTest, APipeIsWaitedForThoughTheWaitIsInterrupted) {
  const std::string pipe = directory_.path() / "pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  const UniqueFd writer(open(pipe.c_str(), O_RDWR | O_CLOEXEC));
  ASSERT_EQ(write(writer.get(), "late", 4), 4);
  calls_.read.fault = at_first(2, EAGAIN);
  calls_.poll.fault = at_first(1, EINTR);
  // A limit ends it: this end of the pipe stays open.
  EXPECT_EQ(read_file(pipe, 3).error().message, "must not be larger than 0 MiB");
  EXPECT_EQ(calls_.poll.made, 2);
}

TEST_F(ReadFileFaultsTest, WhereNothingCanBeWaitedForItIsNotRead) {
  calls_.read.fault = always(EAGAIN);
  calls_.poll.fault = [](int) { return ENOMEM; };
  EXPECT_THAT(failure(), ::testing::StartsWith("cannot be read: "));
  EXPECT_EQ(calls_.read.made, 1);
}

class ReadyWriteFaultsTest : public ::testing::Test {
 protected:
  [[nodiscard]] ssize_t write(std::string_view text) const {
    return write_when_ready(pipe_.writer(), text, std::chrono::milliseconds(100));
  }

  const testing::Pipe pipe_;
  SystemCalls calls_;
};

TEST_F(ReadyWriteFaultsTest, AnInterruptionWritesNothingAndIsNoError) {
  calls_.write.fault = at_first(1, EINTR);
  EXPECT_EQ(write("line"), 0);
  EXPECT_EQ(write("line"), 4);
  calls_.poll = {at_first(1, EINTR)};
  EXPECT_EQ(write("line"), 0);
  EXPECT_EQ(write("line"), 4);
}

TEST_F(ReadyWriteFaultsTest, ADescriptorWithoutRoomIsNoError) {
  calls_.write.fault = at_first(1, EAGAIN);
  EXPECT_EQ(write("line"), 0);
  EXPECT_EQ(write("line"), 4);
}

TEST_F(ReadyWriteFaultsTest, TellsHowMuchWasWritten) {
  calls_.write.most = 3;
  EXPECT_EQ(write("line"), 3);
}

TEST_F(ReadyWriteFaultsTest, AFullOrBrokenDiskIsAnError) {
  for (const int error : {ENOSPC, EIO, EPIPE}) {
    calls_.write = {always(error)};
    EXPECT_EQ(write("line"), -1) << error;
  }
  calls_.write = {};
  calls_.poll = {always(ENOMEM)};
  EXPECT_EQ(write("line"), -1);
}

}  // namespace
}  // namespace imageserver
