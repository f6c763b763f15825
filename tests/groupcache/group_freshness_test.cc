// What a group does with pictures that may not be those of their originals any more.

#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "groupcache/counter_table.h"
#include "groupcache/group.h"
#include "support/groups.h"
#include "support/versions.h"

namespace imageserver {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using testing::image_made_of;
using testing::version;
using Failure = PeerTransport::Failure;
using Outcome = PeerTransport::Outcome;

// Looks end when the test says so.
class PendingChecker final : public OriginalChecker {
 public:
  void check(KnownOriginalPtr original, std::function<void()> done) override {
    ++checks;
    original_ = std::move(original);
    done_ = std::move(done);
  }

  [[nodiscard]] milliseconds lifetime(const std::string& /*name*/) const override {
    return milliseconds(1'000);
  }

  [[nodiscard]] const std::string& name() const { return original_->name(); }

  // The original has that version, and is fresh for 10 s, usable for 20 s, stale for 30 s.
  void end_with(char of, Clock::time_point now) {
    see(*original_, of, now);
    end();
  }

  void end() { std::exchange(done_, nullptr)(); }

  [[nodiscard]] KnownOriginal& original() { return *original_; }

  static void see(KnownOriginal& original, char of, Clock::time_point now) {
    original.seen(
        {.version = version(of),
         .begun = {now},
         .freshness = {
             .fresh = now + seconds(10), .usable = now + seconds(20), .stale = now + seconds(30)}});
  }

  int checks = 0;

 private:
  KnownOriginalPtr original_;
  std::function<void()> done_;
};

class PendingPeers final : public PeerTransport {
 public:
  void fetch(const std::string& node, Terms wanted, QueryPtr /*query*/, std::stop_token /*stop*/,
             Events events) override {
    ++fetches;
    asked = node;
    terms = std::move(wanted);
    events_ = std::move(events);
  }

  bool is_away(const std::string& /*node*/) const override { return false; }

  void end(Outcome outcome) { std::exchange(events_, {}).done(std::move(outcome)); }

  int fetches = 0;
  std::string asked;
  Terms terms;

 private:
  Events events_;
};

class GroupFreshnessTest : public ::testing::Test {
 protected:
  explicit GroupFreshnessTest(RingMode mode = RingMode::kBalanced)
      : group_(GroupOptions{.mode = mode,
                            .cache_bytes = 1 << 20,
                            .self = "http://:8081",
                            .peers = {"http://:8082"},
                            .names_of = &names_of,
                            .known = &known_,
                            .checker = &checker_,
                            .stale = seconds(100),
                            .keep_hot = [] { return true; },
                            .now = [this] { return now_; }},
               loader_, peers_) {}

  ~GroupFreshnessTest() override { known_.drop_looks(); }

  static std::vector<std::string> names_of(const TransformSpec& spec) {
    std::vector<std::string> names = {spec.source};
    if (spec.watermark) names.push_back("/watermarks/" + spec.watermark->name);
    return names;
  }

  [[nodiscard]] QueryPtr query(const std::string& source, const std::string& key,
                               Query::From from = Query::From::kClient) const {
    Query made;
    made.key = key;
    made.spec.source = source;
    made.from = from;
    made.deadline = now_ + hours(1);
    return std::make_shared<const Query>(std::move(made));
  }

  [[nodiscard]] QueryPtr query_of(const std::string& owner, const std::string& key) const {
    for (int i = 0;; ++i) {
      QueryPtr made = query(std::to_string(i) + ".jpg", key);
      if (group_.owner(*made) == owner) return made;
    }
  }
  [[nodiscard]] QueryPtr mine(const std::string& key = "key") const {
    return query_of("http://:8081", key);
  }
  [[nodiscard]] QueryPtr theirs(const std::string& key = "key") const {
    return query_of("http://:8082", key);
  }

  // A whole Get: the bytes, an error's message, or "pending", with a star behind what is stale.
  std::shared_ptr<std::string> get(const QueryPtr& query) {
    auto said = std::make_shared<std::string>("pending");
    const Group::Looked looked = group_.lookup(query->key);
    if (looked.wants_look) group_.look(query);
    if (looked.image) {
      *said = std::string(looked.image->data.view()) + (looked.stale_since ? "*" : "");
      return said;
    }
    tickets_.push_back(group_.load(
        query,
        [said](const Result<ImagePtr>& result) {
          *said = result.has_value() ? std::string((*result)->data.view()) : result.error().message;
        },
        looked.is_unsure));
    return said;
  }

  // Has it cached that was made of a version seen now.
  void cache(const QueryPtr& query, char of, std::string_view data) {
    PendingChecker::see(*known_.get(query->spec.source), of, now_);
    const auto said = get(query);
    ASSERT_EQ(*said, "pending");
    loader_.end(image_made_of({version(of)}, data));
    ASSERT_EQ(*said, data);
  }

  // The same of what the owner gives, which is fresh there for so long.
  void cache_theirs(const QueryPtr& query, char of, std::string_view data, milliseconds fresh_for) {
    const auto said = get(query);
    ASSERT_EQ(*said, "pending");
    peers_.end({.image = image_made_of({version(of)}, data), .fresh_for = fresh_for});
    ASSERT_EQ(*said, data);
  }

  [[nodiscard]] std::map<std::string, std::uint64_t> counters() const {
    const GroupStats stats = group_.stats().group;
    std::map<std::string, std::uint64_t> values;
    for (const auto& row : kGroupStats) values[std::string(row.name)] = stats.*row.value;
    return values;
  }

  Clock::time_point now_{hours(1)};
  testing::PendingLoader loader_;
  PendingPeers peers_;
  KnownOriginals known_;
  PendingChecker checker_;
  Group group_;
  std::vector<Ticket> tickets_;
};

TEST_F(GroupFreshnessTest, WhatIsFreshIsServedWithoutALook) {
  const QueryPtr query = mine();
  cache(query, 'a', "of a");
  now_ += seconds(9);
  EXPECT_EQ(*get(query), "of a");
  EXPECT_EQ(checker_.checks, 0);
  EXPECT_EQ(group_.fresh_for(query->spec, {version('a')}), seconds(1));
}

TEST_F(GroupFreshnessTest, WhatIsStaleIsServedWhileOneLooks) {
  const QueryPtr query = mine();
  cache(query, 'a', "of a");
  now_ += seconds(15);
  EXPECT_EQ(group_.fresh_for(query->spec, {version('a')}), seconds(0));
  EXPECT_EQ(group_.lookup(query->key).stale_since, seconds(5));
  EXPECT_EQ(*get(query), "of a*");
  EXPECT_EQ(*get(query), "of a*");
  EXPECT_EQ(checker_.checks, 1);
  EXPECT_EQ(checker_.name(), query->spec.source);
  checker_.end_with('a', now_);
  EXPECT_EQ(*get(query), "of a");
  EXPECT_EQ(loader_.loads, 1);
}

TEST_F(GroupFreshnessTest, WhatWasReplacedIsLoadedAnew) {
  const QueryPtr query = mine();
  cache(query, 'a', "of a");
  now_ += seconds(15);
  EXPECT_EQ(*get(query), "of a*");
  checker_.end_with('b', now_);
  const auto said = get(query);
  EXPECT_EQ(*said, "pending");
  EXPECT_EQ(loader_.loads, 2);
  loader_.end(image_made_of({version('b')}, "of b"));
  EXPECT_EQ(*said, "of b");
  EXPECT_EQ(*get(query), "of b");
}

TEST_F(GroupFreshnessTest, OneLookIsForAllPicturesOfTheOriginal) {
  const QueryPtr query = mine("one");
  const QueryPtr other = mine("other");
  cache(query, 'a', "one of a");
  cache(other, 'a', "other of a");
  now_ += seconds(15);
  EXPECT_EQ(*get(query), "one of a*");
  EXPECT_EQ(*get(other), "other of a*");
  EXPECT_EQ(checker_.checks, 1);
  checker_.end_with('a', now_);
  EXPECT_EQ(*get(other), "other of a");
  now_ += seconds(25);
  const auto first = get(query);
  const auto second = get(other);
  EXPECT_EQ(*first, "pending");
  EXPECT_EQ(checker_.checks, 2);
  checker_.end_with('b', now_);
  EXPECT_EQ(*first, "pending");
  EXPECT_EQ(*second, "pending");
  EXPECT_EQ(loader_.loads, 4);
}

TEST_F(GroupFreshnessTest, WhatMayNotBeUsedUnseenWaitsForTheLook) {
  const QueryPtr query = mine();
  cache(query, 'a', "of a");
  now_ += seconds(25);
  const auto said = get(query);
  const auto joined = get(query);
  EXPECT_EQ(*said, "pending");
  EXPECT_EQ(checker_.checks, 1);
  checker_.end_with('a', now_);
  EXPECT_EQ(*said, "of a");
  EXPECT_EQ(*joined, "of a");
  EXPECT_EQ(loader_.loads, 1);
}

TEST_F(GroupFreshnessTest, WhatALookFindsReplacedIsLoadedByThoseWhoWaited) {
  const QueryPtr query = mine();
  cache(query, 'a', "of a");
  now_ += seconds(25);
  const auto said = get(query);
  checker_.end_with('b', now_);
  EXPECT_EQ(*said, "pending");
  EXPECT_EQ(loader_.loads, 2);
  loader_.end(image_made_of({version('b')}, "of b"));
  EXPECT_EQ(*said, "of b");
}

TEST_F(GroupFreshnessTest, WhoStopsWaitingForALookIsNotCalled) {
  const QueryPtr query = mine();
  cache(query, 'a', "of a");
  now_ += seconds(25);
  const auto said = get(query);
  EXPECT_TRUE(group_.leave(tickets_.back()));
  checker_.end_with('b', now_);
  EXPECT_EQ(*said, "pending");
  EXPECT_EQ(loader_.loads, 1);
  const auto later = get(query);
  loader_.end(image_made_of({version('b')}, "of b"));
  EXPECT_EQ(*later, "of b");
}

TEST_F(GroupFreshnessTest, WhereNobodyCanLookTheOldPictureIsServedUntilItIsTooOld) {
  const QueryPtr query = mine();
  cache(query, 'a', "of a");
  now_ += seconds(25);
  const auto said = get(query);
  checker_.original().not_seen({now_}, now_ + seconds(1));
  checker_.end();
  EXPECT_EQ(*said, "of a");
  EXPECT_EQ(*get(query), "of a*");
  EXPECT_EQ(checker_.checks, 1) << "a look that failed is not tried again at once";
  now_ += seconds(6);
  const auto late = get(query);
  checker_.original().not_seen({now_}, now_ + seconds(1));
  checker_.end();
  EXPECT_EQ(*late, "pending") << "it is too old, and is loaded";
  loader_.end(Error{ErrorKind::kOrigin, "no answer"});
  EXPECT_EQ(*late, "no answer");
}

TEST_F(GroupFreshnessTest, WhatWasMadeOfAReplacedVersionIsAnsweredAndNotKept) {
  const QueryPtr query = mine();
  PendingChecker::see(*known_.get(query->spec.source), 'a', now_);
  const auto said = get(query);
  PendingChecker::see(*known_.get(query->spec.source), 'b', now_ + milliseconds(1));
  loader_.end(image_made_of({version('a')}, "of a"));
  EXPECT_EQ(*said, "of a");
  EXPECT_EQ(*get(query), "pending");
  EXPECT_EQ(loader_.loads, 2);
}

TEST_F(GroupFreshnessTest, AWatermarkIsLookedAtToo) {
  Query made = *mine();
  made.spec.watermark.emplace().name = "logo";
  const auto query = std::make_shared<const Query>(std::move(made));
  PendingChecker::see(*known_.get(query->spec.source), 'a', now_);
  PendingChecker::see(*known_.get("/watermarks/logo"), 'l', now_ - seconds(15));
  const auto said = get(query);
  loader_.end(image_made_of({version('a'), version('l')}, "of a"));
  EXPECT_EQ(*said, "of a");
  now_ += seconds(9);
  const auto waits = get(query);
  EXPECT_EQ(*waits, "pending") << "the watermark is 24 s old";
  EXPECT_EQ(checker_.checks, 1);
  EXPECT_EQ(checker_.name(), "/watermarks/logo");
  checker_.end_with('m', now_);
  EXPECT_EQ(loader_.loads, 2);
}

TEST_F(GroupFreshnessTest, WhatSaysNothingOfItsVersionIsNeverLookedAt) {
  const QueryPtr query = mine();
  const auto said = get(query);
  loader_.end(image_made_of({}, "of something"));
  EXPECT_EQ(*said, "of something");
  now_ += hours(1000);
  EXPECT_EQ(*get(query), "of something");
  EXPECT_EQ(checker_.checks, 0);
  EXPECT_FALSE(group_.fresh_for(query->spec, {}).has_value());
}

TEST_F(GroupFreshnessTest, ACheckerThatThrowsEndsNoFlightForEver) {
  class ThrowingChecker final : public OriginalChecker {
   public:
    void check(KnownOriginalPtr /*original*/, std::function<void()> /*done*/) override {
      throw std::bad_alloc();
    }
    [[nodiscard]] milliseconds lifetime(const std::string& /*name*/) const override { return {}; }
  };
  ThrowingChecker throwing;
  Group group({.cache_bytes = 1 << 20,
               .self = "http://:8081",
               .peers = {},
               .known = &known_,
               .checker = &throwing,
               .keep_hot = {},
               .now = [this] { return now_; }},
              loader_, peers_);
  const QueryPtr query = mine();
  PendingChecker::see(*known_.get(query->spec.source), 'a', now_);
  std::string said = "pending";
  const Completion say = [&said](const Result<ImagePtr>& result) {
    said = result.has_value() ? (*result)->data.view() : result.error().message;
  };
  EXPECT_EQ(group.lookup(query->key).image, nullptr);
  tickets_.push_back(group.load(query, say));
  loader_.end(image_made_of({version('a')}, "of a"));
  now_ += seconds(25);
  said = "pending";
  EXPECT_EQ(group.lookup(query->key).image, nullptr);
  tickets_.push_back(group.load(query, say));
  EXPECT_EQ(said, "of a");
}

// Hot copies.

TEST_F(GroupFreshnessTest, AHotCopyIsFreshAsLongAsItsOwnerSays) {
  const QueryPtr query = theirs();
  cache_theirs(query, 'a', "of a", seconds(1));
  now_ += milliseconds(999);
  EXPECT_EQ(*get(query), "of a");
  EXPECT_EQ(peers_.fetches, 1);
}

TEST_F(GroupFreshnessTest, AHotCopyIsFreshForAMinuteAtMost) {
  const QueryPtr query = theirs();
  cache_theirs(query, 'a', "of a", hours(1));
  EXPECT_EQ(group_.fresh_for(query->spec, {version('a')}), seconds(60));
}

TEST_F(GroupFreshnessTest, AHotCopyIsServedWhileItsOwnerIsAskedOnce) {
  const QueryPtr query = theirs();
  cache_theirs(query, 'a', "of a", seconds(1));
  now_ += milliseconds(1'500);
  EXPECT_EQ(*get(query), "of a*");
  EXPECT_EQ(*get(query), "of a*");
  EXPECT_EQ(peers_.fetches, 2);
  EXPECT_EQ(peers_.asked, "http://:8082");
  EXPECT_EQ(peers_.terms.have, Versions{version('a')});
  peers_.end({.image = ImagePtr(), .fresh_for = seconds(1), .is_unchanged = true});
  EXPECT_EQ(*get(query), "of a");
  now_ += milliseconds(1'040);
  EXPECT_EQ(*get(query), "of a") << "the owner's second is surely over when it is asked next";
  EXPECT_EQ(peers_.fetches, 2);
  EXPECT_EQ(checker_.checks, 0);
}

TEST_F(GroupFreshnessTest, AnOldHotCopyWaitsForItsOwner) {
  const QueryPtr query = theirs();
  cache_theirs(query, 'a', "of a", seconds(1));
  now_ += milliseconds(2'500);
  const auto said = get(query);
  EXPECT_EQ(*said, "pending");
  peers_.end({.image = ImagePtr(), .fresh_for = seconds(1), .is_unchanged = true});
  EXPECT_EQ(*said, "of a");
}

TEST_F(GroupFreshnessTest, ANewerPictureTakesThePlaceOfAHotCopy) {
  const QueryPtr query = theirs();
  const QueryPtr other = theirs("other");
  cache_theirs(query, 'a', "of a", seconds(1));
  cache_theirs(other, 'a', "other of a", seconds(1));
  now_ += milliseconds(1'500);
  EXPECT_EQ(*get(query), "of a*");
  peers_.end({.image = image_made_of({version('b')}, "of b"), .fresh_for = seconds(1)});
  EXPECT_EQ(*get(query), "of b");
  EXPECT_EQ(*get(other), "pending") << "it was made of the version before";
  EXPECT_TRUE(peers_.terms.have.empty()) << "and is fetched, not looked at";
}

TEST_F(GroupFreshnessTest, WhatIsGoneAtItsOwnerIsGone) {
  const QueryPtr query = theirs();
  cache_theirs(query, 'a', "of a", seconds(1));
  now_ += milliseconds(2'500);
  const auto said = get(query);
  peers_.end({.image = Error{ErrorKind::kNotFound, "gone"}, .failure = Failure::kFinal});
  EXPECT_EQ(*said, "pending");
  peers_.end({.image = Error{ErrorKind::kNotFound, "gone"}, .failure = Failure::kFinal});
  EXPECT_EQ(*said, "gone");
}

TEST_F(GroupFreshnessTest, WhereTheOwnersOriginFailsTheHotCopyIsServed) {
  const QueryPtr query = theirs();
  cache_theirs(query, 'a', "of a", seconds(1));
  now_ += milliseconds(2'500);
  const auto said = get(query);
  peers_.end({.image = Error{ErrorKind::kOrigin, "no answer"}, .failure = Failure::kFinal});
  EXPECT_EQ(*said, "of a");
  EXPECT_EQ(checker_.checks, 0);
}

TEST_F(GroupFreshnessTest, WhereTheOwnerIsAwayThisNodeLooks) {
  for (const Failure failure : {Failure::kAway, Failure::kBad, Failure::kSpent}) {
    const QueryPtr query = theirs(std::to_string(static_cast<int>(failure)));
    cache_theirs(query, 'a', "of a", seconds(1));
    now_ += milliseconds(2'500);
    const auto said = get(query);
    const int before = checker_.checks;
    peers_.end({.image = Error{ErrorKind::kUnreachable, "away"}, .failure = failure});
    EXPECT_EQ(checker_.checks, before + 1);
    EXPECT_EQ(*said, "pending");
    checker_.end_with('a', now_);
    EXPECT_EQ(*said, "of a");
    now_ += hours(1);
  }
}

TEST_F(GroupFreshnessTest, AnOwnerWithoutRoomIsAskedLater) {
  const QueryPtr query = theirs();
  cache_theirs(query, 'a', "of a", seconds(1));
  now_ += milliseconds(2'500);
  const auto said = get(query);
  peers_.end({.image = Error{ErrorKind::kBusy, "busy"}, .failure = Failure::kBusy});
  EXPECT_EQ(*said, "of a");
  EXPECT_EQ(*get(query), "of a*");
  EXPECT_EQ(checker_.checks, 0);
  EXPECT_EQ(peers_.fetches, 2);
}

TEST_F(GroupFreshnessTest, WhatIsStaleAtItsOwnerIsStaleHereAndAskedForAgainSoon) {
  const QueryPtr query = theirs();
  cache_theirs(query, 'a', "of a", milliseconds(0));
  EXPECT_EQ(*get(query), "of a*");
  EXPECT_EQ(peers_.fetches, 1);
  now_ += milliseconds(300);
  EXPECT_EQ(*get(query), "of a*");
  EXPECT_EQ(peers_.fetches, 2);
}

// Two nodes that take each other for the owner: the other one's question comes while this node asks
// it.
TEST_F(GroupFreshnessTest, APeersQuestionDoesNotWaitForAQuestionToAPeer) {
  const QueryPtr query = theirs();
  cache_theirs(query, 'a', "of a", seconds(1));
  now_ += milliseconds(2'500);
  const auto said = get(query);
  EXPECT_EQ(peers_.fetches, 2);
  Query from_peer = *query;
  from_peer.from = Query::From::kPeer;
  const auto answered = get(std::make_shared<const Query>(std::move(from_peer)));
  EXPECT_EQ(checker_.checks, 1);
  checker_.end_with('a', now_);
  EXPECT_EQ(*answered, "of a");
  peers_.end({.image = ImagePtr(), .fresh_for = seconds(1), .is_unchanged = true});
  EXPECT_EQ(*said, "of a");
}

TEST_F(GroupFreshnessTest, LooksMoveNoCounter) {
  const QueryPtr own = mine("own");
  const QueryPtr hot = theirs("hot");
  cache(own, 'a', "own");
  cache_theirs(hot, 'b', "hot", seconds(1));
  const auto before = counters();
  now_ += milliseconds(2'500);
  const auto said = get(hot);
  peers_.end({.image = ImagePtr(), .fresh_for = seconds(1), .is_unchanged = true});
  EXPECT_EQ(*said, "hot");
  now_ += seconds(25);
  const CacheStats main = group_.stats().main;
  const auto waits = get(own);
  checker_.end_with('a', now_);
  EXPECT_EQ(*waits, "own");
  EXPECT_EQ(group_.stats().main.gets, main.gets + 1);
  EXPECT_EQ(group_.stats().main.hits, main.hits + 1);
  EXPECT_EQ(group_.lookup(own->key, Group::Counted::kNo).image->data.view(), "own");
  auto expected = before;
  expected["Gets"] += 2;
  expected["CacheHits"] += 2;
  EXPECT_EQ(counters(), expected);
}

// What a review of the first version found.

TEST_F(GroupFreshnessTest, AnAnswerOfAVersionThatWasReplacedMeanwhileIsNotFresh) {
  const QueryPtr query = mine();
  PendingChecker::see(*known_.get(query->spec.source), 'a', now_);
  EXPECT_EQ(group_.fresh_for(query->spec, {version('a')}), seconds(10));
  PendingChecker::see(*known_.get(query->spec.source), 'b', now_ + milliseconds(1));
  EXPECT_LT(*group_.fresh_for(query->spec, {version('a')}), milliseconds(0));
  EXPECT_TRUE(group_.has_versions(query->spec, {version('b')}));
  EXPECT_FALSE(group_.has_versions(query->spec, {version('a')}));
}

TEST_F(GroupFreshnessTest, WhatItsOwnerKnowsToBeOutdatedIsAnsweredAndNotKept) {
  const QueryPtr query = theirs();
  const auto said = get(query);
  peers_.end({.image = image_made_of({version('a')}, "of a"), .is_outdated = true});
  EXPECT_EQ(*said, "of a");
  EXPECT_EQ(*get(query), "pending");
  EXPECT_EQ(peers_.fetches, 2);
}

// The owner of a picture is not that of its watermark.
TEST_F(GroupFreshnessTest, TheOwnersWordOnAWatermarkTakesNothingFromWhatWasSeenHere) {
  Query made = *theirs();
  made.spec.watermark.emplace().name = "logo";
  const auto query = std::make_shared<const Query>(std::move(made));
  const KnownOriginalPtr mark = known_.get("/watermarks/logo");
  PendingChecker::see(*mark, 'l', now_);
  const std::uint64_t before = mark->generation_of(version('l'), {});
  const auto said = get(query);
  peers_.end(
      {.image = image_made_of({version('a'), version('m')}, "of a"), .fresh_for = milliseconds(1)});
  EXPECT_EQ(*said, "of a");
  EXPECT_EQ(mark->standing(before, now_), Standing::kFresh);
  EXPECT_EQ(mark->fresh_for(now_), seconds(10));
  EXPECT_EQ(*get(query), "pending") << "made of a watermark that this node does not have";
}

TEST_F(GroupFreshnessTest, TheOwnersWordDoesNotShortenWhatThisNodeHasSeen) {
  const QueryPtr query = theirs();
  PendingChecker::see(*known_.get(query->spec.source), 'a', now_);
  cache_theirs(query, 'a', "of a", milliseconds(1));
  EXPECT_EQ(known_.get(query->spec.source)->fresh_for(now_), seconds(10));
}

TEST_F(GroupFreshnessTest, ABacklogDeclinesNothingThatIsCached) {
  const QueryPtr query = mine();
  cache(query, 'a', "of a");
  loader_.backlog = true;
  EXPECT_TRUE(group_.would_wait(*mine("another")));
  now_ += seconds(25);
  EXPECT_FALSE(group_.would_wait(*query)) << "it is only to be looked at";
}

// An origin that takes longer to say that nothing has changed than that holds.
TEST_F(GroupFreshnessTest, WhatASlowLookHasSeenMayBeUsed) {
  const QueryPtr query = mine();
  cache(query, 'a', "of a");
  now_ += seconds(25);
  const auto said = get(query);
  const Clock::time_point begun = now_;
  now_ += seconds(40);
  checker_.end_with('a', begun);
  EXPECT_EQ(*said, "of a");
  EXPECT_EQ(loader_.loads, 1);
}

TEST_F(GroupFreshnessTest, AnErrorOfOnePictureReplacesNoOther) {
  const QueryPtr query = theirs();
  const QueryPtr other = theirs("other");
  cache_theirs(query, 'a', "of a", seconds(1));
  cache_theirs(other, 'a', "other of a", seconds(1));
  now_ += milliseconds(2'500);
  const auto said = get(query);
  peers_.end({.image = Error{ErrorKind::kNeedsMemory, "too large"}, .failure = Failure::kFinal});
  EXPECT_EQ(*said, "pending") << "it is asked for anew";
  EXPECT_EQ(*get(other), "other of a*");
}

TEST_F(GroupFreshnessTest, NothingIsLoadedForThoseWhoHaveLeftDuringALook) {
  const QueryPtr query = mine();
  cache(query, 'a', "of a");
  now_ += seconds(25);
  const auto said = get(query);
  EXPECT_TRUE(group_.leave(tickets_.back()));
  const auto before = counters();
  checker_.end_with('b', now_);
  EXPECT_EQ(loader_.loads, 1);
  EXPECT_EQ(counters(), before);
}

TEST_F(GroupFreshnessTest, ALookThatEndsBetweenLookupAndLoadCountsOnce) {
  const QueryPtr query = mine();
  cache(query, 'a', "of a");
  now_ += seconds(25);
  const auto before = counters();
  const Group::Looked looked = group_.lookup(query->key);
  EXPECT_TRUE(looked.is_unsure);
  PendingChecker::see(*known_.get(query->spec.source), 'a', now_);
  tickets_.push_back(group_.load(query, [](const auto&) {}, looked.is_unsure));
  auto expected = before;
  expected["Gets"] += 1;
  expected["CacheHits"] += 1;
  EXPECT_EQ(counters(), expected);
}

// The render of a large picture takes longer than a file is believed in.
TEST_F(GroupFreshnessTest, WhatTookLongToLoadIsLookedAtOnceMore) {
  const QueryPtr query = mine();
  PendingChecker::see(*known_.get(query->spec.source), 'a', now_);
  const auto said = get(query);
  now_ += seconds(25);
  loader_.end(image_made_of({version('a')}, "of a"));
  EXPECT_EQ(*said, "pending");
  EXPECT_EQ(checker_.checks, 1);
  checker_.end_with('a', now_);
  EXPECT_EQ(*said, "of a");
  EXPECT_EQ(group_.fresh_for(query->spec, {version('a')}), seconds(10));
  EXPECT_EQ(*get(query), "of a");
  EXPECT_EQ(checker_.checks, 1);
}

TEST_F(GroupFreshnessTest, WhatWasReplacedDuringALongLoadIsAnsweredAsOld) {
  const QueryPtr query = mine();
  PendingChecker::see(*known_.get(query->spec.source), 'a', now_);
  const auto said = get(query);
  now_ += seconds(25);
  loader_.end(image_made_of({version('a')}, "of a"));
  checker_.end_with('b', now_);
  EXPECT_EQ(*said, "of a");
  EXPECT_LT(*group_.fresh_for(query->spec, {version('a')}), milliseconds(0));
  EXPECT_EQ(*get(query), "pending");
}

// An origin that fails is not asked by each request.
TEST_F(GroupFreshnessTest, NobodyLooksAgainAtOnceWhereALookHasFailed) {
  const QueryPtr query = mine();
  cache(query, 'a', "of a");
  now_ += seconds(40);
  const auto said = get(query);
  checker_.original().not_seen({now_}, now_ + seconds(1));
  checker_.end();
  EXPECT_EQ(*said, "pending") << "it is too old";
  loader_.end(Error{ErrorKind::kOrigin, "no answer"});
  const auto again = get(query);
  EXPECT_EQ(checker_.checks, 1);
  EXPECT_EQ(loader_.loads, 3) << "the loader remembers the error";
  loader_.end(Error{ErrorKind::kOrigin, "no answer"});
  EXPECT_EQ(*again, "no answer");
  now_ += seconds(1);
  EXPECT_EQ(*get(query), "pending");
  EXPECT_EQ(checker_.checks, 2);
  checker_.end_with('a', now_);
}

// As an owner that was just started.
TEST_F(GroupFreshnessTest, ANodeThatHasSeenNothingVouchesForNothing) {
  const QueryPtr query = mine();
  EXPECT_FALSE(group_.has_versions(query->spec, {version('a')}));
  EXPECT_EQ(group_.fresh_for(query->spec, {version('a')}), seconds(0));
}

TEST_F(GroupFreshnessTest, AnOwnerThatIsStaleItselfDoesNotLengthenHowLongACopyIsUsed) {
  const QueryPtr query = theirs();
  cache_theirs(query, 'a', "of a", seconds(1));
  now_ += seconds(40);
  const auto said = get(query);
  peers_.end({.image = ImagePtr(), .fresh_for = seconds(0), .is_unchanged = true});
  const KnownOriginalPtr original = known_.get(query->spec.source);
  const std::uint64_t a = original->generation_of(version('a'), {});
  EXPECT_EQ(original->standing_after_look(a, now_ + seconds(50), original->sights()),
            Standing::kStale);
  EXPECT_EQ(original->standing_after_look(a, now_ + seconds(70), original->sights()),
            Standing::kReplaced)
      << "100 s after it was fresh";
}

class GoGroupFreshnessTest : public GroupFreshnessTest {
 protected:
  GoGroupFreshnessTest() : GroupFreshnessTest(RingMode::kGo) {}
};

TEST_F(GoGroupFreshnessTest, AHotCopyEndsByTheLifetimeOfItsOriginal) {
  QueryPtr query;
  for (int i = 0; !query || group_.owner(*query) != "http://:8082"; ++i) {
    query = this->query("a.jpg", std::to_string(i));
  }
  cache_theirs(query, 'a', "of a", hours(1));
  now_ += milliseconds(999);
  EXPECT_EQ(*get(query), "of a");
  now_ += milliseconds(2);
  EXPECT_EQ(*get(query), "pending");
  EXPECT_TRUE(peers_.terms.have.empty());
}

TEST_F(GoGroupFreshnessTest, WhatThisNodeMakesIsLookedAtHere) {
  QueryPtr query;
  for (int i = 0; !query || group_.owner(*query) != "http://:8081"; ++i) {
    query = this->query("a.jpg", std::to_string(i));
  }
  cache(query, 'a', "of a");
  now_ += seconds(25);
  const auto said = get(query);
  EXPECT_EQ(checker_.checks, 1);
  checker_.end_with('b', now_);
  EXPECT_EQ(*said, "pending");
}

}  // namespace
}  // namespace imageserver
