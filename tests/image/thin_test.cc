// Pictures with a side of few pixels: what is computed of a size must never become no pixel.

#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "image/describe.h"
#include "support/pictures.h"
#include "support/spec_fields.h"

namespace imageserver {
namespace {

using vips::VImage;

// Thinner than, as thick as, and little thicker than what decoders make of one pixel.
constexpr auto kSizes = std::to_array<Size>({{1, 1}, {1000, 1}, {7, 500}, {500, 17}});

struct Base {
  const char* name;
  std::function<void(TransformSpec&)> change;
};

// What each field is tried together with.
const std::vector<Base>& bases() {
  static const std::vector<Base> all = {
      {"nothing", [](TransformSpec&) {}},
      {"slanted",
       [](TransformSpec& spec) {
         spec.width = 80;
         spec.rotation = 30;
       }},
      {"filled by interest",
       [](TransformSpec& spec) {
         spec.width = 30;
         spec.height = 20;
         spec.mode = Mode::kFill;
         spec.gravity.kind = Gravity::Kind::kSmart;
       }},
      {"much smaller, cut, in light",
       [](TransformSpec& spec) {
         spec.width = 1;
         spec.crop = CropBox{0, 0, 500, 500};
         spec.gamma_correction = true;
       }},
  };
  return all;
}

struct Kind {
  std::string name;
  std::function<Bytes(const VImage&)> file;
};

// For what a failed test says.
void PrintTo(const Kind& kind, std::ostream* out) { *out << kind.name; }

std::vector<Kind> kinds() {
  std::vector<Kind> all;
  for (const Format format : kFormats) {
    all.push_back({std::string(format_name(format)),
                   [format](const VImage& image) { return encoded(image, format); }});
  }
  all.push_back({"heic", heic});
  return all;
}

class ThinTest : public TransformTest, public testing::WithParamInterface<Kind> {
 protected:
  static void expect_a_picture(const Bytes& file, const TransformSpec& spec,
                               const std::string& what) {
    static const Bytes mark = encoded(photo(40, 1), Format::kPng);
    const auto result = transform(file, spec, {}, {}, mark);
    // What is asked for may be wrong: a part that is not there, or a side that would be too long.
    if (result.has_error() && result.error().kind == ErrorKind::kInvalidParam) return;
    EXPECT_TRUE(result.has_value()) << what << ": " << result.error().message;
  }
};

INSTANTIATE_TEST_SUITE_P(Kinds, ThinTest, testing::ValuesIn(kinds()),
                         [](const auto& param) { return param.param.name; });

TEST_P(ThinTest, EveryFieldIsAnsweredWithAPicture) {
  for (const Size size : kSizes) {
    const Bytes file = GetParam().file(photo(size.width, size.height));
    for (const Base& base : bases()) {
      for (const SpecField& field : spec_fields()) {
        TransformSpec spec = as(Format::kPng);
        base.change(spec);
        field.change(spec);
        expect_a_picture(file, spec,
                         std::to_string(size.width) + "x" + std::to_string(size.height) + " " +
                             base.name + " and " + field.name);
      }
    }
  }
}

TEST_P(ThinTest, EveryAngleIsAnsweredWithAPicture) {
  const Bytes flat = GetParam().file(photo(1000, 1));
  const Bytes tall = GetParam().file(photo(7, 1000));
  for (const double degrees : {0.1, 30.0, 89.9, 90.0, 90.1, 179.9, 225.0, 359.9}) {
    for (const int width : {1, 80, 500}) {
      TransformSpec spec = sized(width, 0);
      spec.format = Format::kPng;
      spec.rotation = degrees;
      for (const Bytes& file : {flat, tall})
        expect_a_picture(file, spec, std::to_string(degrees) + " to " + std::to_string(width));
    }
  }
}

TEST_P(ThinTest, TheDescriptionIsThere) {
  for (const Size size : kSizes)
    EXPECT_TRUE(describe(GetParam().file(photo(size.width, size.height)), {}, {}).has_value());
}

}  // namespace
}  // namespace imageserver
