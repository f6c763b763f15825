#include "groupcache/ring.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/hash.h"
#include "support/vectors.h"

namespace imageserver {
namespace {

class RingVectorsTest : public ::testing::Test {
 protected:
  const nlohmann::json vectors_ = testing::read_vectors("go-ring.json");
  const Ring ring_{RingMode::kGo, vectors_["peers"].get<std::vector<std::string>>()};
};

TEST_F(RingVectorsTest, PlacesThePointsWhereGoDoes) {
  ASSERT_EQ(ring_.points().size(), vectors_["ring_points_count"].get<std::size_t>());
  const auto& expected = vectors_["ring_points_first10"];
  ASSERT_EQ(expected.size(), 10U);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(ring_.points()[i].hash, expected[i][0].get<std::uint32_t>());
    EXPECT_EQ(ring_.names()[ring_.points()[i].node], expected[i][1].get<std::string>());
  }
}

TEST_F(RingVectorsTest, NamesTheSameOwners) {
  ASSERT_FALSE(vectors_["vectors"].empty());
  for (const auto& vector : vectors_["vectors"]) {
    const auto key = vector["key"].get<std::string>();
    EXPECT_EQ(crc32_ieee(key), vector["key_crc32"].get<std::uint32_t>());
    EXPECT_EQ(ring_.owner(key), vector["owner"].get<std::string>()) << vector["request"];
  }
}

class EitherRingTest : public ::testing::TestWithParam<RingMode> {
 protected:
  static Ring ring(std::vector<std::string> names) { return {GetParam(), std::move(names)}; }

  static std::string owner(const Ring& ring, int key) { return ring.owner(std::to_string(key)); }
};

INSTANTIATE_TEST_SUITE_P(Modes, EitherRingTest,
                         ::testing::Values(RingMode::kGo, RingMode::kBalanced));

TEST_P(EitherRingTest, OneNodeOwnsEverything) {
  const Ring alone = ring({"http://:8081"});
  for (int i = 0; i < 100; ++i) EXPECT_EQ(owner(alone, i), "http://:8081");
  EXPECT_EQ(alone.shares(), std::vector<double>{1.0});
}

TEST_P(EitherRingTest, TheOrderOfTheNamesDoesNotMatter) {
  const Ring one = ring({"http://a:1", "http://b:1", "http://c:1"});
  const Ring other = ring({"http://c:1", "http://a:1", "http://b:1", "http://a:1"});
  EXPECT_EQ(one.names(), other.names());
  EXPECT_EQ(one.points(), other.points());
  EXPECT_EQ(one.fingerprint(), other.fingerprint());
}

TEST_P(EitherRingTest, WhenANodeLeavesOnlyItsKeysMove) {
  const Ring three = ring({"http://a:1", "http://b:1", "http://c:1"});
  const Ring two = ring({"http://a:1", "http://b:1"});
  int moved = 0;
  for (int i = 0; i < 1000; ++i) {
    if (owner(three, i) == "http://c:1") {
      ++moved;
    } else {
      EXPECT_EQ(owner(two, i), owner(three, i));
    }
  }
  EXPECT_GT(moved, 0);
}

TEST_P(EitherRingTest, SharesMatchHowManyKeysEachNodeOwns) {
  const Ring three = ring({"http://a:1", "http://b:1", "http://c:1"});
  const std::vector<double> shares = three.shares();
  constexpr int kKeys = 30'000;
  for (std::size_t node = 0; node < 3; ++node) {
    int owned = 0;
    for (int i = 0; i < kKeys; ++i) owned += owner(three, i) == three.names()[node] ? 1 : 0;
    EXPECT_NEAR(shares[node], static_cast<double>(owned) / kKeys, 0.02);
  }
  EXPECT_NEAR(shares[0] + shares[1] + shares[2], 1.0, 1e-9);
}

TEST_P(EitherRingTest, AWalkMeetsTheOwnerFirstAndEveryNodeOnce) {
  const Ring three = ring({"http://a:1", "http://b:1", "http://c:1"});
  for (int i = 0; i < 100; ++i) {
    std::vector<std::string> met;
    three.walk(std::to_string(i), [&](const std::string& name) {
      met.push_back(name);
      return true;
    });
    EXPECT_EQ(met.front(), owner(three, i));
    std::ranges::sort(met);
    EXPECT_EQ(met, three.names());
  }
}

// So that all who find the owner away agree on the next one, and nobody else's keys move.
TEST_P(EitherRingTest, TheSecondNodeOfAWalkOwnsTheKeyInARingWithoutTheOwner) {
  const Ring three = ring({"http://a:1", "http://b:1", "http://c:1"});
  const Ring two = ring({"http://a:1", "http://b:1"});
  int tried = 0;
  for (int i = 0; i < 300; ++i) {
    if (owner(three, i) != "http://c:1") continue;
    ++tried;
    std::vector<std::string> met;
    three.walk(std::to_string(i), [&](const std::string& name) {
      met.push_back(name);
      return met.size() < 2;
    });
    ASSERT_EQ(met.size(), 2U) << "a walk ends when it is told to";
    EXPECT_EQ(met[1], owner(two, i));
  }
  EXPECT_GT(tried, 0);
}

TEST(RingTest, AKeyPastTheLastPointBelongsToTheFirstPoint) {
  const Ring ring(RingMode::kGo, {"http://a:1", "http://b:1"});
  const auto& last = ring.points().back();
  int beyond = 0;
  for (int i = 0; i < 100'000; ++i) {
    const std::string key = std::to_string(i);
    if (crc32_ieee(key) <= last.hash) continue;
    ++beyond;
    EXPECT_EQ(ring.owner(key), ring.names()[ring.points().front().node]);
  }
  EXPECT_GT(beyond, 0);
}

// Points are hashed as number + name, so point 10 of "n" is point 1 of "0n", and so on up to 40.
TEST(RingTest, WhereGosPointsCollideTheGreatestNameHasThePoint) {
  const Ring ring(RingMode::kGo, {"n", "0n"});
  for (const char* text : {"10n", "20n", "30n", "40n"}) {
    const std::uint64_t hash = crc32_ieee(text);
    EXPECT_EQ(ring.names()[std::ranges::find(ring.points(), hash, &Ring::Point::hash)->node], "n");
  }
  EXPECT_EQ(ring.points().size(), 2U * 50 - 4);
}

TEST(RingTest, TheFingerprintTellsModesAndNamesApart) {
  const Ring ring(RingMode::kBalanced, {"a", "b"});
  EXPECT_EQ(ring.fingerprint().size(), 16U);
  EXPECT_NE(ring.fingerprint(), Ring(RingMode::kGo, {"a", "b"}).fingerprint());
  EXPECT_NE(ring.fingerprint(), Ring(RingMode::kBalanced, {"a", "c"}).fingerprint());
  EXPECT_NE(ring.fingerprint(), Ring(RingMode::kBalanced, {"a", "b", "c"}).fingerprint());
  EXPECT_NE(ring.fingerprint(), Ring(RingMode::kBalanced, {"a", "b"}, "a=1").fingerprint());
  EXPECT_NE(Ring(RingMode::kBalanced, {"a"}, "b").fingerprint(),
            Ring(RingMode::kBalanced, {"a", "b"}).fingerprint());
}

// No release may move keys: these were computed from the definition with another program.
TEST(BalancedRingTest, ThePlacesOfPointsAndKeysNeverChange) {
  const nlohmann::json vectors = testing::read_vectors("balanced-ring.json");
  const Ring ring(RingMode::kBalanced, vectors["names"].get<std::vector<std::string>>());
  EXPECT_EQ(ring.fingerprint(), vectors["fingerprint"].get<std::string>());
  ASSERT_EQ(ring.points().size(), vectors["points_count"].get<std::size_t>());
  for (std::size_t i = 0; i < vectors["points_first"].size(); ++i) {
    const auto& point = vectors["points_first"][i];
    EXPECT_EQ(ring.points()[i].hash, point[0].get<std::uint64_t>());
    EXPECT_EQ(ring.names()[ring.points()[i].node], point[1].get<std::string>());
  }
  ASSERT_FALSE(vectors["owners"].empty());
  for (const auto& [key, owner] : vectors["owners"].items()) {
    EXPECT_EQ(ring.owner(key), owner.get<std::string>()) << key;
  }
}

// Names as people give them.
std::vector<std::string> names_of(int set, int count) {
  std::vector<std::string> names;
  for (int i = 1; i <= count; ++i) {
    const std::string n = std::to_string(i);
    switch (set) {
      case 0:
        names.push_back("http://:" + std::to_string(8080 + i));
        break;
      case 1:
        names.push_back("http://10.0.0." + n + ":8080");
        break;
      case 2:
        names.push_back("http://imageserver-" + n + ".imageserver.default.svc.cluster.local:8080");
        break;
      default:
        names.push_back("http://[2001:db8::" + n + "]:80");
    }
  }
  return names;
}

TEST(BalancedRingTest, NobodyHasMuchMoreThanItsShare) {
  for (int set = 0; set < 4; ++set) {
    for (const int count : {3, 4, 5, 6, 7, 8, 10, 12, 16, 20, 32, 50, 64, 100}) {
      const std::vector<double> shares = Ring(RingMode::kBalanced, names_of(set, count)).shares();
      EXPECT_LT(std::ranges::max(shares) * count, 1.08) << count << " names of set " << set;
      EXPECT_GT(std::ranges::min(shares) * count, 0.92) << count << " names of set " << set;
    }
  }
}

TEST(BalancedRingTest, GosPlacementIsMuchLessEven) {
  const std::vector<double> shares = Ring(RingMode::kGo, names_of(0, 3)).shares();
  EXPECT_NEAR(std::ranges::max(shares) * 3, 1.38, 0.01);
}

TEST(BalancedRingTest, AnAddedNodeTakesItsShareAndNoOtherKeyMoves) {
  constexpr int kKeys = 5'000;
  for (const int count : {3, 10, 30}) {
    const Ring before(RingMode::kBalanced, names_of(1, count));
    const Ring after(RingMode::kBalanced, names_of(1, count + 1));
    const std::string added = names_of(1, count + 1).back();
    int moved = 0;
    for (int i = 0; i < kKeys; ++i) {
      const std::string key = std::to_string(i);
      if (before.owner(key) == after.owner(key)) continue;
      ++moved;
      EXPECT_EQ(after.owner(key), added);
    }
    const double fair = static_cast<double>(kKeys) / (count + 1);
    EXPECT_NEAR(moved, fair, 0.2 * fair) << count;
  }
}

}  // namespace
}  // namespace imageserver
