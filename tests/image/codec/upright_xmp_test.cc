#include "image/codec/upright_xmp.h"

#include <gtest/gtest.h>

namespace imageserver {
namespace {

TEST(UprightXmp, AnAttributeIsSetToOne) {
  EXPECT_EQ(upright_xmp(R"(<rdf:Description tiff:Orientation="6" tiff:Make="a 6"/>)"),
            R"(<rdf:Description tiff:Orientation="1" tiff:Make="a 6"/>)");
  EXPECT_EQ(upright_xmp("<a t:Orientation = '8'/>"), "<a t:Orientation = '1'/>");
}

TEST(UprightXmp, AnElementIsSetToOne) {
  EXPECT_EQ(upright_xmp("<tiff:Orientation>3</tiff:Orientation>"),
            "<tiff:Orientation>1</tiff:Orientation>");
  EXPECT_EQ(upright_xmp("<tiff:Orientation>\n 3 </tiff:Orientation> <tiff:Orientation>8<"),
            "<tiff:Orientation>\n 1 </tiff:Orientation> <tiff:Orientation>1<");
}

TEST(UprightXmp, AllElseStays) {
  for (const char* packet :
       {"", "<x:xmpmeta/>", R"(a:Orientation="1")", R"(a:Orientation="")", "a:Orientation",
        "a:Orientation=", R"(a:Orientation=")", "a:Orientation>", R"(a:OrientationX="6")",
        R"(Orientation="6")", R"(a:Orientation="north")"}) {
    EXPECT_EQ(upright_xmp(packet), packet);
  }
}

}  // namespace
}  // namespace imageserver
