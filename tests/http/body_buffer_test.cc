#include "http/body_buffer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace imageserver {
namespace {

std::size_t put(BodyBuffer& body, std::string_view bytes) {
  const auto space = body.space();
  const std::size_t size = std::min(bytes.size(), space.size());
  std::copy_n(bytes.begin(), size, space.begin());
  body.commit(size);
  return size;
}

TEST(BodyBufferTest, WithoutABodyThereIsNothingToCome) {
  BodyBuffer body;
  EXPECT_TRUE(body.is_whole());
  EXPECT_EQ(body.view(), "");
  body.begin(0, "");
  EXPECT_TRUE(body.is_whole());
}

TEST(BodyBufferTest, PutsPiecesTogether) {
  BodyBuffer body;
  body.begin(8, "ab");
  EXPECT_FALSE(body.is_whole());
  EXPECT_EQ(body.view(), "ab");
  EXPECT_EQ(put(body, "c"), 1U);
  EXPECT_EQ(body.view(), "abc");
  EXPECT_EQ(put(body, "defgh and more"), 5U);
  EXPECT_TRUE(body.is_whole());
  EXPECT_EQ(body.view(), "abcdefgh");
}

TEST(BodyBufferTest, MayBeThereAtOnce) {
  BodyBuffer body;
  body.begin(3, "abc");
  EXPECT_TRUE(body.is_whole());
  EXPECT_EQ(body.view(), "abc");
}

TEST(BodyBufferTest, TakesMemoryForWhatHasCome) {
  constexpr std::size_t kSize = 100'000;
  BodyBuffer body;
  body.begin(kSize, "");
  std::size_t come = 0;
  while (!body.is_whole()) {
    const std::size_t space = body.space().size();
    EXPECT_LE(space, std::max<std::size_t>(4096, come));
    EXPECT_LE(space, kSize - come);
    come += put(body, std::string(1000, static_cast<char>('a' + come / 1000 % 26)));
  }
  EXPECT_EQ(body.view().size(), kSize);
  EXPECT_EQ(body.view().substr(0, 3), "aaa");
  EXPECT_EQ(body.view().back(), static_cast<char>('a' + (kSize / 1000 - 1) % 26));
}

TEST(BodyBufferTest, ForgetsWhatWasDropped) {
  BodyBuffer body;
  body.begin(3, "abc");
  body.drop();
  EXPECT_TRUE(body.is_whole());
  EXPECT_EQ(body.view(), "");
  body.begin(2, "x");
  put(body, "yz");
  EXPECT_EQ(body.view(), "xy");
}

}  // namespace
}  // namespace imageserver
