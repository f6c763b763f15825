#include "http/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "base/log.h"
#include "http/backlog.h"
#include "http/seats.h"
#include "support/patience.h"
#include "support/raw_socket.h"

namespace imageserver {
namespace {

using namespace std::chrono_literals;
using testing::awaited;
using testing::comes;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::soon;

constexpr milliseconds kNever = 1h;
constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

std::string get(std::string_view target, std::string_view fields = {}) {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: a\r\n" + std::string(fields) + "\r\n";
}

Response ok(std::string body) {
  Response response;
  response.add_field("X-Handled", "yes");
  response.body = Bytes::own(std::move(body));
  return response;
}

class TestHandler final : public Handler {
 public:
  std::optional<Admittance> admit(const Request& head) override { return on_head(head); }
  Answer handle(const Request& request) override { return on_request(request); }

  std::function<std::optional<Admittance>(const Request&)> on_head =
      [](const Request&) -> std::optional<Admittance> { return std::nullopt; };
  std::function<Answer(const Request&)> on_request = [](const Request& request) {
    return ok(std::string(request.target()));
  };
};

// What a test sees of an answer that waits until it is cancelled.
struct Endless {
  std::promise<void> started;
  std::promise<bool> ended;  // true: because it was cancelled

  bool was_cancelled() {
    auto future = ended.get_future();
    return comes(future) && future.get();
  }
};

Awaitable<Response> wait_forever(std::shared_ptr<Endless> endless) {
  Timer timer(co_await net::this_coro::executor, kNever);
  endless->started.set_value();
  const auto [error] = co_await timer.async_wait(net::as_tuple(use_awaitable));
  endless->ended.set_value(error == net::error::operation_aborted);
  co_return ok("too late");
}

Awaitable<Response> after(milliseconds time, const Request& request) {
  Timer timer(co_await net::this_coro::executor, time);
  co_await timer.async_wait(use_awaitable);
  co_return ok("later " + std::string(request.target()));
}

Awaitable<Response> echo_later(const Request& request) {
  Timer timer(co_await net::this_coro::executor, 1ms);
  co_await timer.async_wait(use_awaitable);
  co_return ok(std::string(request.body()));
}

Awaitable<Response> throw_later() {
  Timer timer(co_await net::this_coro::executor, 1ms);
  co_await timer.async_wait(use_awaitable);
  throw std::runtime_error("secret");
}

class ServerTest : public ::testing::Test {
 protected:
  explicit ServerTest(std::size_t threads = 2) : pool_(threads) {
    // What a test does not set short must not be what ends its connection.
    limits_.head = limits_.idle = limits_.write = limits_.half_closed = limits_.grace = kNever;
  }

  ~ServerTest() override {
    server_.reset();
    pool_.stop();
  }

  void listen() {
    auto server = Server::listen(pool_, Address{"127.0.0.1", 0}, handler_, shared(), limits_);
    ASSERT_TRUE(server.has_value());
    server_ = std::move(*server);
  }

  void start() {
    listen();
    server_->start();
    pool_.start();
  }

  void answer(std::function<Answer(const Request&)> how) { handler_->on_request = std::move(how); }

  std::shared_ptr<Endless> answer_never() {
    auto endless = std::make_shared<Endless>();
    answer([endless](const Request&) -> Answer { return wait_forever(endless); });
    return endless;
  }

  RawSocket connect() { return RawSocket::connect(server_->port()); }

  // A connection that has had an answer.
  RawSocket served() {
    RawSocket client = connect();
    client.send(kGet);
    EXPECT_EQ(client.read_answer().status, 200);
    return client;
  }

  ServerShared shared() { return {.seats = seats_, .backlog = backlog_}; }

  // One request on a connection of its own.
  RawAnswer ask(std::string_view request) {
    RawSocket client = connect();
    client.send(request);
    return client.read_answer();
  }

  std::future<void> drain() {
    auto gone = std::make_shared<std::promise<void>>();
    auto future = gone->get_future();
    server_->drain([gone] { gone->set_value(); });
    return future;
  }

  // Until the promise is kept.
  std::shared_ptr<std::promise<void>> keep_second_thread_busy() {
    auto release = std::make_shared<std::promise<void>>();
    std::promise<void> busy;
    net::post(pool_.at(1), [&busy, release] {
      busy.set_value();
      EXPECT_TRUE(comes(release->get_future()));
    });
    awaited(busy.get_future());
    return release;
  }

  static bool happens(std::future<void>& future) { return comes(future); }

  ServerLimits limits_;
  std::shared_ptr<Seats> seats_ = std::make_shared<Seats>(10'000);
  std::shared_ptr<Backlog> backlog_ = std::make_shared<Backlog>(1U << 30U);
  IoPool pool_;
  std::shared_ptr<TestHandler> handler_ = std::make_shared<TestHandler>();
  std::unique_ptr<Server> server_;
};

TEST_F(ServerTest, AnswersAGet) {
  start();
  const RawAnswer answer = ask(get("/a?b"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "/a?b");
  EXPECT_EQ(answer.field("X-Handled"), "yes");
  EXPECT_THAT(answer.field("Date"), EndsWith(" GMT"));
  EXPECT_EQ(answer.field("Connection"), "");
}

TEST_F(ServerTest, KeepsTheConnection) {
  start();
  RawSocket client = connect();
  for (int i = 0; i < 50; ++i) {
    client.send(get("/" + std::to_string(i)));
    EXPECT_EQ(client.read_answer().body, "/" + std::to_string(i));
  }
}

TEST_F(ServerTest, AnswersPipelinedRequestsInOrder) {
  answer([](const Request& request) -> Answer {
    if (request.target().ends_with('5')) return after(5ms, request);
    return ok(std::string(request.target()));
  });
  start();
  RawSocket client = connect();
  std::string requests;
  for (int i = 0; i < 300; ++i) requests += get("/" + std::to_string(i));
  client.send(requests);
  for (int i = 0; i < 300; ++i) {
    EXPECT_EQ(client.read_answer().body, (i % 10 == 5 ? "later /" : "/") + std::to_string(i));
  }
}

constexpr std::string_view kProcessing = "HTTP/1.1 102 Processing\r\n\r\n";

TEST_F(ServerTest, WhoAsksForInterimAnswersGetsThemUntilTheAnswerIsThere) {
  limits_.interim = 5ms;
  answer([](const Request& request) -> Answer {
    if (request.target() == "/ready") return ok("ready");
    return Later(after(100ms, request), Later::Meanwhile::kProcessing);
  });
  start();
  RawSocket client = connect();
  client.send(get("/ready") + get("/a"));
  EXPECT_EQ(client.read_answer().body, "ready");
  client.send(get("/ready", "Connection: close\r\n"));
  std::string rest = client.read_to_end();
  int interims = 0;
  for (; rest.starts_with(kProcessing); rest.erase(0, kProcessing.size())) ++interims;
  EXPECT_GE(interims, 2) << "one at once, and others later";
  EXPECT_TRUE(rest.starts_with("HTTP/1.1 200 OK\r\n")) << rest;
  EXPECT_THAT(rest, HasSubstr("later /a"));
  EXPECT_THAT(rest, EndsWith("ready"));
  EXPECT_THAT(rest, Not(HasSubstr("102"))) << "none comes after the answer";
}

TEST_F(ServerTest, AClientOfHttp10GetsNoInterimAnswer) {
  limits_.interim = 1ms;
  answer([](const Request& request) -> Answer {
    return Later(after(20ms, request), Later::Meanwhile::kProcessing);
  });
  start();
  EXPECT_EQ(ask("GET /a HTTP/1.0\r\n\r\n").body, "later /a");
}

TEST_F(ServerTest, WhatIsReadyDoesNotWaitForWhatIsNot) {
  const auto endless = std::make_shared<Endless>();
  answer([endless](const Request& request) -> Answer {
    if (request.target() == "/never") return wait_forever(endless);
    return ok(std::string(request.target()));
  });
  start();
  RawSocket client = connect();
  client.send(get("/a") + get("/b") + get("/never") + get("/c"));
  EXPECT_EQ(client.read_answer().body, "/a");
  EXPECT_EQ(client.read_answer().body, "/b");
  client.reset();
  EXPECT_TRUE(endless->was_cancelled());
}

TEST_F(ServerTest, AClientThatReadsSlowlyGetsEveryAnswerOfItsPipeline) {
  answer([](const Request& request) -> Answer {
    if (request.target().ends_with('7')) return after(1ms, request);
    return ok(std::string(request.target()) + std::string(300'000, '.'));
  });
  start();
  RawSocket client = connect();
  std::string requests;
  for (int i = 0; i < 40; ++i) requests += get("/" + std::to_string(i));
  client.send(requests);
  std::this_thread::sleep_for(100ms);  // the socket's buffers fill
  for (int i = 0; i < 40; ++i) {
    const std::string target = "/" + std::to_string(i);
    EXPECT_EQ(client.read_answer().body,
              i % 10 == 7 ? "later " + target : target + std::string(300'000, '.'));
  }
}

TEST_F(ServerTest, NothingBehindTheLastRequestOfAPipelineIsAnswered) {
  start();
  RawSocket client = connect();
  client.send(get("/a") + get("/b", "Connection: close\r\n") + get("/c"));
  EXPECT_EQ(client.read_answer().body, "/a");
  EXPECT_EQ(client.read_answer().body, "/b");
  EXPECT_TRUE(client.ended());
}

TEST_F(ServerTest, WhatStandsBeforeAMalformedRequestIsAnswered) {
  start();
  RawSocket client = connect();
  client.send(get("/a") + "garbage\r\n\r\n" + get("/b"));
  EXPECT_EQ(client.read_answer().body, "/a");
  EXPECT_EQ(client.read_answer().status, 400);
  EXPECT_TRUE(client.ended());
}

TEST_F(ServerTest, ReadsARequestThatComesByteByByte) {
  start();
  RawSocket client = connect();
  client.send_split(get("/a") + get("/b"));
  EXPECT_EQ(client.read_answer().body, "/a");
  EXPECT_EQ(client.read_answer().body, "/b");
}

TEST_F(ServerTest, HeadIsGetWithoutTheBody) {
  answer([](const Request& request) -> Answer {
    if (request.target() == "/none") return text_response(404, "none");
    Response response = ok("body");
    response.prefix = "prefix";
    return response;
  });
  start();
  for (const std::string target : {"/", "/none", "*"}) {
    RawSocket client = connect();
    client.send("GET " + target + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    const RawAnswer of_get = client.read_answer();
    RawSocket other = connect();
    other.send("HEAD " + target + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    const RawAnswer of_head = other.read_answer(true);
    EXPECT_EQ(of_head.head_without_date(), of_get.head_without_date());
    EXPECT_NE(of_get.body, "");
    EXPECT_TRUE(other.ended());
  }
}

TEST_F(ServerTest, SendsPrefixAndBody) {
  answer([](const Request&) -> Answer {
    Response response = ok("body");
    response.prefix = "prefix+";
    return response;
  });
  start();
  EXPECT_EQ(ask(kGet).body, "prefix+body");
}

TEST_F(ServerTest, NotModifiedHasNoBodyAndKeepsTheConnection) {
  answer([](const Request& request) -> Answer {
    Response response = ok("body");
    if (request.target() == "/304") response.status = 304;
    return response;
  });
  start();
  RawSocket client = connect();
  client.send(get("/304") + get("/200"));
  EXPECT_THAT(client.read_answer().head, Not(HasSubstr("Content-Length")));
  EXPECT_EQ(client.read_answer().body, "body");
}

TEST_F(ServerTest, OtherMethodsAreNotAllowed) {
  start();
  RawSocket client = connect();
  for (const std::string method : {"POST", "PUT", "DELETE", "OPTIONS", "get"}) {
    client.send(method + " / HTTP/1.1\r\nHost: a\r\n\r\n");
    const RawAnswer answer = client.read_answer();
    EXPECT_EQ(answer.status, 405);
    EXPECT_EQ(answer.field("Allow"), "GET, HEAD");
    EXPECT_EQ(answer.field("X-Handled"), "");
  }
  client.send(kGet);
  EXPECT_EQ(client.read_answer().status, 200);
}

TEST_F(ServerTest, RefusesAndCloses) {
  start();
  const auto refused = [this](const std::string& request, int status) {
    RawSocket client = connect();
    client.send(request);
    const RawAnswer answer = client.read_answer();
    EXPECT_EQ(answer.status, status) << request.substr(0, 80);
    EXPECT_EQ(answer.field("Connection"), "close");
    EXPECT_EQ(answer.field("Content-Type"), "text/plain; charset=utf-8");
    EXPECT_EQ(answer.field("Cache-Control"), "no-store");
    EXPECT_EQ(answer.body.find('\n'), answer.body.size() - 1);
    EXPECT_TRUE(client.ended());
  };
  refused("garbage\r\n\r\n", 400);
  refused("GET / HTTP/1.1\r\n\r\n", 400);
  refused("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400);
  refused("GET / HTTP/3.0\r\nHost: a\r\n\r\n", 400);
  refused("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc", 413);
  refused("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 413);
  refused(get("/" + std::string(4096, 'a')), 414);
  refused(get("/" + std::string(100'000, 'a')), 414);
  refused(get("/", "Pad: " + std::string(100'000, 'a') + "\r\n"), 431);
}

TEST_F(ServerTest, ARefusedClientThatGoesOnSendingReadsItsAnswer) {
  start();
  RawSocket client = connect();
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4000000\r\n\r\n");
  client.send(std::string(4'000'000, 'x'));
  EXPECT_EQ(client.read_answer().status, 413);
  EXPECT_TRUE(client.ended());
}

TEST_F(ServerTest, ARefusedClientIsNotListenedToForEver) {
  limits_.linger = kNever;
  limits_.linger_bytes = 1000;
  start();
  RawSocket client = connect();
  client.send("garbage\r\n\r\n");
  EXPECT_TRUE(soon([&] { return !client.send(std::string(1000, 'x')); }));
}

std::string post(std::string_view body, std::string_view fields = {}) {
  return "POST /p HTTP/1.1\r\nHost: a\r\n" + std::string(fields) +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

// Its handler takes bodies of at most ten bytes, and answers them.
class BodiesOfServerTest : public ServerTest {
 protected:
  BodiesOfServerTest() {
    limits_.body = kNever;
    handler_->on_head = [](const Request&) -> std::optional<Admittance> { return MostBody{10}; };
    answer([](const Request& request) -> Answer {
      return ok(std::string(request.target()) + ' ' + std::string(request.body()));
    });
  }
};

TEST_F(BodiesOfServerTest, TheHandlerGetsTheBody) {
  start();
  RawSocket client = connect();
  for (const std::string body : {"", "a", "0123456789"}) {
    client.send(post(body));
    EXPECT_EQ(client.read_answer().body, "/p " + body);
  }
  client.send("PURGE /q HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.read_answer().body, "/q ");
  client.send("GET /g HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx");
  EXPECT_EQ(client.read_answer().body, "/g x");
  client.send("HEAD /h HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx");
  EXPECT_EQ(client.read_answer(true).body, "");
  client.send(kGet);
  EXPECT_EQ(client.read_answer().body, "/ ");
}

TEST_F(BodiesOfServerTest, ReadsABodyThatComesByteByByte) {
  start();
  RawSocket client = connect();
  client.send_split(post("0123456789") + post("abc") + get("/"));
  EXPECT_EQ(client.read_answer().body, "/p 0123456789");
  EXPECT_EQ(client.read_answer().body, "/p abc");
  EXPECT_EQ(client.read_answer().body, "/ ");
}

TEST_F(BodiesOfServerTest, AnswersAPipelineWithBodiesInOrder) {
  start();
  RawSocket client = connect();
  client.send(get("/1") + post("two") + get("/3") + post("4") + post("") + get("/6"));
  for (const char* body : {"/1 ", "/p two", "/3 ", "/p 4", "/p ", "/6 "}) {
    EXPECT_EQ(client.read_answer().body, body);
  }
}

TEST_F(BodiesOfServerTest, ABodyIsThereUntilTheAwaitedAnswerIs) {
  answer([](const Request& request) -> Answer { return echo_later(request); });
  start();
  RawSocket client = connect();
  client.send(post("first") + post("second"));
  EXPECT_EQ(client.read_answer().body, "first");
  EXPECT_EQ(client.read_answer().body, "second");
}

TEST_F(BodiesOfServerTest, RefusesAndClosesWhereItReadsNoBody) {
  start();
  const auto refused = [this](const std::string& request, int status) {
    RawSocket client = connect();
    client.send(request + std::string(kGet));
    const RawAnswer answer = client.read_answer();
    EXPECT_EQ(answer.status, status) << request;
    EXPECT_EQ(answer.field("Connection"), "close");
    EXPECT_EQ(answer.field("X-Handled"), "");
    EXPECT_TRUE(client.ended());
  };
  refused(post("0123456789a"), 413);
  refused("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411);
  refused("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", 501);
  refused("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
          400);
  refused("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400);
}

TEST_F(BodiesOfServerTest, AnAnswerToTheHeadAloneClosesOnlyWhereABodyComes) {
  handler_->on_head = [](const Request& head) -> std::optional<Admittance> {
    EXPECT_EQ(head.body(), "");
    return text_response(403, "not you");
  };
  start();
  RawSocket client = connect();
  client.send("POST / HTTP/1.1\r\nHost: a\r\n\r\n" + std::string(kGet));
  EXPECT_EQ(client.read_answer().status, 403);
  EXPECT_EQ(client.read_answer().status, 200);
  client.send(post(std::string(1'000'000, 'x')));
  const RawAnswer answer = client.read_answer();
  EXPECT_EQ(answer.status, 403);
  EXPECT_EQ(answer.field("Connection"), "close");
  EXPECT_TRUE(client.ended());
}

TEST_F(BodiesOfServerTest, PlainRequestsNeedNoAdmittance) {
  handler_->on_head = [](const Request&) -> std::optional<Admittance> {
    return text_response(403, "not you");
  };
  start();
  EXPECT_EQ(ask(kGet).status, 200);
  EXPECT_EQ(ask(get("/", "Content-Length: 0\r\n")).status, 200);
}

TEST_F(BodiesOfServerTest, AThrowingAdmittanceIsAnInternalError) {
  handler_->on_head = [](const Request&) -> std::optional<Admittance> {
    throw std::runtime_error("secret");
  };
  start();
  RawSocket client = connect();
  client.send(post("body"));
  const RawAnswer answer = client.read_answer();
  EXPECT_EQ(answer.status, 500);
  EXPECT_THAT(answer.body, Not(HasSubstr("secret")));
  EXPECT_TRUE(client.ended());
}

TEST_F(BodiesOfServerTest, WhoWaitsForTheWordToGoOnGetsItBehindEarlierAnswers) {
  start();
  RawSocket client = connect();
  constexpr std::string_view kHead =
      "POST /p HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n";
  client.send(get("/1") + std::string(kHead));
  EXPECT_EQ(client.read_answer().body, "/1 ");
  EXPECT_EQ(client.read_head(), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("abc");
  EXPECT_EQ(client.read_answer().body, "/p abc");
  client.send(std::string(kHead) + "def");
  EXPECT_EQ(client.read_answer().body, "/p def") << "it has not waited";
}

TEST_F(BodiesOfServerTest, WhoWaitsForTheWordToGoOnMayGetTheAnswerInstead) {
  start();
  constexpr std::string_view kExpect = "Expect: 100-continue\r\n";
  EXPECT_EQ(ask("POST /p HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
                "Content-Length: 11\r\n\r\n")
                .status,
            413);
  handler_->on_head = [](const Request&) -> std::optional<Admittance> {
    return text_response(403, "not you");
  };
  RawSocket client = connect();
  client.send("POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n" + std::string(kExpect) +
              "\r\n");
  EXPECT_EQ(client.read_answer().status, 403);
  EXPECT_TRUE(client.ended());
  handler_->on_head = [](const Request&) -> std::optional<Admittance> { return std::nullopt; };
  EXPECT_EQ(ask(get("/", std::string(kExpect) + "Content-Length: 3\r\n")).status, 413);
  EXPECT_EQ(ask(get("/", kExpect)).status, 200);
}

TEST_F(BodiesOfServerTest, CutsABodyThatComesTooSlowly) {
  limits_.body = 100ms;
  handler_->on_head = [](const Request&) -> std::optional<Admittance> {
    return MostBody{std::size_t{1} << 30U};
  };
  start();
  RawSocket mute = connect();
  mute.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\na");
  EXPECT_TRUE(mute.ended());
  RawSocket slow = connect();
  slow.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\n\r\n");
  EXPECT_TRUE(soon([&] { return !slow.send("x"); }));
}

TEST_F(BodiesOfServerTest, ClientsThatLeaveInTheMiddleOfABodyAreForgotten) {
  start();
  constexpr std::string_view kPart =
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n01234";
  std::vector<RawSocket> clients;
  for (int i = 0; i < 6; ++i) {
    clients.push_back(connect());
    clients.back().send(get("/") + std::string(kPart));
    EXPECT_EQ(clients.back().read_answer().status, 200);
  }
  EXPECT_TRUE(soon([this] { return seats_->taken() == 6; }));
  clients[0].close();
  clients[1].reset();
  clients[2].end_sending();
  EXPECT_TRUE(clients[2].ended());
  clients[3].end_sending();
  clients[3].close();
  EXPECT_TRUE(soon([this] { return seats_->taken() == 2; }));
  clients[4].send("56789");
  EXPECT_EQ(clients[4].read_answer().body, "/ 0123456789");
}

TEST_F(BodiesOfServerTest, AClientMayEndItsSideBehindTheBody) {
  start();
  RawSocket client = connect();
  client.send(post("abc"));
  client.end_sending();
  EXPECT_EQ(client.read_answer().body, "/p abc");
  EXPECT_TRUE(client.ended());
}

TEST_F(BodiesOfServerTest, DrainFinishesABodyThatIsHalfThere) {
  start();
  RawSocket client = connect();
  client.send(get("/a") + "POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nx");
  EXPECT_EQ(client.read_answer().body, "/a ");
  auto gone = drain();
  client.send("y");
  EXPECT_EQ(client.read_answer().body, "/b xy");
  EXPECT_TRUE(client.ended());
  client.close();
  EXPECT_TRUE(happens(gone));
}

TEST_F(BodiesOfServerTest, BodiesThatStopInTheMiddleLockNobodyOut) {
  seats_ = std::make_shared<Seats>(2);
  start();
  std::vector<RawSocket> halves;
  for (int i = 0; i < 20; ++i) {
    halves.push_back(connect());
    halves.back().send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nx");
  }
  EXPECT_TRUE(soon([this] { return ask(kGet).status == 200; }));
}

TEST_F(ServerTest, ClosesWhereTheClientAsks) {
  start();
  for (const std::string& request :
       {get("/", "Connection: close\r\n"), std::string("GET / HTTP/1.0\r\n\r\n")}) {
    RawSocket client = connect();
    client.send(request);
    const RawAnswer answer = client.read_answer();
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.field("Connection"), "close");
    EXPECT_TRUE(client.ended());
  }
}

TEST_F(ServerTest, KeepsAnOldClientThatAsksForIt) {
  start();
  RawSocket client = connect();
  for (int i = 0; i < 2; ++i) {
    client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_EQ(client.read_answer().field("Connection"), "keep-alive");
  }
}

TEST_F(ServerTest, ClosesWhereTheHandlerAsks) {
  answer([](const Request&) -> Answer {
    Response response = ok("bye");
    response.close = true;
    return response;
  });
  start();
  RawSocket client = connect();
  client.send(kGet);
  EXPECT_EQ(client.read_answer().field("Connection"), "close");
  EXPECT_TRUE(client.ended());
}

TEST_F(ServerTest, CutsAHeadThatComesTooSlowly) {
  limits_.head = 100ms;
  start();
  RawSocket mute = connect();
  mute.send("GET / HTT");
  EXPECT_TRUE(mute.ended());
  RawSocket slow = connect();
  slow.send("GET / HTTP/1.1\r\nPad: ");
  EXPECT_TRUE(soon([&] { return !slow.send("x"); }));
  EXPECT_TRUE(slow.ended());  // and not 431
}

TEST_F(ServerTest, CutsIdleConnections) {
  limits_.idle = 100ms;
  start();
  RawSocket fresh = connect();
  EXPECT_TRUE(fresh.ended());
  RawSocket used = served();
  EXPECT_TRUE(used.ended());
}

TEST_F(ServerTest, AnAwaitedAnswerIsNotCutByTheOtherLimits) {
  limits_.head = limits_.idle = limits_.write = 50ms;
  answer([](const Request& request) -> Answer { return after(300ms, request); });
  start();
  EXPECT_EQ(ask(kGet).body, "later /");
}

TEST_F(ServerTest, CutsAClientThatDoesNotRead) {
  limits_.write = 100ms;
  const Bytes big = Bytes::own(std::string(100'000'000, 'x'));
  answer([big](const Request&) -> Answer {
    Response response;
    response.body = big;
    return response;
  });
  start();
  RawSocket client = connect();
  client.send(kGet);
  ASSERT_THAT(client.read_head(), HasSubstr("200"));
  auto gone = drain();
  EXPECT_TRUE(happens(gone));
  EXPECT_LT(client.read_to_end().size(), big.size());
}

// The socket's buffer holds megabytes, and says that it takes more when a third of them is gone:
// much later than the client is to have taken its share.
TEST_F(ServerTest, AClientThatTakesItsShareOfASecondIsServedHoweverSlowThatIs) {
  limits_.write = 3s;
  limits_.write_rate = 1'000;
  const std::string body(8'000'000, 'x');
  answer([&body](const Request&) -> Answer { return ok(body); });
  start();
  RawSocket client = RawSocket::connect_with_buffer(server_->port(), 8192);
  client.send(kGet);
  std::string read;
  for (const auto end = Clock::now() + 5s; Clock::now() < end;) {
    read += client.read_some(4096);
    std::this_thread::sleep_for(100ms);
  }
  EXPECT_LT(read.size(), body.size() / 4);
  read += client.read_some(body.size());
  while (read.size() < body.size()) {
    const std::string more = client.read_some(body.size());
    ASSERT_FALSE(more.empty()) << "cut after " << read.size();
    read += more;
  }
  EXPECT_TRUE(read.ends_with("xxxx"));
}

TEST_F(ServerTest, AClientThatTakesLessThanItsShareOfASecondIsCut) {
  limits_.write = 300ms;
  limits_.write_rate = 100'000'000;
  const std::string body(8'000'000, 'x');
  answer([&body](const Request&) -> Answer { return ok(body); });
  start();
  RawSocket client = RawSocket::connect_with_buffer(server_->port(), 8192);
  client.send(kGet);
  std::size_t read = 0;
  for (std::size_t got = 1; got > 0 && read < body.size(); read += got) {
    got = client.read_some(4096).size();
    std::this_thread::sleep_for(1ms);
  }
  EXPECT_LT(read, body.size());
}

class BacklogOfServerTest : public ServerTest {
 protected:
  static constexpr std::size_t kBody = 16'000'000;  // much more than the kernel keeps

  BacklogOfServerTest() {
    backlog_ = std::make_shared<Backlog>(2 * kBody + kBody / 2);
    answer([this](const Request& request) -> Answer {
      if (request.target() == "/shared") {
        Response response;
        response.body = shared_;
        return response;
      }
      return ok(std::string(size_of(request.target()), 'x'));
    });
  }

  // The sum of what is held shows whose it is.
  static std::size_t size_of(std::string_view target) {
    return kBody + static_cast<std::size_t>(target.back() - 'a');
  }

  RawSocket ask_for(std::string_view target) {
    RawSocket client = RawSocket::connect_with_buffer(server_->port(), 65536);
    client.send(get(target));
    return client;
  }

  static void read_more(RawSocket& client, std::size_t size) {
    while (size > 0) {
      const std::size_t got = client.read_some(size).size();
      ASSERT_GT(got, 0U);
      size -= got;
    }
  }

  [[nodiscard]] bool holds(std::size_t bytes) {
    return soon([&] { return backlog_->held() == bytes; });
  }

  const Bytes shared_ = Bytes::own(std::string(kBody, 's'));
};

TEST_F(BacklogOfServerTest, IsEmptyOnceAnswersAreTaken) {
  start();
  RawSocket client = ask_for("/a");
  EXPECT_TRUE(holds(kBody));
  EXPECT_EQ(client.read_answer().body.size(), kBody);
  EXPECT_TRUE(holds(0));
}

TEST_F(BacklogOfServerTest, IsEmptyOnceClientsAreGone) {
  start();
  RawSocket client = ask_for("/a");
  EXPECT_TRUE(holds(kBody));
  client.reset();
  EXPECT_TRUE(holds(0));
}

TEST_F(BacklogOfServerTest, TheClientThatTakesLeastLosesItsAnswer) {
  start();
  RawSocket reader = ask_for("/a");
  EXPECT_TRUE(holds(kBody));
  RawSocket mute = ask_for("/b");
  EXPECT_TRUE(holds(size_of("/a") + size_of("/b")));
  read_more(reader, kBody / 4);
  RawSocket newcomer = ask_for("/c");
  EXPECT_TRUE(holds(size_of("/a") + size_of("/c")));
  EXPECT_LT(mute.read_to_end().size(), kBody);
  read_more(newcomer, kBody);
  read_more(reader, kBody - kBody / 4);
}

TEST_F(BacklogOfServerTest, ManyMayTakeTheSamePicture) {
  start();
  std::vector<RawSocket> clients;
  for (int i = 0; i < 8; ++i) clients.push_back(ask_for("/shared"));
  EXPECT_TRUE(holds(kBody));
  for (RawSocket& client : clients) EXPECT_EQ(client.read_answer().body.size(), kBody);
}

TEST_F(ServerTest, BigBodiesArriveWhole) {
  std::string text;
  for (int i = 0; text.size() < 10'000'000; ++i) text += std::to_string(i);
  const Bytes big = Bytes::copy(text);
  answer([big](const Request&) -> Answer {
    Response response;
    response.prefix = "prefix";
    response.body = big;
    return response;
  });
  start();
  RawSocket client = connect();
  for (int i = 0; i < 3; ++i) {
    client.send(kGet);
    EXPECT_TRUE(client.read_answer().body == "prefix" + text);
  }
}

TEST_F(ServerTest, AnswersAClientThatHasEndedItsSide) {
  answer([](const Request& request) -> Answer {
    if (request.target() == "/later") return after(50ms, request);
    return ok("now");
  });
  start();
  RawSocket now = connect();
  now.send(get("/now") + get("/now"));
  now.end_sending();
  EXPECT_EQ(now.read_answer().body, "now");
  EXPECT_EQ(now.read_answer().body, "now");
  EXPECT_TRUE(now.ended());
  RawSocket later = connect();
  later.send(get("/later"));
  later.end_sending();
  EXPECT_EQ(later.read_answer().body, "later /later");
  EXPECT_TRUE(later.ended());
}

TEST_F(ServerTest, AResetCancelsTheAwaitedAnswer) {
  const auto endless = answer_never();
  start();
  RawSocket client = connect();
  client.send(kGet);
  awaited(endless->started.get_future());
  client.reset();
  EXPECT_TRUE(endless->was_cancelled());
}

TEST_F(ServerTest, AResetIsNoticedBehindBytesThatTheClientSentBefore) {
  limits_.look_behind_bytes = 10ms;
  for (const std::string_view more : {"G", "GET / HTTP/1.1\r\nHost: a\r\n\r\n"}) {
    const auto endless = answer_never();
    if (!server_) start();
    RawSocket client = connect();
    client.send(kGet);
    awaited(endless->started.get_future());
    client.send(more);
    std::this_thread::sleep_for(30ms);  // for the bytes to be seen; the test holds without it
    client.reset();
    EXPECT_TRUE(endless->was_cancelled());
  }
}

TEST_F(ServerTest, AHalfCloseIsNoticedBehindMoreBytesThanAreRead) {
  limits_.look_behind_bytes = 10ms;
  limits_.half_closed = 50ms;
  const auto endless = answer_never();
  start();
  RawSocket client = connect();
  client.send(kGet);
  awaited(endless->started.get_future());
  client.send(std::string(100'000, 'x'));
  client.end_sending();
  EXPECT_TRUE(endless->was_cancelled());
  EXPECT_TRUE(client.ended());
}

TEST_F(ServerTest, AnswersAPipelineThatEndsWhileItIsAwaited) {
  limits_.look_behind_bytes = 5ms;
  answer([](const Request& request) -> Answer { return after(50ms, request); });
  start();
  RawSocket client = connect();
  client.send(get("/a"));
  client.send(get("/b"));
  client.end_sending();
  EXPECT_EQ(client.read_answer().body, "later /a");
  EXPECT_EQ(client.read_answer().body, "later /b");
  EXPECT_TRUE(client.ended());
}

TEST_F(ServerTest, AHalfClosedConnectionIsGivenALittleTime) {
  limits_.half_closed = 50ms;
  const auto endless = answer_never();
  start();
  RawSocket client = connect();
  client.send(kGet);
  client.end_sending();
  EXPECT_TRUE(endless->was_cancelled());
  EXPECT_TRUE(client.ended());
}

TEST_F(ServerTest, PipelinedBytesDoNotCancelTheAwaitedAnswer) {
  answer([](const Request& request) -> Answer { return after(50ms, request); });
  start();
  RawSocket client = connect();
  client.send(get("/a"));
  client.send(get("/b"));
  EXPECT_EQ(client.read_answer().body, "later /a");
  EXPECT_EQ(client.read_answer().body, "later /b");
}

TEST_F(ServerTest, AThrowingHandlerIsAnInternalError) {
  answer([](const Request& request) -> Answer {
    if (request.target() == "/later") return throw_later();
    throw std::runtime_error("secret");
  });
  start();
  RawSocket client = connect();
  for (const std::string_view target : {"/now", "/later", "/now"}) {
    client.send(get(target));
    const RawAnswer answer = client.read_answer();
    EXPECT_EQ(answer.status, 500);
    EXPECT_THAT(answer.body, Not(HasSubstr("secret")));
  }
}

TEST_F(ServerTest, ServesManyAtOnce) {
  answer([](const Request& request) -> Answer { return after(1ms, request); });
  start();
  std::vector<std::thread> clients;
  std::atomic<int> answered = 0;
  for (int i = 0; i < 16; ++i) {
    clients.emplace_back([&] {
      RawSocket client = connect();
      for (int j = 0; j < 20; ++j) {
        client.send(kGet);
        if (client.read_answer().status == 200) ++answered;
      }
    });
  }
  for (auto& client : clients) client.join();
  EXPECT_EQ(answered, 16 * 20);
}

TEST_F(ServerTest, DrainClosesIdleConnectionsAndThePort) {
  start();
  RawSocket fresh = connect();
  RawSocket used = served();
  auto gone = drain();
  EXPECT_TRUE(happens(gone));
  EXPECT_TRUE(fresh.ended());
  EXPECT_TRUE(used.ended());
  EXPECT_THROW(connect(), std::runtime_error);
}

TEST_F(ServerTest, DrainServesWhoHasJustConnected) {
  limits_.newcomer = kNever;
  start();
  RawSocket newcomer = connect();
  auto gone = drain();
  newcomer.send(kGet);
  EXPECT_EQ(newcomer.read_answer().status, 200);
  newcomer.close();
  EXPECT_TRUE(happens(gone));
}

TEST_F(ServerTest, DrainServesWhoWaitsToBeAccepted) {
  limits_.newcomer = kNever;
  listen();
  std::vector<RawSocket> waiting;
  for (int i = 0; i < 5; ++i) waiting.push_back(connect());
  pool_.start();
  auto gone = drain();
  for (RawSocket& client : waiting) {
    client.send(kGet);
    EXPECT_EQ(client.read_answer().status, 200);
    client.close();
  }
  EXPECT_TRUE(happens(gone));
}

TEST_F(ServerTest, BeforeADrainClientsAreServedAndToldToClose) {
  start();
  RawSocket before = connect();
  before.send(kGet);
  EXPECT_EQ(before.read_answer().field("Connection"), "");
  server_->announce_drain();
  const auto is_told = [&] { return ask(kGet).field("Connection") == "close"; };
  for (int i = 0; i < 10'000 && !is_told(); ++i) std::this_thread::yield();
  EXPECT_TRUE(is_told());
  before.send(kGet);
  EXPECT_EQ(before.read_answer().field("Connection"), "close");
  EXPECT_TRUE(before.ended());
  EXPECT_TRUE(is_told()) << "new ones are still let in";
}

TEST_F(ServerTest, DrainWithNobodyThereIsDoneAtOnce) {
  start();
  auto gone = drain();
  EXPECT_TRUE(happens(gone));
}

TEST_F(ServerTest, DrainFinishesWhatIsUnderWay) {
  std::promise<void> asked;
  answer([&asked](const Request& request) -> Answer {
    asked.set_value();
    return after(100ms, request);
  });
  start();
  RawSocket client = connect();
  client.send(kGet);
  awaited(asked.get_future());
  auto gone = drain();
  const RawAnswer answer = client.read_answer();
  EXPECT_EQ(answer.body, "later /");
  EXPECT_EQ(answer.field("Connection"), "close");
  EXPECT_TRUE(client.ended());
  client.close();
  EXPECT_TRUE(happens(gone));
}

TEST_F(ServerTest, ADrainIsOverWhenTheLastConnectionOfAllThreadsIsGone) {
  const auto endless = answer_never();
  start();
  RawSocket client = connect();
  client.send(kGet);
  awaited(endless->started.get_future());
  auto gone = drain();
  // By then the other thread, which has no connection, has said so.
  for (int i = 0; i < 10; ++i) {
    for (std::size_t thread = 0; thread < pool_.size(); ++thread) {
      std::promise<void> passed;
      net::post(pool_.at(thread), [&passed] { passed.set_value(); });
      awaited(passed.get_future());
    }
  }
  EXPECT_EQ(gone.wait_for(0s), std::future_status::timeout);
  client.reset();
  EXPECT_TRUE(happens(gone));
}

TEST_F(ServerTest, DrainFinishesARequestThatIsHalfThere) {
  start();
  RawSocket client = connect();
  client.send(get("/a") + "GET /b HTTP/1.1\r\n");  // when the answer is there, so is the half
  EXPECT_EQ(client.read_answer().body, "/a");
  auto gone = drain();
  client.send("Host: a\r\n\r\n");
  EXPECT_EQ(client.read_answer().body, "/b");
  EXPECT_TRUE(client.ended());
  client.close();
  EXPECT_TRUE(happens(gone));
}

// The second client's thread is busy when the request comes, and hears of the drain before it
// reads.
TEST_F(ServerTest, DrainServesARequestThatHasComeAndIsNotReadYet) {
  start();
  RawSocket first = served();
  RawSocket second = served();
  const auto release = keep_second_thread_busy();
  second.send(kGet);
  auto gone = drain();
  EXPECT_TRUE(first.ended());
  release->set_value();
  EXPECT_EQ(second.read_answer().status, 200);
  EXPECT_TRUE(second.ended());
  second.close();
  EXPECT_TRUE(happens(gone));
}

TEST_F(ServerTest, DrainCutsWhatDoesNotFinish) {
  limits_.grace = 50ms;
  const auto endless = answer_never();
  start();
  RawSocket client = connect();
  client.send(kGet);
  awaited(endless->started.get_future());
  RawSocket half = connect();
  half.send(get("/") + "GET");
  auto gone = drain();
  EXPECT_TRUE(happens(gone));
  EXPECT_TRUE(endless->was_cancelled());
  EXPECT_TRUE(client.ended());
}

TEST_F(ServerTest, StopsWithRequestsUnderWay) {
  const auto endless = answer_never();
  start();
  RawSocket client = connect();
  client.send(kGet);
  awaited(endless->started.get_future());
  server_.reset();
  pool_.stop();
}

TEST_F(ServerTest, ATakenPortIsAnError) {
  start();
  for (const std::string host : {"", "127.0.0.1"}) {
    const auto second =
        Server::listen(pool_, Address{host, server_->port()}, handler_, shared(), limits_);
    ASSERT_TRUE(second.has_error()) << host;
    EXPECT_EQ(second.error().message, "address already in use");
  }
}

TEST_F(ServerTest, AnAddressThatIsNotOursIsAnErrorWithTheSystemsReason) {
  const auto server = Server::listen(pool_, Address{"192.0.2.1", 0}, handler_, shared(), limits_);
  ASSERT_TRUE(server.has_error());
  EXPECT_EQ(server.error().message,
            "cannot listen on this address: Cannot assign requested address");
}

class SeatsOfServerTest : public ServerTest {
 protected:
  // With one thread, a client that has its answer counts as idle before the next one is heard.
  SeatsOfServerTest() : ServerTest(1) {
    seats_ = std::make_shared<Seats>(2);
    limits_.linger = kNever;
  }

  // A client whose request is answered when the test ends.
  RawSocket busy(const std::string& from = "127.0.0.1") {
    RawSocket client = RawSocket::connect_from(from, server_->port());
    client.send(get("/never"));
    return client;
  }

  void answer_some_never() {
    answer([](const Request& request) -> Answer {
      if (request.target() != "/never") return ok("now");
      return wait_forever(std::make_shared<Endless>());
    });
  }
};

TEST_F(SeatsOfServerTest, TheConnectionThatIsIdleLongestMakesRoom) {
  start();
  RawSocket first = served();
  RawSocket second = served();
  first.send(kGet);
  EXPECT_EQ(first.read_answer().status, 200);
  EXPECT_EQ(ask(kGet).status, 200);
  EXPECT_TRUE(second.ended());
  first.send(kGet);
  EXPECT_EQ(first.read_answer().status, 200);
}

// The thread of the connection that is idle longest is busy when the request comes, and hears that
// it is to make room before it reads.
TEST_F(ServerTest, WhoseRequestHasComeAndIsNotReadYetDoesNotMakeRoom) {
  seats_ = std::make_shared<Seats>(2);
  start();
  RawSocket first = connect();
  RawSocket second = connect();
  for (RawSocket* const client : {&second, &first}) {
    client->send(kGet);
    EXPECT_EQ(client->read_answer().status, 200);
  }
  const auto release = keep_second_thread_busy();
  second.send(kGet);
  EXPECT_EQ(ask(kGet).status, 200);
  release->set_value();
  EXPECT_EQ(second.read_answer().status, 200);
}

TEST_F(SeatsOfServerTest, ConnectionsThatNeverSaidAnythingLockNobodyOut) {
  start();
  std::vector<RawSocket> silent;
  for (int i = 0; i < 100; ++i) silent.push_back(connect());
  for (int i = 0; i < 20; ++i) EXPECT_EQ(ask(kGet).status, 200);
  EXPECT_LE(seats_->taken(), 2U + Seats::kLeaving);
}

TEST_F(SeatsOfServerTest, HeadsThatStopInTheMiddleLockNobodyOut) {
  start();
  std::vector<RawSocket> halves;
  for (int i = 0; i < 20; ++i) {
    halves.push_back(connect());
    halves.back().send("GET / HTT");
  }
  EXPECT_EQ(ask(kGet).status, 200);
}

TEST_F(SeatsOfServerTest, WhereAllAreBusyTheNextOneIsTurnedAway) {
  const auto endless = answer_never();
  seats_ = std::make_shared<Seats>(1);
  start();
  RawSocket client = connect();
  client.send(kGet);
  awaited(endless->started.get_future());
  const RawAnswer refused = ask(kGet);
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.field("Connection"), "close");
  EXPECT_EQ(refused.field("Retry-After"), "1");
  for (int i = 0; i < 100; ++i) ask(kGet);
  client.reset();
  EXPECT_TRUE(endless->was_cancelled());
  answer([](const Request&) -> Answer { return ok("now"); });
  EXPECT_TRUE(soon([this] { return ask(kGet).status == 200; }));
}

TEST_F(SeatsOfServerTest, AnAddressWithAllSeatsGivesOneToAnother) {
  answer_some_never();
  start();
  RawSocket first = busy();
  EXPECT_TRUE(soon([this] { return seats_->taken() == 1; }));
  RawSocket second = busy();
  EXPECT_TRUE(soon([this] { return seats_->taken() == 2; }));
  RawSocket other = RawSocket::connect_from("127.0.0.2", server_->port());
  other.send(get("/now"));
  EXPECT_EQ(other.read_answer().body, "now");
  EXPECT_TRUE(second.ended());
}

TEST_F(ServerTest, ListensOnEveryAddress) {
  auto server = Server::listen(pool_, Address{"", 0}, handler_, shared(), limits_);
  ASSERT_TRUE(server.has_value());
  (*server)->start();
  pool_.start();
  RawSocket client = RawSocket::connect((*server)->port());
  client.send(kGet);
  EXPECT_EQ(client.read_answer().status, 200);
}

// Takes every descriptor the process may still have, as long as it lives.
class NoDescriptors {
 public:
  NoDescriptors() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    rlimit small = before_;
    small.rlim_cur = std::min<rlim_t>(before_.rlim_cur, 256);
    ::setrlimit(RLIMIT_NOFILE, &small);
    for (int taken = ::dup(0); taken >= 0; taken = ::dup(0)) taken_.push_back(taken);
  }
  ~NoDescriptors() {
    for (const int taken : taken_) ::close(taken);
    ::setrlimit(RLIMIT_NOFILE, &before_);
  }
  NoDescriptors(const NoDescriptors&) = delete;
  NoDescriptors& operator=(const NoDescriptors&) = delete;

  void give_back_one() {
    ::close(taken_.back());
    taken_.pop_back();
  }

 private:
  rlimit before_{};
  std::vector<int> taken_;
};

TEST_F(ServerTest, AcceptsAgainWhenDescriptorsAreBack) {
  limits_.accept_retry = 20ms;
  start();
  // When UBSan first meets a type, it takes descriptors to look at it. So each type is met before:
  // those of clients that come and go, and those of the error and of its line in the log.
  for (int i = 0; i < 8; ++i) EXPECT_EQ(ask(kGet).status, 200);
  const error_code no_descriptor(EMFILE, boost::system::system_category());
  log::warn("before the descriptors are gone: {}", no_descriptor.message());
  auto none = std::make_unique<NoDescriptors>();
  none->give_back_one();
  RawSocket client = connect();  // takes the one that is left
  client.send(kGet);
  std::this_thread::sleep_for(50ms);  // for the server to fail; the test holds without it
  none.reset();
  EXPECT_EQ(client.read_answer().status, 200);
}

}  // namespace
}  // namespace imageserver
