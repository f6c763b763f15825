#include "peers/wire/replay_guard.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <random>
#include <thread>
#include <vector>

#include "peers/wire/peer_signature.h"

namespace imageserver {
namespace {

constexpr std::int64_t kNow = 1'800'000'000;
constexpr std::uint64_t kBlock = ReplayGuard::kBlock;
constexpr std::size_t kEnough = 1000;

Nonce nonce(int stream, std::uint64_t number) {
  Nonce nonce;
  nonce.stream[0] = static_cast<char>(stream >> 8U);
  nonce.stream[1] = static_cast<char>(stream & 255U);
  nonce.number = number;
  nonce.counted = true;
  return nonce;
}

// Of a signature made in that second.
bool admits(ReplayGuard& guard, const Nonce& nonce, std::int64_t seconds = kNow) {
  return guard.admit(nonce, seconds, seconds);
}

TEST(ReplayGuardTest, ANonceIsAdmittedOnce) {
  ReplayGuard guard(kEnough);
  EXPECT_TRUE(admits(guard, nonce(1, 0)));
  EXPECT_TRUE(admits(guard, nonce(1, 1)));
  EXPECT_TRUE(admits(guard, nonce(2, 1)));
  EXPECT_TRUE(admits(guard, nonce(1, 1 + kBlock)));
  for (const Nonce& used : {nonce(1, 0), nonce(1, 1), nonce(2, 1), nonce(1, 1 + kBlock)}) {
    EXPECT_FALSE(admits(guard, used));
    EXPECT_FALSE(admits(guard, used, kNow + 1));
  }
}

TEST(ReplayGuardTest, WhateverTheOrderNoneIsRefusedAndNoneIsTakenTwice) {
  std::vector<Nonce> all;
  for (std::uint64_t number = 0; number < 300 * kBlock; ++number) {
    all.push_back(nonce(1, number));
  }
  std::ranges::shuffle(all, std::mt19937{1});
  ReplayGuard guard(kEnough);
  for (const Nonce& one : all) ASSERT_TRUE(admits(guard, one)) << one.number;
  std::ranges::shuffle(all, std::mt19937{2});
  for (const Nonce& one : all) ASSERT_FALSE(admits(guard, one)) << one.number;
}

// Three million in the time for which nonces are remembered, in half a megabyte.
TEST(ReplayGuardTest, FiftyThousandRequestsASecondDoNotFillIt) {
  ReplayGuard guard(3000);
  std::uint64_t number = 0;
  for (std::int64_t second = kNow; second < kNow + ReplayGuard::kSeconds; ++second) {
    for (int i = 0; i < 50'000; ++i) {
      ASSERT_TRUE(admits(guard, nonce(static_cast<int>(number % 7), number / 7), second));
      ++number;
    }
  }
}

// The last one of a block was on its way as long as a signature holds.
TEST(ReplayGuardTest, ALateOneIsAdmittedHoweverManyCameMeanwhile) {
  ReplayGuard guard(kEnough);
  std::uint64_t number = 1;
  for (std::int64_t second = 0; second < kSignatureSeconds; ++second) {
    for (std::uint64_t i = 0; i < 10 * kBlock; ++i) {
      ASSERT_TRUE(admits(guard, nonce(1, number++), kNow + second));
    }
  }
  EXPECT_TRUE(guard.admit(nonce(1, 0), kNow, kNow + kSignatureSeconds));
  EXPECT_FALSE(guard.admit(nonce(1, 0), kNow, kNow + kSignatureSeconds));
}

TEST(ReplayGuardTest, ANonceIsRememberedAsLongAsItsSignatureMayBeAccepted) {
  for (std::int64_t first = kNow; first < kNow + 2 * ReplayGuard::kSeconds; ++first) {
    ReplayGuard guard(kEnough);
    EXPECT_TRUE(admits(guard, nonce(1, 0), kNow));
    EXPECT_TRUE(guard.admit(nonce(2, 0), first + kSignatureSeconds, first));
    for (std::int64_t later = first; later < first + ReplayGuard::kSeconds; ++later) {
      EXPECT_FALSE(guard.admit(nonce(2, 0), first + kSignatureSeconds, later))
          << first - kNow << ", " << later - first;
    }
  }
}

TEST(ReplayGuardTest, InTheEndItIsForgotten) {
  ReplayGuard guard(kEnough);
  EXPECT_TRUE(admits(guard, nonce(1, 0), kNow));
  EXPECT_TRUE(admits(guard, nonce(2, 0), kNow + ReplayGuard::kSeconds));
  EXPECT_TRUE(admits(guard, nonce(3, 0), kNow + 2 * ReplayGuard::kSeconds));
  EXPECT_TRUE(admits(guard, nonce(1, 0), kNow + 2 * ReplayGuard::kSeconds));
}

// Each new stream is that of a node that was started again.
TEST(ReplayGuardTest, FullItTakesInWhoIsNewAndRefusesWhatItMayHaveForgotten) {
  constexpr std::size_t kMost = 100;
  constexpr int kStreams = 3000;
  ReplayGuard guard(kMost);
  const auto second = [](int stream) { return kNow + stream / 100; };
  for (int stream = 0; stream < kStreams; ++stream) {
    ASSERT_TRUE(admits(guard, nonce(stream, 0), second(stream))) << stream;
  }
  const std::int64_t last = second(kStreams - 1);
  for (int stream = 0; stream < kStreams; ++stream) {
    ASSERT_FALSE(guard.admit(nonce(stream, 0), second(stream), last)) << stream;
  }
}

// New streams fill a half in a second. The one that goes on has a clock that is behind, but for
// where it begins a block.
TEST(ReplayGuardTest, FullItKeepsWhoGoesOn) {
  constexpr int kGoesOn = 9999;
  ReplayGuard guard(100);
  for (int stream = 0; stream < 9000; ++stream) {
    const std::int64_t second = kNow + stream / 100;
    ASSERT_TRUE(admits(guard, nonce(stream, 0), second)) << stream;
    if (stream % 3 != 0) continue;
    const auto number = static_cast<std::uint64_t>(stream / 3);
    const std::int64_t behind = number % kBlock == 0 ? second : second - kSignatureSeconds;
    ASSERT_TRUE(guard.admit(nonce(kGoesOn, number), behind, second)) << number;
    ASSERT_FALSE(guard.admit(nonce(kGoesOn, number), behind, second)) << number;
  }
}

TEST(ReplayGuardTest, AClockThatIsSetBackDoesNotShutAnybodyOut) {
  ReplayGuard guard(1);
  for (int stream = 0; stream < 3; ++stream) {
    EXPECT_TRUE(admits(guard, nonce(stream, 0), kNow + 100'000 + stream));
  }
  EXPECT_FALSE(guard.admit(nonce(3, 0), kNow + 100'000, kNow + 100'002)) << "perhaps forgotten";
  for (int stream = 3; stream < 6; ++stream) {
    EXPECT_TRUE(admits(guard, nonce(stream, 0), kNow + stream));
  }
  EXPECT_FALSE(admits(guard, nonce(5, 0), kNow + 5));
}

TEST(ReplayGuardTest, ManyThreadsAreAdmittedOnceForEachNonce) {
  ReplayGuard guard(kEnough);
  std::atomic<int> admitted = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (std::uint64_t number = 0; number < 20'000; ++number) {
          if (admits(guard, nonce(1, number))) ++admitted;
        }
      });
    }
  }
  EXPECT_EQ(admitted, 20'000);
}

}  // namespace
}  // namespace imageserver
