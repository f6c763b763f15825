#include "image/codec/colour_notes.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/log.h"
#include "image/colour/calibration.h"
#include "image/colour/cicp.h"
#include "image/colour/light_space.h"
#include "image/colour/to_srgb.h"

namespace imageserver {
namespace {

using vips::VImage;

constexpr int kUnspecified = 2;

// Those of video cameras.
constexpr std::array kCameraTransfers = {1, 6, 11, 14, 15};

// The exponent of BT.1886, where black is 0.
constexpr double kScreenExponent = 2.4;

// None if they are not for full-range RGB, or not known.
std::optional<Cicp> code_points_in(const PngColour& colour) {
  if (!colour.code_points) return std::nullopt;
  const auto& [primaries, transfer, matrix, full_range] = *colour.code_points;
  const Cicp cicp{primaries, transfer};
  const bool is_usable = matrix == 0 && full_range == 1 && primaries != kUnspecified &&
                         transfer != kUnspecified && light_space_of(cicp);
  if (is_usable) return cicp;
  log::debug("cICP {}/{}/{}/{} is left out", primaries, transfer, matrix, full_range);
  return std::nullopt;
}

VImage with_code_points(const VImage& image, Cicp cicp) {
  const VImage plain = without_marks(image);
  const auto primaries = primaries_of(cicp.primaries);
  if (primaries && std::ranges::count(kCameraTransfers, cicp.transfer) > 0)
    return with_calibration(plain, {kScreenExponent, *primaries});
  return with_cicp(plain, cicp);
}

std::optional<Calibration> calibration_in(const PngColour& colour) {
  constexpr double kUnit = 100'000;
  if (colour.is_srgb || !colour.gamma || *colour.gamma == 0) return std::nullopt;
  Calibration calibration{kUnit / *colour.gamma, kSrgbPrimaries};
  if (!colour.chromaticities) return calibration;
  std::array<double, 8> n{};
  std::ranges::transform(*colour.chromaticities, n.begin(),
                         [](std::uint32_t number) { return number / kUnit; });
  calibration.primaries = {{n[0], n[1]}, {n[2], n[3]}, {n[4], n[5]}, {n[6], n[7]}};
  return calibration;
}

}  // namespace

VImage with_notes(const VImage& image, const PngColour& colour) {
  if (const auto cicp = code_points_in(colour)) return with_code_points(image, *cicp);
  const auto calibration = calibration_in(colour);
  return calibration ? with_calibration(image, *calibration) : image;
}

}  // namespace imageserver
