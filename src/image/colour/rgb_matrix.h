// Linear light of red, green and blue, from one set of primaries to another. Threads: any.

#ifndef IMAGESERVER_IMAGE_COLOUR_RGB_MATRIX_H_
#define IMAGESERVER_IMAGE_COLOUR_RGB_MATRIX_H_

#include <array>
#include <optional>

namespace imageserver {

// A column: red, green and blue, or X, Y and Z.
using Triple = std::array<double, 3>;

// Rows.
using Matrix = std::array<Triple, 3>;

struct Chromaticity {
  double x = 0;
  double y = 0;

  bool operator==(const Chromaticity&) const = default;
};

// The white and the three primaries of a colour space, as CIE 1931 has them.
struct Primaries {
  Chromaticity white;
  Chromaticity red;
  Chromaticity green;
  Chromaticity blue;

  bool operator==(const Primaries&) const = default;
};

inline constexpr Chromaticity kD65{0.3127, 0.3290};

// Those of sRGB, which are those of BT.709.
inline constexpr Primaries kSrgbPrimaries{kD65, {0.64, 0.33}, {0.30, 0.60}, {0.15, 0.06}};

[[nodiscard]] Triple operator*(const Matrix& matrix, const Triple& column);
[[nodiscard]] Matrix operator*(const Matrix& left, const Matrix& right);

// From light under these primaries to light under those of sRGB. White stays white: another white
// point is adapted by Bradford's matrix, as ICC.1 (annex E) does. None if the primaries span no
// space, or a white or a primary is none.
[[nodiscard]] std::optional<Matrix> matrix_to_srgb(const Primaries& primaries);

// From X, Y and Z under D50, as profiles have them, to light under the primaries of sRGB.
[[nodiscard]] Matrix matrix_from_profile_xyz();

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_COLOUR_RGB_MATRIX_H_
