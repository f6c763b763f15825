#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <string_view>
#include <utility>

#include "imageserver/params.h"

namespace imageserver {
namespace {

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

  static void expect_no_picture(const std::string& source) {
    SCOPED_TRACE(source);
    const Result<TransformSpec> result = from_peer("source", source);
    ASSERT_TRUE(result.has_error());
    EXPECT_EQ(result.error(), (Error{ErrorKind::kNotFound, "no such picture"}));
  }
};

TEST_F(Validate, WhatIsNotAskedForIsLeftFree) {
  TransformSpec expected;
  expected.source = "a.jpg";
  EXPECT_EQ(spec("/a.jpg"), expected);
  EXPECT_EQ(expected.mode, Mode::kStretch);
  EXPECT_EQ(expected.resampling, Resampling::kLanczos);
}

TEST_F(Validate, EveryParameterArrives) {
  const TransformSpec expected{.source = "d/a b.jpg",
                               .width = 8192,
                               .height = 4,
                               .mode = Mode::kFill,
                               .resampling = Resampling::kCubic,
                               .format = Format::kWebp,
                               .quality = 100};
  EXPECT_EQ(
      spec("/d/a%20b.jpg?width=8192&height=4&mode=fill&resampling=cubic&format=webp&quality=100"),
      expected);
}

TEST_F(Validate, EveryNameOfTheSetsIsKnown) {
  EXPECT_EQ(spec("/a?mode=fit").mode, Mode::kFit);
  EXPECT_EQ(spec("/a?resampling=nearest_neighbor").resampling, Resampling::kNearestNeighbor);
  EXPECT_EQ(spec("/a?resampling=box").resampling, Resampling::kBox);
  EXPECT_EQ(spec("/a?resampling=linear").resampling, Resampling::kLinear);
  EXPECT_EQ(spec("/a?resampling=lanczos").resampling, Resampling::kLanczos);
  EXPECT_EQ(spec("/a?format=jpg").format, Format::kJpeg);
  EXPECT_EQ(spec("/a?format=jpeg").format, Format::kJpeg);
  EXPECT_EQ(spec("/a?format=png").format, Format::kPng);
  EXPECT_EQ(spec("/a?format=gif").format, Format::kGif);
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

TEST_F(Validate, NamesOutsideTheirSetAreRefused) {
  expect_invalid(validated("/a?mode=stretch"), R"("mode": must be one of fit, fill)");
  expect_invalid(validated("/a?mode=Fit"), R"("mode": must be one of fit, fill)");
  expect_invalid(validated("/a?resampling=lanczos3"),
                 R"("resampling": must be one of nearest_neighbor, box, linear, cubic, lanczos)");
  expect_invalid(validated("/a?format=JPG"), R"("format": must be one of jpeg, png, gif, webp)");
  expect_invalid(from_peer("format", std::string("jpg")),
                 R"("format": must be one of jpeg, png, gif, webp)");
  expect_invalid(resize_from_peer("mode", std::string()), R"("mode": must be one of fit, fill)");
}

TEST_F(Validate, QualityIsAPercentage) {
  EXPECT_EQ(spec("/a?quality=1").quality, 1);
  for (const char* target :
       {"/a?quality=0", "/a?quality=101", "/a?quality=-1", "/a?quality=9223372036854775807"}) {
    expect_invalid(validated(target), R"("quality": must be between 1 and 100)");
  }
}

TEST_F(Validate, ControlCharactersAreRefusedByName) {
  for (const char* byte : {"%01", "%0A", "%1F", "%7F"}) {
    const std::string text = std::string("a") + byte;
    expect_invalid(validated("/" + text), R"("source": must not contain control characters)");
    expect_invalid(validated("/a?mode=" + text), R"("mode": must not contain control characters)");
    expect_invalid(validated("/a?format=" + text),
                   R"("format": must not contain control characters)");
    expect_invalid(validated("/a?resampling=" + text),
                   R"("resampling": must not contain control characters)");
  }
}

TEST_F(Validate, TwoMapsWithOneTextAreNotBothValid) {
  Params first;
  first.insert("mode", std::string("fit] source:A"));
  const Result<TransformSpec> result = from_peer("gift_resize", first);
  expect_invalid(result, R"("mode": must be one of fit, fill)");
}

TEST_F(Validate, WhatAPeerSendsIsOfTheRightType) {
  expect_invalid(resize_from_peer("width", std::string("1")), R"("width": must be an integer)");
  expect_invalid(resize_from_peer("height", 1.0), R"("height": must be an integer)");
  expect_invalid(resize_from_peer("mode", true), R"("mode": must be a string)");
  expect_invalid(resize_from_peer("resampling", std::int64_t{1}),
                 R"("resampling": must be a string)");
  expect_invalid(from_peer("quality", false), R"("quality": must be an integer)");
  expect_invalid(from_peer("format", Params()), R"("format": must be a string)");
  expect_invalid(from_peer("source", std::int64_t{1}), R"("source": must be a string)");
  expect_invalid(from_peer("gift_resize", std::string("x")), R"("gift_resize": must be a map)");
}

TEST_F(Validate, WhatAPeerSendsHasAKnownName) {
  expect_invalid(from_peer("width", std::int64_t{1}), R"("width": is not a known parameter)");
  expect_invalid(resize_from_peer("source", std::string("x")),
                 R"("source": is not a known parameter)");
  expect_invalid(from_peer("", true), R"("": is not a known parameter)");
}

TEST_F(Validate, AHostileNameStaysOneShortLine) {
  expect_invalid(from_peer("a\r\nb\"\xc3\x7f", true), R"("a??b???": is not a known parameter)");
  expect_invalid(from_peer(std::string(5000, 'x'), true),
                 "\"" + std::string(64, 'x') + "\": is not a known parameter");
}

TEST_F(Validate, AnEmptyResizeAsksForNothing) {
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
