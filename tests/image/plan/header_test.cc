#include "image/plan/header.h"

#include <gtest/gtest.h>

#include "image/plan/admit.h"
#include "image/plan/geometry.h"

namespace imageserver {
namespace {

TEST(Header, OfWhichNothingIsSaidIsThatOfAPlainPicture) {
  const Header header;
  EXPECT_EQ(header.pages, 1);
  EXPECT_EQ(header.orientation, 1);
  EXPECT_TRUE(header.is_srgb);
  EXPECT_FALSE(header.alpha || header.is_dear || header.has_copyright || header.has_metadata);
  EXPECT_EQ(header.coded_pixels, 0);
  EXPECT_EQ(header.natural, std::nullopt);
}

TEST(Pages, AreTheFirstUnlessSaidOtherwise) {
  EXPECT_EQ(Pages{}.first, 0);
  EXPECT_EQ(Pages{}.count, 1);
}

TEST(Layout, OfWhichNothingIsSaidDoesNothing) {
  EXPECT_EQ(Box{}, (Box{0, 0, {0, 0}}));
  EXPECT_EQ(Axis{}, (Axis{0, 0, 0, 0, 0, 0}));
  const Layout layout;
  EXPECT_TRUE(layout.turn.is_none());
  EXPECT_EQ(layout.rotation, 0);
}

TEST(Admit, EverythingMayBeginUnlessItIsRefused) {
  EXPECT_TRUE(may_begin({}, {}));
  Demand asked;
  EXPECT_EQ(asked, (Demand{0, 0}));
  const Admit refuse = [&](const Demand& demand) {
    asked = demand;
    return false;
  };
  EXPECT_FALSE(may_begin(refuse, {.work = 3, .memory = 4}));
  EXPECT_EQ(asked, (Demand{3, 4}));
  EXPECT_TRUE(may_begin([](const Demand&) { return true; }, {}));
}

}  // namespace
}  // namespace imageserver
