#include <gtest/gtest.h>

#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "image/codec/animation.h"
#include "image/steps/alpha.h"
#include "support/gif_writer.h"
#include "support/pictures.h"
#include "support/reference.h"

namespace imageserver {
namespace {

using vips::VImage;

class AnimationTest : public TransformTest {
 protected:
  static int frames_in(const VImage& image) {
    return image.height() / vips_image_get_page_height(image.get_image());
  }

  static VImage frame_of(const VImage& image, int index) {
    const int height = vips_image_get_page_height(image.get_image());
    return image.extract_area(0, index * height, image.width(), height);
  }

  static TransformSpec sized_as(int width, int height, Format format) {
    TransformSpec spec = sized(width, height);
    spec.format = format;
    return spec;
  }

  static std::vector<VImage> colours() {
    return {plain(80, 60, {255, 0, 0}), plain(80, 60, {0, 255, 0}), plain(80, 60, {0, 0, 255})};
  }
};

constexpr Format kMoving[] = {Format::kGif, Format::kWebp};

TEST_F(AnimationTest, KeepsFramesDelaysAndLoopCount) {
  for (const Format in : kMoving) {
    const Bytes source = encoded(roll(colours(), {50, 120, 300}, 3), in);
    for (const Format out : kMoving) {
      const ImagePtr image = make(source, sized_as(40, 0, out));
      ASSERT_NE(image, nullptr);
      EXPECT_EQ(image->frames, (Frames{3, 3}));
      const VImage pixels = decoded(*image);
      EXPECT_EQ(frames_in(pixels), 3);
      EXPECT_EQ(pixels.height(), 90);
      EXPECT_EQ(pixels.get_array_int("delay"), (std::vector<int>{50, 120, 300}));
      EXPECT_EQ(pixels.get_int("loop"), 3);
    }
  }
}

TEST_F(AnimationTest, NoFrameBleedsIntoTheNext) {
  for (const Format in : kMoving) {
    const Bytes source = encoded(roll(colours(), {50, 50, 50}, 0), in);
    for (const Resampling resampling : {Resampling::kLanczos, Resampling::kLinear}) {
      for (const int width : {33, 200}) {
        TransformSpec spec = sized_as(width, 0, Format::kGif);
        spec.resampling = resampling;
        const VImage pixels = decoded(*make(source, spec));
        for (int i = 0; i < 3; ++i) {
          const VImage frame = frame_of(pixels, i);
          for (int band = 0; band < 3; ++band) {
            const VImage plane = frame.extract_band(band);
            EXPECT_NEAR(plane.min(), band == i ? 255 : 0, 3);
            EXPECT_NEAR(plane.max(), band == i ? 255 : 0, 3);
          }
        }
      }
    }
  }
}

TEST_F(AnimationTest, TheFirstFrameIsTheStillPicture) {
  const Bytes source = encoded(roll(colours(), {50, 120, 300}, 3), Format::kGif);
  for (const Format out : {Format::kJpeg, Format::kPng}) {
    const ImagePtr image = make(source, sized_as(40, 0, out));
    EXPECT_EQ(image->frames, (Frames{1, 1}));
    const VImage pixels = decoded(*image);
    EXPECT_EQ(pixels.height(), 30);
    EXPECT_NEAR(colour_at(pixels, 5, 5, 10, 10)[0], 254, 2);
  }
}

TEST_F(AnimationTest, PartialFramesAreComposed) {
  GifWriter gif(40, 40);
  gif.frame({.left = 0,
             .top = 0,
             .width = 40,
             .height = 40,
             .colour = 1,
             .disposal = 1,
             .delay = 5});  // all red, stays
  gif.frame({.left = 20,
             .top = 20,
             .width = 20,
             .height = 20,
             .colour = 2,
             .disposal = 1,
             .delay = 5});  // a green quarter, stays
  gif.frame({.left = 0,
             .top = 0,
             .width = 20,
             .height = 20,
             .colour = 3,
             .disposal = 3,
             .delay = 5});  // a blue quarter, then red again
  gif.frame({.left = 0,
             .top = 20,
             .width = 20,
             .height = 20,
             .colour = 3,
             .disposal = 1,
             .delay = 5});  // another blue quarter
  for (const Format out : kMoving) {
    const VImage pixels = decoded(*make(gif.bytes(), sized_as(20, 20, out)));
    ASSERT_EQ(frames_in(pixels), 4);
    const auto expect_colour = [&](int frame, int x, int y, int band) {
      const auto colour = colour_at(frame_of(pixels, frame), x, y, 4, 4);
      for (int i = 0; i < 3; ++i)
        EXPECT_NEAR(colour[static_cast<std::size_t>(i)], i == band ? 255 : 0, 8)
            << "frame " << frame << " at " << x << "," << y << " " << format_name(out);
    };
    expect_colour(0, 13, 13, 0);
    expect_colour(1, 3, 3, 0);
    expect_colour(1, 13, 13, 1);
    expect_colour(2, 3, 3, 2);
    expect_colour(2, 13, 13, 1);
    expect_colour(3, 3, 3, 0);
    expect_colour(3, 3, 13, 2);
    expect_colour(3, 13, 13, 1);
  }
}

TEST_F(AnimationTest, TransparentPixelsStayTransparent) {
  GifWriter gif(40, 40);
  gif.frame({.left = 0,
             .top = 0,
             .width = 20,
             .height = 40,
             .colour = 1,
             .disposal = 2,
             .delay = 5});  // the left half red, then cleared
  gif.frame({.left = 20,
             .top = 0,
             .width = 20,
             .height = 40,
             .colour = 2,
             .disposal = 1,
             .delay = 5});  // the right half green
  for (const Format out : kMoving) {
    const VImage pixels = decoded(*make(gif.bytes(), sized_as(20, 20, out)));
    ASSERT_EQ(pixels.bands(), 4);
    EXPECT_NEAR(colour_at(frame_of(pixels, 0), 2, 2, 5, 5)[3], 255, 1);
    EXPECT_NEAR(colour_at(frame_of(pixels, 0), 13, 2, 5, 5)[3], 0, 1);
    EXPECT_NEAR(colour_at(frame_of(pixels, 1), 2, 2, 5, 5)[3], 0, 1);
    EXPECT_NEAR(colour_at(frame_of(pixels, 1), 13, 2, 5, 5)[3], 255, 1);
  }
}

TEST_F(AnimationTest, EveryFrameIsCutAlike) {
  const VImage flag = VImage::arrayjoin(
      {plain(30, 30, {255, 0, 0}), plain(30, 30, {0, 255, 0}), plain(30, 30, {0, 0, 255})});
  const VImage turned = flag.rot180();
  const Bytes source = encoded(roll({flag, turned, flag}, {50, 50, 50}, 0), Format::kGif);
  for (const int side : {20, 60}) {
    TransformSpec spec = sized(side, side, Mode::kFill);
    const VImage pixels = decoded(*make(source, spec));
    ASSERT_EQ(frames_in(pixels), 3);
    for (int i = 0; i < 3; ++i)
      EXPECT_NEAR(colour_at(frame_of(pixels, i), 4, 4, side - 8, side - 8)[1], 255, 4);
  }
}

TEST_F(AnimationTest, OnlyTheFirstHundredFramesAreRead) {
  GifWriter gif(2, 2);
  gif.repeat(100, 1);
  gif.repeat(150, 2);
  for (const Format out : kMoving) {
    const ImagePtr image = make(gif.bytes(), sized_as(4, 4, out));
    EXPECT_EQ(image->frames, (Frames{100, 250}));
    EXPECT_TRUE(image->frames.truncated());
  }
  EXPECT_EQ(make(gif.bytes(), sized_as(4, 4, Format::kPng))->frames, (Frames{1, 1}));
}

TEST_F(AnimationTest, ALongOneThatPassesThroughIsWhole) {
  GifWriter gif(2, 2);
  gif.repeat(250, 1);
  const Bytes source = gif.bytes();
  const ImagePtr image = make(source, {});
  EXPECT_EQ(image->data.data(), source.data());
  EXPECT_EQ(image->frames, (Frames{250, 250}));
}

TEST_F(AnimationTest, ThePixelsOfAllFramesCount) {
  GifWriter gif(100, 100);
  for (int i = 0; i < 5; ++i)
    gif.frame(
        {.left = 0, .top = 0, .width = 2, .height = 2, .colour = 1, .disposal = 1, .delay = 5});
  const auto kind = [&](const TransformSpec& spec, std::int64_t max_pixels) {
    const auto result = transform(gif.bytes(), spec, {}, limited_to({.max_pixels = max_pixels}));
    return result ? ErrorKind::kInternal : result.error().kind;
  };
  EXPECT_EQ(kind(sized(10, 0), 49'999), ErrorKind::kUnprocessable);
  EXPECT_EQ(kind({}, 49'999), ErrorKind::kUnprocessable);
  EXPECT_TRUE(
      transform(gif.bytes(), sized(10, 0), {}, limited_to({.max_pixels = 50'000})).has_value());
  EXPECT_TRUE(
      transform(gif.bytes(), sized_as(10, 0, Format::kPng), {}, limited_to({.max_pixels = 10'000})))
      << "one frame is read for a still picture";
  EXPECT_TRUE(transform(gif.bytes(), {}, {}, limited_to({.max_pixels = 20'000, .max_frames = 2})))
      << "frames that would not be read do not count";
  EXPECT_EQ(error_of(gif.bytes(), sized(2900, 2900)).kind, ErrorKind::kInvalidParam)
      << "42 megapixels in five frames";
}

TEST_F(AnimationTest, WhatTheFirstFrameLeavesUncoveredIsTransparent) {
  GifWriter gif(24, 16);
  gif.frame({.left = 4, .top = 3, .width = 10, .height = 8, .colour = 1, .transparent = false});
  gif.frame({.width = 24, .height = 16, .colour = 2, .transparent = false});
  TransformSpec spec = as(Format::kTiff);
  spec.page = 0;
  const VImage first = decoded(*make(gif.bytes(), spec));
  EXPECT_EQ(first.getpoint(3, 3), (std::vector<double>{0, 0, 0, 0}));
  EXPECT_EQ(first.getpoint(4, 3), (std::vector<double>{255, 0, 0, 255}));
  EXPECT_EQ(first.getpoint(14, 10), (std::vector<double>{0, 0, 0, 0}));
  spec.page = 1;
  EXPECT_EQ(decoded(*make(gif.bytes(), spec)).getpoint(3, 3),
            (std::vector<double>{0, 255, 0, 255}));
}

TEST_F(AnimationTest, AClearedFrameLeavesNothing) {
  GifWriter gif(24, 16);
  gif.frame({.width = 24, .height = 16, .colour = 1, .transparent = false});
  gif.frame({.left = 2,
             .top = 2,
             .width = 9,
             .height = 9,
             .colour = 2,
             .disposal = 2,
             .transparent = false});
  gif.frame({.left = 8, .top = 8, .width = 4, .height = 4, .colour = 3, .transparent = false});
  TransformSpec spec = as(Format::kPng);
  spec.page = 2;
  const VImage last = decoded(*make(gif.bytes(), spec));
  EXPECT_EQ(last.getpoint(2, 2), (std::vector<double>{0, 0, 0, 0}));
  EXPECT_EQ(last.getpoint(1, 1), (std::vector<double>{255, 0, 0, 255}));
  EXPECT_EQ(last.getpoint(8, 8), (std::vector<double>{0, 0, 255, 255}));
}

TEST_F(AnimationTest, DelaysOfGifKeepTheTimeOfTheWhole) {
  const auto delays = [](const std::vector<int>& source) {
    std::vector<VImage> frames;
    for (std::size_t i = 0; i < source.size(); ++i)
      frames.push_back(plain(8, 8, {static_cast<double>(8 * i), 0, 200}));
    const VImage image = with_gif_delays(roll(frames, source, 0));
    EXPECT_EQ(decoded(encoded(image, Format::kGif), Format::kGif).get_array_int("delay"),
              image.get_array_int("delay"));
    return image.get_array_int("delay");
  };
  const std::vector<int> thirds = delays(std::vector<int>(30, 33));
  EXPECT_EQ(std::accumulate(thirds.begin(), thirds.end(), 0), 990);
  EXPECT_EQ(delays({33, 33, 34, 33, 33, 34}), (std::vector<int>{30, 40, 30, 30, 40, 30}));
  EXPECT_EQ(delays({5, 5, 5}), (std::vector<int>{10, 10, 10}));
  EXPECT_EQ(delays({16, 16, 16, 100}), (std::vector<int>{20, 20, 20, 90}));
  EXPECT_EQ(delays({0, 10, 0, 1}), (std::vector<int>{0, 10, 0, 10}));
  EXPECT_EQ(delays({50, 120, 300}), (std::vector<int>{50, 120, 300}));
  EXPECT_EQ(delays({700'000, 100}), (std::vector<int>{655'350, 100}));
  EXPECT_EQ(delays({700'004, 14}), (std::vector<int>{655'350, 20}));
}

TEST_F(AnimationTest, MoreThanTenThousandFramesAreRefused) {
  GifWriter gif(2, 2);
  gif.repeat(10'000, 1);
  EXPECT_NE(make(gif.bytes(), as(Format::kPng)), nullptr);
  gif.repeat(1, 1);
  const Error error = error_of(gif.bytes(), as(Format::kPng));
  EXPECT_EQ(error.kind, ErrorKind::kUnprocessable);
  EXPECT_EQ(error.message, "the GIF has more than 10000 frames");
  const std::string frame("ANMF\0\0\0\0", 8);
  std::string webp = "RIFF" + std::string(4, '\0') + "WEBP";
  for (int i = 0; i < 10'001; ++i) webp += frame;
  EXPECT_EQ(error_of(Bytes::own(std::move(webp)), as(Format::kPng)).message,
            "the WebP has more than 10000 frames");
}

TEST_F(AnimationTest, AWebpKeepsItsTimeAsGif) {
  std::vector<VImage> frames;
  std::vector<int> delays;
  for (int i = 0; i < 30; ++i) {
    frames.push_back(plain(8, 8, {8.0 * i, 0, 200}));
    delays.push_back(i % 3 == 2 ? 34 : 33);
  }
  const Bytes source = encoded(roll(frames, delays, 0), Format::kWebp);
  const std::vector<int> kept = decoded(*make(source, as(Format::kGif))).get_array_int("delay");
  EXPECT_EQ(kept.size(), 30);
  EXPECT_EQ(std::accumulate(kept.begin(), kept.end(), 0), 1000);
}

// As browsers show them.
TEST_F(AnimationTest, FramesOfNoTimeTakeATenthOfASecondInWebp) {
  const Bytes source =
      encoded(roll({plain(8, 8, {255, 0, 0}), plain(8, 8, {0, 255, 0}), plain(8, 8, {0, 0, 255})},
                   {0, 10, 20}, 0),
              Format::kGif);
  EXPECT_EQ(decoded(*make(source, as(Format::kWebp))).get_array_int("delay"),
            (std::vector<int>{100, 100, 20}));
  EXPECT_EQ(decoded(*make(source, sized_as(4, 4, Format::kGif))).get_array_int("delay"),
            (std::vector<int>{0, 10, 20}));
}

TEST_F(AnimationTest, AGifThatEndsWithinAFrameIsDamaged) {
  GifWriter gif(10, 10);
  gif.frame(
      {.left = 0, .top = 0, .width = 10, .height = 10, .colour = 1, .disposal = 1, .delay = 5});
  gif.frame(
      {.left = 0, .top = 0, .width = 10, .height = 10, .colour = 2, .disposal = 1, .delay = 5});
  const Bytes frames = gif.without_trailer();
  const Error error = error_of(frames.slice(0, frames.size() - 3), sized(5, 5));
  EXPECT_EQ(error.kind, ErrorKind::kUnprocessable);
}

TEST_F(AnimationTest, TheSamplesKeepFramesDelaysAndLoopCount) {
  for (const std::string name : {"animated.gif", "animated.webp", "disposal.gif"}) {
    const Bytes source = read_testdata(name);
    const Format in = name.ends_with("gif") ? Format::kGif : Format::kWebp;
    const VImage original = decoded(source, in);
    for (const Format out : kMoving) {
      const ImagePtr image = make(source, sized_as(64, 0, out));
      ASSERT_NE(image, nullptr);
      const VImage pixels = decoded(*image);
      EXPECT_EQ(frames_in(pixels), frames_in(original)) << name;
      EXPECT_EQ(pixels.get_array_int("delay"), original.get_array_int("delay")) << name;
      EXPECT_EQ(pixels.get_int("loop"), original.get_int("loop")) << name;
      for (int i = 0; i < frames_in(pixels); ++i) {
        const VImage frame = frame_of(pixels, i);
        const Plane seen = premultiplied(plane_of(with_alpha(frame_of(original, i))));
        const VImage small =
            image_of(unpremultiplied(resampled(seen, {64, frame.height()}, Resampling::kLanczos)));
        EXPECT_LT(distance(frame, small), 16) << name << " frame " << i;
      }
    }
  }
}

TEST_F(AnimationTest, TheLongSampleIsCutShort) {
  const ImagePtr image = make(read_testdata("frames250.gif"), sized(16, 0));
  EXPECT_EQ(image->frames, (Frames{100, 250}));
}

// The picture that programs show which know no animated PNG. Its one frame is another.
TEST_F(AnimationTest, AnAnimatedPngIsAStillPicture) {
  const Bytes file = read_testdata("corpus/png-animated-beside.png");
  const ImagePtr image = make(file, as(Format::kTiff));
  ASSERT_NE(image, nullptr);
  EXPECT_EQ(image->frames, (Frames{1, 1}));
  EXPECT_EQ(decoded(*image).avg(), decoded(file, Format::kPng).avg());
  EXPECT_LT(decoded(*image).avg(), 255) << "the frame is white";
}

}  // namespace
}  // namespace imageserver
