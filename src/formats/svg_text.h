// What the text of an SVG holds that must not reach its reader. Threads: any.

#ifndef IMAGESERVER_FORMATS_SVG_TEXT_H_
#define IMAGESERVER_FORMATS_SVG_TEXT_H_

#include <string_view>

namespace imageserver {

// Whether an SVG begins within the first 1000 bytes, behind nothing but a byte order mark, white
// space, a declaration, comments and a document type.
[[nodiscard]] bool is_svg(std::string_view bytes);

// False if the text defines entities, which can grow without end and hide what they stand for;
// holds another picture (`image`, `feImage`), which its reader would decode without our limits; or
// is in another encoding than ASCII, Latin-1 or UTF-8, in which all that could not be seen.
// REQUIRES: is_svg(text).
[[nodiscard]] bool svg_stands_alone(std::string_view text);

}  // namespace imageserver

#endif  // IMAGESERVER_FORMATS_SVG_TEXT_H_
