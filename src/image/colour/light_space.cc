#include "image/colour/light_space.h"

#include <algorithm>
#include <cmath>

#include "image/colour/srgb_curve.h"
#include "image/colour/tone_map.h"

namespace imageserver {
namespace {

struct PrimariesRow {
  int code;
  Primaries primaries;
};

constexpr Chromaticity kC{0.310, 0.316};

// H.273, table 2. 3 and 10 are missing: nobody may use the first, and the second is CIE XYZ.
constexpr auto kPrimaries = std::to_array<PrimariesRow>({
    {1, kSrgbPrimaries},
    {2, kSrgbPrimaries},
    {4, {kC, {0.67, 0.33}, {0.21, 0.71}, {0.14, 0.08}}},
    {5, {kD65, {0.64, 0.33}, {0.29, 0.60}, {0.15, 0.06}}},
    {6, {kD65, {0.630, 0.340}, {0.310, 0.595}, {0.155, 0.070}}},
    {7, {kD65, {0.630, 0.340}, {0.310, 0.595}, {0.155, 0.070}}},
    {8, {kC, {0.681, 0.319}, {0.243, 0.692}, {0.145, 0.049}}},
    {9, {kD65, {0.708, 0.292}, {0.170, 0.797}, {0.131, 0.046}}},
    {11, {{0.314, 0.351}, {0.680, 0.320}, {0.265, 0.690}, {0.150, 0.060}}},
    {12, {kD65, {0.680, 0.320}, {0.265, 0.690}, {0.150, 0.060}}},
    {22, {kD65, {0.630, 0.340}, {0.295, 0.605}, {0.155, 0.077}}},
});

struct TransferRow {
  int code;
  double (*light)(double value);
  Range range = Range::kStandard;
};

double light_of_smpte240(double value) {
  return value < 4 * 0.0228 ? value / 4 : std::pow((value + 0.1115) / 1.1115, 1 / 0.45);
}

// H.273, table 3.
constexpr auto kTransfers = std::to_array<TransferRow>({
    {1, light_of_srgb},
    {2, light_of_srgb},
    {4, [](double value) { return std::pow(value, 2.2); }},
    {5, [](double value) { return std::pow(value, 2.8); }},
    {6, light_of_srgb},
    {7, light_of_smpte240},
    {8, [](double value) { return value; }},
    {11, light_of_srgb},
    {13, light_of_srgb},
    {14, light_of_srgb},
    {15, light_of_srgb},
    {16, [](double value) { return light_of_pq(value) / kReferenceWhite; }, Range::kHdr},
    {17, [](double value) { return std::min(std::pow(value, 2.6) * 52.37 / 48, 1.0); }},
    {18, light_of_hlg, Range::kHdrScene},
});

bool is_near(const Chromaticity& a, const Chromaticity& b) {
  constexpr double kNear = 0.001;
  return std::abs(a.x - b.x) <= kNear && std::abs(a.y - b.y) <= kNear;
}

}  // namespace

std::optional<Primaries> primaries_of(int code) {
  const auto* const row = std::ranges::find(kPrimaries, code, &PrimariesRow::code);
  return row == kPrimaries.end() ? std::nullopt : std::optional(row->primaries);
}

std::optional<LightSpace> light_space_of(Cicp cicp) {
  const auto primaries = primaries_of(cicp.primaries);
  const auto* const transfer = std::ranges::find(kTransfers, cicp.transfer, &TransferRow::code);
  if (!primaries || transfer == kTransfers.end()) return std::nullopt;
  const auto matrix = matrix_to_srgb(*primaries);
  if (!matrix) return std::nullopt;
  return LightSpace{{transfer->light, transfer->light, transfer->light}, *matrix, transfer->range};
}

bool is_srgb(Cicp cicp) {
  const auto* const transfer = std::ranges::find(kTransfers, cicp.transfer, &TransferRow::code);
  return primaries_of(cicp.primaries) == kSrgbPrimaries && transfer != kTransfers.end() &&
         transfer->light == light_of_srgb;
}

std::optional<LightSpace> light_space_of(const Calibration& calibration) {
  constexpr double kLeast = 0.1;
  constexpr double kMost = 10;
  const auto matrix = matrix_to_srgb(calibration.primaries);
  const double exponent = calibration.exponent;
  if (!matrix || !(exponent >= kLeast && exponent <= kMost)) return std::nullopt;
  const LightCurve curve = [exponent](double value) { return std::pow(value, exponent); };
  return LightSpace{{curve, curve, curve}, *matrix};
}

bool is_srgb(const Calibration& calibration) {
  constexpr double kUsual = 2.2;
  constexpr double kNear = 0.05;
  const auto& [white, red, green, blue] = calibration.primaries;
  return std::abs(kUsual / calibration.exponent - 1) <= kNear &&
         is_near(white, kSrgbPrimaries.white) && is_near(red, kSrgbPrimaries.red) &&
         is_near(green, kSrgbPrimaries.green) && is_near(blue, kSrgbPrimaries.blue);
}

}  // namespace imageserver
