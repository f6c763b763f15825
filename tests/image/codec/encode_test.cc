// How results are encoded: colors, lossless, progressive.

#include "image/codec/encode.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "image/heif/open_heif.h"
#include "image/vips/raster_io.h"
#include "support/pictures.h"
#include "support/reference.h"

namespace imageserver {
namespace {

using vips::VImage;

class EncodeTest : public TransformTest {
 protected:
  static std::size_t colours_in(const VImage& image) {
    const Raster raster = to_raster(image);
    const auto bands = static_cast<std::size_t>(raster.bands);
    std::set<std::vector<std::uint8_t>> colours;
    for (std::size_t at = 0; at < raster.pixels.size(); at += bands) {
      const auto begin = raster.pixels.begin() + static_cast<std::ptrdiff_t>(at);
      colours.emplace(begin, begin + raster.bands);
    }
    return colours.size();
  }

  static VImage soft_edged() {
    const VImage alpha = (VImage::xyz(64, 48).extract_band(1) * 5).cast(VIPS_FORMAT_UCHAR);
    return photo(64, 48).bandjoin(alpha);
  }

  static TransformSpec lossless(Format format) {
    TransformSpec spec = as(format);
    spec.lossless = true;
    return spec;
  }

  static TransformSpec progressive(Format format) {
    TransformSpec spec = as(format);
    spec.progressive = true;
    return spec;
  }
};

TEST_F(EncodeTest, NoMoreColoursThanAsked) {
  const Bytes source = encoded(photo(64, 48), Format::kPng);
  for (const Format format : {Format::kPng, Format::kGif}) {
    for (const int colours : {2, 3, 4, 5, 16, 17, 100, 256}) {
      TransformSpec spec = as(format);
      spec.colors = colours;
      const VImage pixels = decoded(*make(source, spec));
      EXPECT_LE(colours_in(pixels), static_cast<std::size_t>(colours)) << format_name(format);
      if (colours <= 17) {
        EXPECT_GE(colours_in(pixels), static_cast<std::size_t>(colours) - 1);
      }
      if (colours == 256) {
        EXPECT_LT(distance(pixels, photo(64, 48)), 12) << format_name(format);
      }
    }
  }
}

TEST_F(EncodeTest, FewColoursMakeAPaletteAndASmallFile) {
  const Bytes source = encoded(photo(64, 48), Format::kPng);
  TransformSpec spec = as(Format::kPng);
  const std::size_t full = make(source, spec)->data.size();
  constexpr std::size_t kDepthAt = 24;
  constexpr std::size_t kTypeAt = 25;
  for (const auto& [colours, depth] : {std::pair{2, 1}, {4, 2}, {16, 4}, {200, 8}}) {
    spec.colors = colours;
    const ImagePtr image = make(source, spec);
    EXPECT_LT(image->data.size(), full);
    EXPECT_EQ(image->data.view()[kTypeAt], 3) << "a palette";
    EXPECT_EQ(image->data.view()[kDepthAt], depth);
  }
}

TEST_F(EncodeTest, FewColoursKeepAlpha) {
  TransformSpec spec = as(Format::kPng);
  spec.colors = 64;
  const VImage pixels = through(soft_edged(), spec);
  ASSERT_EQ(pixels.bands(), 4);
  EXPECT_LE(colours_in(pixels), 64U);
  EXPECT_LT(levels_between(pixels.extract_band(3), soft_edged().extract_band(3)).mean, 16);
}

TEST_F(EncodeTest, FewColoursInEveryFrame) {
  const VImage frame = photo(64, 48);
  const Bytes source =
      encoded(roll({frame, frame.fliphor(), frame.rot180()}, {50, 60, 70}, 4), Format::kWebp);
  for (const int colours : {2, 8, 64}) {
    TransformSpec spec = as(Format::kGif);
    spec.colors = colours;
    const VImage pixels = decoded(*make(source, spec));
    ASSERT_EQ(pixels.height(), 3 * 48);
    for (int i = 0; i < 3; ++i) {
      EXPECT_LE(colours_in(pixels.extract_area(0, 48 * i, 64, 48)),
                static_cast<std::size_t>(colours))
          << colours << ", frame " << i;
    }
    EXPECT_EQ(pixels.get_array_int("delay"), (std::vector<int>{50, 60, 70}));
    EXPECT_EQ(pixels.get_int("loop"), 4);
  }
}

TEST_F(EncodeTest, FewColoursOfGrey) {
  TransformSpec spec = as(Format::kPng);
  spec.colors = 4;
  const VImage grey = photo(64, 48).colourspace(VIPS_INTERPRETATION_B_W);
  const VImage pixels = through(grey, spec);
  EXPECT_LE(colours_in(pixels), 4U);
  EXPECT_LT(distance(pixels, grey), 40);
}

TEST_F(EncodeTest, LosslessWebpIsExact) {
  EXPECT_EQ(levels_between(through(photo(61, 47), lossless(Format::kWebp)), photo(61, 47)).most, 0);
  const VImage pixels = through(soft_edged(), lossless(Format::kWebp));
  EXPECT_EQ(looks_apart(pixels, soft_edged()).most, 0);
  EXPECT_EQ(levels_between(pixels.extract_band(3), soft_edged().extract_band(3)).most, 0);
  const VImage grey = photo(61, 47).colourspace(VIPS_INTERPRETATION_B_W);
  EXPECT_EQ(distance(through(grey, lossless(Format::kWebp)), grey), 0);
}

TEST_F(EncodeTest, LosslessWebpMovesExactly) {
  const VImage frame = photo(64, 48);
  const Bytes source = encoded(roll({frame, frame.fliphor()}, {50, 60}, 4), Format::kWebp);
  TransformSpec spec = lossless(Format::kWebp);
  spec.flip.vertical = true;
  const VImage pixels = decoded(*make(source, spec));
  EXPECT_EQ(looks_apart(pixels.extract_area(0, 0, 64, 48), frame.flipver()).most, 0);
  EXPECT_EQ(looks_apart(pixels.extract_area(0, 48, 64, 48), frame.rot180()).most, 0);
}

// libvips reads the results, which it could not write: see avif_lossless.h.
TEST_F(EncodeTest, LosslessAvifIsExact) {
  EXPECT_EQ(levels_between(through(photo(61, 47), lossless(Format::kAvif)), photo(61, 47)).most, 0);
  const VImage grey = photo(61, 47).colourspace(VIPS_INTERPRETATION_B_W);
  EXPECT_EQ(distance(through(grey, lossless(Format::kAvif)), grey), 0);
  const VImage pixels = through(soft_edged(), lossless(Format::kAvif));
  EXPECT_EQ(levels_between(pixels, soft_edged()).most, 0);
  const VImage one = plain(1, 1, {1, 2, 3});
  EXPECT_EQ(levels_between(through(one, lossless(Format::kAvif)), one).most, 0);
}

TEST_F(EncodeTest, LosslessAvifKeepsMetadata) {
  const Bytes source = read_testdata("copyright.jpg");
  TransformSpec spec = lossless(Format::kAvif);
  spec.width = 40;
  const ImagePtr some = make(source, spec);
  const VImage kept = open_heif(some->data.view(), 0);
  EXPECT_NE(kept.get_typeof("exif-ifd0-Copyright"), 0U);
  EXPECT_EQ(kept.get_typeof("exif-ifd0-Artist"), 0U);
  EXPECT_EQ(kept.get_typeof(VIPS_META_XMP_NAME), 0U);
  spec.strip = false;
  const ImagePtr full = make(source, spec);
  const VImage all = open_heif(full->data.view(), 0);
  EXPECT_NE(all.get_typeof("exif-ifd0-Artist"), 0U);
  EXPECT_NE(all.get_typeof(VIPS_META_XMP_NAME), 0U);
  spec.strip = true;
  const ImagePtr none = make(source, spec);
  EXPECT_EQ(open_heif(none->data.view(), 0).get_typeof(VIPS_META_EXIF_NAME), 0U);
}

TEST_F(EncodeTest, LosslessChangesNothingWhereThereIsNoChoice) {
  const Bytes source = encoded(photo(61, 47), Format::kPng);
  for (const Format format :
       {Format::kPng, Format::kGif, Format::kTiff, Format::kBmp, Format::kJpeg}) {
    TransformSpec spec = as(format);
    spec.crop = CropBox{0, 0, 61, 47};
    EXPECT_EQ(make(source, lossless(format))->data.view(), make(source, spec)->data.view())
        << format_name(format);
  }
}

TEST_F(EncodeTest, ProgressiveJpeg) {
  const Bytes source = encoded(photo(64, 48), Format::kPng);
  const ImagePtr image = make(source, progressive(Format::kJpeg));
  EXPECT_NE(image->data.view().find("\xFF\xC2"), std::string_view::npos);
  EXPECT_EQ(image->data.view().find("\xFF\xC0"), std::string_view::npos);
  EXPECT_EQ(levels_between(decoded(*image), decoded(*make(source, as(Format::kJpeg)))).most, 0);
}

TEST_F(EncodeTest, ProgressivePng) {
  constexpr std::size_t kInterlaceAt = 28;
  const Bytes source = encoded(photo(64, 48), Format::kJpeg);
  const ImagePtr image = make(source, progressive(Format::kPng));
  EXPECT_EQ(image->data.view()[kInterlaceAt], 1) << "Adam7";
  const ImagePtr other = make(source, as(Format::kPng));
  EXPECT_EQ(other->data.view()[kInterlaceAt], 0);
  EXPECT_EQ(levels_between(decoded(*image), decoded(*other)).most, 0);
  TransformSpec palette = progressive(Format::kPng);
  palette.colors = 16;
  EXPECT_EQ(make(source, palette)->data.view()[kInterlaceAt], 1);
}

TEST_F(EncodeTest, ProgressivePngOfFewColoursHasAsFewBitsAsTheyNeed) {
  constexpr std::size_t kDepthAt = 24;
  const Bytes source = encoded(photo(64, 48), Format::kJpeg);
  for (const auto& [colours, depth] :
       {std::pair(2, 1), {3, 2}, {4, 2}, {5, 4}, {16, 4}, {17, 8}, {256, 8}}) {
    TransformSpec spec = progressive(Format::kPng);
    spec.colors = colours;
    EXPECT_EQ(make(source, spec)->data.view()[kDepthAt], depth) << colours;
  }
}

TEST_F(EncodeTest, AnAutomaticQualityLeavesTriesForTheSize) {
  const Bytes source = encoded(photo(64, 48), Format::kPng);
  TransformSpec spec = as(Format::kJpeg);
  spec.quality = 1;
  const std::size_t least = make(source, spec)->data.size();
  spec.quality.reset();
  spec.auto_quality = true;
  spec.max_bytes = static_cast<std::int64_t>(least);
  const ImagePtr image = make(source, spec);
  ASSERT_NE(image, nullptr);
  EXPECT_EQ(image->data.size(), least);
}

// The flags of a GIF's first picture.
unsigned gif_flags(const Image& image) {
  const std::string_view bytes = image.data.view();
  std::size_t at = 13;
  const auto screen = static_cast<unsigned char>(bytes[10]);
  if ((screen & 0x80U) != 0) at += std::size_t{3} << ((screen & 7U) + 1);
  while (bytes.at(at) == '!') {
    at += 2;
    while (bytes.at(at) != 0) at += 1 + static_cast<unsigned char>(bytes[at]);
    ++at;
  }
  EXPECT_EQ(bytes.at(at), ',');
  return static_cast<unsigned char>(bytes.at(at + 9));
}

TEST_F(EncodeTest, ProgressiveGif) {
  const Bytes source = encoded(photo(64, 48), Format::kPng);
  const ImagePtr image = make(source, progressive(Format::kGif));
  const ImagePtr other = make(source, as(Format::kGif));
  EXPECT_EQ(gif_flags(*image) & 0x40U, 0x40U);
  EXPECT_EQ(gif_flags(*other) & 0x40U, 0U);
  EXPECT_EQ(levels_between(decoded(*image), decoded(*other)).most, 0);
}

TEST_F(EncodeTest, ProgressiveSourcesAreNotMadeProgressiveAgain) {
  const ImagePtr image = make(read_testdata("progressive.jpg"), sized(50, 0));
  EXPECT_EQ(image->data.view().find("\xFF\xC2"), std::string_view::npos);
}

TEST_F(EncodeTest, SixteenBitTiffsComeOutWith8AndDeflated) {
  const VImage picture = photo(64, 48);
  const ImagePtr image = make(encoded(picture, Format::kPng), as(Format::kTiff));
  const VImage pixels = decoded(*image);
  EXPECT_EQ(pixels.format(), VIPS_FORMAT_UCHAR);
  EXPECT_LT(image->data.size(), 64U * 48U * 3U) << "smaller than the pixels";
}

}  // namespace
}  // namespace imageserver
