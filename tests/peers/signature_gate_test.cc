#include "peers/signature_gate.h"

#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <string>

#include "base/clock.h"
#include "base/hash.h"
#include "peers/wire/nonce.h"
#include "peers/wire/peer_signature.h"
#include "support/temporary_directory.h"

namespace imageserver {
namespace {

class SecretFileTest : public ::testing::Test {
 protected:
  Result<std::string> read(const std::string& content) {
    const auto path = directory_.path() / "secret";
    std::ofstream(path, std::ios::binary) << content;
    return read_secret(path.string());
  }

 private:
  const testing::TemporaryDirectory directory_;
};

TEST_F(SecretFileTest, TheSecretIsWhatStandsBetweenWhiteSpace) {
  EXPECT_EQ(read("0123456789abcdef").value(), "0123456789abcdef");
  EXPECT_EQ(read(" \t0123456789 abcdef\r\n\n").value(), "0123456789 abcdef");
  EXPECT_EQ(read(std::string(4096, 's') + "\n").value(), std::string(4096, 's'));
}

TEST_F(SecretFileTest, ASecretThatIsTooShortOrTooLongIsRefused) {
  for (const std::string& content :
       {std::string(), std::string("\n"), std::string("0123456789abcde\n"), std::string(4097, 's'),
        std::string(1'000'000, 's')}) {
    const auto secret = read(content);
    ASSERT_TRUE(secret.has_error()) << content.size();
    EXPECT_EQ(secret.error().kind, ErrorKind::kInvalidParam);
  }
}

TEST_F(SecretFileTest, AFileThatIsNotThereIsRefused) {
  EXPECT_TRUE(read_secret("/no/such/file").has_error());
  EXPECT_TRUE(read_secret("/").has_error()) << "nor is a directory one";
}

constexpr std::string_view kSecret = "the secret of this ring";
constexpr std::string_view kTarget = "/_groupcache/imageserver/key";

class SignatureGateTest : public ::testing::Test {
 protected:
  static constexpr std::size_t kRandom = 10;

  bool admits(const std::string& nonce) {
    const std::string signature = sign(kSecret, {"GET", kTarget, ""}, seconds_since_1970(), nonce);
    const std::array<Field, 1> fields = {{{kSignatureHeader, signature}}};
    return gate_.admits(Request(Method::kGet, kTarget, fields));
  }

  SignatureGate gate_{std::string(kSecret), kRandom};
};

TEST_F(SignatureGateTest, AdmitsCountedAndRandomNoncesOnceEach) {
  NonceStream stream;
  for (const std::string& nonce :
       {stream.next(), stream.next(), std::string("000102030405060708090a0b0c0d0e0f"),
        std::string("0f0102030405060708090a0b0c0d0e0f")}) {
    EXPECT_TRUE(admits(nonce)) << nonce;
    EXPECT_FALSE(admits(nonce)) << nonce;
  }
}

TEST_F(SignatureGateTest, ANonceOfAnotherKindIsRefused) {
  EXPECT_FALSE(admits(std::string(32, 'z')));
  EXPECT_FALSE(admits("000102030405060708090A0B0C0D0E0F"));
}

// As nodes did before there were streams of nonces; there are such nodes in a ring while it is
// brought up to date.
TEST_F(SignatureGateTest, HoweverManyRandomNoncesThereAreTheyShutNoStreamOut) {
  NonceStream stream;
  const std::string first = stream.next();
  EXPECT_TRUE(admits(first));
  for (std::size_t i = 0; i < 10 * kRandom; ++i) {
    (void)admits(to_hex(sha256(std::to_string(i))).substr(0, kNonceText));
  }
  EXPECT_TRUE(admits(stream.next()));
  EXPECT_TRUE(admits(NonceStream().next()));
  EXPECT_FALSE(admits(first));
}

}  // namespace
}  // namespace imageserver
