#include "peers/peer_answer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "groupcache/original_query.h"
#include "params/parse_target.h"
#include "params/validate.h"
#include "peers/wire/protobuf.h"
#include "peers/wire/value.h"
#include "support/versions.h"

namespace imageserver {
namespace {

constexpr std::string_view kPixels = "\x89PNG\r\n\x1a\npixels";

// From one of our nodes.
Result<ClientResponse> response(unsigned status, std::string body) {
  ClientResponse made;
  made.status = status;
  made.fields.emplace_back("X-Imageserver-Ring", "0123456789abcdef");
  made.body = Bytes::own(std::move(body));
  return made;
}

Result<ClientResponse> go_response(unsigned status, std::string body) {
  auto made = response(status, std::move(body));
  made->fields.clear();
  return made;
}

std::string message(std::string_view data, std::optional<double> minute_qps = std::nullopt,
                    Format format = Format::kPng) {
  const std::string value = encode_value_prefix(format, data.size()) + std::string(data);
  return encode_get_response_prefix(value.size(), minute_qps) + value;
}

Query query_for(std::string_view target) {
  Query query;
  query.params = parse_target(target).value();
  query.spec = validate(query.params).value();
  return query;
}

PeerTransport::Outcome answer_to(const Result<ClientResponse>& given,
                                 const Query& query = query_for("/a.png")) {
  return read_peer_answer(given, query);
}

using Failure = PeerTransport::Failure;

void expect_failure(const PeerTransport::Outcome& answer, ErrorKind kind, Failure failure) {
  ASSERT_TRUE(answer.image.has_error());
  EXPECT_EQ(answer.image.error().kind, kind) << answer.image.error().message;
  EXPECT_EQ(answer.failure, failure) << answer.image.error().message;
}

void expect_bad(const Result<ClientResponse>& given) {
  expect_failure(answer_to(given), ErrorKind::kPeer, Failure::kBad);
}

TEST(PeerAnswerTest, APictureSharesTheMemoryOfTheAnswer) {
  const auto given = response(200, message(kPixels));
  const PeerTransport::Outcome answer = answer_to(given);
  ASSERT_TRUE(answer.image.has_value());
  const Image& image = **answer.image;
  EXPECT_EQ(image.format, Format::kPng);
  EXPECT_EQ(image.data.view(), kPixels);
  EXPECT_EQ(image.frames, Frames{});
  EXPECT_EQ(image.etag, make_image(Format::kPng, Bytes::copy(kPixels), {})->etag);
  EXPECT_EQ(image.data.data() + image.data.size(), given->body.data() + given->body.size());
  EXPECT_EQ(answer.minute_qps, std::nullopt);
}

TEST(PeerAnswerTest, TheTagThatOneOfOurNodesGivesIsTaken) {
  auto given = response(200, message(kPixels));
  const std::string tag = '"' + std::string(32, 'a') + '"';
  given->fields.emplace_back("X-Imageserver-Etag", tag);
  const PeerTransport::Outcome answer = answer_to(given);
  ASSERT_TRUE(answer.image.has_value());
  EXPECT_EQ((*answer.image)->etag, tag);
}

TEST(PeerAnswerTest, AMalformedTagIsNotTaken) {
  for (const std::string tag : {"", "\"a\"", "W/\"a\"", "x\r\ny: z"}) {
    auto given = response(200, message(kPixels));
    given->fields.emplace_back("X-Imageserver-Etag", tag);
    const PeerTransport::Outcome answer = answer_to(given);
    ASSERT_TRUE(answer.image.has_value());
    EXPECT_EQ((*answer.image)->etag, entity_tag(kPixels));
  }
}

TEST(PeerAnswerTest, APictureHoldsNoMemoryButItsOwn) {
  // Field 3, which nobody knows, with a megabyte in it.
  const std::string padding = "\x1a\x80\x80\x40" + std::string(1U << 20U, 'x');
  const auto given = response(200, padding + message(kPixels));
  const PeerTransport::Outcome answer = answer_to(given);
  ASSERT_TRUE(answer.image.has_value());
  const Bytes& data = (*answer.image)->data;
  EXPECT_EQ(data.view(), kPixels);
  const std::less<> before;
  EXPECT_TRUE(before(data.data(), given->body.data()) ||
              !before(data.data(), given->body.data() + given->body.size()));
}

TEST(PeerAnswerTest, FramesTravelInAHeader) {
  auto given = response(200, message(kPixels));
  given->fields.emplace_back("x-imageserver-frames", "100/250");
  EXPECT_EQ((*answer_to(given).image)->frames, (Frames{100, 250}));
}

TEST(PeerAnswerTest, TheRateTravelsInTheMessage) {
  EXPECT_EQ(answer_to(response(200, message(kPixels, 2.5))).minute_qps, 2.5);
  for (const double rate : {-1.0, std::numeric_limits<double>::infinity(), std::nan("")}) {
    expect_bad(response(200, message(kPixels, rate)));
  }
}

TEST(PeerAnswerTest, ADamagedAnswerIsThePeersFault) {
  const std::string whole = message(kPixels);
  expect_bad(response(200, ""));
  expect_bad(response(200, "junk"));
  expect_bad(response(200, whole.substr(0, whole.size() - 1)));
  expect_bad(response(200, whole + "x"));
  auto frames = response(200, whole);
  frames->fields.emplace_back("X-Imageserver-Frames", "250/100");
  expect_bad(frames);
}

TEST(PeerAnswerTest, APictureInAnotherFormatIsThePeersFault) {
  expect_bad(response(200, message("GIF89a and so on")));
  expect_bad(response(200, message("<html>an error page</html>")));
  expect_bad(response(200, message("")));
  expect_bad(response(200, message(kPixels, std::nullopt, Format::kJpeg)));
  const Query wants_webp = query_for("/a.png?format=webp");
  expect_failure(answer_to(response(200, message(kPixels)), wants_webp), ErrorKind::kPeer,
                 Failure::kBad);
  EXPECT_TRUE(
      answer_to(response(200, message(kPixels)), query_for("/a.jpg?format=png")).image.has_value());
}

std::string begins_like(Format format) {
  switch (format) {
    case Format::kJpeg:
      return "\xff\xd8\xff\xe0";
    case Format::kPng:
      return std::string(kPixels);
    case Format::kGif:
      return "GIF89a";
    case Format::kWebp:
      return std::string("RIFF\x24\0\0\0WEBPVP8 ", 16);
    case Format::kAvif:
      return std::string(
          "\0\0\0\x1c"
          "ftypavif\0\0\0\0avifmif1miaf",
          28);
    case Format::kTiff:
      return std::string("II*\0\x08\0\0\0", 8);
    case Format::kBmp:
      return "BM" + std::string(12, '\0') + "\x28" + std::string(40, '\0');
  }
  return {};
}

using FormatSet = std::set<Format>;

FormatSet taken_for(const TransformSpec& spec) {
  Query query = query_for("/a.png");
  query.spec = spec;
  FormatSet taken;
  for (const Format format : kFormats) {
    const auto given = response(200, message(begins_like(format), std::nullopt, format));
    if (answer_to(given, query).image.has_value()) taken.insert(format);
  }
  return taken;
}

FormatSet taken_for(const AutoFormat& accepted) {
  TransformSpec spec;
  spec.auto_format = accepted;
  return taken_for(spec);
}

TEST(PeerAnswerTest, AnAutomaticFormatMustBeOneThatTheClientTakes) {
  const FormatSet by_all = {Format::kJpeg, Format::kPng, Format::kGif};
  FormatSet with_avif = by_all;
  with_avif.insert(Format::kAvif);
  EXPECT_EQ(taken_for(AutoFormat{}), by_all);
  EXPECT_EQ(taken_for(AutoFormat{.avif = true}), with_avif);
  EXPECT_EQ(taken_for(AutoFormat{.webp = true}), FormatSet{Format::kWebp});
  EXPECT_EQ(taken_for(AutoFormat{.avif = true, .webp = true}),
            (FormatSet{Format::kWebp, Format::kAvif}));
  EXPECT_EQ(taken_for(AutoFormat{.avif = true, .webp = true, .webp_first = true}),
            FormatSet{Format::kWebp});
}

TEST(PeerAnswerTest, WhereNoFormatIsAskedForAnyWillDo) {
  EXPECT_EQ(taken_for(TransformSpec{}), FormatSet(kFormats.begin(), kFormats.end()));
  TransformSpec tiff;
  tiff.format = Format::kTiff;
  EXPECT_EQ(taken_for(tiff), FormatSet{Format::kTiff});
}

Query description_query() {
  Query query = query_for("/a.png");
  query.of = Query::Of::kDescription;
  return query;
}

TEST(PeerAnswerTest, ADescriptionIsAJsonObject) {
  const Query query = description_query();
  const auto answer = answer_to(response(200, "{\"Width\": 1}"), query);
  ASSERT_TRUE(answer.image.has_value());
  EXPECT_EQ((*answer.image)->data.view(), "{\"Width\": 1}");
  EXPECT_FALSE((*answer.image)->format.has_value());
  for (const std::string& body : {std::string("{"), std::string(), message(kPixels),
                                  "[" + std::string(70'000, ' ') + "]", std::string("[1]")}) {
    expect_failure(answer_to(response(200, body), query), ErrorKind::kPeer, Failure::kBad);
  }
}

TEST(PeerAnswerTest, APeerThatKnowsNoDescriptionsCountsAsNotAsked) {
  const Query query = description_query();
  expect_failure(answer_to(response(404, "no such group\n"), query), ErrorKind::kPeer,
                 Failure::kNotAsked);
  expect_failure(answer_to(go_response(404, "no such group\n"), query), ErrorKind::kPeer,
                 Failure::kNotAsked);
  auto missing = response(404, "no such picture\n");
  missing->fields.emplace_back("X-Imageserver-Verdict", "file");
  expect_failure(answer_to(missing, query), ErrorKind::kNotFound, Failure::kFinal);
}

Query original_query_for(const std::string& name) {
  return *original_query(name, Query::From::kClient, {});
}

// As one of our nodes gives an original.
Result<ClientResponse> original_response(std::string_view data, std::string_view hash_of,
                                         std::optional<double> minute_qps = std::nullopt) {
  auto made =
      response(200, encode_get_response_prefix(data.size(), minute_qps) + std::string(data));
  made->fields.emplace_back("X-Imageserver-Etag", entity_tag(hash_of));
  return made;
}

TEST(PeerAnswerTest, AnOriginalComesWithItsHash) {
  const Query query = original_query_for("https://origin.example/a.png");
  const auto given = original_response(kPixels, kPixels, 2.5);
  const auto answer = answer_to(given, query);
  ASSERT_TRUE(answer.image.has_value()) << answer.image.error().message;
  const Image& image = **answer.image;
  EXPECT_EQ(image.data.view(), kPixels);
  EXPECT_FALSE(image.format.has_value());
  EXPECT_EQ(image.data.data() + image.data.size(), given->body.data() + given->body.size())
      << "it shares the memory of the answer";
  EXPECT_EQ(answer.minute_qps, 2.5);
}

TEST(PeerAnswerTest, AnOriginalWithAnotherHashOrNoneIsThePeersFault) {
  const Query query = original_query_for("https://origin.example/a.png");
  const std::string changed = std::string(kPixels) + "x";
  auto without = original_response(kPixels, kPixels);
  without->fields.pop_back();
  for (const auto& given : {original_response(kPixels, changed), without}) {
    const auto answer = answer_to(given, query);
    expect_failure(answer, ErrorKind::kPeer, Failure::kBad);
    EXPECT_EQ(answer.image.error().message, "the answer holds other bytes than it says");
  }
}

TEST(PeerAnswerTest, AnOriginalBeginsLikeAPicture) {
  const Query query = original_query_for("https://origin.example/a.png");
  for (const std::string_view data : {"<html>an error page</html>", "", "root:x:0:0"}) {
    expect_failure(answer_to(original_response(data, data), query), ErrorKind::kPeer,
                   Failure::kBad);
  }
  expect_failure(answer_to(original_response(kPixels, kPixels, -1.0), query), ErrorKind::kPeer,
                 Failure::kBad);
  expect_failure(answer_to(response(200, "junk"), query), ErrorKind::kPeer, Failure::kBad);
}

// As a node of before, one that is closed, and one of Go's.
TEST(PeerAnswerTest, APeerThatGivesNoOriginalsCountsAsNotAsked) {
  const Query query = original_query_for("https://origin.example/a.png");
  for (const auto& given : {response(404, "no such group\n"), go_response(404, "no such group\n"),
                            go_response(200, message(kPixels)), go_response(500, "x")}) {
    expect_failure(answer_to(given, query), ErrorKind::kPeer, Failure::kNotAsked);
  }
}

TEST(PeerAnswerTest, AnOriginalThatAPeerCannotGetEndsTheMatter) {
  const Query query = original_query_for("https://origin.example/a.png");
  const auto answer_with = [&](const std::string& verdict, unsigned status) {
    auto given = response(status, "x\n");
    given->fields.emplace_back("X-Imageserver-Verdict", verdict);
    return answer_to(given, query);
  };
  expect_failure(answer_with("file", 404), ErrorKind::kNotFound, Failure::kFinal);
  expect_failure(answer_with("origin", 502), ErrorKind::kOrigin, Failure::kFinal);
  expect_failure(answer_with("origin", 504), ErrorKind::kOriginLate, Failure::kFinal);
}

PeerTransport::Outcome with_verdict(const std::string& verdict, unsigned status,
                                    const std::string& body) {
  auto given = response(status, body);
  given->fields.emplace_back("X-Imageserver-Verdict", verdict);
  return answer_to(given);
}

TEST(PeerAnswerTest, AVerdictOnParamsFileOrOriginIsFinal) {
  const PeerTransport::Outcome answer =
      with_verdict("param", 400, "invalid param \"page\": there is no such page\n");
  expect_failure(answer, ErrorKind::kInvalidParam, Failure::kFinal);
  EXPECT_EQ(answer.image.error().message, "invalid param \"page\": there is no such page");
  expect_failure(with_verdict("invalid-param", 400, "x"), ErrorKind::kInvalidParam,
                 Failure::kFinal);
  expect_failure(with_verdict("file", 403, "x"), ErrorKind::kForbidden, Failure::kFinal);
  expect_failure(with_verdict("file", 404, "x"), ErrorKind::kNotFound, Failure::kFinal);
  expect_failure(with_verdict("file", 422, "x"), ErrorKind::kUnprocessable, Failure::kFinal);
  expect_failure(with_verdict("origin", 502, "x"), ErrorKind::kOrigin, Failure::kFinal);
  expect_failure(with_verdict("origin", 504, "x"), ErrorKind::kOriginLate, Failure::kFinal);
}

TEST(PeerAnswerTest, ANodeWithoutTimeOrMemoryIsSpent) {
  expect_failure(with_verdict("time", 504, "x"), ErrorKind::kDeadlineExceeded, Failure::kSpent);
  expect_failure(with_verdict("memory", 503, "x"), ErrorKind::kOutOfMemory, Failure::kSpent);
  expect_failure(with_verdict("memory", 422, "x"), ErrorKind::kNeedsMemory, Failure::kFinal);
  expect_failure(with_verdict("busy", 503, "x"), ErrorKind::kBusy, Failure::kBusy);
}

TEST(PeerAnswerTest, AnUnknownVerdictOrNoneMeansWhatTheStatusSays) {
  expect_bad(response(400, "the key does not belong to the params\n"));
  expect_failure(with_verdict("guilty", 400, "x"), ErrorKind::kPeer, Failure::kBad);
  expect_failure(with_verdict("guilty", 404, "x"), ErrorKind::kNotFound, Failure::kFinal);
  expect_failure(with_verdict("param", 302, "x"), ErrorKind::kPeer, Failure::kBad);
  auto unmarked = go_response(400, "invalid param\n");
  unmarked->fields.emplace_back("X-Imageserver-Verdict", "param");
  expect_bad(unmarked);
}

TEST(PeerAnswerTest, WithoutAVerdict404And422And504AreFinal) {
  expect_failure(answer_to(response(404, "no such picture\n")), ErrorKind::kNotFound,
                 Failure::kFinal);
  expect_failure(answer_to(response(422, "damaged\n")), ErrorKind::kUnprocessable, Failure::kFinal);
  expect_failure(answer_to(response(504, "out of time\n")), ErrorKind::kDeadlineExceeded,
                 Failure::kFinal);
}

TEST(PeerAnswerTest, ABusyNodeSaysSo) {
  expect_failure(answer_to(response(503, "busy\n")), ErrorKind::kBusy, Failure::kBusy);
}

TEST(PeerAnswerTest, EveryOtherStatusIsABadAnswer) {
  for (const unsigned status : {204U, 301U, 400U, 403U, 500U, 502U}) {
    expect_bad(response(status, message(kPixels)));
  }
}

TEST(PeerAnswerTest, OfAGoNodeAPictureCountsAndAnErrorDoesNot) {
  EXPECT_TRUE(answer_to(go_response(200, message(kPixels))).image.has_value());
  for (const unsigned status : {400U, 404U, 422U, 500U, 503U, 504U}) {
    expect_bad(go_response(status, message(kPixels)));
  }
}

TEST(PeerAnswerTest, AGoNodesAnswerToParamsItDoesNotKnowIsBad) {
  const Query query = query_for("/a.png?crop=1,1|2,2");
  for (const unsigned status : {200U, 404U, 500U}) {
    expect_failure(answer_to(go_response(status, message(kPixels)), query), ErrorKind::kPeer,
                   Failure::kBad);
  }
  EXPECT_TRUE(answer_to(response(200, message(kPixels)), query).image.has_value());
}

TEST(PeerAnswerTest, NoAnswerMeansAwayUnlessItWasNoHttp) {
  for (const ErrorKind kind : {ErrorKind::kDeadlineExceeded, ErrorKind::kUnreachable,
                               ErrorKind::kCutOff, ErrorKind::kCancelled}) {
    expect_failure(answer_to(Error{kind, "x"}), kind, Failure::kAway);
  }
  expect_failure(answer_to(Error{ErrorKind::kPeer, "malformed"}), ErrorKind::kPeer, Failure::kBad);
}

// The operator reads them in the log and in /peers.
TEST(PeerAnswerTest, ABadAnswerIsToldApart) {
  const auto said = [](const Result<ClientResponse>& given) {
    return answer_to(given).image.error().message;
  };
  EXPECT_EQ(said(response(200, "junk")), "the answer is no groupcache message");
  EXPECT_EQ(said(response(200, "")), "the answer holds no picture");
  EXPECT_EQ(said(response(200, message("GIF89a and so on"))), "the answer is in another format");
  EXPECT_EQ(said(response(200, message(kPixels, -1.0))), "the answer says what cannot be");
  EXPECT_EQ(said(response(500, "x")), "answered with status 500");
  EXPECT_EQ(answer_to(go_response(200, message(kPixels)), query_for("/a.png?crop=1,1|2,2"))
                .image.error()
                .message,
            "a Go node does not know such params");
  EXPECT_EQ(answer_to(response(200, "{"), description_query()).image.error().message,
            "the answer is no description");
}

TEST(PeerAnswerTest, WhereThePeersTextCannotBeShownThereIsOneOfOurs) {
  const auto said = [](const std::string& verdict, unsigned status) {
    return with_verdict(verdict, status, "").image.error().message;
  };
  EXPECT_EQ(said("param", 400), "the picture does not allow what is asked for");
  EXPECT_EQ(said("file", 403), "the picture may not be read");
  EXPECT_EQ(said("file", 404), "no such picture");
  EXPECT_EQ(said("file", 422), "the picture cannot be read");
  EXPECT_EQ(said("origin", 502), "the original cannot be had");
  EXPECT_EQ(said("origin", 504), "the original takes too long");
  EXPECT_EQ(said("time", 504), "out of time");
  EXPECT_EQ(said("memory", 422), "the picture takes too much memory");
  EXPECT_EQ(said("memory", 503), "out of memory, try again in a moment");
  EXPECT_EQ(said("", 404), "no such picture");
  EXPECT_EQ(said("", 422), "the picture cannot be read");
  EXPECT_EQ(said("", 504), "out of time");
}

TEST(PeerAnswerTest, PassesOnOnlyALineThatCanBeShown) {
  const auto text = [](const std::string& body) {
    return answer_to(response(422, body)).image.error().message;
  };
  EXPECT_EQ(text("the picture is damaged\n"), "the picture is damaged");
  EXPECT_EQ(text("first\nsecond"), "first");
  EXPECT_EQ(text(""), "the picture cannot be read");
  EXPECT_EQ(text("\x1b[31mred"), "the picture cannot be read");
  EXPECT_EQ(text(std::string(201, 'x')), "the picture cannot be read");
}

using testing::version;

Result<ClientResponse> with_versions_said(Result<ClientResponse> made, const std::string& versions,
                                          const std::string& fresh) {
  made->fields.emplace_back("X-Imageserver-Versions", versions);
  if (!fresh.empty()) made->fields.emplace_back("X-Imageserver-Fresh-Ms", fresh);
  return made;
}

TEST(PeerAnswerTest, APictureSaysWhatItWasMadeOf) {
  const auto answer = answer_to(
      with_versions_said(response(200, message(kPixels)), versions_text({version('a')}), "1500"));
  EXPECT_EQ((*answer.image)->made_of, Versions{version('a')});
  EXPECT_EQ(answer.fresh_for, milliseconds(1'500));
  EXPECT_FALSE(answer.is_unchanged);
}

TEST(PeerAnswerTest, WhatIsSaidOfVersionsCountsAsAWhole) {
  const Query marked = query_for("/a.png?watermark=logo");
  const std::string one = versions_text({version('a')});
  const std::string two = versions_text({version('a'), version('b')});
  const auto made_of = [](const std::string& versions, const Query& query) {
    const auto given = with_versions_said(response(200, message(kPixels)), versions, "1");
    return (*answer_to(given, query).image)->made_of;
  };
  EXPECT_EQ(made_of(two, marked), (Versions{version('a'), version('b')}));
  EXPECT_TRUE(made_of(one, marked).empty());
  EXPECT_TRUE(made_of(two, query_for("/a.png")).empty());
  EXPECT_TRUE(made_of("nonsense", query_for("/a.png")).empty());
  EXPECT_TRUE((*answer_to(response(200, message(kPixels))).image)->made_of.empty());
}

TEST(PeerAnswerTest, ATimeThatCannotBeReadIsNone) {
  for (const std::string text : {"", "-1", "1.5", "soon", "99999999999"}) {
    const auto given =
        with_versions_said(response(200, message(kPixels)), versions_text({version('a')}), text);
    EXPECT_FALSE(answer_to(given).fresh_for.has_value()) << text;
  }
}

TEST(PeerAnswerTest, AnUnchangedPictureIsWhatWasAskedAbout) {
  const Versions have{version('a')};
  const auto given = with_versions_said(response(304, ""), versions_text(have), "700");
  const auto answer = read_peer_answer(given, query_for("/a.png"), have);
  ASSERT_TRUE(answer.image.has_value());
  EXPECT_TRUE(answer.is_unchanged);
  EXPECT_EQ(*answer.image, nullptr);
  EXPECT_EQ(answer.fresh_for, milliseconds(700));
}

TEST(PeerAnswerTest, AnUnchangedPictureThatNobodyHasIsABadAnswer) {
  const auto given = with_versions_said(response(304, ""), versions_text({version('a')}), "700");
  expect_bad(given);
  expect_bad(response(304, ""));
  const auto other = read_peer_answer(given, query_for("/a.png"), {version('b')});
  expect_failure(other, ErrorKind::kPeer, Failure::kBad);
  const auto silent = read_peer_answer(response(304, ""), query_for("/a.png"), {version('b')});
  expect_failure(silent, ErrorKind::kPeer, Failure::kBad);
}

TEST(PeerAnswerTest, AnOutdatedPictureIsSaidToBeOne) {
  const auto given =
      with_versions_said(response(200, message(kPixels)), versions_text({version('a')}), "-1");
  EXPECT_TRUE(answer_to(given).is_outdated);
  EXPECT_FALSE(answer_to(given).fresh_for.has_value());
  EXPECT_FALSE(answer_to(response(200, message(kPixels))).is_outdated);
}

}  // namespace
}  // namespace imageserver
