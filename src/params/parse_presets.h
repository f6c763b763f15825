// Parses the text of a file of presets.

#ifndef IMAGESERVER_PARAMS_PARSE_PRESETS_H_
#define IMAGESERVER_PARAMS_PARSE_PRESETS_H_

#include <string_view>

#include "imageserver/error.h"
#include "params/presets.h"

namespace imageserver {

// One `name=query` a line; empty lines and those that begin with `#` say nothing. A name has 1 to
// 64 letters, digits, `-`, `_` and `.`. kInvalidParam, with the number of the line, for anything
// else: a name given twice, an unknown parameter, one given twice, a value that no picture could
// satisfy, a preset in a preset, more than 1024 presets. Threads: any.
[[nodiscard]] Result<Presets> parse_presets(std::string_view text);

}  // namespace imageserver

#endif  // IMAGESERVER_PARAMS_PARSE_PRESETS_H_
