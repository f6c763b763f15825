// One request head through Beast's parser, kept as views of the buffer it is parsed from. Threads:
// one at a time for each parser.

#ifndef IMAGESERVER_HTTP_HEAD_PARSER_H_
#define IMAGESERVER_HTTP_HEAD_PARSER_H_

#include <boost/beast/http/basic_parser.hpp>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/asio.h"
#include "http/request.h"
#include "http/server_limits.h"

namespace imageserver {

// Why a request was refused by its head: the answer that its client gets before the connection is
// closed.
struct HeadError {
  unsigned status = 400;
  std::string line;
};

// Beast's own request_parser copies every field into a node on the heap; this parser stores views.
// REQUIRES: the bytes given to put() stay where they are as long as the views are used.
class HeadParser final : public boost::beast::http::basic_parser<true> {
 public:
  // Found fields are appended to `fields`. REQUIRES: `fields` outlives the parser.
  HeadParser(const HeadLimits& limits, std::vector<Field>& fields);

  // As sent, absolute form included; empty until the request line is complete.
  [[nodiscard]] std::string_view target() const { return target_; }
  [[nodiscard]] Method method() const { return method_; }
  [[nodiscard]] bool http_1_0() const { return version_ == 10; }

  // Why put() failed. REQUIRES: put() gave an error other than need_more.
  [[nodiscard]] HeadError why(error_code error) const;

  // What is wrong with the complete head; status 0 if nothing is.
  // REQUIRES: is_header_done().
  [[nodiscard]] HeadError judge() const;

  // Whether a body comes behind the head. REQUIRES: is_header_done().
  [[nodiscard]] bool has_body() const;

  // What is wrong with the body, where one of at most `most` bytes is read; status 0 if nothing is:
  // then content_length(), or 0, is its size. REQUIRES: is_header_done(); judge() found nothing.
  [[nodiscard]] HeadError judge_body(std::size_t most) const;

  // Whether the client waits for `100 Continue` before it sends the body (RFC 9110, 10.1.1).
  [[nodiscard]] bool expects_continue() const { return expects_continue_ && !http_1_0(); }

 private:
  using View = boost::beast::string_view;
  using Length = boost::optional<std::uint64_t>;

  void on_request_impl(boost::beast::http::verb verb, View method, View target, int version,
                       error_code& error) override;
  void on_response_impl(int, View, int, error_code&) override {}
  void on_field_impl(boost::beast::http::field name, View name_text, View value,
                     error_code& error) override;
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const Length&, error_code&) override {}
  std::size_t on_body_impl(View, error_code&) override { return 0; }
  void on_chunk_header_impl(std::uint64_t, View, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, View, error_code&) override { return 0; }
  void on_finish_impl(error_code&) override {}

  void note_field(boost::beast::http::field name, std::string_view value, error_code& error);
  void note_length(std::string_view value, error_code& error);

  const HeadLimits& limits_;
  std::vector<Field>& fields_;
  Method method_ = Method::kOther;
  std::string_view target_;
  int version_ = 11;
  std::string_view host_;
  int hosts_ = 0;
  int lengths_ = 0;
  int codings_ = 0;
  bool chunked_ = false;  // the last coding
  bool expects_continue_ = false;
  bool target_too_long_ = false;
};

// 414 and 431, with the limit in words.
[[nodiscard]] HeadError target_too_long(const HeadLimits& limits);
[[nodiscard]] HeadError head_too_long(const HeadLimits& limits);

// 413 to a request that must have no body.
[[nodiscard]] HeadError body_not_empty();

}  // namespace imageserver

#endif  // IMAGESERVER_HTTP_HEAD_PARSER_H_
