// Tells what a spec asks for, and what it does not.

#ifndef IMAGESERVER_IMAGE_PLAN_ASKED_H_
#define IMAGESERVER_IMAGE_PLAN_ASKED_H_

#include "params/transform_spec.h"

namespace imageserver {

// Whether every field but the given ones has its default value. A field that is new in the spec is
// never among the given ones: a caller that does not know it gets false when it is asked for.
// Threads: any.
template <class... Fields>
[[nodiscard]] bool asks_only_for(const TransformSpec& spec, Fields TransformSpec::*... fields) {
  const TransformSpec nothing;
  TransformSpec rest = spec;
  ((rest.*fields = nothing.*fields), ...);
  return rest == nothing;
}

// Whether the spec leaves an original as it is, but for its format. Qualifiers do not count: they
// say how another parameter works (`dpr`, `gravity`), and do nothing by themselves. Threads: any.
[[nodiscard]] bool asks_for_nothing(const TransformSpec& spec);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_PLAN_ASKED_H_
