#include "http/error_response.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace imageserver {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(ErrorResponseTest, EveryKindHasItsStatus) {
  EXPECT_EQ(http_status(ErrorKind::kBadRequest), 400U);
  EXPECT_EQ(http_status(ErrorKind::kInvalidParam), 400U);
  EXPECT_EQ(http_status(ErrorKind::kNotFound), 404U);
  EXPECT_EQ(http_status(ErrorKind::kUnprocessable), 422U);
  EXPECT_EQ(http_status(ErrorKind::kDeadly), 422U);
  EXPECT_EQ(http_status(ErrorKind::kNeedsMemory), 422U);
  EXPECT_EQ(http_status(ErrorKind::kOrigin), 502U);
  EXPECT_EQ(http_status(ErrorKind::kOriginLate), 504U);
  EXPECT_EQ(http_status(ErrorKind::kBusy), 503U);
  EXPECT_EQ(http_status(ErrorKind::kCancelled), 503U);
  EXPECT_EQ(http_status(ErrorKind::kDeadlineExceeded), 504U);
  EXPECT_EQ(http_status(ErrorKind::kPeer), 500U);
  EXPECT_EQ(http_status(ErrorKind::kInternal), 500U);
}

TEST(ErrorResponseTest, IsOneLineOfTextThatNobodyStores) {
  const Response response = error_response({ErrorKind::kNotFound, "no such picture"});
  EXPECT_EQ(response.status, 404U);
  EXPECT_EQ(response.prefix + std::string(response.body.view()), "no such picture\n");
  EXPECT_THAT(response.fields, HasSubstr("Content-Type: text/plain; charset=utf-8\r\n"));
  EXPECT_THAT(response.fields, HasSubstr("Cache-Control: no-store\r\n"));
  EXPECT_THAT(response.fields, Not(HasSubstr("Retry-After")));
}

TEST(ErrorResponseTest, OneThatIsBusySaysWhenToComeBack) {
  const Response response = error_response({ErrorKind::kBusy, "busy"});
  EXPECT_THAT(response.fields, HasSubstr("Retry-After: 1\r\n"));
}

}  // namespace
}  // namespace imageserver
