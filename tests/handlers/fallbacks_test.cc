#include "handlers/fallbacks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "handlers/image_handler.h"
#include "support/answers.h"
#include "support/groups.h"

namespace imageserver {
namespace {

using testing::body_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

// Has the pictures of some originals, each of which is its name; of others there is an error.
class SomeOriginals final : public Loader {
 public:
  void load(QueryPtr query, std::stop_token, Completion done) override {
    asked.push_back(query->spec.source);
    last = query;
    const bool has_it = std::ranges::find(names, query->spec.source) != names.end();
    has_it ? done(testing::image_of(query->spec.source)) : done(error);
  }

  bool has_backlog() const override { return false; }

  std::vector<std::string> names;
  Error error{ErrorKind::kNotFound, "no such picture"};
  std::vector<std::string> asked;
  QueryPtr last;
};

class FallbacksTest : public ::testing::Test {
 protected:
  // A new handler, with the fall-back pictures of these prefixes.
  void stand_in(std::vector<PrefixMap<std::string>::Entry> sources, unsigned status = 404) {
    handler_ = std::make_unique<ImageHandler>(
        group_, [] { return TargetRules(); }, std::chrono::hours(1), 600,
        Fallbacks{PrefixMap<std::string>(std::move(sources)), status});
  }

  Response get(std::string_view target, std::vector<Field> fields = {}) {
    return testing::answer_of(*handler_, Request(Method::kGet, target, fields));
  }

  SomeOriginals loader_;
  testing::NoPeers peers_;
  Group group_{{.self = "http://:1", .peers = {}, .keep_hot = {}, .now = {}}, loader_, peers_};
  std::unique_ptr<ImageHandler> handler_;
};

TEST_F(FallbacksTest, AMissingPictureIsAnsweredWithAnotherMadeAsAsked) {
  loader_.names = {"none.png"};
  stand_in({{"/", "none.png"}});
  const Response response = get("/gone.jpg?width=100&mode=fill&height=50");
  EXPECT_EQ(response.status, 404U);
  EXPECT_EQ(body_of(response), "none.png");
  EXPECT_THAT(response.fields, HasSubstr("Content-Type: image/jpeg\r\n"));
  EXPECT_THAT(response.fields, HasSubstr("Cache-Control: public, max-age=10\r\n"));
  EXPECT_THAT(response.fields, HasSubstr("X-Content-Type-Options: nosniff\r\n"));
  EXPECT_THAT(response.fields, Not(HasSubstr("ETag")));
  EXPECT_EQ(loader_.last->spec.width, 100);
  EXPECT_EQ(loader_.last->spec.height, 50);
  EXPECT_EQ(loader_.last->key, loader_.last->params.key());
}

TEST_F(FallbacksTest, ItIsMadeOnce) {
  loader_.names = {"none.png"};
  stand_in({{"/", "none.png"}});
  get("/gone.jpg?width=100");
  EXPECT_EQ(body_of(get("/lost.jpg?width=100")), "none.png");
  EXPECT_THAT(loader_.asked, ElementsAre("gone.jpg", "none.png", "lost.jpg"));
}

TEST_F(FallbacksTest, WithStatus200ItIsAPictureLikeAnyOther) {
  loader_.names = {"none.png"};
  stand_in({{"/", "none.png"}}, 200);
  const std::string etag = testing::image_of("none.png")->etag;
  const Response response = get("/gone.jpg");
  EXPECT_EQ(response.status, 200U);
  EXPECT_THAT(response.fields, HasSubstr("ETag: " + etag + "\r\n"));
  EXPECT_THAT(response.fields, HasSubstr("Cache-Control: public, max-age=10\r\n"));
  EXPECT_EQ(get("/gone.jpg", {{"If-None-Match", etag}}).status, 304U);
}

TEST_F(FallbacksTest, AnErrorThatIsAnsweredWithAPictureIsNeverA304) {
  loader_.names = {"none.png"};
  stand_in({{"/", "none.png"}});
  EXPECT_EQ(get("/gone.jpg", {{"If-None-Match", "*"}}).status, 404U);
}

TEST_F(FallbacksTest, TheLongestPrefixSaysWhich) {
  loader_.names = {"none.png", "people/nobody.png"};
  stand_in({{"/", "none.png"}, {"/people", "people/nobody.png"}});
  EXPECT_EQ(body_of(get("/gone.jpg")), "none.png");
  EXPECT_EQ(body_of(get("/people/gone.jpg")), "people/nobody.png");
}

TEST_F(FallbacksTest, WithoutOneForThePathTheErrorStays) {
  loader_.names = {"people/nobody.png"};
  stand_in({{"/people", "people/nobody.png"}});
  const Response response = get("/gone.jpg");
  EXPECT_EQ(response.status, 404U);
  EXPECT_EQ(body_of(response), "no such picture\n");
  EXPECT_THAT(response.fields, HasSubstr("no-store"));
}

TEST_F(FallbacksTest, IfItIsMissingItselfTheFirstErrorStays) {
  stand_in({{"/", "none.png"}});
  EXPECT_EQ(body_of(get("/gone.jpg")), "no such picture\n");
  loader_.asked.clear();
  EXPECT_EQ(body_of(get("/none.png")), "no such picture\n");
  EXPECT_THAT(loader_.asked, ElementsAre("none.png")) << "it does not stand in for itself";
}

TEST_F(FallbacksTest, StandsInForWhatIsWrongWithAnOriginalAndForNothingElse) {
  loader_.names = {"none.png"};
  stand_in({{"/", "none.png"}});
  for (const ErrorKind kind :
       {ErrorKind::kNotFound, ErrorKind::kForbidden, ErrorKind::kUnprocessable, ErrorKind::kDeadly,
        ErrorKind::kNeedsMemory, ErrorKind::kOrigin, ErrorKind::kOriginLate}) {
    loader_.error = {kind, "an error"};
    EXPECT_EQ(body_of(get("/gone.jpg")), "none.png") << static_cast<int>(kind);
  }
  for (const ErrorKind kind : {ErrorKind::kInvalidParam, ErrorKind::kBusy, ErrorKind::kOutOfMemory,
                               ErrorKind::kDeadlineExceeded, ErrorKind::kInternal}) {
    loader_.error = {kind, "an error"};
    EXPECT_EQ(body_of(get("/gone.jpg")), "an error\n") << static_cast<int>(kind);
  }
}

TEST_F(FallbacksTest, AWrongParameterIsAnErrorBeforeAnythingIsAsked) {
  loader_.names = {"none.png"};
  stand_in({{"/", "none.png"}});
  EXPECT_EQ(get("/gone.jpg?width=-1").status, 400U);
  EXPECT_TRUE(loader_.asked.empty());
}

TEST_F(FallbacksTest, TheAnswerToAutoFormatVariesHereToo) {
  loader_.names = {"none.png"};
  stand_in({{"/", "none.png"}});
  EXPECT_THAT(get("/gone.jpg?format=auto").fields, HasSubstr("Vary: Accept\r\n"));
}

}  // namespace
}  // namespace imageserver
