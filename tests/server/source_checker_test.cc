#include "server/source_checker.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "support/looking.h"
#include "support/patience.h"
#include "support/remote_source.h"
#include "support/versions.h"

namespace imageserver {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

constexpr std::string_view kPicture = "GIF89a picture";
constexpr std::string_view kOther = "GIF89a another";

FetchedOriginal fetched_of(std::string_view bytes, const std::string& etag) {
  return {.bytes = Bytes::copy(bytes),
          .hash = sha256(bytes),
          .validators = {.etag = etag, .last_modified = {}}};
}

FetchedOriginal unchanged(const std::string& etag) {
  return {.bytes = {}, .validators = {.etag = etag, .last_modified = {}}, .is_unchanged = true};
}

// A directory whose answers the test gives.
class ScriptedDisk final : public Source {
 public:
  [[nodiscard]] std::optional<std::string> name_of(std::string_view path) const override {
    return std::string(path);
  }
  [[nodiscard]] bool blocks() const override { return true; }
  [[nodiscard]] std::size_t fits(std::string_view /*name*/) const override { return 0; }

  void fetch(FetchRequest request, std::stop_token /*stop*/, Done done) override {
    const std::scoped_lock lock(mutex);
    requests.push_back(std::move(request));
    if (throws) throw std::bad_alloc();
    done(answer);
  }

  std::mutex mutex;
  Result<FetchedOriginal> answer = fetched_of(kPicture, "1");
  bool throws = false;
  std::vector<FetchRequest> requests;
};

class SourceCheckerTest : public ::testing::Test {
 protected:
  Sources make_sources() {
    auto disk = std::make_unique<ScriptedDisk>();
    auto origin = std::make_unique<testing::RemoteSource>("http://origin/");
    disk_ = disk.get();
    origin_ = origin.get();
    Sources::Places places;
    places.emplace_back("/", std::move(disk));
    places.emplace_back("/remote", std::move(origin));
    return Sources(std::move(places));
  }

  static Sources make_marks() {
    Sources::Places places;
    places.emplace_back("/", std::make_unique<ScriptedDisk>());
    return Sources(std::move(places), "/watermarks/");
  }

  // What the original is known as after a look.
  KnownOriginalPtr check(const std::string& name) {
    const KnownOriginalPtr original = looking_.known.get(name);
    begin(original);
    EXPECT_TRUE(testing::soon([&] { return done_ > 0; }));
    done_ = 0;
    return original;
  }

  void begin(const KnownOriginalPtr& original) {
    looking_.checker.check(original, [this] { ++done_; });
  }

  static milliseconds fresh_for(KnownOriginal& original) {
    return std::chrono::round<milliseconds>(original.fresh_for(Clock::now()));
  }

  ScriptedDisk* disk_ = nullptr;
  testing::RemoteSource* origin_ = nullptr;
  const Sources sources_ = make_sources();
  const Sources marks_ = make_marks();
  testing::Looking looking_{{&sources_, &marks_}, {.stale = hours(24)}};
  std::atomic<int> done_ = 0;
};

TEST_F(SourceCheckerTest, AFileIsFreshForASecond) {
  const KnownOriginalPtr original = check("a.gif");
  EXPECT_EQ(original->present().version, version_of(sha256(kPicture)));
  EXPECT_EQ(original->present().validators.etag, "1");
  EXPECT_GT(fresh_for(*original), milliseconds(0));
  EXPECT_LE(fresh_for(*original), seconds(1));
  const auto generation = original->generation_of(version_of(sha256(kPicture)), {});
  EXPECT_EQ(original->standing(generation, Clock::now() + seconds(1)), Standing::kUnsure)
      << "who asks for it then waits for the look";
  EXPECT_EQ(original->standing_after_look(generation, Clock::now() + hours(23), original->sights()),
            Standing::kStale);
  EXPECT_EQ(original->standing_after_look(generation, Clock::now() + hours(25), original->sights()),
            Standing::kReplaced);
}

TEST_F(SourceCheckerTest, AnOriginalOfAServerIsFreshForAnHourAndUsedForADay) {
  origin_->at_once = fetched_of(kPicture, "\"1\"");
  const KnownOriginalPtr original = check("http://origin/a.gif");
  EXPECT_GT(fresh_for(*original), hours(1) - seconds(60));
  EXPECT_LE(fresh_for(*original), hours(1));
  const auto generation = original->generation_of(version_of(sha256(kPicture)), {});
  EXPECT_EQ(original->standing(generation, Clock::now() + hours(24)), Standing::kStale);
  EXPECT_EQ(original->standing(generation, Clock::now() + hours(26)), Standing::kUnsure);
}

TEST_F(SourceCheckerTest, TheTtlOfTheFlagHoldsForBoth) {
  const testing::Looking looking({&sources_}, {.ttl = seconds(30), .stale = hours(1)});
  EXPECT_EQ(looking.checker.lifetime("a.gif"), seconds(30));
  EXPECT_EQ(looking.checker.lifetime("http://origin/a.gif"), seconds(30));
  EXPECT_EQ(looking_.checker.lifetime("a.gif"), seconds(1));
  EXPECT_EQ(looking_.checker.lifetime("http://origin/a.gif"), hours(1));
}

TEST_F(SourceCheckerTest, ALookSaysWhatIsKnown) {
  check("a.gif");
  disk_->answer = unchanged("1");
  const KnownOriginalPtr original = check("a.gif");
  EXPECT_EQ(disk_->requests.back().known.etag, "1");
  EXPECT_EQ(disk_->requests.back().name, "a.gif");
  EXPECT_EQ(original->present().version, version_of(sha256(kPicture)));
}

TEST_F(SourceCheckerTest, AFileThatWasReplacedReplacesWhatWasMade) {
  const KnownOriginalPtr original = check("a.gif");
  const auto generation = original->generation_of(version_of(sha256(kPicture)), {});
  disk_->answer = fetched_of(kPicture, "2");
  check("a.gif");
  EXPECT_EQ(original->standing(generation, Clock::now()), Standing::kFresh)
      << "its bytes are the same";
  disk_->answer = fetched_of(kOther, "3");
  check("a.gif");
  EXPECT_EQ(original->standing(generation, Clock::now()), Standing::kReplaced);
  EXPECT_TRUE(looking_.kept.empty()) << "what lies on the disk is kept by nobody";
}

TEST_F(SourceCheckerTest, ANewVersionOfAServerIsKeptAndNotFetchedAgain) {
  origin_->at_once = fetched_of(kPicture, "\"1\"");
  check("http://origin/a.gif");
  looking_.kept.clear();
  origin_->at_once = fetched_of(kPicture, "\"2\"");
  check("http://origin/a.gif");
  EXPECT_TRUE(looking_.kept.empty()) << "it is the same";
  origin_->at_once = fetched_of(kOther, "\"3\"");
  check("http://origin/a.gif");
  ASSERT_EQ(looking_.kept.size(), 1U);
  EXPECT_EQ(looking_.kept.front().first, "http://origin/a.gif");
  EXPECT_EQ(looking_.kept.front().second->data.view(), kOther);
  EXPECT_EQ(looking_.kept.front().second->made_of, Versions{version_of(sha256(kOther))});
  EXPECT_EQ(origin_->requests.back().known.etag, "\"2\"");
}

TEST_F(SourceCheckerTest, WhatIsNoPictureAnyMoreIsNotKept) {
  origin_->at_once = fetched_of("a page that says sorry", "\"1\"");
  const KnownOriginalPtr original = check("http://origin/a.gif");
  EXPECT_TRUE(looking_.kept.empty());
  EXPECT_TRUE(original->present().version.has_value());
}

TEST_F(SourceCheckerTest, WhatIsGoneReplacesWhatWasMade) {
  for (const ErrorKind kind :
       {ErrorKind::kNotFound, ErrorKind::kForbidden, ErrorKind::kUnprocessable}) {
    disk_->answer = fetched_of(kPicture, "1");
    const KnownOriginalPtr original = check("a.gif");
    const auto generation = original->generation_of(version_of(sha256(kPicture)), {});
    disk_->answer = Error{kind, "gone"};
    check("a.gif");
    EXPECT_EQ(original->standing(generation, Clock::now()), Standing::kReplaced);
    EXPECT_FALSE(original->present().version.has_value());
  }
}

TEST_F(SourceCheckerTest, AnOriginThatFailsChangesNothing) {
  origin_->at_once = fetched_of(kPicture, "\"1\"");
  const KnownOriginalPtr original = check("http://origin/a.gif");
  const auto generation = original->generation_of(version_of(sha256(kPicture)), {});
  for (const ErrorKind kind : {ErrorKind::kOrigin, ErrorKind::kOriginLate, ErrorKind::kBusy,
                               ErrorKind::kInternal, ErrorKind::kCancelled}) {
    origin_->at_once = Error{kind, "no answer"};
    check("http://origin/a.gif");
    EXPECT_EQ(original->standing(generation, Clock::now()), Standing::kFresh);
    EXPECT_EQ(original->standing(generation, Clock::now() + hours(2)), Standing::kStale);
  }
  EXPECT_EQ(original->present().validators.etag, "\"1\"");
}

TEST_F(SourceCheckerTest, ALookThatThrowsEnds) {
  const KnownOriginalPtr original = check("a.gif");
  disk_->throws = true;
  check("a.gif");
  EXPECT_TRUE(original->present().version.has_value());
}

TEST_F(SourceCheckerTest, AWatermarkIsNotTheOriginalOfThatPath) {
  EXPECT_TRUE(check("/watermarks/logo.gif")->present().version.has_value());
  EXPECT_TRUE(disk_->requests.empty());
}

TEST_F(SourceCheckerTest, WhatHasNoPlaceIsGone) {
  Sources::Places places;
  places.emplace_back("/only", std::make_unique<ScriptedDisk>());
  const Sources sources(std::move(places));
  testing::Looking looking({&sources});
  bool done = false;
  const KnownOriginalPtr original = looking.known.get("elsewhere.gif");
  looking.checker.check(original, [&] { done = true; });
  EXPECT_TRUE(done);
  EXPECT_EQ(original->standing(original->generation_of(testing::version('a'), {}), Clock::now()),
            Standing::kReplaced);
}

// A disk that hangs holds up what lies on another one in no way.
TEST_F(SourceCheckerTest, ADiskThatHangsHoldsUpNoOther) {
  const std::unique_lock hanging(disk_->mutex);
  const KnownOriginalPtr stuck = looking_.known.get("a.gif");
  looking_.checker.check(stuck, [] {});
  looking_.checker.check(looking_.known.get("b.gif"), [] {});
  looking_.checker.check(looking_.known.get("c.gif"), [] {});
  EXPECT_TRUE(check("/watermarks/logo.gif")->present().version.has_value());
  EXPECT_FALSE(stuck->present().version.has_value());
}

TEST_F(SourceCheckerTest, WhatIsMadeOfAFileThatIsJustWrittenIsNotKept) {
  disk_->answer = fetched_of(kPicture, "");
  const KnownOriginalPtr original = check("a.gif");
  const auto generation = original->generation_of(version_of(sha256(kPicture)), {});
  EXPECT_EQ(original->standing(generation, Clock::now()), Standing::kReplaced);
  disk_->answer = fetched_of(kPicture, "1");
  check("a.gif");
  EXPECT_EQ(
      original->standing(original->generation_of(version_of(sha256(kPicture)), {}), Clock::now()),
      Standing::kFresh);
}

TEST_F(SourceCheckerTest, WhatAFetchHasSeenIsKnown) {
  const Start start = looking_.checker.begin("a.gif");
  looking_.checker.note(start, *sources_.locate("a.gif")->source, fetched_of(kPicture, "1"));
  const KnownOriginalPtr original = looking_.known.find("a.gif");
  ASSERT_NE(original, nullptr);
  EXPECT_EQ(original->fresh_for(start.begun.at), seconds(1)) << "counted from its beginning";
  EXPECT_TRUE(disk_->requests.empty());
}

TEST_F(SourceCheckerTest, ADiskThatHangsIsWaitedForNoLongerThanAMoment) {
  const KnownOriginalPtr original = check("a.gif");
  const auto generation = original->generation_of(version_of(sha256(kPicture)), {});
  const auto late = [&] { return Clock::now() + seconds(1); };
  {
    const std::unique_lock hanging(disk_->mutex);
    check("a.gif");
    EXPECT_EQ(original->standing(generation, late()), Standing::kUnsure);
    EXPECT_EQ(original->standing_after_look(generation, late(), original->sights()),
              Standing::kStale);
    check("a.gif");
    check("a.gif");
  }
  EXPECT_TRUE(testing::soon([&] {
    const std::scoped_lock lock(disk_->mutex);
    return disk_->requests.size() == 2;
  })) << "a disk that is asked already is not asked again";
}

// As some do that judge by Last-Modified although the tag does not match.
TEST_F(SourceCheckerTest, AnOriginThatContradictsItselfIsAskedWithoutConditions) {
  origin_->at_once = fetched_of(kPicture, "\"1\"");
  const KnownOriginalPtr original = check("http://origin/a.gif");
  origin_->at_once.reset();
  begin(original);
  origin_->end(unchanged("\"2\""));
  EXPECT_TRUE(origin_->requests.back().known.empty());
  origin_->end(fetched_of(kOther, "\"2\""));
  EXPECT_EQ(original->present().version, version_of(sha256(kOther)));
  EXPECT_EQ(original->present().validators.etag, "\"2\"");
}

TEST_F(SourceCheckerTest, AnOriginThatNamesAnotherTimeIsAskedWithoutConditions) {
  FetchedOriginal first = fetched_of(kPicture, "");
  first.validators.last_modified = "Sun, 06 Nov 1994 08:49:37 GMT";
  origin_->at_once = first;
  const KnownOriginalPtr original = check("http://origin/a.gif");
  origin_->at_once.reset();
  begin(original);
  FetchedOriginal older = unchanged("");
  older.validators.last_modified = "Sat, 05 Nov 1994 08:49:37 GMT";
  origin_->end(older);
  EXPECT_TRUE(origin_->requests.back().known.empty());
  origin_->end(fetched_of(kOther, ""));
  EXPECT_EQ(original->present().version, version_of(sha256(kOther)));
}

// Where the origin decides.
class RespectingCheckerTest : public SourceCheckerTest {
 protected:
  // What is known after the origin has given the picture, and has said that of it.
  KnownOriginalPtr see(const FetchedOriginal& fetched) {
    const KnownOriginalPtr original = respecting_.known.get("http://origin/a.gif");
    origin_->at_once = fetched;
    bool done = false;
    respecting_.checker.check(original, [&] { done = true; });
    EXPECT_TRUE(done);
    return original;
  }

  static FetchedOriginal saying(FetchedOriginal fetched, const OriginFreshness& freshness) {
    fetched.freshness = freshness;
    return fetched;
  }

  testing::Looking respecting_{{&sources_}, {.stale = hours(24), .respects_origin = true}};
};

TEST_F(RespectingCheckerTest, AnOriginalIsFreshAsLongAsItsOriginSays) {
  const auto original = see(saying(fetched_of(kPicture, "1"), {.lifetime = seconds(90)}));
  EXPECT_GT(fresh_for(*original), seconds(60));
  EXPECT_LE(fresh_for(*original), seconds(90));
  const auto generation = original->generation_of(version_of(sha256(kPicture)), {});
  EXPECT_EQ(original->standing(generation, Clock::now() + hours(24)), Standing::kStale);
}

TEST_F(RespectingCheckerTest, WhatMayNotBeStaleIsLookedAtFirst) {
  const auto original =
      see(saying(fetched_of(kPicture, "1"), {.lifetime = seconds(90), .may_be_stale = false}));
  const auto generation = original->generation_of(version_of(sha256(kPicture)), {});
  EXPECT_EQ(original->standing(generation, Clock::now() + seconds(91)), Standing::kUnsure);
  EXPECT_EQ(
      original->standing_after_look(generation, Clock::now() + seconds(91), original->sights()),
      Standing::kReplaced);
}

TEST_F(RespectingCheckerTest, WhatMayNotBeKeptIsKeptForASecond) {
  const auto original =
      see(saying(fetched_of(kPicture, "1"), {.lifetime = seconds(0), .may_be_stale = false}));
  EXPECT_GT(fresh_for(*original), milliseconds(0));
  EXPECT_LE(fresh_for(*original), seconds(1));
}

TEST_F(RespectingCheckerTest, WhatMayNotBeStaleHasTheTtlIfItHasNoLifetime) {
  const auto original =
      see(saying(fetched_of(kPicture, "1"), {.lifetime = std::nullopt, .may_be_stale = false}));
  EXPECT_GT(fresh_for(*original), seconds(3'000));
  const auto generation = original->generation_of(version_of(sha256(kPicture)), {});
  EXPECT_EQ(original->standing(generation, Clock::now() + hours(2)), Standing::kUnsure);
}

TEST_F(RespectingCheckerTest, WhereTheOriginSaysNothingTheTtlHolds) {
  EXPECT_GT(fresh_for(*see(fetched_of(kPicture, "1"))), seconds(3'000));
}

TEST_F(RespectingCheckerTest, WhatA304DoesNotSayAgainStillHolds) {
  see(saying(fetched_of(kPicture, "1"), {.lifetime = seconds(90)}));
  const auto original = see(unchanged("1"));
  EXPECT_GT(fresh_for(*original), seconds(60));
  EXPECT_LE(fresh_for(*original), seconds(90));
  see(saying(unchanged("1"), {.lifetime = seconds(10)}));
  EXPECT_LE(fresh_for(*original), seconds(10));
}

TEST_F(SourceCheckerTest, WithoutTheFlagTheOriginIsNotHeeded) {
  FetchedOriginal fetched = fetched_of(kPicture, "1");
  fetched.freshness = {.lifetime = seconds(0), .may_be_stale = false};
  origin_->at_once = fetched;
  EXPECT_GT(fresh_for(*check("http://origin/a.gif")), seconds(3'000));
}

}  // namespace
}  // namespace imageserver
