#include "http/cacheable_response.h"

#include <gtest/gtest.h>

#include <array>
#include <span>

namespace imageserver {
namespace {

constexpr std::string_view kFields =
    "ETag: \"tag\"\r\nCache-Control: public, max-age=600\r\nX-Content-Type-Options: nosniff\r\n";

Response respond_to(std::span<const Field> fields) {
  return cacheable_response(Request(Method::kGet, "/", fields), "\"tag\"", "public, max-age=600");
}

TEST(CacheableResponseTest, SaysHowLongItIsFreshAndByWhichTagToAskAgain) {
  const Response response = respond_to({});
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(response.fields, kFields);
}

TEST(CacheableResponseTest, IsNotModifiedForAClientThatHasIt) {
  const auto fields = std::to_array<Field>({{"If-None-Match", "\"tag\""}});
  const Response response = respond_to(fields);
  EXPECT_EQ(response.status, 304U);
  EXPECT_EQ(response.fields, kFields);
}

TEST(CacheableResponseTest, IsWholeForAClientThatHasAnother) {
  const auto fields = std::to_array<Field>({{"If-None-Match", "\"other\""}});
  EXPECT_EQ(respond_to(fields).status, 200U);
}

}  // namespace
}  // namespace imageserver
