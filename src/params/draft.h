// A spec in the making.

#ifndef IMAGESERVER_PARAMS_DRAFT_H_
#define IMAGESERVER_PARAMS_DRAFT_H_

#include <optional>

#include "params/transform_spec.h"

namespace imageserver {

// The values that have been checked so far. Entries come in any order; a value that means nothing
// without another one stands beside the spec until all are there.
struct Draft {
  TransformSpec spec;
  Watermark watermark;                 // goes into the spec if it has a name
  bool auto_format = false;            // `format=auto`
  std::optional<AutoFormat> accepted;  // goes into the spec with auto_format
};

}  // namespace imageserver

#endif  // IMAGESERVER_PARAMS_DRAFT_H_
