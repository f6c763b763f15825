#include "http/request_reader.h"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <utility>

#include "base/text.h"

namespace imageserver {
namespace {

// The first size of the buffer. Most heads fit in it, and an idle connection costs little.
constexpr std::size_t kFirstSize = 4U << 10U;

// A client that sends more than this before a request is none that has sent one too many.
constexpr std::size_t kMostEmptyLines = 4;

// The length of an unfinished request line's target so far.
std::size_t target_so_far(std::string_view line) {
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos) return 0;
  const std::string_view rest = line.substr(space + 1);
  return std::min(rest.find(' '), rest.size());
}

// The target without scheme and host (`http://host/path?query`). Empty if a GET cannot have such a
// target. `storage` keeps a target that had to be put together.
std::string_view origin_form(std::string_view target, std::string& storage) {
  if (target.starts_with('/')) return target;
  const std::size_t colon = target.find("://");
  if (colon == std::string_view::npos) return {};
  const std::string_view scheme = target.substr(0, colon);
  if (!same_word(scheme, "http") && !same_word(scheme, "https")) return {};
  const std::string_view rest = target.substr(colon + 3);
  const std::size_t host_end = std::min(rest.find_first_of("/?#"), rest.size());
  if (host_end == 0) return {};
  const std::string_view path = rest.substr(host_end);
  if (path.starts_with('/')) return path;
  storage.assign("/").append(path);
  return storage;
}

}  // namespace

RequestReader::RequestReader(const HeadLimits& limits) : limits_(limits) { restart(); }

std::string_view RequestReader::buffered() const {
  return {buffer_.data() + begin_, end_ - begin_};
}

// The parser holds views of the bytes of a head. When the bytes of a half-read head move, it parses
// them anew. They move a few times a head at most: once to the front, and each time the buffer
// doubles.
void RequestReader::restart() {
  parsed_ = begin_;
  fields_.clear();
  parser_.emplace(limits_, fields_);
}

void RequestReader::commit(std::size_t size) {
  if (is_taken_) return body_.commit(size);
  end_ += size;
}

std::span<char> RequestReader::space() {
  if (is_taken_) return body_.space();
  if (begin_ > 0) {
    std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_),
              buffer_.begin() + static_cast<std::ptrdiff_t>(end_), buffer_.begin());
    end_ -= begin_;
    begin_ = 0;
    restart();
  }
  if (end_ == buffer_.size()) {
    buffer_.resize(std::min(std::max(kFirstSize, 2 * buffer_.size()), limits_.head_bytes));
    restart();
  }
  return std::span(buffer_).subspan(end_);
}

RequestReader::State RequestReader::next() {
  if (is_taken_) return next_of_body();
  if (begin_ == end_) return State::kNeedMore;
  if (buffer_[begin_] == '\r' && skip_empty_lines()) return State::kNeedMore;
  error_code error;
  parsed_ += parser_->put(net::buffer(buffer_.data() + parsed_, end_ - parsed_), error);
  if (error == boost::beast::http::error::need_more) return need_more();
  if (error) return refuse(parser_->why(error));
  return accept();
}

// Skips empty lines before a head, as some clients send one after a body (RFC 9112 2.2). True if no
// other byte is there.
bool RequestReader::skip_empty_lines() {
  while (parsed_ == begin_ && empty_lines_ < kMostEmptyLines) {
    if (buffered() == "\r") return true;
    if (!buffered().starts_with("\r\n")) break;
    begin_ += 2;
    ++empty_lines_;
    restart();
  }
  return begin_ == end_;
}

RequestReader::State RequestReader::need_more() {
  if (parser_->target().empty() && target_so_far(buffered()) > limits_.target_bytes) {
    return refuse(target_too_long(limits_));
  }
  if (buffered().size() >= limits_.head_bytes) return refuse(head_too_long(limits_));
  return State::kNeedMore;
}

RequestReader::State RequestReader::accept() {
  if (HeadError wrong = parser_->judge(); wrong.status != 0) return refuse(std::move(wrong));
  std::string_view target = parser_->target();
  if (parser_->method() != Method::kOther) {
    target = origin_form(target, rebuilt_target_);
    if (target.empty()) return refuse({400, "request target: must be a path or an http URL"});
  }
  request_ = Request(parser_->method(), target, fields_);
  const bool is_plain = parser_->method() == Method::kGet || parser_->method() == Method::kHead;
  return is_plain && !has_body() ? State::kRequest : State::kHead;
}

// The head stays where it is: the bytes of the body that came with it are copied, the others go
// into a buffer of their own.
void RequestReader::take(std::size_t most) {
  is_taken_ = true;
  error_ = parser_->judge_body(most);
  if (error_.status != 0) return;
  const auto size = static_cast<std::size_t>(parser_->content_length().value_or(0));
  const std::size_t first = std::min(size, end_ - parsed_);
  body_.begin(size, {buffer_.data() + parsed_, first});
  parsed_ += first;
}

bool RequestReader::waits_for_continue() const {
  return is_in_body() && body_.view().empty() && parser_->expects_continue();
}

RequestReader::State RequestReader::next_of_body() {
  if (error_.status != 0) return State::kError;
  if (!body_.is_whole()) return State::kNeedMore;
  request_ = Request(request_.method(), request_.target(), request_.fields(), body_.view());
  return State::kRequest;
}

RequestReader::State RequestReader::refuse(HeadError error) {
  error_ = std::move(error);
  return State::kError;
}

bool RequestReader::is_head() const { return buffered().starts_with("HEAD "); }

void RequestReader::consume() {
  request_ = Request();
  body_.drop();
  is_taken_ = false;
  begin_ = parsed_;
  if (begin_ == end_) begin_ = end_ = 0;
  empty_lines_ = 0;
  restart();
}

}  // namespace imageserver
