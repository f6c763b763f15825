// A request target on its way to a picture's key and spec.

#include <algorithm>
#include <string>

#include "check.h"
#include "imageserver/params.h"

namespace imageserver::fuzz {
namespace {

bool is_one_line(const std::string& text) {
  return std::ranges::all_of(text, [](char byte) { return byte >= ' ' && byte <= '~'; });
}

void check_error(const Error& error) { check(is_one_line(error.message), "an error is one line"); }

void check_spec(const TransformSpec& spec) {
  check(spec.width >= 0 && spec.width <= kMaxOutputSide, "width is in range");
  check(spec.height >= 0 && spec.height <= kMaxOutputSide, "height is in range");
  check(std::int64_t{spec.width} * spec.height <= kMaxOutputPixels, "area is in range");
  check(!spec.quality || (*spec.quality >= 1 && *spec.quality <= 100), "quality is in range");
  check(!spec.source.empty() && spec.source.front() != '/', "the source is a relative path");
  check(("/" + spec.source + "/").find("/../") == std::string::npos, "the source stays inside");
}

void run(std::string_view target) {
  const Result<Params> params = parse_target(target);
  if (!params) {
    check_error(params.error());
    return;
  }
  check(params->text().starts_with("map["), "the text is that of a map");
  check(params->key().size() == 64, "a key has 64 digits");
  const Result<TransformSpec> spec = validate(*params);
  if (spec) {
    check_spec(*spec);
  } else {
    check_error(spec.error());
  }
}

}  // namespace
}  // namespace imageserver::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  imageserver::fuzz::run(imageserver::fuzz::as_text(data, size));
  return 0;
}
