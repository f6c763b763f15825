#include "handlers/router.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "support/groups.h"

namespace imageserver {
namespace {

// Answers with its name.
class NamedHandler final : public Handler {
 public:
  explicit NamedHandler(std::string name) : name_(std::move(name)) {}

  [[nodiscard]] std::optional<Admittance> admit(const Request&) override { return MostBody{9}; }
  Answer handle(const Request&) override { return text_response(200, name_); }

 private:
  const std::string name_;
};

class RouterTest : public ::testing::Test {
 protected:
  [[nodiscard]] std::string answer_to(std::string_view target, Audience audience,
                                      const Handlers& handlers, Method method = Method::kGet) {
    const Answer answer = router(audience, handlers).handle(Request(method, target, fields_));
    return text_of(std::get<Response>(answer));
  }

  // What is said of a request by its head: how long its body may be, or the answer.
  [[nodiscard]] std::string admittance(Method method, std::string_view target, Audience audience,
                                       const Handlers& handlers) {
    const auto admittance = router(audience, handlers).admit(Request(method, target, fields_));
    if (!admittance) return "not taken";
    if (const auto* const most = std::get_if<MostBody>(&*admittance)) {
      return std::to_string(most->bytes);
    }
    return text_of(std::get<Response>(*admittance));
  }

  [[nodiscard]] Router router(Audience audience, const Handlers& handlers) {
    return {audience,
            group_,
            [] { return true; },
            handlers,
            Documents{.peers = [] { return "the peers"; },
                      .renderers = [] { return "the renderers"; },
                      .sources = [] { return "the originals"; }},
            ReadGate(secret_)};
  }

  static std::string text_of(const Response& response) {
    return std::to_string(response.status) + ' ' + response.prefix +
           std::string(response.body.view());
  }

  std::string secret_;
  std::vector<Field> fields_;
  testing::PendingLoader loader_;
  testing::NoPeers peers_;
  Group group_{{.self = "http://:1", .peers = {}, .keep_hot = {}, .now = {}}, loader_, peers_};
  const Handlers all_{.images = std::make_shared<NamedHandler>("images"),
                      .infos = std::make_shared<NamedHandler>("infos"),
                      .peers = std::make_shared<NamedHandler>("peers"),
                      .purges = std::make_shared<NamedHandler>("purges")};
};

TEST_F(RouterTest, TheRingPurges) {
  for (const Audience audience : {Audience::kRing, Audience::kBoth}) {
    for (const Method method : {Method::kPost, Method::kPurge, Method::kOther}) {
      EXPECT_EQ(admittance(method, "/purge?x", audience, all_), "9");
    }
    EXPECT_EQ(answer_to("/purge", audience, all_), "200 purges\n");
    EXPECT_EQ(answer_to("/purge", audience, all_, Method::kPost), "200 purges\n");
    for (const char* target : {"/a.jpg?width=1", "/purge/a.jpg", "/information"}) {
      EXPECT_EQ(admittance(Method::kPurge, target, audience, all_), "9") << target;
      EXPECT_EQ(answer_to(target, audience, all_, Method::kPurge), "200 purges\n") << target;
    }
    for (const char* target : {"/", "/purge", "/healthz", "/readyz", "/favicon.ico", "/stats",
                               "/info", "/info/a.jpg", "/_groupcache/imageserver/key"}) {
      EXPECT_EQ(answer_to(target, audience, all_, Method::kPurge), "404 no picture has that path\n")
          << target;
    }
  }
}

TEST_F(RouterTest, TheWorldDoesNotPurge) {
  for (const Method method : {Method::kPost, Method::kPurge, Method::kOther}) {
    EXPECT_EQ(admittance(method, "/purge", Audience::kWorld, all_), "404 not here\n");
  }
  EXPECT_EQ(answer_to("/purge", Audience::kWorld, all_), "404 not here\n");
  EXPECT_EQ(admittance(Method::kPurge, "/a.jpg", Audience::kWorld, all_), "not taken");
}

TEST_F(RouterTest, WithoutAHandlerNobodyPurges) {
  const Handlers without{.images = all_.images, .infos = all_.infos, .peers = all_.peers};
  constexpr std::string_view kOff = "403 purging is not set up\n";
  EXPECT_EQ(admittance(Method::kPost, "/purge", Audience::kBoth, without), kOff);
  EXPECT_EQ(admittance(Method::kPurge, "/a.jpg", Audience::kRing, without), kOff);
  EXPECT_EQ(answer_to("/purge", Audience::kBoth, without), kOff);
  EXPECT_EQ(answer_to("/a.jpg", Audience::kBoth, without, Method::kPurge), kOff);
}

TEST_F(RouterTest, NothingElseTakesOtherMethodsOrBodies) {
  for (const char* target :
       {"/", "/a.jpg", "/purge/a.jpg", "/stats", "/_groupcache/imageserver/key", "/healthz", "*"}) {
    for (const Method method : {Method::kGet, Method::kHead, Method::kPost, Method::kOther}) {
      EXPECT_EQ(admittance(method, target, Audience::kBoth, all_), "not taken") << target;
    }
  }
  EXPECT_EQ(answer_to("/purge/a.jpg", Audience::kBoth, all_), "200 images\n");
}

TEST_F(RouterTest, EachPathHasItsHandler) {
  EXPECT_EQ(answer_to("/a.jpg?width=1", Audience::kBoth, all_), "200 images\n");
  EXPECT_EQ(answer_to("/info/a.jpg", Audience::kBoth, all_), "200 infos\n");
  EXPECT_EQ(answer_to("/_groupcache/imageserver/key", Audience::kBoth, all_), "200 peers\n");
  EXPECT_EQ(answer_to("/peers?x", Audience::kBoth, all_), "200 the peers");
  EXPECT_EQ(answer_to("/renderers", Audience::kRing, all_), "200 the renderers");
  EXPECT_EQ(answer_to("/stats/sources", Audience::kRing, all_), "200 the originals");
  EXPECT_EQ(answer_to("/_groupcache", Audience::kBoth, all_), "200 images\n");
}

// The handlers of the other audience are not even there.
TEST_F(RouterTest, OnlyTheHandlersOfTheAudienceAreAsked) {
  const Handlers of_world{.images = all_.images, .infos = all_.infos, .peers = nullptr};
  EXPECT_EQ(answer_to("/a.jpg", Audience::kWorld, of_world), "200 images\n");
  EXPECT_EQ(answer_to("/info/a.jpg", Audience::kWorld, of_world), "200 infos\n");
  for (const char* target :
       {"/_groupcache/imageserver/key", "/peers", "/renderers", "/stats", "/stats/sources"}) {
    EXPECT_EQ(answer_to(target, Audience::kWorld, of_world), "404 not here\n") << target;
  }
  const Handlers of_ring{.images = nullptr, .infos = nullptr, .peers = all_.peers};
  EXPECT_EQ(answer_to("/_groupcache/imageserver/key", Audience::kRing, of_ring), "200 peers\n");
  for (const char* target : {"/a.jpg", "/info/a.jpg", "/", "/favicon.ico"}) {
    EXPECT_EQ(answer_to(target, Audience::kRing, of_ring), "404 no pictures here\n") << target;
  }
}

TEST_F(RouterTest, WithASecretWhatTellsOfTheServerIsForBearersOfItsToken) {
  secret_ = "the secret of this ring";
  const std::string right = "Bearer " + read_token(secret_);
  for (const Audience audience : {Audience::kRing, Audience::kBoth}) {
    for (const char* target : {"/peers", "/renderers", "/stats", "/stats?x", "/stats/sources"}) {
      fields_ = {};
      EXPECT_TRUE(answer_to(target, audience, all_).starts_with("401 ")) << target;
      fields_ = {{"Authorization", right}};
      EXPECT_TRUE(answer_to(target, audience, all_).starts_with("200 ")) << target;
    }
  }
  fields_ = {{"Authorization", "Bearer wrong"}};
  EXPECT_EQ(answer_to("/stats", Audience::kWorld, all_), "404 not here\n");
  EXPECT_EQ(answer_to("/a.jpg", Audience::kBoth, all_), "200 images\n");
  EXPECT_EQ(answer_to("/info/a.jpg", Audience::kBoth, all_), "200 infos\n");
  EXPECT_EQ(answer_to("/_groupcache/imageserver/key", Audience::kBoth, all_), "200 peers\n");
  EXPECT_EQ(answer_to("/healthz", Audience::kBoth, all_), "200 ok\n");
  EXPECT_EQ(answer_to("/readyz", Audience::kBoth, all_), "200 ready\n");
}

TEST_F(RouterTest, EverybodyMayAskForHealth) {
  for (const Audience audience : {Audience::kWorld, Audience::kRing, Audience::kBoth}) {
    EXPECT_EQ(answer_to("/healthz", audience, {}), "200 ok\n");
    EXPECT_EQ(answer_to("/readyz", audience, {}), "200 ready\n");
  }
}

}  // namespace
}  // namespace imageserver
