#include "peers/wire/replay_guard.h"

#include <gtest/gtest.h>

#include <string>

namespace imageserver {
namespace {

constexpr std::int64_t kNow = 1'800'000'000;

TEST(ReplayGuardTest, ANonceIsAdmittedOnce) {
  ReplayGuard guard;
  EXPECT_TRUE(guard.admit("a", kNow));
  EXPECT_TRUE(guard.admit("b", kNow));
  EXPECT_FALSE(guard.admit("a", kNow));
  EXPECT_FALSE(guard.admit("b", kNow + 1));
}

TEST(ReplayGuardTest, ANonceIsRememberedAsLongAsItsSignatureMayBeAccepted) {
  for (std::int64_t first = kNow; first < kNow + 2 * ReplayGuard::kSeconds; ++first) {
    ReplayGuard guard;
    EXPECT_TRUE(guard.admit("before", kNow));
    EXPECT_TRUE(guard.admit("a", first));
    for (std::int64_t later = first; later < first + ReplayGuard::kSeconds; ++later) {
      EXPECT_FALSE(guard.admit("a", later)) << first - kNow << ", " << later - first;
    }
  }
}

TEST(ReplayGuardTest, InTheEndItIsForgotten) {
  ReplayGuard guard;
  EXPECT_TRUE(guard.admit("a", kNow));
  EXPECT_TRUE(guard.admit("b", kNow + ReplayGuard::kSeconds));
  EXPECT_TRUE(guard.admit("c", kNow + 2 * ReplayGuard::kSeconds));
  EXPECT_TRUE(guard.admit("a", kNow + 2 * ReplayGuard::kSeconds));
}

TEST(ReplayGuardTest, AClockThatIsSetBackDoesNotFillIt) {
  ReplayGuard guard(1);
  EXPECT_TRUE(guard.admit("a", kNow + 100'000));
  EXPECT_FALSE(guard.admit("b", kNow)) << "full";
  EXPECT_TRUE(guard.admit("b", kNow + ReplayGuard::kSeconds)) << "and not for ever";
}

TEST(ReplayGuardTest, FullItAdmitsNobodyUntilThereIsRoom) {
  ReplayGuard guard(2);
  EXPECT_TRUE(guard.admit("a", kNow));
  EXPECT_TRUE(guard.admit("b", kNow));
  EXPECT_FALSE(guard.admit("c", kNow));
  EXPECT_TRUE(guard.admit("c", kNow + ReplayGuard::kSeconds));
}

}  // namespace
}  // namespace imageserver
