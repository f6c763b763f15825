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
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::kHour;
using testing::kNoon;
using ::testing::Not;
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

TEST_P(PurgeTalkTest, AFetchTellsOfTheNewestPurgesOfItsOriginals) {
  EXPECT_EQ(talk_.fields_for(query_for("a"), "digest"), said("digest")) << "there are none";
  log_.take(purge_of("a", kNoon));
  log_.take(purge_of("b", kNoon + 1));
  const PurgeRecord newest = purge_below({"a"}, kNoon + 2);
  log_.take(newest);
  EXPECT_EQ(talk_.fields_for(query_for("a"), "digest"), said("digest") + told({newest}));
  EXPECT_EQ(talk_.fields_for(query_for("c"), "digest"), said("digest"));
}

TEST_P(PurgeTalkTest, AFetchTellsOfThoseOfAWatermarkToo) {
  const PurgeRecord of_source = purge_of("a", kNoon);
  const PurgeRecord of_mark = purge_of("logo", kNoon + 1, true);
  log_.take(of_source);
  log_.take(of_mark);
  Query query = query_for("a");
  query.spec.watermark.emplace().name = "logo";
  EXPECT_EQ(talk_.fields_for(query, "digest"), said("digest") + told({of_source, of_mark}));
}

TEST_P(PurgeTalkTest, PurgesThatAreTooLongForAHeadAreLeftToTheLogs) {
  const std::string name(7'000, 'a');
  log_.take(purge_of(name, kNoon));
  EXPECT_EQ(talk_.fields_for(query_for(name), "digest"), said("digest"));
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

TEST_P(PurgeTalkTest, WhatIsTooFarAheadIsRefusedAndLogged) {
  testing::CapturedLog log;
  const PurgeRecord record = purge_of("a", kNoon + 25 * kHour);
  const Result<void> heard = hear(talk_, tell_purges({record}, secret()));
  ASSERT_TRUE(heard.has_error());
  EXPECT_EQ(heard.error(),
            (Error{ErrorKind::kBadRequest, "the purge's time is more than a day ahead"}));
  EXPECT_THAT(log.take(), ElementsAre("warning refused the purge " + record.id +
                                      ": its time is more than a day ahead of this node's clock"));
  EXPECT_EQ(log_.position(), 0U);
  EXPECT_TRUE(hear(talk_, tell_purges({purge_of("a", kNoon + 23 * kHour)}, secret())).has_value());
  EXPECT_THAT(log.take(), IsEmpty());
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
  EXPECT_TRUE(talk_.take_log(tell_log(theirs.contents(), secret())));
  EXPECT_THAT(log_.contents().records, ElementsAre(purge_of("a", kNoon), purge_of("b", kNoon + 1)));
}

TEST_P(PurgeTalkTest, ALogThatIsNotProvenIsNotMerged) {
  HybridClock clock(wall_.wall());
  PurgeLog theirs(clock);
  theirs.take(purge_of("a", kNoon));
  const std::string wrong = secret().empty() ? kSecret : "the secret of that ring";
  EXPECT_FALSE(talk_.take_log(tell_log(theirs.contents(), wrong)));
  EXPECT_FALSE(talk_.take_log("junk\n"));
  EXPECT_FALSE(talk_.take_log(""));
  EXPECT_EQ(log_.position(), 0U);
}

}  // namespace
}  // namespace imageserver
