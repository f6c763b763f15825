#include "http/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <deque>
#include <functional>
#include <future>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "http/retry_budget.h"
#include "support/patience.h"
#include "support/raw_socket.h"
#include "support/run_to_end.h"

namespace imageserver {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// A peer that does with its n-th connection what the n-th script says; later ones are closed.
class ScriptedPeer {
 public:
  using Script = std::function<void(RawSocket&)>;

  explicit ScriptedPeer(std::vector<Script> scripts)
      : scripts_(std::move(scripts)), thread_([this] { run(); }) {}
  ~ScriptedPeer() {
    stopping_ = true;
    listener_.stop();
    thread_.join();
  }
  ScriptedPeer(const ScriptedPeer&) = delete;
  ScriptedPeer& operator=(const ScriptedPeer&) = delete;

  [[nodiscard]] std::string authority() const { return ":" + std::to_string(listener_.port()); }
  [[nodiscard]] std::size_t connections() const { return connections_; }

 private:
  void run() {
    std::deque<RawSocket> sockets;
    std::vector<std::thread> threads;
    while (true) {
      RawSocket& socket = sockets.emplace_back(listener_.accept_any_time());
      if (stopping_) break;
      const std::size_t index = connections_++;
      threads.emplace_back([this, &socket, index] {
        if (index < scripts_.size()) scripts_[index](socket);
        socket.hang_up();
      });
    }
    for (auto& socket : sockets) socket.hang_up();
    for (auto& thread : threads) thread.join();
  }

  RawListener listener_;
  const std::vector<Script> scripts_;
  std::atomic<bool> stopping_ = false;
  std::atomic<std::size_t> connections_ = 0;
  std::thread thread_;
};

std::string answer_with(std::string_view body) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         std::string(body);
}

// Answers every request with that, until the client ends.
ScriptedPeer::Script always(std::string answer) {
  return [answer = std::move(answer)](RawSocket& socket) {
    while (socket.read_head().ends_with("\r\n\r\n")) socket.send(answer);
  };
}

// Answers one request with that and closes.
ScriptedPeer::Script once(std::string answer) {
  return [answer = std::move(answer)](RawSocket& socket) {
    socket.read_head();
    socket.send(answer);
  };
}

class ClientTest : public ::testing::Test {
 protected:
  Result<ClientResponse> get(const ScriptedPeer& peer, std::size_t max_body = 1000) {
    return get(ClientRequest(peer.authority(), "/x", max_body, Clock::now() + 1h));
  }

  Result<ClientResponse> get(ClientRequest request) {
    begin(std::move(request));
    return await();
  }

  // Starts a request; await() runs it to its end.
  void begin(ClientRequest request) {
    ++pending_;
    auto done = [this](const std::exception_ptr& failure, Result<ClientResponse> result) {
      if (failure) std::rethrow_exception(failure);
      results_.push_back(std::move(result));
      if (--pending_ == 0) context_.stop();
    };
    net::co_spawn(context_, client_->send(std::move(request)),
                  net::bind_cancellation_slot(cancels_.emplace_back().slot(), std::move(done)));
  }

  Result<ClientResponse> await() {
    testing::run_to_end(context_);
    if (results_.empty()) throw std::runtime_error("the request does not end");
    auto result = std::move(results_.back());
    results_.pop_back();
    return result;
  }

  // One request may be sent twice.
  void allow_retry() {
    const auto retries = std::make_shared<RetryBudget>();
    for (int i = 0; i < RetryBudget::kRequestsPerRetry; ++i) retries->pay_in();
    client_.emplace(context_, ClientLimits{}, ClientShared{retries, nullptr, nullptr});
  }

  void cancel() { cancels_.back().emit(net::cancellation_type::terminal); }

  std::deque<net::cancellation_signal> cancels_;  // one a request; outlive them
  net::io_context context_{1};
  std::optional<Client> client_{std::in_place, context_};
  std::vector<Result<ClientResponse>> results_;
  int pending_ = 0;
};

TEST_F(ClientTest, ABodyMakesItAPost) {
  std::promise<std::string> head;
  std::promise<std::string> body;
  const ScriptedPeer peer({[&](RawSocket& socket) {
    head.set_value(socket.read_head());
    body.set_value(socket.read_head());  // it ends with an empty line as well
    socket.send(answer_with("ok"));
  }});
  ClientRequest request(peer.authority(), "/x", 1000, Clock::now() + 1h);
  request.body = "hello\r\n\r\n";
  EXPECT_EQ(get(std::move(request))->body.view(), "ok");
  const std::string sent = testing::awaited(head.get_future());
  EXPECT_THAT(sent, StartsWith("POST /x HTTP/1.1\r\n"));
  EXPECT_THAT(sent, HasSubstr("\r\nContent-Length: 9\r\n"));
  EXPECT_EQ(testing::awaited(body.get_future()), "hello\r\n\r\n");
}

TEST_F(ClientTest, SendsAGetAndReadsTheAnswer) {
  std::promise<std::string> head;
  const ScriptedPeer peer({[&head](RawSocket& socket) {
    head.set_value(socket.read_head());
    socket.send("HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\nX-Y: z\r\n\r\nhello");
  }});
  ClientRequest request(peer.authority(), "/a?b=c", 1000, Clock::now() + 1h);
  request.fields = "X-One: 1\r\n";
  const auto response = get(std::move(request));
  EXPECT_EQ(testing::awaited(head.get_future()),
            "GET /a?b=c HTTP/1.1\r\nHost: " + peer.authority() + "\r\nX-One: 1\r\n\r\n");
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->status, 404U);
  EXPECT_EQ(response->header("x-y"), "z");
  EXPECT_EQ(response->body.view(), "hello");
}

TEST_F(ClientTest, PassesOverInterimAnswersAndTellsOfThem) {
  const std::string interim = "HTTP/1.1 102 Processing\r\n\r\n";
  const ScriptedPeer peer({[&](RawSocket& socket) {
    socket.read_head();
    socket.send(interim);
    socket.send(interim + interim + answer_with("picture"));
  }});
  ClientRequest request(peer.authority(), "/", 1000, Clock::now() + 1h);
  std::size_t bytes = 0;
  int interims = 0;
  request.on_arrival = [&](Arrival arrival) {
    bytes += arrival.bytes;
    interims += arrival.interim ? 1 : 0;
  };
  const auto response = get(std::move(request));
  ASSERT_TRUE(response.has_value()) << response.error().message;
  EXPECT_EQ(response->body.view(), "picture");
  EXPECT_EQ(interims, 3);
  EXPECT_EQ(bytes, 3 * interim.size() + answer_with("picture").size());
  EXPECT_EQ(client_->idle_connections(), 1U) << "the connection can be used again";
}

TEST_F(ClientTest, AnInterimAnswerThatNobodyTakesIsAnError) {
  const ScriptedPeer peer({always("HTTP/1.1 102 Processing\r\n\r\n" + answer_with("picture"))});
  EXPECT_EQ(get(ClientRequest(peer.authority(), "/", 1000, Clock::now() + 1h)).error().kind,
            ErrorKind::kPeer);
}

TEST_F(ClientTest, NothingBehindAnInterimAnswerIsAnErrorAndNotARetry) {
  allow_retry();
  const ScriptedPeer peer({[&](RawSocket& socket) {
    socket.read_head();
    socket.send(answer_with("first"));
    socket.read_head();
    socket.send("HTTP/1.1 102 Processing\r\n\r\n");
  }});
  EXPECT_TRUE(get(ClientRequest(peer.authority(), "/", 1000, Clock::now() + 1h)).has_value());
  ClientRequest request(peer.authority(), "/", 1000, Clock::now() + 1h);
  request.on_arrival = [](Arrival) {};
  EXPECT_EQ(get(std::move(request)).error().kind, ErrorKind::kCutOff);
}

TEST_F(ClientTest, ReachesLiteralsAndNames) {
  const ScriptedPeer peer({always(answer_with("a")), always(answer_with("b"))});
  for (const std::string host : {"127.0.0.1", "localhost"}) {
    const auto response = get(ClientRequest(host + peer.authority(), "/", 1000, Clock::now() + 1h));
    EXPECT_TRUE(response.has_value()) << host;
  }
}

TEST_F(ClientTest, ReusesItsConnection) {
  const ScriptedPeer peer({always(answer_with("hello"))});
  for (int i = 0; i < 10; ++i) {
    const auto response = get(peer);
    ASSERT_TRUE(response.has_value());
    EXPECT_EQ(response->body.view(), "hello");
  }
  EXPECT_EQ(peer.connections(), 1U);
  EXPECT_EQ(client_->idle_connections(), 1U);
  client_->close_idle();
  EXPECT_EQ(client_->idle_connections(), 0U);
}

TEST_F(ClientTest, KeepsAsManyConnectionsAsItMay) {
  ClientLimits limits;
  limits.idle_per_peer = 1;
  client_.emplace(context_, limits);
  const ScriptedPeer peer({always(answer_with("a")), always(answer_with("b"))});
  begin(ClientRequest(peer.authority(), "/1", 1000, Clock::now() + 1h));
  begin(ClientRequest(peer.authority(), "/2", 1000, Clock::now() + 1h));
  EXPECT_TRUE(await().has_value());
  EXPECT_EQ(peer.connections(), 2U);
  EXPECT_EQ(client_->idle_connections(), 1U);
}

TEST_F(ClientTest, DropsIdleConnectionsInTime) {
  ClientLimits limits;
  limits.idle = 50ms;
  client_.emplace(context_, limits);
  const ScriptedPeer peer({always(answer_with("a"))});
  EXPECT_TRUE(get(peer).has_value());
  testing::run_to_end(context_);
  EXPECT_EQ(client_->idle_connections(), 0U);
}

TEST_F(ClientTest, DropsAnIdleConnectionInTimeThoughItWasUsedMeanwhile) {
  ClientLimits limits;
  limits.idle = 200ms;
  client_.emplace(context_, limits);
  const ScriptedPeer peer({always(answer_with("a")), always(answer_with("b"))});
  EXPECT_TRUE(get(peer).has_value());
  std::this_thread::sleep_for(limits.idle / 2);
  EXPECT_TRUE(get(peer).has_value());
  testing::run_to_end(context_);
  EXPECT_EQ(client_->idle_connections(), 0U);
}

TEST_F(ClientTest, WithoutConnectionsNothingIsWaitedFor) {
  const ScriptedPeer peer({always(answer_with("a"))});
  EXPECT_TRUE(get(peer).has_value());
  client_->close_idle();
  testing::run_to_end(context_);
}

// Answers one request, and closes when the next one comes.
void answer_once_and_fail(RawSocket& socket) {
  socket.read_head();
  socket.send(answer_with("one"));
  socket.read_head();
}

TEST_F(ClientTest, AKeptConnectionThatFailsIsReplacedOnce) {
  allow_retry();
  const ScriptedPeer peer({answer_once_and_fail, once(answer_with("two"))});
  EXPECT_TRUE(get(peer).has_value());
  const auto response = get(peer);
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->body.view(), "two");
  EXPECT_EQ(peer.connections(), 2U);
}

TEST_F(ClientTest, EachAttemptHasFreshFields) {
  allow_retry();
  std::promise<std::string> first;
  std::promise<std::string> second;
  const ScriptedPeer peer({[&](RawSocket& socket) {
                             socket.read_head();
                             socket.send(answer_with("one"));
                             first.set_value(socket.read_head());
                           },
                           [&](RawSocket& socket) {
                             second.set_value(socket.read_head());
                             socket.send(answer_with("two"));
                           }});
  EXPECT_TRUE(get(peer).has_value());
  ClientRequest request(peer.authority(), "/x", 1000, Clock::now() + 1h);
  int attempts = 0;
  request.fresh_fields = [&attempts] { return "X-N: " + std::to_string(++attempts) + "\r\n"; };
  EXPECT_EQ(get(std::move(request))->body.view(), "two");
  EXPECT_THAT(testing::awaited(first.get_future()), HasSubstr("\r\nX-N: 1\r\n"));
  EXPECT_THAT(testing::awaited(second.get_future()), HasSubstr("\r\nX-N: 2\r\n"));
}

TEST_F(ClientTest, WithoutABudgetNothingIsSentTwice) {
  const ScriptedPeer peer({answer_once_and_fail, once(answer_with("two"))});
  EXPECT_TRUE(get(peer).has_value());
  const auto response = get(peer);
  ASSERT_TRUE(response.has_error());
  EXPECT_EQ(response.error().kind, ErrorKind::kCutOff);
  EXPECT_EQ(peer.connections(), 1U);
}

// A queue of one that is full: what else is sent there is dropped, as on a dead link.
TEST_F(ClientTest, APeerThatDropsPacketsIsGivenUpInTime) {
  const RawListener peer(0);
  const RawSocket first = RawSocket::connect(peer.port());
  ClientLimits limits;
  limits.connect = 50ms;
  client_.emplace(context_, limits);
  const auto response =
      get(ClientRequest(":" + std::to_string(peer.port()), "/", 1000, Clock::now() + 1h));
  ASSERT_TRUE(response.has_error());
  EXPECT_EQ(response.error().kind, ErrorKind::kUnreachable);
}

// The one that is kept may be closed before or after it is taken.
TEST_F(ClientTest, ANewConnectionThatFailsIsNotReplaced) {
  allow_retry();
  const ScriptedPeer peer({once(answer_with("one")), once("")});
  EXPECT_TRUE(get(peer).has_value());
  const auto response = get(peer);
  ASSERT_TRUE(response.has_error());
  EXPECT_EQ(response.error().kind, ErrorKind::kCutOff);
  EXPECT_EQ(peer.connections(), 2U);
}

TEST_F(ClientTest, AConnectionThatBreaksInAnAnswerIsNotReplaced) {
  const ScriptedPeer peer({[](RawSocket& socket) {
                             socket.read_head();
                             socket.send(answer_with("one"));
                             socket.read_head();
                             socket.send("H");
                           },
                           once(answer_with("two"))});
  EXPECT_TRUE(get(peer).has_value());
  EXPECT_TRUE(get(peer).has_error());
  EXPECT_EQ(peer.connections(), 1U);
}

TEST_F(ClientTest, AKeptConnectionWithUnaskedBytesIsNotUsed) {
  std::promise<void> answered;
  std::promise<void> sent;
  const ScriptedPeer peer({[&](RawSocket& socket) {
                             socket.read_head();
                             socket.send(answer_with("one"));
                             testing::awaited(answered.get_future());
                             socket.send(answer_with("poison"));
                             sent.set_value();
                             socket.read_to_end();
                           },
                           always(answer_with("two"))});
  EXPECT_TRUE(get(peer).has_value());
  answered.set_value();
  testing::awaited(sent.get_future());
  const auto response = get(peer);
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->body.view(), "two");
}

TEST_F(ClientTest, ReadsChunks) {
  const ScriptedPeer peer({always(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n")});
  for (int i = 0; i < 2; ++i) {
    const auto response = get(peer);
    ASSERT_TRUE(response.has_value());
    EXPECT_EQ(response->body.view(), "hello!");
  }
  EXPECT_EQ(peer.connections(), 1U);
}

TEST_F(ClientTest, ReadsABodyThatEndsWithTheConnection) {
  const ScriptedPeer peer({once("HTTP/1.1 200 OK\r\n\r\nhello")});
  const auto response = get(peer);
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->body.view(), "hello");
  EXPECT_EQ(client_->idle_connections(), 0U);
}

TEST_F(ClientTest, ReadsABigBody) {
  const std::string body(10'000'000, 'b');
  const ScriptedPeer peer({always(answer_with(body))});
  const auto response = get(peer, body.size());
  ASSERT_TRUE(response.has_value());
  EXPECT_TRUE(response->body.view() == body);
}

TEST_F(ClientTest, RefusesABodyOverTheLimit) {
  const ScriptedPeer peer({always(answer_with("hello")), always(answer_with("hello"))});
  EXPECT_TRUE(get(peer, 5).has_value());
  const auto response = get(peer, 4);
  ASSERT_TRUE(response.has_error());
  EXPECT_EQ(response.error().kind, ErrorKind::kPeer);
  EXPECT_EQ(client_->idle_connections(), 0U);
}

TEST_F(ClientTest, ALyingLengthCostsNoMemory) {
  const ScriptedPeer peer({once("HTTP/1.1 200 OK\r\nContent-Length: 4000000000000\r\n\r\nhello")});
  const auto response = get(peer, 5'000'000'000'000);
  ASSERT_TRUE(response.has_error());
  EXPECT_EQ(response.error().kind, ErrorKind::kCutOff);
}

TEST_F(ClientTest, AnAnswerThatIsCutShortIsAnError) {
  const ScriptedPeer peer({once("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello")});
  const auto response = get(peer);
  ASSERT_TRUE(response.has_error());
  EXPECT_EQ(response.error().kind, ErrorKind::kCutOff);
}

TEST_F(ClientTest, AnAnswerThatIsNoHttpIsAnError) {
  const ScriptedPeer peer({once("SSH-2.0-OpenSSH\r\n")});
  const auto response = get(peer);
  ASSERT_TRUE(response.has_error());
  EXPECT_EQ(response.error().kind, ErrorKind::kPeer);
}

TEST_F(ClientTest, APeerThatIsNotThereIsAnError) {
  std::string authority;
  {
    const ScriptedPeer gone({});
    authority = gone.authority();
  }
  for (const std::string& peer :
       {authority, std::string("no.such.host.invalid:80"), std::string("not an address")}) {
    const auto response = get(ClientRequest(peer, "/", 1000, Clock::now() + 1h));
    ASSERT_TRUE(response.has_error()) << peer;
    EXPECT_EQ(response.error().kind, ErrorKind::kUnreachable);
  }
}

// Reads whatever comes and never answers.
void stay_mute(RawSocket& socket) { socket.read_to_end(); }

TEST_F(ClientTest, AMutePeerIsGivenUpAtTheDeadline) {
  const ScriptedPeer peer({stay_mute});
  const auto response = get(ClientRequest(peer.authority(), "/", 1000, Clock::now() + 100ms));
  ASSERT_TRUE(response.has_error());
  EXPECT_EQ(response.error().kind, ErrorKind::kDeadlineExceeded);
}

TEST_F(ClientTest, APeerThatStopsInTheBodyIsGivenUpAtTheDeadline) {
  const ScriptedPeer peer({[](RawSocket& socket) {
    socket.read_head();
    socket.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello");
    socket.read_to_end();
  }});
  const auto response = get(ClientRequest(peer.authority(), "/", 1000, Clock::now() + 100ms));
  ASSERT_TRUE(response.has_error());
  EXPECT_EQ(response.error().kind, ErrorKind::kDeadlineExceeded);
}

TEST_F(ClientTest, AKeptConnectionThatGoesMuteIsNotReplaced) {
  const ScriptedPeer peer({[](RawSocket& socket) {
    socket.read_head();
    socket.send(answer_with("one"));
    socket.read_to_end();
  }});
  EXPECT_TRUE(get(peer).has_value());
  const auto response = get(ClientRequest(peer.authority(), "/", 1000, Clock::now() + 100ms));
  ASSERT_TRUE(response.has_error());
  EXPECT_EQ(response.error().kind, ErrorKind::kDeadlineExceeded);
  EXPECT_EQ(peer.connections(), 1U);
}

TEST_F(ClientTest, NothingIsSentAfterTheDeadline) {
  const ScriptedPeer peer({always(answer_with("hello"))});
  const auto response = get(ClientRequest(peer.authority(), "/", 1000, Clock::now() - 1ms));
  ASSERT_TRUE(response.has_error());
  EXPECT_EQ(response.error().kind, ErrorKind::kDeadlineExceeded);
  EXPECT_EQ(peer.connections(), 0U);
}

TEST_F(ClientTest, ACancelledRequestClosesItsConnection) {
  std::promise<bool> ended;
  const ScriptedPeer peer({[&](RawSocket& socket) {
    socket.read_head();
    net::post(context_, [this] { cancel(); });
    ended.set_value(socket.ended());
  }});
  const auto response = get(peer);
  ASSERT_TRUE(response.has_error());
  EXPECT_EQ(response.error().kind, ErrorKind::kCancelled);
  EXPECT_TRUE(testing::awaited(ended.get_future()));
}

TEST_F(ClientTest, ARequestThatIsCancelledWhileItStartsIsCancelled) {
  const ScriptedPeer peer({stay_mute});
  for (const std::string host : {"", "localhost"}) {
    begin(ClientRequest(host + peer.authority(), "/", 1000, Clock::now() + 1h));
    net::post(context_, [this] { cancel(); });
    const auto response = await();
    ASSERT_TRUE(response.has_error());
    EXPECT_EQ(response.error().kind, ErrorKind::kCancelled) << host;
  }
}

TEST_F(ClientTest, MayGoBeforeItsRequests) {
  const ScriptedPeer peer({always(answer_with("hello"))});
  begin(ClientRequest(peer.authority(), "/", 1000, Clock::now() + 1h));
  client_.reset();
  EXPECT_TRUE(await().has_value());
}

TEST_F(ClientTest, MayEndWithRequestsUnderWay) {
  const ScriptedPeer peer({stay_mute});
  begin(ClientRequest(peer.authority(), "/", 1000, Clock::now() + 1h));
  context_.run_for(50ms);
  EXPECT_TRUE(results_.empty());
}

}  // namespace
}  // namespace imageserver
