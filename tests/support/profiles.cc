#include "support/profiles.h"

#include <gtest/gtest.h>

#include <array>

#include "base/endian.h"
#include "base/hash.h"
#include "support/pictures.h"

namespace imageserver {
namespace {

// Called for each place of the table: what green, red and blue are in Lab.
cmsInt32Number swapped_in_lab(const cmsUInt16Number* in, cmsUInt16Number* out, void* to_lab) {
  const std::array<cmsUInt16Number, 3> swapped = {in[1], in[0], in[2]};
  cmsDoTransform(to_lab, swapped.data(), out, 1);
  return TRUE;
}

}  // namespace

std::string bytes_of(const ColourProfile& profile) {
  cmsUInt32Number size = 0;
  cmsSaveProfileToMem(profile.get(), nullptr, &size);
  std::string bytes(size, '\0');
  cmsSaveProfileToMem(profile.get(), bytes.data(), &size);
  return bytes;
}

std::string profile_of_libvips(const char* name) {
  return std::string(to_bytes(vips::VImage::profile_load(name)).view());
}

std::string swapping_profile(cmsUInt32Number intent) {
  constexpr std::array kTags = {cmsSigAToB0Tag, cmsSigAToB1Tag, cmsSigAToB2Tag};
  constexpr cmsUInt32Number kPlaces = 17;
  const ColourProfile lab(cmsCreateLab4Profile(nullptr));
  const ColourProfile srgb(cmsCreate_sRGBProfile());
  cmsHTRANSFORM const to_lab = cmsCreateTransform(srgb.get(), TYPE_RGB_16, lab.get(), TYPE_Lab_16,
                                                  INTENT_RELATIVE_COLORIMETRIC, 0);
  cmsStage* const table = cmsStageAllocCLut16bit(nullptr, kPlaces, 3, 3, nullptr);
  EXPECT_TRUE(cmsStageSampleCLut16bit(table, swapped_in_lab, to_lab, 0));
  cmsDeleteTransform(to_lab);
  cmsPipeline* const pipeline = cmsPipelineAlloc(nullptr, 3, 3);
  cmsPipelineInsertStage(pipeline, cmsAT_END, cmsStageAllocToneCurves(nullptr, 3, nullptr));
  cmsPipelineInsertStage(pipeline, cmsAT_END, table);
  cmsPipelineInsertStage(pipeline, cmsAT_END, cmsStageAllocToneCurves(nullptr, 3, nullptr));
  const ColourProfile profile(cmsCreateProfilePlaceholder(nullptr));
  cmsSetProfileVersion(profile.get(), 4.3);
  cmsSetDeviceClass(profile.get(), cmsSigInputClass);
  cmsSetColorSpace(profile.get(), cmsSigRgbData);
  cmsSetPCS(profile.get(), cmsSigLabData);
  EXPECT_TRUE(cmsWriteTag(profile.get(), kTags.at(intent), pipeline));
  cmsPipelineFree(pipeline);
  return bytes_of(profile);
}

vips::VImage tagged(const vips::VImage& picture, const std::string& profile) {
  vips::VImage image = picture.copy();
  vips_image_set_blob_copy(image.get_image(), VIPS_META_ICC_NAME, profile.data(), profile.size());
  return image;
}

std::string big_endian(std::initializer_list<std::uint32_t> numbers) {
  std::string bytes;
  for (const std::uint32_t number : numbers) {
    const auto four = to_big_endian<std::uint32_t>(number);
    bytes.append(four.data(), four.size());
  }
  return bytes;
}

std::string chunk(std::string_view type, std::string_view data) {
  const std::string body = std::string(type) + std::string(data);
  return big_endian({static_cast<std::uint32_t>(data.size())}) + body +
         big_endian({crc32_ieee(body)});
}

Bytes with_chunks(const Bytes& png, std::string_view chunks) {
  constexpr std::size_t kBehindHeader = 8 + 25;
  std::string bytes(png.view());
  return Bytes::own(bytes.insert(kBehindHeader, chunks));
}

}  // namespace imageserver
