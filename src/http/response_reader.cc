#include "http/response_reader.h"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <utility>

namespace imageserver {
namespace {

namespace http = boost::beast::http;

// The most memory that is reserved for a length in a head before bytes come: it is only a claim.
constexpr std::uint64_t kFirstReserve = 1U << 20U;

constexpr int kContinue = 100;  // the lowest status
constexpr int kSwitchingProtocols = 101;

bool is_interim(unsigned status) { return status < 200; }

}  // namespace

ResponseReader::ResponseReader(std::span<char> buffer, std::size_t head_bytes, std::size_t max_body,
                               std::shared_ptr<ByteBudget> budget, Interim interim)
    : buffer_(buffer), interim_(interim), taken_(std::move(budget)) {
  header_limit(static_cast<std::uint32_t>(head_bytes));
  body_limit(max_body);
  eager(true);
}

ResponseReader::State ResponseReader::commit(std::size_t size) {
  started_ = started_ || size > 0;
  end_ += size;
  error_code error;
  std::size_t taken = 0;
  while (taken < end_ && !is_done() && !error && !is_too_short(end_ - taken)) {
    taken += put(net::buffer(buffer_.data() + taken, end_ - taken), error);
  }
  if (error && error != http::error::need_more) return fail(error);
  std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(taken),
            buffer_.begin() + static_cast<std::ptrdiff_t>(end_), buffer_.begin());
  end_ -= taken;
  if (is_done()) return is_interim(response_.status) ? State::kInterim : State::kDone;
  // The parser waits only for a whole head, or for the whole line before a chunk. Neither may be as
  // long as the buffer.
  return end_ == buffer_.size() ? fail(http::error::header_limit) : State::kNeedMore;
}

// The rest of a chunked body is at least its last chunk, `0` and two line ends. An assertion of
// Beast 1.81 fails if it is given only a part of that.
bool ResponseReader::is_too_short(std::size_t size) const {
  constexpr std::size_t kShortest = 5;
  return is_header_done() && chunked() && size < kShortest;
}

ResponseReader::State ResponseReader::end() {
  error_code error = http::error::end_of_stream;
  if (got_some()) put_eof(error);
  return error ? fail(error) : State::kDone;
}

ResponseReader::State ResponseReader::fail(error_code error) {
  if (error == http::error::body_limit) {
    error_ = "the answer is larger than allowed";
  } else if (error == http::error::buffer_overflow) {
    error_ = "the answers under way are larger than allowed";
  } else if (error == http::error::partial_message || error == http::error::end_of_stream) {
    error_ = "the answer was cut short";
    error_kind_ = ErrorKind::kCutOff;
  } else {
    error_ = "malformed answer";
  }
  return State::kError;
}

void ResponseReader::on_response_impl(int status, View, int, error_code& error) {
  response_.status = static_cast<unsigned>(status);
  const bool is_taken =
      interim_ == Interim::kTaken && status >= kContinue && status != kSwitchingProtocols;
  if (is_interim(response_.status) && !is_taken) error = http::error::bad_status;
}

void ResponseReader::on_field_impl(http::field name, View name_text, View value, error_code&) {
  if (is_header_done()) return;  // a trailer
  if (name == http::field::transfer_encoding) transfer_encoding_ = true;
  response_.fields.emplace_back(std::string(name_text), std::string(value));
}

void ResponseReader::on_header_impl(error_code& error) {
  if (transfer_encoding_ && !chunked()) error = http::error::bad_transfer_encoding;
}

void ResponseReader::on_body_init_impl(const Length& length, error_code& error) {
  claimed_ = length.value_or(0);
  const auto first = static_cast<std::size_t>(std::min(claimed_, kFirstReserve));
  if (!make_room(first)) error = http::error::buffer_overflow;
}

std::size_t ResponseReader::on_body_impl(View bytes, error_code& error) {
  if (!make_room(bytes.size())) {
    error = http::error::buffer_overflow;
    return 0;
  }
  body_.append(bytes.data(), bytes.size());
  return bytes.size();
}

std::size_t ResponseReader::on_chunk_body_impl(std::uint64_t, View bytes, error_code& error) {
  return on_body_impl(bytes, error);
}

// Doubles the memory, but not beyond the claimed length, so that the body of an honest peer takes
// its own size.
bool ResponseReader::make_room(std::size_t size) {
  const std::size_t needed = body_.size() + size;
  const std::size_t before = body_.capacity();
  if (needed <= before) return true;
  const std::size_t doubled = std::max(needed, 2 * before);
  const bool bounded = needed <= claimed_ && claimed_ < doubled;
  const std::size_t wanted = bounded ? static_cast<std::size_t>(claimed_) : doubled;
  if (!taken_.take(wanted - before)) return false;
  body_.reserve(wanted);
  return true;
}

ClientResponse ResponseReader::take() {
  const std::size_t spare = body_.capacity() - body_.size();
  response_.body = spare > body_.size() / 8 ? Bytes::copy(body_) : Bytes::own(std::move(body_));
  return std::move(response_);
}

}  // namespace imageserver
