// What answers say: status, fields and body.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "integration/harness/node.h"
#include "integration/harness/picture.h"

namespace imageserver::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;

constexpr const char* kPicture = "/small.jpg?width=60";

class HttpAnswers : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { node_ = std::make_unique<Node>(); }
  static void TearDownTestSuite() { node_.reset(); }

  static Node& node() { return *node_; }

  static Reply get(std::string_view target, std::string_view fields = {}) {
    return node().get(target, fields);
  }

  static Reply ask(std::string_view method, std::string_view target) {
    Client client(node().port());
    client.send(request_text(method, target));
    return client.read();
  }

  static int status_if_none_match(const std::string& tags) {
    return get(kPicture, "If-None-Match: " + tags + "\r\n").status;
  }

  static void expect_error(const Reply& reply, int status, const std::string& line) {
    EXPECT_EQ(reply.status, status);
    EXPECT_EQ(reply.body, line + "\n");
    EXPECT_EQ(reply.field("Content-Type"), "text/plain; charset=utf-8");
    EXPECT_EQ(reply.field("Cache-Control"), "no-store");
  }

 private:
  static inline std::unique_ptr<Node> node_;
};

TEST_F(HttpAnswers, APictureComesWithItsFields) {
  const Reply reply = get(kPicture);
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(decode(reply.body), (Picture{"jpeg", 60, 89}));
  EXPECT_EQ(reply.field("Content-Type"), "image/jpeg");
  EXPECT_EQ(reply.field("Content-Length"), std::to_string(reply.body.size()));
  EXPECT_THAT(reply.field("ETag"), MatchesRegex("\"[0-9a-f]{32}\""));
  EXPECT_THAT(reply.field("Date"),
              MatchesRegex("[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} 20[0-9]{2} [0-9:]{8} GMT"));
  EXPECT_EQ(reply.field("Cache-Control"), "public, max-age=600");
  EXPECT_EQ(reply.field("X-Content-Type-Options"), "nosniff");
  EXPECT_FALSE(reply.has("X-Imageserver-Frames"));
  EXPECT_FALSE(reply.has("Connection")) << "kept alive without a word, as HTTP/1.1 has it";
}

TEST_F(HttpAnswers, HitAndMissLookTheSame) {
  const Reply miss = get("/small.jpg?width=61");
  const Reply hit = get("/small.jpg?width=61");
  EXPECT_EQ(hit.body, miss.body);
  EXPECT_EQ(hit.field("ETag"), miss.field("ETag"));
  EXPECT_EQ(hit.fields.size(), miss.fields.size());
}

TEST_F(HttpAnswers, TheTagFollowsTheBytes) {
  EXPECT_NE(get("/small.jpg?width=62").field("ETag"), get("/small.jpg?width=63").field("ETag"));
  EXPECT_EQ(get("/small.jpg").field("ETag"), get("/small.jpg?format=jpg").field("ETag"));
}

TEST_F(HttpAnswers, MaxAgeIsAsTheFlagSays) {
  const Node other({"--max-age=31536000"});
  EXPECT_EQ(other.get(kPicture).field("Cache-Control"), "public, max-age=31536000");
}

TEST_F(HttpAnswers, NotModifiedHasTheTagAndNoBody) {
  const std::string etag = get(kPicture).field("ETag");
  Client client(node().port());
  const Reply reply = client.get(kPicture, "If-None-Match: " + etag + "\r\n");
  EXPECT_EQ(reply.status, 304);
  EXPECT_EQ(reply.field("ETag"), etag);
  EXPECT_EQ(reply.field("Cache-Control"), "public, max-age=600");
  EXPECT_TRUE(reply.has("Date"));
  EXPECT_EQ(client.get("/healthz").status, 200) << "a body would stand before this answer";
}

TEST_F(HttpAnswers, IfNoneMatchKnowsListsStarsAndWeakTags) {
  const std::string etag = get(kPicture).field("ETag");
  EXPECT_EQ(status_if_none_match(etag), 304);
  EXPECT_EQ(status_if_none_match("W/" + etag), 304);
  EXPECT_EQ(status_if_none_match("\"a\", \"b,c\" ,W/" + etag), 304);
  EXPECT_EQ(status_if_none_match("*"), 304);
  EXPECT_EQ(status_if_none_match("\"0\""), 200);
  EXPECT_EQ(status_if_none_match(etag.substr(1, 32)), 200) << "without its quotes it is no tag";
  EXPECT_EQ(get(kPicture, "If-None-Match: \"a\"\r\nIf-None-Match: " + etag + "\r\n").status, 304);
}

TEST_F(HttpAnswers, NotModifiedComesFromTheSameGet) {
  const Node fresh;
  const std::string tag = get(kPicture).field("ETag");
  EXPECT_EQ(fresh.get(kPicture, "If-None-Match: " + tag + "\r\n").status, 304);
  EXPECT_EQ(fresh.counter("Group/LocalLoads"), 1U) << "a cold key is rendered for it";
  EXPECT_EQ(fresh.get(kPicture, "If-None-Match: " + tag + "\r\n").status, 304);
  EXPECT_EQ(fresh.counter("Group/LocalLoads"), 1U);
  EXPECT_EQ(fresh.counter("Group/CacheHits"), 1U);
}

TEST_F(HttpAnswers, NoErrorIsNotModified) {
  EXPECT_EQ(get("/nope.jpg", "If-None-Match: *\r\n").status, 404);
  EXPECT_EQ(get("/small.jpg?width=-1", "If-None-Match: *\r\n").status, 400);
}

TEST_F(HttpAnswers, HeadIsGetWithoutTheBody) {
  for (const std::string target :
       {"/small.jpg?width=64", "/small.jpg", "/small.jpg?width=-1", "/nope.jpg", "/notes.txt",
        "/stats", "/healthz", "/readyz", "/", "/favicon.ico", "/_groupcache/x/y"}) {
    Client client(node().port());
    const Reply head = client.head(target);
    const Reply get = client.get(target);  // would fail if the HEAD had had a body
    EXPECT_EQ(head.status, get.status) << target;
    for (const auto& [name, value] : get.fields) {
      if (name == "Date" || (name == "Content-Length" && target == "/stats")) continue;
      if (name == "Cache-Status") continue;  // it is cached by now
      EXPECT_EQ(head.field(name), value) << target << ' ' << name;
    }
    EXPECT_EQ(head.fields.size(), get.fields.size()) << target;
  }
}

TEST_F(HttpAnswers, OtherMethodsAreNotAllowed) {
  for (const std::string method : {"PUT", "DELETE", "OPTIONS", "POST", "PATCH", "BREW"}) {
    const Reply reply = ask(method, kPicture);
    EXPECT_EQ(reply.status, 405) << method;
    EXPECT_EQ(reply.field("Allow"), "GET, HEAD") << method;
  }
}

TEST_F(HttpAnswers, ErrorsAreOnePlainLine) {
  expect_error(get("/medium.jpg?width=-1"), 400,
               "invalid param \"width\": must be greater than or equal to 0");
  expect_error(get("/nope.jpg"), 404, "no such picture");
  EXPECT_EQ(get("/notes.txt").status, 422);
  expect_error(get("/notes.txt"), 422,
               "not a picture in a format we read (JPEG, PNG, GIF, WebP, AVIF, HEIC, TIFF, BMP)");
}

TEST_F(HttpAnswers, ReservedPaths) {
  expect_error(get("/favicon.ico"), 404, "no icon here");
  EXPECT_EQ(get("/").status, 404);
  EXPECT_THAT(get("/").body, HasSubstr("/medium.jpg?width=100"));
  EXPECT_THAT(get("/info").body, HasSubstr("/info/medium.jpg"));
  EXPECT_EQ(get("/info/").body, get("/info").body);
  EXPECT_EQ(get("/healthz").status, 200);
  EXPECT_EQ(get("/readyz").status, 200);
  EXPECT_EQ(get("/healthz?x=1").status, 200);
  EXPECT_EQ(get("/stats").status, 200);
  EXPECT_EQ(get("/stats").field("Content-Type"), "application/json");
  EXPECT_EQ(get("/stats").field("Cache-Control"), "no-store");
}

TEST_F(HttpAnswers, ReservedPathsCountNoGets) {
  const auto gets = node().counter("Group/Gets");
  for (const char* target : {"/", "/stats", "/healthz", "/readyz", "/favicon.ico", "/info"}) {
    get(target);
  }
  EXPECT_EQ(node().counter("Group/Gets"), gets);
}

TEST_F(HttpAnswers, Http10GetsItsAnswerAndTheEnd) {
  Client client(node().port());
  client.send("GET /small.jpg?width=60 HTTP/1.0\r\n\r\n");
  EXPECT_EQ(client.read().status, 200);
  EXPECT_TRUE(client.is_closed());
}

TEST_F(HttpAnswers, CloseIsHonoured) {
  Client client(node().port());
  const Reply reply = client.get(kPicture, "Connection: close\r\n");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.field("Connection"), "close");
  EXPECT_TRUE(client.is_closed());
}

}  // namespace
}  // namespace imageserver::testing
