#include "image/direct/direct.h"

#include <gtest/gtest.h>
#include <turbojpeg.h>

#include <functional>
#include <map>
#include <stop_token>
#include <string>

#include "image/codec/decode.h"
#include "support/jpeg_writer.h"
#include "support/operations.h"
#include "support/pictures.h"
#include "support/reference.h"
#include "support/spec_fields.h"

namespace imageserver {
namespace {

using vips::VImage;

class DirectTest : public TransformTest {
 protected:
  static Bytes source() { return jpeg_of(photo(200, 150)); }

  static Bytes jpeg_of(const VImage& image) {
    return to_bytes(image.jpegsave_buffer(VImage::option()->set("Q", 85)));
  }

  // Whether libvips wrote nothing.
  static bool goes_directly(const Bytes& picture, const TransformSpec& spec) {
    const int before = operations_begun("save_buffer");
    EXPECT_NE(make(picture, spec), nullptr);
    return operations_begun("save_buffer") == before;
  }

  static bool goes_directly_with(const std::function<void(TransformSpec&)>& change) {
    TransformSpec spec = sized(80, 0);
    change(spec);
    return goes_directly(source(), spec);
  }

  // PNG never goes directly.
  static VImage by_libvips(const Bytes& picture, TransformSpec spec) {
    spec.format = Format::kPng;
    return decoded(*make(picture, spec));
  }
};

TEST_F(DirectTest, TheCommonestRequestsGoDirectly) {
  EXPECT_TRUE(goes_directly_with([](TransformSpec&) {}));
  EXPECT_TRUE(goes_directly_with([](TransformSpec& spec) { spec.format = Format::kWebp; }));
  EXPECT_TRUE(goes_directly_with([](TransformSpec& spec) { spec.quality = 95; }));
  EXPECT_TRUE(goes_directly_with([](TransformSpec& spec) { spec.progressive = true; }));
  EXPECT_TRUE(goes_directly_with([](TransformSpec& spec) { spec.crop = CropBox{9, 9, 180, 99}; }));
  EXPECT_TRUE(goes_directly_with([](TransformSpec& spec) { spec.rotation = 90; }));
  EXPECT_TRUE(goes_directly_with([](TransformSpec& spec) { spec.flip.horizontal = true; }));
  EXPECT_TRUE(goes_directly_with([](TransformSpec& spec) { spec.background = Colour{}; }));
  EXPECT_TRUE(goes_directly_with([](TransformSpec& spec) {
    spec.height = 80;
    spec.mode = Mode::kFill;
  }));
  EXPECT_TRUE(goes_directly(read_testdata("grey.jpg"), sized(50, 0)));
  EXPECT_TRUE(goes_directly(read_testdata("progressive.jpg"), sized(50, 0)));
  EXPECT_TRUE(goes_directly(read_testdata("orientation-6.jpg"), sized(50, 0)));
}

// What becomes of a field of the spec, in a request that goes directly without it.
enum class Way {
  kClosed,         // libvips does it
  kOtherPixels,    // it goes directly, and the pixels follow the field
  kOtherEncoding,  // it goes directly, and the file follows the field
  kSame,           // it goes directly, and the field has nothing to say of such a picture
};

const std::map<std::string, Way> kWays = {
    {"source", Way::kSame},
    {"page", Way::kSame},
    {"frames", Way::kSame},
    {"orient", Way::kOtherPixels},
    {"crop", Way::kOtherPixels},
    {"trim", Way::kClosed},
    {"flip", Way::kOtherPixels},
    {"rotation", Way::kOtherPixels},
    {"interpolation", Way::kSame},
    {"width", Way::kOtherPixels},
    {"height", Way::kOtherPixels},
    {"dpr", Way::kOtherPixels},
    {"mode", Way::kOtherPixels},
    {"enlarge", Way::kSame},
    {"gravity", Way::kOtherPixels},
    {"resampling", Way::kClosed},
    {"gamma_correction", Way::kClosed},
    {"pixelate", Way::kClosed},
    {"blur", Way::kClosed},
    {"sharpen", Way::kClosed},
    {"grayscale", Way::kClosed},
    {"brightness", Way::kClosed},
    {"contrast", Way::kClosed},
    {"saturation", Way::kClosed},
    {"tint", Way::kClosed},
    {"watermark", Way::kClosed},
    {"radius", Way::kClosed},
    {"background", Way::kSame},
    {"format", Way::kOtherEncoding},
    {"auto_format", Way::kOtherEncoding},
    {"quality", Way::kOtherEncoding},
    {"auto_quality", Way::kClosed},
    {"max_bytes", Way::kClosed},
    {"colors", Way::kSame},
    {"lossless", Way::kSame},
    {"progressive", Way::kOtherEncoding},
    {"strip", Way::kSame},
};

class EveryFieldDirectTest : public DirectTest, public testing::WithParamInterface<SpecField> {
 protected:
  // Asks for a part of a picture that lies on its side, so that every field of the layout counts.
  static TransformSpec base() { return sized(80, 60, Mode::kFill); }

  static TransformSpec changed() {
    TransformSpec spec = base();
    GetParam().change(spec);
    return spec;
  }

  static Bytes source() { return turned_file(photo(150, 200), 6, Format::kJpeg); }

  static Way expected() { return kWays.at(GetParam().name); }

  // Asks the direct way itself, for a JPEG.
  static bool is_refused(const TransformSpec& spec) {
    const Bytes picture = source();
    const Header header = read_header(picture, FileType::kJpeg);
    const Box cut = *cut_of(spec, header.stored, header.orientation);
    const Layout layout = lay_out(spec, cut, turn_of(spec, header.orientation));
    const DirectJob job{picture, header, layout, spec, Format::kJpeg};
    EXPECT_EQ(render_directly(job, {}).has_value(), encode_directly(job, {}).has_value());
    return !render_directly(job, {}).has_value();
  }

  static bool looks_alike(const VImage& a, const VImage& b) {
    return a.width() == b.width() && a.height() == b.height() && distance(a, b) < 5;
  }

  static void expect_heeded(const Bytes& picture, const TransformSpec& spec) {
    const ImagePtr before = make(picture, base());
    const ImagePtr after = make(picture, spec);
    ASSERT_TRUE(before && after);
    EXPECT_EQ(before->data.view() == after->data.view(), expected() == Way::kSame);
    EXPECT_EQ(looks_alike(decoded(*before), decoded(*after)), expected() != Way::kOtherPixels);
    if (expected() != Way::kOtherPixels) return;
    EXPECT_TRUE(looks_alike(decoded(*after), by_libvips(picture, spec)));
  }
};

INSTANTIATE_TEST_SUITE_P(Fields, EveryFieldDirectTest, testing::ValuesIn(spec_fields()),
                         [](const auto& param) { return param.param.name; });

TEST_P(EveryFieldDirectTest, IsObeyedOrTheDirectWayRefusesTheRequest) {
  ASSERT_TRUE(kWays.contains(GetParam().name));
  ASSERT_FALSE(is_refused(base()));
  const TransformSpec spec = changed();
  EXPECT_EQ(is_refused(spec), expected() == Way::kClosed);
  if (expected() == Way::kClosed) return;
  const Bytes picture = source();
  EXPECT_TRUE(goes_directly(picture, spec));
  expect_heeded(picture, spec);
}

TEST_F(DirectTest, TheFormatAndTheEncodingAreThoseAskedFor) {
  const auto result_of = [](const std::function<void(TransformSpec&)>& change) {
    TransformSpec spec = sized(80, 0);
    change(spec);
    EXPECT_TRUE(goes_directly(source(), spec));
    return make(source(), spec);
  };
  const ImagePtr usual = result_of([](TransformSpec&) {});
  const ImagePtr webp = result_of([](TransformSpec& spec) { spec.format = Format::kWebp; });
  const ImagePtr automatic = result_of(
      [](TransformSpec& spec) { spec.auto_format = AutoFormat{.avif = false, .webp = true}; });
  const ImagePtr light = result_of([](TransformSpec& spec) { spec.quality = 30; });
  const ImagePtr progressive = result_of([](TransformSpec& spec) { spec.progressive = true; });
  EXPECT_EQ(usual->format, Format::kJpeg);
  EXPECT_EQ(webp->format, Format::kWebp);
  EXPECT_EQ(automatic->format, Format::kWebp);
  EXPECT_LT(light->data.size(), usual->data.size() * 2 / 3);
  constexpr std::string_view kProgressiveFrame = "\xff\xc2";
  EXPECT_EQ(usual->data.view().find(kProgressiveFrame), std::string_view::npos);
  EXPECT_NE(progressive->data.view().find(kProgressiveFrame), std::string_view::npos);
}

TEST_F(DirectTest, WhatIsNotEnlargedGoesDirectly) {
  EXPECT_FALSE(goes_directly_with([](TransformSpec& spec) { spec.width = 300; }));
  EXPECT_TRUE(goes_directly_with([](TransformSpec& spec) {
    spec.width = 300;
    spec.enlarge = false;
    spec.quality = 50;
  }));
}

TEST_F(DirectTest, WhatIsNotCoveredGoesThroughLibvips) {
  EXPECT_FALSE(goes_directly_with([](TransformSpec& spec) { spec.format = Format::kTiff; }));
  EXPECT_FALSE(goes_directly_with([](TransformSpec& spec) {
    spec.format = Format::kWebp;
    spec.lossless = true;
  }));
  EXPECT_FALSE(goes_directly_with([](TransformSpec& spec) { spec.rotation = 30; }));
  EXPECT_FALSE(goes_directly_with([](TransformSpec& spec) {
    spec.height = 80;
    spec.mode = Mode::kPad;
  }));
  EXPECT_FALSE(goes_directly_with([](TransformSpec& spec) {
    spec.height = 80;
    spec.mode = Mode::kFill;
    spec.gravity.kind = Gravity::Kind::kSmart;
  }));
  EXPECT_FALSE(goes_directly(read_testdata("p3.jpg"), sized(50, 0)));
  EXPECT_FALSE(goes_directly(read_testdata("cmyk.jpg"), sized(50, 0)));
  EXPECT_FALSE(goes_directly(read_testdata("alpha.png"), as(Format::kJpeg)));
}

TEST_F(DirectTest, ACopyrightIsKept) {
  const Bytes bytes = read_testdata("copyright.jpg");
  EXPECT_FALSE(goes_directly(bytes, sized(50, 0)));
  TransformSpec spec = sized(50, 0);
  spec.strip = true;
  EXPECT_TRUE(goes_directly(bytes, spec));
  spec.strip = false;
  EXPECT_FALSE(goes_directly(bytes, spec));
  EXPECT_TRUE(goes_directly(
      to_bytes(photo(90, 90).jpegsave_buffer(VImage::option()->set("strip", true))), spec))
      << "there is nothing to keep";
}

TEST_F(DirectTest, NothingMoreThanThePixelsIsWritten) {
  const VImage result = decoded(*make(read_testdata("orientation-6.jpg"), sized(50, 0)));
  EXPECT_EQ(result.get_typeof(VIPS_META_ORIENTATION), 0U);
  EXPECT_EQ(result.get_typeof(VIPS_META_EXIF_NAME), 0U);
}

TEST_F(DirectTest, LooksAsByLibvipsInEveryOrientation) {
  const VImage seen = photo(203, 151);
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const Bytes turned = turned_file(seen, orientation, Format::kJpeg);
    for (const Mode mode : {Mode::kStretch, Mode::kFit, Mode::kFill, Mode::kCover}) {
      for (const Format format : {Format::kJpeg, Format::kWebp}) {
        SCOPED_TRACE(testing::Message() << orientation << " in mode " << static_cast<int>(mode)
                                        << " as " << format_name(format));
        TransformSpec spec = sized(71, 60, mode);
        spec.format = format;
        spec.quality = 89;
        EXPECT_TRUE(goes_directly(turned, spec));
        EXPECT_LT(distance(decoded(*make(turned, spec)), by_libvips(turned, spec)), 4);
      }
    }
  }
}

TEST_F(DirectTest, CutsTheSamePartTurnedAsWell) {
  const Bytes picture = jpeg_of(photo(203, 151));
  for (const CropBox& box : {CropBox{0, 0, 203, 151}, CropBox{13, 7, 110, 100}, CropBox{1, 1, 2, 2},
                             CropBox{202, 150, 203, 151}}) {
    for (const double rotation : {0.0, 90.0, 180.0, 270.0}) {
      TransformSpec spec;
      spec.crop = box;
      spec.rotation = rotation;
      spec.format = Format::kJpeg;
      spec.quality = 89;
      SCOPED_TRACE(testing::Message() << box.min_x << "," << box.min_y << " by " << rotation);
      EXPECT_TRUE(goes_directly(picture, spec));
      EXPECT_LT(distance(decoded(*make(picture, spec)), by_libvips(picture, spec)), 5);
    }
  }
}

TEST_F(DirectTest, FlatColoursStayWhatTheyAre) {
  const std::vector<std::vector<double>> colours = {
      {0, 0, 0}, {255, 255, 255}, {128, 128, 128}, {200, 40, 10}, {10, 40, 200}};
  for (const std::vector<double>& colour : colours) {
    const Bytes picture = jpeg_of(plain(120, 90, colour));
    for (const Format format : {Format::kJpeg, Format::kWebp}) {
      TransformSpec spec = sized(37, 0);
      spec.format = format;
      ASSERT_TRUE(goes_directly(picture, spec));
      const VImage result = decoded(*make(picture, spec)).colourspace(VIPS_INTERPRETATION_sRGB);
      const std::vector<double> mean = colour_at(result, 0, 0, result.width(), result.height());
      for (std::size_t band = 0; band < 3; ++band) EXPECT_NEAR(mean.at(band), colour.at(band), 3);
    }
  }
}

TEST_F(DirectTest, GreyBecomesWebpWithoutColour) {
  TransformSpec spec = sized(40, 0);
  spec.format = Format::kWebp;
  const Bytes grey = jpeg_of(photo(120, 90).extract_band(1));
  ASSERT_TRUE(goes_directly(grey, spec));
  const VImage result = decoded(*make(grey, spec));
  EXPECT_LT(distance(result, by_libvips(grey, spec)), 4);
}

// How many components the frame of a baseline JPEG has.
int components_of(const Image& jpeg) {
  const std::string_view bytes = jpeg.data.view();
  const std::size_t frame = bytes.find("\xff\xc0");
  return bytes.at(frame + 9);
}

TEST_F(DirectTest, AColourJpegWithoutColourBecomesGrey) {
  const VImage grey = photo(120, 90).extract_band(1);
  const Bytes in_colour =
      jpeg_of(VImage::bandjoin({grey, grey, grey})
                  .copy(VImage::option()->set("interpretation", VIPS_INTERPRETATION_sRGB)));
  ASSERT_EQ(decoded(in_colour, Format::kJpeg).bands(), 3);
  for (const int quality : {80, 95}) {
    TransformSpec spec = sized(41, 0);
    spec.quality = quality;
    ASSERT_TRUE(goes_directly(in_colour, spec));
    const ImagePtr result = make(in_colour, spec);
    EXPECT_EQ(components_of(*result), 1);
    EXPECT_LT(distance(decoded(*result), by_libvips(in_colour, spec)), 4);
    EXPECT_EQ(components_of(*make(source(), spec)), 3);
  }
}

TEST_F(DirectTest, AResultOfOneRowKeepsItsColour) {
  const Bytes red = jpeg_of(plain(120, 90, {200, 40, 10}));
  for (const int quality : {80, 95}) {
    for (const Size size : {Size{40, 1}, Size{1, 40}, Size{1, 1}}) {
      TransformSpec spec = sized(size.width, size.height);
      spec.quality = quality;
      ASSERT_TRUE(goes_directly(red, spec));
      const ImagePtr result = make(red, spec);
      EXPECT_EQ(components_of(*result), 3);
      EXPECT_LT(distance(decoded(*result), by_libvips(red, spec)), 4);
    }
  }
}

TEST_F(DirectTest, ChromaIsHalvedBelowAQualityOf90) {
  for (const int quality : {89, 90, 91}) {
    TransformSpec spec = sized(80, 0);
    spec.quality = quality;
    const ImagePtr result = make(source(), spec);
    const auto layout = read_jpeg_layout(result->data.view());
    ASSERT_TRUE(layout.has_value());
    EXPECT_EQ(layout->chroma, quality < 90 ? (Subsampling{2, 2}) : (Subsampling{1, 1})) << quality;
  }
}

// Bars of colours, which are told apart by chroma alone. Where the decoder took as much from chroma
// as from luma, they would be as far off as 10 and 45.
TEST_F(DirectTest, ChromaThatIsStoredInFewerSamplesKeepsItsDetail) {
  struct Row {
    TJSAMP stored;
    bool is_upright;
    double most;
  };
  const Row rows[] = {{TJSAMP_444, true, 3},  {TJSAMP_444, false, 3}, {TJSAMP_422, true, 8},
                      {TJSAMP_440, false, 8}, {TJSAMP_420, true, 8},  {TJSAMP_420, false, 8},
                      {TJSAMP_411, true, 20}};
  const VImage pair =
      plain(5, 320, {200, 60, 60}).join(plain(5, 320, {20, 120, 190}), VIPS_DIRECTION_HORIZONTAL);
  const VImage upright = pair.replicate(32, 1);
  const VImage lying = upright.rot90();
  TransformSpec spec = sized(64, 0);
  spec.quality = 95;
  for (const auto& [stored, is_upright, most] : rows) {
    const VImage& bars = is_upright ? upright : lying;
    const Bytes picture = Bytes::own(jpeg_with(bars, stored));
    ASSERT_TRUE(goes_directly(picture, spec));
    const VImage right = by_libvips(encoded(bars, Format::kPng), spec);
    EXPECT_LT(distance(decoded(*make(picture, spec)), right), most)
        << stored << (is_upright ? " across" : " down");
  }
}

// White, 1600 long and a pixel more than whole blocks short, in a file whose last blocks have black
// beyond.
Bytes white_beside_black(int shorter, bool is_wide) {
  const auto size_of = [&](int side) { return is_wide ? Size{1600, side} : Size{side, 1600}; };
  const Size size = size_of(shorter);
  const Size stored = size_of(shorter + 15);
  const VImage all =
      plain(size.width, size.height, {255, 255, 255}).embed(0, 0, stored.width, stored.height);
  auto* const options =
      VImage::option()->set("Q", 100)->set("subsample_mode", VIPS_FOREIGN_SUBSAMPLE_ON);
  std::string bytes(to_bytes(all.jpegsave_buffer(options)).view());
  const std::size_t frame = bytes.find("\xff\xc0");
  bytes.at(frame + (is_wide ? 6 : 8)) = static_cast<char>(shorter);
  return Bytes::own(std::move(bytes));
}

TEST_F(DirectTest, WhatAFileHasBeyondItsEdgeIsNotSeen) {
  for (const bool is_wide : {true, false}) {
    for (const int shorter : {17, 49}) {
      const Bytes bytes = white_beside_black(shorter, is_wide);
      for (const int longer : {400, 100}) {
        TransformSpec spec = is_wide ? sized(longer, 0) : sized(0, longer);
        ASSERT_TRUE(goes_directly(bytes, spec));
        EXPECT_GT(decoded(*make(bytes, spec)).min(), 250)
            << shorter << (is_wide ? " high, " : " wide, ") << longer;
      }
    }
  }
}

// A last sample of chroma stands for one pixel there, and so has as much of each colour as it has.
TEST_F(DirectTest, TheLastChromaOfAnOddSideIsThatOfTheLastPixelAlone) {
  // By BT.601, of the two colours.
  constexpr double kLuma[] = {69.3, 104.4};
  constexpr double kBlue[] = {213.1, 85.9};
  for (const bool is_wide : {true, false}) {
    const VImage blue = plain(is_wide ? 82 : 40, is_wide ? 40 : 82, {30, 60, 220});
    const VImage red = plain(is_wide ? 1 : 40, is_wide ? 40 : 1, {220, 60, 30});
    const VImage image = blue.insert(red, is_wide ? 81 : 0, is_wide ? 0 : 81);
    const Bytes picture = to_bytes(image.jpegsave_buffer(
        VImage::option()->set("Q", 100)->set("subsample_mode", VIPS_FOREIGN_SUBSAMPLE_OFF)));
    const TransformSpec spec = is_wide ? sized(41, 20) : sized(20, 41);
    const Header header = read_header(picture, FileType::kJpeg);
    const Layout layout = lay_out(spec, whole_of(header.stored), {});
    const auto planes = render_directly({picture, header, layout, spec, Format::kJpeg}, {});
    ASSERT_TRUE(planes.has_value());
    ASSERT_EQ(planes->chroma, (Subsampling{2, 2}));
    const auto last_of = [&](const BytePlane& plane) {
      return is_wide ? plane.row(5)[plane.size().width - 1] : plane.row(plane.size().height - 1)[5];
    };
    const double red_share = (last_of(planes->planes[0]) - kLuma[0]) / (kLuma[1] - kLuma[0]);
    EXPECT_NEAR(last_of(planes->planes[1]), kBlue[0] + red_share * (kBlue[1] - kBlue[0]), 6)
        << (is_wide ? "across" : "down");
  }
}

TEST_F(DirectTest, APictureOfFewColumnsLooksAsByLibvips) {
  for (const int width : {2, 3, 4, 5, 6, 8}) {
    std::vector<VImage> columns;
    for (int x = 0; x < width; ++x)
      columns.push_back(plain(
          1, 40, x % 4 < 2 ? std::vector<double>{220, 40, 20} : std::vector<double>{20, 60, 220}));
    const Bytes picture = jpeg_of(VImage::arrayjoin(columns));
    TransformSpec spec = sized(width, 20);
    spec.quality = 95;
    ASSERT_TRUE(goes_directly(picture, spec));
    EXPECT_LT(distance(decoded(*make(picture, spec)), by_libvips(picture, spec)), 4) << width;
  }
}

TEST_F(DirectTest, AFileThatIsNotOfTheSizeItsHeaderSaysIsLeftToLibvips) {
  const Bytes picture = source();
  Header header = read_header(picture, FileType::kJpeg);
  const TransformSpec spec = sized(80, 0);
  for (const Size stored : {Size{201, 150}, Size{200, 149}}) {
    header.stored = stored;
    const Layout layout = lay_out(spec, whole_of(stored), {});
    EXPECT_FALSE(render_directly({picture, header, layout, spec, Format::kJpeg}, {}).has_value());
  }
}

TEST_F(DirectTest, ThumbnailsHaveHuffmanTablesOfTheirOwn) {
  const ImagePtr small = make(read_testdata("medium.jpg"), sized(100, 0));
  EXPECT_LT(small->data.size(), 2200U) << "2457 bytes with the usual tables";
}

TEST_F(DirectTest, ADamagedFileIsLeftToLibvips) {
  const std::string whole(source().view());
  const Bytes cut = Bytes::own(whole.substr(0, whole.size() / 2) + "\xff\xd9");
  EXPECT_FALSE(goes_directly(cut, sized(80, 0)));
}

TEST_F(DirectTest, AStopIsSeenBetweenTwoSteps) {
  std::stop_source stop;
  stop.request_stop();
  const Bytes picture = source();
  const Header header = read_header(picture, FileType::kJpeg);
  const TransformSpec spec = sized(80, 0);
  const Layout layout = lay_out(spec, whole_of(header.stored), {});
  const DirectJob job{picture, header, layout, spec, Format::kJpeg};
  EXPECT_TRUE(encode_directly(job, {}).has_value());
  EXPECT_FALSE(encode_directly(job, stop.get_token()).has_value());
}

}  // namespace
}  // namespace imageserver
