// What is asked beyond size and format is made once in the whole ring as well.

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <vector>

#include "integration/harness/node.h"
#include "integration/harness/picture.h"
#include "integration/harness/ring.h"
#include "support/temporary_directory.h"

namespace imageserver::testing {
namespace {

class RingTransforms : public ::testing::Test {
 protected:
  RingTransforms()
      : ring_({"--presets=" + directory_.write("presets", "thumb=width=33&blur=1").string()}) {}

  // The same of every node; `first` is asked first.
  void expect_same_of_all(const std::string& target, std::size_t first = 0) {
    const Reply reply = ring_[first].get(target);
    EXPECT_EQ(reply.status, 200) << target << ": " << reply.body;
    for (std::size_t i = 1; i < NodeRing::kNodes; ++i) {
      const std::size_t node = (first + i) % NodeRing::kNodes;
      EXPECT_TRUE(ring_[node].get(target).body == reply.body) << target << " from " << node;
    }
  }

  const TemporaryDirectory directory_;
  NodeRing ring_;
};

TEST_F(RingTransforms, EachIsMadeOnce) {
  std::size_t made = 0;
  for (const std::string query : {"crop=10,20|110,120",
                                  "crop=10,20%7C110,121",
                                  "rotation=30&background=f00&width=50",
                                  "rotation=90",
                                  "width=50&height=50&mode=pad&background=80ff0000",
                                  "width=51&mode=inside",
                                  "width=52&height=60&mode=fill&gravity=smart",
                                  "width=53&dpr=1.5",
                                  "width=54&blur=2.5",
                                  "width=55&sharpen=1&grayscale=1",
                                  "width=56&brightness=10&contrast=-5&saturation=20",
                                  "width=57&format=avif",
                                  "width=58&format=tiff",
                                  "width=59&format=bmp",
                                  "width=60&flip=h",
                                  "width=61&radius=9&format=png",
                                  "width=62&max_bytes=2000",
                                  "width=63&quality=auto",
                                  "width=64&format=png&colors=8",
                                  "width=65&tint=4080ff",
                                  "width=66&trim=10",
                                  "width=67&gamma_correction=true&resampling=linear"}) {
    expect_same_of_all("/small.jpg?" + query, made % NodeRing::kNodes);
    EXPECT_EQ(ring_.sum("Group/LocalLoads"), ++made) << query;
  }
  EXPECT_EQ(ring_.sum("Group/PeerErrors"), 0U);
}

TEST_F(RingTransforms, APresetIsMadeOnceHoweverItIsSaid) {
  expect_same_of_all("/small.jpg?preset=thumb");
  expect_same_of_all("/small.jpg?blur=1&width=33");
  expect_same_of_all("/small.jpg?preset=thumb&width=33", 1);
  EXPECT_EQ(ring_.sum("Group/LocalLoads"), 1U);
}

struct Refused {
  std::string target;
  std::string name;
};

// What the picture does not allow is found out by the owner, and by nobody else.
TEST_F(RingTransforms, TheOwnersVerdictIsFinal) {
  const std::vector<Refused> all = {{"/small.jpg?crop=300,0|400,9", "crop"},
                                    {"/animated.gif?page=99", "page"},
                                    {"/small.jpg?watermark=logo.png", "watermark"},
                                    {"/huge.jpg?width=8000", "width"}};
  for (const auto& [target, name] : all) {
    const std::size_t owner = ring_.owner(target);
    const auto tries_of_owner = ring_[owner].counter("Group/LocalLoadErrs");
    const auto tries = ring_.sum("Group/LocalLoadErrs");
    for (std::size_t node = 0; node < NodeRing::kNodes; ++node) {
      const Reply reply = ring_[node].get(target);
      EXPECT_EQ(reply.status, 400) << target;
      EXPECT_TRUE(reply.body.starts_with("invalid param \"" + name + "\": ")) << reply.body;
      EXPECT_FALSE(reply.has("X-Imageserver-Verdict")) << "clients have no use for it";
    }
    EXPECT_EQ(ring_[owner].counter("Group/LocalLoadErrs"), tries_of_owner + NodeRing::kNodes);
    EXPECT_EQ(ring_.sum("Group/LocalLoadErrs"), tries + NodeRing::kNodes) << target;
  }
}

}  // namespace
}  // namespace imageserver::testing
