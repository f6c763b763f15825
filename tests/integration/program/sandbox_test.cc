// The sandbox of a server's renderers, and a kernel that refuses some of it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/landlock.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "integration/harness/node.h"
#include "support/patience.h"
#include "support/port.h"
#include "support/process.h"

namespace imageserver::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::string kNoLandlock =
    "the sandbox of renderers lacks Landlock: this kernel or container has none";
const std::string kNoFilter =
    "its filter of system calls (seccomp): this kernel or container refuses it (Operation not "
    "permitted)";

bool has_landlock() {
  return syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION) > 0;
}

// The program over the originals of the tests, where the kernel refuses these parts of a sandbox.
std::vector<std::string> on_kernel_refusing(const std::vector<std::string>& parts, int error,
                                            const Flags& flags) {
  std::vector<std::string> words = {IMAGESERVER_REFUSING_KERNEL, std::to_string(error)};
  words.insert(words.end(), parts.begin(), parts.end());
  words.insert(words.end(),
               {"--", program(), "--source=" IMAGESERVER_TESTDATA, "--drain=0s", "--workers=2"});
  words.insert(words.end(), flags.begin(), flags.end());
  return words;
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t times = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++times;
  return times;
}

// The log of a node there that has rendered a few pictures, of each kind of renderer.
std::string log_of_node_refused(const std::vector<std::string>& parts, int error) {
  const Port port;
  Process node(
      on_kernel_refusing(parts, error, {"--http=" + port.address(), "--untrusted-formats=svg"}));
  EXPECT_TRUE(eventually([&] { return can_connect(port.number()); })) << node.errors();
  for (const char* target : {"/small.jpg?width=10", "/small.jpg?width=11", "/alpha.png?width=12",
                             "/picture.svg?width=13", "/picture.svg?width=14"})
    EXPECT_EQ(get(port.number(), target).status, 200) << target;
  node.signal(SIGTERM);
  EXPECT_EQ(node.wait(), 0);
  return node.errors();
}

TEST(Sandbox, WhatTheKernelRefusesIsSaidOnceAndGoesWithout) {
  if (!has_landlock()) GTEST_SKIP() << "this kernel has no Landlock";
  const std::string without_landlock = log_of_node_refused({"landlock"}, ENOSYS);
  EXPECT_EQ(count(without_landlock, kNoLandlock), 1U) << without_landlock;
  EXPECT_EQ(count(without_landlock, "lacks"), 1U) << without_landlock;
  const std::string without_filter = log_of_node_refused({"seccomp"}, EPERM);
  EXPECT_EQ(count(without_filter, "lacks " + kNoFilter), 1U) << without_filter;
  EXPECT_EQ(count(without_filter, "lacks"), 1U) << without_filter;
}

TEST(Sandbox, WhereItIsRequiredAServerDoesNotStartWithoutIt) {
  if (!has_landlock()) GTEST_SKIP() << "this kernel has no Landlock";
  Process without_landlock(
      on_kernel_refusing({"landlock"}, ENOSYS, {"--http=127.0.0.1:0", "--sandbox=require"}));
  EXPECT_EQ(without_landlock.wait(), 1);
  EXPECT_EQ(without_landlock.errors(), "imageserver: --sandbox=require: " + kNoLandlock + '\n');
  Process without_both(on_kernel_refusing({"landlock", "seccomp"}, EPERM,
                                          {"--http=127.0.0.1:0", "--sandbox=require"}));
  EXPECT_EQ(without_both.wait(), 1);
  EXPECT_THAT(without_both.errors(), HasSubstr("lacks Landlock: this kernel or container refuses"));
  EXPECT_THAT(without_both.errors(), HasSubstr("; it lacks " + kNoFilter));
}

TEST(Sandbox, WhereItIsRequiredAServerThatRendersInThreadsDoesNotStart) {
  Process node({IMAGESERVER_THREADS_SERVER, "--source=" IMAGESERVER_TESTDATA, "--http=127.0.0.1:0",
                "--sandbox=require"});
  EXPECT_EQ(node.wait(), 2);
  EXPECT_EQ(node.errors(), "imageserver: --sandbox=require: threads have no sandbox\n");
}

TEST(Sandbox, IsWholeWhereTheKernelHasIt) {
  if (!has_landlock()) GTEST_SKIP() << "this kernel has no Landlock";
  Node node({"--sandbox=require", "--untrusted-formats=svg"});
  EXPECT_EQ(node.get("/small.jpg?width=10").status, 200);
  EXPECT_EQ(node.get("/picture.svg?width=10").status, 200);
  EXPECT_THAT(node.process().errors(), Not(HasSubstr("sandbox")));
}

// Also those that libraries start.
TEST(Sandbox, AllThreadsOfARendererAreFiltered) {
  Node node({"--sandbox=require", "--workers=1"});
  EXPECT_EQ(node.get("/small.jpg?width=40&format=avif").status, 200);
  std::size_t threads = 0;
  for (const pid_t renderer : children_of(node.process().id())) {
    const auto tasks = "/proc/" + std::to_string(renderer) + "/task";
    for (const auto& task : std::filesystem::directory_iterator(tasks)) {
      std::ifstream file(task.path() / "status");
      const std::string status{std::istreambuf_iterator<char>(file), {}};
      EXPECT_THAT(status, HasSubstr("NoNewPrivs:\t1"));
      EXPECT_THAT(status, HasSubstr("Seccomp:\t2"));
      ++threads;
    }
  }
  EXPECT_GE(threads, 2U);
}

}  // namespace
}  // namespace imageserver::testing
