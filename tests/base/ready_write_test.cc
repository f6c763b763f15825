#include "base/ready_write.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <climits>
#include <csignal>
#include <string>

#include "base/pipe.h"

namespace imageserver {
namespace {

TEST(ReadyWriteTest, WritesWhatThereIsRoomFor) {
  const testing::Pipe pipe;
  EXPECT_EQ(write_when_ready(pipe.writer(), "text", milliseconds(0)), 4);
  EXPECT_EQ(pipe.read(), "text");
}

TEST(ReadyWriteTest, WritesNoMoreThanAPipeThatIsReadyTakes) {
  const testing::Pipe pipe;
  const std::string text(PIPE_BUF + 1, 'x');
  EXPECT_EQ(write_when_ready(pipe.writer(), text, milliseconds(0)), PIPE_BUF);
}

TEST(ReadyWriteTest, DoesNotWaitForEverForRoom) {
  const testing::Pipe pipe;
  const std::string before = pipe.fill();
  EXPECT_EQ(write_when_ready(pipe.writer(), "text", milliseconds(1)), 0);
  EXPECT_EQ(pipe.read_rest(), before);
}

TEST(ReadyWriteTest, LeavesTheDescriptorBlocking) {
  const testing::Pipe pipe;
  EXPECT_EQ(write_when_ready(pipe.writer(), "text", milliseconds(1)), 4);
  EXPECT_EQ(fcntl(pipe.writer(), F_GETFL) & O_NONBLOCK, 0);
}

TEST(ReadyWriteTest, SaysWhyItCannotWrite) {
  const UniqueFd full(open("/dev/full", O_WRONLY | O_CLOEXEC));
  EXPECT_EQ(write_when_ready(full.get(), "text", milliseconds(0)), -1);
  EXPECT_EQ(errno, ENOSPC);
  EXPECT_EQ(write_when_ready(INT_MAX, "text", milliseconds(0)), -1);
  EXPECT_EQ(errno, EBADF);
}

TEST(ReadyWriteTest, WithoutAReaderIsAnErrorWhereTheSignalIsIgnored) {
  testing::Pipe pipe;
  pipe.close_reader();
  const auto before = std::signal(SIGPIPE, SIG_IGN);
  EXPECT_EQ(write_when_ready(pipe.writer(), "text", milliseconds(0)), -1);
  EXPECT_EQ(errno, EPIPE);
  std::signal(SIGPIPE, before);
}

}  // namespace
}  // namespace imageserver
