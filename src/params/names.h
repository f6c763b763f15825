// The names of parameters that other code than their row of the table uses, as requests, keys and
// peers write them.

#ifndef IMAGESERVER_PARAMS_NAMES_H_
#define IMAGESERVER_PARAMS_NAMES_H_

#include <string_view>

namespace imageserver::names {

// The path of the request.
inline constexpr std::string_view kSource = "source";

// What a client takes, beside `format=auto`. Its headers say it; a query cannot.
inline constexpr std::string_view kAccept = "accept";

// The two maps within the map, and what the Go program knows of the first.
inline constexpr std::string_view kResize = "gift_resize";
inline constexpr std::string_view kWidth = "width";
inline constexpr std::string_view kHeight = "height";
inline constexpr std::string_view kMode = "mode";
inline constexpr std::string_view kResampling = "resampling";
inline constexpr std::string_view kRotate = "gift_rotate";

inline constexpr std::string_view kPreset = "preset";
inline constexpr std::string_view kPage = "page";
inline constexpr std::string_view kCrop = "crop";
inline constexpr std::string_view kRotation = "rotation";
inline constexpr std::string_view kDpr = "dpr";
inline constexpr std::string_view kWatermark = "watermark";
inline constexpr std::string_view kFormat = "format";
inline constexpr std::string_view kQuality = "quality";

// The value of `format` and of `quality` that leaves the choice to the server.
inline constexpr std::string_view kAuto = "auto";

}  // namespace imageserver::names

#endif  // IMAGESERVER_PARAMS_NAMES_H_
