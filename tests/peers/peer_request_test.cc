#include "peers/peer_request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "params/parse_target.h"
#include "peers/wire/context_header.h"
#include "peers/wire/nonce.h"
#include "peers/wire/peer_signature.h"
#include "support/node_purges.h"
#include "support/versions.h"

namespace imageserver {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr const char* kProbe = "/_groupcache/imageserver";

class PeerRequestTest : public ::testing::Test {
 protected:
  static Query query() {
    Query query;
    query.params = parse_target("/a.png?width=5").value();
    query.key = query.params.key();
    return query;
  }

  [[nodiscard]] ClientRequest fetch(milliseconds time = 1h) const {
    return fetch_request(options_, peer_, question_of(query()),
                         {.deadline = Clock::now() + time, .may_decline = may_decline_});
  }

  void peer_is(PeerKind kind) const {
    peer_->identified(kind, kind == PeerKind::kOurs ? "0123456789abcdef" : "", {});
  }

  PeerOptions options_;
  bool may_decline_ = false;
  const PeerPtr peer_ = std::make_shared<Peer>("http://10.0.0.1:8080", 1);
};

TEST_F(PeerRequestTest, AFetchAsksForTheKeyAndCarriesTheParams) {
  const ClientRequest request = fetch();
  EXPECT_EQ(request.authority, "10.0.0.1:8080");
  EXPECT_EQ(request.target, "/_groupcache/imageserver/" + query().key);
  EXPECT_EQ(request.fields,
            "X-Imageserver-Groupcache-Context: " + encode_context_header(query().params) + "\r\n");
  EXPECT_FALSE(request.body.has_value());
}

TEST_F(PeerRequestTest, EachGroupHasItsPath) {
  const auto path = [](Query::Of of) {
    Query asked = query();
    asked.of = of;
    return question_of(asked)->target;
  };
  EXPECT_EQ(path(Query::Of::kPicture), "/_groupcache/imageserver/" + query().key);
  EXPECT_EQ(path(Query::Of::kDescription), "/_groupcache/imageserver-info/" + query().key);
  EXPECT_EQ(path(Query::Of::kOriginal), "/_groupcache/imageserver-sources/" + query().key);
}

TEST_F(PeerRequestTest, AFetchFromOneOfOursHasAllTheTimeOfTheQuery) {
  const auto before = Clock::now();
  const Deadline deadline = fetch(100s).deadline;
  EXPECT_GE(deadline, before + 100s);
  EXPECT_LE(deadline, Clock::now() + 100s);
}

TEST_F(PeerRequestTest, SilenceOfOneOfOursIsBoundedByTheOptionsOrBy60PercentOfTheTimeLeft) {
  const milliseconds silence = *longest_silence(options_, *peer_, Clock::now() + 100s);
  EXPECT_GT(silence, 59s);
  EXPECT_LE(silence, 60s);
  options_.timeout = 5s;
  EXPECT_EQ(longest_silence(options_, *peer_, Clock::now() + 100s), 5s);
}

TEST_F(PeerRequestTest, AFetchFromAGoNodeHas60PercentOfTheTimeThatIsLeft) {
  peer_is(PeerKind::kGo);
  const auto before = Clock::now();
  const Deadline deadline = fetch(100s).deadline;
  EXPECT_GE(deadline - before, 59s);
  EXPECT_LE(deadline - Clock::now(), 60s);
  EXPECT_FALSE(longest_silence(options_, *peer_, Clock::now() + 100s).has_value());
}

TEST_F(PeerRequestTest, AFetchFromAGoNodeHasTheTimeOfTheOptionsButNoMoreThanTheQuery) {
  peer_is(PeerKind::kGo);
  options_.timeout = 5s;
  const auto before = Clock::now();
  const Deadline of_options = fetch(100s).deadline;
  const Deadline of_query = fetch(1s).deadline;
  const auto after = Clock::now();
  EXPECT_GE(of_options, before + 5s);
  EXPECT_LE(of_options, after + 5s);
  EXPECT_GE(of_query, before + 1s);
  EXPECT_LE(of_query, after + 1s);
}

TEST_F(PeerRequestTest, APeerIsToldATenthLessThanTheTimeItHasAndAtMost100MillisecondsLess) {
  EXPECT_THAT(fetch(500ms).fresh_fields(), Not(HasSubstr("Ms: 500\r\n")));
  const std::string fields = fetch(500ms).fresh_fields();
  ASSERT_THAT(fields, ::testing::StartsWith("X-Imageserver-Deadline-Ms: "));
  const int told = std::stoi(fields.substr(fields.find(' ')));
  EXPECT_LE(told, 450);
  EXPECT_GT(told, 0);
}

TEST_F(PeerRequestTest, APeerIsToldAtLeastAMillisecond) {
  EXPECT_THAT(fetch(-1s).fresh_fields(), HasSubstr("X-Imageserver-Deadline-Ms: 1\r\n"));
}

TEST_F(PeerRequestTest, APeerThatMayBeAGoNodeIsNotToldTheDeadline) {
  peer_is(PeerKind::kGo);
  EXPECT_THAT(fetch().fresh_fields(), IsEmpty());
  peer_is(PeerKind::kOurs);
  EXPECT_THAT(fetch().fresh_fields(), HasSubstr("Deadline"));
  peer_->forget_kind();
  options_.mode = RingMode::kGo;
  EXPECT_THAT(fetch().fresh_fields(), IsEmpty()) << "the ring may have Go nodes";
}

TEST_F(PeerRequestTest, APeerMayDeclineIfThisNodeHasRoom) {
  const std::string field = "X-Imageserver-May-Decline: 1\r\n";
  peer_is(PeerKind::kOurs);
  EXPECT_THAT(fetch().fresh_fields(), Not(HasSubstr("Decline")));
  may_decline_ = true;
  EXPECT_THAT(fetch().fresh_fields(), HasSubstr(field));
  peer_is(PeerKind::kGo);
  EXPECT_THAT(fetch().fresh_fields(), IsEmpty()) << "a Go node knows nothing of it";
}

TEST_F(PeerRequestTest, EachAttemptHasASignatureOfItsOwn) {
  options_.secret = "the secret of this ring";
  const ClientRequest request = fetch();
  EXPECT_THAT(request.fields, Not(HasSubstr("Signature")));
  const std::string first = request.fresh_fields();
  EXPECT_THAT(first, HasSubstr("X-Imageserver-Signature: "));
  EXPECT_NE(first, request.fresh_fields());
}

TEST_F(PeerRequestTest, APeersSignaturesCountWhatItIsAsked) {
  options_.secret = "the secret of this ring";
  const auto nonce_in = [](const std::string& fields) {
    const std::string signature = fields.substr(fields.find(kSignatureHeader));
    return parse_nonce(signature.substr(signature.find('.') + 1, kNonceText)).value();
  };
  const Nonce first = nonce_in(fetch().fresh_fields());
  EXPECT_EQ(nonce_in(fetch().fresh_fields()), (Nonce{first.stream, first.number + 1, true}));
  EXPECT_EQ(nonce_in(probe_request(options_, *peer_, std::chrono::seconds(1)).fields),
            (Nonce{first.stream, first.number + 2, true}));
  Peer other("http://10.0.0.2:8080", 1);
  EXPECT_NE(nonce_in(probe_request(options_, other, std::chrono::seconds(1)).fields).stream,
            first.stream);
}

TEST_F(PeerRequestTest, AGoNodeIsSentNoSignature) {
  options_.secret = "the secret of this ring";
  peer_is(PeerKind::kGo);
  EXPECT_THAT(fetch().fresh_fields(), IsEmpty());
  EXPECT_THAT(probe_request(options_, *peer_, std::chrono::seconds(1)).fields, IsEmpty());
}

TEST_F(PeerRequestTest, AFetchKeepsItsPeer) {
  PeerPtr peer = std::make_shared<Peer>("http://10.0.0.2:8080", 1);
  const std::weak_ptr<Peer> weak = peer;
  const ClientRequest request = fetch_request(options_, std::move(peer), question_of(query()),
                                              {.deadline = Clock::now() + 1h});
  EXPECT_FALSE(weak.expired()) << "fresh_fields() asks it what it is";
}

TEST_F(PeerRequestTest, AProbeOfOneOfOursNamesNoKeyWhateverFailed) {
  peer_->remember_failed(question_of(query()));
  const ClientRequest request = probe_request(options_, *peer_, std::chrono::seconds(1));
  EXPECT_EQ(request.target, kProbe);
  EXPECT_EQ(request.fields, "X-Imageserver-Interim: 1\r\n");
  EXPECT_LE(request.deadline - Clock::now(), 2s);
}

TEST_F(PeerRequestTest, AProbeIsSignedLikeAFetch) {
  options_.secret = "the secret of this ring";
  const std::string fields = probe_request(options_, *peer_, std::chrono::seconds(1)).fields;
  const std::string name = "X-Imageserver-Interim: 1\r\nX-Imageserver-Signature: ";
  ASSERT_THAT(fields, ::testing::StartsWith(name));
  const std::string signature =
      fields.substr(name.size(), fields.find('\r', name.size()) - name.size());
  EXPECT_TRUE(verify(options_.secret, {"GET", kProbe, ""}, signature, seconds_since_1970()));
}

TEST_F(PeerRequestTest, APeerThatMayBeAGoNodeIsProbedWithTheLastFetchThatFailed) {
  options_.mode = RingMode::kGo;
  EXPECT_EQ(probe_request(options_, *peer_, std::chrono::seconds(1)).target, kProbe)
      << "none has failed yet";
  peer_->remember_failed(question_of(query()));
  const ClientRequest probe = probe_request(options_, *peer_, std::chrono::seconds(1));
  EXPECT_EQ(probe.target, fetch().target);
  EXPECT_EQ(probe.fields, fetch().fields);
}

TEST_F(PeerRequestTest, APeerOfOursIsToldWhichVersionsThereAre) {
  const Versions have{testing::version('a')};
  const auto fields = [&] {
    return fetch_request(options_, peer_, question_of(query()),
                         {.deadline = Clock::now() + 1h, .have = have})
        .fresh_fields();
  };
  const std::string field = "X-Imageserver-Versions: " + versions_text(have) + "\r\n";
  EXPECT_THAT(fields(), HasSubstr(field));
  EXPECT_THAT(fetch().fresh_fields(), Not(HasSubstr("Versions")));
  peer_is(PeerKind::kGo);
  EXPECT_THAT(fields(), Not(HasSubstr("Versions")));
}

TEST_F(PeerRequestTest, APeerThatMayBeAGoNodeIsToldNothingOfPurges) {
  const auto fields = [&] {
    return fetch_request(options_, peer_, question_of(query()),
                         {.deadline = Clock::now() + 1h, .purges = "lines\r\n"})
        .fresh_fields();
  };
  EXPECT_THAT(fields(), HasSubstr("lines\r\n"));
  peer_is(PeerKind::kGo);
  EXPECT_THAT(fields(), IsEmpty());
  peer_->forget_kind();
  options_.mode = RingMode::kGo;
  EXPECT_THAT(fields(), IsEmpty()) << "the ring may have Go nodes";
}

TEST_F(PeerRequestTest, AProbeSaysWhichPurgesThisNodeKnows) {
  testing::NodePurges purges;
  options_.purges = std::make_shared<const PurgeTalk>(PurgeTalk::Terms{
      .log = purges.log, .secret = {}, .self = "http://:1", .names_of = [](const Query& /*query*/) {
        return std::vector<std::string>();
      }});
  const std::string before = options_.purges->fields();
  EXPECT_THAT(probe_request(options_, *peer_, std::chrono::seconds(1)).fields, HasSubstr(before));
  purges.purge("a.png");
  EXPECT_THAT(probe_request(options_, *peer_, std::chrono::seconds(1)).fields,
              HasSubstr(options_.purges->fields()));
  peer_is(PeerKind::kGo);
  EXPECT_THAT(probe_request(options_, *peer_, std::chrono::seconds(1)).fields, IsEmpty());
}

TEST_F(PeerRequestTest, AQuestionAboutPurgesIsSignedAnewForEachAttempt) {
  options_.secret = "the secret of this ring";
  const ClientRequest request =
      purge_request(options_, peer_, "log", "lines\r\n", Clock::now() + 1h);
  EXPECT_EQ(request.authority, "10.0.0.1:8080");
  EXPECT_EQ(request.target, "/_groupcache/imageserver-purges/log");
  EXPECT_EQ(request.fields, "lines\r\nX-Imageserver-Interim: 1\r\n");
  const std::string first = request.fresh_fields();
  EXPECT_THAT(first, HasSubstr("X-Imageserver-Signature: "));
  EXPECT_NE(first, request.fresh_fields());
}

}  // namespace
}  // namespace imageserver
