#include "http/request_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace imageserver {
namespace {

using testing::ElementsAre;
using State = RequestReader::State;

// Feeds at most `step` of the bytes at a time, and takes them away, until the reader has something
// to say.
State feed_some(RequestReader& reader, std::string_view& bytes, std::size_t step) {
  State state = reader.next();
  while (state == State::kNeedMore && !bytes.empty()) {
    const auto space = reader.space();
    const std::size_t size = std::min({step, bytes.size(), space.size()});
    std::copy_n(bytes.begin(), size, space.begin());
    reader.commit(size);
    bytes.remove_prefix(size);
    state = reader.next();
  }
  return state;
}

State feed_into(RequestReader& reader, std::string_view bytes, std::size_t step) {
  return feed_some(reader, bytes, step);
}

class RequestReaderTest : public testing::Test {
 protected:
  State feed(std::string_view bytes, std::size_t step = std::string::npos) {
    return feed_into(reader_, bytes, step);
  }

  // The status that a new connection with these bytes is refused with; 0 if it is not.
  static unsigned refusal(std::string_view bytes, std::size_t step = std::string::npos) {
    RequestReader reader{HeadLimits{}};
    return feed_into(reader, bytes, step) == State::kError ? reader.error().status : 0;
  }

  static std::string target_of(std::string_view sent) {
    RequestReader reader{HeadLimits{}};
    const std::string head = "GET " + std::string(sent) + " HTTP/1.1\r\nHost: a\r\n\r\n";
    if (feed_into(reader, head, head.size()) != State::kRequest) return "refused";
    return std::string(reader.request().target());
  }

  RequestReader reader_{HeadLimits{}};
};

constexpr std::string_view kSimple = "GET /a?b=c HTTP/1.1\r\nHost: x\r\nAccept: */*\r\n\r\n";

TEST_F(RequestReaderTest, ReadsARequest) {
  ASSERT_EQ(feed(kSimple), State::kRequest);
  EXPECT_EQ(reader_.request().method(), Method::kGet);
  EXPECT_EQ(reader_.request().target(), "/a?b=c");
  EXPECT_EQ(reader_.request().header("accept"), "*/*");
  EXPECT_EQ(reader_.request().header("missing"), "");
  EXPECT_TRUE(reader_.keep_alive());
  reader_.consume();
  EXPECT_TRUE(reader_.empty());
}

TEST_F(RequestReaderTest, ReadsARequestCutAnywhere) {
  for (std::size_t step = 1; step <= kSimple.size(); ++step) {
    ASSERT_EQ(feed(kSimple, step), State::kRequest) << step;
    EXPECT_EQ(reader_.request().target(), "/a?b=c");
    EXPECT_EQ(reader_.request().fields().size(), 2U);
    reader_.consume();
  }
}

TEST_F(RequestReaderTest, ReadsRequestsThatCameTogether) {
  std::string many;
  for (int i = 0; i < 100; ++i) {
    many += "GET /" + std::to_string(i) +
            " HTTP/1.1\r\nHost: x\r\nPad: " + std::string(static_cast<std::size_t>(i), 'p') +
            "\r\n\r\n";
  }
  for (const std::size_t step : {1UL, 7UL, 100UL, 5000UL}) {
    std::string_view rest = many;
    int found = 0;
    while (true) {
      const State state = reader_.next();
      ASSERT_NE(state, State::kError);
      if (state == State::kRequest) {
        EXPECT_EQ(reader_.request().target(), "/" + std::to_string(found++));
        reader_.consume();
        continue;
      }
      if (rest.empty()) break;
      const auto space = reader_.space();
      const std::size_t size = std::min({step, rest.size(), space.size()});
      std::copy_n(rest.begin(), size, space.begin());
      reader_.commit(size);
      rest.remove_prefix(size);
    }
    EXPECT_EQ(found, 100);
    EXPECT_TRUE(reader_.empty());
  }
}

TEST_F(RequestReaderTest, GivesEveryValueOfARepeatedField) {
  ASSERT_EQ(feed("GET / HTTP/1.1\r\nHost: x\r\nIf-None-Match: \"a\"\r\nX: y\r\n"
                 "if-none-match:  \"b\" \r\n\r\n"),
            State::kRequest);
  std::vector<std::string> values;
  reader_.request().each_value("If-None-Match",
                               [&](std::string_view value) { values.emplace_back(value); });
  EXPECT_THAT(values, ElementsAre("\"a\"", "\"b\""));
  EXPECT_EQ(reader_.request().header("IF-NONE-MATCH"), "\"a\"");
}

TEST_F(RequestReaderTest, KnowsWhoKeepsItsConnection) {
  const auto kept = [this](std::string_view head) {
    EXPECT_EQ(feed(head), State::kRequest);
    const bool keep = reader_.keep_alive();
    reader_.consume();
    return keep;
  };
  EXPECT_TRUE(kept("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
  EXPECT_FALSE(kept("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
  EXPECT_FALSE(kept("GET / HTTP/1.0\r\n\r\n"));
  EXPECT_TRUE(kept("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n"));
}

TEST_F(RequestReaderTest, ReducesTargetsToTheirOriginForm) {
  EXPECT_EQ(target_of("/"), "/");
  EXPECT_EQ(target_of("//a/b"), "//a/b");
  EXPECT_EQ(target_of("/a%2Fb?c|d"), "/a%2Fb?c|d");
  EXPECT_EQ(target_of("http://host/a?b"), "/a?b");
  EXPECT_EQ(target_of("HTTPS://host:80/a"), "/a");
  EXPECT_EQ(target_of("http://host"), "/");
  EXPECT_EQ(target_of("http://host?a=b"), "/?a=b");
  EXPECT_EQ(target_of("http:///a"), "refused");
  EXPECT_EQ(target_of("ftp://host/a"), "refused");
  EXPECT_EQ(target_of("*"), "refused");
  EXPECT_EQ(target_of("a"), "refused");
  EXPECT_EQ(target_of("host:80"), "refused");
}

TEST_F(RequestReaderTest, LeavesTheTargetsOfOtherMethodsAlone) {
  ASSERT_EQ(feed("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n"), State::kHead);
  EXPECT_EQ(reader_.request().method(), Method::kOther);
  reader_.consume();
  ASSERT_EQ(feed("CONNECT host:80 HTTP/1.1\r\nHost: x\r\n\r\n"), State::kHead);
  reader_.consume();
  ASSERT_EQ(feed("get / HTTP/1.1\r\nHost: x\r\n\r\n"), State::kHead);
  EXPECT_EQ(reader_.request().method(), Method::kOther);
}

TEST_F(RequestReaderTest, KnowsTheMethodsThatHandlersTake) {
  ASSERT_EQ(feed("POST http://x/a HTTP/1.1\r\nHost: x\r\n\r\n"), State::kHead);
  EXPECT_EQ(reader_.request().method(), Method::kPost);
  EXPECT_EQ(reader_.request().target(), "/a");
  reader_.consume();
  ASSERT_EQ(feed("PURGE /a?b HTTP/1.1\r\nHost: x\r\n\r\n"), State::kHead);
  EXPECT_EQ(reader_.request().method(), Method::kPurge);
  reader_.consume();
  EXPECT_EQ(feed("POST * HTTP/1.1\r\nHost: x\r\n\r\n"), State::kError);
  EXPECT_EQ(refusal("PURGE a HTTP/1.1\r\nHost: x\r\n\r\n"), 400U);
}

TEST_F(RequestReaderTest, RefusesWhatIsNoRequest) {
  for (const std::string_view bytes : {"\x16\x03\x01\x02",
                                       "hello\r\n\r\n",
                                       "GET\r\n\r\n",
                                       "GET /\r\n\r\n",
                                       "GET  / HTTP/1.1\r\n",
                                       " GET / HTTP/1.1\r\n",
                                       "GET / HTTP/2.0\r\n",
                                       "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                                       "GET / HTTP/1.2\r\n\r\n",
                                       "GET / HTTP/1.1 \r\n",
                                       "GET / http/1.1\r\n",
                                       "\n\nGET",
                                       "\nGET / HTTP/1.1\r\nHost: x\r\n\r\n",
                                       "\r\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n",
                                       "\r\n\r\n\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n",
                                       "GET / HTTP/1.1\nHost: x\n\n",
                                       "GET / HTTP/1.1\r\nHost x\r\n\r\n",
                                       "GET / HTTP/1.1\r\nHost: x\r\n: y\r\n\r\n",
                                       "GET / HTTP/1.1\r\nHost : x\r\n\r\n",
                                       "GET / HTTP/1.1\r\nHost: x\r\nA: b\x01\r\n\r\n",
                                       "GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n",
                                       "GET / HTTP/1.1\r\nHost: x\r\nA:\r\n c\r\n\r\n",
                                       "GET / HTTP/1.1\r\nHost: x\r\nConnection: ,;\r\n\r\n"}) {
    EXPECT_EQ(refusal(bytes), 400U) << bytes;
  }
}

TEST_F(RequestReaderTest, RequiresExactlyOneHost) {
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\n\r\n"), 400U);
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n"), 400U);
  EXPECT_EQ(refusal("GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n"), 400U);
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\nHost: a, b\r\n\r\n"), 400U);
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"), 400U);
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\nHost:\r\n\r\n"), 0U);
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\nHost: :8081\r\n\r\n"), 0U);
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n"), 0U);
  EXPECT_EQ(refusal("GET / HTTP/1.0\r\n\r\n"), 0U);
}

std::string with_body(std::string_view body, std::string_view fields = {}) {
  return "POST /p HTTP/1.1\r\nHost: a\r\n" + std::string(fields) +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

// A request with these fields, and what the reader says of it; kHead is followed by take(most).
struct Judged {
  Judged(std::string_view method, std::string_view fields, std::size_t most) {
    const std::string head =
        std::string(method) + " / HTTP/1.1\r\nHost: a\r\n" + std::string(fields) + "\r\n";
    state = feed_into(reader, head, head.size());
    if (state != State::kHead) return;
    was_asked = true;
    reader.take(most);
    state = reader.next();
  }

  [[nodiscard]] unsigned status() const {
    return state == State::kError ? reader.error().status : 0;
  }

  RequestReader reader{HeadLimits{}};
  State state = State::kNeedMore;
  bool was_asked = false;
};

TEST_F(RequestReaderTest, EveryBodyIsFoundByItsHead) {
  for (const std::string_view method : {"GET", "HEAD", "POST", "PURGE", "BREW"}) {
    for (const std::string_view fields :
         {"Content-Length: 1\r\n", "Content-Length: 18446744073709551615\r\n",
          "Transfer-Encoding: chunked\r\n", "Transfer-Encoding: gzip\r\n",
          "Transfer-Encoding:\r\n"}) {
      const Judged judged(method, fields, 0);
      EXPECT_TRUE(judged.was_asked) << method << fields;
      EXPECT_EQ(judged.status(), 413U) << method << fields;
    }
  }
  EXPECT_FALSE(Judged("GET", "Content-Length: 0\r\n", 0).was_asked);
  EXPECT_FALSE(Judged("HEAD", "", 0).was_asked);
  EXPECT_EQ(Judged("POST", "Content-Length: 0\r\n", 0).state, State::kRequest);
  EXPECT_EQ(Judged("PURGE", "", 0).state, State::kRequest);
}

TEST_F(RequestReaderTest, ABodyHasOneLengthOrNone) {
  for (const std::string_view fields :
       {"Content-Length: 1\r\nContent-Length: 2\r\n",
        "Content-Length: 1, 2\r\n",
        "Content-Length: 5\r\nContent-Length: 5\r\n",
        "Content-Length: 5, 5\r\n",
        "Content-Length: 0\r\nContent-Length: 0\r\n",
        "Content-Length: ,5\r\n",
        "Content-Length: -1\r\n",
        "Content-Length: +5\r\n",
        "Content-Length: 1x\r\n",
        "Content-Length: 0x1\r\n",
        "Content-Length: 1 2\r\n",
        "Content-Length: 1.0\r\n",
        "Content-Length: \"1\"\r\n",
        "Content-Length:\r\n",
        "Content-Length: 18446744073709551616\r\n",
        "Content-Length: 99999999999999999999999999\r\n",
        "Content-Length : 1\r\n",
        "Content-Length: 1\r\n 2\r\n",
        "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n",
        "Content-Length: 1\r\nTransfer-Encoding: gzip\r\n",
        "Transfer-Encoding: gzip\r\nContent-Length: 1\r\n",
        "Transfer-Encoding:\r\nContent-Length: 0\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"}) {
    for (const std::string_view method : {"GET", "POST"}) {
      const Judged judged(method, fields, 100);
      EXPECT_FALSE(judged.was_asked) << fields;
      EXPECT_EQ(judged.status(), 400U) << fields;
    }
  }
  Judged spaced("POST", "Content-Length: \t 5 \r\n", 5);
  EXPECT_EQ(spaced.state, State::kNeedMore);
  EXPECT_EQ(spaced.reader.space().size(), 5U);
  EXPECT_EQ(Judged("POST", "Content-Length: 005\r\n", 5).state, State::kNeedMore);
}

TEST_F(RequestReaderTest, RefusesBodiesThatItCannotRead) {
  EXPECT_EQ(Judged("POST", "Content-Length: 11\r\n", 10).status(), 413U);
  EXPECT_EQ(Judged("POST", "Content-Length: 18446744073709551615\r\n", 10).status(), 413U);
  EXPECT_EQ(Judged("POST", "Transfer-Encoding: chunked\r\n", 10).status(), 411U);
  EXPECT_EQ(Judged("POST", "Transfer-Encoding: Chunked\r\n", 10).status(), 411U);
  for (const std::string_view codings :
       {"gzip", "", "gzip, chunked", "chunked, gzip", "xchunked", "identity", "chunked;x=y"}) {
    const std::string field = "Transfer-Encoding: " + std::string(codings) + "\r\n";
    EXPECT_EQ(Judged("POST", field, 10).status(), 501U) << codings;
  }
  EXPECT_EQ(
      Judged("POST", "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n", 10).status(),
      501U);
}

TEST_F(RequestReaderTest, ReadsABodyCutAnywhere) {
  const std::string request = with_body("{\"all\":true}", "X: y\r\n");
  for (std::size_t step = 1; step <= request.size(); ++step) {
    std::string_view rest = request;
    ASSERT_EQ(feed_some(reader_, rest, step), State::kHead) << step;
    EXPECT_TRUE(reader_.has_body());
    EXPECT_EQ(reader_.request().body(), "");
    const std::string_view target = reader_.request().target();
    reader_.take(12);
    ASSERT_EQ(feed_some(reader_, rest, step), State::kRequest) << step;
    EXPECT_EQ(reader_.request().body(), "{\"all\":true}");
    EXPECT_EQ(reader_.request().target().data(), target.data()) << "the head has not moved";
    EXPECT_EQ(reader_.request().header("X"), "y");
    EXPECT_EQ(reader_.request().method(), Method::kPost);
    EXPECT_FALSE(reader_.empty());
    reader_.consume();
    EXPECT_TRUE(reader_.empty());
  }
}

TEST_F(RequestReaderTest, ReadsWhatFollowsABody) {
  const std::string many = with_body("first") + std::string(kSimple) + with_body("") +
                           with_body(std::string(20'000, 'x')) + "\r\n" + std::string(kSimple);
  for (const std::size_t step : {1UL, 7UL, 4096UL, std::string::npos}) {
    std::string_view rest = many;
    std::vector<std::string> found;
    while (true) {
      const State state = feed_some(reader_, rest, step);
      if (state == State::kNeedMore) break;
      ASSERT_NE(state, State::kError);
      if (state == State::kHead) {
        reader_.take(20'000);
        continue;
      }
      found.emplace_back(std::string(reader_.request().target()) +
                         std::to_string(reader_.request().body().size()));
      reader_.consume();
    }
    EXPECT_THAT(found, ElementsAre("/p5", "/a?b=c0", "/p0", "/p20000", "/a?b=c0")) << step;
    EXPECT_TRUE(reader_.empty());
  }
}

TEST_F(RequestReaderTest, ReadsNothingBehindABody) {
  std::string_view rest = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nab";
  ASSERT_EQ(feed_some(reader_, rest, rest.size()), State::kHead);
  EXPECT_FALSE(reader_.is_in_body());
  reader_.take(6);
  EXPECT_TRUE(reader_.is_in_body());
  ASSERT_EQ(reader_.next(), State::kNeedMore);
  EXPECT_EQ(reader_.space().size(), 4U);
  rest = "cdef";
  ASSERT_EQ(feed_some(reader_, rest, 1), State::kRequest);
  EXPECT_FALSE(reader_.is_in_body());
  EXPECT_EQ(reader_.request().body(), "abcdef");
}

TEST_F(RequestReaderTest, KnowsWhoWaitsForTheWordToGoOn) {
  const auto waits = [](std::string_view version, std::string_view fields, std::string_view body) {
    RequestReader reader{HeadLimits{}};
    const std::string request = "POST / HTTP/" + std::string(version) + "\r\nHost: a\r\n" +
                                std::string(fields) + "\r\n" + std::string(body);
    if (feed_into(reader, request, request.size()) != State::kHead) return false;
    reader.take(3);
    return reader.waits_for_continue();
  };
  EXPECT_TRUE(waits("1.1", "Expect: 100-continue\r\nContent-Length: 3\r\n", ""));
  EXPECT_TRUE(waits("1.1", "expect: 100-Continue\r\nContent-Length: 3\r\n", ""));
  EXPECT_FALSE(waits("1.1", "Content-Length: 3\r\n", ""));
  EXPECT_FALSE(waits("1.1", "Expect: else\r\nContent-Length: 3\r\n", ""));
  EXPECT_FALSE(waits("1.0", "Expect: 100-continue\r\nContent-Length: 3\r\n", ""));
  EXPECT_FALSE(waits("1.1", "Expect: 100-continue\r\nContent-Length: 3\r\n", "a"));
  EXPECT_FALSE(waits("1.1", "Expect: 100-continue\r\nContent-Length: 0\r\n", ""));
  EXPECT_FALSE(waits("1.1", "Expect: 100-continue\r\n", ""));
  EXPECT_FALSE(waits("1.1", "Expect: 100-continue\r\nContent-Length: 4\r\n", ""));
  EXPECT_FALSE(waits("1.1", "Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n", ""));
}

// A head of that many bytes.
std::string head_of_size(std::size_t size) {
  std::string head = "GET / HTTP/1.1\r\nHost: a\r\nPad: ";
  head.append(size - head.size() - 4, 'p');
  return head + "\r\n\r\n";
}

TEST_F(RequestReaderTest, BoundsTheHead) {
  for (const std::size_t step : {std::string::npos, 1000UL, 1UL}) {
    EXPECT_EQ(refusal(head_of_size(16384), step), 0U);
    EXPECT_EQ(refusal(head_of_size(16385), step), 431U);
    EXPECT_EQ(refusal(head_of_size(100000), step), 431U);
  }
  EXPECT_EQ(refusal(std::string(20000, 'A')), 431U);
}

TEST_F(RequestReaderTest, BoundsTheTarget) {
  const auto with_target = [](std::size_t size, std::size_t step) {
    const std::string target = "/" + std::string(size - 1, 't');
    return refusal("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n", step);
  };
  for (const std::size_t step : {std::string::npos, 1000UL, 1UL}) {
    EXPECT_EQ(with_target(4096, step), 0U);
    EXPECT_EQ(with_target(4097, step), 414U);
    EXPECT_EQ(with_target(40000, step), 414U);
  }
}

TEST_F(RequestReaderTest, TellsThatTheMethodOfARefusedHeadWasHead) {
  ASSERT_EQ(feed("HEAD / HTTP/1.1\r\n\r\n"), State::kError);
  EXPECT_TRUE(reader_.is_head());
}

TEST_F(RequestReaderTest, PassesOverAFewEmptyLinesBeforeEachRequest) {
  for (const std::size_t step : {std::string::npos, 3UL, 2UL, 1UL}) {
    for (const std::string_view lines : {"\r\n", "\r\n\r\n", "\r\n\r\n\r\n\r\n"}) {
      ASSERT_EQ(feed(std::string(lines) + std::string(kSimple), step), State::kRequest);
      EXPECT_EQ(reader_.request().target(), "/a?b=c");
      reader_.consume();
      EXPECT_TRUE(reader_.empty());
    }
  }
}

TEST_F(RequestReaderTest, EmptyLinesTakeNothingFromTheRoomOfAHead) {
  EXPECT_EQ(refusal("\r\n\r\n" + head_of_size(16384), 1), 0U);
  EXPECT_EQ(refusal("\r\n\r\n" + head_of_size(16385), 1), 431U);
}

TEST_F(RequestReaderTest, AnErrorNamesTheRuleInOneLine) {
  const auto line = [](std::string_view bytes) {
    RequestReader reader{HeadLimits{}};
    return feed_into(reader, bytes, bytes.size()) == State::kError ? reader.error().line : "none";
  };
  EXPECT_EQ(line("hello\r\n\r\n"), "malformed request");
  EXPECT_EQ(line("GET / HTTP/2.0\r\n\r\n"), "HTTP version: must be 1.0 or 1.1");
  EXPECT_EQ(line("GET / HTTP/1.1\r\n\r\n"), "Host: must be given exactly once");
  EXPECT_EQ(line("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"), "Host: must be a host and a port");
  EXPECT_EQ(line("GET * HTTP/1.1\r\nHost: a\r\n\r\n"),
            "request target: must be a path or an http URL");
  EXPECT_EQ(line("GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: x\r\nContent-Length: 1\r\n\r\n"),
            "Content-Length: must not be given beside Transfer-Encoding");
  const auto body_line = [](std::string_view fields, std::size_t most) {
    return Judged("POST", fields, most).reader.error().line;
  };
  EXPECT_EQ(body_line("Content-Length: 1\r\n", 0), "request body: must be empty");
  EXPECT_EQ(body_line("Content-Length: 9\r\n", 8), "request body: must be at most 8 bytes");
  EXPECT_EQ(body_line("Transfer-Encoding: chunked\r\n", 8),
            "Content-Length: must be given, no chunked body is read");
  EXPECT_EQ(body_line("Transfer-Encoding: gzip\r\n", 8),
            "Transfer-Encoding: this server knows none but chunked");
  for (const std::string lengths : {"1\r\nContent-Length: 2", "1, 2", "5, 5", "-1", "x"}) {
    EXPECT_EQ(line("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + lengths + "\r\n\r\n"),
              "Content-Length: must be one number")
        << lengths;
  }
  EXPECT_EQ(line("GET /" + std::string(4096, 't') + " HTTP/1.1\r\n"),
            "request target: must be at most 4096 bytes");
  EXPECT_EQ(line(head_of_size(16385)), "request head: must be at most 16384 bytes");
}

}  // namespace
}  // namespace imageserver
