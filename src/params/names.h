// The names of the parameters, as requests, keys and peers write them.

#ifndef IMAGESERVER_PARAMS_NAMES_H_
#define IMAGESERVER_PARAMS_NAMES_H_

#include <string_view>

namespace imageserver::names {

inline constexpr std::string_view kSource = "source";
inline constexpr std::string_view kPreset = "preset";

// What a client takes, beside `format=auto`. No request can name it: it is told by its headers.
inline constexpr std::string_view kAccept = "accept";

// The map that holds the four below it.
inline constexpr std::string_view kResize = "gift_resize";
inline constexpr std::string_view kWidth = "width";
inline constexpr std::string_view kHeight = "height";
inline constexpr std::string_view kMode = "mode";
inline constexpr std::string_view kResampling = "resampling";

// The map that holds the three below it.
inline constexpr std::string_view kRotate = "gift_rotate";
inline constexpr std::string_view kRotation = "rotation";
inline constexpr std::string_view kBackground = "background";
inline constexpr std::string_view kInterpolation = "interpolation";

// The map that holds the four below it; in a request its name stands for all of them.
inline constexpr std::string_view kCrop = "crop";
inline constexpr std::string_view kMinX = "min_x";
inline constexpr std::string_view kMinY = "min_y";
inline constexpr std::string_view kMaxX = "max_x";
inline constexpr std::string_view kMaxY = "max_y";

inline constexpr std::string_view kGammaCorrection = "gamma_correction";
inline constexpr std::string_view kEnlarge = "enlarge";
inline constexpr std::string_view kGravity = "gravity";
inline constexpr std::string_view kDpr = "dpr";
inline constexpr std::string_view kTrim = "trim";
inline constexpr std::string_view kFlip = "flip";
inline constexpr std::string_view kOrient = "orient";
inline constexpr std::string_view kPage = "page";
inline constexpr std::string_view kFrames = "frames";

inline constexpr std::string_view kBlur = "blur";
inline constexpr std::string_view kSharpen = "sharpen";
inline constexpr std::string_view kPixelate = "pixelate";
inline constexpr std::string_view kGrayscale = "grayscale";
inline constexpr std::string_view kBrightness = "brightness";
inline constexpr std::string_view kContrast = "contrast";
inline constexpr std::string_view kSaturation = "saturation";
inline constexpr std::string_view kTint = "tint";
inline constexpr std::string_view kWatermark = "watermark";
inline constexpr std::string_view kWatermarkGravity = "watermark_gravity";
inline constexpr std::string_view kWatermarkOpacity = "watermark_opacity";
inline constexpr std::string_view kWatermarkScale = "watermark_scale";
inline constexpr std::string_view kRadius = "radius";

inline constexpr std::string_view kFormat = "format";
inline constexpr std::string_view kQuality = "quality";
inline constexpr std::string_view kMaxBytes = "max_bytes";
inline constexpr std::string_view kColors = "colors";
inline constexpr std::string_view kLossless = "lossless";
inline constexpr std::string_view kProgressive = "progressive";
inline constexpr std::string_view kStrip = "strip";

// The value of `format` and of `quality` that leaves them to us.
inline constexpr std::string_view kAuto = "auto";

}  // namespace imageserver::names

#endif  // IMAGESERVER_PARAMS_NAMES_H_
