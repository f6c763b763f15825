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
  // As much as is worth one write. With more, a client that reads slowly would keep more bodies.
  static constexpr std::size_t kMostAnswers = 16;
  static constexpr std::size_t kEnoughBytes = 64U << 10U;

  static constexpr std::size_t kKept = 1U << 10U;

  using Buffers = std::span<const net::const_buffer>;

  Outbox() = default;
  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;

  // REQUIRES: not full, and nothing was dropped since it was empty.
  void add(const Response& response, Persistence persistence, bool with_body);

  [[nodiscard]] bool full() const {
    return answers_.size() == kMostAnswers || left_ >= kEnoughBytes;
  }
  [[nodiscard]] bool empty() const { return answers_.empty(); }

  // What is left to be written, in order. Valid until the next call of add(), buffers(), drop() or
  // clear().
  [[nodiscard]] Buffers buffers();

  // The first `bytes` of buffers() are written. Once all are, nothing is held any more.
  void drop(std::size_t bytes);

  void clear();

 private:
  struct Answer {
    std::size_t heads_end;  // up to here heads_ comes before the body
    Bytes body;
  };

  void append(std::string_view bytes, std::size_t& skip);

  std::string heads_;
  std::vector<Answer> answers_;
  std::size_t left_ = 0;     // bytes
  std::size_t dropped_ = 0;  // bytes
  std::vector<net::const_buffer> buffers_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_HTTP_OUTBOX_H_
