#include <gtest/gtest.h>

#include <atomic>
#include <stop_token>
#include <thread>

#include "image/codec/decode.h"
#include "image/vips/kill_switch.h"
#include "image/vips/vips_library.h"
#include "support/pictures.h"

namespace imageserver {
namespace {

using vips::VImage;

class StopTest : public TransformTest {
 protected:
  // Requests the stop once the work has begun and its first pixels are through.
  static Result<ImagePtr> stopped_midway(const Bytes& source, const TransformSpec& spec) {
    std::stop_source stop;
    std::jthread other([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      stop.request_stop();
    });
    return transform(source, spec, stop.get_token());
  }

  static ErrorKind kind(const Result<ImagePtr>& result) {
    EXPECT_TRUE(result.has_error());
    return result.has_error() ? result.error().kind : ErrorKind::kInternal;
  }
};

TEST_F(StopTest, BeforeTheWork) {
  std::stop_source stop;
  stop.request_stop();
  for (const Format format : kFormats) {
    const auto result = transform(encoded(photo(20, 20), format), sized(10, 0), stop.get_token());
    EXPECT_EQ(kind(result), ErrorKind::kCancelled);
  }
}

TEST_F(StopTest, DuringAnEnlargement) {
  const Bytes source = encoded(photo(600, 500), Format::kPng);
  EXPECT_EQ(kind(stopped_midway(source, sized(7000, 5600))), ErrorKind::kCancelled);
}

TEST_F(StopTest, WhileALargePictureIsMadeSmaller) {
  const Bytes source = encoded(plain(6000, 5000, {10, 120, 200}), Format::kPng);
  EXPECT_EQ(kind(stopped_midway(source, sized(2000, 0))), ErrorKind::kCancelled);
}

TEST_F(StopTest, DuringTheTurnOfALargePicture) {
  VImage picture = photo(600, 500);
  picture.set(VIPS_META_ORIENTATION, 6);
  TransformSpec spec = sized(5600, 7000);
  EXPECT_EQ(kind(stopped_midway(encoded(picture, Format::kPng), spec)), ErrorKind::kCancelled);
}

TEST_F(StopTest, BeforeTheRowsOfACutFarDownAreReached) {
  const Bytes source = encoded(plain(400, 60000, {10, 120, 200}), Format::kPng);
  TransformSpec spec = sized(400, 10);
  spec.mode = Mode::kFill;
  EXPECT_EQ(kind(stopped_midway(source, spec)), ErrorKind::kCancelled);
}

TEST_F(StopTest, BetweenTheFramesOfAnAnimation) {
  std::vector<VImage> frames;
  for (int i = 0; i < 30; ++i) frames.push_back(plain(40, 40, {8.0 * i, 0, 255.0 - 8 * i}));
  const Bytes source = encoded(roll(frames, std::vector<int>(30, 50), 0), Format::kGif);
  EXPECT_EQ(kind(stopped_midway(source, sized(1100, 1100))), ErrorKind::kCancelled);
}

TEST_F(StopTest, WhatIsInMemoryHasItsRowsInAnyOrder) {
  const Bytes source = encoded(photo(60, 50), Format::kJpeg);
  const VImage rows = decode(source, read_header(source, FileType::kJpeg), {}, 1);
  ASSERT_NE(rows.get_typeof(VIPS_META_SEQUENTIAL), 0U);
  const VImage image = in_memory(rows, {});
  EXPECT_EQ(image.get_typeof(VIPS_META_SEQUENTIAL), 0U);
  EXPECT_EQ(distance(image, decoded(source, Format::kJpeg)), 0);
}

TEST_F(StopTest, LeavesNothingBehindForTheNext) {
  const Bytes source = encoded(photo(600, 500), Format::kPng);
  EXPECT_EQ(kind(stopped_midway(source, sized(7000, 5600))), ErrorKind::kCancelled);
  EXPECT_NE(make(source, sized(100, 0)), nullptr);
  EXPECT_STREQ(vips_error_buffer(), "");
}

TEST_F(StopTest, ManyThreadsWorkAtOnce) {
  for (const Format format : {Format::kJpeg, Format::kPng, Format::kWebp}) {
    const Bytes source = encoded(photo(300, 200).bandjoin(200.0), format);
    const ImagePtr expected = make(source, sized(100, 0));
    std::atomic<int> equal = 0;
    {
      std::vector<std::jthread> threads;
      for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
          for (int n = 0; n < 10; ++n) {
            const auto result = transform(source, sized(100, 0), {});
            if (result && (*result)->data.view() == expected->data.view()) ++equal;
          }
          VipsLibrary::thread_exit();
        });
      }
    }
    EXPECT_EQ(equal, 40) << format_name(format);
  }
}

}  // namespace
}  // namespace imageserver
