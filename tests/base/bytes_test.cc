#include "base/bytes.h"

#include <gtest/gtest.h>

#include <string>

namespace imageserver {
namespace {

TEST(BytesTest, ADefaultOneIsEmpty) {
  const Bytes bytes;
  EXPECT_TRUE(bytes.empty());
  EXPECT_EQ(bytes.size(), 0U);
  EXPECT_TRUE(Bytes::copy("").empty());
}

TEST(BytesTest, ACopyIsIndependentOfItsSource) {
  std::string text = "picture";
  const Bytes bytes = Bytes::copy(text);
  text = "changed";
  EXPECT_EQ(bytes.view(), "picture");
}

TEST(BytesTest, OwningDoesNotCopy) {
  std::string text(1000, 'x');
  const char* before = text.data();
  const Bytes bytes = Bytes::own(std::move(text));
  EXPECT_EQ(bytes.data(), before);
  EXPECT_EQ(bytes.size(), 1000U);
}

TEST(BytesTest, ASliceIsTheSameMemoryAndKeepsItAlive) {
  Bytes slice;
  {
    const Bytes whole = Bytes::copy("head body");
    slice = whole.slice(5, 4);
    EXPECT_EQ(slice.data(), whole.data() + 5);
  }
  EXPECT_EQ(slice.view(), "body");
}

TEST(BytesTest, AnyByteMayBeInIt) {
  const std::string text("a\0b\xff", 4);
  EXPECT_EQ(Bytes::copy(text).view(), text);
}

}  // namespace
}  // namespace imageserver
