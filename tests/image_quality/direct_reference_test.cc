// The direct way beside libvips' own, both held against Lanczos in doubles without a decoder that
// shrinks: nobody is to notice which one a picture took.

#include <gtest/gtest.h>
#include <turbojpeg.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "image/codec/decode.h"
#include "image/direct/direct.h"
#include "image/plan/load_scale.h"
#include "image/steps/resize.h"
#include "image/steps/turn.h"
#include "support/pictures.h"
#include "support/reference.h"

namespace imageserver {
namespace {

using vips::VImage;

// How far both ways are from the reference, as it is shown, in levels of what a JPEG is made of:
// luma, blue and red chroma.
struct Outcome {
  std::string name;
  Distance direct;
  Distance libvips;
  Distance direct_luma;
  Distance libvips_luma;
  double direct_similarity = 0;
  double libvips_similarity = 0;
};

// ITU-R BT.601, full range, as JPEG has it.
Plane in_ycc(const Plane& rgb) {
  if (rgb.bands < 3) return rgb;
  Plane ycc = rgb;
  for (std::size_t i = 0; i + 2 < rgb.values.size(); i += 3) {
    const double red = rgb.values[i];
    const double green = rgb.values[i + 1];
    const double blue = rgb.values[i + 2];
    const double luma = 0.299 * red + 0.587 * green + 0.114 * blue;
    ycc.values[i] = luma;
    ycc.values[i + 1] = 128 + (blue - luma) / 1.772;
    ycc.values[i + 2] = 128 + (red - luma) / 1.402;
  }
  return ycc;
}

// What an encoder makes of it.
Plane rounded(const Plane& plane) {
  return changed(plane, [](double value, int) { return std::round(value); });
}

// As a screen shows it: without colours that there are none of.
Plane shown(const Plane& ycc) {
  if (ycc.bands < 3) return ycc;
  Plane rgb = ycc;
  for (std::size_t i = 0; i + 2 < ycc.values.size(); i += 3) {
    const double luma = ycc.values[i];
    const double blue = luma + 1.772 * (ycc.values[i + 1] - 128);
    const double red = luma + 1.402 * (ycc.values[i + 2] - 128);
    const double green = (luma - 0.299 * red - 0.114 * blue) / 0.587;
    rgb.values[i] = std::clamp(red, 0.0, 255.0);
    rgb.values[i + 1] = std::clamp(green, 0.0, 255.0);
    rgb.values[i + 2] = std::clamp(blue, 0.0, 255.0);
  }
  return in_ycc(rgb);
}

Plane plane_from(const Planes& planes) {
  const int bands = planes.is_grey() ? 1 : 3;
  Plane plane = blank(planes.size, bands);
  for (int y = 0; y < planes.size.height; ++y) {
    for (int x = 0; x < planes.size.width; ++x) {
      for (int band = 0; band < bands; ++band) {
        plane.at(x, y, band) = planes.planes[static_cast<std::size_t>(band)].row(y)[x];
      }
    }
  }
  return plane;
}

Distance between(const Plane& a, const Plane& b) {
  EXPECT_EQ(a.size, b.size);
  EXPECT_EQ(a.bands, b.bands);
  Distance distance;
  for (std::size_t i = 0; i < a.values.size(); ++i) {
    const double apart = std::abs(a.values[i] - b.values[i]);
    distance.mean += apart / static_cast<double>(a.values.size());
    distance.most = std::max(distance.most, apart);
  }
  return distance;
}

Plane luma_of(const Plane& ycc) {
  Plane luma = blank(ycc.size, 1);
  for (int y = 0; y < ycc.size.height; ++y) {
    for (int x = 0; x < ycc.size.width; ++x) luma.at(x, y, 0) = ycc.at(x, y, 0);
  }
  return luma;
}

class DirectReferenceTest : public TransformTest {
 public:
  static Outcome outcome(const std::string& name, const Bytes& source, const TransformSpec& spec) {
    SCOPED_TRACE(name);
    const Plane wanted = reference(source, spec);
    const Plane direct = directly(source, spec);
    const Plane libvips = by_libvips(source, spec);
    const Plane luma = luma_of(wanted);
    const Plane direct_luma = luma_of(direct);
    const Plane libvips_luma = luma_of(libvips);
    return {.name = name,
            .direct = between(direct, wanted),
            .libvips = between(libvips, wanted),
            .direct_luma = between(direct_luma, luma),
            .libvips_luma = between(libvips_luma, luma),
            .direct_similarity = similarity_between(image_of(direct_luma), image_of(luma)),
            .libvips_similarity = similarity_between(image_of(libvips_luma), image_of(luma))};
  }

 private:
  static Layout layout_of(const Header& header, const TransformSpec& spec) {
    const Turn turn = turn_of(spec, header.orientation);
    return lay_out(spec, *cut_of(spec, header.stored, header.orientation), turn);
  }

  // As the layout says, but in doubles.
  static Plane reference(const Bytes& source, const TransformSpec& spec) {
    const Layout layout = layout_of(read_header(source, FileType::kJpeg), spec);
    const auto& [x, y] = layout.plan;
    const VImage part =
        cut_out(decoded(source, Format::kJpeg),
                {layout.cut.left + x.start, layout.cut.top + y.start, {x.length, y.length}});
    const Plane scaled = resampled(plane_of(part), {x.scaled, y.scaled}, Resampling::kLanczos);
    return in_ycc(seen(cut_out(scaled, {x.offset, y.offset, {x.size, y.size}}), layout.turn));
  }

  static Plane cut_out(const Plane& plane, const Box& box) {
    Plane part = blank(box.size, plane.bands);
    for (int y = 0; y < box.size.height; ++y) {
      for (int x = 0; x < box.size.width; ++x) {
        for (int band = 0; band < plane.bands; ++band) {
          part.at(x, y, band) = std::clamp(plane.at(box.left + x, box.top + y, band), 0.0, 255.0);
        }
      }
    }
    return part;
  }

  static VImage cut_out(const VImage& image, const Box& box) {
    return imageserver::cut_out(image, box);
  }

  static Plane seen(const Plane& stored, const Turn& turn) {
    Plane result = blank(turn.applied(stored.size), stored.bands);
    for (int y = 0; y < result.size.height; ++y) {
      for (int x = 0; x < result.size.width; ++x) {
        const Box from = turn.undone({x, y, {1, 1}}, stored.size);
        for (int band = 0; band < stored.bands; ++band) {
          result.at(x, y, band) = stored.at(from.left, from.top, band);
        }
      }
    }
    return result;
  }

  // In a quality with chroma in full.
  static Plane directly(const Bytes& source, TransformSpec spec) {
    spec.quality = 95;
    const Header header = read_header(source, FileType::kJpeg);
    const Layout layout = layout_of(header, spec);
    const auto planes = render_directly({source, header, layout, spec, Format::kJpeg}, {});
    EXPECT_TRUE(planes.has_value()) << "it did not go directly";
    return planes ? shown(plane_from(*planes)) : blank(layout.picture, 3);
  }

  // By its own resize, which values are left to that are said to be weighed already.
  static Plane by_libvips(const Bytes& source, const TransformSpec& spec) {
    const Header header = read_header(source, FileType::kJpeg);
    const Layout layout = layout_of(header, spec);
    const double scale = load_scale(header, layout, spec, 0);
    const VImage frame = decode(source, header, {}, scale).copy_memory();
    const VImage part = cut_out(frame, scaled(layout.cut, scale, {frame.width(), frame.height()}));
    const VImage small = resize(part, layout.plan, scale, spec.resampling, Averaged::kWeighed, {});
    return shown(rounded(in_ycc(plane_of(turned(small.copy_memory(), layout.turn)))));
  }

  // Of a cut that lies on whole pixels there, or ends where the frame does.
  static Box scaled(const Box& cut, double scale, Size frame) {
    const auto at = [scale](int place) { return static_cast<int>(std::ceil(place * scale)); };
    const int left = at(cut.left);
    const int top = at(cut.top);
    const int right = std::min(at(cut.left + cut.size.width), frame.width);
    const int bottom = std::min(at(cut.top + cut.size.height), frame.height);
    return {left, top, {right - left, bottom - top}};
  }
};

// A picture as it is stored, with a name for what is said of it.
struct Original {
  std::string name;
  Bytes bytes;
};

struct Stored {
  Size size;
  int subsampling;  // TurboJPEG's
  bool progressive;
  int orientation;
};

// The same with a block of EXIF that says nothing else.
Bytes with_orientation(const Bytes& jpeg, int orientation) {
  using std::string_literals::operator""s;
  const std::string block = "\xff\xe1\x00\x22"s + "Exif\0\0MM\0\x2a\0\0\0\x08\0\1"s +
                            "\x01\x12\0\x03\0\0\0\1\0"s + static_cast<char>(orientation) +
                            "\0\0\0\0\0\0"s;
  std::string file(jpeg.view());
  return Bytes::own(file.insert(2, block));
}

// In a way of storing that libvips does not write.
Bytes stored(const VImage& picture, const Stored& how) {
  const VImage memory = picture.copy_memory();
  tjhandle const handle = tjInitCompress();
  unsigned char* jpeg = nullptr;
  unsigned long size = 0;  // NOLINT(google-runtime-int): TurboJPEG's type
  EXPECT_EQ(tjCompress2(handle, static_cast<const unsigned char*>(memory.data()), memory.width(), 0,
                        memory.height(), TJPF_RGB, &jpeg, &size, how.subsampling, 92,
                        how.progressive ? TJFLAG_PROGRESSIVE : 0),
            0);
  Bytes bytes = Bytes::copy({reinterpret_cast<const char*>(jpeg), size});
  tjFree(jpeg);
  tjDestroy(handle);
  return with_orientation(bytes, how.orientation);
}

// Every way of storing, every orientation, and sides from 1 to 67.
std::vector<Original> drawn_originals() {
  constexpr int kSubsamplings[] = {TJSAMP_444, TJSAMP_422, TJSAMP_420,
                                   TJSAMP_440, TJSAMP_411, TJSAMP_GRAY};
  std::vector<Original> originals;
  for (int i = 0; i < 100; ++i) {
    const Stored how{
        {1 + i * 37 % 67, 1 + i * 53 % 67}, kSubsamplings[i % 6], i % 4 == 3, 1 + i % 8};
    const VImage picture = photo(how.size.width + i, how.size.height + i)
                               .extract_area(i, i, how.size.width, how.size.height);
    originals.push_back({"drawn " + std::to_string(i), stored(picture, how)});
  }
  return originals;
}

std::vector<Original> sample_originals() {
  std::vector<Original> originals;
  for (const char* name : {"small.jpg", "medium.jpg", "large.jpg", "grey.jpg", "progressive.jpg",
                           "orientation-6.jpg"}) {
    originals.push_back({name, read_testdata(name)});
  }
  return originals;
}

// What makes a picture of that size smaller.
std::vector<std::pair<std::string, TransformSpec>> requests_for(Size seen) {
  const auto part = [](int side, double share) {
    return std::max(1, static_cast<int>(side * share));
  };
  std::vector<std::pair<std::string, TransformSpec>> requests;
  const auto add = [&](const std::string& name, double across, double down, Mode mode) {
    TransformSpec spec;
    spec.width = part(seen.width, across);
    spec.height = down == 0 ? 0 : part(seen.height, down);
    spec.mode = mode;
    requests.emplace_back(name, spec);
    return &requests.back().second;
  };
  add("nearly all", 0.93, 0, Mode::kStretch);
  add("half", 0.5, 0, Mode::kStretch);
  add("a little", 0.11, 0, Mode::kStretch);
  add("fit", 0.4, 0.3, Mode::kFit);
  add("fill", 0.2, 0.5, Mode::kFill);
  if (seen.width >= 16 && seen.height >= 16) {
    TransformSpec* const cut = add("crop", 0.3, 0, Mode::kStretch);
    cut->crop = CropBox{seen.width / 8 + 1, seen.height / 5, seen.width * 3 / 4, seen.height - 3};
  }
  return requests;
}

std::vector<Outcome> outcomes(const std::vector<Original>& originals) {
  std::vector<Outcome> all;
  for (const auto& [name, bytes] : originals) {
    const Header header = read_header(bytes, FileType::kJpeg);
    const Size seen = Turn(header.orientation).applied(header.stored);
    for (const auto& [how, spec] : requests_for(seen)) {
      all.push_back(DirectReferenceTest::outcome(name + ", " + how, bytes, spec));
    }
  }
  return all;
}

double mean_of(const std::vector<Outcome>& all, const std::function<double(const Outcome&)>& of) {
  double sum = 0;
  for (const Outcome& outcome : all) sum += of(outcome);
  return sum / static_cast<double>(all.size());
}

double share_of(const std::vector<Outcome>& all, const std::function<bool(const Outcome&)>& is) {
  return static_cast<double>(std::ranges::count_if(all, is)) / static_cast<double>(all.size());
}

// What has no colour (it lies outside of what RGB can show) is cut off before libvips and the
// reference take their means, and by the screen here: that shows in the chroma of single pixels.
constexpr double kUnseenChroma = 6;

void expect_as_close(const std::vector<Outcome>& all) {
  for (const Outcome& o : all) {
    EXPECT_LE(o.direct.mean, o.libvips.mean + 0.2) << o.name;
    EXPECT_LE(o.direct_luma.most, o.libvips_luma.most + 2) << o.name;
    EXPECT_LE(o.direct.most, o.libvips.most + kUnseenChroma) << o.name;
    EXPECT_GE(o.direct_similarity, o.libvips_similarity - 0.0025) << o.name;
  }
  const double direct = mean_of(all, [](const Outcome& o) { return o.direct.mean; });
  const double libvips = mean_of(all, [](const Outcome& o) { return o.libvips.mean; });
  const double close =
      share_of(all, [](const Outcome& o) { return o.direct.mean <= o.libvips.mean; });
  const double alike =
      share_of(all, [](const Outcome& o) { return o.direct_similarity >= o.libvips_similarity; });
  std::cout << all.size() << " results: mean distance " << direct << " (libvips " << libvips
            << "), closer in " << 100 * close << " %, more alike in " << 100 * alike << " %\n";
  EXPECT_LE(direct, libvips);
  EXPECT_GE(close, 0.95);
  EXPECT_GE(alike, 0.95);
}

TEST_F(DirectReferenceTest, SamplesAreAsCloseAsByLibvips) {
  expect_as_close(outcomes(sample_originals()));
}

TEST_F(DirectReferenceTest, DrawnPicturesAreAsCloseAsByLibvips) {
  expect_as_close(outcomes(drawn_originals()));
}

}  // namespace
}  // namespace imageserver
