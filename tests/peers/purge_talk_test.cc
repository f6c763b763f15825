#include "peers/purge_talk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "peers/purge_text.h"
#include "peers/wire/protocol.h"
#include "support/answers.h"
#include "support/captured_log.h"
#include "support/purges.h"

namespace imageserver {
namespace {

using testing::body_of;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::kHour;
using testing::kNoon;
using testing::purge_below;
using testing::purge_of;
using testing::purge_of_all;

constexpr const char* kSecret = "the secret of this ring";

// Of a node with a secret, and of one without.
class PurgeTalkTest : public ::testing::TestWithParam<std::string> {
 protected:
  [[nodiscard]] static const std::string& secret() { return GetParam(); }

  [[nodiscard]] PurgeTalk talk_of(std::string name) {
    return PurgeTalk({.log = log_,
                      .secret = secret(),
                      .self = std::move(name),
                      .names_of = [](const Query& query) {
                        std::vector<std::string> names = {query.spec.source};
                        if (query.spec.watermark) names.push_back(query.spec.watermark->name);
                        return names;
                      }});
  }

  [[nodiscard]] static Query query_for(const std::string& source) {
    Query query;
    query.spec.source = source;
    return query;
  }

  [[nodiscard]] static Result<void> hear(const PurgeTalk& talk, const std::string& told) {
    const std::vector<Field> fields = {{"x-imageserver-purge", told}};
    return talk.hear(Request(Method::kGet, "/", fields));
  }

  [[nodiscard]] static Response answer(const PurgeTalk& talk, const std::string& key,
                                       const std::string& digest = {}) {
    const std::vector<Field> fields = {{"x-imageserver-purges", digest}};
    return talk.answer(key, Request(Method::kGet, "/", fields));
  }

  [[nodiscard]] std::string said(std::string_view digest) const {
    return "X-Imageserver-From: http://:1\r\nX-Imageserver-Purges: " + std::string(digest) + "\r\n";
  }

  [[nodiscard]] static std::string told(const std::vector<PurgeRecord>& records) {
    return "X-Imageserver-Purge: " + tell_purges(records, secret()) + "\r\n";
  }

  testing::WallClock wall_;
  HybridClock clock_{wall_.wall()};
  PurgeLog log_{clock_};
  const PurgeTalk talk_ = talk_of("http://:1");
};

INSTANTIATE_TEST_SUITE_P(Secret, PurgeTalkTest, ::testing::Values("", kSecret),
                         [](const auto& test) { return test.param.empty() ? "None" : "Shared"; });

TEST_P(PurgeTalkTest, EveryRequestSaysWhoAsksAndWithWhichLog) {
  const std::string before = log_.digest();
  EXPECT_EQ(talk_.fields(), said(before));
  log_.take(purge_of("a", kNoon));
  EXPECT_NE(log_.digest(), before);
  EXPECT_EQ(talk_.fields(), said(log_.digest()));
}

TEST_P(PurgeTalkTest, AFetchTellsOfAllPurgesOfItsOriginals) {
  EXPECT_EQ(talk_.tell(query_for("a"), "another").fields, said(log_.digest())) << "there are none";
  const PurgeRecord first = purge_of("a", kNoon);
  log_.take(first);
  log_.take(purge_of("b", kNoon + 1));
  const PurgeRecord newest = purge_below({"a"}, kNoon + 2);
  log_.take(newest);
  const PurgeTalk::Told told_of_a = talk_.tell(query_for("a"), "another");
  EXPECT_EQ(told_of_a.digest, log_.digest());
  EXPECT_EQ(told_of_a.fields, said(log_.digest()) + told({newest, first}));
  EXPECT_TRUE(told_of_a.is_all);
  EXPECT_EQ(talk_.tell(query_for("c"), "another").fields, said(log_.digest()));
}

TEST_P(PurgeTalkTest, WhoHasSaidTheSameDigestIsToldOfNone) {
  log_.take(purge_of("a", kNoon));
  const PurgeTalk::Told nothing = talk_.tell(query_for("a"), log_.digest());
  EXPECT_EQ(nothing.fields, said(log_.digest()));
  EXPECT_TRUE(nothing.is_all);
}

TEST_P(PurgeTalkTest, AFetchTellsOfThoseOfAWatermarkToo) {
  const PurgeRecord of_source = purge_of("a", kNoon);
  const PurgeRecord of_mark = purge_of("logo", kNoon + 1, true);
  log_.take(of_source);
  log_.take(of_mark);
  Query query = query_for("a");
  query.spec.watermark.emplace().name = "logo";
  EXPECT_EQ(talk_.tell(query, "").fields, said(log_.digest()) + told({of_source, of_mark}));
}

TEST_P(PurgeTalkTest, OfTooManyPurgesTheNewestAreToldAndThatTheyAreNotAll) {
  std::vector<PurgeRecord> records;
  for (std::size_t i = 0; i <= kMostToldPurges; ++i) records.push_back(purge_of("a", kNoon + i));
  for (const PurgeRecord& record : records) log_.take(record);
  std::ranges::reverse(records);
  records.pop_back();
  const PurgeTalk::Told most = talk_.tell(query_for("a"), "");
  EXPECT_FALSE(most.is_all);
  EXPECT_EQ(most.fields, said(log_.digest()) + told(records));
}

TEST_P(PurgeTalkTest, PurgesThatAreTooLongForAHeadAreLeftToTheLogs) {
  const std::string name(7'000, 'a');
  log_.take(purge_of(name, kNoon));
  const PurgeTalk::Told none = talk_.tell(query_for(name), "");
  EXPECT_EQ(none.fields, said(log_.digest()));
  EXPECT_FALSE(none.is_all);
}

TEST_P(PurgeTalkTest, ANodeIsToldOfOnePurgeWhetherItIsInTheLogOrNot) {
  const PurgeRecord record = purge_of("a", kNoon);
  EXPECT_EQ(talk_.fields_with(record), said(log_.digest()) + told({record}));
}

TEST_P(PurgeTalkTest, ADigestDiffersUnlessItIsTheSameOrNone) {
  EXPECT_FALSE(talk_.differs(""));
  EXPECT_FALSE(talk_.differs(log_.digest()));
  EXPECT_TRUE(talk_.differs("0"));
}

TEST_P(PurgeTalkTest, WhatARequestTellsOfIsTaken) {
  EXPECT_TRUE(hear(talk_, "").has_value());
  EXPECT_EQ(log_.position(), 0U);
  const PurgeRecord one = purge_of("a", kNoon);
  const PurgeRecord other = purge_of_all(kNoon + 1);
  EXPECT_TRUE(hear(talk_, tell_purges({one, other}, secret())).has_value());
  EXPECT_THAT(log_.contents().records, ElementsAre(one, other));
  EXPECT_TRUE(hear(talk_, tell_purges({one, other}, secret())).has_value()) << "once more";
  EXPECT_EQ(log_.position(), 2U);
}

TEST_P(PurgeTalkTest, WhatIsNotProvenIsRefused) {
  const std::vector<PurgeRecord> records = {purge_of("a", kNoon)};
  for (const std::string& wrong :
       {tell_purges(records, "the secret of that ring"), std::string("junk"),
        tell_purges(records, secret().empty() ? kSecret : "")}) {
    const Result<void> heard = hear(talk_, wrong);
    ASSERT_TRUE(heard.has_error());
    EXPECT_EQ(heard.error(), (Error{ErrorKind::kForbidden, "a purge is not proven"}));
  }
  EXPECT_EQ(log_.position(), 0U);
}

TEST_P(PurgeTalkTest, MorePurgesThanMayBeAreRefused) {
  std::vector<PurgeRecord> records;
  for (std::size_t i = 0; i <= kMostToldPurges; ++i) records.push_back(purge_of("a", kNoon + i));
  EXPECT_TRUE(hear(talk_, tell_purges(records, secret())).has_error());
  EXPECT_EQ(log_.position(), 0U);
}

// The fetch that carries it is answered all the same.
TEST_P(PurgeTalkTest, WhatIsTooFarAheadIsLeftAndLoggedOnceAMinute) {
  testing::CapturedLog log;
  const PurgeRecord record = purge_of("a", kNoon + 25 * kHour);
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(hear(talk_, tell_purges({record}, secret())).has_value());
  }
  EXPECT_THAT(log.take(),
              ElementsAre("warning purges of another node were refused: their time is more than a "
                          "day ahead of this node's clock"));
  EXPECT_EQ(log_.position(), 0U);
  EXPECT_TRUE(hear(talk_, tell_purges({purge_of("a", kNoon + 23 * kHour)}, secret())).has_value());
  EXPECT_EQ(log_.position(), 1U);
}

TEST_P(PurgeTalkTest, APurgeThatTheLogDoesNotHoldIsNotTaken) {
  PurgeLog small(clock_, {.records = 1});
  const PurgeTalk talk({.log = small, .secret = secret(), .self = "http://:1", .names_of = {}});
  small.take(purge_of("a", kNoon));
  small.take(purge_of("a", kNoon + 1));
  for (const PurgeRecord& record : {purge_of("b", kNoon - 1), purge_of("b", kNoon + 25 * kHour)}) {
    const std::string value = tell_purges({record}, secret());
    const std::vector<Field> fields = {{"x-imageserver-purge", value}};
    const Request request(Method::kGet, "/", fields);
    EXPECT_TRUE(talk.hear(request).has_value());
    EXPECT_EQ(talk.answer("purge", request).status, 409U);
  }
}

TEST_P(PurgeTalkTest, TheWholeLogIsGivenToWhoHasAnotherOne) {
  log_.take(purge_of("a", kNoon));
  for (const std::string digest : {"", "0", "0123456789abcdef0123456789abcdef"}) {
    const Response response = answer(talk_, "log", digest);
    EXPECT_EQ(response.status, 200U);
    EXPECT_EQ(read_log(body_of(response), secret()), log_.contents());
  }
  const Response same = answer(talk_, "log", log_.digest());
  EXPECT_EQ(same.status, 304U);
  EXPECT_EQ(body_of(same), "");
}

// hear() has taken it before.
TEST_P(PurgeTalkTest, ThatAPurgeIsTakenIsSaid) {
  const Response response = answer(talk_, "purge");
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(body_of(response), "taken\n");
}

TEST_P(PurgeTalkTest, ThereAreNoOtherKeys) {
  for (const char* key : {"", "logs", "log/", "purge?"}) {
    const Response response = answer(talk_, key);
    EXPECT_EQ(response.status, 404U) << key;
    EXPECT_EQ(body_of(response), "no such key\n");
  }
}

TEST_P(PurgeTalkTest, AnotherNodesLogIsMerged) {
  HybridClock clock(wall_.wall());
  PurgeLog theirs(clock);
  theirs.take(purge_of("a", kNoon));
  log_.take(purge_of("b", kNoon + 1));
  EXPECT_TRUE(talk_.take_log(tell_log(theirs.contents(), secret())).has_value());
  EXPECT_THAT(log_.contents().records, ElementsAre(purge_of("a", kNoon), purge_of("b", kNoon + 1)));
}

TEST_P(PurgeTalkTest, ALogThatIsNotProvenIsNotMerged) {
  HybridClock clock(wall_.wall());
  PurgeLog theirs(clock);
  theirs.take(purge_of("a", kNoon));
  const std::string wrong = secret().empty() ? kSecret : "the secret of that ring";
  EXPECT_TRUE(talk_.take_log(tell_log(theirs.contents(), wrong)).has_error());
  EXPECT_TRUE(talk_.take_log("junk\n").has_error());
  EXPECT_TRUE(talk_.take_log("").has_error());
  EXPECT_EQ(log_.position(), 0U);
}

}  // namespace
}  // namespace imageserver
