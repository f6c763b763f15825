// What space a file says its colours are in, and where on the way they are converted.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/endian.h"
#include "image/describe.h"
#include "support/operations.h"
#include "support/pictures.h"
#include "support/profiles.h"
#include "support/reference.h"

namespace imageserver {
namespace {

using std::string_literals::operator""s;
using vips::VImage;

const std::string kSrgb = chunk("sRGB", "\0"s);

std::string gamma_chunk(std::uint32_t gamma) { return chunk("gAMA", big_endian({gamma})); }

std::string cicp_chunk(char primaries, char transfer, char matrix = 0, char full = 1) {
  return chunk("cICP", std::string{primaries, transfer, matrix, full});
}

const std::string kSrgbPlaces =
    chunk("cHRM", big_endian({31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000}));
const std::string kP3Places =
    chunk("cHRM", big_endian({31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000}));
const std::string kP3PlacesUnderD50 =
    chunk("cHRM", big_endian({34570, 35850, 68000, 32000, 26500, 69000, 15000, 6000}));
const std::string kNoPlaces = chunk("cHRM", big_endian({0, 0, 0, 0, 0, 0, 0, 0}));

using Colour3 = std::vector<double>;

class ColourSpaceTest : public TransformTest {
 protected:
  static VImage pixels_of(const Bytes& source, TransformSpec spec = {}) {
    if (!spec.format) spec.format = Format::kBmp;  // a PNG would pass through
    return decoded(*make(source, spec));
  }

  static Colour3 colour_of(const Bytes& source) { return pixels_of(source).getpoint(1, 1); }

  static void expect_colour(const Bytes& source, const Colour3& expected, double most = 1) {
    const Colour3 colour = colour_of(source);
    ASSERT_EQ(colour.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(colour[i], expected[i], most);
  }

  static Bytes png_of(const VImage& image) { return to_bytes(image.pngsave_buffer()); }

  static Bytes plain_png(const std::string& chunks) {
    return with_chunks(png_of(plain(4, 4, {200, 80, 60})), chunks);
  }

  static VImage in_p3(const VImage& picture) {
    return picture.icc_transform("p3", VImage::option()->set("input_profile", "srgb"));
  }

  static VImage in_srgb(const VImage& picture) {
    return picture.icc_transform("srgb", VImage::option()->set("embedded", true));
  }

  static VImage in_cmyk(const VImage& picture) {
    return picture.icc_transform("cmyk", VImage::option()->set("input_profile", "srgb"));
  }

  // Lines of one colour on another, a pixel wide.
  static VImage lines(int width, int height, const Colour3& one, const Colour3& other) {
    const VImage pair =
        plain(1, height, one).join(plain(1, height, other), VIPS_DIRECTION_HORIZONTAL);
    return pair.replicate(width / 2, 1)
        .copy(VImage::option()->set("interpretation", VIPS_INTERPRETATION_sRGB));
  }
};

struct Chunks {
  std::string chunks;
  Colour3 colour;  // that 200, 80, 60 looks like
};

// As Chromium 156 draws them to a canvas; but for the last two. Of these it shows the first by an
// exact power of 2.2, and does not show the second at all.
TEST_F(ColourSpaceTest, ChunksOfAPngCountAsInABrowser) {
  const Colour3 same = {200, 80, 60};
  const Colour3 linear = {229, 152, 133};
  const Chunks table[] = {
      {"", same},
      {kSrgb, same},
      {gamma_chunk(100'000), linear},
      {gamma_chunk(100'000) + kSrgbPlaces, linear},
      {gamma_chunk(55'556), {210, 99, 77}},
      {gamma_chunk(45'455), same},
      {gamma_chunk(45'000), same},
      {gamma_chunk(43'300), same},
      {gamma_chunk(43'000), {199, 73, 52}},
      {gamma_chunk(0), same},
      {kP3Places, same},
      {gamma_chunk(45'455) + kP3Places, {218, 67, 47}},
      {gamma_chunk(45'455) + kP3PlacesUnderD50, {224, 67, 47}},
      {gamma_chunk(100'000) + kNoPlaces, same},
      {kSrgb + gamma_chunk(100'000) + kP3Places, same},
      {cicp_chunk(12, 13), {216, 69, 50}},
      {cicp_chunk(12, 13) + kSrgb + gamma_chunk(100'000), {216, 69, 50}},
      {cicp_chunk(9, 13), {244, 37, 50}},
      {cicp_chunk(1, 1), {197, 70, 49}},
      {cicp_chunk(1, 15), {197, 70, 49}},
      {cicp_chunk(1, 13) + gamma_chunk(100'000), same},
      {cicp_chunk('\xC8', 13) + gamma_chunk(100'000), linear},
      {cicp_chunk(12, 13, 0, 0), same},
      {chunk("cICP", "\x0C\x0D\0"s), same},
      {gamma_chunk(45'455) + kSrgbPlaces, same},
      {cicp_chunk(12, 13, 1), same},
  };
  for (std::size_t i = 0; i < std::size(table); ++i) {
    SCOPED_TRACE(i);
    expect_colour(plain_png(table[i].chunks), table[i].colour);
  }
}

TEST_F(ColourSpaceTest, GreyAndAlphaHaveTheirPlaces) {
  const std::string linear = gamma_chunk(100'000);
  const Bytes grey = with_chunks(png_of(plain(4, 4, {68})), linear + kP3PlacesUnderD50);
  const VImage pixels = pixels_of(grey);
  EXPECT_NEAR(pixels.getpoint(1, 1)[0], 141, 1);
  TransformSpec spec = as(Format::kWebp);
  spec.lossless = true;
  const Bytes half = with_chunks(png_of(plain(4, 4, {68, 68, 68, 99})), linear);
  const Colour3 colour = pixels_of(half, spec).getpoint(1, 1);
  EXPECT_NEAR(colour[0], 141, 1);
  EXPECT_EQ(colour[3], 99);
  const Bytes half_grey = with_chunks(png_of(plain(4, 4, {68, 99})), linear);
  EXPECT_EQ(pixels_of(half_grey, spec).getpoint(1, 1)[3], 99);
}

TEST_F(ColourSpaceTest, CicpCountsBeforeAProfileAndAProfileBeforeGamma) {
  const VImage picture = tagged(plain(4, 4, {200, 80, 60}), profile_of_libvips("p3"));
  const Bytes png = png_of(picture);
  expect_colour(png, {216, 69, 50});
  expect_colour(with_chunks(png, gamma_chunk(100'000)), {216, 69, 50});
  expect_colour(with_chunks(png, cicp_chunk(1, 13)), {200, 80, 60});
  expect_colour(with_chunks(png, cicp_chunk('\xC8', 13)), {216, 69, 50});
}

TEST_F(ColourSpaceTest, SixteenBitsAreConvertedBeforeTheyBecomeEight) {
  // Dark light in a file of linear light: 8 bits of it would be 0, 12 or more.
  const VImage dark = (plain(4, 4, {0, 0, 0}) + 40)
                          .cast(VIPS_FORMAT_USHORT)
                          .copy(VImage::option()->set("interpretation", VIPS_INTERPRETATION_RGB16));
  const double level = 40.0 / 65535 * 12.92 * 255;
  expect_colour(with_chunks(png_of(dark), gamma_chunk(100'000)), {level, level, level}, 0.6);
}

// Reference white is bright and not white, what is brighter is not clipped, hues stay.
TEST_F(ColourSpaceTest, HdrIsToneMapped) {
  const auto in_pq = [](double value) {
    return with_chunks(
        png_of((plain(4, 4, {0, 0, 0}) + value * 65535)
                   .cast(VIPS_FORMAT_USHORT)
                   .copy(VImage::option()->set("interpretation", VIPS_INTERPRETATION_RGB16))),
        cicp_chunk(9, 16));
  };
  const double white = colour_of(in_pq(0.5807))[0];
  const double brighter = colour_of(in_pq(0.65))[0];
  EXPECT_NEAR(white, 229, 1);
  EXPECT_GT(brighter, white + 10);
  EXPECT_LT(brighter, 255);
  EXPECT_NEAR(colour_of(in_pq(0.7518))[0], 255, 1);
  expect_colour(with_chunks(png_of(plain(4, 4, {148, 148, 148})), cicp_chunk(9, 16)),
                {229, 229, 229}, 2);
}

TEST_F(ColourSpaceTest, AProfileWithoutTheRelativeIntentIsReadByAnother) {
  const VImage picture = plain(16, 16, {200, 80, 60});
  for (const cmsUInt32Number intent :
       {INTENT_PERCEPTUAL, INTENT_RELATIVE_COLORIMETRIC, INTENT_SATURATION}) {
    const VImage swapped = tagged(picture, swapping_profile(intent));
    expect_colour(encoded(swapped, Format::kPng), {80, 200, 60}, 2);
    expect_colour(encoded(swapped, Format::kJpeg), {80, 200, 60}, 6);
  }
}

TEST_F(ColourSpaceTest, ACmykProfileWithoutTheRelativeIntentIsReadByAnother) {
  // The profile of libvips, with another name for what the intents "relative" and "saturation"
  // have.
  std::string profile = profile_of_libvips("cmyk");
  const VImage cmyk = in_cmyk(plain(16, 16, {200, 80, 60}));
  for (const std::string& tag : {"A2B1"s, "A2B2"s}) {
    const std::size_t at = profile.find(tag);
    ASSERT_LT(at, 600U);
    profile.replace(at, 4, "gone");
  }
  const VImage perceptual = tagged(cmyk, profile);
  const VImage expected = perceptual.icc_transform(
      "srgb", VImage::option()->set("embedded", true)->set("intent", VIPS_INTENT_PERCEPTUAL));
  const Bytes source = to_bytes(perceptual.jpegsave_buffer(VImage::option()->set("Q", 100)));
  EXPECT_LT(distance(pixels_of(source), expected), 3);
}

// A device link has no colours of its own, and a named colour is none of a pixel.
TEST_F(ColourSpaceTest, ProfilesThatAreNotOfADeviceDoNotCount) {
  for (const std::string& kind : {"link"s, "nmcl"s, "abst"s}) {
    std::string profile = swapping_profile(INTENT_PERCEPTUAL);
    profile.replace(12, 4, kind);
    const VImage picture = tagged(plain(4, 4, {200, 80, 60}), profile);
    expect_colour(encoded(picture, Format::kPng), {200, 80, 60});
  }
}

// As Chromium 156 draws it, which leaves out endpoints and gamma as well.
TEST_F(ColourSpaceTest, TheProfileInABitmapCounts) {
  const auto little_endian = [](std::initializer_list<std::uint32_t> numbers) {
    std::string bytes;
    for (const std::uint32_t number : numbers) append_little_endian<std::uint32_t>(bytes, number);
    return bytes;
  };
  const auto bitmap = [&](std::uint32_t space, const std::string& profile, std::size_t at) {
    const std::string pixels = "\x3C\x50\xC8\x3C\x50\xC8\0\0\x3C\x50\xC8\x3C\x50\xC8\0\0"s;
    std::string header = little_endian({124, 2, 2, 1 | 24U << 16U, 0, 16, 0, 0, 0, 0});
    header.resize(56, '\0');
    header += little_endian({space}) + std::string(36, '\1') + little_endian({65536, 65536, 65536});
    header += little_endian(
        {4, static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(profile.size()), 0});
    return Bytes::own("BM" + little_endian({0, 0, 138}) + header + pixels + profile);
  };
  constexpr std::uint32_t kEmbedded = 0x4D424544;
  constexpr std::uint32_t kLinked = 0x4C494E4B;
  const std::string p3 = profile_of_libvips("p3");
  const auto colour = [](const Bytes& source) {
    TransformSpec spec = as(Format::kPng);
    return decoded(*make(source, spec)).getpoint(1, 1);
  };
  EXPECT_NEAR(colour(bitmap(kEmbedded, p3, 140))[0], 216, 1);
  EXPECT_EQ(colour(bitmap(kLinked, p3, 140))[0], 200);
  EXPECT_EQ(colour(bitmap(0, "", 0))[0], 200);
  EXPECT_EQ(colour(bitmap(kEmbedded, p3, 141))[0], 200) << "not all of it is there";
  EXPECT_EQ(colour(bitmap(kEmbedded, p3, 0xFFFFFFFF))[0], 200);
  EXPECT_EQ(colour(bitmap(kEmbedded, "no profile", 140))[0], 200);
  const auto description = describe(bitmap(kEmbedded, p3, 140), {});
  ASSERT_TRUE(description.has_value());
  EXPECT_FALSE(description->profile.empty());
  EXPECT_FALSE(description->header.is_srgb);
}

// Where colours are mixed, they are mixed in sRGB. Lines of two colours of P3, made smaller, are
// the mean of what the lines look like.
TEST_F(ColourSpaceTest, ColoursAreConvertedBeforeTheyAreMixed) {
  const VImage p3 = tagged(lines(64, 64, {255, 0, 0}, {0, 0, 0}), profile_of_libvips("p3"));
  const VImage before = in_srgb(p3).resize(0.5);
  const VImage after = in_srgb(p3.resize(0.5));
  ASSERT_GT(distance(before, after), 5) << "as if it did not matter";
  for (const Resampling resampling : {Resampling::kLanczos, Resampling::kBox, Resampling::kCubic}) {
    TransformSpec spec = sized(32, 0);
    spec.resampling = resampling;
    const VImage pixels = pixels_of(png_of(p3), spec);
    EXPECT_LT(2 * distance(pixels, before), distance(pixels, after))
        << static_cast<int>(resampling);
  }
}

TEST_F(ColourSpaceTest, APictureThatIsTrimmedIsConvertedAsWell) {
  const VImage p3 = in_p3(photo(120, 90));
  TransformSpec spec = sized(60, 0);
  spec.trim = 0.0;
  EXPECT_LT(distance(pixels_of(png_of(p3), spec), in_srgb(p3).resize(0.5)), 3);
  spec.rotation = 180.0;
  EXPECT_LT(distance(pixels_of(png_of(p3), spec), in_srgb(p3).resize(0.5).rot180()), 3);
}

TEST_F(ColourSpaceTest, InksAreConvertedBeforeTheyAreMixed) {
  const VImage cmyk = in_cmyk(lines(128, 128, {0, 0, 0}, {255, 255, 255}));
  const Bytes files[] = {to_bytes(cmyk.tiffsave_buffer()),
                         to_bytes(cmyk.jpegsave_buffer(VImage::option()->set("Q", 98)->set(
                             "subsample_mode", VIPS_FOREIGN_SUBSAMPLE_OFF)))};
  for (const int factor : {2, 8}) {
    const VImage before = in_srgb(cmyk).resize(1.0 / factor);
    const VImage after = in_srgb(cmyk.resize(1.0 / factor));
    ASSERT_GT(distance(before, after), 10) << "as if it did not matter";
    for (const Resampling resampling : {Resampling::kLanczos, Resampling::kCubic}) {
      TransformSpec spec = sized(128 / factor, 0);
      spec.resampling = resampling;
      const VImage converted = pixels_of(png_of(in_srgb(cmyk)), spec);
      for (const Bytes& file : files)
        EXPECT_LT(distance(pixels_of(file, spec), converted), 2) << factor;
    }
  }
}

TEST_F(ColourSpaceTest, InksAreConvertedBeforeTheyAreRotated) {
  const VImage cmyk = in_cmyk(lines(160, 160, {0, 0, 0}, {255, 255, 255}));
  TransformSpec spec = sized(28, 0);
  spec.rotation = 45;
  const VImage pixels = pixels_of(to_bytes(cmyk.tiffsave_buffer()), spec);
  const VImage same = pixels_of(png_of(in_srgb(cmyk)), spec);
  EXPECT_LT(distance(pixels.extract_area(9, 9, 10, 10), same.extract_area(9, 9, 10, 10)), 2);
}

TEST_F(ColourSpaceTest, EveryFrameIsConverted) {
  const VImage one = plain(20, 20, {200, 80, 60});
  const VImage other = plain(20, 20, {60, 80, 200});
  const VImage frames = tagged(roll({one, other, one}, {50, 50, 50}, 0), profile_of_libvips("p3"));
  TransformSpec spec = sized(10, 0);
  spec.format = Format::kWebp;
  const VImage pixels = pixels_of(encoded(frames, Format::kWebp), spec);
  ASSERT_EQ(pixels.height(), 30);
  for (const int y : {5, 25}) EXPECT_NEAR(pixels.getpoint(5, y)[0], 216, 5);
}

TEST_F(ColourSpaceTest, AWatermarkIsConvertedByWhatItsFileSays) {
  TransformSpec spec = as(Format::kBmp);
  spec.watermark.emplace().name = "mark";
  const Bytes mark = with_chunks(png_of(plain(40, 40, {200, 80, 60})), cicp_chunk(12, 13));
  const VImage marked = decoded(*make(png_of(plain(40, 40, {0, 0, 0})), spec, {}, mark));
  EXPECT_NEAR(marked.getpoint(20, 20)[0], 216, 1);
}

TEST_F(ColourSpaceTest, TheDominantColourIsThatOfTheConvertedPicture) {
  const auto description = describe(plain_png(cicp_chunk(12, 13)), {});
  ASSERT_TRUE(description.has_value());
  EXPECT_NEAR(description->dominant.red, 216, 1);
  EXPECT_NEAR(description->dominant.green, 69, 1);
}

TEST_F(ColourSpaceTest, NoResultSaysWhatDoesNotHoldAnyMore) {
  const Bytes source =
      with_chunks(png_of(photo(60, 40)), cicp_chunk(12, 13) + gamma_chunk(100'000) + kP3Places);
  for (const Format format : {Format::kPng, Format::kWebp, Format::kJpeg, Format::kAvif}) {
    TransformSpec spec = sized(30, 0);
    spec.format = format;
    spec.strip = false;
    const ImagePtr image = make(source, spec);
    const std::string_view bytes = image->data.view();
    for (const char* const name : {"cICP", "gAMA", "cHRM", "iCCP", "ICCP", "ICC_PROFILE"})
      EXPECT_EQ(bytes.find(name), std::string_view::npos) << format_name(format) << ' ' << name;
  }
}

// By its fields of EXIF a picture of a camera may say that it is in Adobe RGB, or uncalibrated.
TEST_F(ColourSpaceTest, ExifSaysThatTheResultIsSrgb) {
  VImage picture = tagged(photo(60, 40), profile_of_libvips("p3"));
  picture.set("exif-ifd2-ColorSpace", "65535 (Uncalibrated, Short, 1 components, 2 bytes)");
  picture.set("exif-ifd0-Copyright", "A (A, ASCII, 2 components, 2 bytes)");
  TransformSpec spec = sized(30, 0);
  spec.strip = false;
  const VImage result = decoded(*make(encoded(picture, Format::kJpeg), spec));
  EXPECT_TRUE(std::string_view(result.get_string("exif-ifd2-ColorSpace")).starts_with("1 "));
  EXPECT_NE(result.get_typeof("exif-ifd0-Copyright"), 0U);
}

}  // namespace
}  // namespace imageserver
