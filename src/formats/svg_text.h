// What the text of an SVG holds that must not reach its reader. Threads: any.

#ifndef IMAGESERVER_FORMATS_SVG_TEXT_H_
#define IMAGESERVER_FORMATS_SVG_TEXT_H_

#include <string_view>

namespace imageserver {

// Whether the root element is `svg`, of any namespace prefix, behind nothing but a byte order mark,
// white space, a declaration, other instructions, comments and a document type.
[[nodiscard]] bool is_svg(std::string_view bytes);

// False if the text defines entities, which can grow without end and hide what they stand for;
// holds another picture (`image`, `feImage`), which its reader would decode without our limits; or
// is in another encoding than ASCII, Latin-1, UTF-8 or UTF-16 with a byte order mark, in which all
// that could not be seen. REQUIRES: is_svg(bytes).
[[nodiscard]] bool svg_stands_alone(std::string_view bytes);

}  // namespace imageserver

#endif  // IMAGESERVER_FORMATS_SVG_TEXT_H_
