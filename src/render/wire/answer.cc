#include "render/wire/answer.h"

#include <cstddef>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "formats/format.h"

namespace imageserver {
namespace {

constexpr std::size_t kLongestMessage = 500;

bool may_say(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kInvalidParam:
    case ErrorKind::kUnprocessable:
    case ErrorKind::kOutOfMemory:
    case ErrorKind::kCancelled:
    case ErrorKind::kInternal:
      return true;
    default:
      return false;
  }
}

std::optional<Error> error_in(const Message& message) {
  auto error = decoded_value<Error>(message.body);
  if (!error || !may_say(error->kind) || error->message.size() > kLongestMessage)
    return std::nullopt;
  for (const char c : error->message)
    if (!is_printable_ascii(c)) return std::nullopt;
  return error;
}

bool is_in(Format format, std::string_view data) {
  const auto type = sniff(data);
  return type && format_of(*type) == format;
}

std::optional<Result<ImagePtr>> picture_of(std::string_view head_bytes, const Bytes& data,
                                           const TransformSpec& spec) {
  const auto head = decoded_value<PictureHead>(head_bytes);
  if (head && spec.format && *spec.format != head->format) return std::nullopt;
  if (!head || head->frames.read > head->frames.total || !is_in(head->format, data.view()))
    return std::nullopt;
  return Result<ImagePtr>(make_image(head->format, data, head->frames));
}

bool makes_sense(const Description& description, const Bytes& source) {
  const Header& header = description.header;
  return description.bytes == source.size() && sniff(source.view()) == header.type &&
         header.stored.width > 0 && header.stored.height > 0 && header.pages > 0 &&
         header.orientation >= 1 && header.orientation <= 8;
}

}  // namespace

std::optional<Result<ImagePtr>> picture_in(Message message, const Bytes& source,
                                           const TransformSpec& spec) {
  if (message.kind == MessageKind::kError) {
    if (auto error = error_in(message)) return Result<ImagePtr>(*std::move(error));
    return std::nullopt;
  }
  const Bytes body = Bytes::own(std::move(message.body));
  if (message.kind == MessageKind::kOriginal) return picture_of(body.view(), source, spec);
  if (message.kind != MessageKind::kPicture || body.size() < kPictureHeadBytes) return std::nullopt;
  const Bytes data = body.slice(kPictureHeadBytes, body.size() - kPictureHeadBytes);
  return picture_of(body.view().substr(0, kPictureHeadBytes), data, spec);
}

std::optional<Result<Description>> description_in(const Message& message, const Bytes& source) {
  if (message.kind == MessageKind::kError) {
    if (auto error = error_in(message)) return Result<Description>(*std::move(error));
    return std::nullopt;
  }
  if (message.kind != MessageKind::kDescription) return std::nullopt;
  auto description = decoded_value<Description>(message.body);
  if (!description || !makes_sense(*description, source)) return std::nullopt;
  return Result<Description>(*std::move(description));
}

}  // namespace imageserver
