#include "groupcache/group.h"

#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/cancelled.h"
#include "base/clock.h"
#include "groupcache/counter_table.h"
#include "groupcache/ring.h"
#include "support/groups.h"
#include "support/images.h"
#include "support/patience.h"

namespace imageserver {
namespace {

// Owners on the ring of http://:8081, http://:8082, http://:8083, from the vectors.
constexpr const char* kMine = "4615eb35d6335eae338c68d8c82ef5ff52865036f4f64b8a12514c136504eb35";
constexpr const char* kTheirs = "710d9d48b64f181e65453e59ee72a216e979ab948087a42c4b93a8c850fafba2";

// Keeps every load until the test ends it.
class ScriptedLoader final : public Loader {
 public:
  void load(QueryPtr query, std::stop_token stop, Completion done) override {
    if (throws) throw std::runtime_error("the loader throws");
    loads.push_back({std::move(query), std::move(stop), std::move(done)});
    if (answers_at_once) end(testing::image_of("picture"));
  }

  void end(const Result<ImagePtr>& result) {
    const auto load = std::exchange(loads.back().done, nullptr);
    load(result);
  }

  bool has_backlog() const override { return backlog; }

  struct Load {
    QueryPtr query;
    std::stop_token stop;
    Completion done;
  };
  std::vector<Load> loads;
  bool answers_at_once = true;
  bool throws = false;
  bool backlog = false;
};

class ScriptedPeers final : public PeerTransport {
 public:
  void fetch(const std::string& owner, Terms terms, QueryPtr, std::stop_token stop,
             Events events) override {
    if (throws) throw std::runtime_error("the peers throw");
    roles.push_back(terms.role);
    may_decline.push_back(terms.may_decline);
    owners.push_back(owner);
    stops.push_back(std::move(stop));
    fetches.push_back(events);
    pending = std::move(events.done);
    if (answers_at_once) std::exchange(pending, nullptr)(outcome);
  }

  bool is_away(const std::string& node) const override { return away.contains(node); }

  Outcome outcome{testing::image_of("theirs")};
  std::set<std::string> away;
  bool answers_at_once = true;
  bool throws = false;
  std::vector<std::string> owners;
  std::vector<Role> roles;
  std::vector<bool> may_decline;
  std::vector<std::stop_token> stops;
  std::vector<Events> fetches;
  std::function<void(Outcome)> pending;  // of the last one
};

// As Go nodes do it: these counters hold to the number.
class GroupTest : public ::testing::Test {
 protected:
  explicit GroupTest(RingMode mode = RingMode::kGo)
      : group_(GroupOptions{.mode = mode,
                            .cache_bytes = 1 << 20,
                            .self = "http://:8081",
                            .peers = {"http://:8082", "http://:8083"},
                            .keep_hot = [this] { return keep_hot_; },
                            .now = [this] { return now_; }},
               loader_, peers_) {}

  [[nodiscard]] QueryPtr query(const std::string& key,
                               Query::From from = Query::From::kClient) const {
    return query(key, key, from);
  }

  // For a picture that is made of the original called `source`.
  [[nodiscard]] QueryPtr query(const std::string& key, const std::string& source,
                               Query::From from) const {
    Query made;
    made.key = key;
    made.spec.source = source;
    made.from = from;
    made.deadline = deadline_;
    return std::make_shared<const Query>(std::move(made));
  }

  // A whole Get: the picture's bytes, an error's message, or "pending".
  std::string get(const std::string& key, Query::From from = Query::From::kClient) {
    if (const ImagePtr image = group_.lookup(key).image) return std::string(image->data.view());
    auto outcome = std::make_shared<std::string>("pending");
    outcomes_.push_back(outcome);
    tickets_.push_back(group_.load(query(key, from), [outcome](const Result<ImagePtr>& result) {
      *outcome = result.has_value() ? std::string((*result)->data.view()) : result.error().message;
    }));
    return *outcome;
  }

  void fail_peers(PeerTransport::Failure failure) {
    peers_.outcome = {Error{ErrorKind::kPeer, "the peer's error"}, failure};
  }

  // Gets, CacheHits, PeerLoads, PeerErrors, Loads, LoadsDeduped, LocalLoads, LocalLoadErrs,
  // ServerRequests: in the order of /stats.
  [[nodiscard]] std::vector<std::uint64_t> counters() const {
    const GroupStats stats = group_.stats().group;
    std::vector<std::uint64_t> values;
    for (const auto& row : kGroupStats) values.push_back(stats.*row.value);
    return values;
  }
  using Counters = std::vector<std::uint64_t>;

  ScriptedLoader loader_;
  ScriptedPeers peers_;
  bool keep_hot_ = false;
  Clock::time_point now_{std::chrono::hours(1)};
  Deadline deadline_ = now_ + std::chrono::hours(1);
  Group group_;
  std::vector<std::shared_ptr<std::string>> outcomes_;
  std::vector<Ticket> tickets_;
};

TEST_F(GroupTest, OneColdKeyOnItsOwnerCountsAsInGo) {
  EXPECT_EQ(get(kMine), "picture");

  EXPECT_EQ(counters(), (Counters{1, 0, 0, 0, 1, 1, 1, 0, 0}));
  const Stats stats = group_.stats();
  EXPECT_EQ(stats.main.gets, 2U);
  EXPECT_EQ(stats.main.hits, 0U);
  EXPECT_EQ(stats.main.items, 1U);
  EXPECT_EQ(stats.main.bytes, 64U + 12 + 7);
  EXPECT_EQ(stats.hot.gets, 2U);
  EXPECT_EQ(stats.hot.items, 0U);
}

TEST_F(GroupTest, TwoMoreGetsOfTheSameKeyAreHits) {
  get(kMine);
  EXPECT_EQ(get(kMine), "picture");
  EXPECT_EQ(get(kMine), "picture");

  EXPECT_EQ(counters(), (Counters{3, 2, 0, 0, 1, 1, 1, 0, 0}));
  EXPECT_EQ(group_.stats().main.gets, 4U);
  EXPECT_EQ(group_.stats().main.hits, 2U);
  EXPECT_EQ(group_.stats().hot.gets, 2U);
  EXPECT_EQ(loader_.loads.size(), 1U);
}

TEST_F(GroupTest, AKeyOfAnotherOwnerIsFetchedFromIt) {
  EXPECT_EQ(get(kTheirs), "theirs");

  EXPECT_EQ(peers_.owners, (std::vector<std::string>{"http://:8082"}));
  EXPECT_TRUE(loader_.loads.empty());
  EXPECT_EQ(counters(), (Counters{1, 0, 1, 0, 1, 1, 0, 0, 0}));
  EXPECT_EQ(group_.stats().main.items + group_.stats().hot.items, 0U);
}

TEST_F(GroupTest, AFetchedPictureIsKeptInHotIfKeepHotSaysSo) {
  keep_hot_ = true;
  get(kTheirs);
  EXPECT_EQ(get(kTheirs), "theirs");

  EXPECT_EQ(peers_.owners.size(), 1U);
  EXPECT_EQ(group_.stats().hot.items, 1U);
  EXPECT_EQ(group_.stats().main.items, 0U);
  EXPECT_EQ(counters(), (Counters{2, 1, 1, 0, 1, 1, 0, 0, 0}));
}

TEST_F(GroupTest, AnOwnerThatFailsIsReplacedByALocalLoadKeptInHot) {
  fail_peers(PeerTransport::Failure::kBad);
  EXPECT_EQ(get(kTheirs), "picture");

  EXPECT_EQ(counters(), (Counters{1, 0, 0, 1, 1, 1, 1, 0, 0}));
  EXPECT_EQ(group_.stats().hot.items, 1U);
  EXPECT_EQ(group_.stats().main.items, 0U);
}

TEST_F(GroupTest, AnOwnersVerdictOnTheRequestIsFinal) {
  fail_peers(PeerTransport::Failure::kFinal);
  EXPECT_EQ(get(kTheirs), "the peer's error");

  EXPECT_TRUE(loader_.loads.empty());
  EXPECT_EQ(counters(), (Counters{1, 0, 0, 1, 1, 1, 0, 0, 0}));
}

TEST_F(GroupTest, ARequestFromAPeerIsAnsweredHereWhoeverOwnsTheKey) {
  group_.count_server_request();
  EXPECT_EQ(get(kTheirs, Query::From::kPeer), "picture");

  EXPECT_TRUE(peers_.owners.empty());
  EXPECT_EQ(counters(), (Counters{1, 0, 0, 0, 1, 1, 1, 0, 1}));
  EXPECT_EQ(group_.stats().hot.items, 1U);
}

// Two nodes that each take the other for the owner ask each other at the same time.
TEST_F(GroupTest, ARequestFromAPeerDoesNotWaitForAFetchFromThatPeer) {
  peers_.answers_at_once = false;
  EXPECT_EQ(get(kTheirs), "pending");
  EXPECT_EQ(get(kTheirs, Query::From::kPeer), "picture");

  peers_.pending({testing::image_of("theirs")});
  EXPECT_EQ(*outcomes_[0], "theirs");
}

TEST_F(GroupTest, AFetchThatFailsJoinsTheLoadThatAPeerHasBegunHere) {
  loader_.answers_at_once = false;
  peers_.answers_at_once = false;
  get(kTheirs, Query::From::kPeer);
  get(kTheirs);
  peers_.pending({Error{ErrorKind::kPeer, "no answer in time"}});
  EXPECT_EQ(loader_.loads.size(), 1U);

  loader_.end(testing::image_of("picture"));
  EXPECT_EQ(*outcomes_[0], "picture");
  EXPECT_EQ(*outcomes_[1], "picture");
  EXPECT_EQ(counters(), (Counters{2, 0, 0, 1, 2, 2, 1, 0, 0}));
}

TEST_F(GroupTest, WhenAllLeaveALoadInTheOwnersPlaceIsStoppedToo) {
  loader_.answers_at_once = false;
  fail_peers(PeerTransport::Failure::kBad);
  get(kTheirs);
  EXPECT_FALSE(loader_.loads[0].stop.stop_requested());
  group_.leave(tickets_[0]);
  EXPECT_TRUE(loader_.loads[0].stop.stop_requested());

  loader_.end(cancelled());
  EXPECT_EQ(*outcomes_[0], "pending");
}

TEST_F(GroupTest, ClientsAndPeersOfTheOwnerWaitForOneLoad) {
  loader_.answers_at_once = false;
  EXPECT_EQ(get(kMine), "pending");
  EXPECT_EQ(get(kMine, Query::From::kPeer), "pending");

  loader_.end(testing::image_of("picture"));
  EXPECT_EQ(loader_.loads.size(), 1U);
  EXPECT_EQ(*outcomes_[0], "picture");
  EXPECT_EQ(*outcomes_[1], "picture");
}

TEST_F(GroupTest, AFailedLoadIsNotCached) {
  loader_.answers_at_once = false;
  get(kMine);
  loader_.end(Error{ErrorKind::kNotFound, "no such picture"});
  EXPECT_EQ(*outcomes_[0], "no such picture");
  EXPECT_EQ(counters(), (Counters{1, 0, 0, 0, 1, 1, 0, 1, 0}));

  loader_.answers_at_once = true;
  EXPECT_EQ(get(kMine), "picture");
  EXPECT_EQ(counters(), (Counters{2, 0, 0, 0, 2, 2, 1, 1, 0}));
}

TEST_F(GroupTest, ManyWaitForOneLoad) {
  loader_.answers_at_once = false;
  for (int i = 0; i < 64; ++i) EXPECT_EQ(get(kMine), "pending");
  loader_.end(testing::image_of("picture"));

  EXPECT_EQ(loader_.loads.size(), 1U);
  for (const auto& outcome : outcomes_) EXPECT_EQ(*outcome, "picture");
  EXPECT_EQ(counters(), (Counters{64, 0, 0, 0, 64, 1, 1, 0, 0}));
}

TEST_F(GroupTest, AGetThatMissedBeforeTheLoadEndedFindsThePictureInTheCache) {
  ASSERT_EQ(group_.lookup(kMine).image, nullptr);
  get(kMine);
  std::string outcome;
  const Ticket ticket = group_.load(
      query(kMine), [&](const Result<ImagePtr>& result) { outcome = (*result)->data.view(); });

  EXPECT_EQ(outcome, "picture");
  EXPECT_EQ(loader_.loads.size(), 1U);
  EXPECT_EQ(counters(), (Counters{2, 1, 0, 0, 2, 1, 1, 0, 0}));
}

TEST_F(GroupTest, TheWorkStopsOnlyWhenNobodyWaitsAnyMore) {
  loader_.answers_at_once = false;
  get(kMine);
  get(kMine);

  EXPECT_TRUE(group_.leave(tickets_[0]));
  EXPECT_FALSE(loader_.loads[0].stop.stop_requested());
  EXPECT_TRUE(group_.leave(tickets_[1]));
  EXPECT_TRUE(loader_.loads[0].stop.stop_requested());

  loader_.end(cancelled());
  EXPECT_EQ(*outcomes_[0], "pending");
  EXPECT_EQ(*outcomes_[1], "pending");
}

TEST_F(GroupTest, AfterAllLeftTheNextGetLoadsAnew) {
  loader_.answers_at_once = false;
  get(kMine);
  group_.leave(tickets_[0]);
  get(kMine);
  EXPECT_EQ(loader_.loads.size(), 2U);

  loader_.end(testing::image_of("picture"));
  EXPECT_EQ(*outcomes_[1], "picture");
}

TEST_F(GroupTest, AFetchThatEverybodyLeftIsStoppedAndNothingIsLoadedHere) {
  peers_.answers_at_once = false;
  get(kTheirs);
  group_.leave(tickets_[0]);
  EXPECT_TRUE(peers_.stops[0].stop_requested());

  peers_.pending({cancelled()});
  EXPECT_TRUE(loader_.loads.empty());
  EXPECT_EQ(counters(), (Counters{1, 0, 0, 0, 1, 1, 0, 0, 0}));
}

TEST_F(GroupTest, ALoaderThatThrowsEndsTheFlightAndTheNextGetWorks) {
  loader_.throws = true;
  EXPECT_EQ(get(kMine), "internal error");
  loader_.throws = false;
  EXPECT_EQ(get(kMine), "picture");
}

TEST_F(GroupTest, PeersThatThrowEndTheFlight) {
  peers_.throws = true;
  EXPECT_EQ(get(kTheirs), "internal error");
  peers_.throws = false;
  EXPECT_EQ(get(kTheirs), "theirs");
}

TEST_F(GroupTest, WithoutACacheEverythingElseWorks) {
  Group group({.cache_bytes = 0, .self = "http://:8081", .peers = {}, .keep_hot = {}, .now = {}},
              loader_, peers_);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(group.lookup(kMine).image, nullptr);
    bool done = false;
    const Ticket ticket = group.load(query(kMine), [&](const auto&) { done = true; });
    EXPECT_TRUE(done);
  }
  EXPECT_EQ(loader_.loads.size(), 2U);
  EXPECT_EQ(group.stats().main.gets, 0U);
  EXPECT_EQ(group.stats().group.loads_deduped, 2U);
}

TEST_F(GroupTest, ByDefaultHotTakesAboutOneFetchInTen) {
  Group group({.self = "http://:8081",
               .peers = {"http://:8082", "http://:8083"},
               .keep_hot = {},
               .now = {}},
              loader_, peers_);
  int fetched = 0;
  for (int i = 0; i < 6'000; ++i) {
    const std::string key = std::to_string(i);
    if (group.owner(*query(key)) == "http://:8081") continue;
    ++fetched;
    const Ticket ticket = group.load(query(key), [](const auto&) {});
  }
  const auto hot = static_cast<double>(group.stats().hot.items);
  EXPECT_GT(hot, 0.07 * fetched);
  EXPECT_LT(hot, 0.13 * fetched);
}

TEST_F(GroupTest, InAGoRingThePictureOfAnAwayOwnerIsMadeHere) {
  fail_peers(PeerTransport::Failure::kAway);
  EXPECT_EQ(get(kTheirs), "picture");
  EXPECT_EQ(peers_.owners, (std::vector<std::string>{"http://:8082"}));
  EXPECT_EQ(counters(), (Counters{1, 0, 0, 1, 1, 1, 1, 0, 0}));
}

TEST_F(GroupTest, InAGoRingWhatTheOwnerSaysOfItsRateChangesNothing) {
  peers_.outcome.minute_qps = 1000;
  get(kTheirs);
  EXPECT_EQ(group_.stats().hot.items, 0U);
  EXPECT_EQ(group_.minute_qps(kTheirs), std::nullopt);
}

TEST_F(GroupTest, InAGoRingHotDoesNotAge) {
  keep_hot_ = true;
  get(kTheirs);
  now_ += std::chrono::hours(24);
  EXPECT_EQ(get(kTheirs), "theirs");
  EXPECT_EQ(peers_.owners.size(), 1U);
}

class BalancedGroupTest : public GroupTest {
 protected:
  BalancedGroupTest() : GroupTest(RingMode::kBalanced) {}

  // A key whose walk along the ring begins with these.
  static std::string key_of(const std::vector<std::string>& nodes) {
    const Ring ring(RingMode::kBalanced, {"http://:8081", "http://:8082", "http://:8083"});
    for (int i = 0;; ++i) {
      std::vector<std::string> met;
      ring.walk(std::to_string(i), [&](const std::string& name) {
        met.push_back(name);
        return met.size() < nodes.size();
      });
      if (met == nodes) return std::to_string(i);
    }
  }

  const std::string mine_ = key_of({"http://:8081"});
  const std::string theirs_ = key_of({"http://:8082", "http://:8083"});
  const std::string mine_next_ = key_of({"http://:8082", "http://:8081"});
};

TEST_F(BalancedGroupTest, WhereTheOwnerIsAwayTheNextNodeStandsIn) {
  peers_.answers_at_once = false;
  get(theirs_);
  peers_.pending({Error{ErrorKind::kUnreachable, "away"}, PeerTransport::Failure::kAway});
  peers_.pending({testing::image_of("the stand-in's")});

  EXPECT_EQ(*outcomes_[0], "the stand-in's");
  EXPECT_EQ(peers_.owners, (std::vector<std::string>{"http://:8082", "http://:8083"}));
  EXPECT_EQ(counters(), (Counters{1, 0, 1, 1, 1, 1, 0, 0, 0}));
}

TEST_F(BalancedGroupTest, WhereTheStandInIsAwayTooThePictureIsMadeHere) {
  fail_peers(PeerTransport::Failure::kAway);
  EXPECT_EQ(get(theirs_), "picture");
  EXPECT_EQ(peers_.owners, (std::vector<std::string>{"http://:8082", "http://:8083"}));
  EXPECT_EQ(counters(), (Counters{1, 0, 0, 2, 1, 1, 1, 0, 0}));
  EXPECT_EQ(group_.stats().hot.items, 1U);
  EXPECT_EQ(group_.stats().main.items, 0U);
}

TEST_F(BalancedGroupTest, EveryNodeMayStandInWhateverItsName) {
  fail_peers(PeerTransport::Failure::kAway);
  Group last({.self = "http://:8083",
              .peers = {"http://:8081", "http://:8082"},
              .keep_hot = {},
              .now = {}},
             loader_, peers_);
  const Ticket ticket = last.load(query(mine_next_), [](const auto&) {});
  EXPECT_EQ(peers_.owners, (std::vector<std::string>{"http://:8082", "http://:8081"}));
}

TEST_F(BalancedGroupTest, ANodeKnownToBeAwayIsNoStandIn) {
  fail_peers(PeerTransport::Failure::kAway);
  peers_.away = {"http://:8083"};
  EXPECT_EQ(get(theirs_), "picture");
  EXPECT_EQ(peers_.owners, (std::vector<std::string>{"http://:8082"}));
}

TEST_F(BalancedGroupTest, TheNextNodeMayBeThisOne) {
  fail_peers(PeerTransport::Failure::kAway);
  EXPECT_EQ(get(mine_next_), "picture");
  EXPECT_EQ(peers_.owners, (std::vector<std::string>{"http://:8082"}));
  EXPECT_EQ(group_.stats().hot.items, 1U) << "what a stand-in makes goes to hot";
  EXPECT_EQ(group_.stats().main.items, 0U);
}

TEST_F(BalancedGroupTest, WhatWasMadeHereForAPeerMeanwhileIsNotMadeAgain) {
  peers_.answers_at_once = false;
  get(mine_next_);
  EXPECT_EQ(get(mine_next_, Query::From::kPeer), "picture") << "this node stands in";
  peers_.pending({Error{ErrorKind::kDeadlineExceeded, "no answer"}, PeerTransport::Failure::kAway});
  EXPECT_EQ(*outcomes_[0], "picture");
  EXPECT_EQ(loader_.loads.size(), 1U);
}

class LateOwnerTest : public BalancedGroupTest {
 protected:
  LateOwnerTest() { peers_.answers_at_once = false; }

  static PeerTransport::Outcome away() {
    return {Error{ErrorKind::kDeadlineExceeded, "no answer"}, PeerTransport::Failure::kAway};
  }
};

TEST_F(LateOwnerTest, TheNextNodeIsAskedAsWellAndTheFirstPictureCounts) {
  get(theirs_);
  peers_.fetches[0].late();
  EXPECT_EQ(peers_.owners, (std::vector<std::string>{"http://:8082", "http://:8083"}));
  EXPECT_EQ(peers_.roles,
            (std::vector{PeerTransport::Role::kOwner, PeerTransport::Role::kStandIn}));
  EXPECT_FALSE(peers_.stops[0].stop_requested()) << "the owner may still answer";
  peers_.fetches[1].done({testing::image_of("the stand-in's")});
  EXPECT_EQ(*outcomes_[0], "the stand-in's");
  EXPECT_TRUE(peers_.stops[0].stop_requested()) << "nobody waits for the owner any more";
  peers_.fetches[0].done(
      {Error{ErrorKind::kCancelled, "cancelled"}, PeerTransport::Failure::kAway});
  EXPECT_EQ(counters(), (Counters{1, 0, 1, 0, 1, 1, 0, 0, 0}));
}

TEST_F(LateOwnerTest, AnOwnerThatAnswersFirstIsTheOneThatCounts) {
  get(theirs_);
  peers_.fetches[0].late();
  peers_.fetches[0].done({testing::image_of("the owner's")});
  EXPECT_EQ(*outcomes_[0], "the owner's");
  EXPECT_TRUE(peers_.stops[1].stop_requested());
}

TEST_F(LateOwnerTest, AFailureOfOneBranchWaitsForTheOther) {
  get(theirs_);
  peers_.fetches[0].late();
  peers_.fetches[0].done(away());
  EXPECT_EQ(*outcomes_[0], "pending");
  EXPECT_EQ(peers_.owners.size(), 2U) << "nobody else is asked meanwhile";
  peers_.fetches[1].done(away());
  EXPECT_EQ(*outcomes_[0], "picture") << "made here";
}

TEST_F(LateOwnerTest, AVerdictOnTheRequestEndsAllBranches) {
  get(theirs_);
  peers_.fetches[0].late();
  peers_.fetches[1].done(
      {Error{ErrorKind::kNotFound, "no such picture"}, PeerTransport::Failure::kFinal});
  EXPECT_EQ(*outcomes_[0], "no such picture");
  EXPECT_TRUE(peers_.stops[0].stop_requested());
}

TEST_F(LateOwnerTest, WhereThisNodeStandsInItLoadsAndTheOwnerMayStillWin) {
  loader_.answers_at_once = false;
  get(mine_next_);
  peers_.fetches[0].late();
  ASSERT_EQ(loader_.loads.size(), 1U);
  peers_.fetches[0].done({testing::image_of("the owner's")});
  EXPECT_EQ(*outcomes_[0], "the owner's");
  EXPECT_TRUE(loader_.loads[0].stop.stop_requested());
}

TEST_F(LateOwnerTest, ALoadHereThatFailsWaitsForTheOwner) {
  loader_.answers_at_once = false;
  get(mine_next_);
  peers_.fetches[0].late();
  loader_.end(Error{ErrorKind::kBusy, "busy"});
  EXPECT_EQ(*outcomes_[0], "pending");
  peers_.fetches[0].done(away());
  ASSERT_EQ(peers_.owners.size(), 2U) << "the other node is asked";
  peers_.fetches[1].done({testing::image_of("the other's")});
  EXPECT_EQ(*outcomes_[0], "the other's");
}

TEST_F(LateOwnerTest, WhereEveryBranchFailsTheRequestEnds) {
  loader_.answers_at_once = false;
  peers_.away = {"http://:8083"};
  get(mine_next_);
  peers_.fetches[0].late();
  loader_.end(Error{ErrorKind::kBusy, "busy"});
  peers_.fetches[0].done(away());
  EXPECT_EQ(*outcomes_[0], "no answer");
}

TEST_F(BalancedGroupTest, ANodeWithoutTimeOrMemoryIsNotTheLastOne) {
  peers_.answers_at_once = false;
  get(theirs_);
  const auto spent = [](ErrorKind kind, const char* message) {
    return PeerTransport::Outcome{Error{kind, message}, PeerTransport::Failure::kSpent};
  };
  peers_.fetches[0].done(spent(ErrorKind::kOutOfMemory, "out of memory"));
  ASSERT_EQ(peers_.owners, (std::vector<std::string>{"http://:8082", "http://:8083"}));
  peers_.fetches[1].done(spent(ErrorKind::kDeadlineExceeded, "out of time"));
  EXPECT_EQ(*outcomes_[0], "out of time") << "one other node is tried, and no more";
  EXPECT_TRUE(loader_.loads.empty());
}

TEST_F(BalancedGroupTest, AStandInWithoutMemoryIsNotTheLastOneEither) {
  peers_.answers_at_once = false;
  get(theirs_);
  peers_.fetches[0].done({Error{ErrorKind::kUnreachable, "away"}, PeerTransport::Failure::kAway});
  ASSERT_EQ(peers_.fetches.size(), 2U);
  peers_.fetches[1].done(
      {Error{ErrorKind::kOutOfMemory, "out of memory"}, PeerTransport::Failure::kSpent});
  EXPECT_EQ(*outcomes_[0], "picture") << "made here";
}

TEST_F(BalancedGroupTest, WithLittleTimeLeftNoOtherNodeIsTried) {
  peers_.answers_at_once = false;
  deadline_ = now_ + milliseconds(499);
  get(theirs_);
  peers_.fetches[0].done(
      {Error{ErrorKind::kDeadlineExceeded, "out of time"}, PeerTransport::Failure::kSpent});
  EXPECT_EQ(*outcomes_[0], "out of time");
  EXPECT_EQ(peers_.owners.size(), 1U);
}

TEST_F(BalancedGroupTest, ABadAnswerEndsInALoadHere) {
  fail_peers(PeerTransport::Failure::kBad);
  EXPECT_EQ(get(theirs_), "picture");
  EXPECT_EQ(peers_.owners.size(), 1U);
  EXPECT_EQ(counters(), (Counters{1, 0, 0, 1, 1, 1, 1, 0, 0}));
}

TEST_F(BalancedGroupTest, ThePictureOfABusyOwnerIsMadeHereIfThereIsNoBacklog) {
  fail_peers(PeerTransport::Failure::kBusy);
  EXPECT_EQ(get(theirs_), "picture");
  EXPECT_EQ(peers_.may_decline, (std::vector{true}));
  EXPECT_EQ(counters(), (Counters{1, 0, 0, 0, 1, 1, 1, 0, 0})) << "it did what it may";
}

TEST_F(BalancedGroupTest, ANodeThatSaidItHasRoomMakesThePictureEvenIfABacklogCameMeanwhile) {
  peers_.answers_at_once = false;
  get(theirs_);
  loader_.backlog = true;
  peers_.pending({Error{ErrorKind::kBusy, "busy"}, PeerTransport::Failure::kBusy});
  EXPECT_EQ(*outcomes_[0], "picture");
}

TEST_F(BalancedGroupTest, ALoadWaitsWhereThereIsABacklogUnlessItJoinsAnother) {
  EXPECT_FALSE(group_.would_wait(*query(mine_)));
  loader_.backlog = true;
  EXPECT_TRUE(group_.would_wait(*query(mine_)));
  loader_.answers_at_once = false;
  get(mine_);
  EXPECT_FALSE(group_.would_wait(*query(mine_)));
  EXPECT_TRUE(group_.would_wait(*query(theirs_)));
}

TEST_F(BalancedGroupTest, TheAnswerOfABusyOwnerIsPassedOnIfThereIsABacklog) {
  fail_peers(PeerTransport::Failure::kBusy);
  loader_.backlog = true;
  EXPECT_EQ(get(theirs_), "the peer's error");
  EXPECT_EQ(peers_.may_decline, (std::vector{false}));
  EXPECT_TRUE(loader_.loads.empty());
  EXPECT_EQ(counters(), (Counters{1, 0, 0, 1, 1, 1, 0, 0, 0}));
}

TEST_F(BalancedGroupTest, ANodeThatWasNotAskedCountsNoPeerError) {
  fail_peers(PeerTransport::Failure::kNotAsked);
  EXPECT_EQ(get(theirs_), "picture");
  EXPECT_EQ(counters(), (Counters{1, 0, 0, 0, 1, 1, 1, 0, 0}));
  EXPECT_EQ(group_.stats().hot.items, 1U);
}

TEST_F(BalancedGroupTest, WhatTheOwnerIsAskedForOnceASecondIsMirrored) {
  peers_.outcome.minute_qps = 0.99;
  keep_hot_ = true;
  get(theirs_);
  EXPECT_EQ(group_.stats().hot.items, 0U) << "the owner says it is not worth it, whatever the dice";
  peers_.outcome.minute_qps = 1.0;
  keep_hot_ = false;
  get(theirs_);
  EXPECT_EQ(group_.stats().hot.items, 1U);
}

TEST_F(BalancedGroupTest, IfTheOwnerGivesNoRateKeepHotDecides) {
  get(theirs_);
  EXPECT_EQ(group_.stats().hot.items, 0U);
  keep_hot_ = true;
  get(theirs_);
  EXPECT_EQ(group_.stats().hot.items, 1U);
}

TEST_F(BalancedGroupTest, AMirroredKeyIsFetchedAnewAfterAMinute) {
  peers_.outcome.minute_qps = 5;
  get(theirs_);
  now_ += std::chrono::seconds(59);
  get(theirs_);
  EXPECT_EQ(peers_.owners.size(), 1U);
  now_ += std::chrono::seconds(1);
  get(theirs_);
  EXPECT_EQ(peers_.owners.size(), 2U);
}

TEST_F(BalancedGroupTest, KnowsHowOftenItIsAskedForAKey) {
  EXPECT_EQ(group_.minute_qps(mine_), std::nullopt);
  for (int i = 0; i < 86; ++i) get(mine_);
  EXPECT_LT(*group_.minute_qps(mine_), 1.0);
  for (int i = 0; i < 2; ++i) get(mine_, Query::From::kPeer);
  EXPECT_GT(*group_.minute_qps(mine_), 1.0);
  now_ += std::chrono::minutes(1);
  EXPECT_NEAR(*group_.minute_qps(mine_), 0.5, 0.02);
}

TEST_F(BalancedGroupTest, SetNodesChangesOwnersAndFingerprint) {
  EXPECT_EQ(group_.owner(*query(theirs_)), "http://:8082");
  const std::string before = group_.fingerprint();

  group_.set_nodes({"http://:8083"});
  EXPECT_EQ(group_.owner(*query(theirs_)), "http://:8083");
  EXPECT_EQ(group_.owner(*query(mine_)), "http://:8081") << "this node is always one of them";
  EXPECT_NE(group_.fingerprint(), before);

  group_.set_nodes({"http://:8083", "http://:8082", "http://:8081"});
  EXPECT_EQ(group_.owner(*query(theirs_)), "http://:8082");
  EXPECT_EQ(group_.fingerprint(), before);
}

TEST_F(BalancedGroupTest, SettingsChangeTheFingerprintAndNoOwner) {
  const std::string before = group_.fingerprint();
  group_.set_settings("presets=1");
  const std::string with_settings = group_.fingerprint();
  EXPECT_EQ(group_.settings(), "presets=1");
  EXPECT_EQ(group_.ring().settings, "presets=1");
  EXPECT_NE(with_settings, before);
  EXPECT_EQ(group_.owner(*query(theirs_)), "http://:8082");

  group_.set_nodes({"http://:8083"});
  EXPECT_EQ(group_.settings(), "presets=1") << "they outlive a change of the nodes";
  group_.set_nodes({"http://:8083", "http://:8082"});
  EXPECT_EQ(group_.fingerprint(), with_settings);
  group_.set_settings({});
  EXPECT_EQ(group_.fingerprint(), before);
}

TEST_F(BalancedGroupTest, AnOriginalAndAllThatIsMadeOfItHaveOneOwner) {
  for (int i = 0; i < 100; ++i) {
    const std::string key = "theirs " + std::to_string(i);
    EXPECT_EQ(group_.owner(*query(key, theirs_, Query::From::kClient)), "http://:8082");
  }
  std::set<std::string> owners;
  for (int i = 0; i < 100; ++i) {
    owners.insert(group_.owner(*query(theirs_, std::to_string(i), Query::From::kClient)));
  }
  EXPECT_EQ(owners.size(), 3U) << "originals are spread over all nodes";
}

class NamedGroupTest : public ::testing::Test {
 protected:
  // Of the first node of three. The ring knows an original by what stands before a `?` in its path.
  Group make(RingMode mode) {
    return Group({.mode = mode,
                  .self = "http://:8081",
                  .peers = {"http://:8082", "http://:8083"},
                  .names_of =
                      [](const TransformSpec& spec) {
                        return std::vector{spec.source.substr(0, spec.source.find('?'))};
                      },
                  .keep_hot = {},
                  .now = {}},
                 loader_, peers_);
  }

  static Query query(const std::string& path) {
    Query made;
    made.key = path;
    made.spec.source = path;
    return made;
  }

  ScriptedLoader loader_;
  ScriptedPeers peers_;
};

TEST_F(NamedGroupTest, TwoPathsOfOneOriginalHaveOneOwner) {
  const Group group = make(RingMode::kBalanced);
  std::set<std::string> owners;
  for (int i = 0; i < 100; ++i) {
    const std::string path = std::to_string(i);
    const std::string owner = group.owner(query(path));
    EXPECT_EQ(group.owner(query(path + "?one")), owner);
    EXPECT_EQ(group.owner(query(path + "?other")), owner);
    owners.insert(owner);
  }
  EXPECT_EQ(owners.size(), 3U);
}

TEST_F(NamedGroupTest, AGoRingKnowsNoNames) {
  const Group group = make(RingMode::kGo);
  std::set<std::string> owners;
  for (int i = 0; i < 100; ++i) owners.insert(group.owner(query("a?" + std::to_string(i))));
  EXPECT_EQ(owners.size(), 3U);
}

TEST_F(GroupTest, InAGoRingNobodyDeclinesAndABusyOwnerIsAnError) {
  fail_peers(PeerTransport::Failure::kBusy);
  EXPECT_EQ(get(kTheirs), "picture");
  EXPECT_EQ(peers_.may_decline, (std::vector{false}));
  EXPECT_EQ(counters(), (Counters{1, 0, 0, 1, 1, 1, 1, 0, 0}));
}

TEST_F(GroupTest, AGoRingPlacesByTheWholeKey) {
  EXPECT_EQ(group_.owner(*query(kMine, kTheirs, Query::From::kClient)), "http://:8081");
  EXPECT_NE(group_.owner(*query(kTheirs, kMine, Query::From::kClient)), "http://:8081");
}

TEST_F(BalancedGroupTest, WhatAStandInMakesOfAnothersOriginalGoesToHot) {
  ASSERT_TRUE(group_.load(query("a size", theirs_, Query::From::kPeer), [](const auto&) {}));
  EXPECT_EQ(group_.stats().hot.items, 1U);
  ASSERT_TRUE(group_.load(query("another size", mine_, Query::From::kPeer), [](const auto&) {}));
  EXPECT_EQ(group_.stats().main.items, 1U);
}

TEST(GroupThatKeepsNothingLong, LoadsAnewAfterAMinute) {
  Clock::time_point now{std::chrono::hours(1)};
  testing::PendingLoader loader;
  loader.answers_at_once = true;
  testing::NoPeers peers;
  Group group({.keeps_own = false,
               .self = "http://:1",
               .peers = {},
               .keep_hot = {},
               .now = [&now] { return now; }},
              loader, peers);
  Query query;
  query.key = "key";
  EXPECT_EQ(group.lookup("key").image, nullptr);
  EXPECT_NE(group.load(std::make_shared<const Query>(std::move(query)), [](const auto&) {}),
            nullptr);
  now += std::chrono::seconds(59);
  EXPECT_NE(group.lookup("key").image, nullptr);
  now += std::chrono::seconds(1);
  EXPECT_EQ(group.lookup("key").image, nullptr);
}

TEST_F(BalancedGroupTest, AGetThatIsUnderWayWhenItsOwnerLeavesGoesOn) {
  peers_.answers_at_once = false;
  get(theirs_);
  group_.set_nodes({});
  peers_.pending({testing::image_of("theirs")});
  EXPECT_EQ(*outcomes_[0], "theirs");
  EXPECT_EQ(get(theirs_), "picture") << "the next one is for this node";
}

TEST_F(BalancedGroupTest, ShowsTheRing) {
  const RingView ring = group_.ring();
  EXPECT_EQ(ring.mode, RingMode::kBalanced);
  EXPECT_EQ(ring.fingerprint, group_.fingerprint());
  ASSERT_EQ(ring.nodes.size(), 3U);
  EXPECT_EQ(ring.nodes[0].name, "http://:8081");
  EXPECT_NEAR(ring.nodes[0].share + ring.nodes[1].share + ring.nodes[2].share, 1, 1e-9);
}

// Answers from a thread of its own, as the real one does.
class ThreadedLoader final : public Loader {
 public:
  ~ThreadedLoader() override {
    for (auto& thread : threads_) thread.join();
  }
  void load(QueryPtr, std::stop_token, Completion done) override {
    ++loads;
    const std::lock_guard lock(mutex_);
    threads_.emplace_back([done = std::move(done)] { done(testing::image_of("picture")); });
  }
  bool has_backlog() const override { return false; }

  std::atomic<int> loads = 0;

 private:
  std::mutex mutex_;
  std::vector<std::thread> threads_;
};

TEST(GroupThreadsTest, ManyThreadsOnFewKeysLoadEachOnce) {
  constexpr int kThreads = 4;
  constexpr int kGets = 2'000;
  constexpr int kKeys = 10;
  ScriptedPeers peers;
  ThreadedLoader loader;
  Group group({.self = "http://:8081", .peers = {}, .keep_hot = {}, .now = {}}, loader, peers);
  std::atomic<int> answered = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < kGets; ++i) {
        Query made;
        made.key = std::to_string(i % kKeys);
        if (group.lookup(made.key).image) {
          ++answered;
        } else {
          const Ticket ticket = group.load(std::make_shared<const Query>(std::move(made)),
                                           [&](const auto&) { ++answered; });
        }
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_TRUE(testing::soon([&] { return answered == kThreads * kGets; }));

  EXPECT_EQ(loader.loads, kKeys);
  EXPECT_EQ(group.stats().group.local_loads, static_cast<std::uint64_t>(kKeys));
  EXPECT_EQ(group.stats().group.gets, static_cast<std::uint64_t>(kThreads * kGets));
}

}  // namespace
}  // namespace imageserver
