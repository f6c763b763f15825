#include "formats/webp_chunks.h"

#include <gtest/gtest.h>

#include <string>

#include "formats/frame_limit.h"

namespace imageserver {
namespace {

using std::string_literals::operator""s;

// A RIFF file with this chunk first, filled up.
std::string webp(const std::string& kind, const std::string& data) {
  return "RIFF\0\0\0\0WEBP"s + kind + "\x0A\0\0\0"s + data + std::string(16, '\0');
}

TEST(WebpFrames, AreCountedChunkByChunk) {
  const auto with_frames = [](int count) {
    const std::string chunk = "\x03\0\0\0ANM "s;  // as long as it says, and a byte to fill it up
    std::string file = "RIFF\0\0\0\0WEBP"s;
    for (int i = 0; i < count; ++i) file += "ANMF" + chunk + "ICCP" + chunk;
    return file;
  };
  EXPECT_TRUE(webp_has_few_frames(with_frames(kMostFrames)));
  EXPECT_FALSE(webp_has_few_frames(with_frames(kMostFrames + 1)));
}

TEST(WebpCanvas, IsThatOfTheFirstChunk) {
  EXPECT_EQ(webp_canvas(webp("VP8X", "\x10\0\0\0\xE7\x03\0\xF3\x01\0"s)), (Size{1000, 500}));
  EXPECT_EQ(webp_canvas(webp("VP8X", "\0\0\0\0\xFF\xFF\xFF\xFF\xFF\xFF"s)),
            (Size{1 << 24, 1 << 24}));
  EXPECT_EQ(webp_canvas(webp("VP8 ", "\x30\x01\0\x9D\x01\x2A\xE8\x43\xF4\xC1"s)), (Size{1000, 500}))
      << "the upper two bits are a scale";
  EXPECT_EQ(webp_canvas(webp("VP8L", "\x2F\xE7\xC3\x7C\x10"s)), (Size{1000, 500}));
}

TEST(WebpCanvas, IsNoneOfWhatSaysNone) {
  EXPECT_EQ(webp_canvas(webp("ALPH", "\x10\0\0\0\xE7\x03\0\xF3\x01\0"s)), std::nullopt);
  EXPECT_EQ(webp_canvas(webp("VP8 ", "\x30\x01\0\x9D\x01\x2B\xE8\x43\xF4\xC1"s)), std::nullopt);
  EXPECT_EQ(webp_canvas(webp("VP8L", "\x2E\xE7\xC3\x7C\x10"s)), std::nullopt);
  const std::string file = webp("VP8X", "\x10\0\0\0\xE7\x03\0\xF3\x01\0"s);
  for (std::size_t size = 12; size < 30; ++size)
    EXPECT_EQ(webp_canvas(std::string_view(file).substr(0, size)), std::nullopt) << size;
}

}  // namespace
}  // namespace imageserver
