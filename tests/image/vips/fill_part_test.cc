#include "image/vips/fill_part.h"

#include <gtest/gtest.h>

#include <new>
#include <stdexcept>

#include "image/vips/guard.h"

namespace imageserver {
namespace {

class FillPartTest : public ::testing::Test {
 protected:
  FillPartTest() { vips_error_clear(); }
  ~FillPartTest() override { vips_error_clear(); }
};

TEST_F(FillPartTest, WhatIsFilledIsGood) {
  bool filled = false;
  EXPECT_EQ(fill_part("test", [&] { filled = true; }), 0);
  EXPECT_TRUE(filled);
}

TEST_F(FillPartTest, MemoryThatRunsOutIsToldFromDamage) {
  EXPECT_EQ(fill_part("test", [] { throw std::bad_alloc(); }), -1);
  EXPECT_EQ(failure_of_libvips({}), out_of_memory());
}

TEST_F(FillPartTest, WhatElseIsThrownIsDamage) {
  EXPECT_EQ(fill_part("test", [] { throw std::runtime_error("broken"); }), -1);
  EXPECT_STREQ(vips_error_buffer(), "test: broken\n");
  EXPECT_EQ(failure_of_libvips({}), damaged());
}

}  // namespace
}  // namespace imageserver
