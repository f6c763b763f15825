#include "membership/base64.h"

#include <gtest/gtest.h>

#include <array>
#include <utility>

namespace imageserver {
namespace {

// RFC 4648, section 10.
constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kVectors = {{
    {"", ""},
    {"f", "Zg=="},
    {"fo", "Zm8="},
    {"foo", "Zm9v"},
    {"foob", "Zm9vYg=="},
    {"fooba", "Zm9vYmE="},
    {"foobar", "Zm9vYmFy"},
}};

TEST(Base64Test, IsThatOfTheRfc) {
  for (const auto& [bytes, text] : kVectors) {
    EXPECT_EQ(encode_base64(bytes), text);
    EXPECT_EQ(decode_base64(text), bytes);
  }
}

TEST(Base64Test, HoldsEveryByte) {
  std::string bytes;
  for (int byte = 255; byte >= 0; --byte) bytes += static_cast<char>(byte);
  EXPECT_EQ(decode_base64(encode_base64(bytes)), bytes);
}

TEST(Base64Test, HasOneSpelling) {
  for (const std::string_view text : {"Z", "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Zm9v\n", " Zm9v",
                                      "Zm9v ", "Zg==Zg==", "====", "=AAA", "Zm-_"}) {
    EXPECT_FALSE(decode_base64(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace imageserver
