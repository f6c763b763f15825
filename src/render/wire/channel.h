// A stream socket on which messages come and go whole.

#ifndef IMAGESERVER_RENDER_WIRE_CHANNEL_H_
#define IMAGESERVER_RENDER_WIRE_CHANNEL_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/unique_fd.h"
#include "render/wire/messages.h"

namespace imageserver {

struct Message {
  MessageKind kind = MessageKind::kError;
  std::string body;
};

// Threads: one at a time sends, and one at a time receives.
class Channel {
 public:
  explicit Channel(UniqueFd socket) : socket_(std::move(socket)) {}

  [[nodiscard]] int get() const { return socket_.get(); }

  // Sends a message whose body is `head` and then `rest`. Blocks until the other side takes it.
  // False if that side is gone.
  [[nodiscard]] bool send(MessageKind kind, std::string_view head = {},
                          std::string_view rest = {}) const;

  // As send(), but false also if it does not fit into what the socket holds.
  [[nodiscard]] bool send_at_once(MessageKind kind, std::string_view body = {}) const;

  enum class Progress : std::uint8_t {
    kMore,   // nothing to read for now
    kWhole,  // there is a message: take()
    kGone    // the other side is, or has said what is no message
  };

  // Reads what there is of one message, without waiting. The body of a job or a picture is at most
  // `most` bytes, any other at most 64 KiB. Takes no
  // more memory than has been sent, and a little.
  [[nodiscard]] Progress receive(std::size_t most);

  // The message. REQUIRES: receive() gave kWhole, once for each.
  [[nodiscard]] Message take();

  // As receive(), but waits for a whole message; none if the other side is gone.
  [[nodiscard]] std::optional<Message> wait_for_message(std::size_t most);

 private:
  [[nodiscard]] Progress receive_head(std::size_t most);
  [[nodiscard]] bool send_all(std::string_view head, std::string_view body, std::string_view rest,
                              int flags) const;

  UniqueFd socket_;
  std::string head_;
  std::optional<MessageHead> decoded_;
  std::string body_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_RENDER_WIRE_CHANNEL_H_
