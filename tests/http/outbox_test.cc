#include "http/outbox.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace imageserver {
namespace {

Response answer(std::string body, std::string prefix = {}) {
  Response response;
  response.prefix = std::move(prefix);
  response.body = Bytes::own(std::move(body));
  return response;
}

void add(Outbox& outbox, const Response& response, bool with_body = true) {
  outbox.add(response, Persistence::kImplied, with_body);
}

std::string text_of(Outbox& outbox) {
  std::string text;
  for (const net::const_buffer& buffer : outbox.buffers()) {
    text.append(static_cast<const char*>(buffer.data()), buffer.size());
  }
  return text;
}

std::string without_dates(std::string text) {
  for (auto at = text.find("Date: "); at != std::string::npos; at = text.find("Date: ")) {
    text.erase(at, text.find("\r\n", at) + 2 - at);
  }
  return text;
}

TEST(OutboxTest, HoldsNothingAtFirst) {
  Outbox outbox;
  EXPECT_TRUE(outbox.empty());
  EXPECT_FALSE(outbox.full());
  EXPECT_TRUE(outbox.buffers().empty());
}

TEST(OutboxTest, PutsAnswersOneBehindTheOther) {
  Outbox outbox;
  add(outbox, answer("first"));
  add(outbox, answer("and last", "prefix "));
  EXPECT_EQ(without_dates(text_of(outbox)),
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfirst"
            "HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\nprefix and last");
}

TEST(OutboxTest, LeavesOutBodiesThatAreNotSent) {
  Outbox outbox;
  Response not_modified = answer("never");
  not_modified.status = 304;
  add(outbox, not_modified);
  add(outbox, answer("of a HEAD", "prefix "), false);
  EXPECT_EQ(without_dates(text_of(outbox)),
            "HTTP/1.1 304 Not Modified\r\n\r\n"
            "HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n");
}

TEST(OutboxTest, TheRestOfAnEarlierAnswerGoesFirst) {
  Outbox outbox;
  outbox.add_bytes("essing\r\n\r\n");
  add(outbox, answer("body"));
  EXPECT_EQ(without_dates(text_of(outbox)),
            "essing\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody");
  outbox.drop(3);
  EXPECT_TRUE(text_of(outbox).starts_with("ing\r\n\r\nHTTP/"));
}

TEST(OutboxTest, SharesBodies) {
  Outbox outbox;
  const Response response = answer(std::string(1000, 'x'));
  add(outbox, response);
  EXPECT_EQ(outbox.buffers().back().data(), response.body.data());
}

TEST(OutboxTest, WritesOnWhereItWasLeft) {
  constexpr std::size_t kLongerThanAll = 1000;
  for (std::size_t step = 1; step < kLongerThanAll; ++step) {
    Outbox outbox;
    add(outbox, answer("first", "prefix"));
    add(outbox, answer(""));
    add(outbox, answer("last"));
    const std::string text = text_of(outbox);
    ASSERT_LT(text.size(), kLongerThanAll);
    std::size_t written = 0;
    while (!outbox.empty()) {
      ASSERT_EQ(text_of(outbox), text.substr(written));
      const std::size_t size = std::min(step, text.size() - written);
      outbox.drop(size);
      written += size;
    }
    EXPECT_EQ(written, text.size());
    EXPECT_TRUE(outbox.buffers().empty());
  }
}

TEST(OutboxTest, CanBeUsedAgain) {
  Outbox outbox;
  add(outbox, answer("first"));
  outbox.drop(text_of(outbox).size());
  add(outbox, answer("next"));
  EXPECT_TRUE(text_of(outbox).ends_with("\r\n\r\nnext"));
  outbox.clear();
  EXPECT_TRUE(outbox.empty());
  EXPECT_EQ(text_of(outbox), "");
}

TEST(OutboxTest, NamesTheBodiesItHoldsWhole) {
  Outbox outbox;
  EXPECT_TRUE(outbox.bodies().empty());
  add(outbox, answer("first"));
  add(outbox, answer(""));
  add(outbox, answer("second"));
  outbox.drop(text_of(outbox).size() - 1);
  EXPECT_EQ(outbox.bodies(), (std::vector<std::string_view>{"first", "second"}));
}

TEST(OutboxTest, IsFullOfManyAnswersOrOfLargeOnes) {
  Outbox outbox;
  for (std::size_t i = 0; i < Outbox::kMostMessages; ++i) {
    EXPECT_FALSE(outbox.full());
    add(outbox, answer("x"));
  }
  EXPECT_TRUE(outbox.full());
  outbox.clear();
  add(outbox, answer(std::string(Outbox::kEnoughBytes, 'x')));
  EXPECT_TRUE(outbox.full());
}

}  // namespace
}  // namespace imageserver
