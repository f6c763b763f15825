#include "peers/wire/peer_signature.h"

#include <gtest/gtest.h>

#include <string>

namespace imageserver {
namespace {

constexpr std::int64_t kNow = 1'800'000'000;
constexpr std::string_view kSecret = "a secret of the ring";
constexpr std::string_view kNonce = "000102030405060708090a0b0c0d0e0f";
constexpr SignedParts kParts = {"GET", "/_groupcache/imageserver/key", "context"};

bool is_right(const std::string& signature, std::int64_t seconds = kNow,
              const SignedParts& parts = kParts, std::string_view secret = kSecret) {
  return verify(secret, parts, signature, seconds).has_value();
}

class PeerSignatureTest : public ::testing::Test {
 protected:
  const std::string signature_ = sign(kSecret, kParts, kNow, kNonce);
};

TEST_F(PeerSignatureTest, WhatWasSignedIsRightAndNamesItsTimeAndNonce) {
  const auto right = verify(kSecret, kParts, signature_, kNow + 5);
  ASSERT_TRUE(right.has_value());
  EXPECT_EQ(right->nonce, kNonce);
  EXPECT_EQ(right->seconds, kNow);
}

// Computed with Python's hmac from the definition.
TEST_F(PeerSignatureTest, IsWhatTheDefinitionSays) {
  EXPECT_EQ(signature_, "1800000000." + std::string(kNonce) +
                            ".f0ba8b085fe146455a76ebbd9b1225c6"
                            "9277b160700b4f1c9c5b9f9296a18051");
}

TEST_F(PeerSignatureTest, EveryPartIsSigned) {
  EXPECT_FALSE(is_right(signature_, kNow, {"HEAD", kParts.target, kParts.context}));
  EXPECT_FALSE(is_right(signature_, kNow, {"GET", "/_groupcache/imageserver/kez", "context"}));
  EXPECT_FALSE(is_right(signature_, kNow, {"GET", kParts.target, "contexu"}));
  EXPECT_FALSE(is_right(signature_, kNow, {"GET", kParts.target, ""}));
  EXPECT_FALSE(is_right(signature_, kNow, kParts, "another secret"));
}

TEST_F(PeerSignatureTest, NothingMayBeChanged) {
  for (std::size_t i = 0; i < signature_.size(); ++i) {
    std::string forged = signature_;
    forged[i] = forged[i] == '1' ? '2' : '1';
    EXPECT_FALSE(is_right(forged)) << forged;
  }
}

TEST_F(PeerSignatureTest, HoldsForHalfAMinuteEitherWay) {
  EXPECT_TRUE(is_right(signature_, kNow + 30));
  EXPECT_FALSE(is_right(signature_, kNow + 31));
  EXPECT_TRUE(is_right(signature_, kNow - 30));
  EXPECT_FALSE(is_right(signature_, kNow - 31));
}

TEST_F(PeerSignatureTest, WhatIsNoSignatureIsRefused) {
  const std::string mac = signature_.substr(signature_.rfind('.'));
  for (const std::string& text :
       {std::string(), std::string("."), std::string(".."), signature_ + " ", signature_ + ".",
        signature_.substr(0, signature_.size() - 1), " " + signature_, "+" + signature_,
        "1800000000." + std::string(kNonce), "-1." + std::string(kNonce) + mac,
        "9223372036854775808." + std::string(kNonce) + mac,
        "01800000000." + std::string(kNonce) + mac, sign(kSecret, kParts, kNow, "short"),
        sign(kSecret, kParts, kNow, ""), std::string(100'000, '1')}) {
    EXPECT_FALSE(is_right(text)) << text.substr(0, 200);
  }
}

}  // namespace
}  // namespace imageserver
