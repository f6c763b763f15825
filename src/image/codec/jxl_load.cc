#include "image/codec/jxl_load.h"

#include <jxl/decode.h>
#include <jxl/decode_cxx.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace imageserver {
namespace {

using vips::VImage;

void require(JxlDecoderStatus status) {
  if (status != JXL_DEC_SUCCESS) throw vips::VError("a damaged JPEG XL");
}

// Steps through a file up to the event that is asked for. REQUIRES: the file outlives it.
class Decoder {
 public:
  Decoder(std::string_view file, int events) : decoder_(JxlDecoderMake(nullptr)) {
    require(JxlDecoderSubscribeEvents(decoder_.get(), events));
    require(JxlDecoderSetInput(decoder_.get(), reinterpret_cast<const std::uint8_t*>(file.data()),
                               file.size()));
    JxlDecoderCloseInput(decoder_.get());
  }

  void run_to(JxlDecoderStatus event) {
    if (JxlDecoderProcessInput(decoder_.get()) != event) throw vips::VError("a damaged JPEG XL");
  }

  [[nodiscard]] JxlDecoder* get() const { return decoder_.get(); }

 private:
  JxlDecoderPtr decoder_;
};

JxlBasicInfo info_of(Decoder& decoder) {
  decoder.run_to(JXL_DEC_BASIC_INFO);
  JxlBasicInfo info;
  require(JxlDecoderGetBasicInfo(decoder.get(), &info));
  if (info.xsize >= VIPS_MAX_COORD || info.ysize >= VIPS_MAX_COORD)
    throw vips::VError("a JPEG XL that is too large");
  return info;
}

Size size_of(const JxlBasicInfo& info) {
  return {static_cast<int>(info.xsize), static_cast<int>(info.ysize)};
}

std::vector<std::uint8_t> profile_of(const Decoder& decoder, const JxlPixelFormat& format) {
  constexpr auto kTarget = JXL_COLOR_PROFILE_TARGET_DATA;
  std::size_t size = 0;
  require(JxlDecoderGetICCProfileSize(decoder.get(), &format, kTarget, &size));
  std::vector<std::uint8_t> profile(size);
  require(JxlDecoderGetColorAsICCProfile(decoder.get(), &format, kTarget, profile.data(), size));
  return profile;
}

VImage blank_image(const JxlBasicInfo& info, int bands) {
  VImage image(vips_image_new_memory());
  vips_image_init_fields(image.get_image(), size_of(info).width, size_of(info).height, bands,
                         VIPS_FORMAT_UCHAR, VIPS_CODING_NONE,
                         bands < 3 ? VIPS_INTERPRETATION_B_W : VIPS_INTERPRETATION_sRGB, 1, 1);
  if (vips_image_write_prepare(image.get_image()) != 0) throw vips::VError();
  return image;
}

}  // namespace

Header load_jxl_header(std::string_view file) {
  Decoder decoder(file, JXL_DEC_BASIC_INFO);
  const JxlBasicInfo info = info_of(decoder);
  return {.type = FileType::kJxl, .stored = size_of(info), .alpha = info.alpha_bits > 0};
}

VImage load_jxl(std::string_view file, const Pages& /*pages*/, double /*scale*/) {
  Decoder decoder(file, JXL_DEC_BASIC_INFO | JXL_DEC_COLOR_ENCODING | JXL_DEC_FULL_IMAGE);
  require(JxlDecoderSetUnpremultiplyAlpha(decoder.get(), JXL_TRUE));
  const JxlBasicInfo info = info_of(decoder);
  const std::uint32_t bands = info.num_color_channels + (info.alpha_bits > 0 ? 1 : 0);
  const JxlPixelFormat format{bands, JXL_TYPE_UINT8, JXL_NATIVE_ENDIAN, 0};
  decoder.run_to(JXL_DEC_COLOR_ENCODING);
  const std::vector<std::uint8_t> profile = profile_of(decoder, format);
  decoder.run_to(JXL_DEC_NEED_IMAGE_OUT_BUFFER);
  const VImage image = blank_image(info, static_cast<int>(bands));
  require(JxlDecoderSetImageOutBuffer(decoder.get(), &format,
                                      VIPS_IMAGE_ADDR(image.get_image(), 0, 0),
                                      VIPS_IMAGE_SIZEOF_IMAGE(image.get_image())));
  decoder.run_to(JXL_DEC_FULL_IMAGE);
  const VImage result = image.copy();
  if (!profile.empty())
    vips_image_set_blob_copy(result.get_image(), VIPS_META_ICC_NAME, profile.data(),
                             profile.size());
  return result;
}

}  // namespace imageserver
