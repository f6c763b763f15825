#include "base/prefix_map.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace imageserver {
namespace {

using Map = PrefixMap<std::string>;
using Entries = std::vector<Map::Entry>;

// `value: rest` of the path; "none" if no prefix fits.
std::string found(const Map& map, std::string_view path) {
  const auto place = map.find(path);
  return place ? place->value + ": " + std::string(place->rest) : "none";
}

TEST(PrefixMapTest, TheRootHoldsForEveryPath) {
  const Map map(Entries{{"/", "root"}});
  EXPECT_EQ(found(map, "a.jpg"), "root: a.jpg");
  EXPECT_EQ(found(map, "folder/a.jpg"), "root: folder/a.jpg");
}

TEST(PrefixMapTest, TheLongestPrefixHoldsInWhateverOrderTheyAreGiven) {
  const Map::Entry root{"/", "root"};
  const Map::Entry photos{"/photos", "photos"};
  const Map::Entry old{"/photos/old", "old"};
  for (const auto& entries : {std::vector{root, photos, old}, std::vector{old, photos, root},
                              std::vector{photos, root, old}}) {
    const Map map(entries);
    EXPECT_EQ(found(map, "a.jpg"), "root: a.jpg");
    EXPECT_EQ(found(map, "photos/a.jpg"), "photos: a.jpg");
    EXPECT_EQ(found(map, "photos/old/x/a.jpg"), "old: x/a.jpg");
  }
}

TEST(PrefixMapTest, APrefixIsOneOfWholeSegments) {
  const Map map(Entries{{"/", "root"}, {"/photos", "photos"}});
  EXPECT_EQ(found(map, "photos2/a.jpg"), "root: photos2/a.jpg");
  EXPECT_EQ(found(map, "photos.jpg"), "root: photos.jpg");
  EXPECT_EQ(found(map, "photos"), "root: photos");
}

TEST(PrefixMapTest, WithoutAPrefixThatFitsThereIsNothing) {
  EXPECT_EQ(found(Map(Entries{{"/photos", "photos"}}), "a.jpg"), "none");
  EXPECT_EQ(found(Map(), "a.jpg"), "none");
}

}  // namespace
}  // namespace imageserver
