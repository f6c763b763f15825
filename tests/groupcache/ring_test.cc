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
  const Ring ring_{vectors_["peers"].get<std::vector<std::string>>()};
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

TEST(RingTest, OneNodeOwnsEverything) {
  const Ring ring({"http://:8081"});
  for (int i = 0; i < 100; ++i) EXPECT_EQ(ring.owner(std::to_string(i)), "http://:8081");
}

TEST(RingTest, PastTheLastPointComesTheFirst) {
  const Ring ring({"http://a:1", "http://b:1"});
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
TEST(RingTest, OfCollidingPointsTheNodeNamedLastHasIt) {
  const auto node_at = [](const Ring& ring, std::uint32_t hash) {
    return ring.names()[std::ranges::find(ring.points(), hash, &Ring::Point::hash)->node];
  };
  for (const char* text : {"10n", "20n", "30n", "40n"}) {
    EXPECT_EQ(node_at(Ring({"n", "0n"}), crc32_ieee(text)), "0n");
    EXPECT_EQ(node_at(Ring({"0n", "n"}), crc32_ieee(text)), "n");
  }
  EXPECT_EQ(Ring({"n", "0n"}).points().size(), 2U * Ring::kPoints - 4);
}

TEST(RingTest, WhenANodeLeavesOnlyItsKeysMove) {
  const Ring three({"http://a:1", "http://b:1", "http://c:1"});
  const Ring two({"http://a:1", "http://b:1"});
  for (int i = 0; i < 1000; ++i) {
    const std::string key = std::to_string(i);
    if (three.owner(key) == "http://c:1") continue;
    EXPECT_EQ(two.owner(key), three.owner(key));
  }
}

}  // namespace
}  // namespace imageserver
