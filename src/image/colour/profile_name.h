// Reads the name of a colour profile.

#ifndef IMAGESERVER_IMAGE_COLOUR_PROFILE_NAME_H_
#define IMAGESERVER_IMAGE_COLOUR_PROFILE_NAME_H_

#include <string>
#include <string_view>

namespace imageserver {

// The description in a profile (ICC.1), such as `Display P3`, at most 100 printable characters of
// ASCII; empty if there is none, or it cannot be read. Threads: any.
[[nodiscard]] std::string profile_name(std::string_view profile);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_COLOUR_PROFILE_NAME_H_
