#include "image/sniff.h"

#include <gtest/gtest.h>

namespace imageserver {
namespace {

using std::string_view_literals::operator""sv;

TEST(Sniff, KnowsEveryFormatByItsFirstBytes) {
  EXPECT_EQ(sniff("\xFF\xD8\xFF\xE0"sv), Format::kJpeg);
  EXPECT_EQ(sniff("\x89PNG\r\n\x1A\n...."sv), Format::kPng);
  EXPECT_EQ(sniff("GIF87a"sv), Format::kGif);
  EXPECT_EQ(sniff("GIF89a"sv), Format::kGif);
  EXPECT_EQ(sniff("RIFF\0\0\0\0WEBPVP8 "sv), Format::kWebp);
}

TEST(Sniff, KnowsNothingElse) {
  for (const auto bytes :
       {""sv, "\xFF"sv, "\xFF\xD8"sv, "\x89PNG"sv, "GIF88a"sv, "GIF8"sv, "RIFF"sv,
        "RIFF\0\0\0\0WAVE"sv, "RIFF\0\0\0\0WEB"sv, "<svg xmlns='http://www.w3.org/2000/svg'/>"sv,
        "%PDF-1.7"sv, "BM"sv, "II*\0"sv, " \xFF\xD8\xFF"sv}) {
    EXPECT_EQ(sniff(bytes), std::nullopt) << bytes;
  }
}

}  // namespace
}  // namespace imageserver
