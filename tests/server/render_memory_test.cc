#include "server/render_memory.h"

#include <gtest/gtest.h>

#include <cstdint>

#include "render/renderer.h"

namespace imageserver {
namespace {

constexpr std::int64_t kMebi = 1 << 20;

TEST(RenderMemoryTest, TheSumIsNeverMoreThanTheTotal) {
  for (const std::size_t renderers : {1U, 2U, 5U, 64U}) {
    const std::int64_t least = least_render_memory(renderers);
    for (const std::int64_t total : {least, least + 1, 2 * least, 3 * least, 100 * least}) {
      const JobMemory memory = share_out(total, renderers);
      const auto count = static_cast<std::int64_t>(renderers);
      EXPECT_EQ(count * (kIdleRendererMemory + memory.own) + memory.shared, total);
      EXPECT_GE(memory.own, 64 * kMebi);
      EXPECT_GE(memory.shared, 0);
    }
  }
}

TEST(RenderMemoryTest, WithMuchMemoryMostOfItIsShared) {
  const JobMemory memory = share_out(8192 * kMebi, 2);
  EXPECT_EQ(memory.own, 192 * kMebi);
  EXPECT_EQ(memory.shared, (8192 - 2 * 256) * kMebi);
}

TEST(RenderMemoryTest, WithLittleHalfIs) {
  const JobMemory memory = share_out(640 * kMebi, 2);
  EXPECT_EQ(memory.own, 96 * kMebi);
  EXPECT_EQ(memory.shared, 320 * kMebi);
}

}  // namespace
}  // namespace imageserver
