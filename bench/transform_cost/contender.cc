#include "transform_cost/contender.h"

#include <stdexcept>
#include <stop_token>
#include <string>

#include "image/transform.h"
#include "params/params.h"
#include "params/parse_target.h"
#include "params/transform_spec.h"
#include "params/validate.h"
#include "transform_cost/files.h"

namespace imageserver::bench {
namespace {

template <class T>
T value_or_throw(Result<T> result, std::string_view target) {
  if (result.has_error()) {
    throw std::runtime_error(std::string(target) + ": " + result.error().message);
  }
  return *std::move(result);
}

TransformSpec spec_of(std::string_view target) {
  const Params params = value_or_throw(parse_target(target), target);
  return value_or_throw(validate(params), target);
}

Bytes mark_in(const std::filesystem::path& files) {
  return read_file(files / "watermarks" / "logo.png");
}

}  // namespace

Contender by_imageserver(const std::filesystem::path& files, std::string_view target) {
  const TransformSpec spec = spec_of(target);
  const Bytes source = read_file(files / spec.source);
  const Bytes mark = spec.watermark ? mark_in(files) : Bytes();
  return [spec, source, mark, target] {
    value_or_throw(transform(source, spec, std::stop_token(), {}, mark), target);
  };
}

Contender by_libvips(const std::filesystem::path& files, std::string_view target, ByLibvips make) {
  const TransformSpec spec = spec_of(target);
  const Bytes source = read_file(files / spec.source);
  const Bytes mark = spec.watermark ? mark_in(files) : Bytes();
  return [make, source, mark] { make({source, mark}); };
}

}  // namespace imageserver::bench
