#include "render/pool/not_started.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>

#include "support/captured_log.h"

namespace imageserver {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(NotStartedTest, AShortageIsWorthAnotherTry) {
  const Error busy{ErrorKind::kBusy, "too much is open to make the picture now"};
  for (const int error : {EMFILE, ENFILE, ENOMEM, EAGAIN}) {
    EXPECT_EQ(not_started("/program", error), busy) << error;
  }
  const Error fault{ErrorKind::kInternal, "the picture could not be made"};
  for (const int error : {ENOENT, EACCES, ENOEXEC}) {
    EXPECT_EQ(not_started("/program", error), fault) << error;
  }
}

TEST(NotStartedTest, OneReasonIsLoggedOnce) {
  static_cast<void>(not_started("/program", ENOENT));
  testing::CapturedLog log;
  static_cast<void>(not_started("/program", EACCES));
  EXPECT_THAT(log.take(), ElementsAre("error /program cannot be started: Permission denied"));
  static_cast<void>(not_started("/program", EACCES));
  EXPECT_THAT(log.take(), IsEmpty());
  static_cast<void>(not_started("/program", ENOENT));
  EXPECT_THAT(log.take(),
              ElementsAre("error /program cannot be started: No such file or directory"));
}

}  // namespace
}  // namespace imageserver
