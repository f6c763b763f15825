#include "formats/svg_text.h"

#include <gtest/gtest.h>

#include <string>

namespace imageserver {
namespace {

std::string drawing(const std::string& parts) {
  return "<svg xmlns='http://www.w3.org/2000/svg' width='12' height='8'>" + parts + "</svg>";
}

std::string in_utf16(const std::string& text) {
  std::string units = "\xFF\xFE";
  for (const char unit : text) units += {unit, '\0'};
  return units;
}

TEST(SvgText, ADrawingWithPicturesOrEntitiesDoesNotStandAlone) {
  EXPECT_TRUE(svg_stands_alone(drawing("<rect width='6' height='8'/><imagery/>")));
  for (const char* const part : {"<image href='a.png'/>", "<g><svg:image\n/></g>", "<feImage/>"})
    EXPECT_FALSE(svg_stands_alone(drawing(part))) << part;
  EXPECT_FALSE(svg_stands_alone("<!DOCTYPE svg [<!ENTITY a 'b'>]>" + drawing("")));
}

TEST(SvgText, ADrawingInAnEncodingThatIsNotLookedThroughDoesNotStandAlone) {
  const auto says = [](const std::string& encoding) {
    return "<?xml version='1.0' encoding=" + encoding + "?>" + drawing("");
  };
  for (const char* const encoding : {"'UTF-8'", "\"us-ascii\"", "'ISO-8859-1'"})
    EXPECT_TRUE(svg_stands_alone(says(encoding))) << encoding;
  for (const char* const encoding : {"'UTF-7'", "'utf-16'", "'IBM037'", "'utf-8", "utf-8"})
    EXPECT_FALSE(svg_stands_alone(says(encoding))) << encoding;
}

TEST(SvgText, WhatStandsBehindTheDeclarationSaysNoEncoding) {
  const std::string text = drawing("<text encoding='UTF-7'/>");
  EXPECT_TRUE(svg_stands_alone("<?xml version='1.0'?>" + text));
  EXPECT_TRUE(svg_stands_alone(text));
}

TEST(SvgText, TheRootElementMakesItADrawing) {
  for (const char* const front :
       {"", "\xEF\xBB\xBF", " \n", "<?xml version='1.0'?>", "<!-- <html> -->", "<!---->",
        "<!DOCTYPE svg>", "<!DOCTYPE svg [<!---->]>", "<!DOCTYPE svg [<!-- ]> -->]>",
        "<!DOCTYPE svg [<?a ]>?>]>", "<!DOCTYPE svg [<!ENTITY a ']>'>]>"}) {
    EXPECT_TRUE(is_svg(front + drawing(""))) << front;
    EXPECT_FALSE(is_svg(front + std::string("<html>") + drawing(""))) << front;
  }
}

TEST(SvgText, ADrawingInUtf16IsLookedThroughAsWell) {
  const std::string says_so = "<?xml version='1.0' encoding='UTF-16'?>";
  EXPECT_TRUE(svg_stands_alone(in_utf16(says_so + drawing("<rect/>"))));
  EXPECT_TRUE(svg_stands_alone(in_utf16(drawing("<rect/>"))));
  EXPECT_FALSE(svg_stands_alone(in_utf16(says_so + drawing("<image/>"))));
  EXPECT_FALSE(svg_stands_alone(in_utf16("<?xml version='1.0' encoding='utf-8'?>" + drawing(""))));
}

}  // namespace
}  // namespace imageserver
