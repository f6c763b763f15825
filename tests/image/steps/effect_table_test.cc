#include "image/steps/effect_table.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "support/pictures.h"
#include "support/spec_fields.h"

namespace imageserver {
namespace {

using vips::VImage;
using Names = std::vector<std::string>;

constexpr Size kFrame{60, 40};

Layout layout_of(const TransformSpec& spec) { return lay_out(spec, whole_of(kFrame), {}); }

Names asked(const TransformSpec& spec) {
  const Layout layout = layout_of(spec);
  Names names;
  for (const Step& step : steps()) {
    if (step.is_asked(spec, layout)) names.emplace_back(step.name);
  }
  return names;
}

TransformSpec padded_to(int width, int height) {
  TransformSpec spec;
  spec.width = width;
  spec.height = height;
  spec.mode = Mode::kPad;
  return spec;
}

VImage after_steps(const VImage& picture, const TransformSpec& spec,
                   const std::optional<VImage>& watermark = {}) {
  const Layout layout = layout_of(spec);
  const std::optional<Colour> no_ground;
  return apply_steps(picture, {spec, layout, no_ground, watermark});
}

class PipelineTest : public TransformTest {};

TEST_F(PipelineTest, StepsHaveTheOrderOfTheManual) {
  Names names;
  for (const Step& step : steps()) names.emplace_back(step.name);
  EXPECT_EQ(names, (Names{"pixelate", "blur", "sharpen", "tone", "pad", "watermark",
                          "round corners", "background"}));
}

TEST_F(PipelineTest, EveryFieldOfTheSpecAsksForItsOwnStepAlone) {
  const std::map<std::string, std::string> step_of = {
      {"pixelate", "pixelate"},    {"blur", "blur"},
      {"sharpen", "sharpen"},      {"grayscale", "tone"},
      {"brightness", "tone"},      {"contrast", "tone"},
      {"saturation", "tone"},      {"tint", "tone"},
      {"watermark", "watermark"},  {"radius", "round corners"},
      {"background", "background"}};
  for (const SpecField& field : spec_fields()) {
    const auto step = step_of.find(field.name);
    EXPECT_EQ(asked(spec_with(field)), step == step_of.end() ? Names{} : Names{step->second})
        << field.name;
  }
}

TEST_F(PipelineTest, APictureThatDoesNotFillItsCanvasIsPadded) {
  EXPECT_EQ(asked(padded_to(90, 90)), Names{"pad"});
  EXPECT_EQ(asked(padded_to(90, 60)), Names{}) << "it has the shape of the canvas";
}

TEST_F(PipelineTest, StepsThatReadAroundNeedThePictureInMemory) {
  TransformSpec tone;
  tone.contrast = 20;
  tone.background = Colour{};
  EXPECT_FALSE(needs_memory({}, layout_of({})));
  EXPECT_FALSE(needs_memory(tone, layout_of(tone)));
  EXPECT_TRUE(needs_memory(padded_to(90, 90), layout_of(padded_to(90, 90))));
  for (const SpecField& field : spec_fields()) {
    const TransformSpec spec = spec_with(field);
    const bool expected = field.name == "pixelate" || field.name == "blur" ||
                          field.name == "sharpen" || field.name == "watermark" ||
                          field.name == "radius";
    EXPECT_EQ(needs_memory(spec, layout_of(spec)), expected) << field.name;
  }
}

TEST_F(PipelineTest, EffectsLeaveTheGroundAlone) {
  EXPECT_FALSE(has_effects(padded_to(90, 90), layout_of(padded_to(90, 90))));
  for (const SpecField& field : spec_fields()) {
    const TransformSpec spec = spec_with(field);
    const Names names = asked(spec);
    const bool expected = names == Names{"pixelate"} || names == Names{"blur"} ||
                          names == Names{"sharpen"} || names == Names{"tone"};
    EXPECT_EQ(has_effects(spec, layout_of(spec)), expected) << field.name;
  }
}

TEST_F(PipelineTest, WithNothingAskedThePictureStaysAsItIs) {
  const VImage picture = photo(kFrame.width, kFrame.height);
  EXPECT_EQ(after_steps(picture, {}).get_image(), picture.get_image());
}

TEST_F(PipelineTest, EachStepGetsWhatTheStepBeforeItMade) {
  const VImage picture = plain(kFrame.width, kFrame.height, {200, 10, 10});
  const std::optional<VImage> mark = plain(10, 10, {0, 0, 255});
  TransformSpec spec = padded_to(60, 60);
  spec.grayscale = true;
  spec.background = Colour{0, 255, 0, 255};
  spec.watermark.emplace();
  spec.radius = 15;
  const VImage result = after_steps(picture, spec, mark).copy_memory();
  ASSERT_EQ(result.width(), 60);
  ASSERT_EQ(result.height(), 60);
  const std::vector<double> around = {0, 255, 0};
  EXPECT_EQ(result.getpoint(30, 3), around) << "the padding is seen through to the background";
  EXPECT_EQ(result.getpoint(0, 0), around) << "the corners are round after the padding";
  EXPECT_EQ(result.getpoint(30, 30), (std::vector<double>{0, 0, 255}))
      << "the watermark is not grey";
  const std::vector<double> pixel = result.getpoint(5, 30);
  EXPECT_EQ(pixel[0], pixel[1]) << "the picture is grey";
  EXPECT_EQ(pixel[1], pixel[2]);
}

}  // namespace
}  // namespace imageserver
