#include <libde265/de265.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <vector>

#include "formats/iso_boxes.h"
#include "image/heif/coded.h"
#include "image/heif/hevc_size.h"

namespace imageserver {
namespace {

constexpr unsigned kLastSlice = 31;  // types up to here are parts of pictures
constexpr unsigned kSequence = 33;   // SPS

// The codec works on blocks of up to 64 pixels a side, which may stick out.
std::int64_t largest_area(Size size) {
  constexpr int kBlock = 64;
  return area({size.width + kBlock, size.height + kBlock});
}

bool covers(Size outer, Size inner) {
  return outer.width >= inner.width && outer.height >= inner.height;
}

unsigned type_of(std::string_view unit) {
  return static_cast<unsigned char>(unit.front()) >> 1U & 63U;
}

bool begins_picture(std::string_view unit) {
  constexpr unsigned kFirstOfPicture = 128;
  return type_of(unit) <= kLastSlice && unit.size() > 2 &&
         (static_cast<unsigned char>(unit[2]) & kFirstOfPicture) != 0;
}

// The box `hvcC`.
struct Configuration {
  CodedForm form;
  std::size_t length_bytes = 4;  // of the number before each unit of the stream
  std::vector<std::string_view> units;
};

std::vector<std::string_view> read_units(IsoFields& fields) {
  std::vector<std::string_view> units;
  for (std::uint64_t arrays = fields.number(1); arrays > 0; --arrays) {
    static_cast<void>(fields.number(1));  // their type, which they say themselves
    for (std::uint64_t left = fields.number(2); left > 0 && !fields.failed(); --left)
      units.push_back(fields.bytes(static_cast<std::size_t>(fields.number(2))));
  }
  return units;
}

std::optional<Configuration> read_configuration(std::string_view box) {
  constexpr std::size_t kBeforeChroma = 16;
  IsoFields fields(box);
  static_cast<void>(fields.bytes(kBeforeChroma));
  Configuration configuration;
  configuration.form.chroma = static_cast<HeifChroma>(fields.number(1) & 3U);
  configuration.form.bits = 8 + static_cast<int>(fields.number(1) & 7U);
  static_cast<void>(fields.bytes(3));  // bits of chroma, frame rate
  configuration.length_bytes = static_cast<std::size_t>(fields.number(1) & 3U) + 1;
  configuration.units = read_units(fields);
  if (fields.failed()) return std::nullopt;
  return configuration;
}

// The units of the first picture. None if one is cut off.
std::optional<std::vector<std::string_view>> units_of(std::string_view stream,
                                                      std::size_t length_bytes) {
  std::vector<std::string_view> units;
  IsoFields fields(stream);
  int pictures = 0;
  while (!fields.rest().empty()) {
    const auto length = static_cast<std::size_t>(fields.number(length_bytes));
    const std::string_view unit = fields.bytes(length);
    if (fields.failed()) return std::nullopt;
    if (unit.empty()) continue;
    if (begins_picture(unit) && ++pictures > 1) break;
    units.push_back(unit);
  }
  return units;
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

  // False if the unit announces larger pictures, or there is no memory. Memory is taken for what is
  // announced before a picture is.
  [[nodiscard]] bool push(std::string_view unit) {
    if (unit.empty()) return true;
    if (type_of(unit) == kSequence) {
      const std::optional<Size> announced = hevc_size(unit);
      if (!announced || area(*announced) > largest_) return false;
    }
    return de265_push_NAL(context_, unit.data(), static_cast<int>(unit.size()), 0, nullptr) ==
           DE265_OK;
  }

  // Null if there is none. The decoder owns it.
  [[nodiscard]] const de265_image* picture() {
    if (de265_flush_data(context_) != DE265_OK) return nullptr;
    for (int more = 1; more != 0;) {
      if (de265_decode(context_, &more) != DE265_OK) return nullptr;
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

std::optional<CodedForm> hevc_form(std::string_view configuration) {
  const std::optional<Configuration> read = read_configuration(configuration);
  if (!read) return std::nullopt;
  return read->form;
}

std::optional<HeifPlanes> decode_hevc(const std::string& stream, const CodedItem& item) {
  const std::optional<Configuration> configuration = read_configuration(item.configuration);
  if (!configuration) return std::nullopt;
  const auto units = units_of(stream, configuration->length_bytes);
  if (!units) return std::nullopt;
  const auto decoder = std::make_shared<Decoder>(item.size);
  for (const auto& part : {configuration->units, *units}) {
    for (const std::string_view unit : part) {
      if (!decoder->push(unit)) return std::nullopt;
    }
  }
  const de265_image* const image = decoder->picture();
  if (image == nullptr) return std::nullopt;
  std::optional<HeifPlanes> planes = planes_of(image, decoder);
  if (!planes || !covers(planes->size, item.size)) return std::nullopt;
  return planes;
}

}  // namespace imageserver
