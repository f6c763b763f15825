// What the text of an SVG holds that must not reach its reader.

#ifndef IMAGESERVER_FORMATS_SVG_TEXT_H_
#define IMAGESERVER_FORMATS_SVG_TEXT_H_

#include <string_view>

namespace imageserver {

// False if the text defines entities, which can grow without end and hide what they stand for;
// holds another picture (`image`, `feImage`), which its reader would decode without our limits; or
// is in another encoding than ASCII, Latin-1 or UTF-8, in which all that could not be seen.
// REQUIRES: text that begins like an SVG.
[[nodiscard]] bool svg_stands_alone(std::string_view text);

}  // namespace imageserver

#endif  // IMAGESERVER_FORMATS_SVG_TEXT_H_
