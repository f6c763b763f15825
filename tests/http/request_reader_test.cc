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

// Feeds at most `step` bytes at a time until the reader has something to say.
State feed_into(RequestReader& reader, std::string_view bytes, std::size_t step) {
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
  ASSERT_EQ(feed("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n"), State::kRequest);
  EXPECT_EQ(reader_.request().method(), Method::kOther);
  reader_.consume();
  ASSERT_EQ(feed("CONNECT host:80 HTTP/1.1\r\nHost: x\r\n\r\n"), State::kRequest);
  reader_.consume();
  ASSERT_EQ(feed("get / HTTP/1.1\r\nHost: x\r\n\r\n"), State::kRequest);
  EXPECT_EQ(reader_.request().method(), Method::kOther);
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

TEST_F(RequestReaderTest, TakesNoBody) {
  const auto with = [](std::string_view method, std::string_view fields) {
    return refusal(std::string(method) + " / HTTP/1.1\r\nHost: a\r\n" + std::string(fields) +
                   "\r\n");
  };
  for (const std::string_view method : {"GET", "HEAD", "POST", "BREW"}) {
    EXPECT_EQ(with(method, "Content-Length: 1\r\n"), 413U);
    EXPECT_EQ(with(method, "Content-Length: 18446744073709551615\r\n"), 413U);
    EXPECT_EQ(with(method, "Transfer-Encoding: chunked\r\n"), 413U);
    EXPECT_EQ(with(method, "Transfer-Encoding: gzip\r\n"), 413U);
    EXPECT_EQ(with(method, "Transfer-Encoding:\r\n"), 413U);
    EXPECT_EQ(with(method, "Content-Length: 0\r\n"), 0U);
  }
  for (const std::string_view fields :
       {"Content-Length: 1\r\nContent-Length: 2\r\n", "Content-Length: 1, 2\r\n",
        "Content-Length: -1\r\n", "Content-Length: 1x\r\n", "Content-Length:\r\n",
        "Content-Length: 18446744073709551616\r\n",
        "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n"}) {
    EXPECT_EQ(with("POST", fields), 400U) << fields;
  }
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
  EXPECT_EQ(line("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n"),
            "request body: must be empty");
  for (const std::string lengths : {"1\r\nContent-Length: 2", "1, 2", "-1", "x"}) {
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
