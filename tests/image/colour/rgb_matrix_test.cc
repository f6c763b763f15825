#include "image/colour/rgb_matrix.h"

#include <gtest/gtest.h>

namespace imageserver {
namespace {

constexpr Primaries kP3{kD65, {0.680, 0.320}, {0.265, 0.690}, {0.150, 0.060}};
constexpr Primaries k2020{kD65, {0.708, 0.292}, {0.170, 0.797}, {0.131, 0.046}};
constexpr Primaries kTheatre{{0.314, 0.351}, {0.680, 0.320}, {0.265, 0.690}, {0.150, 0.060}};

void expect_near(const Matrix& matrix, const Matrix& expected, double most) {
  for (std::size_t row = 0; row < 3; ++row) {
    for (std::size_t column = 0; column < 3; ++column)
      EXPECT_NEAR(matrix[row][column], expected[row][column], most) << row << ' ' << column;
  }
}

TEST(RgbMatrix, SrgbStaysAsItIs) {
  expect_near(*matrix_to_srgb(kSrgbPrimaries), {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}}, 1e-9);
}

// BT.2087, 4.
TEST(RgbMatrix, ThatOfBt2020IsTheOneOfBt2087) {
  expect_near(
      *matrix_to_srgb(k2020),
      {{{1.6605, -0.5876, -0.0728}, {-0.1246, 1.1329, -0.0083}, {-0.0182, -0.1006, 1.1187}}},
      0.0001);
}

// Computed by colour-science 0.4.7, with Bradford's matrix; it rounds white to four digits.
TEST(RgbMatrix, OthersAreWhatAnotherProgramComputes) {
  expect_near(
      *matrix_to_srgb(kP3),
      {{{1.2248, -0.22491, -0.00005}, {-0.04193, 1.04203, 0}, {-0.01961, -0.07863, 1.09832}}},
      0.0005);
  expect_near(*matrix_to_srgb(kTheatre),
              {{{1.15739, -0.15494, -0.0026},
                {-0.04138, 1.04555, -0.00407},
                {-0.01802, -0.07857, 1.09667}}},
              0.0005);
}

TEST(RgbMatrix, WhiteStaysWhite) {
  for (const Primaries& primaries : {kP3, k2020, kTheatre}) {
    const Triple white = *matrix_to_srgb(primaries) * Triple{1, 1, 1};
    for (const double light : white) EXPECT_NEAR(light, 1, 1e-9);
  }
  const Triple profile_white = matrix_from_profile_xyz() * Triple{0.9642, 1.0, 0.8249};
  for (const double light : profile_white) EXPECT_NEAR(light, 1, 1e-9);
}

TEST(RgbMatrix, PrimariesThatSpanNoSpaceHaveNone) {
  EXPECT_FALSE(matrix_to_srgb({}));
  EXPECT_FALSE(matrix_to_srgb({kD65, {0.3, 0.3}, {0.3, 0.3}, {0.15, 0.06}}));
  EXPECT_FALSE(matrix_to_srgb({kD65, {0.1, 0.1}, {0.2, 0.2}, {0.3, 0.3}})) << "on one line";
  EXPECT_FALSE(matrix_to_srgb({kD65, {0.64, 0.33}, {0.30, 0.60}, {0.15, 0}}));
  EXPECT_FALSE(matrix_to_srgb({{0.9, 0.0001}, {0.64, 0.33}, {0.30, 0.60}, {0.15, 0.06}}));
  EXPECT_FALSE(matrix_to_srgb({kD65, {42949.67, 0.33}, {0.30, 0.60}, {0.15, 0.06}}));
}

}  // namespace
}  // namespace imageserver
