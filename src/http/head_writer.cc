#include "http/head_writer.h"

#include <array>
#include <boost/beast/http/status.hpp>
#include <charconv>
#include <concepts>

#include "http/date.h"

namespace imageserver {
namespace {

void append_number(std::string& out, std::unsigned_integral auto number) {
  std::array<char, 20> digits;
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  out.append(digits.data(), end);
}

void append_status_line(std::string& out, unsigned status) {
  const auto reason =
      boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(status));
  out += "HTTP/1.1 ";
  append_number(out, status);
  out += ' ';
  out.append(reason.data(), reason.size());
  out += "\r\n";
}

}  // namespace

bool status_has_body(unsigned status) { return status >= 200 && status != 204 && status != 304; }

void append_head(std::string& out, const Response& response, Persistence persistence) {
  append_status_line(out, response.status);
  out.append("Date: ").append(http_date()).append("\r\n");
  if (status_has_body(response.status)) {
    out += "Content-Length: ";
    append_number(out, response.prefix.size() + response.body.size());
    out += "\r\n";
  }
  if (persistence == Persistence::kClose) out += "Connection: close\r\n";
  if (persistence == Persistence::kKeepAlive) out += "Connection: keep-alive\r\n";
  out.append(response.fields).append("\r\n");
}

}  // namespace imageserver
