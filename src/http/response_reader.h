// Bytes from a server in, one answer out. Touches no socket. Threads: one at a time for each
// reader.

#ifndef IMAGESERVER_HTTP_RESPONSE_READER_H_
#define IMAGESERVER_HTTP_RESPONSE_READER_H_

#include <boost/beast/http/basic_parser.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/asio.h"
#include "http/byte_budget.h"
#include "http/client_response.h"
#include "imageserver/error.h"

namespace imageserver {

// One answer to a GET. Memory grows as bytes arrive, whatever length the answer claims to have.
class ResponseReader final : public boost::beast::http::basic_parser<false> {
 public:
  enum class State : std::uint8_t {
    kNeedMore,
    kInterim,  // an interim answer has ended (RFC 9110 15.2): another reader takes rest()
    kDone,
    kError
  };

  // Whether interim answers may come before the answer. One that may not is an error, as is 101.
  enum class Interim : std::uint8_t { kRefused, kTaken };

  // Bytes arrive in `buffer`. The memory of the body is taken from `budget`, if there is one, while
  // it arrives. REQUIRES: the buffer outlives the reader and is larger than head_bytes.
  ResponseReader(std::span<char> buffer, std::size_t head_bytes, std::size_t max_body,
                 std::shared_ptr<ByteBudget> budget = {}, Interim interim = Interim::kRefused);

  // Where the next bytes go; never empty. REQUIRES: the last State, if any, was kNeedMore.
  [[nodiscard]] std::span<char> space() const { return buffer_.subspan(end_); }

  // `size` bytes were put into space().
  [[nodiscard]] State commit(std::size_t size);

  // So many bytes of the buffer, from its beginning, stand behind the answer. They are the first
  // ones that the next reader of this buffer commits.
  [[nodiscard]] std::size_t rest() const { return end_; }

  // No more bytes will come.
  [[nodiscard]] State end();

  // Whether a byte of the answer has come.
  [[nodiscard]] bool started() const { return started_; }

  // Whether the connection may be used again. REQUIRES: kDone.
  [[nodiscard]] bool reusable() const { return keep_alive() && end_ == 0; }

  // What is wrong, in one line. REQUIRES: kError.
  [[nodiscard]] std::string_view error() const { return error_; }

  // kCutOff or kPeer, as Client::send tells them apart. REQUIRES: kError.
  [[nodiscard]] ErrorKind error_kind() const { return error_kind_; }

  // The answer. REQUIRES: kDone; called once.
  [[nodiscard]] ClientResponse take();

 private:
  using View = boost::beast::string_view;
  using Length = boost::optional<std::uint64_t>;

  void on_request_impl(boost::beast::http::verb, View, View, int, error_code&) override {}
  void on_response_impl(int status, View reason, int version, error_code& error) override;
  void on_field_impl(boost::beast::http::field name, View name_text, View value,
                     error_code& error) override;
  void on_header_impl(error_code& error) override;
  void on_body_init_impl(const Length& length, error_code& error) override;
  std::size_t on_body_impl(View bytes, error_code& error) override;
  void on_chunk_header_impl(std::uint64_t, View, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t remain, View bytes, error_code& error) override;
  void on_finish_impl(error_code&) override {}

  [[nodiscard]] bool is_too_short(std::size_t size) const;
  State fail(error_code error);
  [[nodiscard]] bool make_room(std::size_t size);

  const std::span<char> buffer_;
  const Interim interim_;
  std::size_t end_ = 0;  // of the bytes in the buffer that the parser has not taken yet
  bool started_ = false;
  bool transfer_encoding_ = false;
  std::uint64_t claimed_ = 0;  // length of the body, if it was given
  ClientResponse response_;
  std::string body_;
  BytesTaken taken_;
  std::string_view error_;
  ErrorKind error_kind_ = ErrorKind::kPeer;
};

}  // namespace imageserver

#endif  // IMAGESERVER_HTTP_RESPONSE_READER_H_
