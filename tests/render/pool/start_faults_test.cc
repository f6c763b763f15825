// A renderer that the kernel does not let start, and an original that finds no room.

#include <gtest/gtest.h>

#include <cerrno>
#include <string>

#include "render/pool/renderer_process.h"
#include "render/pool/shared_file.h"
#include "support/system_calls.h"

namespace imageserver {
namespace {

using testing::always;
using testing::at_first;
using testing::SystemCalls;

class StartFaultsTest : public ::testing::Test {
 protected:
  static ErrorKind failure() {
    const auto started = RendererProcess::start({.program = IMAGESERVER_FAKE_RENDERER});
    EXPECT_TRUE(started.has_error());
    return started.has_error() ? started.error().kind : ErrorKind::kCancelled;
  }

  // Whether one starts when nothing is wrong any more.
  bool starts_again() {
    for (auto* const call : {&calls_.make, &calls_.duplicate, &calls_.spawn}) *call = {};
    return RendererProcess::start({.program = IMAGESERVER_FAKE_RENDERER}).has_value();
  }

  SystemCalls calls_;
};

TEST_F(StartFaultsTest, AShortagePassesSoTheServerIsBusy) {
  for (const int error : {EMFILE, ENFILE, ENOMEM}) {
    calls_.make = {always(error)};
    EXPECT_EQ(failure(), ErrorKind::kBusy) << "no socket: " << error;
    calls_.make = {[=](int nth) { return nth == 2 ? error : 0; }};
    EXPECT_EQ(failure(), ErrorKind::kBusy) << "no memory to share: " << error;
    EXPECT_EQ(calls_.spawn.made, 0) << "nothing is started that cannot be spoken to";
    EXPECT_TRUE(starts_again());
    calls_.spawn = {};
  }
}

TEST_F(StartFaultsTest, DescriptorsThatCannotBeMovedAreAShortageWhicheverItIs) {
  for (const int nth_that_fails : {1, 2}) {
    calls_.duplicate = {[=](int nth) { return nth == nth_that_fails ? EMFILE : 0; }};
    EXPECT_EQ(failure(), ErrorKind::kBusy) << nth_that_fails;
  }
  EXPECT_TRUE(starts_again());
}

TEST_F(StartFaultsTest, ProcessesAreAShortageAndAMissingProgramIsNot) {
  for (const int error : {EAGAIN, ENOMEM}) {
    calls_.spawn = {always(error)};
    EXPECT_EQ(failure(), ErrorKind::kBusy) << error;
  }
  for (const int error : {ENOENT, EACCES, ENOEXEC}) {
    calls_.spawn = {always(error)};
    EXPECT_EQ(failure(), ErrorKind::kInternal) << error;
  }
  EXPECT_TRUE(starts_again());
}

class SharedFileFaultsTest : public ::testing::Test {
 protected:
  [[nodiscard]] std::string content() const {
    std::string text(16, '\0');
    const ssize_t size = pread(file_.fd().get(), text.data(), text.size(), 0);
    return text.substr(0, static_cast<std::size_t>(size));
  }

  const SharedFile file_;
  SystemCalls calls_;
};

TEST_F(SharedFileFaultsTest, IsWrittenWholeInSmallPartsAndThoughInterrupted) {
  calls_.write.fault = [](int nth) { return nth % 2 == 1 ? EINTR : 0; };
  calls_.write.most = 2;
  EXPECT_TRUE(file_.write("the first", "second"));
  EXPECT_EQ(content(), "the firstsecond");
}

TEST_F(SharedFileFaultsTest, WhereThereIsNoRoomItIsNotWritten) {
  calls_.write.fault = always(ENOSPC);
  EXPECT_FALSE(file_.write("first", "second"));
  calls_.write = {[](int nth) { return nth == 2 ? ENOMEM : 0; }};
  EXPECT_FALSE(file_.write("first", "second")) << "half of it is not enough";
}

TEST_F(SharedFileFaultsTest, AKernelThatTakesNothingEndsIt) {
  calls_.write.most = 0;
  EXPECT_FALSE(file_.write("first", "second"));
}

}  // namespace
}  // namespace imageserver
