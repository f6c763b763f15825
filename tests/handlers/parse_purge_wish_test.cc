#include "handlers/parse_purge_wish.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace imageserver {
namespace {

using ::testing::HasSubstr;
using Kind = PurgeWish::Kind;

PurgeWish wish(Kind kind, const std::string& path, bool is_soft = false,
               const std::string& id = "") {
  return {.kind = kind, .path = path, .is_soft = is_soft, .id = id};
}

// The error of a text that is none.
std::string error_of(std::string_view json) {
  const Result<PurgeWish> parsed = parse_purge_wish(json);
  return parsed.has_error() ? parsed.error().message : "none";
}

std::string error_of_path(const std::string& path) {
  return error_of("{\"source\":\"" + path + "\"}");
}

TEST(ParsePurgeWishTest, ReadsEachKind) {
  EXPECT_EQ(*parse_purge_wish(R"({"source":"/medium.jpg"})"), wish(Kind::kSource, "medium.jpg"));
  EXPECT_EQ(*parse_purge_wish(R"({"prefix":"/products/"})"), wish(Kind::kPrefix, "products/"));
  EXPECT_EQ(*parse_purge_wish(R"( { "all" : true } )"), wish(Kind::kAll, ""));
}

TEST(ParsePurgeWishTest, ReadsWhatStandsBeside) {
  EXPECT_EQ(*parse_purge_wish(R"({"soft":true,"source":"/a","id":"x-_9"})"),
            wish(Kind::kSource, "a", true, "x-_9"));
  EXPECT_EQ(*parse_purge_wish(R"({"all":true,"soft":false})"), wish(Kind::kAll, ""));
}

TEST(ParsePurgeWishTest, PathsAreWrittenAsInAUrl) {
  EXPECT_EQ(parse_purge_wish(R"({"source":"/a%20b%2Fc%3F+%C3%A4\u00e4.jpg"})")->path,
            "a b/c?+ää.jpg");
  EXPECT_EQ(parse_purge_wish(R"({"source":"\/a#b"})")->path, "a#b");
  EXPECT_EQ(parse_purge_wish(R"({"prefix":"/a%20b/c"})")->path, "a b/c/");
}

TEST(ParsePurgeWishTest, APrefixEndsWithASlash) {
  EXPECT_EQ(parse_purge_wish(R"({"prefix":"/products"})")->path, "products/");
  EXPECT_EQ(parse_purge_wish(R"({"prefix":"/a/b/"})")->path, "a/b/");
  EXPECT_EQ(error_of(R"({"prefix":"/"})"),
            "invalid param \"prefix\": must name a folder; all stands for everything");
  EXPECT_EQ(error_of(R"({"prefix":"//"})"), "no such picture");
  EXPECT_EQ(error_of(R"({"prefix":"/a//"})"), "no such picture");
  EXPECT_EQ(error_of(R"({"prefix":"/a/../"})"), "no such picture");
}

TEST(ParsePurgeWishTest, RefusesPathsThatNoPictureCanHave) {
  for (const char* path : {"/", "//a", "/a/", "/a//b", "/./a", "/a/..", "/../a", "/%2e%2e/a",
                           "/a\\\\b", "/a%00", "/a\\u0000"}) {
    EXPECT_EQ(error_of_path(path), "no such picture") << path;
  }
  EXPECT_EQ(error_of_path("/" + std::string(1025, 'a')), "no such picture");
  EXPECT_EQ(parse_purge_wish(R"({"source":"/../a"})").error().kind, ErrorKind::kNotFound);
  for (const char* path : {"", "a", "http://host/a", "/a?width=1", "/a?"}) {
    EXPECT_EQ(error_of_path(path),
              "invalid param \"source\": must be a path with a slash in front and without a query")
        << path;
  }
  EXPECT_THAT(error_of_path("/a%"), HasSubstr("broken percent escape"));
}

TEST(ParsePurgeWishTest, AsksForExactlyOneKind) {
  for (const char* json : {"{}", R"({"soft":true})", R"({"source":"/a","all":true})",
                           R"({"prefix":"/a","source":"/a"})"}) {
    EXPECT_EQ(error_of(json), "request body: must have one of source, prefix and all") << json;
  }
}

TEST(ParsePurgeWishTest, RefusesOtherMembersAndOtherTypes) {
  EXPECT_EQ(error_of(R"({"all":true,"sof":true})"), "invalid param \"sof\": is not known here");
  EXPECT_EQ(error_of(R"({"All":true})"), "invalid param \"All\": is not known here");
  EXPECT_EQ(error_of("{\"\\n\\u00e4\":1}"), "invalid param \"???\": is not known here");
  for (const char* value : {"1", "null", "true"}) {
    EXPECT_EQ(error_of("{\"source\":" + std::string(value) + "}"),
              "invalid param \"source\": must be a string");
    EXPECT_EQ(error_of("{\"prefix\":" + std::string(value) + "}"),
              "invalid param \"prefix\": must be a string");
  }
  for (const char* value : {"1", "null", "false", "\"true\""}) {
    EXPECT_EQ(error_of("{\"all\":" + std::string(value) + "}"),
              "invalid param \"all\": must be true");
  }
  for (const char* value : {"1", "null", "\"true\""}) {
    EXPECT_EQ(error_of("{\"all\":true,\"soft\":" + std::string(value) + "}"),
              "invalid param \"soft\": must be true or false");
  }
}

TEST(ParsePurgeWishTest, RefusesIdsThatAreNone) {
  EXPECT_EQ(parse_purge_wish(R"({"all":true,"id":")" + std::string(64, 'a') + "\"}")->id.size(),
            64U);
  for (const std::string& id :
       {std::string("\"\""), std::string("\"a b\""), std::string(R"("a\n")"), std::string("\"ä\""),
        std::string("1"), std::string("null"), "\"" + std::string(65, 'a') + "\""}) {
    EXPECT_EQ(error_of("{\"all\":true,\"id\":" + id + "}"),
              "invalid param \"id\": must be 1 to 64 letters, digits, - and _")
        << id;
  }
}

TEST(ParsePurgeWishTest, RefusesWhatIsNoObject) {
  for (const char* json :
       {"", " ", "{", "[]", "true", "\"/a\"", "null", "{'all':true}", "{\"all\":true,}",
        "{\"all\":true}}", "{\"all\":true} x", "{\"all\":TRUE}", "{all:true}", "{\"all\":true}/**/",
        "{\"source\":\"/\xff\"}", "{\"source\":\"/\xc3\"}", "{\"source\":\"/\xed\xa0\x80\"}",
        "{\"source\":\"/\\ud800\"}", "{\"\xff\":1}"}) {
    EXPECT_EQ(error_of(json), "request body: must be a JSON object") << json;
  }
}

TEST(ParsePurgeWishTest, RefusesWhatIsNested) {
  const std::string deep(60'000, '[');
  for (const std::string& json :
       {std::string(R"({"source":["/a"]})"), std::string(R"({"all":{"all":true}})"), deep,
        "{\"all\":" + deep, std::string("[[]]")}) {
    EXPECT_EQ(error_of(json), "request body: must hold no list, and no object in the object");
  }
}

TEST(ParsePurgeWishTest, RefusesAMemberThatComesTwice) {
  for (const char* json : {R"({"all":true,"all":true})", R"({"source":"/a","source":"/b"})",
                           R"({"all":true,"\u0061ll":true})"}) {
    EXPECT_EQ(error_of(json), "request body: must name no member twice") << json;
  }
}

TEST(PurgeWishOfTest, IsForTheOriginalAtThePath) {
  EXPECT_EQ(*purge_wish_of("/a%20b/c.jpg"), wish(Kind::kSource, "a b/c.jpg"));
  EXPECT_EQ(purge_wish_of("/").error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(purge_wish_of("/a/../b").error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(purge_wish_of("/%zz").error().kind, ErrorKind::kBadRequest);
}

}  // namespace
}  // namespace imageserver
