#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "handlers/image_handler.h"
#include "handlers/info_handler.h"
#include "handlers/router.h"
#include "params/parse_presets.h"
#include "params/parse_target.h"
#include "params/presets.h"
#include "peers/peer_handler.h"
#include "peers/wire/context_header.h"
#include "peers/wire/peer_signature.h"
#include "peers/wire/protobuf.h"
#include "peers/wire/value.h"
#include "support/groups.h"

namespace imageserver {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

// Knows no picture; below broken/ are files that are none.
class NoInfos final : public InfoSource {
 public:
  void load(const std::string& path, const std::stop_token&,
            const std::function<void(Result<std::string>)>& done) override {
    if (is_full) return done(Error{ErrorKind::kBusy, "too many renders are waiting"});
    if (path.starts_with("broken/")) return done(Error{ErrorKind::kUnprocessable, "no picture"});
    done(Error{ErrorKind::kNotFound, "no such picture"});
  }

  bool is_full = false;
};

// Passes on to another loader, unless it is given an error.
class FailingLoader final : public Loader {
 public:
  explicit FailingLoader(Loader& other) : other_(other) {}

  void load(QueryPtr query, std::stop_token stop, Completion done) override {
    if (with) return done(*with);
    other_.load(std::move(query), std::move(stop), std::move(done));
  }
  bool has_backlog() const override { return other_.has_backlog(); }

  std::optional<Error> with;

 private:
  Loader& other_;
};

// A lone node without sockets: a target goes in, an answer comes out.
class HandlersTest : public ::testing::Test {
 protected:
  explicit HandlersTest(Audience audience = Audience::kBoth, const std::string& secret = {})
      : gate_(secret),
        router_(
            audience, group_, [this] { return ready_.load(); },
            Handlers{std::make_shared<ImageHandler>(
                         group_, [this] { return rules_; }, std::chrono::hours(1), 600),
                     std::make_shared<InfoHandler>(infos_, std::chrono::hours(1), 600),
                     std::make_shared<PeerHandler>(group_, gate_, std::chrono::hours(1))},
            [] { return "the peers\n"; }) {
    loader_.answers_at_once = true;
  }

  Response get(std::string_view target, std::vector<Field> fields = {}) {
    const Request request(Method::kGet, target, fields);
    Answer answer = router_.handle(request);
    if (auto* ready = std::get_if<Response>(&answer)) return std::move(*ready);
    net::io_context context(1);
    Response response;
    net::co_spawn(context, std::move(std::get<Later>(answer).response),
                  [&](const std::exception_ptr& thrown, Response later) {
                    EXPECT_FALSE(thrown);
                    response = std::move(later);
                  });
    context.run();
    return response;
  }

  // As a peer asks for the key of these params.
  Response ask_as_peer(const std::string& key, const Params& params) {
    const std::string context = encode_context_header(params);
    const std::string target = "/_groupcache/imageserver/" + key;
    return get(target, {{kContextHeader, context}});
  }

  static std::string text(const Response& response) {
    return response.prefix + std::string(response.body.view());
  }

  [[nodiscard]] GroupStats stats() const { return group_.stats().group; }

  const Params params_ = parse_target("/medium.jpg?width=100").value();
  Clock::time_point now_{std::chrono::hours(1)};
  testing::PendingLoader loader_;
  FailingLoader failing_{loader_};
  testing::NoPeers peers_;
  Group group_{{.self = "http://:1", .peers = {}, .keep_hot = {}, .now = [this] { return now_; }},
               failing_,
               peers_};
  NoInfos infos_;
  TargetRules rules_;
  SignatureGate gate_;
  std::atomic<bool> ready_ = true;
  Router router_;
};

TEST_F(HandlersTest, APictureComesWithItsHeaders) {
  const Response response = get("/medium.jpg?width=100");

  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(text(response), "picture");
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
  EXPECT_EQ(text(response), "");
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
  EXPECT_THAT(ask_as_peer(params_.key(), params_).fields,
              HasSubstr("X-Imageserver-Frames: 100/250\r\n"));
}

TEST_F(HandlersTest, ParamsThatNoPictureCanSatisfyLoadNothing) {
  const Response response = get("/medium.jpg?width=-1");

  EXPECT_EQ(response.status, 400U);
  EXPECT_EQ(text(response), "invalid param \"width\": must be greater than or equal to 0\n");
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
  EXPECT_THAT(text(get("/info/?x")), HasSubstr("/info/medium.jpg"));
  EXPECT_EQ(text(get("/info/missing.jpg?width=-1")), "no such picture\n") << "no query counts";
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
  EXPECT_THAT(text(get("/")), HasSubstr("/medium.jpg?width=100"));
  EXPECT_EQ(get("/favicon.ico").status, 404U);
  EXPECT_EQ(get("/healthz").status, 200U);
  EXPECT_EQ(get("/stats?x").status, 200U);
  EXPECT_THAT(get("/stats").fields, HasSubstr("Content-Type: application/json\r\n"));
  EXPECT_THAT(text(get("/stats")), StartsWith("{\n\t\"Group\": {\n\t\t\"Gets\": 0,"));
  EXPECT_EQ(loader_.loads, 0);
}

TEST_F(HandlersTest, ReadinessIsWhatTheServerSays) {
  EXPECT_EQ(get("/readyz").status, 200U);
  ready_ = false;
  EXPECT_EQ(get("/readyz").status, 503U);
}

TEST_F(HandlersTest, APeerGetsTheValueInAProtobufMessage) {
  const Response response = ask_as_peer(params_.key(), params_);

  EXPECT_EQ(response.status, 200U);
  EXPECT_THAT(response.fields, HasSubstr("Content-Type: application/x-protobuf\r\n"));
  const std::string body = text(response);
  const auto value = decode_value(decode_get_response(body)->value).value();
  EXPECT_EQ(value, (ValueView{Format::kJpeg, "picture"}));
  EXPECT_EQ(loader_.query->from, Query::From::kPeer);
  EXPECT_EQ(stats().server_requests, 1U);
  EXPECT_EQ(stats().gets, 1U);
}

TEST_F(HandlersTest, AKeyThatIsNotItsParamsIsRefusedEvenWhenItIsCached) {
  const Params other = parse_target("/medium.jpg?width=200").value();
  get("/medium.jpg?width=100");
  const Response response = ask_as_peer(params_.key(), other);

  EXPECT_EQ(response.status, 400U);
  EXPECT_EQ(text(response), "the key does not belong to the params\n");
  EXPECT_EQ(loader_.loads, 1);
  EXPECT_EQ(group_.stats().main.items, 1U);
}

TEST_F(HandlersTest, WithoutTheContextOnlyAHitIsAnswered) {
  const std::string target = "/_groupcache/imageserver/" + params_.key();
  EXPECT_EQ(get(target).status, 400U);
  EXPECT_EQ(loader_.loads, 0);

  get("/medium.jpg?width=100");
  EXPECT_EQ(get(target).status, 200U);
  EXPECT_EQ(stats().server_requests, 2U);
}

TEST_F(HandlersTest, PeerPathsAreSplitAsInGo) {
  EXPECT_EQ(get("/_groupcache/imageserver").status, 400U);
  EXPECT_EQ(text(get("/_groupcache/")), "bad request\n");
  EXPECT_EQ(get("/_groupcache/%zz/x").status, 400U);
  EXPECT_EQ(get("/_groupcache/other/key").status, 404U);
  EXPECT_EQ(text(get("/_groupcache/other/key")), "no such group: other\n");
  EXPECT_EQ(text(get("/_groupcache/a%0d%0ab/key")), "no such group: a??b\n");
  EXPECT_EQ(stats().server_requests, 0U);
  EXPECT_EQ(get("/_groupcache/imageserver/a%2fb").status, 400U);
  EXPECT_EQ(stats().server_requests, 1U);
}

TEST_F(HandlersTest, ABadContextIsRefused) {
  const std::string target = "/_groupcache/imageserver/" + params_.key();
  EXPECT_EQ(get(target, {{kContextHeader, "junk!"}}).status, 400U);
  EXPECT_EQ(get(target, {{kContextHeader, "AAAA"}}).status, 400U);
  EXPECT_EQ(loader_.loads, 0);
}

TEST_F(HandlersTest, ParamsOfAPeerAreValidatedToo) {
  const Params bad = parse_target("/medium.jpg?width=-1").value();
  const Response response = ask_as_peer(bad.key(), bad);

  EXPECT_EQ(response.status, 400U);
  EXPECT_EQ(loader_.loads, 0);
}

TEST_F(HandlersTest, APeerIsToldWhatThePictureDoesNotAllow) {
  failing_.with = Error{ErrorKind::kInvalidParam, "invalid param \"crop\": is outside"};
  const Response verdict = ask_as_peer(params_.key(), params_);
  EXPECT_EQ(verdict.status, 400U);
  EXPECT_EQ(text(verdict), "invalid param \"crop\": is outside\n");
  EXPECT_THAT(verdict.fields, HasSubstr("X-Imageserver-Verdict: invalid-param\r\n"));

  const auto no_verdict = Not(HasSubstr("X-Imageserver-Verdict"));
  EXPECT_THAT(ask_as_peer("key", params_).fields, no_verdict);
  const Params bad = parse_target("/medium.jpg?width=-1").value();
  EXPECT_THAT(ask_as_peer(bad.key(), bad).fields, no_verdict) << "this node's own rules";
  EXPECT_THAT(get("/medium.jpg?width=100").fields, no_verdict) << "clients have no use for it";
}

TEST_F(HandlersTest, EveryAnswerToAPeerIsMarkedWithTheRing) {
  const auto mark = HasSubstr("X-Imageserver-Ring: " + group_.fingerprint() + "\r\n");
  EXPECT_THAT(ask_as_peer(params_.key(), params_).fields, mark);
  EXPECT_THAT(ask_as_peer(params_.key(), params_).fields, mark) << "a hit";
  EXPECT_THAT(get("/_groupcache/imageserver").fields, mark);
  EXPECT_THAT(ask_as_peer("key", params_).fields, mark);
  loader_.answers_at_once = false;
  EXPECT_THAT(get("/medium.jpg?width=100").fields, Not(mark)) << "clients have no use for it";
}

TEST_F(HandlersTest, APeerIsToldTheTagThatClientsSee) {
  const std::string tag = testing::image_of("picture")->etag;
  EXPECT_THAT(ask_as_peer(params_.key(), params_).fields,
              HasSubstr("X-Imageserver-Etag: " + tag + "\r\n"));
  EXPECT_THAT(get("/medium.jpg?width=100").fields, Not(HasSubstr("X-Imageserver-Etag")));
}

TEST_F(HandlersTest, APeerIsToldHowOftenTheKeyIsAskedFor) {
  const auto rate = [this] {
    return *decode_get_response(text(ask_as_peer(params_.key(), params_)))->minute_qps;
  };
  const double once = rate();
  EXPECT_GT(once, 0);
  EXPECT_NEAR(rate(), 2 * once, 1e-9);
  for (int i = 0; i < 7; ++i) get("/medium.jpg?width=100");
  EXPECT_NEAR(rate(), 10 * once, 1e-9) << "clients count as well";
  now_ += std::chrono::minutes(1);
  EXPECT_NEAR(rate(), 6 * once, 1e-9);
}

TEST_F(HandlersTest, ARequestThatThePeerHasGivenUpIsNotBegun) {
  const std::string context = encode_context_header(params_);
  const std::string target = "/_groupcache/imageserver/" + params_.key();
  const auto ask = [&](std::string_view deadline) {
    return get(target, {{kContextHeader, context}, {"X-Imageserver-Deadline-Ms", deadline}}).status;
  };
  EXPECT_EQ(ask("0"), 504U);
  for (const char* wrong : {"-1", "1.5", "x", "4294967296", "1 "}) EXPECT_EQ(ask(wrong), 400U);
  EXPECT_EQ(loader_.loads, 0);
  EXPECT_EQ(ask("4294967295"), 200U);
  EXPECT_LE(loader_.query->deadline, Clock::now() + std::chrono::hours(1)) << "no longer than ours";
  EXPECT_EQ(ask("0"), 200U) << "what is there is given anyway";
}

TEST_F(HandlersTest, AnAnswerComesWithinThePeersTime) {
  loader_.answers_at_once = false;
  const std::string context = encode_context_header(params_);
  const Response response = get("/_groupcache/imageserver/" + params_.key(),
                                {{kContextHeader, context}, {"X-Imageserver-Deadline-Ms", "50"}});
  EXPECT_EQ(response.status, 504U);
  EXPECT_THAT(response.fields, HasSubstr("X-Imageserver-Ring: "));
  EXPECT_TRUE(loader_.stop.stop_requested());
  loader_.end(Error{ErrorKind::kCancelled, "cancelled"});
}

TEST_F(HandlersTest, ThePeersAreShown) {
  const Response response = get("/peers");
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(text(response), "the peers\n");
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

constexpr const char* kSecret = "the secret of this ring";

class SecretHandlersTest : public HandlersTest {
 protected:
  SecretHandlersTest() : HandlersTest(Audience::kBoth, kSecret) {}

  [[nodiscard]] std::string signature(std::string_view secret = kSecret, int age = 0) const {
    const SignedParts parts = {"GET", target_, context_};
    return sign(secret, parts, seconds_since_1970() - age, make_nonce());
  }

  unsigned ask(const std::string& signature) {
    return get(target_, {{kContextHeader, context_}, {kSignatureHeader, signature}}).status;
  }

  const std::string target_ = "/_groupcache/imageserver/" + params_.key();
  const std::string context_ = encode_context_header(params_);
};

TEST_F(SecretHandlersTest, OnlyANodeThatKnowsTheSecretMayAskAsAPeer) {
  EXPECT_EQ(get(target_, {{kContextHeader, context_}}).status, 403U);
  EXPECT_EQ(ask("junk"), 403U);
  EXPECT_EQ(ask(signature("the secret of that ring")), 403U);
  EXPECT_EQ(ask(signature(kSecret, 32)), 403U);
  EXPECT_EQ(loader_.loads, 0);
  EXPECT_EQ(stats().server_requests, 0U);
  EXPECT_EQ(ask(signature()), 200U);
}

TEST_F(SecretHandlersTest, ASignatureCountsOnce) {
  const std::string once = signature();
  EXPECT_EQ(ask(once), 200U);
  EXPECT_EQ(ask(once), 403U);
  EXPECT_EQ(ask(signature()), 200U);
}

TEST_F(SecretHandlersTest, ClientsNeedNoSignature) {
  EXPECT_EQ(get("/medium.jpg?width=100").status, 200U);
  EXPECT_EQ(get("/stats").status, 200U);
}

}  // namespace
}  // namespace imageserver
