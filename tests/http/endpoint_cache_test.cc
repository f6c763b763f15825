#include "http/endpoint_cache.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <vector>

#include "support/run_to_end.h"

namespace imageserver {
namespace {

using namespace std::chrono_literals;

// Answers as the test says, and at once.
class EndpointCacheTest : public ::testing::Test {
 protected:
  using Endpoints = EndpointCache::Endpoints;

  explicit EndpointCacheTest(Clock::duration fresh = EndpointCache::kFresh)
      : cache_([this](const Address& address,
                      Deadline deadline) { return resolve(address, deadline); },
               fresh) {}

  Awaitable<Endpoints> resolve(const Address&, Deadline deadline) {
    ++lookups_;
    patience_ = deadline - Clock::now();
    co_return answer_;
  }

  Endpoints find(const std::string& host = "peer") {
    const Address address{host, 80};
    net::io_context context(1);
    Endpoints found;
    net::co_spawn(context, cache_.find(address, Clock::now() + 1h),
                  [&](const std::exception_ptr& thrown, Endpoints endpoints) {
                    EXPECT_FALSE(thrown);
                    found = std::move(endpoints);
                  });
    testing::run_to_end(context);
    return found;
  }

  static Endpoints at(std::uint16_t port) {
    return {Tcp::endpoint(net::ip::address_v4::loopback(), port)};
  }

  Endpoints answer_;
  int lookups_ = 0;
  Clock::duration patience_{};
  EndpointCache cache_;
};

class StaleEndpointCacheTest : public EndpointCacheTest {
 protected:
  StaleEndpointCacheTest() : EndpointCacheTest(Clock::duration(0)) {}
};

TEST_F(StaleEndpointCacheTest, IfTheNameServerFailsTheLastAnswerStands) {
  answer_ = at(1);
  EXPECT_EQ(find(), at(1));
  answer_.clear();
  EXPECT_EQ(find(), at(1));
  EXPECT_EQ(lookups_, 2);
  EXPECT_LE(patience_, EndpointCache::kPatience);
  answer_ = at(2);
  EXPECT_EQ(find(), at(2));
}

TEST_F(EndpointCacheTest, ANameIsLookedUpOnce) {
  answer_ = at(1);
  EXPECT_EQ(find(), at(1));
  EXPECT_EQ(find(), at(1));
  EXPECT_EQ(lookups_, 1);
  EXPECT_EQ(find("other"), at(1));
  EXPECT_EQ(lookups_, 2);
}

TEST_F(EndpointCacheTest, ADoubtedEndpointIsLookedUpAgain) {
  answer_ = at(1);
  EXPECT_EQ(find(), at(1));
  cache_.doubt({"peer", 80});
  answer_ = at(2);
  EXPECT_EQ(find(), at(2));
  cache_.doubt({"peer", 80});
  answer_.clear();
  EXPECT_EQ(find(), at(2)) << "what is known still stands";
}

TEST_F(EndpointCacheTest, AnUnknownNameIsLookedUpEachTimeUntilTheDeadline) {
  EXPECT_EQ(find(), Endpoints());
  EXPECT_EQ(find(), Endpoints());
  EXPECT_EQ(lookups_, 2);
  EXPECT_GT(patience_, 30min);
  answer_ = at(1);
  EXPECT_EQ(find(), at(1));
}

}  // namespace
}  // namespace imageserver
