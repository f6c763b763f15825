#include "peers/wire/body_digest.h"

#include <gtest/gtest.h>

namespace imageserver {
namespace {

// The vectors of FIPS 180-4.
TEST(BodyDigestTest, IsSha256InHex) {
  EXPECT_EQ(body_digest(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(body_digest("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace imageserver
