#include "handlers/purge_gate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "peers/wire/body_digest.h"
#include "peers/wire/nonce.h"
#include "peers/wire/peer_signature.h"

namespace imageserver {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kToken = "let-me-purge";
constexpr std::string_view kSecret = "the secret of this ring";
constexpr std::string_view kBody = R"({"all":true})";

// The status and the fields of the answer; empty if the request is let in.
std::string text_of(const std::optional<Response>& response) {
  if (!response) return "";
  return std::to_string(response->status) + "\n" + response->fields + response->prefix;
}

class PurgeGateTest : public ::testing::Test {
 protected:
  std::string by_head(const PurgeGate& gate) {
    return text_of(gate.refusal_by_head(Request(Method::kPost, "/purge", fields_)));
  }

  std::string refusal(PurgeGate& gate, Method method = Method::kPost,
                      std::string_view target = "/purge", std::string_view body = kBody) {
    return text_of(gate.refusal(Request(method, target, fields_, body)));
  }

  void bring(std::string_view name, const std::string& value) {
    values_.push_back(std::make_unique<std::string>(value));
    fields_.push_back({name, *values_.back()});
  }

  // The signature of a request that purges.
  std::string signature(std::string_view secret = kSecret, std::string_view method = "POST",
                        std::string_view target = "/purge", std::string_view body = kBody,
                        std::int64_t seconds_ago = 0) {
    const std::string digest = body_digest(body);
    const SignedParts parts{method, target, digest};
    return sign(secret, parts, seconds_since_1970() - seconds_ago, nonces_.next());
  }

  std::vector<Field> fields_ = {{"Host", "localhost:8081"}};
  std::vector<std::unique_ptr<std::string>> values_;
  NonceStream nonces_;
  PurgeGate off_{"", ""};
  PurgeGate by_token_{std::string(kToken), ""};
  PurgeGate by_secret_{"", std::string(kSecret)};
  PurgeGate by_both_{std::string(kToken), std::string(kSecret)};
};

TEST_F(PurgeGateTest, WithNeitherTokenNorSecretNobodyMayPurge) {
  EXPECT_THAT(refusal(off_), HasSubstr("purging is not set up"));
  bring("Authorization", "Bearer ");
  bring(kSignatureHeader, signature(""));
  EXPECT_TRUE(by_head(off_).starts_with("403\n"));
  EXPECT_TRUE(refusal(off_).starts_with("403\n"));
}

TEST_F(PurgeGateTest, TheTokensBearerMayPurge) {
  bring("Authorization", "Bearer " + std::string(kToken));
  for (PurgeGate* const gate : {&by_token_, &by_both_}) {
    EXPECT_EQ(by_head(*gate), "");
    EXPECT_EQ(refusal(*gate), "");
    EXPECT_EQ(refusal(*gate, Method::kPurge, "/a.jpg", ""), "");
  }
  EXPECT_THAT(refusal(by_secret_), HasSubstr("403\n"));
}

TEST_F(PurgeGateTest, WhoBringsNoTokenIsAskedForOne) {
  for (PurgeGate* const gate : {&by_token_, &by_both_}) {
    EXPECT_TRUE(by_head(*gate).starts_with("401\n"));
    EXPECT_THAT(refusal(*gate), HasSubstr("WWW-Authenticate: Bearer realm=\"imageserver\"\r\n"));
  }
  bring("Authorization", "Basic " + std::string(kToken));
  EXPECT_THAT(refusal(by_token_), Not(HasSubstr("invalid_token")));
}

TEST_F(PurgeGateTest, AWrongTokenIsRefused) {
  const std::string token(kToken);
  for (const std::string& wrong :
       {std::string(), token.substr(1), token + "0", token + " " + token}) {
    fields_.clear();
    bring("Authorization", "Bearer " + wrong);
    const std::string answer = by_head(by_token_);
    EXPECT_TRUE(answer.starts_with("401\n")) << wrong;
    EXPECT_THAT(answer, HasSubstr("error=\"invalid_token\""));
    EXPECT_THAT(answer, Not(HasSubstr(token))) << "it must not be told";
    EXPECT_EQ(refusal(by_token_), answer);
  }
}

TEST_F(PurgeGateTest, WhoKnowsTheSecretMayPurgeOnceWithEachSignature) {
  bring(kSignatureHeader, signature());
  for (PurgeGate* const gate : {&by_secret_, &by_both_}) {
    EXPECT_EQ(by_head(*gate), "");
    EXPECT_EQ(refusal(*gate), "");
    EXPECT_EQ(by_head(*gate), "") << "only the whole request tells";
    EXPECT_THAT(refusal(*gate), HasSubstr("used already"));
  }
}

TEST_F(PurgeGateTest, APurgeOfOnePathIsSignedAsWell) {
  bring(kSignatureHeader, signature(kSecret, "PURGE", "/a.jpg?x", ""));
  EXPECT_EQ(refusal(by_secret_, Method::kPurge, "/a.jpg?x", ""), "");
}

TEST_F(PurgeGateTest, ASignatureOfSomethingElseIsRefused) {
  for (const std::string& wrong :
       {signature("another secret"), signature(kSecret, "PURGE"), signature(kSecret, "GET"),
        signature(kSecret, "POST", "/purge?x"), signature(kSecret, "POST", "/purge", ""),
        signature(kSecret, "POST", "/purge", R"({"all":true} )"),
        signature(kSecret, "POST", "/purge", kBody, 40),
        signature(kSecret, "POST", "/purge", kBody, -40), std::string("x")}) {
    fields_.clear();
    bring(kSignatureHeader, wrong);
    EXPECT_TRUE(refusal(by_secret_).starts_with("403\n")) << wrong;
  }
}

TEST_F(PurgeGateTest, WithoutASecretNoSignatureIsLookedAt) {
  bring(kSignatureHeader, signature(""));
  EXPECT_TRUE(refusal(by_token_).starts_with("401\n"));
  bring("Authorization", "Bearer " + std::string(kToken));
  EXPECT_EQ(refusal(by_token_), "");
}

TEST_F(PurgeGateTest, AWrongSignatureIsNotMadeUpForByAToken) {
  bring(kSignatureHeader, "x");
  bring("Authorization", "Bearer " + std::string(kToken));
  EXPECT_TRUE(refusal(by_both_).starts_with("403\n"));
}

TEST_F(PurgeGateTest, WhoIsNotSignedIsRefusedWhereThereIsOnlyASecret) {
  EXPECT_TRUE(by_head(by_secret_).starts_with("403\n"));
  EXPECT_THAT(refusal(by_secret_), Not(HasSubstr("WWW-Authenticate")));
}

TEST_F(PurgeGateTest, ABrowserMayPurgeForItsOwnSiteOnly) {
  bring("Authorization", "Bearer " + std::string(kToken));
  const std::vector<Field> without = fields_;
  for (const char* own : {"http://localhost:8081", "HTTP://LocalHost:8081"}) {
    fields_ = without;
    bring("Origin", own);
    EXPECT_EQ(refusal(by_token_), "") << own;
  }
  for (const char* other :
       {"null", "", "https://localhost:8081", "http://localhost", "localhost:8081",
        "http://localhost:80810", "http://evil.example", "http://localhost:8081/",
        "http://localhost:8081 http://evil.example"}) {
    fields_ = without;
    bring("Origin", other);
    EXPECT_TRUE(by_head(by_token_).starts_with("403\n")) << other;
    EXPECT_TRUE(refusal(by_token_).starts_with("403\n")) << other;
  }
  fields_ = without;
  bring("Origin", "http://localhost:8081");
  bring("Origin", "http://evil.example");
  EXPECT_TRUE(refusal(by_token_).starts_with("403\n")) << "two of them";
}

TEST_F(PurgeGateTest, WithoutAHostThereIsNoOwnSite) {
  fields_.clear();
  bring("Authorization", "Bearer " + std::string(kToken));
  bring("Origin", "http://localhost:8081");
  EXPECT_TRUE(refusal(by_token_).starts_with("403\n"));
}

}  // namespace
}  // namespace imageserver
