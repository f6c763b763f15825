#include <libde265/de265.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <vector>

#include "image/heif/coded.h"
#include "image/heif/hevc_sequence.h"
#include "image/heif/hevc_units.h"

namespace imageserver {
namespace {

// A picture that is no IDR may name others. The codec makes blank ones of the same size where these
// are not there, up to 32. Such a picture may therefore be as large as tiles are, and no larger.
constexpr std::int64_t kMostPixelsWithOthers = 1024 * 1024;

// The codec works on blocks of up to 64 pixels a side, which may stick out.
std::int64_t largest_area(Size size) {
  constexpr int kBlock = 64;
  return area({size.width + kBlock, size.height + kBlock});
}

bool covers(Size outer, Size inner) {
  return outer.width >= inner.width && outer.height >= inner.height;
}

bool memory_is_bounded(const HevcUnits& units, Size size) {
  return std::ranges::all_of(units.slices, is_hevc_idr) || area(size) <= kMostPixelsWithOthers;
}

// A decoder whose pictures are of a certain size at most.
class Decoder {
 public:
  explicit Decoder(Size size) : largest_(largest_area(size)), context_(de265_new_decoder()) {
    if (context_ == nullptr) throw std::bad_alloc();
    const de265_image_allocation* const usual = de265_get_default_image_allocation_functions();
    de265_image_allocation bounded{allocate, usual->release_buffer};
    de265_set_image_allocation_functions(context_, &bounded, this);
  }

  ~Decoder() { de265_free_decoder(context_); }

  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  // False if the set announces larger pictures. Memory is taken for what is announced before a
  // picture is.
  [[nodiscard]] bool push_set(std::string_view set) {
    if (is_hevc_sequence(set)) {
      const std::optional<HevcSequence> announced = read_hevc_sequence(set);
      if (!announced || area(announced->size) > largest_) return false;
    }
    return push(set);
  }

  // False if there is no memory.
  [[nodiscard]] bool push(std::string_view unit) {
    return de265_push_NAL(context_, unit.data(), static_cast<int>(unit.size()), 0, nullptr) ==
           DE265_OK;
  }

  // Null if there is none, or it is damaged. The decoder owns it.
  [[nodiscard]] const de265_image* picture() {
    if (de265_flush_data(context_) != DE265_OK) return nullptr;
    for (int more = 1; more != 0;) {
      if (de265_decode(context_, &more) != DE265_OK || ran_out_of_picture()) return nullptr;
      if (const de265_image* const found = de265_peek_next_picture(context_)) return found;
    }
    return nullptr;
  }

 private:
  static int allocate(de265_decoder_context* context, de265_image_spec* spec, de265_image* image,
                      void* self) {
    const Size size{spec->width, spec->height};
    if (area(size) > static_cast<const Decoder*>(self)->largest_) return 0;
    return de265_get_default_image_allocation_functions()->get_buffer(context, spec, image,
                                                                      nullptr);
  }

  // Whether a slice had no end before that of the picture. Behind its bytes the codec decodes zeros
  // up to there: slices of a few bytes would keep it busy. It has no room for many warnings.
  [[nodiscard]] bool ran_out_of_picture() {
    bool ran_out = false;
    for (de265_error last = DE265_OK; (last = de265_get_warning(context_)) != DE265_OK;) {
      ran_out = ran_out || last == DE265_WARNING_CTB_OUTSIDE_IMAGE_AREA ||
                last == DE265_WARNING_WARNING_BUFFER_FULL;
    }
    return ran_out;
  }

  const std::int64_t largest_;
  de265_decoder_context* const context_;
};

Size size_of(const de265_image* image, int plane) {
  return {de265_get_image_width(image, plane), de265_get_image_height(image, plane)};
}

HeifCoding coding_of(const de265_image* image) {
  return {de265_get_image_colour_primaries(image), de265_get_image_transfer_characteristics(image),
          de265_get_image_matrix_coefficients(image), de265_get_image_full_range_flag(image) != 0};
}

// None if the planes do not fit together.
std::optional<HeifPlanes> planes_of(const de265_image* image, std::shared_ptr<const void> owner) {
  HeifPlanes planes;
  planes.size = size_of(image, 0);
  planes.bits = de265_get_bits_per_pixel(image, 0);
  planes.chroma = static_cast<HeifChroma>(de265_get_chroma_format(image));
  planes.coding = coding_of(image);
  planes.owner = std::move(owner);
  const int count = planes.chroma == HeifChroma::kNone ? 1 : 3;
  for (int i = 0; i < count; ++i) {
    int stride = 0;
    const std::uint8_t* const data = de265_get_image_plane(image, i, &stride);
    planes.planes.at(static_cast<std::size_t>(i)) = {data, stride};
    const bool fits = i == 0 || covers(size_of(image, i), chroma_size(planes.size, planes.chroma));
    if (data == nullptr || !fits || de265_get_bits_per_pixel(image, i) != planes.bits)
      return std::nullopt;
  }
  return planes;
}

}  // namespace

std::optional<CodedForm> hevc_form(std::string_view stream, std::string_view configuration) {
  const auto read = read_hevc_configuration(configuration);
  const auto units = read ? hevc_units(*read, stream) : std::nullopt;
  if (!units) return std::nullopt;
  const auto set = std::ranges::find_if(units->sets, is_hevc_sequence);
  const auto sequence = set == units->sets.end() ? std::nullopt : read_hevc_sequence(*set);
  if (!sequence) return std::nullopt;
  return CodedForm{read->bits, read->chroma, sequence->coding};
}

std::optional<HeifPlanes> decode_hevc(const std::string& stream, const CodedItem& item) {
  const auto configuration = read_hevc_configuration(item.configuration);
  const auto units = configuration ? hevc_units(*configuration, stream) : std::nullopt;
  if (!units || !memory_is_bounded(*units, item.size)) return std::nullopt;
  const auto decoder = std::make_shared<Decoder>(item.size);
  for (const std::string_view set : units->sets) {
    if (!decoder->push_set(set)) return std::nullopt;
  }
  for (const std::string_view slice : units->slices) {
    if (!decoder->push(slice)) return std::nullopt;
  }
  const de265_image* const image = decoder->picture();
  if (image == nullptr) return std::nullopt;
  std::optional<HeifPlanes> planes = planes_of(image, decoder);
  if (!planes || !covers(planes->size, item.size)) return std::nullopt;
  return planes;
}

}  // namespace imageserver
