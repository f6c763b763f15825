// The checks that a file must pass, and which error wins where several apply.

#include "image/original.h"

#include <gtest/gtest.h>

#include <stop_token>
#include <string>

#include "image/describe.h"
#include "image/vips/guard.h"
#include "params/size_limits.h"
#include "support/pictures.h"

namespace imageserver {
namespace {

using std::string_literals::operator""s;
using vips::VImage;

const Error kTooManyPixels{ErrorKind::kUnprocessable, "the picture is larger than 0 megapixels"};

class OriginalTest : public TransformTest {
 protected:
  static Bytes whole() { return encoded(photo(60, 40), Format::kJpeg); }

  // Cut within its pixels.
  static Bytes unsound() {
    const Bytes gif = encoded(photo(60, 40), Format::kGif);
    return gif.slice(0, gif.size() / 2);
  }

  // Without its end-of-image marker.
  static Bytes endless() { return whole().slice(0, whole().size() - 2); }

  static TransformContext too_small() { return limited_to({.max_pixels = 60 * 40 - 1}); }

  static TransformSpec page(int number) {
    TransformSpec spec;
    spec.page = number;
    return spec;
  }

  static Result<Original> opened(const Bytes& bytes, const TransformSpec& spec,
                                 const TransformContext& context = {},
                                 const std::stop_token& stop = {}) {
    return guarded(stop, [&] { return open_original(bytes, spec, context, stop); });
  }

  static Error refusal(const Bytes& bytes, const TransformSpec& spec,
                       const TransformContext& context = {}, const std::stop_token& stop = {}) {
    const Result<Original> original = opened(bytes, spec, context, stop);
    EXPECT_TRUE(original.has_error());
    return original.has_error() ? original.error() : Error{};
  }

  static Bytes moving() {
    return encoded(roll({photo(20, 10), photo(20, 10), photo(20, 10)}, {100, 100, 100}, 0),
                   Format::kGif);
  }
};

TEST_F(OriginalTest, SaysWhatTheFileIsAndWhichFramesAreRead) {
  const Result<Original> original = opened(moving(), {});
  ASSERT_TRUE(original.has_value());
  EXPECT_EQ(original->header.type, FileType::kGif);
  EXPECT_EQ(original->header.pages, 3);
  EXPECT_EQ(original->pages.count, 3);
  EXPECT_EQ(original->frames, (Frames{3, 3}));
  EXPECT_EQ(original->bytes.view(), moving().view());
}

TEST_F(OriginalTest, OfTheFirstFrameAloneNoOtherIsRead) {
  const Result<Original> original = opened(moving(), first_frame());
  ASSERT_TRUE(original.has_value());
  EXPECT_EQ(original->pages.first, 0);
  EXPECT_EQ(original->pages.count, 1);
  EXPECT_FALSE(original->passes_through);
}

TEST_F(OriginalTest, AFileThatPassesThroughIsNotLookedThrough) {
  const Result<Original> original = opened(unsound(), {});
  ASSERT_TRUE(original.has_value());
  EXPECT_TRUE(original->passes_through);
  EXPECT_EQ(make(unsound(), {})->data.view(), unsound().view());
}

TEST_F(OriginalTest, AFileThatIsDecodedMustHaveAnEnd) {
  ASSERT_TRUE(opened(whole(), sized(10, 0)).has_value());
  EXPECT_FALSE(opened(whole(), sized(10, 0))->passes_through);
  EXPECT_EQ(refusal(unsound(), sized(10, 0)), damaged());
  EXPECT_EQ(refusal(unsound(), first_frame()), damaged());
}

TEST_F(OriginalTest, AnEndIsGivenToAFileThatLacksNothingElse) {
  const Result<Original> original = opened(endless(), sized(10, 0));
  ASSERT_TRUE(original.has_value());
  EXPECT_TRUE(original->lacked_end);
  EXPECT_EQ(original->bytes.view(), whole().view());
  EXPECT_FALSE(opened(whole(), sized(10, 0))->lacked_end);
}

TEST_F(OriginalTest, LimitsComeBeforeTheEndOfTheFile) {
  EXPECT_EQ(refusal(unsound(), sized(10, 0), too_small()), kTooManyPixels);
  EXPECT_EQ(error_of(unsound(), sized(10, 0), too_small()), kTooManyPixels);
  EXPECT_EQ(describe(unsound(), {}, too_small()).error(), kTooManyPixels);
  EXPECT_EQ(describe(unsound(), {}).error(), damaged());
}

TEST_F(OriginalTest, LimitsHoldForFilesThatPassThrough) {
  EXPECT_EQ(refusal(whole(), {}, too_small()), kTooManyPixels);
}

TEST_F(OriginalTest, TheFramesAskedForComeBeforeTheirPixels) {
  const std::string message = refusal(unsound(), page(1), too_small()).message;
  EXPECT_EQ(message,
            "invalid param \"page\": must be below the number of frames or pages, which is 1");
}

TEST_F(OriginalTest, TheHeaderComesBeforeEverythingThatNeedsIt) {
  const Bytes magic = Bytes::copy("GIF89a");
  EXPECT_EQ(refusal(magic, page(1), too_small()), damaged());
  std::string large(unsound().view());
  large.resize(kMaxSourceBytes + 1);
  EXPECT_EQ(refusal(Bytes::own(std::move(large)), page(1), too_small()).message,
            "the picture is larger than 20 MiB");
  EXPECT_EQ(refusal(Bytes::copy("hello"), page(1), too_small()).message,
            "not a picture in a format we read (JPEG, PNG, GIF, WebP, AVIF, HEIC, TIFF, BMP)");
}

TEST_F(OriginalTest, AHeaderThatTakesItsDecoderTooLongIsNotRead) {
  const auto with_comments = [](int count) {
    std::string jpeg(whole().view());
    for (int i = 0; i < count; ++i) jpeg.insert(2, "\xFF\xFE\x00\x03 "s);
    return Bytes::own(std::move(jpeg));
  };
  EXPECT_TRUE(opened(with_comments(900), {}).has_value());
  EXPECT_EQ(refusal(with_comments(1001), {}), damaged());
}

TEST_F(OriginalTest, AStopIsSeenOnceTheHeaderIsRead) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(refusal(unsound(), page(1), too_small(), stop.get_token()).kind, ErrorKind::kCancelled);
}

TEST_F(OriginalTest, AWatermarkPassesTheSameChecks) {
  TransformSpec spec = sized(50, 0);
  spec.watermark = Watermark{.name = "mark.jpg", .gravity = {}};
  const Error unreadable{ErrorKind::kInternal, "the watermark cannot be read"};
  EXPECT_EQ(error_of(whole(), spec, {}, unsound()), unreadable);
  EXPECT_EQ(error_of(whole(), spec, limited_to({.max_pixels = 60 * 40}),
                     encoded(photo(60, 41), Format::kPng)),
            unreadable);
  EXPECT_NE(make(whole(), spec, limited_to({.max_pixels = 60 * 40}), whole()), nullptr);
}

}  // namespace
}  // namespace imageserver
