#include "server/peer_answer.h"

#include <algorithm>
#include <string>
#include <utility>

#include "groupcache/protobuf.h"
#include "groupcache/value.h"
#include "server/frames_field.h"

namespace imageserver {
namespace {

Peers::Answer failure(Error error) { return {std::move(error), false}; }

Peers::Answer bad_answer() { return failure({ErrorKind::kPeer, "a peer's answer is damaged"}); }

// The first line of the peer's text if it can be shown to a client as it is, else `instead`.
std::string error_line(const Bytes& body, std::string_view instead) {
  constexpr std::size_t kLongest = 200;
  const std::string_view line = body.view().substr(0, body.view().find('\n'));
  const bool plain = std::ranges::all_of(line, [](char c) { return c >= ' ' && c <= '~'; });
  return std::string(plain && !line.empty() && line.size() <= kLongest ? line : instead);
}

Peers::Answer final_error(ErrorKind kind, const Bytes& body, std::string_view instead) {
  return {Error{kind, error_line(body, instead)}, true};
}

Peers::Answer picture(const ClientResponse& response) {
  const Result<std::string_view> value = decode_get_response(response.body.view());
  if (value.has_error()) return bad_answer();
  const Result<ValueView> parts = decode_value(*value);
  if (parts.has_error()) return bad_answer();
  const std::string_view frames_text = response.header(kFramesField);
  const auto frames = frames_text.empty() ? Frames{} : parse_frames(frames_text);
  if (!frames) return bad_answer();
  const auto offset = static_cast<std::size_t>(parts->data.data() - response.body.data());
  return {make_image(parts->format, response.body.slice(offset, parts->data.size()), *frames),
          false};
}

}  // namespace

Peers::Answer peer_answer(const Result<ClientResponse>& response) {
  if (response.has_error()) return failure(response.error());
  switch (response->status) {
    case 200:
      return picture(*response);
    case 404:
      return final_error(ErrorKind::kNotFound, response->body, "no such picture");
    case 422:
      return final_error(ErrorKind::kUnprocessable, response->body, "the picture cannot be read");
    case 504:
      return final_error(ErrorKind::kDeadlineExceeded, response->body, "out of time");
    case 503:
      return failure({ErrorKind::kBusy, "the owner is busy"});
    default:
      return failure(
          {ErrorKind::kPeer, "a peer answered with status " + std::to_string(response->status)});
  }
}

}  // namespace imageserver
