#include "image/codec/jxl_load.h"

#include <gtest/gtest.h>
#include <jxl/encode.h>
#include <jxl/encode_cxx.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "support/pictures.h"

namespace imageserver {
namespace {

std::string corpus_file(const std::string& name) {
  return std::string(read_testdata("corpus/" + name).view());
}

// Its second frame is blue.
TEST(JxlLoad, OfAnAnimationTheFirstFrameIsShown) {
  const std::string file = corpus_file("jxl-animated.jxl");
  EXPECT_EQ(load_jxl_header(file).stored, (Size{8, 8}));
  EXPECT_EQ(load_jxl_header(file).pages, 1);
  const std::vector<double> pixel = load_jxl(file, {}, 1).getpoint(4, 4);
  EXPECT_GT(pixel.at(1), 100);
  EXPECT_LT(pixel.at(0), 60);
  EXPECT_LT(pixel.at(2), 60);
}

struct JxlForm {
  Size size;
  std::uint32_t colours = 3;
  bool alpha = false;
  int orientation = 1;
};

constexpr std::string_view kAlphaName = "this is alpha";

void name_alpha(JxlEncoder* encoder) {
  JxlExtraChannelInfo alpha;
  JxlEncoderInitExtraChannelInfo(JXL_CHANNEL_ALPHA, &alpha);
  alpha.bits_per_sample = 8;
  alpha.name_length = kAlphaName.size();
  EXPECT_EQ(JxlEncoderSetExtraChannelInfo(encoder, 0, &alpha), JXL_ENC_SUCCESS);
  EXPECT_EQ(JxlEncoderSetExtraChannelName(encoder, 0, kAlphaName.data(), kAlphaName.size()),
            JXL_ENC_SUCCESS);
}

// A file without loss.
std::string jxl(const JxlForm& form, const std::vector<std::uint8_t>& pixels) {
  const JxlEncoderPtr encoder = JxlEncoderMake(nullptr);
  JxlBasicInfo info;
  JxlEncoderInitBasicInfo(&info);
  info.xsize = static_cast<std::uint32_t>(form.size.width);
  info.ysize = static_cast<std::uint32_t>(form.size.height);
  info.num_color_channels = form.colours;
  info.num_extra_channels = form.alpha ? 1 : 0;
  info.alpha_bits = form.alpha ? 8 : 0;
  info.orientation = static_cast<JxlOrientation>(form.orientation);
  info.uses_original_profile = JXL_TRUE;
  EXPECT_EQ(JxlEncoderSetBasicInfo(encoder.get(), &info), JXL_ENC_SUCCESS);
  if (form.alpha) name_alpha(encoder.get());
  JxlColorEncoding colour;
  JxlColorEncodingSetToSRGB(&colour, form.colours == 1 ? JXL_TRUE : JXL_FALSE);
  EXPECT_EQ(JxlEncoderSetColorEncoding(encoder.get(), &colour), JXL_ENC_SUCCESS);
  JxlEncoderFrameSettings* const settings = JxlEncoderFrameSettingsCreate(encoder.get(), nullptr);
  EXPECT_EQ(JxlEncoderSetFrameLossless(settings, JXL_TRUE), JXL_ENC_SUCCESS);
  const JxlPixelFormat format{form.colours + (form.alpha ? 1 : 0), JXL_TYPE_UINT8,
                              JXL_NATIVE_ENDIAN, 0};
  EXPECT_EQ(JxlEncoderAddImageFrame(settings, &format, pixels.data(), pixels.size()),
            JXL_ENC_SUCCESS);
  JxlEncoderCloseInput(encoder.get());
  std::array<std::uint8_t, 4096> file{};
  std::uint8_t* next = file.data();
  std::size_t left = file.size();
  EXPECT_EQ(JxlEncoderProcessOutput(encoder.get(), &next, &left), JXL_ENC_SUCCESS);
  return {file.begin(), file.end() - static_cast<std::ptrdiff_t>(left)};
}

// The file, which now says that its colours are multiplied by alpha. libjxl 0.7 cannot write that.
// The bit stands behind the name of the channel; bytes are read from their lowest bit.
std::string weighed(std::string file) {
  const auto bit = [&](std::size_t at) { return file[at / 8] >> at % 8 & 1; };
  std::size_t at = 0;
  const auto is_name = [&] {
    for (std::size_t i = 0; i < kAlphaName.size() * 8; ++i) {
      if (bit(at + i) != (kAlphaName[i / 8] >> i % 8 & 1)) return false;
    }
    return true;
  };
  const std::size_t last = (file.size() - kAlphaName.size()) * 8 - 1;
  while (at < last && !is_name()) ++at;
  EXPECT_TRUE(is_name());
  const std::size_t flag = at + kAlphaName.size() * 8;
  file[flag / 8] = static_cast<char>(file[flag / 8] ^ 1 << flag % 8);
  return file;
}

std::vector<std::uint8_t> filled(const Size& size, const std::vector<std::uint8_t>& pixel) {
  std::vector<std::uint8_t> pixels;
  for (std::int64_t i = 0; i < area(size); ++i)
    pixels.insert(pixels.end(), pixel.begin(), pixel.end());
  return pixels;
}

TEST(JxlLoad, AlphaIsAlpha) {
  const JxlForm form{.size = {4, 3}, .alpha = true};
  const std::string file = jxl(form, filled(form.size, {200, 80, 60, 128}));
  EXPECT_TRUE(load_jxl_header(file).alpha);
  EXPECT_EQ(load_jxl(file, {}, 1).getpoint(1, 1), (std::vector<double>{200, 80, 60, 128}));
}

TEST(JxlLoad, ColoursThatAlphaIsMultipliedIntoAreDivided) {
  const JxlForm form{.size = {4, 3}, .alpha = true};
  const std::string file = weighed(jxl(form, filled(form.size, {100, 40, 30, 128})));
  const std::vector<double> pixel = load_jxl(file, {}, 1).getpoint(1, 1);
  const std::vector<double> right = {199, 80, 60, 128};
  ASSERT_EQ(pixel.size(), right.size());
  for (std::size_t i = 0; i < right.size(); ++i) EXPECT_NEAR(pixel[i], right[i], 1) << i;
}

TEST(JxlLoad, GreyIsOneBand) {
  const JxlForm form{.size = {4, 3}, .colours = 1};
  const vips::VImage image = load_jxl(jxl(form, filled(form.size, {90})), {}, 1);
  EXPECT_EQ(image.getpoint(1, 1), (std::vector<double>{90}));
  EXPECT_EQ(image.interpretation(), VIPS_INTERPRETATION_B_W);
}

// By the numbers of EXIF: what is stored in the first column of 6 is seen in the first row.
TEST(JxlLoad, ThePictureIsUpright) {
  const JxlForm form{.size = {3, 2}, .colours = 1, .orientation = 6};
  const std::string file = jxl(form, {10, 20, 30, 40, 50, 60});
  EXPECT_EQ(load_jxl_header(file).stored, (Size{2, 3}));
  EXPECT_EQ(load_jxl_header(file).orientation, 1);
  const vips::VImage image = load_jxl(file, {}, 1);
  EXPECT_EQ(image.getpoint(0, 0), (std::vector<double>{40}));
  EXPECT_EQ(image.getpoint(1, 0), (std::vector<double>{10}));
  EXPECT_EQ(image.getpoint(1, 2), (std::vector<double>{30}));
}

TEST(JxlLoad, TheHeaderTellsOfAlpha) {
  const JxlForm opaque{.size = {1, 1}};
  EXPECT_FALSE(load_jxl_header(jxl(opaque, {1, 2, 3})).alpha);
  const JxlForm clear{.size = {1, 1}, .alpha = true};
  EXPECT_TRUE(load_jxl_header(jxl(clear, {1, 2, 3, 4})).alpha);
}

TEST(JxlLoad, DamagedFilesAreRefused) {
  for (const char* name : {"jxl-cut.jxl", "jxl-junk.jxl", "jxl-only-magic.jxl", "jxl-zeros.jxl"}) {
    EXPECT_THROW(static_cast<void>(load_jxl(corpus_file(name), {}, 1)), vips::VError) << name;
  }
}

}  // namespace
}  // namespace imageserver
