#include "groupcache/recent_hashes.h"

#include <gtest/gtest.h>

namespace imageserver {
namespace {

TEST(RecentHashesTest, OfTooManyTheFirstIsForgotten) {
  RecentHashes recent(2);
  EXPECT_FALSE(recent.knows(sha256("a")));
  recent.add(sha256("a"));
  recent.add(sha256("b"));
  recent.add(sha256("a"));
  EXPECT_TRUE(recent.knows(sha256("a")));
  EXPECT_TRUE(recent.knows(sha256("b")));
  recent.add(sha256("c"));
  EXPECT_FALSE(recent.knows(sha256("a")));
  EXPECT_TRUE(recent.knows(sha256("b")));
  EXPECT_TRUE(recent.knows(sha256("c")));
}

}  // namespace
}  // namespace imageserver
