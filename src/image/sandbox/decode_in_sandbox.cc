#include "image/sandbox/decode_in_sandbox.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

#include "base/cancelled.h"
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

// As much as usual files take, many times over.
constexpr int kSecondsAtFirst = 1;

// The work of kMostSeconds (image/work.h).
constexpr std::int64_t kMostWork = 800'000'000;

// The longest that a side can be at `scale`, if it is `side` pixels long at scale 1.
std::int64_t longest(int side, double scale) {
  return static_cast<std::int64_t>(std::ceil((side + 0.5) * scale)) + 1;
}

// A file, the program that reads it, and whether anybody waits for that.
struct Asking {
  const std::string& program;
  std::string_view source;
  const std::stop_token& stop;
};

struct Slow {};  // the processor time was over before there was an answer

// What `read` makes of the answer of a process.
template <class T, class Read>
std::variant<Result<T>, Slow> answer_to(const DrawQuestion& question, const Asking& asking,
                                        const Read& read) {
  auto process = SandboxProcess::start(asking.program, to_arguments(question), asking.source);
  if (process.has_error()) return Result<T>(process.error());
  Result<T> answer = read(*process);
  const bool failed = answer.has_error() && answer.error().kind == ErrorKind::kUnprocessable;
  // The limit and the time that is told are not counted by the same clock.
  constexpr double kNearly = 0.75;
  if (failed && process->end() >= kNearly * std::chrono::seconds(question.cpu_seconds))
    return Slow{};
  return answer;
}

// The same, with all the time there is if the usual one does not do.
template <class T, class Read>
Result<T> patient_answer_to(DrawQuestion question, const Asking& asking, const Admit& admit,
                            const Read& read) {
  question.cpu_seconds = kSecondsAtFirst;
  auto first = answer_to<T>(question, asking, read);
  if (auto* const answer = std::get_if<Result<T>>(&first)) return *std::move(answer);
  if (!may_begin(admit, kMostWork)) return cancelled();
  question.cpu_seconds = kMostSeconds;
  auto second = answer_to<T>(question, asking, read);
  if (auto* const answer = std::get_if<Result<T>>(&second)) return *std::move(answer);
  return damaged();
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
                                      FileType type, int page, const std::stop_token& stop,
                                      const Admit& admit) {
  const DrawQuestion question{.type = type, .page = page, .cpu_seconds = 0, .drawing = {}};
  const auto header = patient_answer_to<DrawnHeader>(
      question, {program, source.view(), stop}, admit,
      [&](const SandboxProcess& process) { return ask<DrawnHeader>(process, stop); });
  if (header.has_error()) return header.error();
  return Header{.type = type,
                .stored = rounded(header->size),
                .pages = header->pages,
                .orientation = header->orientation,
                .alpha = header->alpha,
                .natural = is_vector(type) ? std::optional(header->size) : std::nullopt};
}

Result<vips::VImage> decode_in_sandbox(const std::string& program, const Bytes& source,
                                       const Header& header, int page, double scale,
                                       const std::stop_token& stop, const Admit& admit) {
  // The header has rounded sides. A side of 1.49 is 1 there, and may be half as long again as that
  // once it is drawn large: such a drawing must still be bounded.
  const std::int64_t most =
      std::max(ImageLimits().max_pixels, area(header.stored)) + kMaxOutputSide;
  const Drawing drawing{scale, std::min(most, longest(header.stored.width, scale) *
                                                  longest(header.stored.height, scale))};
  const DrawQuestion question{
      .type = header.type, .page = page, .cpu_seconds = 0, .drawing = drawing};
  Result<Raster> raster = patient_answer_to<Raster>(
      question, {program, source.view(), stop}, admit, [&](const SandboxProcess& process) {
        return read_raster(process, drawing.max_pixels, stop);
      });
  if (raster.has_error()) return raster.error();
  return from_raster(*std::move(raster));
}

}  // namespace imageserver
