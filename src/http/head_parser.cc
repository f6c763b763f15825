#include "http/head_parser.h"

#include <algorithm>
#include <boost/beast/http/error.hpp>

#include "base/text.h"

namespace imageserver {
namespace {

namespace http = boost::beast::http;

std::string_view std_view(boost::beast::string_view text) { return {text.data(), text.size()}; }

Method method_of(http::verb verb) {
  if (verb == http::verb::get) return Method::kGet;
  if (verb == http::verb::head) return Method::kHead;
  if (verb == http::verb::post) return Method::kPost;
  if (verb == http::verb::purge) return Method::kPurge;
  return Method::kOther;
}

// Beast joins a value that is folded over lines in a buffer of its own, or skips the fold before
// the value's first character. Either way the value does not start right behind its name.
bool is_folded(std::string_view name, std::string_view value) {
  const char* const gap = name.data() + name.size();
  const auto size =
      reinterpret_cast<std::uintptr_t>(value.data()) - reinterpret_cast<std::uintptr_t>(gap);
  constexpr std::size_t kAnyHead = 1U << 24U;
  return size > kAnyHead || std::string_view(gap, size).find('\r') != std::string_view::npos;
}

// Loose, as the host leads to nothing: it must be one host and no list; it may be empty.
bool is_host(std::string_view text) {
  return text.find_first_of(" \t,/\\?#@<>\"") == std::string_view::npos;
}

}  // namespace

HeadError target_too_long(const HeadLimits& limits) {
  return {414, "request target: must be at most " + std::to_string(limits.target_bytes) + " bytes"};
}

HeadError head_too_long(const HeadLimits& limits) {
  return {431, "request head: must be at most " + std::to_string(limits.head_bytes) + " bytes"};
}

HeadError body_not_empty() { return {413, "request body: must be empty"}; }

HeadParser::HeadParser(const HeadLimits& limits, std::vector<Field>& fields)
    : limits_(limits), fields_(fields) {
  // The reader bounds the head; Beast's own bound stays out of the way.
  header_limit(static_cast<std::uint32_t>(limits.head_bytes) + 1);
  body_limit(boost::none);
}

void HeadParser::on_request_impl(http::verb verb, View, View target, int version,
                                 error_code& error) {
  method_ = method_of(verb);
  target_ = std_view(target);
  version_ = version;
  target_too_long_ = target_.size() > limits_.target_bytes;
  if (target_too_long_) error = http::error::bad_target;
}

void HeadParser::on_field_impl(http::field name, View name_text, View value, error_code& error) {
  const Field field{std_view(name_text), std_view(value)};
  if (is_folded(field.name, field.value)) {
    error = http::error::bad_obs_fold;
    return;
  }
  note_field(name, field.value, error);
  if (!error) fields_.push_back(field);
}

void HeadParser::note_field(http::field name, std::string_view value, error_code& error) {
  switch (name) {
    case http::field::host:
      ++hosts_;
      host_ = value;
      break;
    case http::field::content_length:
      return note_length(value, error);
    case http::field::transfer_encoding:
      ++codings_;
      chunked_ = same_word(value, "chunked");
      break;
    case http::field::expect:
      expects_continue_ = expects_continue_ || same_word(value, "100-continue");
      break;
    default:
      break;
  }
}

// Beast takes a list of lengths that are all the same; who stands before us may take another one.
void HeadParser::note_length(std::string_view value, error_code& error) {
  if (++lengths_ > 1 || !std::ranges::all_of(value, is_ascii_digit)) {
    error = http::error::multiple_content_length;
  }
}

bool HeadParser::has_body() const { return codings_ > 0 || content_length().value_or(0) > 0; }

HeadError HeadParser::why(error_code error) const {
  if (target_too_long_) return target_too_long(limits_);
  if (error == http::error::header_limit) return head_too_long(limits_);
  if (error == http::error::bad_version) return {400, "HTTP version: must be 1.0 or 1.1"};
  if (error == http::error::bad_content_length || error == http::error::multiple_content_length) {
    return {400, "Content-Length: must be one number"};
  }
  return {400, "malformed request"};
}

HeadError HeadParser::judge() const {
  if (hosts_ > 1 || (hosts_ == 0 && !http_1_0())) {
    return {400, "Host: must be given exactly once"};
  }
  if (!is_host(host_)) return {400, "Host: must be a host and a port"};
  if (codings_ > 0 && lengths_ > 0) {
    return {400, "Content-Length: must not be given beside Transfer-Encoding"};
  }
  return {0, {}};
}

HeadError HeadParser::judge_body(std::size_t most) const {
  if (!has_body()) return {0, {}};
  if (most == 0) return body_not_empty();
  if (codings_ > 1 || (codings_ == 1 && !chunked_)) {
    return {501, "Transfer-Encoding: this server knows none but chunked"};
  }
  if (codings_ == 1) return {411, "Content-Length: must be given, no chunked body is read"};
  if (content_length().value_or(0) <= most) return {0, {}};
  return {413, "request body: must be at most " + std::to_string(most) + " bytes"};
}

}  // namespace imageserver
