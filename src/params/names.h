// The names of the parameters, as requests, keys and peers write them.

#ifndef IMAGESERVER_PARAMS_NAMES_H_
#define IMAGESERVER_PARAMS_NAMES_H_

#include <string_view>

namespace imageserver::names {

inline constexpr std::string_view kSource = "source";
inline constexpr std::string_view kFormat = "format";
inline constexpr std::string_view kQuality = "quality";

// The map that holds the four below it.
inline constexpr std::string_view kResize = "gift_resize";
inline constexpr std::string_view kWidth = "width";
inline constexpr std::string_view kHeight = "height";
inline constexpr std::string_view kMode = "mode";
inline constexpr std::string_view kResampling = "resampling";

}  // namespace imageserver::names

#endif  // IMAGESERVER_PARAMS_NAMES_H_
