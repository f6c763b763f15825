// What comes in and what goes out.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "formats/format.h"
#include "support/operations.h"
#include "support/pictures.h"
#include "support/reference.h"
#include "support/spec_fields.h"

namespace imageserver {
namespace {

using vips::VImage;
using vips::VOption;

// One file, what it shows, and how far from it results without loss may be (levels, on average).
struct Source {
  std::string name;
  Bytes bytes;
  VImage shown;
  double loss = 1;
};

VImage as_kind(const VImage& image, VipsInterpretation interpretation) {
  return image.copy(VImage::option()->set("interpretation", interpretation));
}

VImage sixteen(const VImage& picture) {
  return as_kind((picture * 257).cast(VIPS_FORMAT_USHORT), VIPS_INTERPRETATION_RGB16);
}

Bytes tiff(const VImage& image, VOption* options = VImage::option()) {
  return to_bytes(image.tiffsave_buffer(options));
}

std::vector<Source> sources() {
  const VImage picture = photo(64, 48);
  const VImage grey = picture.colourspace(VIPS_INTERPRETATION_B_W);
  const VImage four = quarters(64, 48);
  const VImage bits = plain(32, 48, {0}).join(plain(32, 48, {255}), VIPS_DIRECTION_HORIZONTAL);
  const VImage cmyk = picture.icc_transform("cmyk", VImage::option()->set("input_profile", "srgb"));
  const VImage from_cmyk =
      cmyk.icc_transform("srgb", VImage::option()->set("input_profile", "cmyk"));
  const VImage five = picture.bandjoin_const({255, 99});
  std::vector<Source> list;
  for (const Format format : kFormats)
    list.push_back({std::string(format_name(format)), encoded(picture, format), picture,
                    format == Format::kGif ? 6.0 : 2.5});
  list.push_back({"heic", heic(picture), picture, 2.5});
  list.push_back({"16 bits TIFF", tiff(sixteen(picture)), picture});
  list.push_back({"float TIFF", tiff(picture.colourspace(VIPS_INTERPRETATION_scRGB)), picture});
  list.push_back({"CMYK TIFF", tiff(cmyk), from_cmyk, 3});
  list.push_back({"LAB TIFF", tiff(picture.colourspace(VIPS_INTERPRETATION_LAB)), picture, 2});
  list.push_back({"5 bands TIFF", tiff(five), picture});
  list.push_back({"grey TIFF", tiff(grey), grey});
  list.push_back({"1 bit TIFF", tiff(bits, VImage::option()->set("bitdepth", 1)), bits});
  list.push_back({"tiled TIFF", tiff(picture, VImage::option()->set("tile", true)), picture});
  list.push_back({"pyramid TIFF",
                  tiff(photo(64, 48), VImage::option()->set("pyramid", true)->set("tile", true)),
                  picture});
  list.push_back({"BigTIFF", tiff(picture, VImage::option()->set("bigtiff", true)), picture});
  list.push_back({"LZW TIFF",
                  tiff(picture, VImage::option()
                                    ->set("compression", VIPS_FOREIGN_TIFF_COMPRESSION_LZW)
                                    ->set("predictor", VIPS_FOREIGN_TIFF_PREDICTOR_HORIZONTAL)),
                  picture});
  list.push_back(
      {"JPEG in TIFF",
       tiff(picture,
            VImage::option()->set("compression", VIPS_FOREIGN_TIFF_COMPRESSION_JPEG)->set("Q", 97)),
       picture, 2.5});
  list.push_back(
      {"palette PNG", to_bytes(four.pngsave_buffer(VImage::option()->set("palette", true))), four});
  list.push_back({"16 bits PNG", to_bytes(sixteen(picture).pngsave_buffer()), picture});
  list.push_back({"interlaced PNG",
                  to_bytes(picture.pngsave_buffer(VImage::option()->set("interlace", true))),
                  picture});
  list.push_back({"grey JPEG", encoded(grey, Format::kJpeg), grey, 2});
  list.push_back({"grey BMP", encoded(grey, Format::kBmp), grey});
  list.push_back({"alpha BMP", encoded(picture.bandjoin(255.0), Format::kBmp), picture});
  list.push_back({"alpha HEIC", heic(picture.bandjoin(255.0)), picture, 2.5});
  return list;
}

// What a format's own loss adds, on average.
double loss(Format format) {
  switch (format) {
    case Format::kJpeg:
    case Format::kWebp:
    case Format::kAvif:
      return 3.5;
    case Format::kGif:
      return 7;
    default:
      return 0;
  }
}

class FormatsTest : public TransformTest {
 protected:
  static Distance apart(const VImage& a, const VImage& b) {
    const auto colour = [](const VImage& image) {
      return image.colourspace(VIPS_INTERPRETATION_sRGB);
    };
    return looks_apart(colour(a), colour(b));
  }

  static TransformContext drawing(const UntrustedFormats& untrusted) {
    TransformContext context;
    context.untrusted = untrusted;
    return context;
  }

  static TransformContext avif_up_to(std::int64_t pixels) {
    TransformContext context;
    context.avif_auto_max_pixels = pixels;
    return context;
  }

  static VImage half_seen() { return photo(64, 48).bandjoin(VImage(faded())); }

  static VImage faded() {
    return (VImage::xyz(64, 48).extract_band(0) * 4).cast(VIPS_FORMAT_UCHAR).copy_memory();
  }
};

TEST_F(FormatsTest, EveryFormatIsMadeOfEveryFormat) {
  for (const Source& source : sources()) {
    for (const Format out : kFormats) {
      SCOPED_TRACE(source.name + " to " + std::string(format_name(out)));
      TransformSpec spec = as(out);
      spec.crop = CropBox{0, 0, 64, 48};
      const ImagePtr image = make(source.bytes, spec);
      ASSERT_NE(image, nullptr);
      EXPECT_EQ(image->format, out);
      EXPECT_EQ(format_of(*sniff(image->data.view())), out);
      EXPECT_LT(apart(decoded(*image), source.shown).mean, source.loss + loss(out));
    }
  }
}

TEST_F(FormatsTest, EveryFormatCanBeShrunkAndTurned) {
  for (const Source& source : sources()) {
    SCOPED_TRACE(source.name);
    TransformSpec spec = as(Format::kPng);
    spec.width = 24;
    spec.rotation = 90;
    const VImage pixels = decoded(*make(source.bytes, spec));
    ASSERT_EQ(pixels.width(), 24);
    ASSERT_EQ(pixels.height(), 32);
    EXPECT_LT(apart(pixels, source.shown.rot270().resize(0.5)).mean, source.loss + 2.5);
  }
}

TEST_F(FormatsTest, LosslessFormatsAreExact) {
  for (const VImage& picture :
       {photo(61, 47), photo(61, 47).colourspace(VIPS_INTERPRETATION_B_W)}) {
    for (const Format out : {Format::kPng, Format::kTiff, Format::kBmp})
      EXPECT_EQ(apart(through(picture, as(out)), picture).most, 0) << format_name(out);
  }
  for (const Format out : {Format::kPng, Format::kTiff, Format::kBmp})
    EXPECT_EQ(levels_between(through(half_seen(), as(out)), half_seen()).most, 0)
        << format_name(out);
  EXPECT_EQ(apart(through(quarters(60, 40), as(Format::kGif)), quarters(60, 40)).most, 0);
}

TEST_F(FormatsTest, AlphaIsKeptWhereTheFormatHoldsIt) {
  for (const Format in :
       {Format::kPng, Format::kWebp, Format::kAvif, Format::kTiff, Format::kBmp}) {
    const Bytes source = encoded(half_seen(), in);
    for (const Format out :
         {Format::kPng, Format::kWebp, Format::kAvif, Format::kTiff, Format::kBmp}) {
      TransformSpec spec = as(out);
      spec.crop = CropBox{0, 0, 64, 48};
      const VImage pixels = decoded(*make(source, spec));
      ASSERT_EQ(pixels.bands(), 4) << format_name(in) << " to " << format_name(out);
      EXPECT_LT(levels_between(pixels.extract_band(3), faded()).mean, 2);
      EXPECT_LT(apart(pixels, half_seen()).mean, 4);
    }
  }
}

TEST_F(FormatsTest, GifKeepsFullyTransparentPixels) {
  const VImage alpha = plain(32, 48, {0}).join(plain(32, 48, {255}), VIPS_DIRECTION_HORIZONTAL);
  const VImage pixels = through(quarters(64, 48).bandjoin(alpha), as(Format::kGif));
  ASSERT_EQ(pixels.bands(), 4);
  EXPECT_EQ(levels_between(pixels.extract_band(3), alpha).most, 0);
}

TEST_F(FormatsTest, JpegIsOnWhite) {
  for (const Format in :
       {Format::kPng, Format::kWebp, Format::kAvif, Format::kTiff, Format::kBmp}) {
    const VImage pixels = decoded(*make(encoded(half_seen(), in), as(Format::kJpeg)));
    ASSERT_EQ(pixels.bands(), 3);
    EXPECT_LT(
        levels_between(pixels, half_seen().flatten(VImage::option()->set("background", 255.0)))
            .mean,
        4)
        << format_name(in);
  }
}

TEST_F(FormatsTest, HeicIsNeverPassedThrough) {
  const VImage picture = photo(64, 48);
  const ImagePtr opaque = make(heic(picture), {});
  EXPECT_EQ(opaque->format, Format::kJpeg);
  EXPECT_LT(apart(decoded(*opaque), picture).mean, 5);
  const ImagePtr clear = make(heic(half_seen()), {});
  EXPECT_EQ(clear->format, Format::kPng);
  EXPECT_LT(apart(decoded(*clear), half_seen()).mean, 5);
  TransformSpec automatic;
  automatic.auto_format = AutoFormat{.avif = true, .webp = true};
  EXPECT_EQ(make(heic(picture), automatic)->format, Format::kAvif);
}

TEST_F(FormatsTest, SvgIsDrawnAtTheSizeAskedWhereItIsAllowed) {
  const Bytes svg = Bytes::copy(
      "<svg xmlns='http://www.w3.org/2000/svg' width='20' height='10'>"
      "<rect width='10' height='10' fill='#f00'/></svg>");
  EXPECT_EQ(error_of(svg, sized(200, 0)).kind, ErrorKind::kUnprocessable);
  const TransformContext context = drawing({.svg = true});
  const ImagePtr image = make(svg, sized(200, 0), context);
  EXPECT_EQ(image->format, Format::kPng) << "there is alpha";
  const VImage pixels = decoded(*image);
  ASSERT_EQ(pixels.width(), 200);
  EXPECT_EQ(colour_at(pixels, 0, 0, 99, 100), (std::vector<double>{255, 0, 0, 255}));
  EXPECT_EQ(colour_at(pixels, 101, 0, 99, 100)[3], 0) << "as sharp as it can be";
  EXPECT_EQ(make(svg, {}, context)->format, Format::kPng) << "never passed through";
}

TEST_F(FormatsTest, PdfIsDrawnWhereItIsAllowed) {
  std::string pdf =
      "%PDF-1.1\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
      "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
      "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 36]/Contents 4 0 R>>endobj\n"
      "4 0 obj<</Length 24>>stream\n1 0 0 rg 0 0 36 36 re f \nendstream endobj\n"
      "trailer<</Root 1 0 R>>\n%%EOF\n";
  const Bytes bytes = Bytes::own(std::move(pdf));
  EXPECT_EQ(error_of(bytes, sized(100, 0)).kind, ErrorKind::kUnprocessable);
  const TransformContext context = drawing({.pdf = true});
  TransformSpec spec = sized(144, 0);
  spec.format = Format::kPng;
  const VImage pixels = decoded(*make(bytes, spec, context));
  ASSERT_EQ(pixels.width(), 144);
  ASSERT_EQ(pixels.height(), 72);
  EXPECT_EQ(colour_at(pixels, 2, 2, 66, 66)[0], 255);
  EXPECT_EQ(colour_at(pixels, 2, 2, 66, 66)[1], 0);
}

// Each changes the picture, or how it is encoded.
std::vector<TransformSpec> requests() {
  std::vector<TransformSpec> specs;
  const auto add = [&](const auto& change) {
    specs.emplace_back();
    change(specs.back());
  };
  add([](TransformSpec& s) { s.page = 0; });
  add([](TransformSpec& s) { s.frames = 1; });
  add([](TransformSpec& s) { s.orient = false; });
  add([](TransformSpec& s) { s.crop = CropBox{0, 0, 9, 9}; });
  add([](TransformSpec& s) { s.trim = 10; });
  add([](TransformSpec& s) { s.flip.horizontal = true; });
  add([](TransformSpec& s) { s.rotation = 90; });
  add([](TransformSpec& s) { s.width = 9; });
  add([](TransformSpec& s) { s.height = 9; });
  add([](TransformSpec& s) { s.pixelate = 2; });
  add([](TransformSpec& s) { s.blur = 1; });
  add([](TransformSpec& s) { s.sharpen = 1; });
  add([](TransformSpec& s) { s.grayscale = true; });
  add([](TransformSpec& s) { s.brightness = 9; });
  add([](TransformSpec& s) { s.contrast = 9; });
  add([](TransformSpec& s) { s.saturation = 9; });
  add([](TransformSpec& s) { s.tint = Colour{}; });
  add([](TransformSpec& s) { s.watermark = Watermark{"logo", {}, 1, 0}; });
  add([](TransformSpec& s) { s.radius = 3; });
  add([](TransformSpec& s) { s.background = Colour{}; });
  add([](TransformSpec& s) { s.quality = 50; });
  add([](TransformSpec& s) { s.auto_quality = true; });
  add([](TransformSpec& s) { s.max_bytes = 1'000'000; });
  add([](TransformSpec& s) { s.colors = 9; });
  add([](TransformSpec& s) { s.lossless = true; });
  add([](TransformSpec& s) { s.progressive = true; });
  add([](TransformSpec& s) { s.strip = true; });
  add([](TransformSpec& s) { s.strip = false; });
  return specs;
}

// Only says how what nobody asked for would be done.
TransformSpec manners() {
  TransformSpec spec;
  spec.source = "picture.png";
  spec.interpolation = Interpolation::kLinear;
  spec.dpr = 2;
  spec.mode = Mode::kFill;
  spec.enlarge = false;
  spec.gravity.kind = Gravity::Kind::kSmart;
  spec.resampling = Resampling::kBox;
  spec.gamma_correction = true;
  return spec;
}

TEST_F(FormatsTest, PassesThroughUntouchedExactlyWhenNothingIsAsked) {
  const Bytes mark = encoded(plain(4, 4, {1, 2, 3}), Format::kPng);
  for (const Format format : kFormats) {
    const Bytes source = encoded(photo(20, 16), format);
    EXPECT_EQ(make(source, manners())->data.data(), source.data()) << format_name(format);
    TransformSpec same = manners();
    same.format = format;
    EXPECT_EQ(make(source, same)->data.data(), source.data()) << format_name(format);
    int number = 0;
    for (const TransformSpec& spec : requests()) {
      EXPECT_NE(make(source, spec, {}, mark)->data.data(), source.data())
          << format_name(format) << ", request " << number;
      ++number;
    }
  }
}

TEST_F(FormatsTest, AutomaticFormats) {
  const auto made_for = [](const Bytes& source, const AutoFormat& taken) {
    TransformSpec spec;
    spec.auto_format = taken;
    return make(source, spec);
  };
  const Bytes jpeg = encoded(photo(40, 30), Format::kJpeg);
  const Bytes png = encoded(photo(40, 30), Format::kPng);
  const Bytes clear = encoded(half_seen(), Format::kPng);
  const Bytes gif =
      encoded(roll({photo(40, 30), photo(40, 30).fliphor()}, {50, 60}, 2), Format::kGif);
  EXPECT_EQ(made_for(jpeg, {})->data.data(), jpeg.data()) << "as it is";
  EXPECT_EQ(made_for(png, {})->format, Format::kJpeg) << "smaller, and nothing is seen through";
  EXPECT_EQ(made_for(clear, {})->data.data(), clear.data());
  EXPECT_EQ(made_for(jpeg, {.webp = true})->format, Format::kWebp);
  EXPECT_EQ(made_for(jpeg, {.avif = true, .webp = true})->format, Format::kAvif);
  EXPECT_EQ(made_for(jpeg, {.avif = true, .webp = true, .webp_first = true})->format,
            Format::kWebp);
  EXPECT_EQ(made_for(gif, {.avif = true})->data.data(), gif.data()) << "it moves";
  const ImagePtr moving = made_for(gif, {.avif = true, .webp = true});
  EXPECT_EQ(moving->format, Format::kWebp);
  EXPECT_EQ(moving->frames, (Frames{2, 2}));
}

TEST_F(FormatsTest, AlphaThatTheTransformMakesCounts) {
  const Bytes jpeg = encoded(photo(40, 30), Format::kJpeg);
  TransformSpec spec;
  spec.auto_format = AutoFormat{};
  spec.radius = 5;
  EXPECT_EQ(make(jpeg, spec)->format, Format::kPng);
  spec.background = Colour{1, 2, 3, 255};
  EXPECT_EQ(make(jpeg, spec)->format, Format::kJpeg);
  spec = {};
  spec.auto_format = AutoFormat{};
  spec.rotation = 30;
  EXPECT_EQ(make(jpeg, spec)->format, Format::kPng);
  spec.rotation = 90;
  EXPECT_EQ(make(jpeg, spec)->format, Format::kJpeg);
  TransformSpec pad = sized(50, 50, Mode::kPad);
  pad.auto_format = AutoFormat{};
  EXPECT_EQ(make(jpeg, pad)->format, Format::kPng);
}

TEST_F(FormatsTest, AutomaticAvifIsBoundedAndOneAskedForIsNot) {
  const Bytes jpeg = encoded(photo(40, 30), Format::kJpeg);
  TransformSpec spec = sized(40, 0);
  spec.auto_format = AutoFormat{.avif = true, .webp = true};
  EXPECT_EQ(make(jpeg, spec, avif_up_to(1200))->format, Format::kAvif);
  EXPECT_EQ(make(jpeg, spec, avif_up_to(1199))->format, Format::kWebp);
  spec.auto_format.reset();
  spec.format = Format::kAvif;
  EXPECT_EQ(make(jpeg, spec, avif_up_to(1))->format, Format::kAvif);
}

TEST_F(FormatsTest, AnAvifThatWouldTakeTooLongIsRefused) {
  TransformSpec spec = sized(4100, 4000);
  spec.format = Format::kAvif;
  EXPECT_EQ(error_of(encoded(plain(41, 40, {1, 2, 3}), Format::kPng), spec).kind,
            ErrorKind::kInvalidParam);
}

// All that one spec can ask of an opaque picture, a field at a time, and two that need more than a
// field.
std::vector<SpecField> changes_of_a_picture() {
  std::vector<SpecField> changes = spec_fields();
  changes.push_back({"a turn by 20 degrees", [](TransformSpec& spec) { spec.rotation = 20; }});
  changes.push_back({"borders", [](TransformSpec& spec) {
                       spec.width = spec.height = 50;
                       spec.mode = Mode::kPad;
                     }});
  return changes;
}

// `plan` foretells transparency from the spec, before there are pixels. The pixels are the judge.
TEST_F(FormatsTest, AResultThatCanBeSeenThroughIsNeverAnAutomaticJpeg) {
  const Bytes opaque = encoded(photo(64, 48), Format::kPng);
  const Bytes mark = encoded(plain(4, 4, {1, 2, 3}), Format::kPng);
  int seen_through = 0;
  for (const SpecField& field : changes_of_a_picture()) {
    if (field.name == "crop") continue;  // lies outside of this picture
    TransformSpec spec = spec_with(field);
    spec.auto_format.reset();
    spec.format = Format::kPng;
    const VImage pixels = decoded(*make(opaque, spec, {}, mark));
    if (!pixels.has_alpha() || pixels.extract_band(pixels.bands() - 1).min() == 255) continue;
    ++seen_through;
    spec.format.reset();
    spec.auto_format = AutoFormat{};
    EXPECT_EQ(make(opaque, spec, {}, mark)->format, Format::kPng) << field.name;
  }
  EXPECT_EQ(seen_through, 3) << "round corners, a turn, borders";
}

TEST_F(FormatsTest, WhatIsProgressiveIsThatInEachFormatThatCan) {
  const Bytes png = encoded(photo(64, 48), Format::kPng);
  for (const Format out : kFormats) {
    TransformSpec spec = as(out);
    const ImagePtr plain = make(png, spec);
    spec.progressive = true;
    const bool differs = make(png, spec)->data.view() != plain->data.view();
    EXPECT_EQ(differs, traits_of(out).progressive) << format_name(out);
  }
}

TEST_F(FormatsTest, OneDecodeHoweverManySteps) {
  const Bytes source = encoded(photo(200, 150), Format::kJpeg);
  TransformSpec spec = sized(80, 80, Mode::kFill);
  spec.crop = CropBox{10, 10, 190, 140};
  spec.trim = 5;
  spec.gravity.kind = Gravity::Kind::kSmart;
  spec.rotation = 20;
  spec.blur = 1;
  spec.max_bytes = 1500;
  const int before = operations_begun("jpegload_buffer");
  ASSERT_NE(make(source, spec), nullptr);
  EXPECT_EQ(operations_begun("jpegload_buffer") - before, 2) << "its header and its pixels";
}

}  // namespace
}  // namespace imageserver
