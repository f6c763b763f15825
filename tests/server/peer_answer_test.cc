#include "server/peer_answer.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "groupcache/protobuf.h"
#include "groupcache/value.h"

namespace imageserver {
namespace {

Result<ClientResponse> response(unsigned status, std::string body) {
  ClientResponse made;
  made.status = status;
  made.body = Bytes::own(std::move(body));
  return made;
}

std::string message(std::string_view data) {
  const std::string value = encode_value_prefix(Format::kPng, data.size()) + std::string(data);
  return encode_get_response_prefix(value.size()) + value;
}

void expect_failure(const Result<ClientResponse>& given, ErrorKind kind, bool final) {
  const Peers::Answer answer = peer_answer(given);
  ASSERT_TRUE(answer.image.has_error());
  EXPECT_EQ(answer.image.error().kind, kind) << answer.image.error().message;
  EXPECT_EQ(answer.final, final);
}

TEST(PeerAnswerTest, APictureSharesTheMemoryOfTheAnswer) {
  const auto given = response(200, message("pixels"));
  const Peers::Answer answer = peer_answer(given);
  ASSERT_TRUE(answer.image.has_value());
  const Image& image = **answer.image;
  EXPECT_EQ(image.format, Format::kPng);
  EXPECT_EQ(image.data.view(), "pixels");
  EXPECT_EQ(image.frames, Frames{});
  EXPECT_EQ(image.etag, make_image(Format::kPng, Bytes::copy("pixels"), {})->etag);
  EXPECT_EQ(image.data.data() + image.data.size(), given->body.data() + given->body.size());
}

TEST(PeerAnswerTest, FramesTravelInAHeader) {
  auto given = response(200, message("pixels"));
  given->fields.emplace_back("x-imageserver-frames", "100/250");
  EXPECT_EQ((*peer_answer(given).image)->frames, (Frames{100, 250}));
}

TEST(PeerAnswerTest, ADamagedAnswerIsThePeersFault) {
  const std::string whole = message("pixels");
  expect_failure(response(200, ""), ErrorKind::kPeer, false);
  expect_failure(response(200, "junk"), ErrorKind::kPeer, false);
  expect_failure(response(200, whole.substr(0, whole.size() - 1)), ErrorKind::kPeer, false);
  expect_failure(response(200, whole + "x"), ErrorKind::kPeer, false);
  auto frames = response(200, whole);
  frames->fields.emplace_back("X-Imageserver-Frames", "250/100");
  expect_failure(frames, ErrorKind::kPeer, false);
}

TEST(PeerAnswerTest, TheOwnersVerdictOnTheRequestIsFinal) {
  expect_failure(response(404, "no such picture\n"), ErrorKind::kNotFound, true);
  expect_failure(response(422, "damaged\n"), ErrorKind::kUnprocessable, true);
  expect_failure(response(504, "out of time\n"), ErrorKind::kDeadlineExceeded, true);
}

TEST(PeerAnswerTest, EverythingElseEndsInALocalLoad) {
  expect_failure(response(503, "busy\n"), ErrorKind::kBusy, false);
  for (const unsigned status : {204U, 301U, 400U, 403U, 500U, 502U}) {
    expect_failure(response(status, "x"), ErrorKind::kPeer, false);
  }
  expect_failure(Error{ErrorKind::kDeadlineExceeded, "slow"}, ErrorKind::kDeadlineExceeded, false);
  expect_failure(Error{ErrorKind::kPeer, "refused"}, ErrorKind::kPeer, false);
}

TEST(PeerAnswerTest, PassesOnOnlyALineThatCanBeShown) {
  const auto text = [](const std::string& body) {
    return peer_answer(response(422, body)).image.error().message;
  };
  EXPECT_EQ(text("the picture is damaged\n"), "the picture is damaged");
  EXPECT_EQ(text("first\nsecond"), "first");
  EXPECT_EQ(text(""), "the picture cannot be read");
  EXPECT_EQ(text("\x1b[31mred"), "the picture cannot be read");
  EXPECT_EQ(text(std::string(201, 'x')), "the picture cannot be read");
}

}  // namespace
}  // namespace imageserver
