#include "render/renderer_stats.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

namespace imageserver {
namespace {

TEST(RendererStatsTest, ReadmeListsEveryCounterInTheOrderOfTheRows) {
  std::ostringstream readme;
  readme << std::ifstream(IMAGESERVER_README).rdbuf();
  std::string table;
  for (const RendererStatRow& row : kRendererStats)
    table += "| `" + std::string(row.name) + "` | " + std::string(row.help) + " |\n";
  EXPECT_NE(readme.str().find(table), std::string::npos) << table;
}

TEST(RendererStatsTest, EveryRowHasAValueOfItsOwn) {
  RendererStats stats;
  for (const RendererStatRow& row : kRendererStats) {
    EXPECT_EQ(stats.*row.value, 0U) << row.name;
    stats.*row.value = 1;
  }
}

}  // namespace
}  // namespace imageserver
