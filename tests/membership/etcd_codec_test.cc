#include "membership/etcd_codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/base64.h"
#include "membership/view.h"

namespace imageserver {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using Json = nlohmann::json;

constexpr std::string_view kPrefix = "/ring/";

Json pair_of(std::string_view key) { return {{"key", encode_base64(key)}, {"lease", "7"}}; }

std::string range_of(const std::vector<std::string>& keys) {
  Json json = {{"header", {{"revision", "2"}}}, {"count", std::to_string(keys.size())}};
  for (const auto& key : keys) json["kvs"].push_back(pair_of(key));
  return json.dump();
}

TEST(EtcdCodecTest, AsksForALease) {
  EXPECT_EQ(Json::parse(grant_request(10s)), Json({{"TTL", "10"}}));
  EXPECT_EQ(Json::parse(keepalive_request(7)), Json({{"ID", "7"}}));
  EXPECT_EQ(Json::parse(revoke_request(-7)), Json({{"ID", "-7"}}));
}

TEST(EtcdCodecTest, PutsUnderALease) {
  EXPECT_EQ(Json::parse(put_request("/a", "b:1", 7)),
            Json({{"key", "L2E="}, {"value", "Yjox"}, {"lease", "7"}}));
}

TEST(EtcdCodecTest, AsksForEveryKeyBehindThePrefix) {
  const Json json = Json::parse(range_request("/a/"));
  EXPECT_EQ(decode_base64(json["key"].get<std::string>()), "/a/");
  EXPECT_EQ(decode_base64(json["range_end"].get<std::string>()), "/a0");
  EXPECT_EQ(json["limit"], "1025");
  EXPECT_EQ(json["keys_only"], true);
}

TEST(EtcdCodecTest, ReadsALease) {
  const auto lease = parse_grant(R"({"header":{},"ID":"2324035542123253765","TTL":"2"})");
  ASSERT_TRUE(lease.has_value());
  EXPECT_EQ(lease->id, 2324035542123253765);
  EXPECT_EQ(lease->time_to_live, 2s);
}

TEST(EtcdCodecTest, RefusesAMalformedLease) {
  for (const std::string_view body :
       {"", "{", "null", "[]", "7", R"({})", R"({"ID":"1"})", R"({"TTL":"1"})",
        R"({"ID":"0","TTL":"1"})", R"({"ID":"1","TTL":"0"})", R"({"ID":"1","TTL":"-1"})",
        R"({"ID":1,"TTL":"1"})", R"({"ID":"x","TTL":"1"})", R"({"ID":"1 ","TTL":"1"})",
        R"({"ID":"9223372036854775808","TTL":"1"})", R"({"ID":["1"],"TTL":"1"})",
        "{\"ID\":\"\xff\"}"}) {
    EXPECT_TRUE(parse_grant(body).has_error()) << body;
  }
}

TEST(EtcdCodecTest, ReadsHowLongALeaseLives) {
  EXPECT_EQ(parse_keepalive("{\"result\":{\"ID\":\"7\",\"TTL\":\"10\"}}\n").value(), 10s);
  EXPECT_EQ(parse_keepalive(R"({"result":{"ID":"7","TTL":"9223372036854775807"}})").value(), 24h);
}

TEST(EtcdCodecTest, ALostLeaseHasNoTimeToLive) {
  EXPECT_EQ(parse_keepalive(R"({"result":{"header":{},"ID":"7"}})").value(), 0s);
  EXPECT_EQ(parse_keepalive(R"({"result":{"ID":"7","TTL":"-1"}})").value(), 0s);
}

TEST(EtcdCodecTest, AnotherAnswerIsNotALostLease) {
  for (const std::string_view body :
       {"", "{}", "[]", R"({"result":7})", R"({"result":{"TTL":7}})", R"({"result":{"TTL":"x"}})",
        R"({"error":{"grpc_code":14,"message":"no leader"}})", R"({"ID":"7","TTL":"10"})"}) {
    EXPECT_TRUE(parse_keepalive(body).has_error()) << body;
  }
}

TEST(EtcdCodecTest, ReadsTheNamesBehindThePrefix) {
  EXPECT_THAT(*parse_range(range_of({"/ring/b:2", "/ring/a:1"}), kPrefix),
              ElementsAre("b:2", "a:1"));
  EXPECT_THAT(*parse_range(R"({"header":{"revision":"2"}})", kPrefix), IsEmpty());
}

TEST(EtcdCodecTest, RefusesAMalformedRange) {
  for (const std::string_view body :
       {"", "{}", "[]", R"({"error":"x"})", R"({"header":{},"kvs":7})",
        R"({"header":{},"kvs":{"key":"L3JpbmcvYTox"}})", R"({"header":{},"kvs":[7]})",
        R"({"header":{},"kvs":[{}]})", R"({"header":{},"kvs":[{"key":7}]})",
        R"({"header":{},"kvs":[{"key":"L3"}]})", R"({"header":{},"kvs":[{"key":"!!!!"}]})"}) {
    EXPECT_TRUE(parse_range(body, kPrefix).has_error()) << body;
  }
  EXPECT_TRUE(parse_range(std::string(100'000, '['), kPrefix).has_error());
  EXPECT_TRUE(parse_range(range_of({"/other/a:1"}), kPrefix).has_error());
}

TEST(EtcdCodecTest, ARangeHasABound) {
  std::vector<std::string> keys(kMaxNames, "/ring/a:1");
  EXPECT_TRUE(parse_range(range_of(keys), kPrefix).has_value());
  keys.emplace_back("/ring/a:1");
  EXPECT_TRUE(parse_range(range_of(keys), kPrefix).has_error());
}

TEST(EtcdCodecTest, ReadsTheReasonOfARefusal) {
  EXPECT_EQ(parse_reason(R"({"error":"no\nleader","code":14})"), "no?leader");
  EXPECT_EQ(parse_reason("<html>"), "");
  EXPECT_EQ(parse_reason(R"({"error":{"message":"x"}})"), "");
}

}  // namespace
}  // namespace imageserver
