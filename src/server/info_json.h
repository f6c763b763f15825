// What an original is, as `/info/` shows it.

#ifndef IMAGESERVER_SERVER_INFO_JSON_H_
#define IMAGESERVER_SERVER_INFO_JSON_H_

#include <string>

#include "image/plan/description.h"

namespace imageserver {

// Width and height as the picture is seen: after its orientation. Threads: any.
[[nodiscard]] std::string info_json(const Description& description);

}  // namespace imageserver

#endif  // IMAGESERVER_SERVER_INFO_JSON_H_
