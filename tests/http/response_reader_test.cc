#include "http/response_reader.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace imageserver {
namespace {

using State = ResponseReader::State;

constexpr std::string_view kChunked =
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    "5\r\nhello\r\n7;ext=1\r\n, world\r\n0\r\nTrailer: t\r\n\r\n";

class ResponseReaderTest : public testing::Test {
 protected:
  static State feed(ResponseReader& reader, std::string_view bytes,
                    std::size_t step = std::string::npos) {
    State state = State::kNeedMore;
    while (state == State::kNeedMore && !bytes.empty()) {
      const auto space = reader.space();
      const std::size_t size = std::min({step, bytes.size(), space.size()});
      std::copy_n(bytes.begin(), size, space.begin());
      state = reader.commit(size);
      bytes.remove_prefix(size);
    }
    return state;
  }

  State outcome(std::string_view bytes, std::size_t max_body = 1000) {
    ResponseReader reader(buffer_, kHeadBytes, max_body);
    return feed(reader, bytes);
  }

  static constexpr std::size_t kHeadBytes = 16384;
  std::vector<char> buffer_ = std::vector<char>(kHeadBytes + 1000);
};

TEST_F(ResponseReaderTest, ReadsAnAnswerCutAnywhere) {
  constexpr std::string_view kPlain =
      "HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\nX: y\r\n\r\nhello";
  for (std::size_t step = 1; step <= kPlain.size(); ++step) {
    ResponseReader reader(buffer_, kHeadBytes, 5);
    ASSERT_EQ(feed(reader, kPlain, step), State::kDone) << step;
    EXPECT_TRUE(reader.reusable());
    const ClientResponse response = reader.take();
    EXPECT_EQ(response.status, 404U);
    EXPECT_EQ(response.header("x"), "y");
    EXPECT_EQ(response.header("z"), "");
    EXPECT_EQ(response.body.view(), "hello");
  }
}

TEST_F(ResponseReaderTest, AnInterimAnswerIsAnErrorUnlessItIsTaken) {
  constexpr std::string_view kInterim = "HTTP/1.1 102 Processing\r\nA: b\r\n\r\n";
  EXPECT_EQ(outcome(kInterim), State::kError);
  using Interim = ResponseReader::Interim;
  for (std::size_t step = 1; step <= kInterim.size(); ++step) {
    ResponseReader reader(buffer_, kHeadBytes, 5, {}, Interim::kTaken);
    EXPECT_EQ(feed(reader, kInterim, step), State::kInterim);
    EXPECT_EQ(reader.rest(), 0U);
  }
  // Beast would take such a one for an answer that ends with the connection.
  ResponseReader too_low(buffer_, kHeadBytes, 5, {}, Interim::kTaken);
  EXPECT_EQ(feed(too_low, "HTTP/1.1 050 What\r\n\r\n"), State::kError);
  ResponseReader switching(buffer_, kHeadBytes, 5, {}, Interim::kTaken);
  EXPECT_EQ(feed(switching, "HTTP/1.1 101 Switching Protocols\r\n\r\n"), State::kError);
}

TEST_F(ResponseReaderTest, TheNextReaderGoesOnBehindAnInterimAnswer) {
  const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
  using Interim = ResponseReader::Interim;
  ResponseReader first(buffer_, kHeadBytes, 5, {}, Interim::kTaken);
  EXPECT_EQ(feed(first, "HTTP/1.1 102 Processing\r\n\r\n" + answer), State::kInterim);
  ASSERT_EQ(first.rest(), answer.size());
  ResponseReader second(buffer_, kHeadBytes, 5, {}, Interim::kTaken);
  EXPECT_EQ(second.commit(first.rest()), State::kDone);
  EXPECT_EQ(second.take().body.view(), "hello");
}

TEST_F(ResponseReaderTest, ReadsChunksCutAnywhere) {
  for (std::size_t step = 1; step <= kChunked.size(); ++step) {
    ResponseReader reader(buffer_, kHeadBytes, 12);
    ASSERT_EQ(feed(reader, kChunked, step), State::kDone) << step;
    EXPECT_TRUE(reader.reusable());
    const ClientResponse response = reader.take();
    EXPECT_EQ(response.body.view(), "hello, world");
    EXPECT_EQ(response.header("Trailer"), "");
  }
}

TEST_F(ResponseReaderTest, ReadsABigBody) {
  const std::string body(5'000'000, 'b');
  const std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 5000000\r\n\r\n";
  ResponseReader reader(buffer_, kHeadBytes, body.size());
  ASSERT_EQ(feed(reader, head + body), State::kDone);
  EXPECT_TRUE(reader.take().body.view() == body);
}

TEST_F(ResponseReaderTest, RefusesWhatIsNoAnswer) {
  for (const std::string_view bytes :
       {"hello, world", "HTTP/2.0 200 OK\r\n\r\n", "HTTP/1.1 abc OK\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n"}) {
    EXPECT_EQ(outcome(bytes), State::kError) << bytes;
  }
  EXPECT_EQ(outcome("HTTP/1.1 200 OK\r\nPad: " + std::string(20000, 'p')), State::kError);
  EXPECT_EQ(
      outcome("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;" + std::string(20000, 'p')),
      State::kError);
}

TEST_F(ResponseReaderTest, AHeadHasAsManyBytesAsItMay) {
  const auto of_head = [this](std::size_t size, std::size_t most) {
    std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nPad: ";
    head.append(size - head.size() - 4, 'p') += "\r\n\r\n";
    ResponseReader reader(buffer_, most, 0);
    return feed(reader, head);
  };
  EXPECT_EQ(of_head(kHeadBytes, kHeadBytes), State::kDone);
  EXPECT_EQ(of_head(100, 100), State::kDone);
  EXPECT_EQ(of_head(200, 100), State::kError) << "although the buffer has room for it";
}

TEST_F(ResponseReaderTest, RefusesABodyOverTheLimit) {
  EXPECT_EQ(outcome("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n", 5), State::kError);
  EXPECT_EQ(outcome("HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551615\r\n\r\n", 5),
            State::kError);
  EXPECT_EQ(outcome(kChunked, 11), State::kError);
  EXPECT_EQ(outcome("HTTP/1.1 200 OK\r\n\r\n123456", 5), State::kError);
}

TEST_F(ResponseReaderTest, ReadsToTheEndWhereNoLengthIsGiven) {
  ResponseReader reader(buffer_, kHeadBytes, 5);
  ASSERT_EQ(feed(reader, "HTTP/1.1 200 OK\r\n\r\nhello"), State::kNeedMore);
  ASSERT_EQ(reader.end(), State::kDone);
  EXPECT_FALSE(reader.reusable());
  EXPECT_EQ(reader.take().body.view(), "hello");
}

TEST_F(ResponseReaderTest, KnowsAnAnswerThatWasCutShort) {
  for (const std::string_view bytes :
       {"H", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"}) {
    ResponseReader reader(buffer_, kHeadBytes, 5);
    ASSERT_EQ(feed(reader, bytes), State::kNeedMore) << bytes;
    EXPECT_EQ(reader.end(), State::kError) << bytes;
    EXPECT_EQ(reader.error(), "the answer was cut short");
  }
}

TEST_F(ResponseReaderTest, AConnectionWithMoreToSayIsNotReused) {
  ResponseReader reader(buffer_, kHeadBytes, 5);
  ASSERT_EQ(feed(reader, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nabc"), State::kDone);
  EXPECT_FALSE(reader.reusable());
  ResponseReader closing(buffer_, kHeadBytes, 5);
  ASSERT_EQ(feed(closing, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
            State::kDone);
  EXPECT_FALSE(closing.reusable());
}

TEST_F(ResponseReaderTest, AnEmptyBodyInChunksMayComeByteByByte) {
  const std::string head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const std::string end : {"0\r\n\r\n", "0;ext=1\r\n\r\n", "0\r\nTrailer: t\r\n\r\n"}) {
    for (std::size_t step = 1; step < 8; ++step) {
      ResponseReader reader(buffer_, kHeadBytes, 5);
      ASSERT_EQ(feed(reader, head + end, step), State::kDone) << end << step;
      EXPECT_EQ(reader.take().body.size(), 0U);
    }
  }
  ResponseReader reader(buffer_, kHeadBytes, 5);
  EXPECT_EQ(feed(reader, head + "0\r\nh", 1), State::kNeedMore);
  EXPECT_EQ(reader.end(), State::kError);
  EXPECT_EQ(reader.error_kind(), ErrorKind::kCutOff);
}

class BudgetedReaderTest : public ResponseReaderTest {
 protected:
  static std::string answer(std::size_t size) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n" +
           std::string(size, 'x');
  }

  static std::string chunked(std::size_t size) {
    constexpr std::size_t kChunk = 1'000;
    std::string text = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (; size > 0; size -= kChunk) text += "3e8\r\n" + std::string(kChunk, 'x') + "\r\n";
    return text + "0\r\n\r\n";
  }

  const std::shared_ptr<ByteBudget> budget_ = std::make_shared<ByteBudget>(100'000);
};

TEST_F(BudgetedReaderTest, AnswersUnderWayShareOneBudget) {
  std::vector<char> other_buffer(buffer_);
  ResponseReader reader(buffer_, kHeadBytes, 1'000'000, budget_);
  EXPECT_EQ(feed(reader, answer(60'000)), State::kDone);
  {
    ResponseReader other(other_buffer, kHeadBytes, 1'000'000, budget_);
    EXPECT_EQ(feed(other, answer(60'000)), State::kError);
    EXPECT_EQ(other.error(), "the answers under way are larger than allowed");
    EXPECT_EQ(other.error_kind(), ErrorKind::kPeer);
  }
  ResponseReader small(other_buffer, kHeadBytes, 1'000'000, budget_);
  EXPECT_EQ(feed(small, answer(30'000)), State::kDone) << "what failed has given back what it had";
}

TEST_F(BudgetedReaderTest, ChunksTakeOfTheBudgetAsWell) {
  {
    ResponseReader reader(buffer_, kHeadBytes, 1'000'000, budget_);
    EXPECT_EQ(feed(reader, chunked(40'000)), State::kDone);
    EXPECT_FALSE(budget_->take(60'001));
  }
  EXPECT_TRUE(budget_->take(100'000)) << "given back";
  budget_->give_back(100'000);
  ResponseReader reader(buffer_, kHeadBytes, 1'000'000, budget_);
  EXPECT_EQ(feed(reader, chunked(101'000)), State::kError);
  EXPECT_EQ(reader.error(), "the answers under way are larger than allowed");
}

TEST_F(BudgetedReaderTest, WhatIsReadToItsEndIsGivenBack) {
  for (int i = 0; i < 100; ++i) {
    ResponseReader reader(buffer_, kHeadBytes, 1'000'000, budget_);
    ASSERT_EQ(feed(reader, answer(60'000)), State::kDone) << i;
    EXPECT_EQ(reader.take().body.size(), 60'000U);
  }
}

}  // namespace
}  // namespace imageserver
