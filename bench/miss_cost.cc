// What one way to make pictures needs, in a process of its own: milliseconds of processor time a
// picture. Usage: miss_cost WHO FILE TARGET PICTURES
// WHO is imageserver; libvips (vips_thumbnail and its savers, with vector code and one thread); or
// turbo: nothing but libjpeg-turbo's decoding and encoding of the same planes, which is the floor.
// FILE is the original, TARGET what is asked of it: /any?width=100&format=webp.

#include <cstdlib>
#include <ctime>
#include <functional>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <string_view>
#include <vips/vips8>

#include "base/log.h"
#include "formats/format.h"
#include "image/codec/allowed_operations.h"
#include "image/codec/decode.h"
#include "image/codec/effort.h"
#include "image/codec/encode.h"
#include "image/direct/direct.h"
#include "image/direct/jpeg_encode.h"
#include "image/plan/load_scale.h"
#include "image/transform.h"
#include "image/vips/blob.h"
#include "image/vips/vips_library.h"
#include "params/parse_target.h"
#include "params/transform_spec.h"
#include "params/validate.h"
#include "transform_cost/files.h"

namespace imageserver::bench {
namespace {

using vips::VImage;

using Work = std::function<void()>;

template <class T>
T value_or_throw(Result<T> result) {
  if (result.has_error()) throw std::runtime_error(result.error().message);
  return *std::move(result);
}

TransformSpec spec_of(std::string_view target) {
  return value_or_throw(validate(value_or_throw(parse_target(target))));
}

// What imageserver makes of it where no format is asked for.
Format format_of(const Bytes& source, const TransformSpec& spec) {
  const auto type = sniff(source.view());
  return spec.format.value_or(imageserver::format_of(type.value()).value());
}

// With the same quality and effort as imageserver.
Blob save(const VImage& image, Format format) {
  const auto quality = [&] { return VImage::option()->set("Q", default_quality(format)); };
  switch (format) {
    case Format::kWebp:
      return Blob(image.webpsave_buffer(quality()->set("effort", kWebpEffort)));
    case Format::kAvif:
      return Blob(image.heifsave_buffer(quality()
                                            ->set("compression", VIPS_FOREIGN_HEIF_COMPRESSION_AV1)
                                            ->set("effort", kAvifEffort)
                                            ->set("bitdepth", 8)));
    case Format::kPng:
      return Blob(image.pngsave_buffer());
    case Format::kGif:
      return Blob(image.gifsave_buffer());
    default:
      return Blob(image.jpegsave_buffer(quality()->set("strip", true)));
  }
}

// A height without bound, as the width alone is to decide.
Work by_libvips(const Bytes& source, const TransformSpec& spec, Format format) {
  return [source, width = spec.width, format] {
    const Blob blob = borrow(source.view());
    const char* const frames = format == Format::kGif ? "n=-1" : "";
    const VImage small = VImage::thumbnail_buffer(
        blob.get(), width,
        VImage::option()->set("height", VIPS_MAX_COORD)->set("option_string", frames));
    save(small, format);
  };
}

Work by_imageserver(const Bytes& source, const TransformSpec& spec) {
  return [source, spec] { value_or_throw(transform(source, spec, std::stop_token())); };
}

Work by_turbo(const Bytes& source, const TransformSpec& spec) {
  const Header header = read_header(source, FileType::kJpeg);
  const Layout layout = lay_out(spec, whole_of(header.stored), turn_of(spec, header.orientation));
  const DirectJob job{source, header, layout, spec, Format::kJpeg};
  auto planes = render_directly(job, {});
  const auto stored = read_jpeg_layout(source.view());
  if (!planes || !stored) throw std::runtime_error("this does not go directly");
  const int shrink = static_cast<int>(1 / load_scale(header, layout, spec, 0));
  return [source, shrink, stored, planes = std::make_shared<Planes>(*std::move(planes))] {
    const auto decoded = decode_jpeg(source.view(), *stored, shrink);
    const auto encoded = encode_jpeg(*planes, default_quality(Format::kJpeg), false);
    if (!decoded || !encoded) throw std::runtime_error("libjpeg-turbo failed");
  };
}

// Of all threads, as libvips has some of its own.
double cpu_milliseconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

// The first picture pays for what libraries set up once.
double measure(const Work& work, int pictures) {
  work();
  const double start = cpu_milliseconds();
  for (int i = 0; i < pictures; ++i) work();
  return (cpu_milliseconds() - start) / pictures;
}

double run(std::string_view who, const std::string& file, std::string_view target, int pictures) {
  const Bytes source = read_file(file);
  const TransformSpec spec = spec_of(target);
  if (who == "libvips") {
    if (VIPS_INIT("miss_cost") != 0) throw std::runtime_error("libvips does not start");
    vips_cache_set_max(0);
    vips_concurrency_set(1);
    return measure(by_libvips(source, spec, format_of(source, spec)), pictures);
  }
  const VipsLibrary library(allowed_operations({}));
  return measure(who == "turbo" ? by_turbo(source, spec) : by_imageserver(source, spec), pictures);
}

}  // namespace
}  // namespace imageserver::bench

int main(int argc, char** argv) {
  constexpr int kArguments = 5;
  if (argc != kArguments) {
    std::cerr << "usage: miss_cost imageserver|libvips|turbo FILE TARGET PICTURES\n";
    return EXIT_FAILURE;
  }
  try {
    imageserver::log::set_level(spdlog::level::off);
    std::cout << imageserver::bench::run(argv[1], argv[2], argv[3], std::atoi(argv[4])) << '\n';
  } catch (const std::exception& error) {
    std::cerr << "miss_cost: " << error.what() << '\n';
    return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
}
