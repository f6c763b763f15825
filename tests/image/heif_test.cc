// AVIF and HEIC as they come from phones, cameras and programs: which picture is shown, and how.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "formats/heif_items.h"
#include "image/colour/cicp.h"
#include "image/describe.h"
#include "image/heif/open_heif.h"
#include "support/heif_file.h"
#include "support/pictures.h"

namespace imageserver {
namespace {

using std::string_literals::operator""s;
using vips::VImage;

using Colour3 = std::vector<double>;

const Colour3 kRed{255, 0, 0};
const Colour3 kBlue{0, 0, 255};

class HeifTest : public TransformTest {
 protected:
  static VImage shown(const HeifFile& file, TransformSpec spec = as(Format::kTiff)) {
    return decoded(*make(file.bytes(), spec));
  }

  static void expect_refused(const HeifFile& file, const std::string& why) {
    EXPECT_EQ(error_of(file.bytes(), as(Format::kTiff)).kind, ErrorKind::kUnprocessable) << why;
  }

  static void expect_colour(const VImage& image, const Colour3& colour, double tolerance = 2) {
    const Colour3 seen = colour_at(image, 0, 0, image.width(), image.height());
    ASSERT_EQ(seen.size(), colour.size());
    for (std::size_t i = 0; i < seen.size(); ++i) EXPECT_NEAR(seen[i], colour[i], tolerance) << i;
  }

  static Description description_of(const HeifFile& file) {
    const auto description = describe(file.bytes(), {});
    EXPECT_TRUE(description.has_value());
    return description.has_value() ? *description : Description{};
  }

  // Tiles of one colour each.
  static CodedPicture tile(const Colour3& colour, int side = 64) {
    return av1_of(plain(side, side, colour));
  }
};

struct Orientation {
  int exif;
  std::vector<std::string> boxes;
};

// How irot and imir say what an orientation of EXIF says: counter-clockwise turns, then the mirror
// (ISO/IEC 23008-12, sections 6.5.10 and 6.5.12).
std::vector<Orientation> orientations() {
  return {{1, {}},
          {2, {imir(1)}},
          {3, {irot(2)}},
          {4, {imir(0)}},
          {5, {irot(1), imir(0)}},
          {6, {irot(3)}},
          {7, {irot(3), imir(0)}},
          {8, {irot(1)}}};
}

TEST_F(HeifTest, IsTurnedByItsOwnBoxes) {
  const VImage seen = quarters(120, 80);
  for (const auto& [exif, boxes] : orientations()) {
    HeifFile file;
    file.picture(av1_of(stored_as(seen, exif)), boxes);
    EXPECT_LT(distance(shown(file), seen), 3) << exif;
    const Description description = description_of(file);
    EXPECT_EQ(description.header.orientation, exif);
  }
}

TEST_F(HeifTest, IsNotTurnedOnceMoreByExif) {
  const VImage seen = quarters(120, 80);
  HeifFile file;
  const int picture = file.picture(hevc_of(stored_as(seen, 6)), {irot(3)});
  file.exif(exif_with_orientation(6), {picture});
  EXPECT_LT(distance(shown(file), seen), 4);
  EXPECT_EQ(description_of(file).header.orientation, 6);
}

TEST_F(HeifTest, IsNotTurnedByExifAlone) {
  const VImage seen = quarters(120, 80);
  HeifFile file;
  file.exif(exif_with_orientation(6), {file.picture(av1_of(seen))});
  EXPECT_LT(distance(shown(file), seen), 3);
  EXPECT_EQ(description_of(file).header.orientation, 1);
}

TEST_F(HeifTest, IsNotTurnedWhereTheRequestSaysSo) {
  const VImage stored = quarters(120, 80);
  HeifFile file;
  file.picture(av1_of(stored), {irot(1)});
  TransformSpec spec = as(Format::kTiff);
  spec.orient = false;
  EXPECT_LT(distance(shown(file, spec), stored), 3);
}

TEST_F(HeifTest, IsTurnedInTheOrderOfTheBoxes) {
  const VImage stored = quarters(120, 80);
  HeifFile file;
  file.picture(av1_of(stored), {imir(1), irot(1)});
  EXPECT_LT(distance(shown(file), stored.fliphor().rot270()), 3);
}

TEST_F(HeifTest, ShowsThePartThatItsCropLeaves) {
  const VImage stored = photo(120, 80);
  HeifFile file;
  file.picture(av1_of(stored), {clap(40, 20, 30, -10)});
  EXPECT_LT(distance(shown(file), stored.extract_area(70, 20, 40, 20)), 4);
  HeifFile turned;
  turned.picture(av1_of(stored), {irot(1), clap(20, 40, -10, -30)});
  EXPECT_LT(distance(shown(turned), stored.rot270().extract_area(20, 10, 20, 40)), 4);
  for (const std::string& wrong : {clap(121, 80, 0, 0), clap(0, 80, 0, 0), clap(40, 20, 41, 0)}) {
    HeifFile outside;
    outside.picture(av1_of(stored), {wrong});
    expect_refused(outside, "the crop lies outside");
  }
}

TEST_F(HeifTest, ShowsThePrimaryItem) {
  HeifFile file;
  file.picture(av1_of(plain(80, 40, kRed)));
  file.set_primary(file.picture(av1_of(plain(96, 48, kBlue))));
  EXPECT_EQ(shown(file).width(), 96);
  expect_colour(shown(file), kBlue);
  const Description description = description_of(file);
  EXPECT_EQ(description.header.stored, (Size{96, 48}));
  EXPECT_EQ(description.header.pages, 2);
  EXPECT_GT(description.dominant.blue, 240);
}

TEST_F(HeifTest, ShowsTheOthersByTheirPages) {
  HeifFile file;
  file.picture(av1_of(plain(80, 40, kRed)));
  file.set_primary(file.picture(av1_of(plain(96, 48, kBlue))));
  file.picture(av1_of(plain(16, 32, {0, 255, 0})));
  TransformSpec spec = as(Format::kTiff);
  spec.page = 0;
  expect_colour(shown(file, spec), kBlue);
  spec.page = 1;
  expect_colour(shown(file, spec), kRed);
  EXPECT_EQ(shown(file, spec).width(), 80);
  spec.page = 2;
  expect_colour(shown(file, spec), {0, 255, 0});
  spec.page = 3;
  EXPECT_EQ(error_of(file.bytes(), spec).kind, ErrorKind::kInvalidParam);
}

TEST_F(HeifTest, HasNoPagesThatOnlyServeOthers) {
  HeifFile file;
  const int first = file.picture(tile(kRed));
  const int thumbnail = file.picture(tile(kBlue));
  const int aside = file.picture(tile(kBlue), {full_box("auxC", std::string("urn:x") + '\0')});
  file.picture(tile(kBlue), {}, true);
  const int map = file.picture(tile(kBlue));
  file.refer("thmb", thumbnail, {first});
  file.refer("auxl", aside, {first});
  file.refer("dimg", file.item("tmap", "map"), {first, map});
  EXPECT_EQ(description_of(file).header.pages, 1);
  expect_colour(shown(file), kRed);
}

TEST_F(HeifTest, IsLimitedByThePictureThatIsRead) {
  const CodedPicture small = av1_of(plain(64, 48, kBlue));
  CodedPicture large = small;
  large.width = large.height = 9000;
  HeifFile behind;
  behind.picture(large);
  behind.set_primary(behind.picture(small));
  expect_colour(shown(behind), kBlue);
  HeifFile first;
  first.picture(small);
  first.set_primary(first.picture(large));
  EXPECT_EQ(error_of(first.bytes(), as(Format::kTiff)).message,
            "the picture is larger than 50 megapixels");
}

TEST_F(HeifTest, IsLimitedByAllThatIsDecoded) {
  CodedPicture large = av1_of(plain(64, 48, kBlue));
  large.width = large.height = 9000;
  HeifFile cropped;
  cropped.picture(large, {clap(2, 2, 0, 0)});
  EXPECT_EQ(error_of(cropped.bytes(), as(Format::kTiff)).message,
            "the picture is larger than 50 megapixels");
  HeifFile tiled;
  tiled.set_primary(tiled.grid(1, 1, 10, 10, {tiled.picture(large, {}, true)}));
  EXPECT_EQ(error_of(tiled.bytes(), as(Format::kTiff)).message,
            "the picture is larger than 50 megapixels");
}

TEST_F(HeifTest, IsPutTogetherFromTiles) {
  const VImage whole = photo(192, 128);
  HeifFile file;
  std::vector<int> tiles;
  for (int y = 0; y < 2; ++y) {
    for (int x = 0; x < 3; ++x)
      tiles.push_back(file.picture(av1_of(whole.extract_area(64 * x, 64 * y, 64, 64)), {}, true));
  }
  file.set_primary(file.grid(3, 2, 180, 100, tiles, {irot(2)}));
  EXPECT_LT(distance(shown(file), whole.extract_area(0, 0, 180, 100).rot180()), 3);
}

TEST_F(HeifTest, NeedsTilesThatFit) {
  const auto grid_of = [](int columns, int rows, int width, int height, int count) {
    HeifFile file;
    const int one = file.picture(tile(kRed), {}, true);
    file.set_primary(file.grid(columns, rows, width, height,
                               std::vector<int>(static_cast<std::size_t>(count), one)));
    return file;
  };
  expect_colour(shown(grid_of(2, 2, 128, 128, 4)), kRed);
  expect_colour(shown(grid_of(2, 2, 65, 65, 4)), kRed);
  expect_refused(grid_of(2, 2, 129, 128, 4), "too small");
  expect_refused(grid_of(2, 2, 64, 128, 4), "a column too many");
  expect_refused(grid_of(2, 2, 128, 128, 3), "one is missing");
  expect_refused(grid_of(2, 2, 128, 128, 5), "one too many");
  expect_refused(grid_of(1, 1, 0, 0, 1), "nothing");
  expect_refused(grid_of(40, 26, 2560, 1664, 1040), "too many");
}

TEST_F(HeifTest, NeedsTilesOfOneSizeThatAreCoded) {
  HeifFile uneven;
  const int wide = uneven.picture(av1_of(plain(64, 64, kRed)), {}, true);
  const int narrow = uneven.picture(av1_of(plain(32, 64, kRed)), {}, true);
  uneven.set_primary(uneven.grid(2, 1, 96, 64, {wide, narrow}));
  expect_refused(uneven, "tiles of two sizes");
  HeifFile nested;
  const int one = nested.picture(tile(kRed), {}, true);
  const int inner = nested.grid(1, 1, 64, 64, {one}, {ispe(64, 64)});
  nested.set_primary(nested.grid(1, 1, 64, 64, {inner}));
  expect_refused(nested, "a grid of grids");
  HeifFile itself;
  itself.set_primary(itself.grid(1, 1, 64, 64, {1}, {ispe(64, 64)}));
  expect_refused(itself, "a grid of itself");
}

// Phones put a gain map beside the picture: a map `tmap` made of the picture and of a grid, an
// auxiliary picture that belongs to two, and EXIF that describes both.
TEST_F(HeifTest, ReadsPicturesWithGainMaps) {
  HeifFile file;
  const int picture = file.picture(hevc_of(plain(128, 128, kRed)));
  const int part = file.picture(hevc_of(plain(64, 64, kBlue)), {}, true);
  const int map = file.grid(2, 1, 128, 64, {part, part});
  const int tone = file.item("tmap", "\0");
  const int aside = file.picture(
      hevc_of(plain(64, 64, kBlue)),
      {full_box("auxC", std::string("urn:com:apple:photo:2020:aux:hdrgainmap") + '\0')});
  file.refer("dimg", tone, {picture, map});
  file.refer("auxl", aside, {picture, tone});
  file.exif(exif_with_orientation(1), {picture, tone});
  expect_colour(shown(file), kRed, 4);
  EXPECT_EQ(description_of(file).header.pages, 1);
}

TEST_F(HeifTest, FollowsAnItemThatStandsForAnother) {
  const VImage stored = quarters(120, 80);
  HeifFile file;
  const int behind = file.picture(av1_of(stored), {imir(1)}, true);
  const int front = file.item("iden", "", {irot(1)});
  file.refer("dimg", front, {behind});
  file.set_primary(front);
  EXPECT_LT(distance(shown(file), stored.fliphor().rot270()), 3);
  HeifFile ring;
  ring.refer("dimg", ring.item("iden", ""), {1});
  expect_refused(ring, "it stands for itself");
}

class HeifAlphaTest : public HeifTest {
 protected:
  // Grey of `level`, seen at `alpha` (0 to 255).
  static HeifFile half_seen(double level, double alpha, bool premultiplied) {
    HeifFile file;
    const int colour = file.picture(av1_of(plain(64, 48, {level, level, level})));
    const int mask = file.picture(av1_of(plain(64, 48, {alpha})), {alpha_kind()}, true);
    file.refer("auxl", mask, {colour});
    if (premultiplied) file.refer("prem", colour, {mask});
    return file;
  }
};

TEST_F(HeifAlphaTest, IsReadBesideTheColours) {
  expect_colour(shown(half_seen(100, 128, false)), {100, 100, 100, 128});
  EXPECT_TRUE(description_of(half_seen(100, 128, false)).header.alpha);
}

TEST_F(HeifAlphaTest, IsTakenOutOfColoursThatItIsMultipliedInto) {
  expect_colour(shown(half_seen(128, 128, true)), {255, 255, 255, 128});
  expect_colour(shown(half_seen(50, 128, true)), {100, 100, 100, 128});
  expect_colour(shown(half_seen(0, 0, true)), {0, 0, 0, 0});
}

TEST_F(HeifAlphaTest, OfAnotherSizeIsLeftOut) {
  HeifFile file;
  const int colour = file.picture(av1_of(plain(64, 48, kRed)));
  const int mask = file.picture(av1_of(plain(32, 24, {9})), {alpha_kind()}, true);
  file.refer("auxl", mask, {colour});
  expect_colour(shown(file), kRed);
}

TEST_F(HeifAlphaTest, MayBelongToEachTile) {
  HeifFile file;
  std::vector<int> tiles;
  for (int i = 0; i < 2; ++i) {
    tiles.push_back(file.picture(tile(kRed), {}, true));
    const double alpha = i == 0 ? 50 : 200;
    file.refer("auxl", file.picture(tile({alpha}), {alpha_kind()}, true), {tiles.back()});
  }
  file.set_primary(file.grid(2, 1, 128, 64, tiles));
  const VImage pixels = shown(file);
  ASSERT_EQ(pixels.bands(), 4);
  EXPECT_NEAR(colour_at(pixels, 0, 0, 64, 64)[3], 50, 1);
  EXPECT_NEAR(colour_at(pixels, 64, 0, 64, 64)[3], 200, 1);
}

// The stream holds the levels as they are; the boxes say what they mean.
TEST_F(HeifTest, GreyOfTheNarrowRangeReachesBlackAndWhite) {
  for (const auto& [stored, seen] : std::vector<std::pair<double, double>>{
           {16, 0}, {235, 255}, {126, 128}, {0, 0}, {255, 255}}) {
    HeifFile file;
    file.picture(av1_of(plain(64, 48, {stored})), {nclx(1, 13, 6, false)});
    const VImage pixels = shown(file);
    ASSERT_EQ(pixels.bands(), 1);
    EXPECT_NEAR(colour_at(pixels, 0, 0, 64, 48)[0], seen, 1) << stored;
  }
}

// Grey has no chroma, so that samples of luma are known: Y by any matrix is the level.
TEST_F(HeifTest, ColoursOfTheNarrowRangeReachBlackAndWhite) {
  for (const auto& [stored, seen] :
       std::vector<std::pair<double, double>>{{16, 0}, {235, 255}, {126, 128}}) {
    HeifFile file;
    file.picture(av1_of(plain(64, 48, {stored, stored, stored})), {nclx(1, 13, 1, false)});
    expect_colour(shown(file), {seen, seen, seen});
  }
}

// 8-bit red, green and blue as libheif stores them by BT.601 in the full range, read by BT.709:
// R = Y + 1.5748 Cr, G = Y - 0.1873 Cb - 0.4681 Cr, B = Y + 1.8556 Cb.
TEST_F(HeifTest, FollowsTheMatrixOfTheFile) {
  HeifFile file;
  file.picture(av1_of(plain(64, 48, {120, 100, 140})), {nclx(1, 13, 1, true)});
  const double luma = 0.299 * 120 + 0.587 * 100 + 0.114 * 140;
  const double blue = (140 - luma) / 1.772;
  const double red = (120 - luma) / 1.402;
  expect_colour(shown(file),
                {luma + 1.5748 * red, luma - 0.1873 * blue - 0.4681 * red, luma + 1.8556 * blue});
  HeifFile strange;
  strange.picture(tile(kRed), {nclx(1, 13, 14, true)});
  expect_refused(strange, "ICtCp is no matrix");
}

TEST_F(HeifTest, NotesTheColourSpaceOfTheFile) {
  const CodedPicture red = tile(kRed);
  const auto noted = [&red](const std::vector<std::string>& boxes) {
    HeifFile file;
    file.picture(red, boxes);
    const Bytes bytes = file.bytes();
    return cicp_of(open_heif(bytes.view(), 0));
  };
  EXPECT_EQ(noted({nclx(12, 13, 6, true)}), (Cicp{12, 13}));
  EXPECT_EQ(noted({nclx(9, 16, 9, true)}), (Cicp{9, 16}));
  EXPECT_EQ(noted({nclx(12, 2, 6, true)}), (Cicp{12, 13})) << "what is not said is sRGB's";
  EXPECT_EQ(noted({nclx(2, 2, 6, true)}), std::nullopt);
  EXPECT_EQ(noted({nclx(9, 16, 9, true), iso_box("colr", "profprofile")}), std::nullopt)
      << "a profile tells more";
  HeifFile tiled;
  const int part = tiled.picture(red, {nclx(12, 13, 6, true)}, true);
  tiled.set_primary(tiled.grid(1, 1, 64, 64, {part}));
  const Bytes bytes = tiled.bytes();
  EXPECT_EQ(cicp_of(open_heif(bytes.view(), 0)), (Cicp{12, 13})) << "said by the tiles";
}

// 16 x 16 samples of 12 bits, 4:4:4: Y 1500, Cb 2600, Cr 1700, as avifenc writes them. The sequence
// header says BT.2020 with PQ in the narrow range; avifdec gives these colours.
TEST_F(HeifTest, FollowsTheStreamWhereTheFileSaysNothing) {
  const std::string stream =
      "\x12\x00\x0a\x09\x58\x0c\xff\xd8\xd0\x91\x00\x90\x80\x32\x17\x10\x00\x00\x3f\x9c\xc2"
      "\x55\x46\x6a\x45\xa1\x69\xff\xb0\x0d\x9d\x44\x5a\x80\x11\x16\x19\x20"s;
  HeifFile file;
  file.picture({"av01", stream, iso_box("av1C", "\x81\x40\x60\x00"s), 16, 16});
  const Bytes bytes = file.bytes();
  const VImage image = open_heif(bytes.view(), 0).copy_memory();
  EXPECT_EQ(image.interpretation(), VIPS_INTERPRETATION_RGB16);
  EXPECT_EQ(cicp_of(image), (Cicp{9, 16}));
  const Colour3 seen = colour_at(image, 0, 0, 16, 16);
  EXPECT_NEAR(seen[0], 13883, 2);
  EXPECT_NEAR(seen[1], 25241, 2);
  EXPECT_NEAR(seen[2], 42256, 2);
}

// 16 x 16 samples of 10 bits without chroma, in the narrow range, as avifenc writes them; avifdec
// gives this level.
TEST_F(HeifTest, KeepsTheDepthOfGrey) {
  const std::string stream =
      "\x12\x00\x0a\x08\x18\x0c\xff\xd8\xe0\x21\xa0\xc4\x32\x09\x10\x00\x39\x53\x14\xa1\x9c\x36"
      "\xc0"s;
  HeifFile file;
  file.picture({"av01", stream, iso_box("av1C", "\x81\x00\x5c\x00"s), 16, 16});
  const Bytes bytes = file.bytes();
  const VImage image = open_heif(bytes.view(), 0).copy_memory();
  EXPECT_EQ(image.format(), VIPS_FORMAT_USHORT);
  EXPECT_EQ(image.interpretation(), VIPS_INTERPRETATION_GREY16);
  EXPECT_NEAR(image.min(), 25735, 1);
  EXPECT_NEAR(image.max(), 25735, 1);
}

TEST_F(HeifTest, KeepsItsMetadata) {
  HeifFile file;
  const int picture = file.picture(tile(kRed), {iso_box("colr", "profa profile")});
  file.exif(exif_with_orientation(6), {picture});
  file.xmp("<x:xmpmeta/>", {picture});
  const Bytes bytes = file.bytes();
  const VImage image = open_heif(bytes.view(), 0);
  std::size_t size = 0;
  const auto* xmp = static_cast<const char*>(image.get_blob(VIPS_META_XMP_NAME, &size));
  EXPECT_EQ(std::string(xmp, size), "<x:xmpmeta/>");
  const auto* icc = static_cast<const char*>(image.get_blob(VIPS_META_ICC_NAME, &size));
  EXPECT_EQ(std::string(icc, size), "a profile");
  EXPECT_NE(image.get_typeof(VIPS_META_EXIF_NAME), 0U);
  EXPECT_TRUE(description_of(file).header.has_metadata);
}

// What a program that writes metadata last has left when its disk was full.
TEST_F(HeifTest, IsShownWithoutMetadataThatAreNotThere) {
  HeifFile file;
  const int picture = file.picture(tile(kRed));
  file.exif(exif_with_orientation(6), {picture});
  file.xmp("<x:xmpmeta/>", {picture});
  const std::string whole(file.bytes().view());
  const Bytes cut = Bytes::own(whole.substr(0, whole.size() - 4));
  const VImage image = open_heif(cut.view(), 0);
  EXPECT_NE(image.get_typeof(VIPS_META_EXIF_NAME), 0U);
  EXPECT_EQ(image.get_typeof(VIPS_META_XMP_NAME), 0U);
  expect_colour(decoded(*make(cut, as(Format::kTiff))), kRed);
}

TEST_F(HeifTest, IsRefusedWhereItsStreamIsOfAnotherSize) {
  CodedPicture smaller = tile(kRed);
  smaller.width = 128;
  HeifFile file;
  file.picture(smaller);
  expect_refused(file, "the stream is smaller");
  CodedPicture larger = tile(kRed);
  larger.width = 32;
  HeifFile other;
  other.picture(larger);
  expect_refused(other, "the stream is larger");
}

}  // namespace
}  // namespace imageserver
