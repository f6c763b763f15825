#include "source/named_once.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace imageserver {
namespace {

TEST(NamedOnceTest, EachNameIsToldOnce) {
  NamedOnce names(10);
  EXPECT_TRUE(names.is_first("a"));
  EXPECT_TRUE(names.is_first("b"));
  EXPECT_FALSE(names.is_first("a"));
  EXPECT_FALSE(names.is_first("b"));
}

TEST(NamedOnceTest, NoMoreThanItsLimitAreTold) {
  NamedOnce names(10);
  int told = 0;
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 100; ++i) told += names.is_first(std::to_string(i)) ? 1 : 0;
  }
  EXPECT_EQ(told, 10);
}

TEST(NamedOnceTest, ManyThreadsTellOnce) {
  NamedOnce names(1000);
  std::atomic<int> told = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 500; ++i) told += names.is_first(std::to_string(i)) ? 1 : 0;
      });
    }
  }
  EXPECT_EQ(told, 500);
}

}  // namespace
}  // namespace imageserver
