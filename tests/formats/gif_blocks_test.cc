#include "formats/gif_blocks.h"

#include <gtest/gtest.h>

#include <string>

#include "formats/frame_limit.h"

namespace imageserver {
namespace {

using std::string_literals::operator""s;

const std::string kScreen = "GIF89a\x01\x00\x01\x00\x00\x00\x00"s;
const std::string kFrame = ",\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02\x44\x01\x00"s;
const std::string kComment = "\x21\xFE\x02,;\x00"s;

TEST(GifFrames, AreCountedBlockByBlock) {
  const auto with_frames = [](int count) {
    std::string file = kScreen;
    for (int i = 0; i < count; ++i) file += kFrame + kComment;
    return file;
  };
  EXPECT_TRUE(gif_has_few_frames(with_frames(kMostFrames) + ';'));
  EXPECT_FALSE(gif_has_few_frames(with_frames(kMostFrames + 1) + ';'));
  EXPECT_FALSE(gif_has_few_frames(with_frames(kMostFrames + 1))) << "it need not have an end";
}

}  // namespace
}  // namespace imageserver
