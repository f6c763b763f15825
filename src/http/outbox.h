// Answers on their way to one client, as one run of bytes: several go in one write.

#ifndef IMAGESERVER_HTTP_OUTBOX_H_
#define IMAGESERVER_HTTP_OUTBOX_H_

#include <boost/asio/buffer.hpp>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/asio.h"
#include "http/head_writer.h"
#include "http/response.h"

namespace imageserver {

// Heads and prefixes are copied one behind the other, bodies are shared. Memory while empty: room
// for as many heads as there were, up to kKept bytes, and for the lists of them: another kilobyte
// after a pipeline. Threads: one at a time.
class Outbox {
 public:
  // The most that one write takes. With more, a client that reads slowly would hold more bodies.
  static constexpr std::size_t kMostMessages = 16;
  static constexpr std::size_t kEnoughBytes = 64U << 10U;

  static constexpr std::size_t kKept = 1U << 10U;

  using Buffers = std::span<const net::const_buffer>;

  Outbox() = default;
  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;

  // REQUIRES: not full, and nothing was dropped since it was empty.
  void add(const Response& response, Persistence persistence, bool with_body);

  // Bytes as they are: an interim answer, or what is left of one. REQUIRES: as add().
  void add_bytes(std::string_view bytes);

  [[nodiscard]] bool full() const {
    return messages_.size() == kMostMessages || left_ >= kEnoughBytes;
  }
  [[nodiscard]] bool empty() const { return messages_.empty(); }

  // The bytes that are left to write, in order. Valid until the next call of add(), buffers(),
  // drop() or clear().
  [[nodiscard]] Buffers buffers();

  // The first `bytes` of buffers() were written. Once all are written, no body is held.
  void drop(std::size_t bytes);

  void clear();

  // The bodies that it holds, whole; not the heads and prefixes.
  [[nodiscard]] std::vector<std::string_view> bodies() const;

 private:
  struct Message {
    std::size_t heads_end;  // end of its head in heads_, where its body comes
    Bytes body;
  };

  void append(std::string_view bytes, std::size_t& skip);

  std::string heads_;
  std::vector<Message> messages_;
  std::size_t left_ = 0;     // bytes
  std::size_t dropped_ = 0;  // bytes
  std::vector<net::const_buffer> buffers_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_HTTP_OUTBOX_H_
