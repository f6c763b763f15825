// A lone node, and nginx as the origin.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "integration/harness/node.h"
#include "integration/harness/picture.h"
#include "integration/origins/flags.h"
#include "integration/origins/nginx_origin.h"
#include "support/patience.h"
#include "support/temporary_directory.h"

namespace imageserver::testing {
namespace {

using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class NginxOrigins : public ::testing::Test {
 protected:
  NginxOrigins() { origin_.write("small.jpg", testdata("small.jpg")); }

  [[nodiscard]] Flags flags(const Flags& more = {}) const {
    return with_photos_at(origin_.url(), more);
  }

  NginxOrigin origin_;
};

TEST_F(NginxOrigins, APictureIsTheSameAsThatOfTheDirectory) {
  const Node node(flags());
  for (const std::string query : {"?width=100", "?height=50&format=webp", ""}) {
    const Reply fetched = node.get("/photos/small.jpg" + query);
    const Reply read = node.get("/small.jpg" + query);
    EXPECT_EQ(fetched.status, 200) << query;
    EXPECT_TRUE(fetched.body == read.body) << query;
    EXPECT_EQ(fetched.field("ETag"), read.field("ETag")) << query;
    EXPECT_EQ(fetched.field("Content-Type"), read.field("Content-Type")) << query;
    EXPECT_EQ(fetched.field("Cache-Control"), read.field("Cache-Control")) << query;
  }
}

TEST_F(NginxOrigins, AllSizesOfAnOriginalAreOneRequest) {
  const Node node(flags());
  for (int width = 10; width < 20; ++width) {
    EXPECT_EQ(node.get("/photos/small.jpg?width=" + std::to_string(width)).status, 200) << width;
  }
  EXPECT_EQ(node.get("/info/photos/small.jpg").status, 200);
  EXPECT_THAT(origin_.requests(), ElementsAre("GET /small.jpg HTTP/1.1 200"));
}

TEST_F(NginxOrigins, ADescriptionIsTheSameAsThatOfTheDirectory) {
  const Node node(flags());
  const Reply fetched = node.get("/info/photos/small.jpg");
  EXPECT_EQ(fetched.status, 200);
  EXPECT_EQ(fetched.body, node.get("/info/small.jpg").body);
  EXPECT_EQ(node.get("/info/photos/missing.jpg").status, 404);
}

TEST_F(NginxOrigins, WatermarksAreFetched) {
  origin_.write("marks/logo.png", testdata("alpha.png"));
  origin_.write("secret.png", testdata("alpha.png"));
  const TemporaryDirectory marks;
  marks.write("logo.png", testdata("alpha.png"));
  const std::string query = "?width=100&watermark=logo.png&watermark_scale=0.3";
  const Node node({kLoopbackIsAllowed, "--watermarks=" + origin_.url() + "/marks"});
  const Node reference({"--watermarks=" + marks.path().string()});
  const Reply marked = node.get("/small.jpg" + query);
  EXPECT_EQ(marked.status, 200);
  EXPECT_TRUE(marked.body == reference.get("/small.jpg" + query).body);
  EXPECT_EQ(node.get("/small.jpg?width=50&watermark=logo.png").status, 200);
  EXPECT_THAT(origin_.requests(), ElementsAre("GET /marks/logo.png HTTP/1.1 200"));

  EXPECT_EQ(node.get("/small.jpg?width=100&watermark=none.png").status, 400);
  for (const std::string name : {"..%2fsecret.png", "http:%2f%2flocalhost%2flogo.png", ".."}) {
    EXPECT_EQ(node.get("/small.jpg?watermark=" + name).status, 400) << name;
  }
  origin_.stop();
  EXPECT_EQ(node.get("/small.jpg?width=100&watermark=other.png").status, 502);
}

TEST_F(NginxOrigins, AWatermarkThatCannotBeReadIsFetchedAgain) {
  const std::string logo = testdata("alpha.png");
  origin_.write("logo.png", logo.substr(0, logo.size() / 2));
  const Node node({kLoopbackIsAllowed, "--watermarks=" + origin_.url()});
  const std::string target = "/small.jpg?width=100&watermark=logo.png";
  EXPECT_EQ(node.get(target).status, 500);
  origin_.write("logo.png", logo);
  EXPECT_TRUE(eventually([&] { return node.get(target).status == 200; }));
}

TEST_F(NginxOrigins, AnOriginalAndItsWatermarkAreBothFetched) {
  origin_.write("marks/logo.png", testdata("alpha.png"));
  const Node node(flags({"--watermarks=" + origin_.url() + "/marks/"}));
  const std::string query = "?width=100&watermark=logo.png&watermark_scale=0.3";
  const Reply marked = node.get("/photos/small.jpg" + query);
  EXPECT_EQ(marked.status, 200);
  EXPECT_TRUE(marked.body == node.get("/small.jpg" + query).body);
  EXPECT_THAT(origin_.requests(), SizeIs(2));
}

TEST_F(NginxOrigins, WhatIsMissingIsMissingForAWhile) {
  const Node node(flags({"--negative-ttl=1s"}));
  EXPECT_EQ(node.get("/photos/new.jpg?width=10").status, 404);
  EXPECT_EQ(node.get("/photos/new.jpg?width=10").body, node.get("/new.jpg?width=10").body);
  origin_.write("new.jpg", testdata("small.jpg"));
  EXPECT_TRUE(eventually([&] { return node.get("/photos/new.jpg?width=10").status == 200; }));
  EXPECT_TRUE(node.get("/photos/new.jpg").body == testdata("small.jpg"));
}

TEST_F(NginxOrigins, WhatIsMissingIsAskedForOnce) {
  const Node node(flags({"--negative-ttl=1h"}));
  for (int width = 10; width < 20; ++width) {
    EXPECT_EQ(node.get("/photos/new.jpg?width=" + std::to_string(width)).status, 404);
  }
  EXPECT_THAT(origin_.requests(), ElementsAre("GET /new.jpg HTTP/1.1 404"));
}

TEST_F(NginxOrigins, TheLongestPrefixOfWholeSegmentsSaysWhoIsAsked) {
  origin_.write("a/small.jpg", testdata("medium.jpg"));
  origin_.write("b/small.jpg", testdata("grey.jpg"));
  const Node node({"--source=" IMAGESERVER_TESTDATA, "--source=/photos=" + origin_.url() + "/a",
                   "--source=/photos/new=" + origin_.url() + "/b/", kLoopbackIsAllowed});
  EXPECT_TRUE(node.get("/photos/small.jpg").body == testdata("medium.jpg"));
  EXPECT_TRUE(node.get("/photos/new/small.jpg").body == testdata("grey.jpg"));
  EXPECT_TRUE(node.get("/small.jpg").body == testdata("small.jpg"));
  EXPECT_EQ(node.get("/photosx/small.jpg").status, 404);
  EXPECT_EQ(node.get("/photos/newer/small.jpg").status, 404);
  EXPECT_EQ(node.get("/photos").status, 404);
  EXPECT_EQ(node.get("/photos/").status, 404);
  EXPECT_THAT(origin_.requests(),
              ElementsAre("GET /a/small.jpg HTTP/1.1 200", "GET /b/small.jpg HTTP/1.1 200",
                          "GET /a/newer/small.jpg HTTP/1.1 404"));
}

TEST_F(NginxOrigins, EveryNameIsEncodedForTheOrigin) {
  struct Name {
    std::string file;
    std::string asked;
    std::string encoded;
  };
  const std::vector<Name> names = {
      {"two words.jpg", "two%20words.jpg", "two%20words.jpg"},
      {"folder/slash.jpg", "folder%2fslash.jpg", "folder/slash.jpg"},
      {"1+1.jpg", "1+1.jpg", "1%2B1.jpg"},
      {"\xc3\xbc"
       "ber.jpg",
       "%c3%bc"
       "ber.jpg",
       "%C3%BC"
       "ber.jpg"},
      {"\xe5\x9c\x96.jpg", "\xe5\x9c\x96.jpg", "%E5%9C%96.jpg"},
      {"what?.jpg", "what%3f.jpg", "what%3F.jpg"},
      {"a#b.jpg", "a%23b.jpg", "a%23b.jpg"},
      {"100%.jpg", "100%25.jpg", "100%25.jpg"},
      {"a&b=c;d.jpg", "a&b=c;d.jpg", "a%26b%3Dc%3Bd.jpg"},
  };
  for (const Name& name : names) origin_.write(name.file, testdata("small.jpg"));
  const Node node(flags());
  std::vector<std::string> expected;
  for (const Name& name : names) {
    const Reply reply = node.get("/photos/" + name.asked + "?width=30");
    EXPECT_EQ(reply.status, 200) << name.asked << ": " << reply.body;
    expected.push_back("GET /" + name.encoded + " HTTP/1.1 200");
  }
  EXPECT_EQ(origin_.requests(), expected);
}

TEST_F(NginxOrigins, TwoSpellingsOfAPathAreOneOriginal) {
  origin_.write("two words.jpg", testdata("small.jpg"));
  const Node node({"--source=" + origin_.url() + "/", kLoopbackIsAllowed});
  EXPECT_EQ(node.get("/two%20words.jpg?width=10").status, 200);
  EXPECT_EQ(node.get("/%74wo%20word%73.jpg?width=11").status, 200);
  EXPECT_THAT(origin_.requests(), SizeIs(1));
}

TEST_F(NginxOrigins, NoPathLeadsOutOfThePrefix) {
  origin_.write("open/small.jpg", testdata("small.jpg"));
  const Node node({"--source=/photos=" + origin_.url() + "/open", kLoopbackIsAllowed});
  for (const std::string path :
       {"/photos/../small.jpg", "/photos/%2e%2e/small.jpg", "/photos/..%2fsmall.jpg",
        "/photos/x/..%2f..%2fsmall.jpg", "/photos/..%5csmall.jpg", "/photos/%252e%252e/small.jpg",
        "/photos/./../small.jpg", "/photos//../small.jpg", "/photos/small.jpg%00"}) {
    EXPECT_THAT(node.get(path).status, AnyOf(400, 404)) << path;
  }
  for (const std::string& request : origin_.requests()) {
    EXPECT_TRUE(request.starts_with("GET /open/") && request.ends_with(" 404")) << request;
  }
  EXPECT_EQ(node.get("/photos/small.jpg").status, 200);
}

TEST_F(NginxOrigins, AHeadIsAnsweredAsAGet) {
  const Node node(flags());
  for (const std::string target :
       {"/photos/small.jpg?width=64", "/photos/missing.jpg", "/info/photos/small.jpg"}) {
    Client client(node.port());
    const Reply head = client.head(target);
    const Reply get = client.get(target);  // would fail if the HEAD had had a body
    EXPECT_EQ(head.status, get.status) << target;
    for (const auto& [name, value] : get.fields) {
      if (name == "Date" || name == "Cache-Status") continue;  // it is cached by now
      EXPECT_EQ(head.field(name), value) << target << ' ' << name;
    }
  }
  for (const std::string& request : origin_.requests()) {
    EXPECT_TRUE(request.starts_with("GET ")) << request;
  }
}

TEST_F(NginxOrigins, AConditionOfAClientIsOurs) {
  const Node node(flags());
  const std::string tag = node.get("/photos/small.jpg?width=64").field("ETag");
  const Node fresh(flags());
  for (int i = 0; i < 2; ++i) {
    const Reply reply = fresh.get("/photos/small.jpg?width=64", "If-None-Match: " + tag + "\r\n");
    EXPECT_EQ(reply.status, 304);
    EXPECT_EQ(reply.field("ETag"), tag);
  }
  EXPECT_EQ(fresh.get("/photos/small.jpg?width=64", "If-None-Match: \"0\"\r\n").status, 200);
  EXPECT_THAT(origin_.requests(),
              ElementsAre("GET /small.jpg HTTP/1.1 200", "GET /small.jpg HTTP/1.1 200"));
}

TEST_F(NginxOrigins, AFallbackStandsInForAnOriginThatIsDead) {
  const Node node(flags({"--fallback=/grey.jpg"}));
  const Node with_ok(flags({"--fallback=/photos=/grey.jpg", "--fallback-status=200"}));
  origin_.stop();
  const std::string stand_in = node.get("/grey.jpg?width=40").body;
  const Reply reply = node.get("/photos/small.jpg?width=40");
  EXPECT_EQ(reply.status, 404);
  EXPECT_TRUE(reply.body == stand_in);
  EXPECT_EQ(reply.field("Cache-Control"), "public, max-age=10");
  const Reply good = with_ok.get("/photos/small.jpg?width=40");
  EXPECT_EQ(good.status, 200);
  EXPECT_TRUE(good.body == stand_in);

  origin_.start();
  EXPECT_TRUE(eventually([&] { return node.get("/photos/small.jpg?width=40").status == 200; }));
  EXPECT_TRUE(node.get("/photos/small.jpg").body == testdata("small.jpg"));
}

TEST_F(NginxOrigins, AFallbackThatCannotBeFetchedItselfLeavesTheError) {
  const Node node(flags({"--fallback=/photos/grey.jpg"}));
  origin_.stop();
  EXPECT_EQ(node.get("/photos/small.jpg?width=40").status, 502);
  EXPECT_EQ(node.get("/missing.jpg?width=40").status, 404);
}

TEST_F(NginxOrigins, WithoutACacheEachSizeIsARequest) {
  const Node node(flags({"--source-cache=0"}));
  for (int width = 10; width < 13; ++width) {
    EXPECT_EQ(node.get("/photos/small.jpg?width=" + std::to_string(width)).status, 200);
  }
  EXPECT_THAT(origin_.requests(), SizeIs(3));
}

TEST_F(NginxOrigins, AnOriginalOfMoreThanAnEighthOfTheCacheIsNotKept) {
  origin_.write("medium.jpg", testdata("medium.jpg"));
  const std::size_t cache = 7 * testdata("medium.jpg").size();
  const Node node(flags({"--source-cache=" + std::to_string(cache)}));
  for (int width = 10; width < 13; ++width) {
    for (const std::string name : {"medium.jpg", "small.jpg"}) {
      EXPECT_EQ(node.get("/photos/" + name + "?width=" + std::to_string(width)).status, 200);
    }
  }
  EXPECT_THAT(origin_.requests(),
              ElementsAre("GET /medium.jpg HTTP/1.1 200", "GET /small.jpg HTTP/1.1 200",
                          "GET /medium.jpg HTTP/1.1 200", "GET /medium.jpg HTTP/1.1 200"));
}

TEST_F(NginxOrigins, TheCountersOfPicturesCountNoOriginals) {
  const Node node(flags());
  for (int width = 10; width < 13; ++width) {
    EXPECT_EQ(node.get("/photos/small.jpg?width=" + std::to_string(width)).status, 200);
  }
  EXPECT_EQ(node.counter("Group/Gets"), 3U);
  EXPECT_EQ(node.counter("Group/LocalLoads"), 3U);
  EXPECT_EQ(node.counter("Caches/Main/Items"), 3U);
  EXPECT_EQ(node.source_counter("Group/Gets"), 3U);
  EXPECT_EQ(node.source_counter("Group/LocalLoads"), 1U);
  EXPECT_EQ(node.source_counter("Caches/Main/Items"), 1U);
}

}  // namespace
}  // namespace imageserver::testing
