#include "source/origin_answer.h"

#include <gtest/gtest.h>

#include <optional>
#include <set>
#include <utility>

namespace imageserver {
namespace {

using End = HopAnswer::End;

HopAnswer with_status(long status) {
  HopAnswer answer;
  answer.end = End::kAnswered;
  answer.status = status;
  answer.body = Bytes::copy(status == 200 ? "a picture" : "");
  answer.validators = {.etag = "\"new\"", .last_modified = ""};
  return answer;
}

// The kind of the error; none if there is no error.
std::optional<ErrorKind> failure(HopAnswer answer, const Validators& known = {}) {
  const Result<FetchedOriginal> original = original_of(answer, known);
  return original.has_error() ? std::optional(original.error().kind) : std::nullopt;
}

TEST(OriginAnswerTest, RedirectsLeadElsewhere) {
  const std::set<long> redirects = {301, 302, 303, 307, 308};
  for (long status = 100; status < 600; ++status) {
    EXPECT_EQ(is_redirect(with_status(status)), redirects.contains(status)) << status;
  }
}

TEST(OriginAnswerTest, EveryStatusHasItsError) {
  for (long status = 100; status < 600; ++status) {
    if (is_redirect(with_status(status))) continue;
    switch (status) {
      case 200:
        EXPECT_EQ(failure(with_status(status)), std::nullopt);
        break;
      case 401:
      case 403:
      case 404:
      case 410:
        EXPECT_EQ(failure(with_status(status)), ErrorKind::kNotFound) << status;
        break;
      default:
        EXPECT_EQ(failure(with_status(status)), ErrorKind::kOrigin) << status;
    }
  }
}

TEST(OriginAnswerTest, TheOriginalHasTheBytesAndTheVersionOfTheAnswer) {
  HopAnswer answer = with_status(200);
  const auto original = original_of(answer, {.etag = "\"old\"", .last_modified = ""}).value();
  EXPECT_EQ(original.bytes.view(), "a picture");
  EXPECT_EQ(original.validators.etag, "\"new\"");
  EXPECT_FALSE(original.is_unchanged);
}

TEST(OriginAnswerTest, AnOriginalIsAsFreshAsItsAnswerWhetherOrNotItIsUnchanged) {
  const OriginFreshness freshness{.lifetime = milliseconds(5), .may_be_stale = false};
  for (const long status : {200L, 304L}) {
    HopAnswer answer = with_status(status);
    answer.freshness = freshness;
    const auto original = original_of(answer, {.etag = "\"old\"", .last_modified = ""}).value();
    EXPECT_EQ(original.freshness, freshness) << status;
  }
}

TEST(OriginAnswerTest, NoBytesAreNoPicture) {
  HopAnswer answer = with_status(200);
  answer.body = {};
  EXPECT_EQ(failure(answer), ErrorKind::kUnprocessable);
}

TEST(OriginAnswerTest, UnchangedIsOnlyWhatWasAskedAbout) {
  for (const Validators& known : {Validators{.etag = "\"old\"", .last_modified = ""},
                                  Validators{.etag = "", .last_modified = "yesterday"}}) {
    HopAnswer answer = with_status(304);
    const auto original = original_of(answer, known).value();
    EXPECT_TRUE(original.is_unchanged);
    EXPECT_TRUE(original.bytes.empty());
  }
  EXPECT_EQ(failure(with_status(304)), ErrorKind::kOrigin);
}

TEST(OriginAnswerTest, UnchangedHasTheValidatorsOfTheAnswerAndElseThoseThatAreKnown) {
  const auto renewed = [](const Validators& known, const Validators& told) {
    HopAnswer answer = with_status(304);
    answer.validators = told;
    return original_of(answer, known).value().validators;
  };
  const Validators known{.etag = "\"old\"", .last_modified = "yesterday"};
  const Validators told{.etag = "\"new\"", .last_modified = "today"};
  EXPECT_EQ(renewed(known, {}), known);
  EXPECT_EQ(renewed(known, told), told);
  EXPECT_EQ(renewed(known, {.etag = told.etag, .last_modified = ""}),
            (Validators{.etag = told.etag, .last_modified = known.last_modified}));
  EXPECT_EQ(renewed(known, {.etag = "", .last_modified = told.last_modified}),
            (Validators{.etag = known.etag, .last_modified = told.last_modified}));
  EXPECT_EQ(renewed({.etag = "", .last_modified = known.last_modified},
                    {.etag = told.etag, .last_modified = ""}),
            (Validators{.etag = told.etag, .last_modified = known.last_modified}));
}

TEST(OriginAnswerTest, EveryEndHasItsError) {
  const std::pair<End, ErrorKind> ends[] = {
      {End::kNotReached, ErrorKind::kOrigin},      {End::kConnectLate, ErrorKind::kOriginLate},
      {End::kNotSafe, ErrorKind::kOrigin},         {End::kForbidden, ErrorKind::kOrigin},
      {End::kBroken, ErrorKind::kOrigin},          {End::kCutOff, ErrorKind::kOrigin},
      {End::kTooLarge, ErrorKind::kUnprocessable}, {End::kNoMemory, ErrorKind::kBusy},
      {End::kShortage, ErrorKind::kBusy}};
  for (const auto& [end, kind] : ends) {
    HopAnswer answer;
    answer.end = end;
    EXPECT_EQ(failure(answer), kind) << static_cast<int>(end);
  }
}

}  // namespace
}  // namespace imageserver
