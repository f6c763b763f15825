// What a server and a renderer say to each other over a stream socket. A message is a head, its
// kind and the size of what follows, and that. Both sides decode strictly: a renderer has read a
// stranger's file, and what it says may be the stranger's.
//
//   server              renderer
//                  <-   kReady    what of its sandbox holds: the first message, and once
//   kJob           ->             the spec and the context; the files stand in shared memory
//                  <-   kAsk      may work begin that takes so much?
//   kPermit        ->             yes or no; after a no the renderer answers kError, kCancelled
//   kLeave         ->             nobody waits any more: the same
//                  <-   kLog      a line, any number of them
//                  <-   kNoMemory the job takes more memory than there is: the renderer ends
//                  <-   kPicture, kOriginal, kDescription or kError: the end of the job

#ifndef IMAGESERVER_RENDER_WIRE_MESSAGES_H_
#define IMAGESERVER_RENDER_WIRE_MESSAGES_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "formats/image.h"
#include "image/plan/context.h"
#include "params/transform_spec.h"
#include "render/wire/archive.h"
#include "render/wire/fields.h"

namespace imageserver {

enum class MessageKind : std::uint8_t {
  kJob,
  kPermit,
  kLeave,
  kAsk,
  kLog,
  kNoMemory,
  kPicture,
  kOriginal,
  kDescription,
  kError,
  kReady
};

template <>
struct LastOf<MessageKind> : std::integral_constant<MessageKind, MessageKind::kReady> {};

struct MessageHead {
  MessageKind kind = MessageKind::kJob;
  std::uint32_t size = 0;  // bytes that follow

  friend bool operator==(const MessageHead&, const MessageHead&) = default;
};

void each_field(auto& archive, Like<MessageHead> auto& head) {
  each(archive, head.kind, head.size);
}

inline constexpr std::size_t kMessageHeadBytes = 5;

// What is to be made of the files: the original, with the watermark right behind it.
struct RenderJob {
  enum class Of : std::uint8_t { kPicture, kDescription };

  Of of = Of::kPicture;
  std::uint32_t source_bytes = 0;
  std::uint32_t watermark_bytes = 0;
  Demand unasked = {};  // what takes no more than either may begin without a question
  TransformContext context = {};
  TransformSpec spec = {};  // of a picture

  friend bool operator==(const RenderJob&, const RenderJob&) = default;
};

template <>
struct LastOf<RenderJob::Of> : std::integral_constant<RenderJob::Of, RenderJob::Of::kDescription> {
};

void each_field(auto& archive, Like<RenderJob> auto& job) {
  each(archive, job.of, job.source_bytes, job.watermark_bytes, job.unasked, job.context, job.spec);
}

// The head of a picture; its data are the rest of the message. For kOriginal there are none: the
// picture is the original itself.
struct PictureHead {
  Format format = Format::kJpeg;
  Frames frames;

  friend bool operator==(const PictureHead&, const PictureHead&) = default;
};

void each_field(auto& archive, Like<PictureHead> auto& head) {
  each(archive, head.format, head.frames);
}

inline constexpr std::size_t kPictureHeadBytes = 9;

// A line for the log. Its text is not to be trusted.
struct RenderLogLine {
  bool grave = false;  // a warning, or worse
  std::string text;

  friend bool operator==(const RenderLogLine&, const RenderLogLine&) = default;
};

void each_field(auto& archive, Like<RenderLogLine> auto& line) {
  each(archive, line.grave, line.text);
}

}  // namespace imageserver

#endif  // IMAGESERVER_RENDER_WIRE_MESSAGES_H_
