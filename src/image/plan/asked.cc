#include "image/plan/asked.h"

namespace imageserver {

bool asks_for_nothing(const TransformSpec& spec) {
  using Spec = TransformSpec;
  return asks_only_for(spec, &Spec::source, &Spec::format, &Spec::auto_format,
                       // Qualifiers of `rotation`, of the size, and of the resize.
                       &Spec::interpolation, &Spec::dpr, &Spec::mode, &Spec::enlarge,
                       &Spec::gravity, &Spec::resampling, &Spec::gamma_correction);
}

}  // namespace imageserver
