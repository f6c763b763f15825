#include "http/interim_sender.h"

#include <boost/asio/buffer.hpp>
#include <cstddef>

namespace imageserver {
namespace {

constexpr std::string_view kProcessing = "HTTP/1.1 102 Processing\r\n\r\n";

}  // namespace

void InterimSender::send(Socket& socket) {
  if (!rest_.empty()) return;
  error_code error;
  const std::size_t written = socket.write_some(net::buffer(kProcessing), error);
  if (!error && written < kProcessing.size()) rest_ = kProcessing.substr(written);
}

}  // namespace imageserver
