#include "http/interim_sender.h"

#include <gtest/gtest.h>

#include <boost/asio/write.hpp>
#include <future>
#include <string>
#include <string_view>

#include "base/asio.h"
#include "support/patience.h"
#include "support/raw_socket.h"

namespace imageserver {
namespace {

constexpr std::string_view kProcessing = "HTTP/1.1 102 Processing\r\n\r\n";

class InterimSenderTest : public ::testing::Test {
 protected:
  InterimSenderTest() {
    socket_.connect(Tcp::endpoint(net::ip::address_v4::loopback(), listener_.port()));
    socket_.non_blocking(true);
  }

  net::io_context context_;
  RawListener listener_;
  Socket socket_{context_.get_executor()};
  InterimSender sender_;
};

TEST_F(InterimSenderTest, SendsAnInterimAnswer) {
  sender_.send(socket_);
  EXPECT_EQ(sender_.take_rest(), "");
  socket_.close();
  EXPECT_EQ(listener_.accept().read_to_end(), kProcessing);
}

// Linux takes the beginning of a write where a segment ends and there is no room for another.
TEST_F(InterimSenderTest, WhatASlowClientHasReadIsWholeAnswers) {
  constexpr int kMoreThanFit = 500'000;
  std::string rest;
  for (int i = 0; i < kMoreThanFit && rest.empty(); ++i) {
    sender_.send(socket_);
    sender_.send(socket_);
    rest = sender_.take_rest();
  }
  EXPECT_LT(rest.size(), kProcessing.size());
  auto reading = std::async(
      std::launch::async, [client = listener_.accept()]() mutable { return client.read_to_end(); });
  socket_.non_blocking(false);
  net::write(socket_, net::buffer(rest));
  socket_.close();
  const std::string read = testing::awaited(reading);
  ASSERT_GT(read.size(), 0U);
  for (std::size_t at = 0; at < read.size(); at += kProcessing.size()) {
    ASSERT_EQ(read.substr(at, kProcessing.size()), kProcessing) << at;
  }
}

}  // namespace
}  // namespace imageserver
