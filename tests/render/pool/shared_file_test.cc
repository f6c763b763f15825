#include "render/pool/shared_file.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <string>

namespace imageserver {
namespace {

class SharedFileTest : public ::testing::Test {
 protected:
  [[nodiscard]] std::size_t size() const {
    struct stat status{};
    EXPECT_EQ(fstat(file_.fd().get(), &status), 0);
    return static_cast<std::size_t>(status.st_size);
  }

  [[nodiscard]] std::string content(std::size_t bytes) const {
    std::string read(bytes, ' ');
    EXPECT_EQ(pread(file_.fd().get(), read.data(), bytes, 0), static_cast<ssize_t>(bytes));
    return read;
  }

  const SharedFile file_;
};

TEST_F(SharedFileTest, HoldsOneFileBehindTheOther) {
  ASSERT_TRUE(file_.write("original", "watermark"));
  EXPECT_EQ(content(17), "originalwatermark");
  ASSERT_TRUE(file_.write("other", ""));
  EXPECT_EQ(content(5), "other");
}

TEST_F(SharedFileTest, GivesTheMemoryOfALargeFileBack) {
  constexpr std::size_t kUsual = 8U << 20U;
  ASSERT_TRUE(file_.write(std::string(kUsual, 'x'), ""));
  file_.shrink();
  EXPECT_EQ(size(), kUsual);
  ASSERT_TRUE(file_.write(std::string(kUsual, 'x'), "y"));
  EXPECT_EQ(size(), kUsual + 1);
  file_.shrink();
  EXPECT_EQ(size(), kUsual);
}

TEST_F(SharedFileTest, SaysWhereThereIsNoMemory) {
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit usual{};
  getrlimit(RLIMIT_FSIZE, &usual);
  const rlimit little{1000, usual.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &little), 0);
  EXPECT_TRUE(file_.write(std::string(900, 'x'), std::string(100, 'y')));
  EXPECT_FALSE(file_.write(std::string(900, 'x'), std::string(101, 'y')));
  EXPECT_FALSE(file_.write(std::string(1001, 'x'), ""));
  setrlimit(RLIMIT_FSIZE, &usual);
  std::signal(SIGXFSZ, handler);
}

}  // namespace
}  // namespace imageserver
