// Converts pixels to sRGB through light: curves, a matrix, tone mapping where there is HDR.

#ifndef IMAGESERVER_IMAGE_COLOUR_LIGHT_CONVERTER_H_
#define IMAGESERVER_IMAGE_COLOUR_LIGHT_CONVERTER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "image/colour/light_space.h"
#include "image/colour/tone_map.h"

namespace imageserver {

// Light that no screen shows is cut off in each colour, as ICC and browsers do. That of HDR is
// first brought into the range of sRGB, with its hue kept: what sRGB cannot show is mixed with
// grey of the same luminance; then all three colours are made darker alike, until the brightest is
// what the tone map makes of it.
//
// The pixels have 1 (grey), 2 (grey and alpha), 3 or 4 bands. Alpha has no curve. Threads: any
// number at once.
class LightConverter {
 public:
  enum class Depth : std::uint8_t { k8, k16 };

  LightConverter(const LightSpace& space, int bands, Depth depth);

  // `from` has the type of the depth. REQUIRES: `from` and `to` have `count` pixels.
  void convert(const void* from, std::uint8_t* to, std::size_t count) const;

 private:
  // Red, green, blue, and a number that means nothing: four are added as fast as one.
  using Light = std::array<float, 4>;

  // What a value of one colour is in light of sRGB.
  using Shares = std::vector<Light>;
  using Tables = std::array<const Light*, 3>;

  [[nodiscard]] Shares shares_of(const LightSpace& space, std::size_t colour) const;
  [[nodiscard]] Light on_screen(const Light& light) const;

  template <std::size_t Colours>
  [[nodiscard]] static Light light_of(const Tables& tables, const std::uint8_t* pixel);
  template <std::size_t Colours>
  [[nodiscard]] static Light light_of(const Tables& tables, const std::uint16_t* pixel);
  template <std::size_t Colours, class Value>
  void convert_pixels(const Value* from, std::uint8_t* to, std::size_t count) const;
  template <class Value>
  void convert_values(const Value* from, std::uint8_t* to, std::size_t count) const;

  const std::size_t bands_;
  const Depth depth_;
  const Range range_;
  const std::optional<ToneMap> tones_;  // where there is HDR
  std::vector<Shares> shares_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_COLOUR_LIGHT_CONVERTER_H_
