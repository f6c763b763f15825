#include "peers/peer_handler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/cancelled.h"
#include "base/clock.h"
#include "groupcache/original_query.h"
#include "params/parse_target.h"
#include "peers/peer_answer.h"
#include "peers/purge_text.h"
#include "peers/wire/context_header.h"
#include "peers/wire/nonce.h"
#include "peers/wire/peer_signature.h"
#include "peers/wire/protobuf.h"
#include "peers/wire/value.h"
#include "support/answers.h"
#include "support/groups.h"
#include "support/node_purges.h"
#include "support/run_to_end.h"
#include "support/versions.h"

namespace imageserver {
namespace {

using testing::body_of;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kOriginal = "GIF89a and so on";
constexpr const char* kName = "https://origin.example/img/a%20b.gif";

// The handler of a lone node.
class PeerHandlerTest : public ::testing::Test {
 protected:
  explicit PeerHandlerTest(const std::string& secret = {}) : gate_(secret) {
    loader_.answers_at_once = true;
  }

  Response get(std::string_view target, std::vector<Field> fields = {}) {
    return testing::answer_of(gives_ ? *gives_ : handler_, Request(Method::kGet, target, fields));
  }

  // Asks for the key with these params.
  Response ask(const std::string& key, const Params& params) {
    const std::string context = encode_context_header(params);
    const std::string target = "/_groupcache/imageserver/" + key;
    return get(target, {{kContextHeader, context}});
  }

  Response ask_for_original(const Query& query) {
    const std::string context = encode_context_header(query.params);
    return get("/_groupcache/imageserver-sources/" + query.key, {{kContextHeader, context}});
  }

  // Loads a picture into the cache, as a client's request does.
  void load(const Params& params) {
    Query query;
    query.key = params.key();
    const Ticket ticket =
        group_.load(std::make_shared<const Query>(std::move(query)), [](const auto&) {});
  }

  [[nodiscard]] GroupStats stats() const { return group_.stats().group; }

  const Params params_ = parse_target("/medium.jpg?width=100").value();
  Clock::time_point now_{std::chrono::hours(1)};
  testing::PendingLoader loader_;
  testing::FailingLoader failing_{loader_};
  testing::NoPeers peers_;
  Group group_{{.self = "http://:1",
                .peers = {},
                .settings = "formats=1",
                .keep_hot = {},
                .now = [this] { return now_; }},
               failing_,
               peers_};
  SignatureGate gate_;
  testing::PendingLoader describer_;
  Group descriptions_{
      {.self = "http://:1", .peers = {}, .keep_hot = {}, .now = {}}, describer_, peers_};
  PeerHandler handler_{{.pictures = group_, .descriptions = descriptions_, .originals = nullptr},
                       gate_,
                       std::chrono::hours(1),
                       {}};
  std::unique_ptr<PeerHandler> gives_;  // null: no originals are given
};

TEST_F(PeerHandlerTest, APeerGetsTheValueInAProtobufMessage) {
  const Response response = ask(params_.key(), params_);

  EXPECT_EQ(response.status, 200U);
  EXPECT_THAT(response.fields, HasSubstr("Content-Type: application/x-protobuf\r\n"));
  const std::string body = body_of(response);
  const auto value = decode_value(decode_get_response(body)->value).value();
  EXPECT_EQ(value, (ValueView{Format::kJpeg, "picture"}));
  EXPECT_EQ(loader_.query->from, Query::From::kPeer);
  EXPECT_EQ(stats().server_requests, 1U);
  EXPECT_EQ(stats().gets, 1U);
}

TEST_F(PeerHandlerTest, AKeyThatIsNotItsParamsIsRefusedEvenWhenItIsCached) {
  const Params other = parse_target("/medium.jpg?width=200").value();
  load(params_);
  const Response response = ask(params_.key(), other);

  EXPECT_EQ(response.status, 400U);
  EXPECT_EQ(body_of(response), "the key does not belong to the params\n");
  EXPECT_EQ(loader_.loads, 1);
  EXPECT_EQ(group_.stats().main.items, 1U);
}

// The answer that a peer with room of its own gets at once.
TEST_F(PeerHandlerTest, ALoadThatWouldWaitIsLeftToAPeerThatHasRoom) {
  loader_.backlog = true;
  const std::string context = encode_context_header(params_);
  const std::string target = "/_groupcache/imageserver/" + params_.key();
  const Field has_room{"X-Imageserver-May-Decline", "1"};

  const Response declined = get(target, {{kContextHeader, context}, has_room});
  EXPECT_EQ(declined.status, 503U);
  EXPECT_EQ(loader_.loads, 0);

  EXPECT_EQ(ask(params_.key(), params_).status, 200U) << "one without room waits";
  EXPECT_EQ(get(target, {{kContextHeader, context}, has_room}).status, 200U) << "it is cached";
  EXPECT_EQ(loader_.loads, 1);
}

TEST_F(PeerHandlerTest, WithoutABacklogNothingIsDeclined) {
  const std::string context = encode_context_header(params_);
  EXPECT_EQ(get("/_groupcache/imageserver/" + params_.key(),
                {{kContextHeader, context}, {"X-Imageserver-May-Decline", "1"}})
                .status,
            200U);
}

TEST_F(PeerHandlerTest, WithoutTheContextOnlyAHitIsAnswered) {
  const std::string target = "/_groupcache/imageserver/" + params_.key();
  EXPECT_EQ(get(target).status, 400U);
  EXPECT_EQ(loader_.loads, 0);

  load(params_);
  EXPECT_EQ(get(target).status, 200U);
  EXPECT_EQ(stats().server_requests, 2U);
}

TEST_F(PeerHandlerTest, PeerPathsAreSplitAsInGo) {
  EXPECT_EQ(get("/_groupcache/imageserver").status, 400U);
  EXPECT_EQ(body_of(get("/_groupcache/")), "bad request\n");
  EXPECT_EQ(get("/_groupcache/%zz/x").status, 400U);
  EXPECT_EQ(get("/_groupcache/other/key").status, 404U);
  EXPECT_EQ(body_of(get("/_groupcache/other/key")), "no such group: other\n");
  EXPECT_EQ(body_of(get("/_groupcache/a%0d%0ab/key")), "no such group: a??b\n");
  EXPECT_EQ(stats().server_requests, 0U);
  EXPECT_EQ(get("/_groupcache/imageserver/a%2fb").status, 400U);
  EXPECT_EQ(stats().server_requests, 1U);
}

TEST_F(PeerHandlerTest, ABadContextIsRefused) {
  const std::string target = "/_groupcache/imageserver/" + params_.key();
  EXPECT_EQ(get(target, {{kContextHeader, "junk!"}}).status, 400U);
  EXPECT_EQ(get(target, {{kContextHeader, "AAAA"}}).status, 400U);
  EXPECT_EQ(loader_.loads, 0);
}

TEST_F(PeerHandlerTest, ParamsOfAPeerAreValidatedToo) {
  const Params bad = parse_target("/medium.jpg?width=-1").value();
  const Response response = ask(bad.key(), bad);

  EXPECT_EQ(response.status, 400U);
  EXPECT_EQ(loader_.loads, 0);
}

TEST_F(PeerHandlerTest, APeerIsToldWhatThePictureDoesNotAllow) {
  failing_.with = Error{ErrorKind::kInvalidParam, "invalid param \"crop\": is outside"};
  const Response verdict = ask(params_.key(), params_);
  EXPECT_EQ(verdict.status, 400U);
  EXPECT_EQ(body_of(verdict), "invalid param \"crop\": is outside\n");
  EXPECT_THAT(verdict.fields, HasSubstr("X-Imageserver-Verdict: param\r\n"));
  failing_.with = Error{ErrorKind::kOutOfMemory, "out of memory"};
  EXPECT_THAT(ask(params_.key(), params_).fields, HasSubstr("X-Imageserver-Verdict: memory\r\n"));

  const auto no_verdict = Not(HasSubstr("X-Imageserver-Verdict"));
  EXPECT_THAT(ask("key", params_).fields, no_verdict);
  const Params bad = parse_target("/medium.jpg?width=-1").value();
  EXPECT_THAT(ask(bad.key(), bad).fields, no_verdict) << "this node's own rules";
}

TEST_F(PeerHandlerTest, EveryAnswerToAPeerIsMarkedWithTheRing) {
  const auto mark = HasSubstr("X-Imageserver-Ring: " + group_.fingerprint() +
                              "\r\nX-Imageserver-Settings: formats=1\r\n");
  EXPECT_THAT(ask(params_.key(), params_).fields, mark);
  EXPECT_THAT(ask(params_.key(), params_).fields, mark) << "a hit";
  EXPECT_THAT(get("/_groupcache/imageserver").fields, mark);
  EXPECT_THAT(ask("key", params_).fields, mark);
}

TEST_F(PeerHandlerTest, DescriptionsAreAGroupOfTheirOwnThatNoCounterCounts) {
  const Params params = parse_target("/medium.jpg").value();
  const std::string context = encode_context_header(params);
  const std::string target = "/_groupcache/imageserver-info/" + params.key();
  describer_.answers_at_once = true;
  describer_.result = make_description(Bytes::copy("{\"Width\": 1}"));
  for (int i = 0; i < 2; ++i) {
    const Response response = get(target, {{kContextHeader, context}});
    EXPECT_EQ(response.status, 200U);
    EXPECT_THAT(response.fields, HasSubstr("Content-Type: application/json\r\n"));
    EXPECT_EQ(body_of(response), "{\"Width\": 1}");
  }
  EXPECT_EQ(describer_.loads, 1) << "the second one is a hit";
  EXPECT_EQ(describer_.query->of, Query::Of::kDescription);
  EXPECT_EQ(describer_.query->from, Query::From::kPeer);
  EXPECT_EQ(loader_.loads, 0);
  EXPECT_EQ(stats().server_requests, 0U);
  EXPECT_EQ(get("/_groupcache/imageserver-info/wrong", {{kContextHeader, context}}).status, 400U);
}

TEST_F(PeerHandlerTest, WhereOriginalsAreNotGivenNobodyKnowsTheirGroup) {
  const QueryPtr query = original_query(kName, Query::From::kClient, {});
  const Response response = ask_for_original(*query);
  EXPECT_EQ(response.status, 404U);
  EXPECT_EQ(body_of(response), "no such group: imageserver-sources\n");
  EXPECT_THAT(response.fields, Not(HasSubstr("X-Imageserver-Verdict")));
  EXPECT_EQ(stats().server_requests, 0U);
}

TEST_F(PeerHandlerTest, InterimAnswersComeOnlyToAPeerThatTakesThem) {
  using Meanwhile = Later::Meanwhile;
  const std::string context = encode_context_header(params_);
  const std::string target = "/_groupcache/imageserver/" + params_.key();
  std::vector<Field> fields = {{kContextHeader, context}};
  const auto told = [&] {
    return std::get<Later>(handler_.handle(Request(Method::kGet, target, fields))).meanwhile;
  };
  EXPECT_EQ(told(), Meanwhile::kNothing);
  fields.emplace_back("x-imageserver-interim", "2");
  EXPECT_EQ(told(), Meanwhile::kNothing) << "another version";
  fields.back().value = "1";
  EXPECT_EQ(told(), Meanwhile::kProcessing);
  load(params_);
  EXPECT_THAT(get(target, fields).fields, HasSubstr("X-Imageserver-Interim: 1\r\n"))
      << "a picture that is here comes at once, and says that silence would mean something";
  EXPECT_THAT(get(target, {{kContextHeader, context}}).fields,
              Not(HasSubstr("X-Imageserver-Interim")));
}

TEST_F(PeerHandlerTest, APeerIsToldTheTagThatClientsSee) {
  const std::string tag = testing::image_of("picture")->etag;
  EXPECT_THAT(ask(params_.key(), params_).fields, HasSubstr("X-Imageserver-Etag: " + tag + "\r\n"));
}

TEST_F(PeerHandlerTest, APeerIsToldHowOftenTheKeyIsAskedFor) {
  const auto rate = [this] {
    return *decode_get_response(body_of(ask(params_.key(), params_)))->minute_qps;
  };
  const double once = rate();
  EXPECT_GT(once, 0);
  EXPECT_NEAR(rate(), 2 * once, 1e-9);
  for (int i = 0; i < 7; ++i) EXPECT_NE(group_.lookup(params_.key()).image, nullptr);
  EXPECT_NEAR(rate(), 10 * once, 1e-9) << "clients count as well";
  now_ += std::chrono::minutes(1);
  EXPECT_NEAR(rate(), 6 * once, 1e-9);
}

TEST_F(PeerHandlerTest, ARequestThatThePeerHasGivenUpIsNotBegun) {
  const std::string context = encode_context_header(params_);
  const std::string target = "/_groupcache/imageserver/" + params_.key();
  const auto ask_within = [&](std::string_view deadline) {
    return get(target, {{kContextHeader, context}, {"X-Imageserver-Deadline-Ms", deadline}}).status;
  };
  EXPECT_EQ(ask_within("0"), 504U);
  for (const char* wrong : {"-1", "1.5", "x", "4294967296", "1 "})
    EXPECT_EQ(ask_within(wrong), 400U);
  EXPECT_EQ(loader_.loads, 0);
  EXPECT_EQ(ask_within("4294967295"), 200U);
  EXPECT_LE(loader_.query->deadline, Clock::now() + std::chrono::hours(1)) << "no longer than ours";
  EXPECT_EQ(ask_within("0"), 200U) << "what is there is given anyway";
}

TEST_F(PeerHandlerTest, AnAnswerComesWithinThePeersTime) {
  loader_.answers_at_once = false;
  const std::string context = encode_context_header(params_);
  const Response response = get("/_groupcache/imageserver/" + params_.key(),
                                {{kContextHeader, context}, {"X-Imageserver-Deadline-Ms", "50"}});
  EXPECT_EQ(response.status, 504U);
  EXPECT_THAT(response.fields, HasSubstr("X-Imageserver-Ring: "));
  EXPECT_TRUE(loader_.stop.stop_requested());
  loader_.end(cancelled());
}

TEST_F(PeerHandlerTest, APeerIsToldHowManyFramesThereAre) {
  EXPECT_THAT(ask(params_.key(), params_).fields, Not(HasSubstr("X-Imageserver-Frames")));
  const Params other = parse_target("/long.gif").value();
  loader_.answers_at_once = false;
  load(other);
  loader_.end(make_image(Format::kGif, Bytes::copy("frames"), {100, 250}));
  EXPECT_THAT(ask(other.key(), other).fields, HasSubstr("X-Imageserver-Frames: 100/250\r\n"));
}

// Of a node that knows of which versions its pictures are.
class KnowingPeerHandlerTest : public ::testing::Test {
 protected:
  class NoChecker final : public OriginalChecker {
   public:
    void check(KnownOriginalPtr original, std::function<void()> done) override {
      ++checks;
      if (found) original->seen(*found);
      done();
    }
    [[nodiscard]] milliseconds lifetime(const std::string& /*name*/) const override { return {}; }

    int checks = 0;
    std::optional<KnownOriginal::Sight> found;
  };

  KnowingPeerHandlerTest() {
    loader_.answers_at_once = true;
    loader_.result = testing::image_made_of({testing::version('a')});
    see('a');
  }

  [[nodiscard]] KnownOriginal::Sight sight(char of) const {
    const auto fresh = now_ + std::chrono::seconds(1);
    return {.version = testing::version(of),
            .begun = {now_},
            .freshness = {.fresh = fresh, .usable = fresh, .stale = fresh}};
  }

  void see(char of) { known_->seen(sight(of)); }

  // Asks as a node that has a picture of that version; of none if it is 0.
  Response ask(char of) {
    const std::string context = encode_context_header(params_);
    const std::string have = of == 0 ? "" : versions_text({testing::version(of)});
    const std::vector<Field> fields = {{kContextHeader, context}, {"X-Imageserver-Versions", have}};
    return testing::answer_of(
        handler_, Request(Method::kGet, "/_groupcache/imageserver/" + params_.key(), fields));
  }

  const Params params_ = parse_target("/medium.jpg?width=100").value();
  Clock::time_point now_{std::chrono::hours(1)};
  KnownOriginals originals_;
  const KnownOriginalPtr known_ = originals_.get("medium.jpg");
  NoChecker checker_;
  testing::PendingLoader loader_;
  testing::NoPeers peers_;
  Group group_{{.self = "http://:1",
                .peers = {},
                .known = &originals_,
                .checker = &checker_,
                .keep_hot = {},
                .now = [this] { return now_; }},
               loader_,
               peers_};
  SignatureGate gate_{""};
  PeerHandler handler_{{.pictures = group_, .descriptions = group_, .originals = nullptr},
                       gate_,
                       std::chrono::hours(1),
                       {}};
};

TEST_F(KnowingPeerHandlerTest, APictureComesWithItsVersionAndHowLongThatIsBelieved) {
  for (int i = 0; i < 2; ++i) {
    const Response response = ask(0);
    EXPECT_EQ(response.status, 200U);
    EXPECT_THAT(
        response.fields,
        HasSubstr("X-Imageserver-Versions: " + versions_text({testing::version('a')}) + "\r\n"));
    EXPECT_THAT(response.fields, HasSubstr("X-Imageserver-Fresh-Ms: 1000\r\n"));
  }
}

TEST_F(KnowingPeerHandlerTest, WhoHasTheVersionGetsNoPicture) {
  EXPECT_EQ(ask(0).status, 200U);
  now_ += milliseconds(300);
  const Response response = ask('a');
  EXPECT_EQ(response.status, 304U);
  EXPECT_TRUE(body_of(response).empty());
  EXPECT_THAT(response.fields, HasSubstr(versions_text({testing::version('a')})));
  EXPECT_THAT(response.fields, HasSubstr("X-Imageserver-Fresh-Ms: 700\r\n"));
  EXPECT_EQ(ask('b').status, 200U);
}

TEST_F(KnowingPeerHandlerTest, TheQuestionForAVersionIsNoRequestForAPicture) {
  EXPECT_EQ(ask(0).status, 200U);
  const GroupStats before = group_.stats().group;
  EXPECT_EQ(ask('a').status, 304U);
  const GroupStats after = group_.stats().group;
  EXPECT_EQ(after.gets, before.gets);
  EXPECT_EQ(after.cache_hits, before.cache_hits);
  EXPECT_EQ(after.server_requests, before.server_requests);
}

TEST_F(KnowingPeerHandlerTest, ThePeerWaitsForTheLookOfThisNode) {
  EXPECT_EQ(ask(0).status, 200U);
  now_ += std::chrono::seconds(2);
  checker_.found = sight('a');
  EXPECT_EQ(ask('a').status, 304U);
  EXPECT_EQ(checker_.checks, 1);
  EXPECT_EQ(ask('a').status, 304U);
  EXPECT_EQ(checker_.checks, 1);
  now_ += std::chrono::seconds(2);
  checker_.found = sight('b');
  loader_.result = testing::image_made_of({testing::version('b')}, "newer");
  const Response response = ask('a');
  EXPECT_EQ(response.status, 200U);
  EXPECT_THAT(response.fields, HasSubstr(versions_text({testing::version('b')})));
}

TEST_F(KnowingPeerHandlerTest, TheQuestionForAVersionMakesNoPicture) {
  EXPECT_EQ(ask('a').status, 304U);
  EXPECT_EQ(loader_.loads, 0);
  EXPECT_EQ(group_.stats().group.loads, 0U);
}

TEST_F(KnowingPeerHandlerTest, APictureOfAVersionThatIsReplacedMeanwhileIsSaidToBeOutdated) {
  loader_.result = testing::image_made_of({testing::version('b')});
  const Response response = ask(0);
  EXPECT_EQ(response.status, 200U);
  EXPECT_THAT(response.fields, HasSubstr("X-Imageserver-Fresh-Ms: -1\r\n"));
}

// Of a node that gives originals.
class GivingPeerHandlerTest : public PeerHandlerTest {
 protected:
  GivingPeerHandlerTest() {
    origin_.answers_at_once = true;
    origin_.result = make_original(Bytes::copy(kOriginal), entity_tag(std::string_view(kOriginal)));
    gives_ = std::make_unique<PeerHandler>(
        PeerHandler::Groups{
            .pictures = group_, .descriptions = descriptions_, .originals = &originals_},
        gate_, std::chrono::hours(1), PeerHandler::Purges());
  }

  testing::PendingLoader origin_;
  Group originals_{
      {.policy = CachePolicy::kLru, .self = "http://:1", .peers = {}, .keep_hot = {}, .now = {}},
      origin_,
      peers_};
  const QueryPtr query_ = original_query(kName, Query::From::kClient, {});
};

TEST_F(GivingPeerHandlerTest, AnOriginalComesWithTheHashOfItsBytes) {
  for (int i = 0; i < 2; ++i) {
    const Response response = ask_for_original(*query_);
    EXPECT_EQ(response.status, 200U);
    EXPECT_THAT(response.fields, HasSubstr("Content-Type: application/x-protobuf\r\n"));
    EXPECT_THAT(response.fields,
                HasSubstr("X-Imageserver-Etag: " + entity_tag(kOriginal) + "\r\n"));
    const std::string body = body_of(response);
    const auto message = decode_get_response(body).value();
    EXPECT_EQ(message.value, kOriginal);
    EXPECT_TRUE(message.minute_qps.has_value());
  }
  EXPECT_EQ(origin_.loads, 1) << "the second one is a hit";
  EXPECT_EQ(origin_.query->of, Query::Of::kOriginal);
  EXPECT_EQ(origin_.query->from, Query::From::kPeer);
  EXPECT_EQ(origin_.query->spec.source, kName);
  EXPECT_EQ(loader_.loads, 0);
}

TEST_F(GivingPeerHandlerTest, TheAnswerIsWhatAPeerReads) {
  const Response given = ask_for_original(*query_);
  ClientResponse read;
  read.status = given.status;
  read.fields.emplace_back("X-Imageserver-Ring", group_.fingerprint());
  read.fields.emplace_back("X-Imageserver-Etag", entity_tag(kOriginal));
  read.body = Bytes::own(body_of(given));
  const PeerTransport::Outcome outcome = read_peer_answer(read, *query_);
  ASSERT_TRUE(outcome.image.has_value()) << outcome.image.error().message;
  EXPECT_EQ((*outcome.image)->data.view(), kOriginal);
}

TEST_F(GivingPeerHandlerTest, RequestsForOriginalsAreCountedByTheirGroup) {
  ask_for_original(*query_);
  EXPECT_EQ(originals_.stats().group.server_requests, 1U);
  EXPECT_EQ(stats().server_requests, 0U);
  ask(params_.key(), params_);
  EXPECT_EQ(originals_.stats().group.server_requests, 1U);
  EXPECT_EQ(stats().server_requests, 1U);
}

TEST_F(GivingPeerHandlerTest, APeerIsToldWhyThereIsNoOriginal) {
  struct Row {
    ErrorKind kind;
    unsigned status;
    std::string verdict;
  };
  for (const Row& row :
       {Row{ErrorKind::kNotFound, 404, "file"}, Row{ErrorKind::kUnprocessable, 422, "file"},
        Row{ErrorKind::kOrigin, 502, "origin"}, Row{ErrorKind::kOriginLate, 504, "origin"},
        Row{ErrorKind::kBusy, 503, "busy"}}) {
    origin_.result = Error{row.kind, "why"};
    const Response response = ask_for_original(*query_);
    EXPECT_EQ(response.status, row.status);
    EXPECT_EQ(body_of(response), "why\n");
    EXPECT_THAT(response.fields, HasSubstr("X-Imageserver-Verdict: " + row.verdict + "\r\n"));
  }
}

TEST_F(GivingPeerHandlerTest, WhatIsNoQueryForAnOriginalIsRefused) {
  const QueryPtr other = original_query("https://origin.example/b.jpg", Query::From::kClient, {});
  const std::string context = encode_context_header(query_->params);
  const std::string path = "/_groupcache/imageserver-sources/";
  EXPECT_EQ(get(path + other->key, {{kContextHeader, context}}).status, 400U) << "another key";
  EXPECT_EQ(get(path + query_->key).status, 400U) << "not cached, and without params";
  const Params more = parse_target("/a.jpg?width=10").value();
  const std::string more_context = encode_context_header(more);
  EXPECT_EQ(get(path + more.key(), {{kContextHeader, more_context}}).status, 400U);
  EXPECT_EQ(origin_.loads, 0);
}

TEST_F(GivingPeerHandlerTest, AnOriginalThatIsCachedNeedsNoParams) {
  ask_for_original(*query_);
  EXPECT_EQ(get("/_groupcache/imageserver-sources/" + query_->key).status, 200U);
}

TEST_F(PeerHandlerTest, WhereNodesDoNotBelieveEachOtherNothingIsSaidOfPurges) {
  testing::NodePurges theirs;
  const std::string told = tell_purges({theirs.record_of("medium.jpg")}, "");
  const std::string context = encode_context_header(params_);
  const Response response = get(
      "/_groupcache/imageserver/" + params_.key(),
      {{kContextHeader, context}, {"X-Imageserver-Purge", told}, {"X-Imageserver-Purges", "1"}});
  EXPECT_EQ(response.status, 200U);
  EXPECT_THAT(response.fields, Not(HasSubstr("X-Imageserver-Purge")));
  for (const char* key : {"log", "purge"}) {
    const Response none = get("/_groupcache/imageserver-purges/" + std::string(key));
    EXPECT_EQ(none.status, 404U);
    EXPECT_EQ(body_of(none), "no such group: imageserver-purges\n");
  }
}

// Of a node that is told of purges.
class PurgingPeerHandlerTest : public PeerHandlerTest {
 protected:
  using Heard = std::vector<std::pair<std::string, std::string>>;

  PurgingPeerHandlerTest() {
    gives_ = std::make_unique<PeerHandler>(
        PeerHandler::Groups{.pictures = heeding_, .descriptions = heeding_, .originals = nullptr},
        gate_, std::chrono::hours(1),
        PeerHandler::Purges{.talk = std::make_shared<const PurgeTalk>(PurgeTalk::Terms{
                                .log = purges_.log,
                                .secret = {},
                                .self = "http://:1",
                                .names_of =
                                    [](const Query& query) {
                                      return std::vector<std::string>{query.spec.source};
                                    }}),
                            .heard = [this](const std::string& node, std::string_view digest) {
                              heard_.emplace_back(node, digest);
                            }});
  }
  ~PurgingPeerHandlerTest() override { originals_.drop_looks(); }

  class NoChecker final : public OriginalChecker {
   public:
    void check(KnownOriginalPtr /*original*/, std::function<void()> done) override { done(); }
    [[nodiscard]] milliseconds lifetime(const std::string& /*name*/) const override { return {}; }
  };

  // Asks for the picture with these fields besides.
  Response ask_with(std::vector<Field> fields) {
    fields.push_back({kContextHeader, context_});
    return get(target_, std::move(fields));
  }

  [[nodiscard]] static std::string digest_line(const std::string& digest) {
    return "X-Imageserver-Purges: " + digest + "\r\n";
  }

  static std::string picture_in(const Response& response) {
    const std::string body = body_of(response);
    return std::string(decode_value(decode_get_response(body)->value)->data);
  }

  const std::string context_ = encode_context_header(params_);
  const std::string target_ = "/_groupcache/imageserver/" + params_.key();
  testing::NodePurges purges_;
  KnownOriginals originals_{&purges_.log};
  NoChecker checker_;
  Group heeding_{{.self = "http://:1",
                  .peers = {},
                  .known = &originals_,
                  .checker = &checker_,
                  .keep_hot = {},
                  .now = [this] { return now_; }},
                 loader_,
                 peers_};
  Heard heard_;
};

TEST_F(PurgingPeerHandlerTest, PurgesAreTakenBeforeThePictureIsLookedUp) {
  loader_.result = testing::image_of("old");
  EXPECT_EQ(picture_in(ask_with({})), "old");
  loader_.result = testing::image_of("new");
  EXPECT_EQ(picture_in(ask_with({})), "old");
  const std::string told = tell_purges({purges_.record_of("medium.jpg")}, "");
  const Response response = ask_with({{"X-Imageserver-Purge", told}});
  EXPECT_EQ(picture_in(response), "new");
  EXPECT_EQ(purges_.log.position(), 1U);
  EXPECT_THAT(response.fields, HasSubstr(digest_line(purges_.log.digest())))
      << "the work on the answer began with that purge";
}

TEST_F(PurgingPeerHandlerTest, EveryAnswerHasTheDigest) {
  purges_.purge("another.jpg");
  const auto line = HasSubstr(digest_line(purges_.log.digest()));
  EXPECT_THAT(ask_with({}).fields, line);
  EXPECT_THAT(ask_with({}).fields, line) << "a hit";
  EXPECT_THAT(get("/_groupcache/imageserver").fields, line);
  EXPECT_THAT(get("/_groupcache/other/key").fields, line);
  EXPECT_THAT(get("/_groupcache/imageserver-purges/purge").fields, line);
}

TEST_F(PurgingPeerHandlerTest, ThePurgeThatComesMeanwhileIsNotInTheDigest) {
  loader_.answers_at_once = false;
  const std::string before = purges_.log.digest();
  const std::vector<Field> fields = {{kContextHeader, context_}};
  Answer answer = gives_->handle(Request(Method::kGet, target_, fields));
  net::io_context context(1);
  Response response;
  net::co_spawn(
      context, std::move(std::get<Later>(answer).response),
      [&](const std::exception_ptr& /*thrown*/, Response later) { response = std::move(later); });
  net::post(context, [this] {
    purges_.purge("medium.jpg");
    loader_.end(testing::image_of("old"));
  });
  testing::run_to_end(context);
  EXPECT_EQ(picture_in(response), "old");
  EXPECT_THAT(response.fields, HasSubstr(digest_line(before)));
  EXPECT_NE(purges_.log.digest(), before);
}

TEST_F(PurgingPeerHandlerTest, APurgeThatIsNotProvenIsRefused) {
  const std::string told =
      tell_purges({purges_.record_of("medium.jpg")}, "the secret of that ring");
  const Response response = ask_with({{"X-Imageserver-Purge", told}});
  EXPECT_EQ(response.status, 403U);
  EXPECT_EQ(body_of(response), "a purge is not proven\n");
  EXPECT_THAT(response.fields, HasSubstr("X-Imageserver-Ring: "));
  EXPECT_EQ(purges_.log.position(), 0U);
  EXPECT_EQ(loader_.loads, 0);
}

TEST_F(PurgingPeerHandlerTest, ThatANodeKnowsOtherPurgesIsHeard) {
  ask_with({});
  ask_with({{"X-Imageserver-From", "http://:2"}, {"X-Imageserver-Purges", purges_.log.digest()}});
  EXPECT_EQ(heard_, Heard());
  ask_with({{"X-Imageserver-From", "http://:2"}, {"X-Imageserver-Purges", "another"}});
  EXPECT_EQ(heard_, (Heard{{"http://:2", "another"}}));
}

TEST_F(PurgingPeerHandlerTest, WhatARequestTellsOfIsNoDifference) {
  testing::NodePurges theirs;
  const std::string told = tell_purges({theirs.purge("medium.jpg")}, "");
  ask_with({{"X-Imageserver-From", "http://:2"},
            {"X-Imageserver-Purges", theirs.log.digest()},
            {"X-Imageserver-Purge", told}});
  EXPECT_EQ(purges_.log.digest(), theirs.log.digest());
  EXPECT_EQ(heard_, Heard());
}

TEST_F(PurgingPeerHandlerTest, ALogIsNoRequestForAPicture) {
  purges_.purge("medium.jpg");
  const Response log = get("/_groupcache/imageserver-purges/log");
  EXPECT_EQ(log.status, 200U);
  EXPECT_EQ(read_log(body_of(log), ""), purges_.log.contents());
  const std::string digest = purges_.log.digest();
  EXPECT_EQ(get("/_groupcache/imageserver-purges/log", {{"X-Imageserver-Purges", digest}}).status,
            304U);
  const std::string told = tell_purges({purges_.record_of("medium.jpg")}, "");
  EXPECT_EQ(get("/_groupcache/imageserver-purges/purge", {{"X-Imageserver-Purge", told}}).status,
            200U);
  EXPECT_EQ(purges_.log.position(), 2U);
  EXPECT_EQ(get("/_groupcache/imageserver-purges/other").status, 404U);
  EXPECT_EQ(heeding_.stats().group.server_requests, 0U);
}

constexpr const char* kSecret = "the secret of this ring";

class SecretPeerHandlerTest : public PeerHandlerTest {
 protected:
  SecretPeerHandlerTest() : PeerHandlerTest(kSecret) {}

  [[nodiscard]] std::string signature(std::string_view secret = kSecret, int age = 0) const {
    const SignedParts parts = {"GET", target_, context_};
    return sign(secret, parts, seconds_since_1970() - age, NonceStream().next());
  }

  unsigned ask_signed(const std::string& signature) {
    return get(target_, {{kContextHeader, context_}, {kSignatureHeader, signature}}).status;
  }

  const std::string target_ = "/_groupcache/imageserver/" + params_.key();
  const std::string context_ = encode_context_header(params_);
};

TEST_F(SecretPeerHandlerTest, OnlyANodeThatKnowsTheSecretMayAskAsAPeer) {
  EXPECT_EQ(get(target_, {{kContextHeader, context_}}).status, 403U);
  EXPECT_EQ(ask_signed("junk"), 403U);
  EXPECT_EQ(ask_signed(signature("the secret of that ring")), 403U);
  EXPECT_EQ(ask_signed(signature(kSecret, 32)), 403U);
  EXPECT_EQ(loader_.loads, 0);
  EXPECT_EQ(stats().server_requests, 0U);
  EXPECT_EQ(ask_signed(signature()), 200U);
}

TEST_F(SecretPeerHandlerTest, WhoIsRefusedPurgesNothingAndHearsOfNoPurge) {
  testing::NodePurges purges;
  gives_ = std::make_unique<PeerHandler>(
      PeerHandler::Groups{.pictures = group_, .descriptions = descriptions_, .originals = nullptr},
      gate_, std::chrono::hours(1),
      PeerHandler::Purges{
          .talk = std::make_shared<const PurgeTalk>(PurgeTalk::Terms{
              .log = purges.log,
              .secret = kSecret,
              .self = "http://:1",
              .names_of = [](const Query& /*query*/) { return std::vector<std::string>(); }})});
  const std::string told = tell_purges({purges.record_of("medium.jpg")}, kSecret);
  const Response response =
      get(target_, {{kContextHeader, context_}, {"X-Imageserver-Purge", told}});
  EXPECT_EQ(response.status, 403U);
  EXPECT_THAT(response.fields, Not(HasSubstr("X-Imageserver-Purges")));
  EXPECT_EQ(get("/_groupcache/imageserver-purges/log").status, 403U);
  EXPECT_EQ(purges.log.position(), 0U);
}

TEST_F(SecretPeerHandlerTest, ASignatureCountsOnce) {
  const std::string once = signature();
  EXPECT_EQ(ask_signed(once), 200U);
  EXPECT_EQ(ask_signed(once), 403U);
  EXPECT_EQ(ask_signed(signature()), 200U);
}

}  // namespace
}  // namespace imageserver
