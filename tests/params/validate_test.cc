#include <gtest/gtest.h>

#include <algorithm>
#include <initializer_list>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "params/params.h"
#include "params/parse_target.h"
#include "params/transform_spec.h"
#include "params/validate.h"

namespace imageserver {
namespace {

constexpr const char* kCropRule =
    "\"crop\": must be min_x,min_y|max_x,max_y: integers of 32 bits, with each maximum above its "
    "minimum";

class Validate : public testing::Test {
 protected:
  static Result<TransformSpec> validated(std::string_view target) {
    return validate(parse_target(target).value());
  }

  static TransformSpec spec(std::string_view target) { return validated(target).value(); }

  // What comes out of a map that a peer might send.
  static Result<TransformSpec> from_peer(std::string name, ParamValue value) {
    Params params;
    if (name != "source") params.insert("source", std::string("a.jpg"));
    params.insert(std::move(name), std::move(value));
    return validate(params);
  }

  static Result<TransformSpec> resize_from_peer(std::string name, ParamValue value) {
    Params resize;
    resize.insert(std::move(name), std::move(value));
    return from_peer("gift_resize", resize);
  }

  static void expect_invalid(const Result<TransformSpec>& result, const std::string& what) {
    ASSERT_TRUE(result.has_error()) << what;
    EXPECT_EQ(result.error(), (Error{ErrorKind::kInvalidParam, "invalid param " + what}));
  }

  static Result<TransformSpec> rotate_from_peer(std::string name, ParamValue value) {
    Params rotate;
    rotate.insert(std::move(name), std::move(value));
    return from_peer("gift_rotate", rotate);
  }

  // That each of these values of a parameter breaks this rule of it.
  static void expect_refused(const std::string& name, std::initializer_list<const char*> values,
                             const std::string& rule) {
    for (const char* value : values) {
      SCOPED_TRACE(name + "=" + value);
      expect_invalid(validated("/a?" + name + "=" + value), '"' + name + "\": " + rule);
    }
  }

  static void expect_no_picture(const std::string& source) {
    SCOPED_TRACE(source);
    const Result<TransformSpec> result = from_peer("source", source);
    ASSERT_TRUE(result.has_error());
    EXPECT_EQ(result.error(), (Error{ErrorKind::kNotFound, "no such picture"}));
  }
};

TEST_F(Validate, FieldsThatAreNotAskedForKeepTheirDefaults) {
  TransformSpec expected;
  expected.source = "a.jpg";
  EXPECT_EQ(spec("/a.jpg"), expected);
  EXPECT_EQ(expected.mode, Mode::kStretch);
  EXPECT_EQ(expected.resampling, Resampling::kLanczos);
}

TEST_F(Validate, EveryParameterArrives) {
  TransformSpec expected;
  expected.source = "d/a b.jpg";
  expected.page = 3;
  expected.frames = 4;
  expected.orient = false;
  expected.crop = CropBox{.min_x = -1, .min_y = 2, .max_x = 3, .max_y = 4};
  expected.trim = 12.5;
  expected.flip = {.horizontal = true};
  expected.rotation = 45;
  expected.interpolation = Interpolation::kLinear;
  expected.width = 100;
  expected.height = 4;
  expected.dpr = 2;
  expected.mode = Mode::kFill;
  expected.enlarge = false;
  expected.gravity = {Gravity::Kind::kPoint, 0, 1};
  expected.resampling = Resampling::kCubic;
  expected.gamma_correction = true;
  EXPECT_EQ(spec("/d/a%20b.jpg?page=3&frames=4&orient=0&crop=-1,2|3,4&trim=12.5&flip=h&rotation=45"
                 "&interpolation=linear&width=100&height=4&dpr=2&mode=fill&enlarge=0"
                 "&gravity=southwest&resampling=cubic&gamma_correction=1"),
            expected);
}

TEST_F(Validate, EveryEffectArrives) {
  TransformSpec expected;
  expected.source = "a";
  expected.pixelate = 5;
  expected.blur = 1.5;
  expected.sharpen = 0.5;
  expected.grayscale = true;
  expected.brightness = -100;
  expected.contrast = 100;
  expected.saturation = 7;
  expected.tint = Colour{.red = 0x11, .green = 0x22, .blue = 0x33};
  expected.watermark = Watermark{
      .name = "logo.png", .gravity = {Gravity::Kind::kPoint, 1, 0}, .opacity = 0.25, .scale = 0.5};
  expected.radius = 9;
  expected.background = Colour{.red = 0xaa, .green = 0xbb, .blue = 0xcc, .alpha = 0x80};
  EXPECT_EQ(spec("/a?pixelate=5&blur=1.5&sharpen=.5&grayscale=1&brightness=-100&contrast=100"
                 "&saturation=7&tint=123&watermark=logo.png&watermark_gravity=northeast"
                 "&watermark_opacity=.25&watermark_scale=.5&radius=9&background=80aabbcc"),
            expected);
}

TEST_F(Validate, EveryParameterOfTheEncodingArrives) {
  TransformSpec expected;
  expected.source = "a";
  expected.format = Format::kWebp;
  expected.quality = 100;
  expected.max_bytes = 1 << 30;
  expected.colors = 256;
  expected.lossless = true;
  expected.progressive = true;
  expected.strip = false;
  EXPECT_EQ(spec("/a?format=webp&quality=100&max_bytes=1073741824&colors=256&lossless=1"
                 "&progressive=1&strip=0"),
            expected);
}

TEST_F(Validate, EveryNameOfTheSetsIsKnown) {
  EXPECT_EQ(spec("/a?mode=fit").mode, Mode::kFit);
  EXPECT_EQ(spec("/a?mode=fill").mode, Mode::kFill);
  EXPECT_EQ(spec("/a?mode=pad").mode, Mode::kPad);
  EXPECT_EQ(spec("/a?mode=inside").mode, Mode::kInside);
  EXPECT_EQ(spec("/a?mode=cover").mode, Mode::kCover);
  EXPECT_EQ(spec("/a?resampling=nearest_neighbor").resampling, Resampling::kNearestNeighbor);
  EXPECT_EQ(spec("/a?resampling=box").resampling, Resampling::kBox);
  EXPECT_EQ(spec("/a?resampling=linear").resampling, Resampling::kLinear);
  EXPECT_EQ(spec("/a?resampling=lanczos").resampling, Resampling::kLanczos);
  EXPECT_EQ(spec("/a?interpolation=nearest_neighbor").interpolation,
            Interpolation::kNearestNeighbor);
  EXPECT_EQ(spec("/a?interpolation=linear").interpolation, Interpolation::kLinear);
  EXPECT_EQ(spec("/a?interpolation=cubic").interpolation, Interpolation::kCubic);
  EXPECT_EQ(spec("/a?flip=h").flip, (Flip{true, false}));
  EXPECT_EQ(spec("/a?flip=v").flip, (Flip{false, true}));
  EXPECT_EQ(spec("/a?flip=hv").flip, (Flip{true, true}));
  EXPECT_EQ(spec("/a?format=jpg").format, Format::kJpeg);
  EXPECT_EQ(spec("/a?format=tif").format, Format::kTiff);
  for (const Format format : kFormats) {
    EXPECT_EQ(spec("/a?format=" + std::string(format_name(format))).format, format);
  }
}

TEST_F(Validate, GravityIsAPointOfThePictureOrLeftToUs) {
  const auto point = [](double x, double y) { return Gravity{Gravity::Kind::kPoint, x, y}; };
  EXPECT_EQ(spec("/a").gravity, point(0.5, 0.5));
  EXPECT_EQ(spec("/a?gravity=center").gravity, point(0.5, 0.5));
  EXPECT_EQ(spec("/a?gravity=north").gravity, point(0.5, 0));
  EXPECT_EQ(spec("/a?gravity=northeast").gravity, point(1, 0));
  EXPECT_EQ(spec("/a?gravity=east").gravity, point(1, 0.5));
  EXPECT_EQ(spec("/a?gravity=southeast").gravity, point(1, 1));
  EXPECT_EQ(spec("/a?gravity=south").gravity, point(0.5, 1));
  EXPECT_EQ(spec("/a?gravity=southwest").gravity, point(0, 1));
  EXPECT_EQ(spec("/a?gravity=west").gravity, point(0, 0.5));
  EXPECT_EQ(spec("/a?gravity=northwest").gravity, point(0, 0));
  EXPECT_EQ(spec("/a?gravity=fp:0.25,1").gravity, point(0.25, 1));
  EXPECT_EQ(spec("/a?gravity=fp:0,.75").gravity, point(0, 0.75));
  EXPECT_EQ(spec("/a?gravity=smart").gravity.kind, Gravity::Kind::kSmart);
  EXPECT_EQ(spec("/a?gravity=entropy").gravity.kind, Gravity::Kind::kEntropy);
  expect_refused("gravity",
                 {"up", "North", "fp", "fp:", "fp:1", "fp:0,", "fp:,0", "fp:1.1,0", "fp:0,-.1",
                  "fp:nan,0", "fp:0,0,0", "fp:0%200", "FP:0,0"},
                 "must be one of center, north, northeast, east, southeast, south, southwest, "
                 "west, northwest, smart, entropy, or fp:x,y with x and y between 0 and 1");
}

TEST_F(Validate, SizesLieBetweenZeroAndTheLargestSide) {
  EXPECT_EQ(spec("/a?width=0&height=0").width, 0);
  expect_invalid(validated("/a?width=-1"), R"("width": must be greater than or equal to 0)");
  expect_invalid(validated("/a?height=-1"), R"("height": must be greater than or equal to 0)");
  expect_invalid(validated("/a?width=8193"), R"("width": must be less than or equal to 8192)");
  expect_invalid(validated("/a?height=9223372036854775807"),
                 R"("height": must be less than or equal to 8192)");
  expect_invalid(validated("/a?height=-9223372036854775808"),
                 R"("height": must be greater than or equal to 0)");
}

TEST_F(Validate, TheAreaIsLimitedWhereBothSidesAreGiven) {
  EXPECT_EQ(spec("/a?width=8000&height=5000").height, 5000);
  expect_invalid(validated("/a?width=8000&height=5001"),
                 R"("width": times height must be less than or equal to 40000000)");
}

TEST_F(Validate, ScaledSidesAreLimitedToo) {
  EXPECT_EQ(spec("/a?width=1024&height=100&dpr=8").dpr, 8);
  EXPECT_EQ(spec("/a?width=8192&height=8192&dpr=0.5").width, 8192);
  EXPECT_EQ(spec("/a?width=0&height=1&dpr=0.1").height, 1);
  expect_invalid(validated("/a?width=1025&dpr=8"),
                 R"("dpr": times width must be less than or equal to 8192)");
  expect_invalid(validated("/a?height=4097&dpr=2"),
                 R"("dpr": times height must be less than or equal to 8192)");
  EXPECT_EQ(spec("/a?width=4000&height=2500&dpr=2").width, 4000);
  expect_invalid(
      validated("/a?width=4000&height=2501&dpr=2"),
      R"("width": times height, both times dpr, must be less than or equal to 40000000)");
}

TEST_F(Validate, NamesOutsideTheirSetAreRefused) {
  const std::string modes = "must be one of fit, fill, pad, inside, cover";
  const std::string formats = "must be one of jpeg, png, gif, webp, avif, tiff, bmp, auto";
  expect_refused("mode", {"stretch", "Fit"}, modes);
  expect_refused("resampling", {"lanczos3"},
                 "must be one of nearest_neighbor, box, linear, cubic, lanczos");
  expect_refused("interpolation", {"lanczos", "box"},
                 "must be one of nearest_neighbor, linear, cubic");
  expect_refused("flip", {"vh", "H", "x"}, "must be one of h, v, hv");
  expect_refused("format", {"JPG", "svg", "jxl", "heic"}, formats);
  expect_invalid(from_peer("format", std::string("jpg")), "\"format\": " + formats);
  expect_invalid(resize_from_peer("mode", std::string()), "\"mode\": " + modes);
}

TEST_F(Validate, RangesIncludeTheirBounds) {
  EXPECT_EQ(spec("/a?dpr=0.1").dpr, 0.1);
  EXPECT_EQ(spec("/a?trim=0").trim, 0);
  EXPECT_EQ(spec("/a?trim=255").trim, 255);
  EXPECT_EQ(spec("/a?page=0").page, 0);
  EXPECT_EQ(spec("/a?page=2147483647").page, 2147483647);
  EXPECT_EQ(spec("/a?frames=1").frames, 1);
  EXPECT_EQ(spec("/a?blur=100").blur, 100);
  EXPECT_EQ(spec("/a?sharpen=10").sharpen, 10);
  EXPECT_EQ(spec("/a?pixelate=1024").pixelate, 1024);
  EXPECT_EQ(spec("/a?contrast=-100").contrast, -100);
  EXPECT_EQ(spec("/a?saturation=100").saturation, 100);
  EXPECT_EQ(spec("/a?radius=8192").radius, 8192);
  EXPECT_EQ(spec("/a?colors=2").colors, 2);
  EXPECT_EQ(spec("/a?max_bytes=1").max_bytes, 1);
  EXPECT_EQ(spec("/a?watermark=w&watermark_opacity=0&watermark_scale=1").watermark->scale, 1);
}

TEST_F(Validate, WhatIsOutsideItsRangeIsRefusedWithBothBounds) {
  expect_refused("dpr", {"0", "0.09", "8.01", "-1"}, "must be between 0.1 and 8");
  expect_refused("trim", {"-0.1", "255.1"}, "must be between 0 and 255");
  expect_refused("page", {"-1", "2147483648"}, "must be between 0 and 2147483647");
  expect_refused("frames", {"0", "-1", "2147483648"}, "must be between 1 and 2147483647");
  expect_refused("blur", {"-0.1", "100.1", "1e300"}, "must be between 0 and 100");
  expect_refused("sharpen", {"-1", "10.5"}, "must be between 0 and 10");
  expect_refused("pixelate", {"-1", "1025"}, "must be between 0 and 1024");
  for (const char* name : {"brightness", "contrast", "saturation"}) {
    expect_refused(name, {"-101", "101"}, "must be between -100 and 100");
  }
  expect_refused("watermark_opacity", {"-0.1", "1.1"}, "must be between 0 and 1");
  expect_refused("watermark_scale", {"-0.1", "1.1"}, "must be between 0 and 1");
  expect_refused("radius", {"-1", "8193"}, "must be between 0 and 8192");
  expect_refused("max_bytes", {"0", "1073741825"}, "must be between 1 and 1073741824");
  expect_refused("colors", {"1", "257"}, "must be between 2 and 256");
}

TEST_F(Validate, QualityIsAPercentageOrAuto) {
  EXPECT_EQ(spec("/a?quality=1").quality, 1);
  EXPECT_FALSE(spec("/a?quality=1").auto_quality);
  EXPECT_TRUE(spec("/a?quality=auto").auto_quality);
  EXPECT_FALSE(spec("/a?quality=auto").quality.has_value());
  expect_refused("quality", {"0", "101", "-1", "9223372036854775807"},
                 "must be between 1 and 100, or auto");
}

TEST_F(Validate, ACropHasAWidthAndAHeight) {
  EXPECT_EQ(spec("/a?crop=-2147483648,-1|2147483647,0").crop,
            (CropBox{-2147483648, -1, 2147483647, 0}));
  expect_refused("crop",
                 {"1,1|1,2", "1,1|2,1", "5,5|1,9", "5,5|9,1", "0,0|0,0", "0,0|2147483648,1",
                  "0,-2147483649|1,1"},
                 std::string(kCropRule).substr(std::string_view("\"crop\": ").size()));
}

TEST_F(Validate, ACropHasAllItsFourNumbers) {
  Params three;
  for (const char* name : {"max_x", "max_y", "min_x"}) three.insert(name, std::int64_t{1});
  for (const Params& crop : {Params(), three}) {
    expect_invalid(from_peer("crop", crop), kCropRule);
  }
  three.insert("width", std::int64_t{1});
  expect_invalid(from_peer("crop", three), kCropRule);
}

TEST_F(Validate, RotationIsBroughtBelowAWholeTurn) {
  EXPECT_EQ(spec("/a?rotation=359.5").rotation, 359.5);
  EXPECT_EQ(spec("/a?rotation=360").rotation, 0);
  EXPECT_EQ(spec("/a?rotation=-90").rotation, 270);
  EXPECT_EQ(spec("/a?rotation=-360").rotation, 0);
  EXPECT_EQ(spec("/a?rotation=765").rotation, 45);
  EXPECT_EQ(spec("/a?rotation=-450.5").rotation, 269.5);
  EXPECT_EQ(spec("/a?rotation=-1e-300").rotation, 0);
  for (const char* angle : {"1e300", "-1e300", "-0", "-359.99999999999997"}) {
    const double rotation = spec(std::string("/a?rotation=") + angle).rotation;
    EXPECT_TRUE(rotation >= 0 && rotation < 360) << angle;
  }
}

TEST_F(Validate, ColoursAreHexadecimalWithTheirAlphaInFront) {
  EXPECT_EQ(spec("/a?background=f0a").background, (Colour{0xff, 0x00, 0xaa, 0xff}));
  EXPECT_EQ(spec("/a?background=8f0A").background, (Colour{0xff, 0x00, 0xaa, 0x88}));
  EXPECT_EQ(spec("/a?background=12AbEf").background, (Colour{0x12, 0xab, 0xef, 0xff}));
  EXPECT_EQ(spec("/a?background=0112abef").background, (Colour{0x12, 0xab, 0xef, 0x01}));
  EXPECT_EQ(spec("/a?tint=0112abef").tint, (Colour{0x12, 0xab, 0xef, 0x01}));
  for (const char* name : {"background", "tint"}) {
    expect_refused(name,
                   {"f", "ff", "fffff", "fffffff", "fffffffff", "red", "%23fff", "-ff", "0xff",
                    "%20ff", "ffg", "ffg000"},
                   "must be rgb, argb, rrggbb or aarrggbb in hexadecimal");
  }
}

TEST_F(Validate, AWatermarkIsThePlainNameOfAFile) {
  const std::string longest(64, 'a');
  EXPECT_EQ(spec("/a?watermark=A-1_b.png").watermark->name, "A-1_b.png");
  EXPECT_EQ(spec("/a?watermark=" + longest).watermark->name, longest);
  expect_refused("watermark",
                 {".", "..", ".hidden", "a/b", "..%2fa", "a%20b", "a%5cb", "%e5%9c%96", "a:b"},
                 "must be 1 to 64 letters, digits, -, _ and ., and not begin with .");
  expect_invalid(
      validated("/a?watermark=a" + longest),
      "\"watermark\": must be 1 to 64 letters, digits, -, _ and ., and not begin with .");
}

TEST_F(Validate, AWatermarkLiesAtAPoint) {
  EXPECT_EQ(spec("/a?watermark=w").watermark, (Watermark{.name = "w", .gravity = {}}));
  EXPECT_EQ(spec("/a?watermark=w&watermark_gravity=fp:0,1").watermark->gravity,
            (Gravity{Gravity::Kind::kPoint, 0, 1}));
  expect_refused("watermark_gravity", {"smart", "entropy", "up"},
                 "must be one of center, north, northeast, east, southeast, south, southwest, "
                 "west, northwest, or fp:x,y with x and y between 0 and 1");
}

TEST_F(Validate, ParametersOfAMissingWatermarkAreCheckedAndDoNothing) {
  EXPECT_EQ(spec("/a?watermark_gravity=north&watermark_opacity=0&watermark_scale=1"), spec("/a"));
}

TEST_F(Validate, TheFormatCanBeLeftToUs) {
  EXPECT_EQ(spec("/a?format=auto").auto_format, AutoFormat{});
  EXPECT_FALSE(spec("/a?format=auto").format.has_value());
  EXPECT_FALSE(spec("/a?format=png").auto_format.has_value());
}

TEST_F(Validate, WhatIsAcceptedIsAClosedSetAndOnlyForAuto) {
  const auto accepting = [](const char* format, const char* accept) {
    Params params;
    params.insert("source", std::string("a"));
    params.insert("format", std::string(format));
    params.insert("accept", std::string(accept));
    return validate(params);
  };
  EXPECT_EQ(accepting("auto", "webp,avif")->auto_format,
            (AutoFormat{.avif = true, .webp = true, .webp_first = true}));
  EXPECT_EQ(accepting("auto", "none")->auto_format, AutoFormat{});
  expect_invalid(accepting("auto", "webp, avif"),
                 R"("accept": must be one of none, webp, avif, avif,webp, webp,avif)");
  expect_invalid(accepting("webp", "webp"), R"("accept": is only taken with format=auto)");
  expect_invalid(from_peer("accept", std::string("webp")),
                 R"("accept": is only taken with format=auto)");
}

TEST_F(Validate, ControlCharactersAreRefusedByName) {
  for (const char* byte : {"%01", "%0A", "%1F", "%7F"}) {
    const std::string text = std::string("a") + byte;
    expect_invalid(validated("/" + text), R"("source": must not contain control characters)");
    expect_invalid(validated("/a?mode=" + text), R"("mode": must not contain control characters)");
    expect_invalid(validated("/a?format=" + text),
                   R"("format": must not contain control characters)");
    for (const std::string name : {"resampling", "interpolation", "background", "gravity", "flip",
                                   "tint", "watermark", "watermark_gravity"}) {
      expect_invalid(validated("/a?" + name + "=" + text),
                     '"' + name + "\": must not contain control characters");
    }
  }
}

TEST_F(Validate, TwoMapsWithOneTextAreNotBothValid) {
  Params first;
  first.insert("mode", std::string("fit] source:A"));
  const Result<TransformSpec> result = from_peer("gift_resize", first);
  expect_invalid(result, R"("mode": must be one of fit, fill, pad, inside, cover)");
}

TEST_F(Validate, WhatAPeerSendsIsOfTheRightType) {
  expect_invalid(resize_from_peer("width", std::string("1")),
                 R"("width": must be an integer between 0 and 8192)");
  expect_invalid(resize_from_peer("height", 1.0),
                 R"("height": must be an integer between 0 and 8192)");
  expect_invalid(resize_from_peer("mode", true), R"("mode": must be a string)");
  expect_invalid(resize_from_peer("resampling", std::int64_t{1}),
                 R"("resampling": must be a string)");
  expect_invalid(from_peer("quality", false), R"("quality": must be between 1 and 100, or auto)");
  expect_invalid(from_peer("quality", std::string("best")),
                 R"("quality": must be between 1 and 100, or auto)");
  expect_invalid(from_peer("blur", std::int64_t{1}),
                 R"("blur": must be a decimal number between 0 and 100)");
  expect_invalid(from_peer("strip", std::string("1")),
                 R"("strip": must be true or false, or 1 or 0)");
  expect_invalid(from_peer("page", 1.0), R"("page": must be an integer between 0 and 2147483647)");
  expect_invalid(from_peer("gravity", 1.0), R"("gravity": must be a string)");
  expect_invalid(from_peer("watermark", true), R"("watermark": must be a string)");
  expect_invalid(from_peer("tint", std::int64_t{123}), R"("tint": must be a string)");
  expect_invalid(rotate_from_peer("rotation", std::int64_t{90}),
                 R"("rotation": must be a decimal number)");
  expect_invalid(from_peer("gift_rotate", true), R"("gift_rotate": must be a map)");
  expect_invalid(from_peer("crop", std::string("1,1|2,2")), kCropRule);
  expect_invalid(from_peer("format", Params()), R"("format": must be a string)");
  expect_invalid(from_peer("source", std::int64_t{1}), R"("source": must be a string)");
  expect_invalid(from_peer("gift_resize", std::string("x")), R"("gift_resize": must be a map)");
}

TEST_F(Validate, WhatAPeerSendsHasAKnownName) {
  expect_invalid(from_peer("width", std::int64_t{1}), R"("width": is not a known parameter)");
  expect_invalid(resize_from_peer("source", std::string("x")),
                 R"("source": is not a known parameter)");
  expect_invalid(rotate_from_peer("width", std::int64_t{1}),
                 R"("width": is not a known parameter)");
  expect_invalid(from_peer("preset", std::string("x")), R"("preset": is not a known parameter)");
  expect_invalid(from_peer("", true), R"("": is not a known parameter)");
}

TEST_F(Validate, WhatAPeerSendsIsFinite) {
  for (const double odd :
       {std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity(),
        std::numeric_limits<double>::quiet_NaN()}) {
    expect_invalid(from_peer("blur", odd), R"("blur": must be between 0 and 100)");
    expect_invalid(from_peer("dpr", odd), R"("dpr": must be between 0.1 and 8)");
    expect_invalid(rotate_from_peer("rotation", odd), R"("rotation": must be a finite number)");
  }
}

TEST_F(Validate, TheOrderOfTheQueryDoesNotMatter) {
  std::vector<std::string> pairs = {"crop=1,1|2,2",       "format=auto", "watermark=w",
                                    "watermark_scale=.5", "width=10",    "dpr=2"};
  const TransformSpec expected =
      spec("/a?crop=1,1|2,2&format=auto&watermark=w&watermark_scale=.5&width=10&dpr=2");
  std::ranges::sort(pairs);
  do {
    std::string target = "/a?";
    for (const std::string& pair : pairs) target += pair + "&";
    ASSERT_EQ(spec(target), expected) << target;
  } while (std::ranges::next_permutation(pairs).found);
}

TEST_F(Validate, AHostileNameStaysOneShortLine) {
  expect_invalid(from_peer("a\r\nb\"\xc3\x7f", true), R"("a??b???": is not a known parameter)");
  expect_invalid(from_peer(std::string(5000, 'x'), true),
                 "\"" + std::string(64, 'x') + "\": is not a known parameter");
}

TEST_F(Validate, AnEmptyResizeOrRotateAsksForNothing) {
  EXPECT_EQ(from_peer("gift_rotate", Params()).value(), spec("/a.jpg"));
  EXPECT_EQ(from_peer("gift_resize", Params()).value(), spec("/a.jpg"));
}

TEST_F(Validate, ASourceThatCannotBeAFileIsNoPicture) {
  for (const char* source : {"", "/", "/etc/passwd", ".", "..", "../a", "a/..", "a/../b", "./a",
                             "a/.", "a//b", "a/", "a\\b", "..\\a"}) {
    expect_no_picture(source);
  }
  expect_no_picture(std::string("a\0b", 3));
  expect_no_picture(std::string(1025, 'a'));
  EXPECT_EQ(validate(Params()).error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(validated("/%2e%2e/a").error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(validated("//a").error().kind, ErrorKind::kNotFound);
}

TEST_F(Validate, AnyOtherRelativePathIsASource) {
  for (const std::string source :
       {"..a", "a..", "...", ".a", "a/..b/c", "\xff\xfe", "a b", "a%b"}) {
    EXPECT_EQ(from_peer("source", source).value().source, source);
  }
  EXPECT_TRUE(from_peer("source", std::string(1024, 'a')).has_value());
}

}  // namespace
}  // namespace imageserver
