// Bytes from a client in, requests out. Touches no socket, so that tests and fuzzers can feed it.
// Threads: one at a time for each reader.

#ifndef IMAGESERVER_HTTP_REQUEST_READER_H_
#define IMAGESERVER_HTTP_REQUEST_READER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "http/head_parser.h"
#include "http/request.h"
#include "http/server_limits.h"

namespace imageserver {

// Reads the heads of one connection, one after the other, from one buffer that grows up to
// limits.head_bytes and is reused. Memory: that buffer, and the list of fields of the current head.
//
// Use: next() until it says kNeedMore, then space() and commit() as bytes arrive; consume() when
// the request that was found is answered.
class RequestReader {
 public:
  enum class State : std::uint8_t { kNeedMore, kRequest, kError };

  explicit RequestReader(const HeadLimits& limits);
  RequestReader(const RequestReader&) = delete;
  RequestReader& operator=(const RequestReader&) = delete;

  // Where the next bytes go; never empty.
  // REQUIRES: the last next() returned kNeedMore, or there was none since construction or
  // consume().
  [[nodiscard]] std::span<char> space();

  // `size` bytes were put into space().
  void commit(std::size_t size) { end_ += size; }

  // Looks at what is buffered. kRequest: request() holds the next request. kError: error() says
  // what is wrong, and nothing more can be read. REQUIRES: not called after kRequest before
  // consume(), nor after kError.
  [[nodiscard]] State next();

  // Valid until consume().
  [[nodiscard]] const Request& request() const { return request_; }
  [[nodiscard]] const HeadError& error() const { return error_; }

  // Whether the last head, refused or not, asks for an answer without a body.
  [[nodiscard]] bool is_head() const;

  // Whether the client of request() lets the connection be kept, and whether it speaks HTTP/1.0, so
  // that an answer must say that the connection is kept.
  // REQUIRES: next() returned kRequest.
  [[nodiscard]] bool keep_alive() const { return parser_->keep_alive(); }
  [[nodiscard]] bool http_1_0() const { return parser_->http_1_0(); }

  // Drops the head of request(), with all its views.
  void consume();

  // Whether no byte of a next head is buffered.
  [[nodiscard]] bool empty() const { return begin_ == end_; }

 private:
  [[nodiscard]] std::string_view buffered() const;
  void restart();
  bool skip_empty_lines();
  State need_more();
  State accept();
  State refuse(HeadError error);

  const HeadLimits limits_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;        // of the current head
  std::size_t parsed_ = 0;       // end of the bytes that the parser has taken
  std::size_t end_ = 0;          // of the bytes that were received
  std::size_t empty_lines_ = 0;  // skipped before the current head
  std::vector<Field> fields_;
  std::optional<HeadParser> parser_;
  std::string rebuilt_target_;
  Request request_;
  HeadError error_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_HTTP_REQUEST_READER_H_
