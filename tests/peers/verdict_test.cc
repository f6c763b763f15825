#include "peers/wire/verdict.h"

#include <gtest/gtest.h>

namespace imageserver {
namespace {

TEST(VerdictTest, EachHasAText) {
  for (const auto& [verdict, text] :
       {std::pair(PeerVerdict::kParam, "param"), std::pair(PeerVerdict::kFile, "file"),
        std::pair(PeerVerdict::kOrigin, "origin"), std::pair(PeerVerdict::kTime, "time"),
        std::pair(PeerVerdict::kMemory, "memory"), std::pair(PeerVerdict::kBusy, "busy")}) {
    EXPECT_EQ(verdict_text(verdict), text);
    EXPECT_EQ(parse_verdict(text), verdict);
  }
  EXPECT_EQ(parse_verdict("invalid-param"), PeerVerdict::kParam) << "of a node of before";
  EXPECT_EQ(parse_verdict(""), std::nullopt);
  EXPECT_EQ(parse_verdict("Param"), std::nullopt);
}

TEST(VerdictTest, FollowsFromTheError) {
  EXPECT_EQ(verdict_on(ErrorKind::kInvalidParam), PeerVerdict::kParam);
  EXPECT_EQ(verdict_on(ErrorKind::kNotFound), PeerVerdict::kFile);
  EXPECT_EQ(verdict_on(ErrorKind::kForbidden), PeerVerdict::kFile);
  EXPECT_EQ(verdict_on(ErrorKind::kUnprocessable), PeerVerdict::kFile);
  EXPECT_EQ(verdict_on(ErrorKind::kOrigin), PeerVerdict::kOrigin);
  EXPECT_EQ(verdict_on(ErrorKind::kOriginLate), PeerVerdict::kOrigin);
  EXPECT_EQ(verdict_on(ErrorKind::kDeadlineExceeded), PeerVerdict::kTime);
  EXPECT_EQ(verdict_on(ErrorKind::kDeadly), PeerVerdict::kFile);
  EXPECT_EQ(verdict_on(ErrorKind::kOutOfMemory), PeerVerdict::kMemory);
  EXPECT_EQ(verdict_on(ErrorKind::kNeedsMemory), PeerVerdict::kMemory);
  EXPECT_EQ(verdict_on(ErrorKind::kBusy), PeerVerdict::kBusy);
  for (const ErrorKind kind : {ErrorKind::kBadRequest, ErrorKind::kCancelled, ErrorKind::kPeer,
                               ErrorKind::kUnreachable, ErrorKind::kCutOff, ErrorKind::kInternal}) {
    EXPECT_EQ(verdict_on(kind), std::nullopt);
  }
}

}  // namespace
}  // namespace imageserver
