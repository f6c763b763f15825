#include "base/standard_descriptors.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <initializer_list>

namespace imageserver {
namespace {

bool is_null_device(int fd) {
  struct stat null{};
  struct stat file{};
  return stat("/dev/null", &null) == 0 && fstat(fd, &file) == 0 && file.st_rdev == null.st_rdev;
}

// In a child with these descriptors closed; whether what it says is true of it.
template <class Question>
bool holds_without(std::initializer_list<int> closed, const Question& question) {
  const pid_t child = fork();
  if (child == 0) {
    for (const int fd : closed) close(fd);
    _exit(question() ? 0 : 1);
  }
  int status = -1;
  return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) &&
         WEXITSTATUS(status) == 0;
}

TEST(StandardDescriptorsTest, ClosedOnesLeadToNowhere) {
  EXPECT_TRUE(holds_without({0, 1, 2}, [] {
    return open_standard_descriptors() && is_null_device(0) && is_null_device(1) &&
           is_null_device(2) && open("/", O_RDONLY | O_CLOEXEC) > 2;
  }));
  EXPECT_TRUE(holds_without({2}, [] {
    return open_standard_descriptors() && is_null_device(2) && open("/", O_RDONLY | O_CLOEXEC) > 2;
  }));
}

TEST(StandardDescriptorsTest, OpenOnesStayWhatTheyAre) {
  EXPECT_TRUE(holds_without({}, [] {
    struct stat before{};
    struct stat after{};
    return fstat(1, &before) == 0 && open_standard_descriptors() && fstat(1, &after) == 0 &&
           before.st_ino == after.st_ino && before.st_dev == after.st_dev;
  }));
}

TEST(StandardDescriptorsTest, OneThatIsClosedIsToldFromItsNeighbours) {
  EXPECT_TRUE(holds_without({1}, [] {
    const bool others = fcntl(0, F_GETFD) >= 0 && fcntl(2, F_GETFD) >= 0;
    return others && open_standard_descriptors() && is_null_device(1);
  }));
}

}  // namespace
}  // namespace imageserver
