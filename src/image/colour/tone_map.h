// Brings the light of HDR pictures (BT.2100) to what a usual screen shows. Light is relative to the
// white of such a screen. Threads: any.

#ifndef IMAGESERVER_IMAGE_COLOUR_TONE_MAP_H_
#define IMAGESERVER_IMAGE_COLOUR_TONE_MAP_H_

#include <vector>

namespace imageserver {

// The white of a usual screen in cd/m2: what BT.2408 (table 1) calls HDR reference white.
inline constexpr double kReferenceWhite = 203;

// The brightest light that is told apart from brighter light, in cd/m2. It is the peak that BT.2100
// has for HLG, and that most pictures in PQ are made on.
inline constexpr double kPeak = 1000;

// The curve PQ of BT.2100 (table 4): light in cd/m2 of an encoded value from 0 to 1, and back.
[[nodiscard]] double light_of_pq(double value);
[[nodiscard]] double pq_of_light(double light);

// The curve HLG of BT.2100 (table 5): the light of the scene, from 0 to 1, of an encoded value.
[[nodiscard]] double light_of_hlg(double value);

// The EETF of BT.2390 (5.4.1) from a peak of kPeak to one of kReferenceWhite, with black at 0. Dark
// light stays as it is, up to some 88 cd/m2; brighter light is pressed together, the more the
// brighter.
[[nodiscard]] double tone_mapped(double light);

// The same as a table, for many pixels.
class ToneMap {
 public:
  ToneMap();

  // Within 0.0001 of tone_mapped(); 1 for what is brighter than the peak.
  [[nodiscard]] float of(float light) const;

 private:
  std::vector<float> mapped_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_COLOUR_TONE_MAP_H_
