// quality=auto and max_bytes.

#include "image/codec/quality_search.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "image/codec/encode.h"
#include "support/operations.h"
#include "support/pictures.h"
#include "support/reference.h"

namespace imageserver {
namespace {

using vips::VImage;

constexpr Format kLossy[] = {Format::kJpeg, Format::kWebp, Format::kAvif};

class EncodeAsAskedTest : public TransformTest {
 protected:
  static int encodes(const Bytes& source, const TransformSpec& spec) {
    const int before = operations_begun("save_buffer");
    EXPECT_TRUE(transform(source, spec, {}).has_value());
    return operations_begun("save_buffer") - before;
  }

  static int encodes_in_vain(const Bytes& source, const TransformSpec& spec) {
    const int before = operations_begun("save_buffer");
    EXPECT_TRUE(transform(source, spec, {}).has_error());
    return operations_begun("save_buffer") - before;
  }

  static std::size_t size_of(const Bytes& source, const TransformSpec& spec) {
    const ImagePtr image = make(source, spec);
    return image == nullptr ? 0 : image->data.size();
  }

  static TransformSpec with_quality(Format format, int quality) {
    TransformSpec spec = as(format);
    spec.quality = quality;
    return spec;
  }

  static TransformSpec automatic(Format format) {
    TransformSpec spec = as(format);
    spec.auto_quality = true;
    return spec;
  }

  static TransformSpec within(Format format, std::size_t bytes) {
    TransformSpec spec = as(format);
    spec.max_bytes = static_cast<std::int64_t>(bytes);
    return spec;
  }

  // A picture that compresses like a photograph: the sample, shrunk.
  static VImage sample() {
    return decoded(read_testdata("small.jpg"), Format::kJpeg).resize(0.6).copy_memory();
  }
};

TEST_F(EncodeAsAskedTest, AutoReachesTheTargetAndNotMuchMore) {
  for (const VImage& picture : {sample(), photo(90, 70)}) {
    const Bytes source = encoded(picture, Format::kPng);
    for (const Format format : kLossy) {
      const ImagePtr image = make(source, automatic(format));
      EXPECT_GE(similarity_between(decoded(*image), picture), kEnoughSimilarity)
          << format_name(format);
      // The lowest quality that does, give or take the step of the search.
      int lowest = 30;
      while (lowest < 95 && similarity_between(decoded(*make(source, with_quality(format, lowest))),
                                               picture) < kEnoughSimilarity) {
        ++lowest;
      }
      EXPECT_LE(image->data.size(), size_of(source, with_quality(format, lowest + 4)))
          << format_name(format) << ", lowest " << lowest;
      EXPECT_GE(image->data.size(), size_of(source, with_quality(format, lowest)));
    }
  }
}

TEST_F(EncodeAsAskedTest, AutoTakesFewEncodes) {
  const Bytes source = encoded(sample(), Format::kPng);
  for (const Format format : kLossy) {
    const int count = encodes(source, automatic(format));
    EXPECT_LE(count, kMostEncodes) << format_name(format);
    EXPECT_GE(count, 2) << format_name(format);
  }
  for (const Format format : {Format::kPng, Format::kGif, Format::kTiff}) {
    TransformSpec spec = automatic(format);
    spec.width = 20;
    spec.progressive = true;  // so that libvips writes the PNG, and counts it
    EXPECT_EQ(encodes(source, spec), 1) << format_name(format);
  }
  TransformSpec exact = automatic(Format::kWebp);
  exact.lossless = true;
  EXPECT_EQ(encodes(source, exact), 1);
  EXPECT_EQ(encodes(source, as(Format::kJpeg)), 1);
}

TEST_F(EncodeAsAskedTest, AutoTakesAHighQualityForWhatIsEasilyLost) {
  const VImage noise =
      VImage::gaussnoise(64, 64, VImage::option()->set("mean", 128.0)->set("sigma", 3.0))
          .cast(VIPS_FORMAT_UCHAR)
          .copy_memory();
  const VImage colour =
      VImage::bandjoin(std::vector<VImage>{noise, noise.fliphor(), noise.flipver()})
          .copy(VImage::option()->set("interpretation", VIPS_INTERPRETATION_sRGB))
          .copy_memory();
  const Bytes source = encoded(colour, Format::kPng);
  for (const Format format : kLossy) {
    const ImagePtr image = make(source, automatic(format));
    ASSERT_NE(image, nullptr);
    EXPECT_GT(image->data.size(), size_of(source, with_quality(format, 80))) << format_name(format);
    const bool highest = image->data.size() >= size_of(source, with_quality(format, 93));
    EXPECT_TRUE(highest || similarity_between(decoded(*image), colour) >= kEnoughSimilarity)
        << format_name(format);
  }
}

TEST_F(EncodeAsAskedTest, AutoOfAlphaGreyAndAnimations) {
  const VImage clear = sample().bandjoin(100.0);
  for (const Format format : kLossy) {
    EXPECT_NE(make(encoded(clear, Format::kPng), automatic(format)), nullptr);
    const VImage grey = sample().colourspace(VIPS_INTERPRETATION_B_W);
    EXPECT_GE(similarity_between(through(grey, automatic(format)), grey), kEnoughSimilarity);
  }
  const VImage frame = sample();
  const Bytes moving = encoded(roll({frame, frame.fliphor()}, {50, 60}, 2), Format::kWebp);
  TransformSpec spec = automatic(Format::kWebp);
  spec.flip.vertical = true;
  const VImage pixels = decoded(*make(moving, spec));
  EXPECT_EQ(pixels.get_array_int("delay"), (std::vector<int>{50, 60}));
  EXPECT_EQ(pixels.height(), 2 * frame.height());
}

TEST_F(EncodeAsAskedTest, MaxBytesFitsAndIsNotMuchTooSmall) {
  const Bytes source = encoded(sample(), Format::kPng);
  for (const Format format : kLossy) {
    std::vector<std::size_t> sizes;
    for (int quality = 1; quality <= default_quality(format); ++quality)
      sizes.push_back(size_of(source, with_quality(format, quality)));
    const auto usual = static_cast<double>(sizes.back());
    for (const double share : {0.9, 0.7, 0.5, 0.35, 0.25}) {
      const auto limit = static_cast<std::size_t>(usual * share);
      std::size_t best = 0;
      for (const std::size_t size : sizes) {
        if (size <= limit) best = std::max(best, size);
      }
      if (best == 0) continue;
      const std::size_t got = size_of(source, within(format, limit));
      EXPECT_LE(got, limit) << format_name(format) << " at " << share;
      EXPECT_GE(static_cast<double>(got), 0.75 * static_cast<double>(best))
          << format_name(format) << " at " << share;
    }
  }
}

TEST_F(EncodeAsAskedTest, MaxBytesTakesFewEncodes) {
  const Bytes source = encoded(sample(), Format::kPng);
  for (const Format format : kLossy) {
    const std::size_t usual = size_of(source, as(format));
    for (const double share : {1.0, 0.9, 0.6, 0.4, 0.3}) {
      const auto limit = static_cast<std::size_t>(static_cast<double>(usual) * share);
      EXPECT_LE(encodes(source, within(format, limit)), kMostEncodes) << format_name(format);
    }
    EXPECT_EQ(encodes(source, within(format, usual)), 1) << "it fits as it is";
  }
}

TEST_F(EncodeAsAskedTest, MaxBytesThatFitChangeNothing) {
  const Bytes source = encoded(sample(), Format::kPng);
  for (const Format format : kFormats) {
    TransformSpec spec = within(format, 10'000'000);
    spec.width = 50;
    TransformSpec plain_spec = as(format);
    plain_spec.width = 50;
    EXPECT_EQ(make(source, spec)->data.view(), make(source, plain_spec)->data.view())
        << format_name(format);
  }
}

TEST_F(EncodeAsAskedTest, TheQualityAskedIsTheMost) {
  const Bytes source = encoded(sample(), Format::kPng);
  TransformSpec spec = within(Format::kJpeg, 1'000'000);
  spec.quality = 30;
  EXPECT_EQ(make(source, spec)->data.view(),
            make(source, with_quality(Format::kJpeg, 30))->data.view());
}

TEST_F(EncodeAsAskedTest, MaxBytesOutOfReachIsUnprocessable) {
  const Bytes source = encoded(sample(), Format::kPng);
  const Error error{ErrorKind::kUnprocessable,
                    "the picture cannot be made as small as max_bytes asks"};
  for (const Format format : kFormats) {
    EXPECT_EQ(error_of(source, within(format, 100)), error) << format_name(format);
  }
  TransformSpec exact = within(Format::kWebp, 1000);
  exact.lossless = true;
  EXPECT_EQ(error_of(source, exact), error);
}

TEST_F(EncodeAsAskedTest, MaxBytesJustInReachAreReached) {
  const Bytes source = encoded(sample(), Format::kPng);
  for (const Format format : kLossy) {
    const std::size_t least = size_of(source, with_quality(format, 1));
    EXPECT_LE(size_of(source, within(format, least)), least) << format_name(format);
  }
}

// Fewer encodes are left to look for the lowest quality then; those that fit count for both.
TEST_F(EncodeAsAskedTest, AutoAndMaxBytesTogether) {
  const Bytes source = encoded(sample(), Format::kPng);
  for (const Format format : kLossy) {
    const std::size_t alone = size_of(source, automatic(format));
    for (const double share : {1.5, 1.0, 0.6, 0.3}) {
      SCOPED_TRACE(testing::Message() << format_name(format) << " at " << share);
      TransformSpec spec = automatic(format);
      spec.max_bytes = static_cast<std::int64_t>(static_cast<double>(alone) * share);
      const std::size_t size = size_of(source, spec);
      EXPECT_LE(static_cast<std::int64_t>(size), *spec.max_bytes);
      EXPECT_GE(static_cast<double>(size), 0.7 * std::min(share, 1.0) * static_cast<double>(alone));
      EXPECT_LE(encodes(source, spec), kMostEncodes);
    }
    TransformSpec spec = automatic(format);
    spec.max_bytes = static_cast<std::int64_t>(size_of(source, with_quality(format, 1)));
    EXPECT_EQ(static_cast<std::int64_t>(size_of(source, spec)), *spec.max_bytes);
    spec.max_bytes = 100;
    EXPECT_EQ(error_of(source, spec).kind, ErrorKind::kUnprocessable);
    EXPECT_EQ(encodes_in_vain(source, spec), kMostEncodes);
  }
}

TEST_F(EncodeAsAskedTest, StopsBetweenTwoEncodes) {
  std::stop_source stop;
  stop.request_stop();
  const VImage picture = sample();
  TransformSpec spec = automatic(Format::kJpeg);
  try {
    const auto result = encode_to_fit(picture, Format::kJpeg, spec, stop.get_token());
    ASSERT_TRUE(result.has_error());
    EXPECT_EQ(result.error().kind, ErrorKind::kCancelled);
  } catch (const vips::VError&) {
    vips_error_clear();
  }
}

}  // namespace
}  // namespace imageserver
