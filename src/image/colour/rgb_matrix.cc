#include "image/colour/rgb_matrix.h"

#include <cmath>
#include <cstddef>

namespace imageserver {
namespace {

// To the responses of cones (ICC.1, annex E).
constexpr Matrix kBradford = {
    {{0.8951, 0.2664, -0.1614}, {-0.7502, 1.7135, 0.0367}, {0.0389, -0.0685, 1.0296}}};

// The D50 of profiles (ICC.1, 7.2.16).
constexpr Triple kProfileWhite = {0.9642, 1.0, 0.8249};

double determinant(const Matrix& m) {
  return m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) -
         m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0]) +
         m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0]);
}

std::optional<Matrix> inverse(const Matrix& m) {
  constexpr double kLeast = 1e-6;
  const double whole = determinant(m);
  if (!(std::abs(whole) > kLeast)) return std::nullopt;
  Matrix result{};
  for (std::size_t row = 0; row < 3; ++row) {
    for (std::size_t column = 0; column < 3; ++column) {
      const std::size_t a = (column + 1) % 3;
      const std::size_t b = (column + 2) % 3;
      const std::size_t c = (row + 1) % 3;
      const std::size_t d = (row + 2) % 3;
      result[row][column] = (m[a][c] * m[b][d] - m[a][d] * m[b][c]) / whole;
    }
  }
  return result;
}

Matrix diagonal(const Triple& values) {
  return {{{values[0], 0, 0}, {0, values[1], 0}, {0, 0, values[2]}}};
}

// The colour of that chromaticity with a luminance of 1.
Triple xyz_of(const Chromaticity& place) {
  return {place.x / place.y, 1.0, (1 - place.x - place.y) / place.y};
}

bool is_colour(const Chromaticity& place) {
  return place.x >= 0 && place.x <= 1 && place.y > 0 && place.y <= 1;
}

bool are_colours(const Primaries& primaries) {
  return is_colour(primaries.white) && is_colour(primaries.red) && is_colour(primaries.green) &&
         is_colour(primaries.blue);
}

// Light to X, Y and Z, where all light together is the white.
std::optional<Matrix> to_xyz(const Primaries& primaries) {
  if (!are_colours(primaries)) return std::nullopt;
  const Triple red = xyz_of(primaries.red);
  const Triple green = xyz_of(primaries.green);
  const Triple blue = xyz_of(primaries.blue);
  const Matrix columns = {
      {{red[0], green[0], blue[0]}, {red[1], green[1], blue[1]}, {red[2], green[2], blue[2]}}};
  const auto shares = inverse(columns);
  if (!shares) return std::nullopt;
  return columns * diagonal(*shares * xyz_of(primaries.white));
}

// REQUIRES: no cone is blind to `from`.
Matrix adaptation(const Triple& from, const Triple& to) {
  const Triple seen = kBradford * from;
  const Triple wanted = kBradford * to;
  const Matrix scale = diagonal({wanted[0] / seen[0], wanted[1] / seen[1], wanted[2] / seen[2]});
  return *inverse(kBradford) * scale * kBradford;
}

Matrix from_xyz() { return *inverse(*to_xyz(kSrgbPrimaries)); }

// Whether each cone sees some of that white.
bool is_white(const Chromaticity& place) {
  constexpr double kLeast = 0.01;
  const Triple seen = kBradford * xyz_of(place);
  return seen[0] > kLeast && seen[1] > kLeast && seen[2] > kLeast;
}

}  // namespace

Triple operator*(const Matrix& matrix, const Triple& column) {
  Triple result{};
  for (std::size_t row = 0; row < 3; ++row) {
    for (std::size_t i = 0; i < 3; ++i) result[row] += matrix[row][i] * column[i];
  }
  return result;
}

Matrix operator*(const Matrix& left, const Matrix& right) {
  Matrix result{};
  for (std::size_t row = 0; row < 3; ++row) {
    for (std::size_t column = 0; column < 3; ++column) {
      for (std::size_t i = 0; i < 3; ++i) result[row][column] += left[row][i] * right[i][column];
    }
  }
  return result;
}

std::optional<Matrix> matrix_to_srgb(const Primaries& primaries) {
  const auto xyz = to_xyz(primaries);
  if (!xyz || !is_white(primaries.white)) return std::nullopt;
  return from_xyz() * adaptation(xyz_of(primaries.white), xyz_of(kD65)) * *xyz;
}

Matrix matrix_from_profile_xyz() { return from_xyz() * adaptation(kProfileWhite, xyz_of(kD65)); }

}  // namespace imageserver
