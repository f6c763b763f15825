#include "http/peek.h"

#include <gtest/gtest.h>

#include <string>

#include "support/patience.h"
#include "support/raw_socket.h"

namespace imageserver {
namespace {

using testing::soon;

class PeekTest : public ::testing::Test {
 protected:
  PeekTest() { socket_.connect({net::ip::address_v4::loopback(), listener_.port()}); }

  RawSocket accept() { return listener_.accept(); }

  bool soon_is(Peek what, OtherSide side) {
    return soon([&] { return peek(socket_) == what && other_side(socket_) == side; });
  }

  net::io_context context_;
  RawListener listener_;
  Socket socket_{context_.get_executor()};
};

TEST_F(PeekTest, WhereNothingHasComeThereIsNothing) {
  EXPECT_EQ(peek(socket_), Peek::kNothing);
  EXPECT_EQ(other_side(socket_), OtherSide::kSends);
}

TEST_F(PeekTest, BytesAreSeenAndNotRead) {
  RawSocket other = accept();
  other.send("abc");
  EXPECT_TRUE(soon_is(Peek::kBytes, OtherSide::kSends));
  std::string bytes(3, ' ');
  EXPECT_EQ(socket_.read_some(net::buffer(bytes)), 3U);
  EXPECT_EQ(bytes, "abc");
}

TEST_F(PeekTest, TheEndOfWhatTheOtherSendsIsNoBrokenConnection) {
  RawSocket other = accept();
  other.end_sending();
  EXPECT_TRUE(soon_is(Peek::kEnd, OtherSide::kEnded));
}

TEST_F(PeekTest, TheEndIsSeenBehindBytes) {
  RawSocket other = accept();
  other.send("abc");
  other.end_sending();
  EXPECT_TRUE(soon_is(Peek::kBytes, OtherSide::kEnded));
}

TEST_F(PeekTest, AResetIsABrokenConnection) {
  RawSocket other = accept();
  other.reset();
  EXPECT_TRUE(soon([&] { return other_side(socket_) == OtherSide::kBroken; }));
  EXPECT_EQ(peek(socket_), Peek::kError);
}

}  // namespace
}  // namespace imageserver
