#include "source/http_fetcher.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "source/fetch_test.h"

namespace imageserver {
namespace {

using testing::original;

class HttpFetcherTest : public testing::FetchTest {
 protected:
  // Sends the head and no body until the connection ends.
  static void begin_only(RawSocket& connection) {
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nbegin");
    EXPECT_TRUE(connection.ended());
  }
};

TEST_F(HttpFetcherTest, AConnectionIsUsedAgain) {
  origin_.on("/a.jpg", original("a picture"));
  for (int i = 0; i < 5; ++i) EXPECT_EQ(content(origin_.url("/a.jpg")), "a picture");
  EXPECT_EQ(content(origin_.url("/missing.jpg")), "no such picture");
  EXPECT_EQ(content(origin_.url("/a.jpg")), "a picture");
  EXPECT_EQ(origin_.connections(), 1);
}

TEST_F(HttpFetcherTest, AConnectionThatTheOriginHasClosedMeanwhileIsReplaced) {
  origin_.on("/a.jpg", [](RawSocket& connection) {
    connection.send(original("a picture"));
    connection.hang_up();
  });
  EXPECT_EQ(content(origin_.url("/a.jpg")), "a picture");
  ASSERT_TRUE(testing::soon([&] { return origin_.open() == 0; }));
  EXPECT_EQ(content(origin_.url("/a.jpg")), "a picture");
  EXPECT_EQ(origin_.connections(), 2);
}

// It would be taken for the answer to the next request on that connection, and so for another
// original.
TEST_F(HttpFetcherTest, WhatAnOriginSaysUnaskedIsNoAnswerToTheNextRequest) {
  origin_.on("/at-once.jpg", original("a picture") + original("of another"));
  origin_.on("/later.jpg", [](RawSocket& connection) {
    connection.send(original("a picture"));
    std::this_thread::sleep_for(milliseconds(50));
    connection.send(original("of another"));
  });
  origin_.on("/next.jpg", original("the next"));
  for (const char* const path : {"/at-once.jpg", "/later.jpg"}) {
    EXPECT_EQ(content(origin_.url(path)), "a picture");
    std::this_thread::sleep_for(milliseconds(100));  // nothing is looked at meanwhile
    EXPECT_EQ(content(origin_.url("/next.jpg")), "the next") << "after " << path;
  }
}

TEST_F(HttpFetcherTest, AStopWhileTheBodyComesClosesTheConnection) {
  origin_.on("/a.jpg", begin_only);
  const FetchPtr fetch = start(origin_.url("/a.jpg"));
  ASSERT_TRUE(runs_until([&] { return origin_.asked() == 1; }));
  fetch->stop.request_stop();
  EXPECT_EQ(end_of(fetch).error().kind, ErrorKind::kCancelled);
  EXPECT_TRUE(testing::soon([&] { return origin_.open() == 0; }));
}

TEST_F(HttpFetcherTest, AStopBeforeTheAnswerClosesTheConnection) {
  origin_.on("/a.jpg", [](RawSocket& connection) { EXPECT_TRUE(connection.ended()); });
  const FetchPtr fetch = start(origin_.url("/a.jpg"));
  ASSERT_TRUE(runs_until([&] { return origin_.asked() == 1; }));
  fetch->stop.request_stop();
  EXPECT_EQ(end_of(fetch).error().kind, ErrorKind::kCancelled);
  EXPECT_TRUE(testing::soon([&] { return origin_.open() == 0; }));
}

TEST_F(HttpFetcherTest, AStopEndsTheWaitForATurnAndTheTurnIsForOthers) {
  terms_.limits.at_once = 1;
  origin_.on("/slow.jpg", begin_only);
  origin_.on("/a.jpg", original("a picture"));
  const FetchPtr first = start(origin_.url("/slow.jpg"));
  ASSERT_TRUE(runs_until([&] { return origin_.asked() == 1; }));
  const FetchPtr second = start(origin_.url("/never.jpg"));
  const FetchPtr third = start(origin_.url("/a.jpg"));
  second->stop.request_stop();
  EXPECT_EQ(end_of(second).error().kind, ErrorKind::kCancelled);
  EXPECT_FALSE(first->result || third->result);
  first->stop.request_stop();
  EXPECT_EQ(end_of(third).value().bytes.view(), "a picture");
  EXPECT_EQ(origin_.asked(), 2U) << "nobody has asked for what was stopped";
}

TEST_F(HttpFetcherTest, WhatWasStoppedAlreadyIsNotAskedFor) {
  auto stopped = std::make_shared<Fetch>();
  stopped->stop.request_stop();
  fetcher().fetch(question(origin_.url("/a.jpg")), stopped->stop.get_token(),
                  [stopped](Result<FetchedOriginal> result) { stopped->result = result; });
  EXPECT_EQ(end_of(stopped).error().kind, ErrorKind::kCancelled);
  EXPECT_EQ(origin_.connections(), 0);
}

TEST_F(HttpFetcherTest, AStopAfterTheEndChangesNothing) {
  origin_.on("/a.jpg", original("a picture"));
  const FetchPtr fetch = start(origin_.url("/a.jpg"));
  EXPECT_TRUE(end_of(fetch).has_value());
  fetch->stop.request_stop();
  EXPECT_EQ(content(origin_.url("/a.jpg")), "a picture");
  EXPECT_TRUE(fetch->result->has_value());
}

TEST_F(HttpFetcherTest, WhatIsUnderWayAtTheEndIsLetGo) {
  origin_.on("/a.jpg", begin_only);
  const FetchPtr fetch = start(origin_.url("/a.jpg"));
  ASSERT_TRUE(runs_until([&] { return origin_.asked() == 1; }));
  end_fetches();
  EXPECT_TRUE(testing::soon([&] { return origin_.open() == 0; }));
  EXPECT_FALSE(fetch->result);
}

TEST_F(HttpFetcherTest, NeverMoreAreAskedForAtATimeThanTheTermsSay) {
  constexpr int kAtOnce = 4;
  constexpr int kFetches = 300;
  terms_.limits.at_once = kAtOnce;
  std::atomic<int> now = 0;
  std::atomic<int> most = 0;
  origin_.on("/a.jpg", [&](RawSocket& connection) {
    const int running = ++now;
    if (running > most) most = running;
    std::this_thread::sleep_for(milliseconds(1));
    --now;
    connection.send(original("a picture"));
  });
  std::vector<FetchPtr> fetches;
  for (int i = 0; i < kFetches; ++i) fetches.push_back(start(origin_.url("/a.jpg")));
  for (const FetchPtr& fetch : fetches) {
    const auto fetched = end_of(fetch);
    ASSERT_TRUE(fetched.has_value()) << fetched.error().message;
  }
  EXPECT_EQ(origin_.asked(), std::size_t{kFetches});
  EXPECT_LE(origin_.most_open(), kAtOnce);
  EXPECT_LE(most, kAtOnce);
  EXPECT_EQ(origin_.connections(), kAtOnce);
}

// As in the server: several threads ask, and several serve.
class ThreadedHttpFetcherTest : public ::testing::Test {
 protected:
  ThreadedHttpFetcherTest() {
    terms_.addresses = AddressRules::parse("127.0.0.0/8").value();
    terms_.connect = testing::kNever;
    terms_.first_byte = testing::kNever;
    terms_.whole = testing::kNever;
    terms_.limits.at_once = 8;
  }

  ~ThreadedHttpFetcherTest() override { io_.stop(); }

  static HttpQuestion question(const std::string& url) {
    return {.url = parse_origin_url(url).value(),
            .fields = {},
            .known = {},
            .deadline = Deadline::max()};
  }

  testing::TestOrigin origin_;
  testing::TestOrigin other_;
  IoPool io_{3};
  HttpTerms terms_;
};

TEST_F(ThreadedHttpFetcherTest, HundredsOfFetchesAreAnsweredByAFewConnections) {
  constexpr int kAskers = 4;
  constexpr int kEach = 100;
  HttpFetcher fetcher(io_, terms_);
  io_.start();
  for (testing::TestOrigin* const origin : {&origin_, &other_}) {
    origin->on("/a.jpg", original("a picture"));
  }
  std::atomic<int> fetched = 0;
  std::atomic<int> ended = 0;
  const auto ask = [&](const std::string& url) {
    fetcher.fetch(question(url), {}, [&](const Result<FetchedOriginal>& result) {
      if (result.has_value() && result->bytes.view() == "a picture") ++fetched;
      ++ended;
    });
  };
  std::vector<std::jthread> askers;
  for (int i = 0; i < kAskers; ++i) {
    askers.emplace_back([&, i] {
      for (int n = 0; n < kEach; ++n) ask((i % 2 == 0 ? origin_ : other_).url("/a.jpg"));
    });
  }
  EXPECT_TRUE(testing::soon([&] { return ended == kAskers * kEach; })) << ended << " have ended";
  EXPECT_EQ(fetched, kAskers * kEach);
  EXPECT_LE(origin_.most_open(), 8);
  EXPECT_LE(other_.most_open(), 8);
  io_.stop();
}

TEST_F(ThreadedHttpFetcherTest, StopsOfOtherThreadsComeAtAnyTime) {
  constexpr int kFetches = 200;
  HttpFetcher fetcher(io_, terms_);
  io_.start();
  origin_.on("/a.jpg", original("a picture"));
  std::atomic<int> ended = 0;
  std::vector<std::stop_source> stops(kFetches);
  std::jthread stopper([&] {
    for (std::stop_source& stop : stops) {
      stop.request_stop();
      std::this_thread::yield();
    }
  });
  for (const std::stop_source& stop : stops) {
    fetcher.fetch(question(origin_.url("/a.jpg")), stop.get_token(),
                  [&](const Result<FetchedOriginal>& result) {
                    const bool is_right = result.has_value()
                                              ? result->bytes.view() == "a picture"
                                              : result.error().kind == ErrorKind::kCancelled;
                    EXPECT_TRUE(is_right);
                    ++ended;
                  });
  }
  EXPECT_TRUE(testing::soon([&] { return ended == kFetches; })) << ended << " have ended";
  io_.stop();
}

}  // namespace
}  // namespace imageserver
