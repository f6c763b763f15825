// The field in which an answer names the parameters that were ignored.

#ifndef IMAGESERVER_HANDLERS_IGNORED_FIELD_H_
#define IMAGESERVER_HANDLERS_IGNORED_FIELD_H_

#include <string_view>

#include "http/response.h"

namespace imageserver {

inline constexpr std::string_view kIgnoredField = "X-Imageserver-Ignored";

// Adds the field, unless `ignored`, a list of params/ignored_params.h, is empty.
inline void add_ignored(Response& response, std::string_view ignored) {
  if (!ignored.empty()) response.add_field(kIgnoredField, ignored);
}

}  // namespace imageserver

#endif  // IMAGESERVER_HANDLERS_IGNORED_FIELD_H_
