#include "render/wire/channel.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace imageserver {
namespace {

// So much memory is taken at a time for a body whose size is only announced.
constexpr std::size_t kStep = 1U << 20U;

// Of all messages but a job and a picture.
constexpr std::size_t kLargestOther = 64U << 10U;

bool may_be_large(MessageKind kind) {
  return kind == MessageKind::kJob || kind == MessageKind::kPicture;
}

iovec part(std::string_view bytes) {
  return {const_cast<char*>(bytes.data()), bytes.size()};  // NOLINT: sendmsg() only reads it
}

// Reads at most `size` bytes behind those of `bytes`. Below 0, with errno set, if that fails.
ssize_t append_from(int socket, std::string& bytes, std::size_t size) {
  const std::size_t before = bytes.size();
  bytes.resize(before + size);
  const ssize_t n = recv(socket, bytes.data() + before, size, MSG_DONTWAIT);
  bytes.resize(before + static_cast<std::size_t>(std::max<ssize_t>(n, 0)));
  return n;
}

Channel::Progress after(ssize_t n) {
  const bool wait = n < 0 && (errno == EAGAIN || errno == EINTR);
  return wait ? Channel::Progress::kMore : Channel::Progress::kGone;
}

}  // namespace

bool Channel::send(MessageKind kind, std::string_view head, std::string_view rest) const {
  const MessageHead announced{kind, static_cast<std::uint32_t>(head.size() + rest.size())};
  return send_all(encoded_value(announced), head, rest, MSG_NOSIGNAL);
}

bool Channel::send_at_once(MessageKind kind, std::string_view body) const {
  const MessageHead announced{kind, static_cast<std::uint32_t>(body.size())};
  return send_all(encoded_value(announced), body, {}, MSG_NOSIGNAL | MSG_DONTWAIT);
}

bool Channel::send_all(std::string_view head, std::string_view body, std::string_view rest,
                       int flags) const {
  std::array parts = {part(head), part(body), part(rest)};
  std::size_t at = 0;
  while (at < parts.size()) {
    msghdr message{};
    message.msg_iov = &parts.at(at);
    message.msg_iovlen = parts.size() - at;
    const ssize_t n = sendmsg(socket_.get(), &message, flags);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    auto sent = static_cast<std::size_t>(n);
    while (at < parts.size() && sent >= parts.at(at).iov_len) sent -= parts.at(at++).iov_len;
    if (at == parts.size()) break;
    parts.at(at).iov_base = static_cast<char*>(parts.at(at).iov_base) + sent;
    parts.at(at).iov_len -= sent;
  }
  return true;
}

Channel::Progress Channel::receive_head(std::size_t most) {
  const ssize_t n = append_from(socket_.get(), head_, kMessageHeadBytes - head_.size());
  if (n <= 0) return after(n);
  if (head_.size() < kMessageHeadBytes) return Progress::kMore;
  decoded_ = decoded_value<MessageHead>(head_);
  if (!decoded_) return Progress::kGone;
  if (decoded_->size > (may_be_large(decoded_->kind) ? most : std::min(most, kLargestOther)))
    return Progress::kGone;
  head_.clear();
  body_.clear();
  body_.reserve(std::min<std::size_t>(decoded_->size, kStep));
  return Progress::kMore;
}

Channel::Progress Channel::receive(std::size_t most) {
  while (!decoded_) {
    const Progress progress = receive_head(most);
    if (progress == Progress::kGone || (progress == Progress::kMore && !decoded_)) return progress;
  }
  while (body_.size() < decoded_->size) {
    const std::size_t missing = decoded_->size - body_.size();
    if (body_.size() >= kStep) body_.reserve(decoded_->size);
    const ssize_t n = append_from(socket_.get(), body_, std::min(missing, kStep));
    if (n <= 0) return after(n);
  }
  if (body_.capacity() - body_.size() > kStep / 8) body_.shrink_to_fit();  // it may be kept
  return Progress::kWhole;
}

Message Channel::take() {
  Message message{decoded_->kind, std::move(body_)};
  body_ = {};
  decoded_.reset();
  return message;
}

std::optional<Message> Channel::wait_for_message(std::size_t most) {
  while (true) {
    const Progress progress = receive(most);
    if (progress == Progress::kWhole) return take();
    if (progress == Progress::kGone) return std::nullopt;
    pollfd readable{socket_.get(), POLLIN, 0};
    if (poll(&readable, 1, -1) < 0 && errno != EINTR) return std::nullopt;
  }
}

}  // namespace imageserver
