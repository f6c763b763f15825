#include "formats/format.h"

#include <gtest/gtest.h>

#include <string>

#include "support/pictures.h"

namespace imageserver {
namespace {

using std::string_view_literals::operator""sv;

TEST(Sniff, KnowsEveryFormatByItsFirstBytes) {
  EXPECT_EQ(sniff("\xFF\xD8\xFF\xE0"sv), FileType::kJpeg);
  EXPECT_EQ(sniff("\x89PNG\r\n\x1A\n...."sv), FileType::kPng);
  EXPECT_EQ(sniff("GIF87a"sv), FileType::kGif);
  EXPECT_EQ(sniff("GIF89a"sv), FileType::kGif);
  EXPECT_EQ(sniff("RIFF\0\0\0\0WEBPVP8 "sv), FileType::kWebp);
  EXPECT_EQ(sniff("II*\0"sv), FileType::kTiff);
  EXPECT_EQ(sniff("MM\0*"sv), FileType::kTiff);
  EXPECT_EQ(sniff("II+\0"sv), FileType::kTiff) << "BigTIFF";
  EXPECT_EQ(sniff("MM\0+"sv), FileType::kTiff) << "BigTIFF";
  EXPECT_EQ(sniff("%PDF-1.7"sv), FileType::kPdf);
  EXPECT_EQ(sniff("\xFF\x0A...."sv), FileType::kJxl) << "a bare codestream";
  EXPECT_EQ(sniff("\0\0\0\x0CJXL \r\n\x87\n"sv), FileType::kJxl) << "in a container";
  EXPECT_EQ(sniff(encoded(photo(4, 4), Format::kBmp).view()), FileType::kBmp);
}

// The order of the rows then does not count.
TEST(Sniff, NoBeginningOfAFormatBeginsLikeThatOfAnother) {
  for (const FormatRow& row : format_rows()) {
    for (const std::string_view beginning : row.beginnings) {
      if (beginning.empty()) continue;
      for (const FormatRow& other : format_rows()) {
        for (const std::string_view others : other.beginnings) {
          if (others.empty() || other.type == row.type) continue;
          EXPECT_FALSE(beginning.starts_with(others)) << row.name << " and " << other.name;
        }
      }
    }
  }
}

// A box of that length with those brands; the major one first, with its version behind it.
std::string ftyp(char length, const std::string& brands) {
  std::string box = std::string("\0\0\0", 3) + length + "ftyp" + brands;
  return box.insert(12, std::string("\0\0\0\0", 4));
}

TEST(Sniff, TellsIsoMediaByItsBrands) {
  EXPECT_EQ(sniff(ftyp(24, "avifmif1")), FileType::kAvif);
  EXPECT_EQ(sniff(ftyp(24, "mif1avif")), FileType::kAvif) << "a compatible brand";
  EXPECT_EQ(sniff(ftyp(24, "avismif1")), FileType::kAvif) << "a sequence";
  for (const std::string brand : {"heic", "heix", "heim", "heis", "hevc", "hevx"})
    EXPECT_EQ(sniff(ftyp(24, brand + "mif1")), FileType::kHeic) << brand;
  EXPECT_EQ(sniff(ftyp(24, "mif1heic")), FileType::kHeic);
  EXPECT_EQ(sniff(ftyp(24, "isommp42")), std::nullopt) << "a film";
  EXPECT_EQ(sniff(ftyp(16, "isomavif")), std::nullopt) << "a brand behind the box";
  EXPECT_EQ(sniff(encoded(photo(8, 8), Format::kAvif).view()), FileType::kAvif);
  EXPECT_EQ(sniff(heic(photo(64, 64)).view()), FileType::kHeic);
}

TEST(Sniff, TheFirstOfOurBrandsCounts) {
  EXPECT_EQ(sniff(ftyp(28, "mif1heicavif")), FileType::kHeic);
  EXPECT_EQ(sniff(ftyp(28, "mif1avifheic")), FileType::kAvif);
}

TEST(Sniff, AFixedBeginningGoesBeforeWhatIsFoundBehindIt) {
  EXPECT_EQ(sniff("II*\0ftypavif\0\0\0\0mif1"sv), FileType::kTiff);
  const auto bitmap =
      "BM\0\x18"
      "ftypavif\0\0\x28\0\0\0\0\0"sv;
  EXPECT_EQ(sniff(bitmap), FileType::kBmp);
  EXPECT_EQ(sniff("RIFFftypavif\0\0\0\0mif1"sv), FileType::kAvif) << "a RIFF that is no WebP";
  EXPECT_EQ(sniff("  \0\x18"
                  "ftypavif\0\0\0\0mif1"sv),
            FileType::kAvif);
}

TEST(Sniff, FindsSvgBehindWhatMayComeFirst) {
  EXPECT_EQ(sniff("<svg xmlns='http://www.w3.org/2000/svg'/>"sv), FileType::kSvg);
  EXPECT_EQ(sniff("<svg>"sv), FileType::kSvg);
  EXPECT_EQ(sniff("\xEF\xBB\xBF <?xml version='1.0'?><!-- <a> --><!DOCTYPE svg>\n<svg\n>"sv),
            FileType::kSvg);
  for (const auto bytes :
       {"<svg"sv, "<svgs>"sv, "hello <svg>"sv, "<html><p>"sv, "{\"a\": \"<svg>\"}"sv})
    EXPECT_EQ(sniff(bytes), std::nullopt) << bytes;
  EXPECT_EQ(sniff("<!--" + std::string(200'000, ' ') + "--><svg>"), FileType::kSvg);
  EXPECT_EQ(sniff(std::string(5000, '\n') + "<?xml-stylesheet href='a'?><svg>"), FileType::kSvg);
}

TEST(Sniff, FindsSvgByItsRootAlone) {
  EXPECT_EQ(sniff("<svg:svg xmlns:svg='http://www.w3.org/2000/svg'>"sv), FileType::kSvg);
  EXPECT_EQ(sniff("<!DOCTYPE svg [ <!ELEMENT a (b)> <!-- > --> ] ><svg/>"sv), FileType::kSvg);
  for (const auto bytes :
       {"<!-- <svg> --><html>"sv, "<!DOCTYPE svg><html><svg>"sv, "<!DOCTYPE a [<svg>]>"sv,
        "<?xml <svg> ?>"sv, "<!-- <svg>"sv, "<a:svgs>"sv, "<svg:g>"sv, "<html><svg>"sv})
    EXPECT_EQ(sniff(bytes), std::nullopt) << bytes;
}

TEST(Sniff, FindsSvgInUtf16) {
  EXPECT_EQ(sniff("\xFF\xFE<\0s\0v\0g\0>\0"sv), FileType::kSvg);
  EXPECT_EQ(sniff("\xFE\xFF\0<\0s\0v\0g\0>"sv), FileType::kSvg);
  EXPECT_EQ(sniff("\xFE\xFF<\0s\0v\0g\0>\0"sv), std::nullopt) << "in the other order";
  EXPECT_EQ(sniff("\xFF\xFE"sv), std::nullopt);
}

TEST(Sniff, KnowsNothingElse) {
  for (const auto bytes : {""sv, "\xFF"sv, "\xFF\xD8"sv, "\x89PNG"sv, "GIF88a"sv, "GIF8"sv,
                           "RIFF"sv, "RIFF\0\0\0\0WAVE"sv, "RIFF\0\0\0\0WEB"sv, "%PDF"sv, "BM"sv,
                           "II*"sv, "MM*\0"sv, "II\0*"sv, " \xFF\xD8\xFF"sv, "\0\0\0\x18"sv,
                           "\0\0\0\x18"
                           "ftypavif"sv}) {
    EXPECT_EQ(sniff(bytes), std::nullopt) << bytes;
  }
}

}  // namespace
}  // namespace imageserver
