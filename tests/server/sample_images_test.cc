#include "server/sample_images.h"

#include <gtest/gtest.h>

namespace imageserver {
namespace {

TEST(SampleImagesTest, AreFoundBesideAProgramOfTheBuildTree) {
  EXPECT_TRUE(std::filesystem::is_regular_file(sample_images() / "medium.jpg"));
}

}  // namespace
}  // namespace imageserver
