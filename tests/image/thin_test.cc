// Pictures with a side of few pixels: what is computed of a size must never become no pixel.

#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "image/describe.h"
#include "support/pictures.h"
#include "support/spec_fields.h"

namespace imageserver {
namespace {

using vips::VImage;

// Thinner than, as thick as, and little thicker than what decoders make of one pixel.
constexpr Size kFlat{200, 1};
constexpr auto kSizes = std::to_array<Size>({{1, 1}, kFlat, {7, 100}, {100, 17}});

struct Base {
  const char* name;
  std::function<void(TransformSpec&)> change;
};

const Base kNothing{"nothing", [](TransformSpec&) {}};

// What each field is tried together with.
const std::vector<Base>& bases() {
  static const std::vector<Base> all = {
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

// What is asked for cannot be: the part is not there, or a side would be longer than 8192 pixels.
bool is_impossible(Size size, std::string_view base, std::string_view field) {
  if (field == "crop") return true;
  return size == kFlat &&
         ((base == "nothing" && field == "height") || (base == "slanted" && field == "rotation"));
}

class ThinTest : public TransformTest {
 protected:
  static Result<ImagePtr> result_of(const Bytes& file, const TransformSpec& spec) {
    static const Bytes mark = encoded(photo(40, 1), Format::kPng);
    return transform(file, spec, {}, {}, mark);
  }

  static void expect_a_picture(const Bytes& file, const TransformSpec& spec) {
    const auto result = result_of(file, spec);
    EXPECT_TRUE(result.has_value()) << result.error().message;
  }

  static void expect_an_answer(const Bytes& file, Size size, const Base& base,
                               const SpecField& field) {
    SCOPED_TRACE(testing::Message()
                 << size.width << "x" << size.height << " " << base.name << " and " << field.name);
    TransformSpec spec = as(Format::kPng);
    base.change(spec);
    field.change(spec);
    if (!is_impossible(size, base.name, field.name)) return expect_a_picture(file, spec);
    const auto result = result_of(file, spec);
    ASSERT_TRUE(result.has_error());
    EXPECT_EQ(result.error().kind, ErrorKind::kInvalidParam) << result.error().message;
  }
};

class ThinKindTest : public ThinTest, public testing::WithParamInterface<Kind> {};

INSTANTIATE_TEST_SUITE_P(Kinds, ThinKindTest, testing::ValuesIn(kinds()),
                         [](const auto& param) { return param.param.name; });

TEST_P(ThinKindTest, EveryFieldIsAnsweredWithAPicture) {
  for (const Size size : kSizes) {
    const Bytes file = GetParam().file(photo(size.width, size.height));
    for (const SpecField& field : spec_fields()) expect_an_answer(file, size, kNothing, field);
    for (const Base& base : bases()) {
      TransformSpec spec = as(Format::kPng);
      base.change(spec);
      expect_a_picture(file, spec);
    }
  }
}

TEST_P(ThinKindTest, EveryAngleIsAnsweredWithAPicture) {
  const Bytes flat = GetParam().file(photo(100, 1));
  const Bytes tall = GetParam().file(photo(7, 100));
  for (const double degrees : {0.1, 30.0, 89.9, 90.0, 90.1, 179.9, 225.0, 359.9}) {
    for (const int width : {1, 40}) {
      SCOPED_TRACE(testing::Message() << degrees << " to " << width);
      TransformSpec spec = sized(width, 0);
      spec.format = Format::kPng;
      spec.rotation = degrees;
      for (const Bytes& file : {flat, tall}) expect_a_picture(file, spec);
    }
  }
}

TEST_P(ThinKindTest, TheDescriptionIsThere) {
  for (const Size size : kSizes)
    EXPECT_TRUE(describe(GetParam().file(photo(size.width, size.height)), {}, {}).has_value());
}

// What follows a reader is the same for all kinds, but that JPEG is made smaller by its decoder.
TEST_F(ThinTest, EveryFieldTogetherWithOthersIsAnsweredWithAPicture) {
  for (const Size size : {Size{1, 1}, kFlat, Size{7, 100}}) {
    const Bytes file = encoded(photo(size.width, size.height), Format::kJpeg);
    for (const Base& base : bases()) {
      for (const SpecField& field : spec_fields()) expect_an_answer(file, size, base, field);
    }
  }
}

}  // namespace
}  // namespace imageserver
