#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "groupcache/busy.h"
#include "handlers/image_handler.h"
#include "handlers/info_handler.h"
#include "handlers/read_gate.h"
#include "handlers/router.h"
#include "params/parse_presets.h"
#include "params/parse_target.h"
#include "params/presets.h"
#include "peers/peer_handler.h"
#include "peers/wire/context_header.h"
#include "support/answers.h"
#include "support/groups.h"

namespace imageserver {
namespace {

using testing::body_of;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

// Knows no original; those below broken/ are no pictures.
class NoInfos final : public Loader {
 public:
  void load(QueryPtr query, std::stop_token, Completion done) override {
    ++loads;
    if (is_full) return done(busy());
    if (query->spec.source == "good.jpg") return done(make_description(Bytes::copy("{}")));
    if (query->spec.source.starts_with("broken/")) {
      return done(Error{ErrorKind::kUnprocessable, "no picture"});
    }
    done(Error{ErrorKind::kNotFound, "no such picture"});
  }

  bool has_backlog() const override { return false; }

  bool is_full = false;
  int loads = 0;
};

// A lone node without sockets: a target goes in, an answer comes out.
class HandlersTest : public ::testing::Test {
 protected:
  explicit HandlersTest(Audience audience = Audience::kBoth, const std::string& secret = {})
      : gate_(secret),
        router_(
            audience, group_, [this] { return ready_.load(); },
            Handlers{
                std::make_shared<ImageHandler>(
                    group_, [this] { return rules_; }, std::chrono::hours(1), 600),
                std::make_shared<InfoHandler>(descriptions_, std::chrono::hours(1), 600),
                std::make_shared<PeerHandler>(
                    PeerHandler::Groups{
                        .pictures = group_, .descriptions = descriptions_, .originals = nullptr},
                    gate_, std::chrono::hours(1), PeerHandler::Purges())},
            Documents{.peers = [] { return "the peers\n"; },
                      .renderers = [] { return "the renderers\n"; },
                      .sources = [] { return "the originals\n"; }},
            ReadGate(secret)) {
    loader_.answers_at_once = true;
  }

  Response get(std::string_view target, std::vector<Field> fields = {}) {
    return testing::answer_of(router_, Request(Method::kGet, target, fields));
  }

  // As a peer asks for the key of these params.
  Response ask_as_peer(const std::string& key, const Params& params) {
    const std::string context = encode_context_header(params);
    const std::string target = "/_groupcache/imageserver/" + key;
    return get(target, {{kContextHeader, context}});
  }

  [[nodiscard]] GroupStats stats() const { return group_.stats().group; }

  const Params params_ = parse_target("/medium.jpg?width=100").value();
  testing::PendingLoader loader_;
  testing::FailingLoader failing_{loader_};
  testing::NoPeers peers_;
  Group group_{{.self = "http://:1", .peers = {}, .keep_hot = {}, .now = {}}, failing_, peers_};
  NoInfos infos_;
  Group descriptions_{
      {.self = "http://:1", .peers = {}, .keep_hot = {}, .now = {}}, infos_, peers_};
  TargetRules rules_;
  SignatureGate gate_;
  std::atomic<bool> ready_ = true;
  Router router_;
};

TEST_F(HandlersTest, APictureComesWithItsHeaders) {
  const Response response = get("/medium.jpg?width=100");

  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(body_of(response), "picture");
  EXPECT_THAT(response.fields, HasSubstr("Content-Type: image/jpeg\r\n"));
  EXPECT_THAT(response.fields, HasSubstr("Cache-Control: public, max-age=600\r\n"));
  EXPECT_THAT(response.fields, HasSubstr("X-Content-Type-Options: nosniff\r\n"));
  EXPECT_THAT(response.fields, HasSubstr("ETag: " + testing::image_of("picture")->etag + "\r\n"));
  EXPECT_THAT(response.fields, Not(HasSubstr("X-Imageserver-Frames")));
}

TEST_F(HandlersTest, TheSecondTimeItIsReadyAtOnceAndTheSameMemory) {
  const Response first = get("/medium.jpg?width=100");
  const Request request(Method::kGet, "/medium.jpg?width=100", {});
  Answer answer = router_.handle(request);

  ASSERT_TRUE(std::holds_alternative<Response>(answer));
  EXPECT_EQ(std::get<Response>(answer).body.data(), first.body.data());
  EXPECT_EQ(loader_.loads, 1);
}

TEST_F(HandlersTest, EachGetIsCountedOnceWhetherItsTargetIsKnownOrNot) {
  for (int i = 0; i < 3; ++i) get("/medium.jpg?width=100");
  EXPECT_EQ(group_.stats().group.gets, 3U);
  EXPECT_EQ(group_.stats().group.cache_hits, 2U);

  failing_.with = Error{ErrorKind::kNotFound, "no such picture"};
  for (int i = 0; i < 3; ++i) EXPECT_EQ(get("/gone.jpg?width=100").status, 404U);
  EXPECT_EQ(group_.stats().group.gets, 6U);
  EXPECT_EQ(group_.stats().group.loads, 4U);
}

TEST_F(HandlersTest, AKnownTargetIsReadAgainByOtherRules) {
  rules_.presets = std::make_shared<const Presets>(*parse_presets("thumb=width=100"));
  get("/medium.jpg?preset=thumb");
  get("/medium.jpg?preset=thumb");
  EXPECT_EQ(loader_.loads, 1);
  EXPECT_EQ(loader_.query->spec.width, 100);
  rules_.presets = std::make_shared<const Presets>(*parse_presets("thumb=width=50"));
  get("/medium.jpg?preset=thumb");
  EXPECT_EQ(loader_.query->spec.width, 50);
  rules_.presets_only = true;
  EXPECT_EQ(get("/medium.jpg?width=100").status, 400U);
}

TEST_F(HandlersTest, TheSpecReachesTheLoader) {
  get("/folder/medium.jpg?width=100&height=50&mode=fill&format=webp&quality=7");

  TransformSpec expected;
  expected.source = "folder/medium.jpg";
  expected.width = 100;
  expected.height = 50;
  expected.mode = Mode::kFill;
  expected.format = Format::kWebp;
  expected.quality = 7;
  EXPECT_EQ(loader_.query->spec, expected);
  EXPECT_EQ(loader_.query->from, Query::From::kClient);
}

TEST_F(HandlersTest, AClientThatHasThePictureGetsA304) {
  const std::string etag = testing::image_of("picture")->etag;
  const Response response = get("/medium.jpg?width=100", {{"If-None-Match", etag}});

  EXPECT_EQ(response.status, 304U);
  EXPECT_EQ(body_of(response), "");
  EXPECT_THAT(response.fields, HasSubstr("ETag: " + etag + "\r\n"));
  EXPECT_THAT(response.fields, HasSubstr("Cache-Control: public, max-age=600\r\n"));
  EXPECT_THAT(response.fields, Not(HasSubstr("\r\nContent-Type")));
  EXPECT_EQ(get("/medium.jpg?width=100", {{"If-None-Match", "\"other\""}}).status, 200U);
  EXPECT_EQ(stats().gets, 2U);
}

TEST_F(HandlersTest, AnAnimationThatWasCutShortSaysSo) {
  loader_.answers_at_once = false;
  Query query;
  query.key = params_.key();
  const Ticket ticket =
      group_.load(std::make_shared<const Query>(std::move(query)), [](const auto&) {});
  loader_.end(make_image(Format::kGif, Bytes::copy("frames"), {100, 250}));

  EXPECT_THAT(get("/medium.jpg?width=100").fields, HasSubstr("X-Imageserver-Frames: 100/250\r\n"));
}

TEST_F(HandlersTest, ParamsThatNoPictureCanSatisfyLoadNothing) {
  const Response response = get("/medium.jpg?width=-1");

  EXPECT_EQ(response.status, 400U);
  EXPECT_EQ(body_of(response), "invalid param \"width\": must be greater than or equal to 0\n");
  EXPECT_EQ(get("/medium.jpg?format=svg").status, 400U);
  EXPECT_EQ(get("/%zz").status, 400U);
  EXPECT_EQ(get("/../secret").status, 404U);
  EXPECT_EQ(loader_.loads, 0);
  EXPECT_EQ(stats().gets, 0U);
}

const auto kVaries = HasSubstr("\r\nVary: Accept\r\n");

TEST_F(HandlersTest, FormatAutoLoadsOnceForEachClassOfClients) {
  const std::string target = "/medium.jpg?format=auto";
  const Response first = get(target, {{"Accept", "image/avif,image/webp;q=0.9,*/*;q=0.8"}});
  EXPECT_EQ(first.status, 200U);
  EXPECT_THAT(first.fields, kVaries);
  EXPECT_EQ(loader_.query->spec.auto_format, (AutoFormat{.avif = true, .webp = true}));

  EXPECT_THAT(get(target, {{"Accept", "image/avif;q=0.6, image/webp;q=0.5"}}).fields, kVaries);
  EXPECT_EQ(loader_.loads, 1) << "other words for the same";
  get(target, {{"Accept", "image/webp"}});
  EXPECT_EQ(loader_.query->spec.auto_format, (AutoFormat{.webp = true}));
  get(target);
  EXPECT_EQ(loader_.query->spec.auto_format, AutoFormat{});
  EXPECT_EQ(loader_.loads, 3);
}

TEST_F(HandlersTest, SeveralLinesOfAcceptAreOne) {
  get("/medium.jpg?format=auto",
      {{"Accept", "text/html"}, {"accept", "image/webp"}, {"Accept", "image/avif;q=0.5"}});
  const AutoFormat both{.avif = true, .webp = true, .webp_first = true};
  EXPECT_EQ(loader_.query->spec.auto_format, both);
}

TEST_F(HandlersTest, EveryAnswerThatAcceptCanChangeSaysSo) {
  const std::string etag = testing::image_of("picture")->etag;
  const Response not_modified = get("/medium.jpg?format=auto", {{"If-None-Match", etag}});
  EXPECT_EQ(not_modified.status, 304U);
  EXPECT_THAT(not_modified.fields, kVaries);
  const Response refused = get("/medium.jpg?format=auto&width=-1");
  EXPECT_EQ(refused.status, 400U);
  EXPECT_THAT(refused.fields, kVaries);
  failing_.with = Error{ErrorKind::kNotFound, "no such picture"};
  const Response missing = get("/missing.jpg?format=auto");
  EXPECT_EQ(missing.status, 404U);
  EXPECT_THAT(missing.fields, kVaries);
}

TEST_F(HandlersTest, NoOtherAnswerDependsOnAccept) {
  const std::vector<Field> accept = {{"Accept", "image/webp"}};
  EXPECT_THAT(get("/medium.jpg?format=png", accept).fields, Not(kVaries));
  EXPECT_THAT(get("/medium.jpg?format=png", accept).fields, Not(kVaries)) << "a hit";
  EXPECT_EQ(loader_.query->spec.auto_format, std::nullopt);
  EXPECT_THAT(get("/info/medium.jpg", accept).fields, Not(kVaries));
}

TEST_F(HandlersTest, AnAnswerNamesTheParametersThatWereIgnored) {
  const auto named = HasSubstr("\r\nX-Imageserver-Ignored: w, %3Cb%3E\r\n");
  const std::string target = "/medium.jpg?w=100&width=100&%3Cb%3E=1";
  EXPECT_THAT(get(target).fields, named) << "a miss";
  EXPECT_THAT(get(target).fields, named) << "a hit";
  EXPECT_EQ(get("/medium.jpg?width=100").status, 200U);
  EXPECT_EQ(loader_.loads, 1) << "the key is that of what was not ignored";
  const std::string etag = testing::image_of("picture")->etag;
  const Response not_modified = get(target, {{"If-None-Match", etag}});
  EXPECT_EQ(not_modified.status, 304U);
  EXPECT_THAT(not_modified.fields, named);
  EXPECT_THAT(get("/medium.jpg?w=1&%3Cb%3E&format=auto").fields, named);
  EXPECT_THAT(get("/medium.jpg?w=1&%3Cb%3E&format=auto").fields, named) << "a hit";
  EXPECT_THAT(get("/medium.jpg?w=1&%3Cb%3E&height=-1").fields, named) << "refused";
  EXPECT_THAT(get("/info/broken/a.jpg?w&%3Cb%3E").fields, named);
}

TEST_F(HandlersTest, WhereNothingIsIgnoredNothingIsSaidOfIt) {
  const auto silent = Not(HasSubstr("Ignored"));
  for (const char* target : {"/medium.jpg", "/medium.jpg?", "/medium.jpg?width=100",
                             "/medium.jpg?width=", "/medium.jpg?width=1&width=2",
                             "/medium.jpg?format=auto", "/info/broken/a.jpg"}) {
    EXPECT_THAT(get(target).fields, silent) << target;
    EXPECT_THAT(get(target).fields, silent) << target;
  }
  rules_.strict = true;
  EXPECT_EQ(get("/medium.jpg?w=100").status, 400U);
  EXPECT_THAT(get("/medium.jpg?w=100").fields, silent) << "it was refused";
}

TEST_F(HandlersTest, APresetIsAShortWayToSayTheSame) {
  get("/medium.jpg?width=100&format=auto", {{"Accept", "image/webp"}});
  EXPECT_EQ(get("/medium.jpg?preset=thumb").status, 400U);
  rules_.presets =
      std::make_shared<const Presets>(parse_presets("thumb=width=100&format=auto").value());
  const Response response = get("/medium.jpg?preset=thumb", {{"Accept", "image/webp"}});
  EXPECT_EQ(response.status, 200U);
  EXPECT_THAT(response.fields, kVaries);
  EXPECT_EQ(loader_.loads, 1);
}

TEST_F(HandlersTest, TheRulesHoldForClientsAndNotForPeers) {
  rules_.strict = true;
  EXPECT_EQ(get("/medium.jpg?widht=100").status, 400U);
  EXPECT_EQ(get("/medium.jpg?width=100").status, 200U);
  rules_.presets_only = true;
  EXPECT_EQ(get("/medium.jpg?width=100").status, 400U);
  EXPECT_EQ(ask_as_peer(params_.key(), params_).status, 200U) << "peers have read theirs";
}

TEST_F(HandlersTest, InfoIsAskedForBehindAPathOfItsOwn) {
  EXPECT_EQ(get("/info").status, 404U);
  EXPECT_THAT(body_of(get("/info/?x")), HasSubstr("/info/medium.jpg"));
  EXPECT_EQ(body_of(get("/info/missing.jpg?width=-1")), "no such picture\n") << "no query counts";
  EXPECT_EQ(get("/info/broken/a%20b.jpg").status, 422U);
  EXPECT_EQ(get("/info/broken/%zz").status, 400U);
  EXPECT_EQ(get("/info/broken/../a.jpg").status, 404U);
  infos_.is_full = true;
  const Response busy = get("/info/broken/a.jpg");
  EXPECT_EQ(busy.status, 503U);
  EXPECT_THAT(busy.fields, HasSubstr("Retry-After: "));
  EXPECT_EQ(get("/information.jpg").status, 200U) << "this is a picture";
  EXPECT_EQ(stats().gets, 1U);
}

TEST_F(HandlersTest, ReservedPathsAreNoPictures) {
  EXPECT_EQ(get("/").status, 404U);
  EXPECT_THAT(body_of(get("/")), HasSubstr("/medium.jpg?width=100"));
  EXPECT_EQ(get("/favicon.ico").status, 404U);
  EXPECT_EQ(get("/healthz").status, 200U);
  EXPECT_EQ(get("/stats?x").status, 200U);
  EXPECT_THAT(get("/stats").fields, HasSubstr("Content-Type: application/json\r\n"));
  EXPECT_THAT(body_of(get("/stats")), StartsWith("{\n\t\"Group\": {\n\t\t\"Gets\": 0,"));
  EXPECT_EQ(loader_.loads, 0);
}

TEST_F(HandlersTest, ReadinessIsWhatTheServerSays) {
  EXPECT_EQ(get("/readyz").status, 200U);
  ready_ = false;
  EXPECT_EQ(get("/readyz").status, 503U);
}

TEST_F(HandlersTest, ClientsAreSentNoFieldOfThePeers) {
  const auto expect_none = [](const std::string& fields) {
    for (const char* name : {"X-Imageserver-Ring", "X-Imageserver-Etag", "X-Imageserver-Verdict"}) {
      EXPECT_THAT(fields, Not(HasSubstr(name)));
    }
  };
  expect_none(get("/medium.jpg?width=100").fields);
  expect_none(get("/medium.jpg?width=100").fields);
  failing_.with = Error{ErrorKind::kInvalidParam, "invalid param \"crop\": is outside"};
  const Response refused = get("/medium.jpg?width=200");
  EXPECT_EQ(refused.status, 400U);
  expect_none(refused.fields);
}

TEST_F(HandlersTest, ThePeersAreShown) {
  const Response response = get("/peers");
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(body_of(response), "the peers\n");
  EXPECT_THAT(response.fields, HasSubstr("Content-Type: application/json\r\n"));
}

class WorldHandlersTest : public HandlersTest {
 protected:
  WorldHandlersTest() : HandlersTest(Audience::kWorld) {}
};

TEST_F(WorldHandlersTest, TheRingsPathsAreNotThere) {
  EXPECT_EQ(get("/stats").status, 404U);
  EXPECT_EQ(get("/peers").status, 404U);
  EXPECT_EQ(ask_as_peer(params_.key(), params_).status, 404U);
  EXPECT_EQ(loader_.loads, 0);
  EXPECT_EQ(get("/medium.jpg?width=100").status, 200U);
  EXPECT_EQ(get("/readyz").status, 200U);
}

class RingHandlersTest : public HandlersTest {
 protected:
  RingHandlersTest() : HandlersTest(Audience::kRing) {}
};

TEST_F(RingHandlersTest, ThereAreNoPictures) {
  EXPECT_EQ(get("/medium.jpg?width=100").status, 404U);
  EXPECT_EQ(get("/info/broken/a.jpg").status, 404U);
  EXPECT_EQ(get("/").status, 404U);
  EXPECT_EQ(loader_.loads, 0);
  EXPECT_EQ(get("/stats").status, 200U);
  EXPECT_EQ(get("/peers").status, 200U);
  EXPECT_EQ(get("/readyz").status, 200U);
  EXPECT_EQ(ask_as_peer(params_.key(), params_).status, 200U);
}

class SecretHandlersTest : public HandlersTest {
 protected:
  SecretHandlersTest() : HandlersTest(Audience::kBoth, "the secret of this ring") {}
};

TEST_F(SecretHandlersTest, PeersNeedASignature) {
  EXPECT_EQ(ask_as_peer(params_.key(), params_).status, 403U);
  EXPECT_EQ(loader_.loads, 0);
}

TEST_F(SecretHandlersTest, ClientsNeedNoSignature) {
  EXPECT_EQ(get("/medium.jpg?width=100").status, 200U);
  EXPECT_EQ(get("/readyz").status, 200U);
}

}  // namespace
}  // namespace imageserver
