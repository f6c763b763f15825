// Gravities as requests write them.

#ifndef IMAGESERVER_PARAMS_GRAVITY_H_
#define IMAGESERVER_PARAMS_GRAVITY_H_

#include <cstdint>

#include "imageserver/error.h"
#include "params/params.h"
#include "params/transform_spec.h"

namespace imageserver {

enum class GravityKinds : std::uint8_t { kAll, kPoints };

// `center`, one of the eight winds, `fp:x,y`, and, where all kinds are taken, `smart` or `entropy`.
// Threads: any.
[[nodiscard]] Result<Gravity> gravity(const ParamEntry& entry, GravityKinds kinds);

}  // namespace imageserver

#endif  // IMAGESERVER_PARAMS_GRAVITY_H_
