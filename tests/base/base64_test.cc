#include "base/base64.h"

#include <gtest/gtest.h>

#include <array>
#include <random>

namespace imageserver {
namespace {

using std::string_view_literals::operator""sv;

struct Vector {
  std::string_view bytes;
  std::string_view padded;
  std::string_view unpadded;
};

// RFC 4648, section 10.
constexpr auto kVectors = std::to_array<Vector>({
    {"", "", ""},
    {"f", "Zg==", "Zg"},
    {"fo", "Zm8=", "Zm8"},
    {"foo", "Zm9v", "Zm9v"},
    {"foob", "Zm9vYg==", "Zm9vYg"},
    {"fooba", "Zm9vYmE=", "Zm9vYmE"},
    {"foobar", "Zm9vYmFy", "Zm9vYmFy"},
});

std::string random_bytes(std::size_t size) {
  std::mt19937 random(static_cast<unsigned>(size));
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random() & 255U);
  return bytes;
}

TEST(Base64Test, IsThatOfTheRfc) {
  for (const Vector& vector : kVectors) {
    EXPECT_EQ(encode_base64(vector.bytes), vector.padded);
    EXPECT_EQ(decode_base64(vector.padded), vector.bytes);
  }
}

TEST(Base64Test, HoldsEveryByte) {
  std::string bytes;
  for (int byte = 255; byte >= 0; --byte) bytes += static_cast<char>(byte);
  EXPECT_EQ(decode_base64(encode_base64(bytes)), bytes);
}

TEST(Base64Test, RandomBytesOfEveryLengthComeBack) {
  for (std::size_t size = 0; size < 200; ++size) {
    const std::string bytes = random_bytes(size);
    EXPECT_EQ(decode_base64(encode_base64(bytes)), bytes);
  }
}

TEST(Base64Test, TheLastTwoDigitsAreThoseOfTheStandardAlphabet) {
  EXPECT_EQ(encode_base64("\xfb\xff\xbf"), "+/+/");
  EXPECT_EQ(decode_base64("+/+/"), "\xfb\xff\xbf");
}

TEST(Base64Test, HasOneSpelling) {
  for (const std::string_view text :
       {"Z", "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Zm9v\n", " Zm9v", "Zm9v ",
        "Zg==Zg==", "====", "=AAA", "A===", "AA=A", "=", "==", "Zm9v====", "Zm-_", "Zm9\xff"}) {
    EXPECT_EQ(decode_base64(text), std::nullopt) << text;
  }
  EXPECT_EQ(decode_base64("Zm\0v"sv), std::nullopt);
}

TEST(Base64urlTest, IsThatOfTheRfcWithoutPadding) {
  for (const Vector& vector : kVectors) {
    EXPECT_EQ(encode_base64url(vector.bytes), vector.unpadded);
    EXPECT_EQ(decode_base64url(vector.unpadded), vector.bytes);
  }
}

TEST(Base64urlTest, TheLastTwoDigitsAreThoseOfTheUrlAlphabet) {
  EXPECT_EQ(encode_base64url("\xfb\xff\xbf"), "-_-_");
  EXPECT_EQ(decode_base64url("-_-_"), "\xfb\xff\xbf");
}

TEST(Base64urlTest, RandomBytesOfEveryLengthComeBack) {
  for (std::size_t size = 0; size < 200; ++size) {
    const std::string bytes = random_bytes(size);
    EXPECT_EQ(decode_base64url(encode_base64url(bytes)), bytes);
  }
}

TEST(Base64urlTest, OtherCharactersAndPaddingAreRefused) {
  for (const std::string_view text :
       {"Zg==", "Zg=", "Z", "Zm9vY", "Zm9v\n", "Zm 9", "Zm+v", "Zm/v", "Zm9\xff", "Zm.v"}) {
    EXPECT_EQ(decode_base64url(text), std::nullopt) << text;
  }
  EXPECT_EQ(decode_base64url("Zm\0v"sv), std::nullopt);
}

TEST(Base64urlTest, BitsLeftOverMustBeZero) {
  EXPECT_EQ(decode_base64url("Zh"), std::nullopt);
  EXPECT_EQ(decode_base64url("Zm9"), std::nullopt);
  EXPECT_EQ(decode_base64url("Zm8"), "fo");
}

}  // namespace
}  // namespace imageserver
