#include "base/read_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "base/unique_fd.h"

namespace imageserver {
namespace {

constexpr std::size_t kMost = std::size_t{1} << 20U;

class ReadFileTest : public ::testing::Test {
 protected:
  ReadFileTest() { std::filesystem::create_directory(folder_); }
  ~ReadFileTest() override { std::filesystem::remove_all(folder_); }

  std::string written(const std::string& content) const {
    std::ofstream(path_) << content;
    return path_;
  }

  static std::string error_of(const std::string& path) {
    const Result<std::string> text = read_file(path, kMost);
    EXPECT_TRUE(text.has_error());
    return text.has_error() ? text.error().message : "";
  }

  const std::string folder_ = ::testing::TempDir() + "read_file_test_" + std::to_string(::getpid());
  const std::string path_ = folder_ + "/file";
};

TEST_F(ReadFileTest, GivesAllThatIsThere) {
  EXPECT_EQ(read_file(written(""), kMost).value(), "");
  const std::string long_text(100'000, 'x');
  EXPECT_EQ(read_file(written(long_text), kMost).value(), long_text);
}

TEST_F(ReadFileTest, GoesUpToTheLimit) {
  EXPECT_TRUE(read_file(written(std::string(kMost, 'x')), kMost).has_value());
  EXPECT_EQ(error_of(written(std::string(kMost + 1, 'x'))), "must not be larger than 1 MiB");
}

TEST_F(ReadFileTest, SaysWhyNot) {
  EXPECT_EQ(error_of(path_), "cannot be read: No such file or directory");
  EXPECT_EQ(error_of(folder_), "cannot be read: Is a directory");
}

TEST_F(ReadFileTest, DoesNotWaitForAPipeThatNobodyWritesTo) {
  ASSERT_EQ(mkfifo(path_.c_str(), 0600), 0);
  EXPECT_EQ(read_file(path_, kMost).value(), "");
}

// As a shell's `<(command)`.
TEST_F(ReadFileTest, WaitsForWhatComesThroughAPipe) {
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe(ends.data()), 0);
  const UniqueFd reader(ends[0]);
  std::jthread later([writer = UniqueFd(ends[1])] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    EXPECT_EQ(write(writer.get(), "secret", 6), 6);
  });
  EXPECT_EQ(read_file("/proc/self/fd/" + std::to_string(reader.get()), kMost).value(), "secret");
}

}  // namespace
}  // namespace imageserver
