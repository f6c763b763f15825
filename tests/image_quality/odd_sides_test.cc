// The direct way where sides are odd: chroma that is halved has a last sample that lies half
// outside of the picture. What is written is held against the picture in doubles, beside what
// libvips' encoder makes of that.

#include <gtest/gtest.h>
#include <turbojpeg.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <string>
#include <vector>

#include "image/codec/decode.h"
#include "image/direct/direct.h"
#include "support/pictures.h"
#include "support/reference.h"

namespace imageserver {
namespace {

using vips::VImage;

constexpr int kLongest = 33;

struct Chroma {
  const char* name;
  int tj;  // TurboJPEG's
};

constexpr Chroma kChromas[] = {{"Full", TJSAMP_444},
                               {"HalfAcross", TJSAMP_422},
                               {"Half", TJSAMP_420},
                               {"HalfDown", TJSAMP_440},
                               {"AQuarterAcross", TJSAMP_411}};

// Colours that change over the whole picture, whatever its size, and most at its edges.
VImage colourful(Size size) {
  Plane plane = blank(size, 3);
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      const double across = (x + 0.5) / size.width;
      const double down = (y + 0.5) / size.height;
      plane.at(x, y, 0) = 40 + 180 * across * across;
      plane.at(x, y, 1) = 90 + 60 * std::sin(3 * across + 2 * down);
      plane.at(x, y, 2) = 220 - 180 * down * down;
    }
  }
  return image_of(plane);
}

Bytes jpeg_of(const VImage& picture, int subsampling) {
  const VImage memory = picture.copy_memory();
  tjhandle const handle = tjInitCompress();
  unsigned char* jpeg = nullptr;
  unsigned long size = 0;  // NOLINT(google-runtime-int): TurboJPEG's type
  EXPECT_EQ(tjCompress2(handle, static_cast<const unsigned char*>(memory.data()), memory.width(), 0,
                        memory.height(), TJPF_RGB, &jpeg, &size, subsampling, 98, 0),
            0);
  Bytes bytes = Bytes::copy({reinterpret_cast<const char*>(jpeg), size});
  tjFree(jpeg);
  tjDestroy(handle);
  return bytes;
}

// Peak signal to noise, in decibels; 99 for the same picture.
double likeness(const VImage& image, const Plane& wanted) {
  const Plane plane = plane_of(image);
  EXPECT_EQ(plane.size, wanted.size);
  EXPECT_EQ(plane.bands, wanted.bands);
  double squares = 0;
  for (std::size_t i = 0; i < plane.values.size(); ++i) {
    const double apart = plane.values[i] - std::clamp(wanted.values[i], 0.0, 255.0);
    squares += apart * apart;
  }
  const double mean = squares / static_cast<double>(plane.values.size());
  return mean == 0 ? 99 : 10 * std::log10(255 * 255 / mean);
}

// What is asked of a picture, and how it was stored.
struct Case {
  Chroma chroma;
  Format format;
};

class OddSidesTest : public TransformTest, public testing::WithParamInterface<Case> {
 protected:
  // In a quality that halves chroma.
  static constexpr int kQuality = 89;

  // A result is this far behind libvips' at most, in decibels, unless nobody could see it. (36 dB
  // are four levels.) Of a mean counts no more than two levels' worth.
  static constexpr double kBehind = 4;
  static constexpr double kUnseen = 36;
  static constexpr double kMostCounted = 42;

  void compare(const Bytes& source, TransformSpec spec) {
    spec.format = GetParam().format;
    spec.quality = kQuality;
    const Header header = read_header(source, FileType::kJpeg);
    const Box cut = *cut_of(spec, header.stored, 1);
    const Layout layout = lay_out(spec, cut, turn_of(spec, 1));
    const auto bytes = encode_directly({source, header, layout, spec, GetParam().format}, {});
    ASSERT_TRUE(bytes.has_value()) << "it did not go directly";
    const VImage part =
        mirrored(decoded(source, Format::kJpeg)
                     .extract_area(cut.left, cut.top, cut.size.width, cut.size.height),
                 spec.flip);
    const Plane wanted = resampled(plane_of(part), layout.picture, Resampling::kLanczos);
    const double direct = likeness(decoded(*bytes, GetParam().format), wanted);
    const double libvips = likeness(saved(image_of(wanted)), wanted);
    EXPECT_GE(direct, std::min(libvips - kBehind, kUnseen));
    likeness_directly_ += std::min(direct, kMostCounted);
    likeness_by_libvips_ += std::min(libvips, kMostCounted);
    ++results_;
  }

  // Nobody is to notice which way a picture took.
  void expect_as_alike() const {
    ASSERT_GT(results_, 100);
    std::cout << results_ << " results: " << likeness_directly_ / results_ << " dB, libvips "
              << likeness_by_libvips_ / results_ << "\n";
    EXPECT_GE(likeness_directly_ / results_, likeness_by_libvips_ / results_ - 0.1);
  }

 private:
  static VImage mirrored(const VImage& image, const Flip& flip) {
    const VImage across = flip.horizontal ? image.fliphor() : image;
    return flip.vertical ? across.flipver() : across;
  }

  static VImage saved(const VImage& image) {
    vips::VOption* const options = VImage::option()->set("Q", kQuality);
    return decoded(GetParam().format == Format::kWebp
                       ? to_bytes(image.webpsave_buffer(options->set("effort", 4)))
                       : to_bytes(image.jpegsave_buffer(options)),
                   GetParam().format);
  }

  double likeness_directly_ = 0;
  double likeness_by_libvips_ = 0;
  int results_ = 0;
};

std::vector<Case> cases() {
  std::vector<Case> all;
  for (const Format format : {Format::kJpeg, Format::kWebp}) {
    for (const Chroma& chroma : kChromas) all.push_back({chroma, format});
  }
  return all;
}

std::string name_of(const testing::TestParamInfo<Case>& of) {
  return std::string(of.param.chroma.name) + "To" + std::string(format_name(of.param.format));
}

INSTANTIATE_TEST_SUITE_P(All, OddSidesTest, testing::ValuesIn(cases()), name_of);

// Each odd side, beside an odd side of another length.
std::vector<Size> odd_sizes() {
  std::vector<Size> sizes{{3, 3}};
  for (int side = 1; side <= kLongest; side += 2) sizes.push_back({side, 1 + side * 16 % 34});
  return sizes;
}

TEST_P(OddSidesTest, AreAsAlikeAsByLibvips) {
  for (const Size from : odd_sizes()) {
    const Bytes source = jpeg_of(colourful(from), GetParam().chroma.tj);
    for (const int width : {1, 2, 3, from.width / 4, from.width / 2, from.width - 1, from.width}) {
      if (width < 1 || width > from.width) continue;
      for (const int height : {1, from.height / 3, from.height / 2 + 1, from.height}) {
        if (height < 1 || height > from.height) continue;
        SCOPED_TRACE(testing::Message()
                     << from.width << "x" << from.height << " to " << width << "x" << height);
        compare(source, sized(width, height));
      }
    }
  }
  expect_as_alike();
}

TEST_P(OddSidesTest, CutAtOddPlacesAndMirroredTheyAreAsAlike) {
  const Size from{33, 29};
  const Bytes source = jpeg_of(colourful(from), GetParam().chroma.tj);
  for (const int left : {0, 1, 3, 7, 12}) {
    for (const int width : {1, 3, 8, 13, 21}) {
      for (const int share : {1, 2, 5}) {
        for (const Flip flip : {Flip{}, Flip{true, false}, Flip{true, true}}) {
          SCOPED_TRACE(testing::Message() << left << " + " << width << " in parts of " << share);
          TransformSpec spec = sized(std::max(1, width / share), std::max(1, width / share));
          spec.crop = CropBox{left, left / 2 + 1, left + width, left / 2 + 1 + width};
          spec.flip = flip;
          compare(source, spec);
        }
      }
    }
  }
  expect_as_alike();
}

}  // namespace
}  // namespace imageserver
