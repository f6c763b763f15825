#include "formats/tiff_page.h"

#include <gtest/gtest.h>

namespace imageserver {
namespace {

TEST(TiffPage, ATileMayBeAsLargeAsItsPicture) {
  EXPECT_TRUE(is_fair_tile({4096, 4096}, {16, 16}));
  EXPECT_FALSE(is_fair_tile({4096, 4112}, {16, 16}));
  EXPECT_TRUE(is_fair_tile({7008, 7008}, {7000, 7000}));
  EXPECT_FALSE(is_fair_tile({7008, 7024}, {7000, 7000}));
  EXPECT_FALSE(is_fair_tile({std::uint64_t{1} << 32, std::uint64_t{1} << 32}, {16, 16}));
  EXPECT_FALSE(is_fair_tile({16, 16}, {std::uint64_t{1} << 32, 16}));
}

}  // namespace
}  // namespace imageserver
