// What a group does when originals are purged.

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "groupcache/group.h"
#include "support/node_purges.h"
#include "support/versions.h"

namespace imageserver {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using testing::image_made_of;
using testing::version;
using Failure = PeerTransport::Failure;
using Outcome = PeerTransport::Outcome;
using Strength = testing::NodePurges::Strength;

constexpr const char* kSelf = "http://:8081";
constexpr const char* kPeer = "http://:8082";

// Loads end when the test says so, by the number under which they began.
class HeldLoads final : public Loader {
 public:
  void load(QueryPtr /*query*/, std::stop_token /*stop*/, Completion done) override {
    done_.push_back(std::move(done));
  }
  bool has_backlog() const override { return backlog; }

  void end(std::size_t load, const Result<ImagePtr>& result) {
    std::exchange(done_.at(load), nullptr)(result);
  }
  [[nodiscard]] std::size_t count() const { return done_.size(); }

  bool backlog = false;

 private:
  std::vector<Completion> done_;
};

// The same for fetches.
class HeldFetches final : public PeerTransport {
 public:
  void fetch(const std::string& /*node*/, Terms terms, QueryPtr /*query*/, std::stop_token /*stop*/,
             Events events) override {
    have.push_back(std::move(terms.have));
    events_.push_back(std::move(events));
  }
  bool is_away(const std::string& /*node*/) const override { return false; }

  void end(std::size_t fetch, Outcome outcome) {
    std::exchange(events_.at(fetch), {}).done(std::move(outcome));
  }
  [[nodiscard]] std::size_t count() const { return events_.size(); }

  std::vector<Versions> have;  // what they say this node has

 private:
  std::vector<Events> events_;
};

// The same for looks. What is seen is fresh for 10 s, usable for 20 s, stale for 30 s.
class HeldLooks final : public OriginalChecker {
 public:
  explicit HeldLooks(const Clock::time_point& now) : now_(now) {}

  void check(KnownOriginalPtr original, std::function<void()> done) override {
    looks_.push_back({original, original->begin(now_), std::move(done)});
  }
  [[nodiscard]] milliseconds lifetime(const std::string& /*name*/) const override {
    return hours(1);
  }

  void end(std::size_t look, char of) {
    auto& [original, begun, done] = looks_.at(look);
    see(*original, of, begun);
    std::exchange(done, nullptr)();
  }
  [[nodiscard]] std::size_t count() const { return looks_.size(); }

  static void see(KnownOriginal& original, char of, const KnownOriginal::Beginning& begun) {
    original.seen({.version = version(of),
                   .begun = begun,
                   .freshness = {.fresh = begun.at + seconds(10),
                                 .usable = begun.at + seconds(20),
                                 .stale = begun.at + seconds(30)}});
  }

 private:
  struct Look {
    KnownOriginalPtr original;
    KnownOriginal::Beginning begun;
    std::function<void()> done;
  };

  const Clock::time_point& now_;
  std::vector<Look> looks_;
};

class GroupPurgesTest : public ::testing::Test {
 protected:
  using Said = std::shared_ptr<std::string>;

  explicit GroupPurgesTest(RingMode mode = RingMode::kBalanced)
      : group_(GroupOptions{.mode = mode,
                            .cache_bytes = 1 << 20,
                            .self = kSelf,
                            .peers = {kPeer},
                            .names_of = &names_of,
                            .known = &known_,
                            .checker = &looks_,
                            .keep_hot = [] { return true; },
                            .now = [this] { return now_; }},
               loads_, fetches_) {}

  ~GroupPurgesTest() override { known_.drop_looks(); }

  static std::vector<std::string> names_of(const TransformSpec& spec) {
    std::vector<std::string> names = {spec.source};
    if (spec.watermark) names.push_back("/watermarks/" + spec.watermark->name);
    return names;
  }

  [[nodiscard]] QueryPtr query_of(const std::string& owner) const {
    for (int i = 0;; ++i) {
      auto query = std::make_shared<Query>();
      query->key = "key " + std::to_string(i);
      query->spec.source = std::to_string(i) + ".jpg";
      query->deadline = now_ + hours(1);
      if (group_.owner(*query) == owner) return query;
    }
  }

  // A whole Get: the bytes, an error's message, or "pending", with a star behind what is stale.
  Said get(const QueryPtr& query) {
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

  void see(const QueryPtr& query, char of) {
    const KnownOriginalPtr original = known_.get(query->spec.source);
    HeldLooks::see(*original, of, original->begin(now_));
  }

  // The load that began under that number fetches the version now, and makes this of it.
  void load(std::size_t number, const QueryPtr& query, char of, std::string_view data) {
    see(query, of);
    loads_.end(number, image_made_of({version(of)}, data));
  }

  // Has it cached that was made of a version seen now.
  void cache(const QueryPtr& query, char of, std::string_view data) {
    const Said said = get(query);
    load(loads_.count() - 1, query, of, data);
    ASSERT_EQ(*said, data);
    ASSERT_EQ(*get(query), data);
  }

  // The same of what the owner gives, which is fresh there for a second.
  void cache_theirs(const QueryPtr& query, char of, std::string_view data) {
    const Said said = get(query);
    fetches_.end(fetches_.count() - 1, given(of, data));
    ASSERT_EQ(*said, data);
    ASSERT_EQ(*get(query), data);
  }

  static Outcome given(char of, std::string_view data) {
    return {.image = image_made_of({version(of)}, data), .fresh_for = seconds(1)};
  }

  static Outcome unchanged() {
    return {.image = ImagePtr(), .fresh_for = seconds(1), .is_unchanged = true};
  }

  void purge(const QueryPtr& query, Strength strength = Strength::kHard) {
    purges_.purge(query->spec.source, strength);
  }

  Clock::time_point now_{hours(1)};
  testing::NodePurges purges_;
  KnownOriginals known_{&purges_.log};
  HeldLooks looks_{now_};
  HeldFetches fetches_;
  HeldLoads loads_;
  Group group_;
  const QueryPtr mine_ = query_of(kSelf);
  const QueryPtr theirs_ = query_of(kPeer);
  std::vector<Ticket> tickets_;
};

TEST_F(GroupPurgesTest, WhatWasCachedBeforeAPurgeIsLoadedAnew) {
  cache(mine_, 'a', "old");
  purge(mine_);
  EXPECT_FALSE(group_.has_versions(mine_->spec, {version('a')}));
  const Said said = get(mine_);
  EXPECT_EQ(*said, "pending");
  load(1, mine_, 'b', "new");
  EXPECT_EQ(*said, "new");
  EXPECT_EQ(*get(mine_), "new");
}

// As when somebody purges what was not changed.
TEST_F(GroupPurgesTest, TheSameVersionHoldsOnceItIsLoadedAnew) {
  cache(mine_, 'a', "old");
  purge(mine_);
  cache(mine_, 'a', "anew");
  EXPECT_EQ(loads_.count(), 2U);
}

TEST_F(GroupPurgesTest, PurgesOfOthersChangeNothing) {
  cache(mine_, 'a', "old");
  cache_theirs(theirs_, 'a', "theirs");
  purges_.purge("another.jpg");
  EXPECT_EQ(*get(mine_), "old");
  EXPECT_EQ(*get(theirs_), "theirs");
}

TEST_F(GroupPurgesTest, APurgeOfAWatermarkReachesWhatIsMarkedWithIt) {
  Query made = *mine_;
  made.spec.watermark.emplace().name = "logo";
  const auto marked = std::make_shared<const Query>(std::move(made));
  const KnownOriginalPtr logo = known_.get("/watermarks/logo");
  see(marked, 'a');
  HeldLooks::see(*logo, 'l', logo->begin(now_));
  get(marked);
  loads_.end(0, image_made_of({version('a'), version('l')}, "old"));
  EXPECT_EQ(*get(marked), "old");
  purges_.purge("/watermarks/logo");
  EXPECT_EQ(*get(marked), "pending");
}

TEST_F(GroupPurgesTest, BehindASoftOneTheOldPictureIsServedWhileSomebodyLooks) {
  cache(mine_, 'a', "old");
  purge(mine_, Strength::kSoft);
  EXPECT_EQ(*get(mine_), "old*");
  EXPECT_EQ(*get(mine_), "old*");
  EXPECT_EQ(looks_.count(), 1U);
  looks_.end(0, 'a');
  EXPECT_EQ(*get(mine_), "old");
  EXPECT_EQ(loads_.count(), 1U);
}

// Flights.

TEST_F(GroupPurgesTest, WhoComesAfterAPurgeJoinsNoLoadThatBeganBefore) {
  see(mine_, 'a');
  const Said before = get(mine_);
  const Said joined = get(mine_);
  EXPECT_EQ(loads_.count(), 1U);
  purge(mine_);
  const Said after = get(mine_);
  const Said after_too = get(mine_);
  EXPECT_EQ(loads_.count(), 2U);
  load(1, mine_, 'b', "new");
  EXPECT_EQ(*after, "new");
  EXPECT_EQ(*after_too, "new");
  EXPECT_EQ(*before, "pending");
  loads_.end(0, image_made_of({version('a')}, "old"));
  EXPECT_EQ(*before, "old");
  EXPECT_EQ(*joined, "old");
  EXPECT_EQ(*get(mine_), "new") << "what began before it has not taken its place";
}

TEST_F(GroupPurgesTest, WhatBeganBeforeAPurgeIsAnsweredAndNotKept) {
  for (const Strength strength : {Strength::kHard, Strength::kSoft}) {
    see(mine_, 'a');
    const std::size_t load = loads_.count();
    const Said before = get(mine_);
    purge(mine_, strength);
    loads_.end(load, image_made_of({version('a')}, "old"));
    EXPECT_EQ(*before, "old");
    EXPECT_EQ(group_.stats().main.items, 0U);
    EXPECT_EQ(*get(mine_), "pending");
    loads_.end(load + 1, Error{ErrorKind::kOrigin, "no answer"});
  }
}

TEST_F(GroupPurgesTest, AnErrorOfBeforeIsNotThatOfWhoComesAfter) {
  const Said before = get(mine_);
  purge(mine_);
  const Said after = get(mine_);
  loads_.end(0, Error{ErrorKind::kNotFound, "gone"});
  EXPECT_EQ(*before, "gone");
  EXPECT_EQ(*after, "pending");
}

TEST_F(GroupPurgesTest, WhoComesAfterAPurgeJoinsNoFetchThatBeganBefore) {
  const Said before = get(theirs_);
  purge(theirs_);
  const Said after = get(theirs_);
  EXPECT_EQ(fetches_.count(), 2U);
  fetches_.end(0, given('a', "old"));
  EXPECT_EQ(*before, "old");
  EXPECT_EQ(group_.stats().hot.items, 0U);
  fetches_.end(1, given('b', "new"));
  EXPECT_EQ(*after, "new");
  EXPECT_EQ(*get(theirs_), "new");
}

TEST_F(GroupPurgesTest, AFetchThatFailsAfterAPurgeFallsBackToWhatNobodyJoins) {
  const Said before = get(theirs_);
  purge(theirs_);
  fetches_.end(0, {.image = Error{ErrorKind::kUnreachable, "away"}, .failure = Failure::kBad});
  const Said after = get(theirs_);
  fetches_.end(1, {.image = Error{ErrorKind::kUnreachable, "away"}, .failure = Failure::kBad});
  EXPECT_EQ(loads_.count(), 2U);
  loads_.end(0, image_made_of({version('a')}, "old"));
  EXPECT_EQ(*before, "old");
  EXPECT_EQ(*after, "pending");
  load(1, theirs_, 'b', "new");
  EXPECT_EQ(*after, "new");
  EXPECT_EQ(group_.stats().hot.items, 1U);
}

TEST_F(GroupPurgesTest, ALookThatAPurgeOvertakesVouchesForNothing) {
  cache(mine_, 'a', "old");
  now_ += seconds(25);
  const Said said = get(mine_);
  purge(mine_);
  const Said after = get(mine_);
  EXPECT_EQ(loads_.count(), 2U);
  looks_.end(0, 'a');
  EXPECT_EQ(*said, "pending") << "it is loaded";
  load(1, mine_, 'b', "new");
  EXPECT_EQ(*after, "new");
  loads_.end(2, image_made_of({version('b')}, "new as well"));
  EXPECT_EQ(*said, "new as well");
}

TEST_F(GroupPurgesTest, ALoadThatNobodyJoinsAnyMoreIsNotWhatARequestWaitsFor) {
  loads_.backlog = true;
  EXPECT_TRUE(group_.would_wait(*mine_));
  get(mine_);
  EXPECT_FALSE(group_.would_wait(*mine_)) << "it would join";
  purge(mine_);
  EXPECT_TRUE(group_.would_wait(*mine_));
}

// Hot copies.

TEST_F(GroupPurgesTest, AHotCopyOfBeforeIsFetchedAnewWithoutACondition) {
  cache_theirs(theirs_, 'a', "old");
  purge(theirs_);
  const Said said = get(theirs_);
  EXPECT_EQ(*said, "pending");
  EXPECT_TRUE(fetches_.have.back().empty());
  fetches_.end(1, given('b', "new"));
  EXPECT_EQ(*said, "new");
  EXPECT_EQ(*get(theirs_), "new");
}

TEST_F(GroupPurgesTest, BehindASoftOneTheOwnerIsAskedWhetherAHotCopyIsRight) {
  cache_theirs(theirs_, 'a', "old");
  purge(theirs_, Strength::kSoft);
  EXPECT_EQ(*get(theirs_), "old*");
  EXPECT_EQ(fetches_.have.back(), Versions{version('a')});
  fetches_.end(1, unchanged());
  EXPECT_EQ(*get(theirs_), "old");
}

TEST_F(GroupPurgesTest, AnOwnerThatMayNotKnowThePurgeRenewsNoHotCopy) {
  cache_theirs(theirs_, 'a', "old");
  purge(theirs_, Strength::kSoft);
  EXPECT_EQ(*get(theirs_), "old*");
  Outcome outdated = unchanged();
  outdated.is_outdated = true;
  fetches_.end(1, outdated);
  EXPECT_EQ(*get(theirs_), "old*");
  now_ += seconds(1);
  get(theirs_);
  EXPECT_EQ(fetches_.count(), 3U);
}

TEST_F(GroupPurgesTest, AnAnswerToAQuestionOfBeforeRenewsNothing) {
  for (const Strength strength : {Strength::kHard, Strength::kSoft}) {
    cache_theirs(theirs_, 'a', "old");
    now_ += milliseconds(1'500);
    const std::size_t question = fetches_.count();
    EXPECT_EQ(*get(theirs_), "old*");
    purge(theirs_, strength);
    fetches_.end(question, unchanged());
    EXPECT_NE(*get(theirs_), "old");
    fetches_.end(question + 1, given('b', "new"));
    EXPECT_EQ(*get(theirs_), "new");
    purge(theirs_);
  }
}

TEST_F(GroupPurgesTest, ANewerPictureOfBeforeTakesNoPlace) {
  cache_theirs(theirs_, 'a', "old");
  now_ += milliseconds(1'500);
  EXPECT_EQ(*get(theirs_), "old*");
  purge(theirs_);
  fetches_.end(1, given('b', "not so old"));
  EXPECT_EQ(*get(theirs_), "pending");
}

// What is loaded by the way.

TEST_F(GroupPurgesTest, WhatIsKeptByTheWayIsOfItsFence) {
  const KnownOriginalPtr original = known_.get(mine_->spec.source);
  const std::uint64_t before = original->begin(now_).fence;
  purge(mine_);
  see(mine_, 'a');
  group_.keep(*mine_, image_made_of({version('a')}, "old"), before);
  EXPECT_EQ(group_.lookup(mine_->key).image, nullptr);
  see(mine_, 'b');
  group_.keep(*mine_, image_made_of({version('b')}, "new"), original->begin(now_).fence);
  EXPECT_EQ(*get(mine_), "new");
}

TEST_F(GroupPurgesTest, MoveNoCounter) {
  cache(mine_, 'a', "old");
  const GroupStats before = group_.stats().group;
  purge(mine_);
  static_cast<void>(known_.get(mine_->spec.source)->begin(now_));
  const GroupStats after = group_.stats().group;
  EXPECT_EQ(after.gets, before.gets);
  EXPECT_EQ(after.cache_hits, before.cache_hits);
  EXPECT_EQ(after.loads, before.loads);
  EXPECT_EQ(group_.lookup(mine_->key).image, nullptr);
  EXPECT_EQ(group_.stats().group.cache_hits, before.cache_hits) << "and it is no hit";
}

class GoGroupPurgesTest : public GroupPurgesTest {
 protected:
  GoGroupPurgesTest() : GroupPurgesTest(RingMode::kGo) {}
};

// A Go node says nothing of versions.
TEST_F(GoGroupPurgesTest, WhatAGoNodeGaveIsFetchedAnewBehindAPurge) {
  for (const Strength strength : {Strength::kHard, Strength::kSoft}) {
    const std::size_t fetch = fetches_.count();
    const Said said = get(theirs_);
    fetches_.end(fetch, {.image = image_made_of({}, "old")});
    EXPECT_EQ(*said, "old");
    EXPECT_EQ(*get(theirs_), "old");
    purge(theirs_, strength);
    EXPECT_EQ(*get(theirs_), "pending");
    fetches_.end(fetch + 1, {.image = image_made_of({}, "new")});
    EXPECT_EQ(*get(theirs_), "new");
    purge(theirs_);
  }
}

TEST_F(GoGroupPurgesTest, WhatAGoNodeGaveToAQuestionOfBeforeIsNotKept) {
  const Said before = get(theirs_);
  purge(theirs_);
  fetches_.end(0, {.image = image_made_of({}, "old")});
  EXPECT_EQ(*before, "old");
  EXPECT_EQ(*get(theirs_), "pending");
}

}  // namespace
}  // namespace imageserver
