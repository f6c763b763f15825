// The fields of what goes to a renderer and comes back, each in one list for both directions
// (archive.h). Every field of a type is in its list: where a list takes the type apart, it does not
// compile if one is missing; a test walks over those of a spec.

#ifndef IMAGESERVER_RENDER_WIRE_FIELDS_H_
#define IMAGESERVER_RENDER_WIRE_FIELDS_H_

#include <concepts>
#include <type_traits>

#include "formats/image.h"
#include "formats/size.h"
#include "image/plan/admit.h"
#include "image/plan/context.h"
#include "image/plan/description.h"
#include "image/plan/header.h"
#include "image/plan/limits.h"
#include "imageserver/error.h"
#include "imageserver/untrusted_formats.h"
#include "params/transform_spec.h"
#include "render/wire/archive.h"
#include "render/wire/sandbox_report.h"

namespace imageserver {

template <>
struct LastOf<FileType> : std::integral_constant<FileType, FileType::kJxl> {};
template <>
struct LastOf<Format> : std::integral_constant<Format, Format::kBmp> {};
template <>
struct LastOf<Mode> : std::integral_constant<Mode, Mode::kCover> {};
template <>
struct LastOf<Resampling> : std::integral_constant<Resampling, Resampling::kLanczos> {};
template <>
struct LastOf<Interpolation> : std::integral_constant<Interpolation, Interpolation::kCubic> {};
template <>
struct LastOf<Gravity::Kind> : std::integral_constant<Gravity::Kind, Gravity::Kind::kEntropy> {};
template <>
struct LastOf<ErrorKind> : std::integral_constant<ErrorKind, ErrorKind::kInternal> {};

// T or const T.
template <class Given, class T>
concept Like = std::same_as<std::remove_const_t<Given>, T>;

template <class Archive>
void each(Archive& archive, auto&... fields) {
  (archive(fields), ...);
}

void each_field(auto& archive, Like<Colour> auto& colour) {
  each(archive, colour.red, colour.green, colour.blue, colour.alpha);
}

void each_field(auto& archive, Like<CropBox> auto& box) {
  each(archive, box.min_x, box.min_y, box.max_x, box.max_y);
}

void each_field(auto& archive, Like<Gravity> auto& gravity) {
  each(archive, gravity.kind, gravity.x, gravity.y);
}

void each_field(auto& archive, Like<Flip> auto& flip) {
  each(archive, flip.horizontal, flip.vertical);
}

void each_field(auto& archive, Like<Watermark> auto& mark) {
  each(archive, mark.name, mark.gravity, mark.opacity, mark.scale);
}

void each_field(auto& archive, Like<AutoFormat> auto& format) {
  each(archive, format.avif, format.webp, format.webp_first);
}

void each_field(auto& archive, Like<TransformSpec> auto& spec) {
  each(archive, spec.source, spec.page, spec.frames, spec.orient, spec.crop, spec.trim, spec.flip,
       spec.rotation, spec.interpolation, spec.width, spec.height, spec.dpr, spec.mode,
       spec.enlarge, spec.gravity, spec.resampling, spec.gamma_correction, spec.pixelate, spec.blur,
       spec.sharpen, spec.grayscale, spec.brightness, spec.contrast, spec.saturation, spec.tint,
       spec.watermark, spec.radius, spec.background, spec.format, spec.auto_format, spec.quality,
       spec.auto_quality, spec.max_bytes, spec.colors, spec.lossless, spec.progressive, spec.strip);
}

void each_field(auto& archive, Like<ImageLimits> auto& limits) {
  each(archive, limits.max_pixels, limits.max_frames);
}

void each_field(auto& archive, Like<UntrustedFormats> auto& formats) {
  each(archive, formats.svg, formats.pdf, formats.jxl);
}

void each_field(auto& archive, Like<TransformContext> auto& context) {
  auto& [limits, untrusted, avif_auto_max_pixels] = context;
  each(archive, limits, untrusted, avif_auto_max_pixels);
}

void each_field(auto& archive, Like<Demand> auto& demand) {
  auto& [work, memory] = demand;
  each(archive, work, memory);
}

void each_field(auto& archive, Like<Size> auto& size) { each(archive, size.width, size.height); }

void each_field(auto& archive, Like<RealSize> auto& size) {
  each(archive, size.width, size.height);
}

void each_field(auto& archive, Like<Header> auto& header) {
  auto& [type, stored, pages, orientation, alpha, is_srgb, is_dear, has_copyright, has_metadata,
         coded_pixels, natural] = header;
  each(archive, type, stored, pages, orientation, alpha, is_srgb, is_dear, has_copyright,
       has_metadata, coded_pixels, natural);
}

void each_field(auto& archive, Like<Description> auto& description) {
  auto& [header, bytes, profile, dominant, blurhash] = description;
  each(archive, header, bytes, profile, dominant, blurhash);
}

void each_field(auto& archive, Like<Frames> auto& frames) {
  each(archive, frames.read, frames.total);
}

void each_field(auto& archive, Like<SandboxReport> auto& report) {
  auto& [files, system_calls] = report;
  each(archive, files, system_calls);
}

void each_field(auto& archive, Like<Error> auto& error) {
  each(archive, error.kind, error.message);
}

}  // namespace imageserver

#endif  // IMAGESERVER_RENDER_WIRE_FIELDS_H_
