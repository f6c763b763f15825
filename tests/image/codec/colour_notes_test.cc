#include "image/codec/colour_notes.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>

#include "image/colour/calibration.h"
#include "support/pictures.h"

namespace imageserver {
namespace {

TEST(ColourNotes, AGammaOf0IsNoNote) {
  const auto noted = [](std::uint32_t gamma) {
    PngColour colour;
    colour.gamma = gamma;
    return calibration_of(with_notes(plain(2, 2, {200, 80, 60}), colour));
  };
  EXPECT_EQ(noted(50'000), (Calibration{2, kSrgbPrimaries}));
  EXPECT_EQ(noted(0), std::nullopt);
}

}  // namespace
}  // namespace imageserver
