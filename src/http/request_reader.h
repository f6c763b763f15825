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

#include "http/body_buffer.h"
#include "http/head_parser.h"
#include "http/request.h"
#include "http/server_limits.h"

namespace imageserver {

// Reads the requests of one connection, one after the other: heads from one buffer that grows up to
// limits.head_bytes and is reused, and bodies, where they are asked for, from another. Memory:
// these buffers, and the list of fields of the current head.
//
// Use: next() until it says kNeedMore, then space() and commit() as bytes arrive; take() what is
// found by its head; consume() when a request is answered.
class RequestReader {
 public:
  enum class State : std::uint8_t { kNeedMore, kHead, kRequest, kError };

  explicit RequestReader(const HeadLimits& limits);
  RequestReader(const RequestReader&) = delete;
  RequestReader& operator=(const RequestReader&) = delete;

  // Where the next bytes go; never empty.
  // REQUIRES: the last next() returned kNeedMore, or there was none since construction or
  // consume(). While a body is read, no more than its rest fits in.
  [[nodiscard]] std::span<char> space();

  // `size` bytes were put into space().
  void commit(std::size_t size);

  // Looks at what is buffered. kRequest: request() holds the next request. kHead: it holds the head
  // of one that has a body, or is neither GET nor HEAD. kError: error() says what is wrong, and
  // nothing more can be read. REQUIRES: not called after kHead before take(), after kRequest before
  // consume(), nor after kError.
  [[nodiscard]] State next();

  // Reads the body of the request, which may have at most `most` bytes; then next() says kRequest.
  // REQUIRES: next() returned kHead.
  void take(std::size_t most);

  // Whether the client waits for `100 Continue` with the body, of which nothing has come. False
  // where its head is refused. REQUIRES: take() was called, and neither next() nor commit() since.
  [[nodiscard]] bool waits_for_continue() const;

  // Valid until consume(). A view of the head stays valid while the body comes.
  [[nodiscard]] const Request& request() const { return request_; }
  [[nodiscard]] const HeadError& error() const { return error_; }

  // Whether the last head, refused or not, asks for an answer without a body.
  [[nodiscard]] bool is_head() const;

  // Whether a body comes, or came, behind the head of request(). If it is not read, nothing else
  // can be read either. REQUIRES: next() returned kHead or kRequest.
  [[nodiscard]] bool has_body() const { return parser_->has_body(); }

  // Whether a part of a body is what the next bytes are.
  [[nodiscard]] bool is_in_body() const { return is_taken_ && !body_.is_whole(); }

  // Whether the client of request() lets the connection be kept, and whether it speaks HTTP/1.0, so
  // that an answer must say that the connection is kept.
  // REQUIRES: next() returned kHead or kRequest.
  [[nodiscard]] bool keep_alive() const { return parser_->keep_alive(); }
  [[nodiscard]] bool http_1_0() const { return parser_->http_1_0(); }

  // Drops the head and the body of request(), with all their views. REQUIRES: next() returned
  // kRequest, or kHead of a request without a body; or nothing is read any more.
  void consume();

  // Whether no byte of a next request has come.
  [[nodiscard]] bool empty() const { return begin_ == end_; }

 private:
  [[nodiscard]] std::string_view buffered() const;
  void restart();
  bool skip_empty_lines();
  State need_more();
  State accept();
  State next_of_body();
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
  BodyBuffer body_;
  bool is_taken_ = false;  // the body is read
  Request request_;
  HeadError error_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_HTTP_REQUEST_READER_H_
