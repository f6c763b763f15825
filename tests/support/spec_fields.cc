#include "support/spec_fields.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <tuple>
#include <utility>

namespace imageserver {
namespace {

// Names as many fields as the spec has, or it does not compile.
auto all_of(const TransformSpec& spec) {
  const auto& [source, page, frames, orient, crop, trim, flip, rotation, interpolation, width,
               height, dpr, mode, enlarge, gravity, resampling, gamma_correction, pixelate, blur,
               sharpen, grayscale, brightness, contrast, saturation, tint, watermark, radius,
               background, format, auto_format, quality, auto_quality, max_bytes, colors, lossless,
               progressive, strip] = spec;
  return std::tie(source, page, frames, orient, crop, trim, flip, rotation, interpolation, width,
                  height, dpr, mode, enlarge, gravity, resampling, gamma_correction, pixelate, blur,
                  sharpen, grayscale, brightness, contrast, saturation, tint, watermark, radius,
                  background, format, auto_format, quality, auto_quality, max_bytes, colors,
                  lossless, progressive, strip);
}

using Fields = decltype(all_of(std::declval<const TransformSpec&>()));
constexpr std::size_t kCount = std::tuple_size_v<Fields>;

template <std::size_t... At>
std::vector<bool> differing(const Fields& a, const Fields& b, std::index_sequence<At...>) {
  return {(std::get<At>(a) != std::get<At>(b))...};
}

std::vector<SpecField> make_fields() {
  using Spec = TransformSpec;
  return {
      {"source", [](Spec& spec) { spec.source = "picture.jpg"; }},
      {"page", [](Spec& spec) { spec.page = 0; }},
      {"frames", [](Spec& spec) { spec.frames = 1; }},
      {"orient", [](Spec& spec) { spec.orient = false; }},
      {"crop", [](Spec& spec) { spec.crop = CropBox{20, 30, 120, 130}; }},
      {"trim", [](Spec& spec) { spec.trim = 10; }},
      {"flip", [](Spec& spec) { spec.flip.horizontal = true; }},
      {"rotation", [](Spec& spec) { spec.rotation = 90; }},
      {"interpolation", [](Spec& spec) { spec.interpolation = Interpolation::kLinear; }},
      {"width", [](Spec& spec) { spec.width = 50; }},
      {"height", [](Spec& spec) { spec.height = 50; }},
      {"dpr", [](Spec& spec) { spec.dpr = 1.5; }},
      {"mode", [](Spec& spec) { spec.mode = Mode::kFit; }},
      {"enlarge", [](Spec& spec) { spec.enlarge = false; }},
      {"gravity", [](Spec& spec) { spec.gravity = {Gravity::Kind::kPoint, 0, 0}; }},
      {"resampling", [](Spec& spec) { spec.resampling = Resampling::kCubic; }},
      {"gamma_correction", [](Spec& spec) { spec.gamma_correction = true; }},
      {"pixelate", [](Spec& spec) { spec.pixelate = 4; }},
      {"blur", [](Spec& spec) { spec.blur = 1; }},
      {"sharpen", [](Spec& spec) { spec.sharpen = 1; }},
      {"grayscale", [](Spec& spec) { spec.grayscale = true; }},
      {"brightness", [](Spec& spec) { spec.brightness = 1; }},
      {"contrast", [](Spec& spec) { spec.contrast = 1; }},
      {"saturation", [](Spec& spec) { spec.saturation = 1; }},
      {"tint", [](Spec& spec) { spec.tint = Colour{}; }},
      {"watermark",
       [](Spec& spec) {
         spec.watermark.emplace();
         spec.watermark->name = "mark.png";
       }},
      {"radius", [](Spec& spec) { spec.radius = 5; }},
      {"background", [](Spec& spec) { spec.background = Colour{200, 10, 10, 255}; }},
      {"format", [](Spec& spec) { spec.format = Format::kWebp; }},
      {"auto_format", [](Spec& spec) { spec.auto_format = AutoFormat{false, true, false}; }},
      {"quality", [](Spec& spec) { spec.quality = 70; }},
      {"auto_quality", [](Spec& spec) { spec.auto_quality = true; }},
      {"max_bytes", [](Spec& spec) { spec.max_bytes = 100'000; }},
      {"colors", [](Spec& spec) { spec.colors = 16; }},
      {"lossless", [](Spec& spec) { spec.lossless = true; }},
      {"progressive", [](Spec& spec) { spec.progressive = true; }},
      {"strip", [](Spec& spec) { spec.strip = true; }},
  };
}

void expect_each_to_change_its_own(const std::vector<SpecField>& fields) {
  ASSERT_EQ(fields.size(), kCount);
  const TransformSpec none;
  for (std::size_t i = 0; i < kCount; ++i) {
    const TransformSpec spec = spec_with(fields[i]);
    std::vector<bool> only_this(kCount);
    only_this[i] = true;
    EXPECT_EQ(differing(all_of(spec), all_of(none), std::make_index_sequence<kCount>()), only_this)
        << fields[i].name;
  }
}

}  // namespace

const std::vector<SpecField>& spec_fields() {
  static const std::vector<SpecField> fields = make_fields();
  expect_each_to_change_its_own(fields);
  return fields;
}

TransformSpec spec_with(const SpecField& field) {
  TransformSpec spec;
  field.change(spec);
  return spec;
}

}  // namespace imageserver
