#include "base/machine_memory.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

namespace imageserver {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kMebi = 1 << 20;

// A folder that looks like a machine of 8 GiB.
class MachineMemoryTest : public ::testing::Test {
 protected:
  MachineMemoryTest() { write("proc/meminfo", "MemTotal:        8388608 kB\nMemFree: 1 kB\n"); }
  ~MachineMemoryTest() override { fs::remove_all(root_); }

  void write(const std::string& path, const std::string& text) {
    fs::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path) << text;
  }

  [[nodiscard]] std::int64_t mebibytes() const { return machine_memory(root_) / kMebi; }

 private:
  const fs::path root_ =
      fs::temp_directory_path() / ("machine-memory-test-" + std::to_string(getpid()));
};

TEST_F(MachineMemoryTest, WithoutGroupsItIsTheMachines) {
  EXPECT_EQ(mebibytes(), 8192);
  write("proc/self/cgroup", "0::/\n");
  EXPECT_EQ(mebibytes(), 8192);
}

TEST_F(MachineMemoryTest, AContainerSeesItsOwnGroupAsTheUppermost) {
  write("proc/self/cgroup", "0::/\n");
  write("sys/fs/cgroup/memory.max", "536870912\n");
  EXPECT_EQ(mebibytes(), 512);
  write("sys/fs/cgroup/memory.max", "max\n");
  EXPECT_EQ(mebibytes(), 8192);
}

TEST_F(MachineMemoryTest, TheLeastOfAGroupAndThoseAboveCounts) {
  write("proc/self/cgroup", "0::/system.slice/imageserver.service\n");
  write("sys/fs/cgroup/system.slice/imageserver.service/memory.max", "2147483648\n");
  EXPECT_EQ(mebibytes(), 2048);
  write("sys/fs/cgroup/system.slice/memory.max", "1073741824\n");
  EXPECT_EQ(mebibytes(), 1024);
}

TEST_F(MachineMemoryTest, TheFirstVersionHasATreeForMemory) {
  write("proc/self/cgroup", "12:cpu,cpuacct:/a\n7:memory:/docker/a\n0::/b\n");
  write("sys/fs/cgroup/memory/docker/a/memory.limit_in_bytes", "268435456\n");
  write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
  EXPECT_EQ(mebibytes(), 256);
}

TEST(MachineMemory, OfThisMachineIsSome) { EXPECT_GT(machine_memory(), 64 * kMebi); }

}  // namespace
}  // namespace imageserver
