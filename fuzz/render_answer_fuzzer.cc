// What a renderer says may be anything: it has read a stranger's file.

#include <cstdint>
#include <string>

#include "check.h"
#include "render/wire/answer.h"

namespace imageserver::fuzz {
namespace {

const Bytes& source() {
  static const Bytes bytes = Bytes::copy("GIF89a original");
  return bytes;
}

void check_sense(const Image& image) {
  const auto type = sniff(image.data.view());
  check(type && format_of(*type) == image.format, "a picture begins like its format");
  check(image.frames.read <= image.frames.total, "no more frames are read than there are");
}

void check_sense(const Error& error) {
  check(error.message.find('\n') == std::string::npos, "an error is one line");
  check(error.kind != ErrorKind::kForbidden, "a renderer forbids nothing");
}

void check_report(std::string_view body) {
  if (const auto report = decoded_value<SandboxReport>(body))
    check(encoded_value(*report) == body, "a report has one spelling");
}

void run(std::string_view bytes) {
  if (bytes.empty()) return;
  const auto kind = decoded_value<MessageKind>(bytes.substr(0, 1));
  if (!kind) return;
  if (*kind == MessageKind::kReady) return check_report(bytes.substr(1));
  const Message message{*kind, std::string(bytes.substr(1))};
  if (const auto picture = picture_in(message, source(), {}))
    picture->has_value() ? check_sense(***picture) : check_sense(picture->error());
  if (const auto described = description_in(message, source()); described && described->has_value())
    check((*described)->bytes == source().size(), "a description is of the original");
}

}  // namespace
}  // namespace imageserver::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  imageserver::fuzz::run(imageserver::fuzz::as_text(data, size));
  return 0;
}
