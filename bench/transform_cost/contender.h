// Somebody who makes a picture.

#ifndef IMAGESERVER_BENCH_TRANSFORM_COST_CONTENDER_H_
#define IMAGESERVER_BENCH_TRANSFORM_COST_CONTENDER_H_

#include <filesystem>
#include <functional>
#include <string_view>

#include "transform_cost/by_libvips.h"

namespace imageserver::bench {

// Makes the picture and throws it away. Throws std::exception.
using Contender = std::function<void()>;

// imageserver's transform() of the file below `files` that the target names.
[[nodiscard]] Contender by_imageserver(const std::filesystem::path& files, std::string_view target);

// `make`, over the file that the target names.
[[nodiscard]] Contender by_libvips(const std::filesystem::path& files, std::string_view target,
                                   ByLibvips make);

}  // namespace imageserver::bench

#endif  // IMAGESERVER_BENCH_TRANSFORM_COST_CONTENDER_H_
