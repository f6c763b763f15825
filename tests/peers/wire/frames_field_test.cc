#include "peers/wire/frames_field.h"

#include <gtest/gtest.h>

namespace imageserver {
namespace {

TEST(FramesFieldTest, SaysHowManyOfHowMany) { EXPECT_EQ(frames_text({100, 250}), "100/250"); }

TEST(FramesFieldTest, ReadsWhatItWrites) {
  EXPECT_EQ(parse_frames("100/250"), (Frames{100, 250}));
  EXPECT_EQ(parse_frames("1/1"), (Frames{1, 1}));
  EXPECT_EQ(parse_frames("12/12"), (Frames{12, 12}));
}

TEST(FramesFieldTest, RefusesEverythingElse) {
  for (const char* text : {"", "/", "1", "1/", "/1", "0/1", "2/1", "-1/2", "+1/2", "1/2/3", " 1/2",
                           "1/2 ", "a/b", "1/99999999999"}) {
    EXPECT_FALSE(parse_frames(text)) << text;
  }
}

}  // namespace
}  // namespace imageserver
