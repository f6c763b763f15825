#include "server/ring_purges.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/io_pool.h"
#include "peers/purge_talk.h"
#include "peers/purge_text.h"
#include "support/node_purges.h"
#include "support/patience.h"
#include "support/raw_socket.h"
#include "support/remote_source.h"

namespace imageserver {

static bool operator==(const PurgeReport::Missed& a, const PurgeReport::Missed& b) {
  return a.node == b.node && a.reason == b.reason;
}

namespace {

using testing::awaited;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::soon;
using ::testing::UnorderedElementsAre;
using Kind = PurgeRecord::Kind;
using Missed = PurgeReport::Missed;

constexpr const char* kSelf = "http://:1";

// A node of the ring that answers as it is told to, one request after the other.
class FakeNode {
 public:
  FakeNode() : thread_([this] { answer_all(); }) {}
  ~FakeNode() {
    stopping_ = true;
    let_go();
    listener_.stop();
  }
  FakeNode(const FakeNode&) = delete;
  FakeNode& operator=(const FakeNode&) = delete;

  [[nodiscard]] const std::string& name() const { return name_; }

  // What it answers from now on.
  void answers(const std::string& status, const std::string& body) {
    const std::lock_guard lock(mutex_);
    answer_ = "HTTP/1.1 " + status +
              "\r\nX-Imageserver-Ring: 0123456789abcdef\r\nConnection: close\r\nContent-Length: " +
              std::to_string(body.size()) + "\r\n\r\n" + body;
  }
  void answers_as_go() {
    const std::lock_guard lock(mutex_);
    answer_ = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
  }

  // From now on it is silent, until it is let go.
  void hold() {
    const std::lock_guard lock(mutex_);
    is_held_ = true;
  }
  void let_go() {
    const std::lock_guard lock(mutex_);
    is_held_ = false;
    let_go_.notify_all();
  }

  // What it was asked so far: heads.
  [[nodiscard]] std::vector<RawAnswer> asked() const {
    const std::lock_guard lock(mutex_);
    return asked_;
  }

 private:
  void answer_all() {
    while (!stopping_) {
      RawSocket socket = listener_.accept_any_time();
      std::string head = socket.read_head();
      if (head.empty()) continue;
      std::unique_lock lock(mutex_);
      asked_.push_back({.head = std::move(head), .body = {}});
      let_go_.wait(lock, [this] { return !is_held_; });
      const std::string answer = answer_;
      lock.unlock();
      socket.send(answer);
    }
  }

  RawListener listener_;
  const std::string name_ = "http://:" + std::to_string(listener_.port());
  std::atomic<bool> stopping_ = false;
  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable let_go_;
  bool is_held_ = false;
  std::string answer_;
  std::vector<RawAnswer> asked_;
  std::jthread thread_;
};

class RingPurgesTest : public ::testing::Test {
 protected:
  explicit RingPurgesTest(bool is_told = true)
      : client_(
            io_,
            {.timeout = std::nullopt,
             .secret = {},
             .fingerprint = [] { return "0123456789abcdef"; },
             .settings = [] { return ""; },
             .purges = std::make_shared<const PurgeTalk>(PurgeTalk::Terms{
                 .log = own_.log,
                 .secret = {},
                 .self = kSelf,
                 .names_of = [](const Query& /*query*/) { return std::vector<std::string>(); }})}),
        purges_(own_.log, own_.clock, sources_, client_,
                {.self = kSelf,
                 .is_told = is_told,
                 .nodes = [this] { return nodes_; },
                 .owner =
                     [this](const std::string& path) {
                       asked_for_.push_back(path);
                       return owner_;
                     }}) {
    io_.start();
    purges_.learn([] {});  // from nobody, as there are no others yet
  }
  ~RingPurgesTest() override { io_.stop(); }

  static Sources::Places places() {
    Sources::Places places;
    places.emplace_back("/photos",
                        std::make_unique<testing::RemoteSource>("https://origin.example/"));
    return places;
  }

  // They are the others of the ring.
  void set_nodes(const std::vector<std::string>& others) {
    client_.set_peers(others);
    nodes_ = others;
    nodes_.emplace_back(kSelf);
  }

  std::future<Result<PurgeReport>> begin(PurgeWish wish) {
    wish_ = std::move(wish);
    auto promise = std::make_shared<std::promise<Result<PurgeReport>>>();
    net::co_spawn(io_.at(0), purges_.purge(wish_),
                  [promise](const std::exception_ptr& thrown, Result<PurgeReport> report) {
                    thrown ? promise->set_exception(thrown) : promise->set_value(std::move(report));
                  });
    return promise->get_future();
  }
  Result<PurgeReport> purge(PurgeWish wish) { return awaited(begin(std::move(wish))); }

  static PurgeWish of_photo(std::string id = {}) {
    return {.kind = Kind::kSource, .path = "photos/a.jpg", .is_soft = false, .id = std::move(id)};
  }

  // What the log has of a wish.
  PurgeRecord record_of(PurgeWish wish) {
    const Result<PurgeReport> report = purge(std::move(wish));
    return own_.log.find(report->id).value();
  }

  // Has it learn what others know; how often it said that it has.
  std::shared_ptr<std::atomic<int>> learn() {
    auto times = std::make_shared<std::atomic<int>>(0);
    purges_.learn([times] { ++*times; });
    return times;
  }

  [[nodiscard]] static std::string log_of(testing::NodePurges& purges) {
    return tell_log(purges.log.contents(), "");
  }

  const std::string away_ = "http://127.0.0.1:" + std::to_string(RawListener().port());
  testing::NodePurges own_;
  const Sources sources_{places()};
  std::vector<std::string> nodes_ = {kSelf};
  std::optional<std::string> owner_;
  std::vector<std::string> asked_for_;  // the paths whose owner was asked for
  PurgeWish wish_;
  FakeNode one_;
  FakeNode other_;
  FakeNode third_;
  IoPool io_{1};
  PeerClient client_;
  RingPurges purges_;
};

class QuietRingPurgesTest : public RingPurgesTest {
 protected:
  QuietRingPurgesTest() : RingPurgesTest(false) {}
};

TEST_F(RingPurgesTest, ANodeThatHasNotLearnedOfOthersPurgesDoesNotPurge) {
  RingPurges fresh(own_.log, own_.clock, sources_, client_,
                   {.self = kSelf, .is_told = true, .nodes = {}, .owner = {}});
  wish_ = of_photo();
  std::promise<Result<PurgeReport>> promise;
  net::co_spawn(io_.at(0), fresh.purge(wish_),
                [&](const std::exception_ptr& /*thrown*/, Result<PurgeReport> report) {
                  promise.set_value(std::move(report));
                });
  const Result<PurgeReport> report = awaited(promise.get_future());
  ASSERT_TRUE(report.has_error());
  EXPECT_EQ(report.error().kind, ErrorKind::kBusy);
  EXPECT_EQ(own_.log.position(), 0U);
}

TEST_F(RingPurgesTest, ALoneNodePurgesAlone) {
  const Result<PurgeReport> report = purge(of_photo("first"));
  ASSERT_TRUE(report.has_value());
  EXPECT_EQ(report->id, "first");
  EXPECT_THAT(report->done, ElementsAre(kSelf));
  EXPECT_THAT(report->missed, IsEmpty());
  EXPECT_EQ(report->note, "");
  EXPECT_EQ(own_.log.position(), 1U);
}

TEST_F(RingPurgesTest, ARecordIsOfCanonicalNames) {
  const PurgeRecord source = record_of(of_photo());
  EXPECT_EQ(source.kind, Kind::kSource);
  EXPECT_THAT(source.values, ElementsAre("https://origin.example/a.jpg"));
  EXPECT_FALSE(source.is_soft);
  const PurgeRecord folder =
      record_of({.kind = Kind::kPrefix, .path = "photos/in/", .is_soft = true, .id = {}});
  EXPECT_EQ(folder.kind, Kind::kPrefix);
  EXPECT_THAT(folder.values, ElementsAre("photos/in", "https://origin.example/in"));
  EXPECT_TRUE(folder.is_soft);
  EXPECT_GT(folder.stamp, source.stamp);
  EXPECT_NE(folder.id, source.id);
  for (const char* path : {"", "/", "//"}) {
    const PurgeRecord all = record_of({.kind = Kind::kPrefix, .path = path, .id = {}});
    EXPECT_EQ(all.kind, Kind::kAll) << path;
    EXPECT_THAT(all.values, IsEmpty());
  }
  EXPECT_EQ(record_of({.kind = Kind::kAll, .path = {}, .id = {}}).kind, Kind::kAll);
}

TEST_F(RingPurgesTest, TheOwnerIsToldFirstAndThenAllOthersAtOnce) {
  for (FakeNode* node : {&one_, &other_, &third_}) {
    node->answers("200 OK", "taken\n");
    node->hold();
  }
  set_nodes({one_.name(), other_.name(), third_.name()});
  owner_ = other_.name();
  auto purging = begin(of_photo());
  EXPECT_TRUE(soon([&] { return other_.asked().size() == 1; }));
  EXPECT_EQ(own_.log.position(), 1U) << "it is taken here before";
  EXPECT_THAT(one_.asked(), IsEmpty());
  EXPECT_THAT(third_.asked(), IsEmpty());
  other_.let_go();
  EXPECT_TRUE(soon([&] { return one_.asked().size() == 1 && third_.asked().size() == 1; }));
  one_.let_go();
  third_.let_go();
  const Result<PurgeReport> report = awaited(purging);
  EXPECT_THAT(std::vector(report->done.begin(), report->done.begin() + 2),
              ElementsAre(kSelf, other_.name()));
  EXPECT_THAT(report->done, UnorderedElementsAre(kSelf, one_.name(), other_.name(), third_.name()));
  EXPECT_THAT(report->missed, IsEmpty());
  EXPECT_THAT(asked_for_, ElementsAre("photos/a.jpg"));
  const std::string told = tell_purges({own_.log.find(report->id).value()}, "");
  for (const FakeNode* node : {&one_, &other_, &third_}) {
    ASSERT_EQ(node->asked().size(), 1U);
    EXPECT_EQ(node->asked()[0].field("X-Imageserver-Purge"), told);
  }
}

TEST_F(RingPurgesTest, WhatHasNoOneOwnerIsToldToAllAtOnce) {
  for (FakeNode* node : {&one_, &other_}) {
    node->answers("200 OK", "taken\n");
    node->hold();
  }
  set_nodes({one_.name(), other_.name()});
  owner_ = one_.name();
  auto purging = begin({.kind = Kind::kPrefix, .path = "photos/", .id = {}});
  EXPECT_TRUE(soon([&] { return one_.asked().size() == 1 && other_.asked().size() == 1; }));
  one_.let_go();
  other_.let_go();
  EXPECT_EQ(awaited(purging)->done.size(), 3U);
  EXPECT_THAT(asked_for_, IsEmpty());
}

TEST_F(RingPurgesTest, WhereThisNodeIsTheOwnerAllOthersAreToldAtOnce) {
  one_.answers("200 OK", "taken\n");
  set_nodes({one_.name()});
  owner_ = kSelf;
  EXPECT_THAT(purge(of_photo())->done, ElementsAre(kSelf, one_.name()));
}

TEST_F(RingPurgesTest, WhoHasNotPurgedIsListedWithTheReason) {
  one_.answers("403 Forbidden", "a purge is not proven\n");
  other_.answers_as_go();
  third_.hold();
  set_nodes({one_.name(), other_.name(), third_.name(), away_});
  const Result<PurgeReport> report = purge(of_photo());
  EXPECT_THAT(report->done, ElementsAre(kSelf));
  EXPECT_THAT(report->missed, UnorderedElementsAre(Missed{one_.name(), "a purge is not proven"},
                                                   Missed{other_.name(), "it knows no purges"},
                                                   Missed{third_.name(), "no answer in time"},
                                                   Missed{away_, "cannot be reached"}));
  EXPECT_EQ(report->note, "");
}

TEST_F(RingPurgesTest, AnOwnerThatIsAwayKeepsNoOtherFromHearing) {
  one_.answers("200 OK", "taken\n");
  set_nodes({one_.name(), away_});
  owner_ = away_;
  const Result<PurgeReport> report = purge(of_photo());
  EXPECT_THAT(report->done, ElementsAre(kSelf, one_.name()));
  EXPECT_THAT(report->missed, ElementsAre(Missed{away_, "cannot be reached"}));
}

TEST_F(RingPurgesTest, ANodeThatHasJustLeftCannotBeReached) {
  set_nodes({one_.name()});
  client_.set_peers({});
  EXPECT_THAT(purge(of_photo())->missed, ElementsAre(Missed{one_.name(), "cannot be reached"}));
}

TEST_F(QuietRingPurgesTest, WhereNodesDoNotBelieveEachOtherNobodyIsTold) {
  set_nodes({one_.name()});
  owner_ = one_.name();
  const Result<PurgeReport> report = purge(of_photo());
  EXPECT_THAT(report->done, ElementsAre(kSelf));
  EXPECT_THAT(report->missed, ElementsAre(Missed{one_.name(), "not told"}));
  EXPECT_THAT(report->note, HasSubstr("--groupcache-secret-file"));
  EXPECT_EQ(own_.log.position(), 1U);
  EXPECT_THAT(one_.asked(), IsEmpty());
}

TEST_F(QuietRingPurgesTest, ALoneNodeMissesNobody) {
  const Result<PurgeReport> report = purge(of_photo());
  EXPECT_THAT(report->missed, IsEmpty());
  EXPECT_EQ(report->note, "");
}

TEST_F(RingPurgesTest, TheSameWishUnderTheSameIdIsTheSamePurge) {
  one_.answers("200 OK", "taken\n");
  set_nodes({one_.name()});
  for (int i = 0; i < 2; ++i) EXPECT_EQ(purge(of_photo("first"))->id, "first");
  EXPECT_EQ(own_.log.position(), 1U);
  const std::vector<RawAnswer> asked = one_.asked();
  ASSERT_EQ(asked.size(), 2U) << "it may not have heard of it the first time";
  EXPECT_EQ(asked[0].field("X-Imageserver-Purge"), asked[1].field("X-Imageserver-Purge"));
}

TEST_F(RingPurgesTest, AnIdIsOfOnePurge) {
  EXPECT_TRUE(purge(of_photo("first")).has_value());
  PurgeWish soft = of_photo("first");
  soft.is_soft = true;
  PurgeWish elsewhere = of_photo("first");
  elsewhere.path = "photos/b.jpg";
  PurgeWish folder = of_photo("first");
  folder.kind = Kind::kPrefix;
  for (const PurgeWish& wish : {soft, elsewhere, folder}) {
    const Result<PurgeReport> report = purge(wish);
    ASSERT_TRUE(report.has_error());
    EXPECT_EQ(report.error(), (Error{ErrorKind::kBadRequest, "the id is that of another purge"}));
  }
  EXPECT_EQ(own_.log.position(), 1U);
}

TEST_F(RingPurgesTest, APathMayBeTooLong) {
  set_nodes({one_.name()});
  for (const Kind kind : {Kind::kSource, Kind::kPrefix}) {
    const Result<PurgeReport> report =
        purge({.kind = kind, .path = std::string(9'000, 'a') + '/', .id = {}});
    ASSERT_TRUE(report.has_error());
    EXPECT_EQ(report.error(),
              (Error{ErrorKind::kBadRequest, "too much to be purged by its path: purge all"}));
  }
  EXPECT_EQ(own_.log.position(), 0U);
  EXPECT_THAT(one_.asked(), IsEmpty());
}

// Before it is ready.

TEST_F(RingPurgesTest, ALoneNodeHasNothingToLearn) {
  EXPECT_EQ(*learn(), 1);
  EXPECT_EQ(own_.log.position(), 0U);
}

TEST_F(QuietRingPurgesTest, NobodyIsAskedWhomThisNodeWouldNotBelieve) {
  set_nodes({one_.name()});
  EXPECT_EQ(*learn(), 1);
  EXPECT_EQ(own_.log.position(), 0U);
  EXPECT_THAT(one_.asked(), IsEmpty());
}

TEST_F(RingPurgesTest, TheFirstLogThatComesIsEnough) {
  testing::NodePurges theirs;
  theirs.purge("a.jpg");
  one_.hold();
  one_.answers("500 Internal Server Error", "no\n");
  other_.answers("200 OK", log_of(theirs));
  set_nodes({one_.name(), other_.name()});
  const auto times = learn();
  EXPECT_TRUE(soon([&] { return *times == 1; }));
  EXPECT_EQ(own_.log.digest(), theirs.log.digest());
  one_.let_go();
  // It answers one question after the other: with this one the first is over.
  std::promise<void> is_over;
  client_.pull_purges(one_.name(), std::chrono::hours(1),
                      [&](const auto&) { is_over.set_value(); });
  awaited(is_over.get_future());
  EXPECT_EQ(own_.log.position(), 1U) << "nothing is in doubt";
  EXPECT_EQ(*times, 1);
}

TEST_F(RingPurgesTest, ANodeThatKnowsTheSameIsEnough) {
  one_.answers("304 Not Modified", "");
  set_nodes({one_.name()});
  const auto times = learn();
  EXPECT_TRUE(soon([&] { return *times == 1; }));
  EXPECT_EQ(own_.log.position(), 0U);
}

TEST_F(RingPurgesTest, OneThatFailsIsNotWaitedForWhereAnotherHasGivenItsLog) {
  testing::NodePurges theirs;
  theirs.purge("a.jpg");
  one_.answers("200 OK", log_of(theirs));
  one_.hold();
  set_nodes({one_.name(), away_});
  const auto times = learn();
  EXPECT_TRUE(soon([&] { return one_.asked().size() == 1; }));
  EXPECT_EQ(*times, 0) << "one is still waited for";
  one_.let_go();
  EXPECT_TRUE(soon([&] { return *times == 1; }));
  EXPECT_EQ(own_.log.position(), 1U);
}

TEST_F(RingPurgesTest, WhereNobodyGivesALogAllIsLookedAtAgain) {
  one_.answers("403 Forbidden", "no\n");
  other_.hold();
  set_nodes({one_.name(), other_.name(), away_});
  const auto times = learn();
  EXPECT_TRUE(soon([&] { return *times == 1; })) << "also if one is silent";
  EXPECT_EQ(own_.log.position(), 1U);
  EXPECT_GT(own_.log.reach("any.jpg").soft, 0U);
  EXPECT_EQ(own_.log.reach("any.jpg").hard, 0U);
}

}  // namespace
}  // namespace imageserver
