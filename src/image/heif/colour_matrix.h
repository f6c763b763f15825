// From the samples of planes to red, green and blue (ITU-T H.273, section 8.3): a matrix on whole
// samples, with the range in it.

#ifndef IMAGESERVER_IMAGE_HEIF_COLOUR_MATRIX_H_
#define IMAGESERVER_IMAGE_HEIF_COLOUR_MATRIX_H_

#include <array>
#include <optional>

#include "image/heif/planes.h"

namespace imageserver {

// One channel of the result: y * Y + cb * Cb + cr * Cr + offset.
struct ChannelWeights {
  float y = 0;
  float cb = 0;
  float cr = 0;
  float offset = 0;
};

using ColourMatrix = std::array<ChannelWeights, 3>;  // red, green, blue

// What a matrix of 2 (not said) counts as: BT.601, as MIAF says (ISO/IEC 23000-22,
// section 7.3.6.4).
inline constexpr int kUsualMatrix = 6;

// For samples of so many bits and a result from 0 to `largest`. None where no matrix on samples
// does: with constant luminance (10, 13), for ICtCp (14), and for numbers that stand for nothing.
// Threads: any.
[[nodiscard]] std::optional<ColourMatrix> colour_matrix(const HeifCoding& coding, int bits,
                                                        int largest);

// The same for a picture without chroma, or for alpha.
[[nodiscard]] ChannelWeights grey_weights(bool full_range, int bits, int largest);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_HEIF_COLOUR_MATRIX_H_
