#include "peers/wire/base64url.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace imageserver {
namespace {

void expect_pair(const std::string& bytes, const std::string& text) {
  EXPECT_EQ(encode_base64url(bytes), text);
  const Result<std::string> decoded = decode_base64url(text);
  ASSERT_TRUE(decoded.has_value()) << text;
  EXPECT_EQ(*decoded, bytes);
}

TEST(Base64url, TheVectorsOfTheStandardWithoutPadding) {
  expect_pair("", "");
  expect_pair("f", "Zg");
  expect_pair("fo", "Zm8");
  expect_pair("foo", "Zm9v");
  expect_pair("foob", "Zm9vYg");
  expect_pair("fooba", "Zm9vYmE");
  expect_pair("foobar", "Zm9vYmFy");
}

TEST(Base64url, TheLastTwoDigitsAreThoseOfTheUrlAlphabet) { expect_pair("\xfb\xff\xbf", "-_-_"); }

TEST(Base64url, RandomBytesComeBack) {
  std::mt19937 random(7);
  for (std::size_t size = 0; size < 200; ++size) {
    std::string bytes(size, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random() & 255U);
    expect_pair(bytes, encode_base64url(bytes));
  }
}

TEST(Base64url, EverythingElseIsRefused) {
  for (const std::string text :
       {"Zg==", "Zg=", "Z", "Zm9vY", "Zm9v\n", "Zm 9", "Zm+v", "Zm/v", "Zm9\xff", "Zm.v"}) {
    const Result<std::string> decoded = decode_base64url(text);
    ASSERT_TRUE(decoded.has_error()) << text;
    EXPECT_EQ(decoded.error().kind, ErrorKind::kBadRequest);
  }
  EXPECT_TRUE(decode_base64url(std::string("Zm\0v", 4)).has_error());
}

TEST(Base64url, BitsLeftOverMustBeZero) {
  EXPECT_TRUE(decode_base64url("Zh").has_error());
  EXPECT_TRUE(decode_base64url("Zm9").has_error());
  EXPECT_TRUE(decode_base64url("Zm8").has_value());
}

}  // namespace
}  // namespace imageserver
