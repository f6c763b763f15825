// Names for queries: `preset=name` in a request stands for the query of that name.

#ifndef IMAGESERVER_PARAMS_PRESETS_H_
#define IMAGESERVER_PARAMS_PRESETS_H_

#include <map>
#include <string>
#include <string_view>

#include "imageserver/error.h"

namespace imageserver {

// Immutable. Threads: any.
class Presets {
 public:
  // One `name=query` a line; empty lines and those that begin with `#` say nothing. A name has 1 to
  // 64 letters, digits, `-`, `_` and `.`. kInvalidParam, with the number of the line, for anything
  // else: a name given twice, an unknown parameter, one given twice, a value that no picture could
  // satisfy, a preset in a preset, more than 1024 presets.
  [[nodiscard]] static Result<Presets> parse(std::string_view text);

  // The query of that name; null if there is none.
  [[nodiscard]] const std::string* find(std::string_view name) const;

 private:
  std::map<std::string, std::string, std::less<>> queries_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_PARAMS_PRESETS_H_
