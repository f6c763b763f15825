#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "support/pictures.h"

namespace imageserver {
namespace {

using ::testing::HasSubstr;
using vips::VImage;

constexpr const char* kCopyright = "exif-ifd0-Copyright";

class MetadataTest : public TransformTest {
 protected:
  static void set_blob(VImage& image, const char* name, const std::string& bytes) {
    vips_image_set_blob_copy(image.get_image(), name, bytes.data(), bytes.size());
  }

  // A picture that tells all: whose, where, by what, and what it looked like.
  static VImage talkative(bool copyright) {
    VImage image =
        photo(120, 90).icc_transform("p3", VImage::option()->set("input_profile", "srgb"));
    if (copyright) image.set(kCopyright, "(c) 2026 Ada Example (all rights reserved) ()");
    image.set("exif-ifd0-Artist", "SecretArtist");
    image.set("exif-ifd0-Make", "SecretCamera");
    image.set("exif-ifd0-ImageDescription", "SecretStory");
    image.set("exif-ifd3-GPSLatitude", "51/1 30/1 1/1");
    image.set("exif-ifd3-GPSLatitudeRef", "N");
    set_blob(image, VIPS_META_XMP_NAME,
             "<x:xmpmeta>SecretXmp<tiff:Orientation>6</tiff:Orientation></x:xmpmeta>");
    set_blob(image, "jpeg-thumbnail-data", std::string(encoded(photo(8, 6), Format::kJpeg).view()));
    return image;
  }

  // As a file, with the EXIF block that only the JPEG saver makes up.
  static Bytes file(VImage image, Format format) {
    const VImage jpeg = decoded(encoded(image, Format::kJpeg), Format::kJpeg);
    std::size_t size = 0;
    const void* exif = jpeg.get_blob(VIPS_META_EXIF_NAME, &size);
    vips_image_set_blob_copy(image.get_image(), VIPS_META_EXIF_NAME, exif, size);
    return encoded(image, format);
  }

  static std::string xmp_in(const VImage& image) {
    std::size_t size = 0;
    const void* packet = image.get_blob(VIPS_META_XMP_NAME, &size);
    return {static_cast<const char*>(packet), size};
  }

  static void expect_nothing_private(const Image& image) {
    const VImage pixels = decoded(image);
    for (const char* field :
         {"exif-ifd0-Artist", "exif-ifd0-Make", "exif-ifd0-ImageDescription",
          "exif-ifd3-GPSLatitude", "exif-ifd3-GPSLatitudeRef", VIPS_META_XMP_NAME,
          VIPS_META_ICC_NAME, VIPS_META_IPTC_NAME, "jpeg-thumbnail-data"}) {
      EXPECT_EQ(pixels.get_typeof(field), 0U) << field << " in " << format_name(*image.format);
    }
    EXPECT_EQ(image.data.view().find("Secret"), std::string_view::npos);
  }
};

TEST_F(MetadataTest, TheSourceHoldsAllKindsOfMetadata) {
  const VImage source = decoded(encoded(talkative(true), Format::kJpeg), Format::kJpeg);
  for (const char* field : {kCopyright, "exif-ifd0-Make", "exif-ifd3-GPSLatitude",
                            VIPS_META_XMP_NAME, VIPS_META_ICC_NAME, "jpeg-thumbnail-data"})
    EXPECT_NE(source.get_typeof(field), 0U) << field;
}

TEST_F(MetadataTest, NothingIsKeptWhereThereIsNoCopyright) {
  for (const Format in : {Format::kJpeg, Format::kPng, Format::kWebp}) {
    const Bytes source = file(talkative(false), in);
    for (const Format out : kFormats) {
      TransformSpec spec = sized(50, 0);
      spec.format = out;
      const ImagePtr image = make(source, spec);
      expect_nothing_private(*image);
      EXPECT_EQ(decoded(*image).get_typeof(VIPS_META_EXIF_NAME), 0U);
    }
  }
}

TEST_F(MetadataTest, OnlyTheCopyrightIsKept) {
  for (const Format in : {Format::kJpeg, Format::kPng, Format::kWebp}) {
    const Bytes source = file(talkative(true), in);
    for (const Format out : {Format::kJpeg, Format::kPng, Format::kWebp}) {
      TransformSpec spec = sized(50, 0);
      spec.format = out;
      const ImagePtr image = make(source, spec);
      expect_nothing_private(*image);
      const VImage pixels = decoded(*image);
      ASSERT_NE(pixels.get_typeof(kCopyright), 0U) << format_name(in) << format_name(out);
      const std::string kept = pixels.get_string(kCopyright);
      EXPECT_TRUE(kept.starts_with("(c) 2026 Ada Example (all rights reserved)")) << kept;
    }
  }
}

TEST_F(MetadataTest, AnOrientationThatWasAppliedIsNotToldAgain) {
  VImage image = talkative(true);
  image.set(VIPS_META_ORIENTATION, 6);
  const ImagePtr result = make(encoded(image, Format::kJpeg), sized(45, 0));
  const VImage pixels = decoded(*result);
  EXPECT_EQ(pixels.height(), 60);
  EXPECT_EQ(vips_image_get_orientation(pixels.get_image()), 1);
}

// A block written by hand: what libvips has no field for must go as well, and a copyright in
// another alphabet must stay as it was.
TEST_F(MetadataTest, UnknownEntriesGoAndTheTextStaysAsItWas) {
  const std::string copyright =
      "\xC2\xA9 \xC3\x89lo\xC3\xAFse (tous droits)" + std::string(1, '\0');
  const std::string secret = "SecretTag" + std::string(1, '\0');
  const auto entry = [](int tag, std::size_t count, std::size_t offset) {
    const auto little = [](std::size_t value, int bytes) {
      std::string text;
      for (int i = 0; i < bytes; ++i, value >>= 8U) text.push_back(static_cast<char>(value));
      return text;
    };
    return little(static_cast<std::size_t>(tag), 2) + little(2, 2) + little(count, 4) +
           little(offset, 4);
  };
  const std::size_t data = 8 + 2 + 2 * 12 + 4;
  const std::string exif = std::string("Exif\0\0II*\0\x08\0\0\0\x02\0", 16) +
                           entry(0x8298, copyright.size(), data) +
                           entry(0xC9FF, secret.size(), data + copyright.size()) +
                           std::string(4, '\0') + copyright + secret;
  const std::string plain_jpeg(
      to_bytes(photo(60, 40).jpegsave_buffer(VImage::option()->set("strip", true))).view());
  const std::string app1 = std::string("\xFF\xE1\0", 3) + static_cast<char>(exif.size() + 2) + exif;
  const Bytes source = Bytes::own(plain_jpeg.substr(0, 2) + app1 + plain_jpeg.substr(2));
  for (const Format out : {Format::kJpeg, Format::kPng, Format::kWebp}) {
    TransformSpec spec = sized(30, 0);
    spec.format = out;
    const ImagePtr image = make(source, spec);
    EXPECT_NE(image->data.view().find(copyright), std::string_view::npos) << format_name(out);
    expect_nothing_private(*image);
  }
}

constexpr Format kWithMetadata[] = {Format::kJpeg, Format::kPng, Format::kWebp};

TEST_F(MetadataTest, TheCopyrightStaysWhereTheFormatHoldsMetadata) {
  const Bytes source = file(talkative(true), Format::kJpeg);
  for (const Format out : kFormats) {
    TransformSpec spec = sized(30, 0);
    spec.format = out;
    const bool stays = make(source, spec)->data.view().find("Ada Example") != std::string::npos;
    EXPECT_EQ(stays, traits_of(out).metadata) << format_name(out);
  }
}

TEST_F(MetadataTest, StripTakesTheCopyrightToo) {
  for (const Format in : kWithMetadata) {
    const Bytes source = file(talkative(true), in);
    for (const Format out : kFormats) {
      TransformSpec spec = as(out);
      spec.strip = true;
      const ImagePtr image = make(source, spec);
      expect_nothing_private(*image);
      EXPECT_EQ(image->data.view().find("Ada Example"), std::string_view::npos)
          << format_name(in) << " to " << format_name(out);
    }
  }
}

TEST_F(MetadataTest, Strip0KeepsAllThatIsStillTrue) {
  for (const Format in : kWithMetadata) {
    VImage picture = talkative(true);
    picture.set(VIPS_META_ORIENTATION, 6);
    const Bytes source = file(picture, in);
    for (const Format out : kWithMetadata) {
      SCOPED_TRACE(std::string(format_name(in)) + " to " + std::string(format_name(out)));
      TransformSpec spec = sized(45, 0);
      spec.format = out;
      spec.strip = false;
      const VImage pixels = decoded(*make(source, spec));
      ASSERT_EQ(pixels.height(), 60) << "turned";
      for (const char* field : {kCopyright, "exif-ifd0-Artist", "exif-ifd0-Make",
                                "exif-ifd3-GPSLatitude", VIPS_META_XMP_NAME}) {
        EXPECT_NE(pixels.get_typeof(field), 0U) << field;
      }
      EXPECT_EQ(vips_image_get_orientation(pixels.get_image()), 1) << "and not told again";
      EXPECT_THAT(xmp_in(pixels), HasSubstr("SecretXmp<tiff:Orientation>1</")) << "nor there";
      EXPECT_EQ(pixels.get_typeof(VIPS_META_ICC_NAME), 0U) << "it is sRGB now";
      EXPECT_EQ(pixels.get_typeof("jpeg-thumbnail-data"), 0U) << "it looked like another picture";
    }
  }
}

// What EXIF says of colours is not true of sRGB.
TEST_F(MetadataTest, Strip0DoesNotKeepWhatExifSaysOfOtherColours) {
  VImage picture = talkative(true);
  const std::pair<const char*, const char*> entries[] = {
      {"exif-ifd0-WhitePoint", "1/3 1/3"},
      {"exif-ifd0-PrimaryChromaticities", "1/2 1/3 1/4 1/2 1/5 1/6"},
      {"exif-ifd4-InteroperabilityIndex", "R03"}};
  for (const auto& [field, value] : entries) picture.set(field, value);
  const Bytes source = encoded(picture, Format::kJpeg);
  TransformSpec spec = as(Format::kJpeg);
  spec.strip = false;
  const VImage kept = decoded(*make(source, spec));
  EXPECT_NE(kept.get_typeof("exif-ifd0-Make"), 0U);
  const VImage before = decoded(source, Format::kJpeg);
  for (const auto& [field, value] : entries) {
    EXPECT_NE(before.get_typeof(field), 0U) << field;
    EXPECT_EQ(kept.get_typeof(field), 0U) << field;
  }
}

TEST_F(MetadataTest, Strip0ShowsTheColoursOfTheProfileThatGoes) {
  const Bytes source = file(talkative(true), Format::kPng);
  TransformSpec spec = as(Format::kPng);
  spec.strip = false;
  const VImage kept = decoded(*make(source, spec));
  spec.strip = true;
  EXPECT_EQ(distance(kept, decoded(*make(source, spec))), 0);
}

TEST_F(MetadataTest, AvifKeepsTheCopyrightAndAllAsAsked) {
  const Bytes source = file(talkative(true), Format::kJpeg);
  TransformSpec spec = as(Format::kAvif);
  const ImagePtr usual = make(source, spec);
  EXPECT_NE(usual->data.view().find("(c) 2026 Ada Example"), std::string_view::npos);
  expect_nothing_private(*usual);
  spec.strip = false;
  EXPECT_NE(make(source, spec)->data.view().find("SecretCamera"), std::string_view::npos);
}

TEST_F(MetadataTest, AnAnimationKeepsItsCopyrightToo) {
  const Bytes one = file(talkative(true), Format::kWebp);
  const VImage tagged = decoded(one, Format::kWebp);
  VImage moving = roll({photo(40, 30), photo(40, 30).fliphor()}, {50, 60}, 2);
  std::size_t size = 0;
  const void* exif = tagged.get_blob(VIPS_META_EXIF_NAME, &size);
  set_blob(moving, VIPS_META_EXIF_NAME, {static_cast<const char*>(exif), size});
  TransformSpec spec = sized(20, 0);
  const ImagePtr image = make(encoded(moving, Format::kWebp), spec);
  EXPECT_EQ(image->frames, (Frames{2, 2}));
  EXPECT_NE(image->data.view().find("(c) 2026 Ada Example"), std::string_view::npos);
  expect_nothing_private(*image);
}

TEST_F(MetadataTest, TheSampleKeepsItsCopyright) {
  const ImagePtr image = make(read_testdata("copyright.jpg"), sized(50, 0));
  EXPECT_NE(decoded(*image).get_typeof(kCopyright), 0U);
  expect_nothing_private(*image);
}

}  // namespace
}  // namespace imageserver
