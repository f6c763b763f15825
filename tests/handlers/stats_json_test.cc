#include "handlers/stats_json.h"

#include <gtest/gtest.h>

namespace imageserver {
namespace {

TEST(StatsJsonTest, LooksAsGoWritesIt) {
  const Stats stats{.group = {1, 2, 3, 4, 5, 6, 7, 8, 9},
                    .main = {10, 11, 12, 13, 14},
                    .hot = {15, 16, 17, 18, 18446744073709551615U}};
  EXPECT_EQ(stats_json(stats), R"({
	"Group": {
		"Gets": 1,
		"CacheHits": 2,
		"PeerLoads": 3,
		"PeerErrors": 4,
		"Loads": 5,
		"LoadsDeduped": 6,
		"LocalLoads": 7,
		"LocalLoadErrs": 8,
		"ServerRequests": 9
	},
	"Caches": {
		"Main": {
			"Bytes": 10,
			"Items": 11,
			"Gets": 12,
			"Hits": 13,
			"Evictions": 14
		},
		"Hot": {
			"Bytes": 15,
			"Items": 16,
			"Gets": 17,
			"Hits": 18,
			"Evictions": 18446744073709551615
		}
	}
}
)");
}

}  // namespace
}  // namespace imageserver
