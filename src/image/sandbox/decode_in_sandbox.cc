#include "image/sandbox/decode_in_sandbox.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <optional>
#include <utility>
#include <variant>

#include "image/plan/limits.h"
#include "image/sandbox/process.h"
#include "image/sandbox/protocol.h"
#include "image/vips/guard.h"
#include "image/vips/raster_io.h"

namespace imageserver {
namespace {

// The limit of processor time. No picture that is worth waiting for takes as long. It is shorter
// than the usual deadline of a request, so that the client is told that the file takes too long.
constexpr int kMostSeconds = 4;

// The longest that a side can be at `scale`, if it is `side` pixels long at scale 1.
std::int64_t longest(int side, double scale) {
  return static_cast<std::int64_t>(std::ceil((side + 0.5) * scale)) + 1;
}

// Reads the part of an answer that has a fixed length. damaged() unless it holds an `Expected`.
template <class Expected>
Result<Expected> ask(const SandboxProcess& process, const std::stop_token& stop) {
  std::array<char, kDrawAnswerBytes> bytes{};
  if (const auto read = process.read(bytes, stop); read.has_error()) return read.error();
  const std::optional<DrawAnswer> answer = decode_answer({bytes.data(), bytes.size()});
  if (!answer || !std::holds_alternative<Expected>(*answer)) return damaged();
  return std::get<Expected>(*answer);
}

Result<Raster> read_raster(const SandboxProcess& process, std::int64_t max_pixels,
                           const std::stop_token& stop) {
  const auto pixels = ask<DrawnPixels>(process, stop);
  if (pixels.has_error()) return pixels.error();
  if (area(pixels->size) > max_pixels) return damaged();
  Raster raster{pixels->size, pixels->bands, {}};
  raster.pixels.resize(static_cast<std::size_t>(area(raster.size) * raster.bands));
  const std::span<char> buffer(reinterpret_cast<char*>(raster.pixels.data()), raster.pixels.size());
  if (const auto read = process.read(buffer, stop); read.has_error()) return read.error();
  return raster;
}

}  // namespace

Result<Header> read_header_in_sandbox(const std::string& program, const Bytes& source,
                                      FileType type, int page, const std::stop_token& stop) {
  const DrawQuestion question{
      .type = type, .page = page, .cpu_seconds = kMostSeconds, .drawing = {}};
  const auto process = SandboxProcess::start(program, to_arguments(question), source.view());
  if (process.has_error()) return process.error();
  const auto header = ask<DrawnHeader>(*process, stop);
  if (header.has_error()) return header.error();
  return Header{type, header->size, header->pages, header->orientation, header->alpha};
}

Result<vips::VImage> decode_in_sandbox(const std::string& program, const Bytes& source,
                                       const Header& header, int page, double scale,
                                       const std::stop_token& stop) {
  // The header has rounded sides. A side of 1.49 is 1 there, and may be half as long again as that
  // once it is drawn large: such a drawing must still be bounded.
  const std::int64_t most =
      std::max(ImageLimits().max_pixels, area(header.stored)) + kMaxOutputSide;
  const Drawing drawing{scale, std::min(most, longest(header.stored.width, scale) *
                                                  longest(header.stored.height, scale))};
  const DrawQuestion question{
      .type = header.type, .page = page, .cpu_seconds = kMostSeconds, .drawing = drawing};
  const auto process = SandboxProcess::start(program, to_arguments(question), source.view());
  if (process.has_error()) return process.error();
  Result<Raster> raster = read_raster(*process, drawing.max_pixels, stop);
  if (raster.has_error()) return raster.error();
  return from_raster(*std::move(raster));
}

}  // namespace imageserver
