#include "base/io_pool.h"

#include <gtest/gtest.h>

#include <boost/asio/post.hpp>
#include <future>
#include <new>
#include <optional>
#include <set>
#include <thread>

#include "support/patience.h"

namespace imageserver {
namespace {

std::thread::id thread_of(net::io_context& context) {
  std::promise<std::thread::id> id;
  net::post(context, [&] { id.set_value(std::this_thread::get_id()); });
  return testing::awaited(id.get_future());
}

TEST(IoPoolTest, EachContextHasAThreadOfItsOwn) {
  IoPool pool(3);
  pool.start();
  std::set<std::thread::id> threads;
  for (std::size_t i = 0; i < pool.size(); ++i) threads.insert(thread_of(pool.at(i)));
  EXPECT_EQ(threads.size(), 3U);
  EXPECT_EQ(thread_of(pool.at(1)), thread_of(pool.at(1)));
}

std::optional<std::size_t> current_of(const IoPool& pool, net::io_context& context) {
  std::promise<std::optional<std::size_t>> current;
  net::post(context, [&] { current.set_value(pool.current()); });
  return testing::awaited(current.get_future());
}

TEST(IoPoolTest, AThreadKnowsItsOwnContextAndNoOtherPools) {
  IoPool pool(2);
  IoPool other(2);
  pool.start();
  other.start();
  EXPECT_EQ(current_of(pool, pool.at(0)), 0U);
  EXPECT_EQ(current_of(pool, pool.at(1)), 1U);
  EXPECT_EQ(current_of(pool, other.at(1)), std::nullopt);
  EXPECT_EQ(pool.current(), std::nullopt) << "the owner's thread runs no context";
}

TEST(IoPoolTest, StopsWithWorkUnderWayAndMayBeStoppedTwice) {
  IoPool pool(2);
  pool.start();
  Timer timer(pool.at(0), std::chrono::hours(1));
  timer.async_wait([](error_code) {});
  pool.stop();
  pool.stop();
}

TEST(IoPoolTest, AHandlerThatFindsNoMemoryEndsNoThread) {
  IoPool pool(1);
  pool.start();
  const std::thread::id before = thread_of(pool.at(0));
  net::post(pool.at(0), [] { throw std::bad_alloc(); });
  EXPECT_EQ(thread_of(pool.at(0)), before) << "the same thread goes on";
}

TEST(IoPoolTest, MayBeDestroyedWithoutHavingStarted) { const IoPool pool(2); }

}  // namespace
}  // namespace imageserver
