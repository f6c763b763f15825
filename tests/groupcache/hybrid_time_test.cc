#include "groupcache/hybrid_time.h"

#include <gtest/gtest.h>

namespace imageserver {
namespace {

TEST(HybridTimeTest, TheMillisecondsCountBeforeTheCount) {
  EXPECT_LT((HybridTime{1, 7}), (HybridTime{2, 0}));
  EXPECT_LT((HybridTime{2, 0}), (HybridTime{2, 1}));
  EXPECT_EQ((HybridTime{2, 1}), (HybridTime{2, 1}));
}

TEST(HybridTimeTest, ATextIsReadAsItWasWritten) {
  EXPECT_EQ(time_text({1'800'000'000'000, 7}), "1800000000000.7");
  for (const HybridTime time : {HybridTime{}, {1, 2}, {UINT64_MAX, UINT32_MAX}}) {
    EXPECT_EQ(parse_time(time_text(time)), time);
  }
}

TEST(HybridTimeTest, AnotherSpellingIsNone) {
  for (const char* wrong : {"", ".", "1", "1.", ".1", "01.1", "1.01", "1.1 ", " 1.1", "+1.1",
                            "1.-1", "1.1.1", "1.4294967296", "18446744073709551616.0", "1,1"}) {
    EXPECT_EQ(parse_time(wrong), std::nullopt) << wrong;
  }
}

}  // namespace
}  // namespace imageserver
