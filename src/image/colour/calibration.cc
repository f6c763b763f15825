#include "image/colour/calibration.h"

#include <cstddef>
#include <vector>

namespace imageserver {
namespace {

constexpr const char* kNote = "imageserver-calibration";
constexpr std::size_t kNumbers = 9;

}  // namespace

vips::VImage with_calibration(const vips::VImage& image, const Calibration& space) {
  const auto& [white, red, green, blue] = space.primaries;
  vips::VImage noted = image.copy();
  noted.set(kNote, std::vector<double>{space.exponent, white.x, white.y, red.x, red.y, green.x,
                                       green.y, blue.x, blue.y});
  return noted;
}

std::optional<Calibration> calibration_of(const vips::VImage& image) {
  if (image.get_typeof(kNote) == 0) return std::nullopt;
  const std::vector<double> n = image.get_array_double(kNote);
  if (n.size() != kNumbers) return std::nullopt;
  return Calibration{n[0], {{n[1], n[2]}, {n[3], n[4]}, {n[5], n[6]}, {n[7], n[8]}}};
}

vips::VImage without_calibration(const vips::VImage& image) {
  vips::VImage plain = image.copy();
  plain.remove(kNote);
  return plain;
}

}  // namespace imageserver
