#include "http/head_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace imageserver {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string head_of(const Response& response, Persistence persistence = Persistence::kImplied) {
  std::string head = "kept|";
  append_head(head, response, persistence);
  return head;
}

TEST(HeadWriterTest, AppendsStatusLineLengthAndFields) {
  Response response;
  response.add_field("X-One", "1");
  response.prefix = "ab";
  response.body = Bytes::copy("cde");
  const std::string head = head_of(response);
  EXPECT_THAT(head, StartsWith("kept|HTTP/1.1 200 OK\r\nDate: "));
  EXPECT_THAT(head, HasSubstr("\r\nContent-Length: 5\r\n"));
  EXPECT_TRUE(head.ends_with("\r\nX-One: 1\r\n\r\n"));
  EXPECT_THAT(head, Not(HasSubstr("Connection")));
}

TEST(HeadWriterTest, SaysWhatBecomesOfTheConnection) {
  EXPECT_THAT(head_of({}, Persistence::kClose), HasSubstr("\r\nConnection: close\r\n"));
  EXPECT_THAT(head_of({}, Persistence::kKeepAlive), HasSubstr("\r\nConnection: keep-alive\r\n"));
}

TEST(HeadWriterTest, NotModifiedHasNoLength) {
  Response response;
  response.status = 304;
  EXPECT_THAT(head_of(response), StartsWith("kept|HTTP/1.1 304 Not Modified\r\n"));
  EXPECT_THAT(head_of(response), Not(HasSubstr("Content-Length")));
}

TEST(TextResponseTest, IsOneLineThatNobodyKeeps) {
  const Response response = text_response(404, "no such picture");
  EXPECT_EQ(response.status, 404U);
  EXPECT_EQ(response.prefix, "no such picture\n");
  EXPECT_THAT(response.fields, HasSubstr("Content-Type: text/plain; charset=utf-8\r\n"));
  EXPECT_THAT(response.fields, HasSubstr("Cache-Control: no-store\r\n"));
  EXPECT_THAT(response.fields, HasSubstr("X-Content-Type-Options: nosniff\r\n"));
}

}  // namespace
}  // namespace imageserver
