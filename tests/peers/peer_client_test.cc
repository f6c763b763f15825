#include "peers/peer_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <future>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "params/parse_target.h"
#include "peers/wire/context_header.h"
#include "peers/wire/peer_signature.h"
#include "peers/wire/protobuf.h"
#include "peers/wire/value.h"
#include "support/captured_log.h"
#include "support/patience.h"
#include "support/raw_socket.h"

namespace imageserver {
namespace {

using namespace std::chrono_literals;
using testing::awaited;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::soon;
using ::testing::StartsWith;
using Failure = PeerTransport::Failure;

constexpr const char* kRing = "0123456789abcdef";
constexpr std::string_view kPixels = "\x89PNG\r\n\x1a\npixels";

std::string answer(const std::string& status, std::string_view body, const std::string& fields) {
  return "HTTP/1.1 " + status + "\r\n" + fields + "Content-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + std::string(body);
}

std::string picture() {
  const std::string value =
      encode_value_prefix(Format::kPng, kPixels.size()) + std::string(kPixels);
  return encode_get_response_prefix(value.size()) + value;
}

std::string go_answer() { return answer("200 OK", picture(), {}); }

std::string our_answer(const std::string& status = "200 OK", const std::string& body = picture()) {
  return answer(status, body,
                "X-Imageserver-Ring: " + std::string(kRing) + "\r\nX-Imageserver-Interim: 1\r\n");
}

// The client under test on one side, a socket in the test's hands on the other.
class PeerClientTest : public ::testing::Test {
 protected:
  explicit PeerClientTest(RingMode mode = RingMode::kBalanced, std::string secret = {},
                          milliseconds timeout = 1h)
      : client_(io_, {.mode = mode,
                      .request_timeout = 1h,
                      .timeout = timeout,
                      .secret = std::move(secret),
                      .fingerprint = [] { return kRing; },
                      .settings = [] { return ""; }}) {
    client_.set_peers({name_});
    io_.start();
  }
  ~PeerClientTest() override { io_.stop(); }

  static QueryPtr query_for(Params params, milliseconds time) {
    Query query;
    query.key = params.key();
    query.params = std::move(params);
    query.deadline = Clock::now() + time;
    return std::make_shared<const Query>(std::move(query));
  }

  static Params known() { return parse_target("/a.png").value(); }

  // With a parameter that no Go node knows.
  static Params unknown() { return parse_target("/a.png?crop=1,1|2,2").value(); }

  std::future<PeerTransport::Outcome> ask(Params params = known(), milliseconds time = 1h) {
    return ask_node(name_, std::move(params), time);
  }

  std::future<PeerTransport::Outcome> ask_node(const std::string& name, Params params = known(),
                                               milliseconds time = 1h) {
    auto promise = std::make_shared<std::promise<PeerTransport::Outcome>>();
    PeerTransport::Events events;
    events.done = [promise](PeerTransport::Outcome answer) {
      promise->set_value(std::move(answer));
    };
    events.late = [this] { ++late_; };
    client_.fetch(name, {.role = role_}, query_for(std::move(params), time), stop_.get_token(),
                  events);
    return promise->get_future();
  }

  // What becomes of a question for something else than a picture.
  std::future<Failure> ask_for(Query::Of of) {
    Query query;
    query.of = of;
    query.params = known();
    query.key = known().key();
    query.deadline = Clock::now() + 1h;
    auto promise = std::make_shared<std::promise<Failure>>();
    PeerTransport::Events events;
    events.done = [promise](const PeerTransport::Outcome& outcome) {
      promise->set_value(outcome.failure);
    };
    client_.fetch(name_, {.role = role_}, std::make_shared<const Query>(std::move(query)), {},
                  events);
    return promise->get_future();
  }

  // To the byte what a Go node sends, but for the order of the fields.
  [[nodiscard]] std::string gos_get() const {
    return "GET /_groupcache/imageserver/" + known().key() + " HTTP/1.1\r\nHost: " + authority_ +
           "\r\nX-Imageserver-Groupcache-Context: " + encode_context_header(known()) + "\r\n\r\n";
  }

  // Five questions in a row that find no answer in time.
  void exhaust_patience() {
    for (int i = 0; i < Breaker::kFailures; ++i) {
      EXPECT_FALSE(client_.is_away(name_));
      EXPECT_EQ(awaited(ask()).failure, Failure::kAway);
      silent_.push_back(listener_.accept());
    }
  }

  [[nodiscard]] PeerView view() const { return client_.peers().at(0); }

  RawListener listener_;
  const std::string authority_ = ":" + std::to_string(listener_.port());
  const std::string name_ = "http://" + authority_;
  std::deque<RawSocket> silent_;
  PeerTransport::Role role_ = PeerTransport::Role::kOwner;
  std::atomic<int> late_ = 0;  // fetches for which another node may be asked as well
  std::stop_source stop_;
  IoPool io_{1};
  PeerClient client_;
};

class GoRingPeerClientTest : public PeerClientTest {
 protected:
  GoRingPeerClientTest() : PeerClientTest(RingMode::kGo) {}
};

// With so little patience that a test need not wait long for it to end.
class ImpatientPeerClientTest : public PeerClientTest {
 protected:
  explicit ImpatientPeerClientTest(RingMode mode = RingMode::kBalanced)
      : PeerClientTest(mode, {}, 50ms) {}
};

class ImpatientGoRingPeerClientTest : public ImpatientPeerClientTest {
 protected:
  ImpatientGoRingPeerClientTest() : ImpatientPeerClientTest(RingMode::kGo) {}
};

constexpr const char* kSecret = "the secret of this ring";

class SigningPeerClientTest : public PeerClientTest {
 protected:
  SigningPeerClientTest() : PeerClientTest(RingMode::kBalanced, kSecret) {}
};

std::string value_of(const std::string& head, const std::string& field) {
  RawAnswer parsed;
  parsed.head = head;
  return parsed.field(field);
}

TEST_F(PeerClientTest, OneOfOursHearsHowLongItIsWaitedFor) {
  auto asked = ask();
  RawSocket peer = listener_.accept();
  const std::string head = peer.read_head();
  const int milliseconds = std::stoi(value_of(head, "X-Imageserver-Deadline-Ms"));
  EXPECT_GT(milliseconds, 0);
  EXPECT_LE(milliseconds, 3'600'000 - 100) << "less what the way back takes";
  EXPECT_THAT(head, Not(HasSubstr("X-Imageserver-Signature")));
  peer.send(our_answer());
  EXPECT_EQ((*awaited(asked).image)->data.view(), kPixels);
  EXPECT_EQ(view().kind, PeerKind::kOurs);
  EXPECT_EQ(view().requests, 1U);
  EXPECT_TRUE(view().latency_ms.has_value());
}

TEST_F(GoRingPeerClientTest, WhoMayBeAGoNodeIsSentNothingButWhatItKnows) {
  auto asked = ask();
  RawSocket peer = listener_.accept();
  EXPECT_EQ(peer.read_head(), gos_get());
  peer.send(go_answer());
  EXPECT_TRUE(awaited(asked).image.has_value());
  EXPECT_EQ(view().kind, PeerKind::kGo);

  asked = ask();
  EXPECT_EQ(peer.read_head(), gos_get());
  peer.send(our_answer());
  EXPECT_TRUE(awaited(asked).image.has_value());

  asked = ask();
  EXPECT_THAT(peer.read_head(), HasSubstr("X-Imageserver-Deadline-Ms: ")) << "it is one of ours";
  peer.send(our_answer());
  EXPECT_TRUE(awaited(asked).image.has_value());
}

TEST_F(SigningPeerClientTest, EveryRequestIsSignedAnew) {
  std::vector<std::string> signatures;
  for (int i = 0; i < 2; ++i) {
    auto asked = ask();
    RawSocket accepted = listener_.accept();
    const std::string head = accepted.read_head();
    signatures.push_back(value_of(head, "X-Imageserver-Signature"));
    const std::string context = encode_context_header(known());
    const std::string target = "/_groupcache/imageserver/" + known().key();
    EXPECT_TRUE(verify(kSecret, {"GET", target, context}, signatures.back(), seconds_since_1970()));
    accepted.send(answer("200 OK", picture(), "Connection: close\r\nX-Imageserver-Ring: x\r\n"));
    EXPECT_TRUE(awaited(asked).image.has_value());
  }
  EXPECT_NE(signatures[0], signatures[1]);
}

TEST_F(PeerClientTest, AGoNodeIsAskedOnceForWhatItDoesNotKnow) {
  auto asked = ask(unknown());
  RawSocket peer = listener_.accept();
  peer.read_head();
  peer.send(go_answer());
  EXPECT_EQ(awaited(asked).failure, Failure::kBad) << "it has ignored what it does not know";

  EXPECT_EQ(awaited(ask(unknown())).failure, Failure::kNotAsked);
  asked = ask();
  EXPECT_THAT(peer.read_head(), StartsWith("GET /_groupcache/imageserver/" + known().key()))
      << "nothing was sent in between";
  peer.send(go_answer());
  EXPECT_TRUE(awaited(asked).image.has_value());
  EXPECT_TRUE(client_.is_away(name_)) << "it can stand in for nobody";
}

TEST_F(PeerClientTest, OneOfOursThatForgetsItsMarkIsNoGoNode) {
  auto asked = ask();
  RawSocket peer = listener_.accept();
  for (const char* status : {"500 Internal Server Error", "431 Too Large", "404 Not Found"}) {
    peer.read_head();
    peer.send(answer(status, "no\n", {}));
    EXPECT_EQ(awaited(asked).failure, Failure::kBad);
    EXPECT_EQ(view().kind, PeerKind::kUnknown);
    asked = ask(unknown());
  }
  peer.read_head();
  peer.send(our_answer());
  EXPECT_TRUE(awaited(asked).image.has_value());
}

TEST_F(PeerClientTest, WithNoTimeLeftNobodyIsAsked) {
  EXPECT_EQ(awaited(ask(known(), 1ms)).failure, Failure::kNotAsked);
  EXPECT_EQ(awaited(ask(known(), -1s)).failure, Failure::kNotAsked);
  EXPECT_EQ(view().errors, 0U);
}

// They count only if all of them lasted long, which a slow machine may do.
TEST_F(PeerClientTest, ThatAPeerHadTooLittleTimeIsNotHeldAgainstIt) {
  bool was_short = false;
  for (int i = 0; i < Breaker::kFailures; ++i) {
    const auto begun = Clock::now();
    EXPECT_EQ(awaited(ask(known(), 20ms)).image.error().kind, ErrorKind::kDeadlineExceeded);
    was_short = was_short || Clock::now() - begun < 90ms;
  }
  EXPECT_FALSE(client_.is_away(name_) && was_short);
  EXPECT_EQ(view().errors, std::uint64_t{Breaker::kFailures});
}

TEST_F(PeerClientTest, AnUnknownNameIsAway) {
  EXPECT_FALSE(client_.is_away(name_));
  EXPECT_TRUE(client_.is_away("http://:1"));
  client_.set_peers({});
  EXPECT_TRUE(client_.is_away(name_));
  EXPECT_EQ(awaited(ask()).failure, Failure::kAway);
}

TEST_F(ImpatientPeerClientTest, FiveTimeOutsOpenTheBreakerAndAProbeAndThreeFetchesCloseIt) {
  exhaust_patience();
  EXPECT_TRUE(client_.is_away(name_));
  EXPECT_EQ(view().state, Breaker::State::kOpen);
  EXPECT_EQ(view().errors, 5U);
  EXPECT_EQ(view().last_error, "no answer in time");
  EXPECT_EQ(awaited(ask()).failure, Failure::kAway) << "at once";

  RawSocket probe = listener_.accept();
  EXPECT_THAT(probe.read_head(), StartsWith("GET /_groupcache/imageserver HTTP/1.1\r\n"));
  probe.send(our_answer("400 Bad Request", "bad request\n"));
  EXPECT_TRUE(soon([&] { return view().state == Breaker::State::kHalfOpen; }));

  auto asked = ask();
  EXPECT_EQ(awaited(ask()).failure, Failure::kAway) << "one at a time";
  RawSocket anew = listener_.accept();
  EXPECT_THAT(anew.read_head(), StartsWith("GET /_groupcache/imageserver/"))
      << "a probe has a connection of its own";
  anew.send(our_answer());
  EXPECT_TRUE(awaited(asked).image.has_value());
  for (int i = 1; i < Breaker::kTrials; ++i) {
    EXPECT_TRUE(client_.is_away(name_));
    asked = ask();
    anew.read_head();
    anew.send(our_answer());
    EXPECT_TRUE(awaited(asked).image.has_value());
  }
  EXPECT_EQ(view().state, Breaker::State::kClosed);
  EXPECT_TRUE(client_.is_away(name_)) << "on probation it stands in for nobody";
  for (int i = 0; i < Breaker::kSteady; ++i) {
    asked = ask();
    anew.read_head();
    anew.send(our_answer());
    EXPECT_TRUE(awaited(asked).image.has_value());
  }
  EXPECT_FALSE(client_.is_away(name_));
}

// Of a peer that was found silent before.
TEST_F(PeerClientTest, BesideATrialAnotherNodeIsAskedWhateverTheBudget) {
  EXPECT_EQ(awaited(ask()).failure, Failure::kAway);
  silent_.push_back(listener_.accept());  // the fetch
  silent_.push_back(listener_.accept());  // and the probe of the silent peer
  listener_.accept().send(our_answer("400 Bad Request", "bad request\n"));
  EXPECT_TRUE(soon([&] { return view().state == Breaker::State::kHalfOpen; }));
  EXPECT_EQ(late_, 0);
  auto trial = ask();
  EXPECT_TRUE(soon([&] { return late_ == 1; }));
  stop_.request_stop();
  EXPECT_EQ(awaited(trial).image.error().kind, ErrorKind::kCancelled);
  EXPECT_EQ(view().state, Breaker::State::kOpen) << "the other node was first";
}

TEST_F(ImpatientPeerClientTest, ATrialThatNobodyWaitsForAnyMoreMakesRoomForAnother) {
  exhaust_patience();
  listener_.accept().send(our_answer("400 Bad Request", "bad request\n"));
  EXPECT_TRUE(soon([&] { return view().state == Breaker::State::kHalfOpen; }));
  auto trial = ask();
  stop_.request_stop();
  EXPECT_EQ(awaited(trial).image.error().kind, ErrorKind::kCancelled);
  stop_ = std::stop_source();
  EXPECT_EQ(awaited(ask()).failure, Failure::kAway);
  EXPECT_EQ(view().state, Breaker::State::kOpen) << "the second trial has failed";
}

TEST_F(ImpatientPeerClientTest, AProbeThatIsNotAnsweredIsFollowedByAnother) {
  exhaust_patience();
  listener_.accept().hang_up();
  RawSocket probe = listener_.accept();
  EXPECT_TRUE(client_.is_away(name_));
  probe.read_head();
  probe.send(our_answer("400 Bad Request", "bad request\n"));
  EXPECT_TRUE(soon([&] { return view().state == Breaker::State::kHalfOpen; }));
}

TEST_F(ImpatientGoRingPeerClientTest, WhoMayBeAGoNodeIsProbedWithTheGetItKnows) {
  exhaust_patience();
  RawSocket probe = listener_.accept();
  EXPECT_EQ(probe.read_head(), gos_get());
  probe.send(answer("500 Internal Server Error", "no\n", {}));
  EXPECT_TRUE(soon([&] { return view().state == Breaker::State::kHalfOpen; }));
}

TEST_F(PeerClientTest, APeerThatKnowsNothingButPicturesIsAskedForOthersOnce) {
  auto asked = ask_for(Query::Of::kDescription);
  RawSocket peer = listener_.accept();
  EXPECT_THAT(peer.read_head(), StartsWith("GET /_groupcache/imageserver-info/"));
  peer.send(answer("404 Not Found", "no such group\n",
                   "X-Imageserver-Ring: " + std::string(kRing) + "\r\n"));
  EXPECT_EQ(awaited(asked), Failure::kNotAsked);
  EXPECT_EQ(awaited(ask_for(Query::Of::kDescription)), Failure::kNotAsked) << "at once";
  EXPECT_EQ(awaited(ask_for(Query::Of::kOriginal)), Failure::kNotAsked) << "at once";
  EXPECT_EQ(view().errors, 0U);
}

TEST_F(PeerClientTest, APeerThatGivesNoOriginalsIsAskedForPicturesAllTheSame) {
  auto asked = ask_for(Query::Of::kOriginal);
  RawSocket peer = listener_.accept();
  EXPECT_THAT(peer.read_head(), StartsWith("GET /_groupcache/imageserver-sources/"));
  peer.send(
      answer("404 Not Found", "no such group\n",
             "X-Imageserver-Ring: " + std::string(kRing) + "\r\nX-Imageserver-Interim: 1\r\n"));
  EXPECT_EQ(awaited(asked), Failure::kNotAsked);
  EXPECT_FALSE(client_.is_away(name_));
  EXPECT_EQ(view().errors, 0U);
}

constexpr std::string_view kProcessing = "HTTP/1.1 102 Processing\r\n\r\n";

TEST_F(PeerClientTest, OneOfOursIsAskedForInterimAnswers) {
  auto asked = ask();
  RawSocket peer = listener_.accept();
  EXPECT_THAT(peer.read_head(), HasSubstr("\r\nX-Imageserver-Interim: 1\r\n"));
  peer.send(our_answer());
  EXPECT_TRUE(awaited(asked).image.has_value());
}

TEST_F(ImpatientPeerClientTest, APeerThatSaysThatItWorksIsWaitedFor) {
  auto asked = ask();
  RawSocket peer = listener_.accept();
  peer.read_head();
  for (int i = 0; i < 20; ++i) {
    peer.send(kProcessing);
    std::this_thread::sleep_for(10ms);
  }
  peer.send(our_answer());
  EXPECT_TRUE(awaited(asked).image.has_value()) << "four times the time-out for silence has passed";
}

TEST_F(ImpatientPeerClientTest, ATrickleOfBytesDoesNotEndASilence) {
  auto asked = ask();
  RawSocket peer = listener_.accept();
  peer.read_head();
  peer.send("HTTP/1.1 200 OK\r\nX-Endless: ");
  const auto ended = [&] { return asked.wait_for(10ms) == std::future_status::ready; };
  EXPECT_TRUE(soon([&] {
    peer.send("a");
    return ended();
  }));
  EXPECT_EQ(awaited(asked).failure, Failure::kAway);
}

// The time is fair, and too short for a peer to be late in it.
TEST_F(PeerClientTest, APeerThatWorksUntilTheTimeIsOverIsNotBlamed) {
  std::deque<RawSocket> working;
  for (int i = 0; i <= Breaker::kFailures; ++i) {
    auto asked = ask(known(), 120ms);
    RawSocket& peer = working.emplace_back(listener_.accept());
    peer.read_head();
    peer.send(kProcessing);
    EXPECT_EQ(awaited(asked).image.error().kind, ErrorKind::kDeadlineExceeded);
  }
  EXPECT_FALSE(client_.is_away(name_));
}

TEST_F(PeerClientTest, AFloodOfInterimAnswersIsABadAnswer) {
  auto asked = ask();
  RawSocket peer = listener_.accept();
  peer.read_head();
  std::string flood;
  for (int i = 0; i < 1000; ++i) flood += kProcessing;
  peer.send(flood);
  EXPECT_EQ(awaited(asked).failure, Failure::kBad);
}

TEST_F(PeerClientTest, InterimAnswersThatComeOverALongTimeAreNoFlood) {
  auto asked = ask();
  RawSocket peer = listener_.accept();
  peer.read_head();
  for (int i = 0; i < 25; ++i) {
    for (int j = 0; j < 5; ++j) peer.send(kProcessing);
    std::this_thread::sleep_for(50ms);
  }
  peer.send(our_answer());
  EXPECT_TRUE(awaited(asked).image.has_value());
}

// A peer that was heard to work falls silent, and answers no probe.
TEST_F(PeerClientTest, ASilentPeerIsFoundOutWithinASecondAndAllFetchesAreLetGo) {
  auto first = ask();
  RawSocket peer = listener_.accept();
  peer.read_head();
  peer.send(kProcessing);
  auto second = ask();
  silent_.push_back(listener_.accept());
  for (auto* asked : {&first, &second}) {
    const PeerTransport::Outcome outcome = awaited(*asked);
    EXPECT_EQ(outcome.failure, Failure::kAway);
    EXPECT_EQ(outcome.image.error(), (Error{ErrorKind::kUnreachable, "does not answer"}));
  }
  EXPECT_TRUE(client_.is_away(name_));
  EXPECT_EQ(awaited(ask()).failure, Failure::kAway) << "at once";
  EXPECT_EQ(late_, 0) << "after two requests there is nothing in the budget";
}

// Its fetch ends sooner than a probe would, and it is asked again.
TEST_F(PeerClientTest, APeerThatFallsSilentAfterItWasHeardIsNotProbed) {
  auto asked = ask();
  RawSocket peer = listener_.accept();
  peer.send(kProcessing);
  EXPECT_EQ(awaited(asked).image.error(), (Error{ErrorKind::kDeadlineExceeded, "is silent"}));
  EXPECT_EQ(view().state, Breaker::State::kClosed);
}

// Its timer fires together with the answer, which this node reads late.
TEST_F(PeerClientTest, AFetchThatHasEndedIsForgotten) {
  auto answer_came = std::make_shared<std::promise<void>>();
  const std::weak_ptr<std::promise<void>> fetch = answer_came;
  auto answered = answer_came->get_future();
  PeerTransport::Events events;
  events.done = [answer_came = std::move(answer_came)](const PeerTransport::Outcome&) {
    answer_came->set_value();
  };
  client_.fetch(name_, {.role = role_}, query_for(known(), 1h), {}, std::move(events));
  RawSocket peer = listener_.accept();
  peer.read_head();
  std::promise<void> is_busy;
  std::promise<void> goes_on;
  net::post(io_.at(0), [&] {
    is_busy.set_value();
    EXPECT_TRUE(testing::comes(goes_on.get_future()));
  });
  awaited(is_busy.get_future());
  peer.send(answer("200 OK", picture(), "X-Imageserver-Ring: " + std::string(kRing) + "\r\n"));
  std::this_thread::sleep_for(Lateness::kPeriod + 50ms);
  goes_on.set_value();
  EXPECT_TRUE(testing::comes(answered));
  EXPECT_TRUE(soon([&] { return fetch.expired(); }));
}

TEST_F(PeerClientTest, APeerThatHangsBeforeItWasEverHeardIsFoundOutToo) {
  auto asked = ask();
  const RawSocket silent = listener_.accept();
  EXPECT_EQ(awaited(asked).failure, Failure::kAway);
  EXPECT_TRUE(client_.is_away(name_));
}

TEST_F(PeerClientTest, SilenceOfAnOlderNodeThatAnswersProbesMeansNothing) {
  auto asked = ask();
  RawSocket peer = listener_.accept();
  peer.read_head();
  const std::string of_an_older_node =
      answer("200 OK", picture(), "X-Imageserver-Ring: " + std::string(kRing) + "\r\n");
  peer.send(std::string(kProcessing) + of_an_older_node);
  EXPECT_TRUE(awaited(asked).image.has_value());
  asked = ask();
  peer.read_head();
  for (int i = 0; i < 3; ++i) {
    RawSocket probe = listener_.accept();
    EXPECT_THAT(probe.read_head(), StartsWith("GET /_groupcache/imageserver HTTP/1.1\r\n"));
    probe.send(of_an_older_node);
  }
  EXPECT_EQ(asked.wait_for(0s), std::future_status::timeout);
  peer.send(our_answer());
  EXPECT_TRUE(awaited(asked).image.has_value());
  EXPECT_EQ(late_, 0);
}

TEST_F(PeerClientTest, WhileAPeerIsLateAnotherNodeMayBeAskedWithinTheBudget) {
  {
    auto asked = ask();
    silent_.push_back(listener_.accept());
    silent_.back().read_head();
    silent_.back().send(std::string(kProcessing) + our_answer());
    EXPECT_TRUE(awaited(asked).image.has_value());
  }
  for (int i = 1; i < RetryBudget::kRequestsPerRetry; ++i) {
    auto asked = ask();
    silent_.back().read_head();
    silent_.back().send(our_answer());
    EXPECT_TRUE(awaited(asked).image.has_value());
  }
  EXPECT_EQ(awaited(ask()).failure, Failure::kAway);
  EXPECT_EQ(late_, 1);
}

TEST_F(PeerClientTest, OnProbationAnotherNodeIsAskedSooner) {
  EXPECT_EQ(awaited(ask()).failure, Failure::kAway);
  silent_.push_back(listener_.accept());  // the fetch
  silent_.push_back(listener_.accept());  // and the probe of the silent peer
  listener_.accept().send(our_answer("400 Bad Request", "bad request\n"));
  EXPECT_TRUE(soon([&] { return view().state == Breaker::State::kHalfOpen; }));
  auto asked = ask();
  RawSocket peer = listener_.accept();
  for (int i = 0; i < Breaker::kTrials + RetryBudget::kRequestsPerRetry; ++i) {
    peer.read_head();
    peer.send(std::string(kProcessing) + our_answer());
    EXPECT_TRUE(awaited(asked).image.has_value());
    asked = ask();
  }
  const auto begun = Clock::now();
  peer.read_head();
  EXPECT_EQ(late_, 0);
  EXPECT_TRUE(soon([&] { return late_ == 1; }));
  EXPECT_GE(Clock::now() - begun, 100ms);
  peer.send(our_answer());
  EXPECT_TRUE(awaited(asked).image.has_value()) << "it is still waited for";
  EXPECT_EQ(view().state, Breaker::State::kClosed) << "and it was not late";
}

// Before a whole period is over: else the breaker would take it for late.
TEST_F(PeerClientTest, BesideAStandInAnotherNodeIsAskedSooner) {
  auto asked = ask();
  RawSocket peer = listener_.accept();
  const auto answered = [&] {
    peer.send(std::string(kProcessing) + our_answer());
    return awaited(asked).image.has_value();
  };
  for (int i = 0; i < Breaker::kStraysInARow * RetryBudget::kRequestsPerRetry; ++i) {
    peer.read_head();
    ASSERT_TRUE(answered());
    asked = ask();
  }
  peer.read_head();
  ASSERT_TRUE(answered());
  role_ = PeerTransport::Role::kStandIn;
  for (int i = 1; i <= Breaker::kStraysInARow; ++i) {
    asked = ask();
    peer.read_head();
    EXPECT_TRUE(soon([&] { return late_ == i; }));
    EXPECT_TRUE(answered());
  }
  EXPECT_FALSE(client_.is_away(name_));
}

TEST_F(PeerClientTest, AVerdictNeverCountsAgainstThePeer) {
  auto asked = ask();
  RawSocket accepted = listener_.accept();
  constexpr std::pair<const char*, const char*> kVerdicts[] = {
      {"400 Bad Request", "param"},
      {"403 Forbidden", "file"},
      {"404 Not Found", "file"},
      {"502 Bad Gateway", "origin"},
      {"503 Service Unavailable", "memory"},
      {"504 Gateway Timeout", "time"},
      {"503 Service Unavailable", "busy"},
      {"404 Not Found", ""},
      {"422 Unprocessable Content", ""},
      {"504 Gateway Timeout", ""}};
  for (const auto& [status, verdict] : kVerdicts) {
    for (int i = 0; i < 10; ++i) {
      accepted.read_head();
      accepted.send(answer(status, "no\n",
                           "X-Imageserver-Ring: x\r\nX-Imageserver-Interim: 1\r\n"
                           "X-Imageserver-Verdict: " +
                               std::string(verdict) + "\r\n"));
      EXPECT_TRUE(awaited(asked).image.has_error());
      asked = ask();
    }
  }
  EXPECT_FALSE(client_.is_away(name_));
  stop_.request_stop();
  EXPECT_EQ(awaited(asked).image.error().kind, ErrorKind::kCancelled);
}

TEST_F(PeerClientTest, APeerThatAnswersWronglyMostOfTheTimeIsLeftOut) {
  testing::CapturedLog log;
  auto asked = ask();
  RawSocket accepted = listener_.accept();
  for (int i = 1; i <= Breaker::kStraysInARow; ++i) {
    EXPECT_FALSE(client_.is_away(name_));
    accepted.read_head();
    accepted.send(our_answer("500 Internal Server Error", "no\n"));
    EXPECT_EQ(awaited(asked).failure, Failure::kBad);
    asked = ask();
  }
  EXPECT_EQ(awaited(asked).failure, Failure::kAway);
  EXPECT_TRUE(client_.is_away(name_));
  EXPECT_THAT(log.take(),
              Contains("warning peer " + name_ +
                       " is not asked any more until it answers again: it answers wrongly most of "
                       "the time"));
}

// In a ring of three, two would be more than half.
TEST_F(PeerClientTest, AtMostHalfOfTheRingIsLeftOut) {
  RawListener other;
  const std::string second = "http://:" + std::to_string(other.port());
  client_.set_peers({name_, second});
  const auto answer_wrongly = [&](RawListener& listener, const std::string& name) {
    std::optional<RawSocket> socket;
    for (int i = 0; i < Breaker::kStraysInARow; ++i) {
      auto asked = ask_node(name);
      if (!socket) socket.emplace(listener.accept());
      socket->read_head();
      socket->send(our_answer("500 Internal Server Error", "no\n"));
      EXPECT_EQ(awaited(asked).failure, Failure::kBad);
    }
  };
  answer_wrongly(listener_, name_);
  EXPECT_TRUE(client_.is_away(name_));
  answer_wrongly(other, second);
  EXPECT_FALSE(client_.is_away(second));
}

TEST_F(PeerClientTest, ACancelledFetchIsNoErrorOfThePeer) {
  for (int i = 0; i < 2 * Breaker::kFailures; ++i) {
    stop_ = std::stop_source();
    auto asked = ask();
    silent_.push_back(listener_.accept());
    silent_.back().read_head();
    stop_.request_stop();
    EXPECT_EQ(awaited(asked).image.error().kind, ErrorKind::kCancelled);
  }
  EXPECT_FALSE(client_.is_away(name_));
  EXPECT_EQ(view().errors, 0U);
}

// Where clients give up before the time of a fetch is over, nobody would ever see it pass.
TEST_F(PeerClientTest, APeerIsCheckedAfterACancelledFetchThatWaitedLong) {
  auto asked = ask();
  silent_.push_back(listener_.accept());
  std::this_thread::sleep_for(600ms);
  stop_.request_stop();
  EXPECT_EQ(awaited(asked).image.error().kind, ErrorKind::kCancelled);
  RawSocket look = listener_.accept();
  EXPECT_THAT(look.read_head(), StartsWith("GET /_groupcache/imageserver HTTP/1.1\r\n"));
  look.send(our_answer("400 Bad Request", "bad request\n"));
  EXPECT_TRUE(soon([&] { return view().kind == PeerKind::kOurs; }));
  EXPECT_FALSE(client_.is_away(name_));
}

TEST_F(PeerClientTest, TheConnectionsOfAPeerThatLeftAreClosed) {
  auto asked = ask();
  RawSocket idle = listener_.accept();
  idle.read_head();
  idle.send(our_answer());
  EXPECT_TRUE(awaited(asked).image.has_value());
  client_.set_peers({});
  EXPECT_TRUE(idle.ended());
}

TEST_F(PeerClientTest, AFetchUnderWayFromAPeerThatLeftIsFinished) {
  auto asked = ask();
  RawSocket busy = listener_.accept();
  busy.read_head();
  client_.set_peers({});
  busy.send(our_answer());
  EXPECT_TRUE(awaited(asked).image.has_value());
  EXPECT_TRUE(busy.ended()) << "and the connection is not kept";
}

TEST_F(ImpatientPeerClientTest, APeerThatStaysKeepsWhatIsKnownOfIt) {
  exhaust_patience();
  client_.set_peers({"http://:1", name_});
  EXPECT_EQ(client_.peers().size(), 2U);
  EXPECT_TRUE(client_.is_away(name_));
  client_.set_peers({"http://:1"});
  client_.set_peers({name_});
  EXPECT_FALSE(client_.is_away(name_)) << "one that comes back begins anew";
}

}  // namespace
}  // namespace imageserver
