// The caches, filled with 1000 or 100,000 pictures and asked in no order.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "base/hash.h"
#include "groupcache/cache_pair.h"
#include "groupcache/lru.h"

namespace imageserver {
namespace {

constexpr std::int64_t kNoLimit = std::numeric_limits<std::int64_t>::max();
constexpr int kFew = 1'000;
constexpr int kMany = 100'000;

std::vector<std::string> shuffled_keys(std::int64_t count) {
  std::vector<std::string> keys;
  for (std::int64_t i = 0; i < count; ++i) keys.push_back(to_hex(sha256(std::to_string(i))));
  std::ranges::shuffle(keys, std::minstd_rand());
  return keys;
}

const Clock::time_point kNow;

ImagePtr picture() { return make_image(Format::kJpeg, Bytes::copy(std::string(100, 'x')), {}); }

void lru_get(benchmark::State& state) {
  const std::vector<std::string> keys = shuffled_keys(state.range(0));
  Lru lru;
  for (const std::string& key : keys) lru.put(key, picture(), kNow);
  std::size_t turn = 0;
  for (auto _ : state) benchmark::DoNotOptimize(lru.get(keys[turn++ % keys.size()], kNow));
}
BENCHMARK(lru_get)->ArgName("items")->Arg(kFew)->Arg(kMany);

void lru_put_and_evict(benchmark::State& state) {
  const std::vector<std::string> keys = shuffled_keys(2 * state.range(0));
  const ImagePtr image = picture();
  Lru lru;
  std::size_t turn = 0;
  while (turn < keys.size() / 2) lru.put(keys[turn++], image, kNow);
  for (auto _ : state) {
    lru.put(keys[turn++ % keys.size()], image, kNow);
    benchmark::DoNotOptimize(lru.evict());
  }
}
BENCHMARK(lru_put_and_evict)->ArgName("items")->Arg(kFew)->Arg(kMany);

// Every thread asks the same pair, as the I/O threads do.
class FilledPair : public benchmark::Fixture {
 public:
  void SetUp(benchmark::State& state) override {
    if (state.thread_index() != 0) return;
    keys_ = shuffled_keys(kFew);
    for (const std::string& key : keys_) caches_.put(Shelf::kMain, key, picture(), kNow);
  }

 protected:
  CachePair caches_{kNoLimit, RingMode::kBalanced, CachePolicy::kLru};
  std::vector<std::string> keys_;
};

BENCHMARK_DEFINE_F(FilledPair, get)(benchmark::State& state) {
  auto turn = static_cast<std::size_t>(state.thread_index()) * kFew / 2;
  for (auto _ : state) benchmark::DoNotOptimize(caches_.get(keys_[turn++ % keys_.size()], kNow));
}
BENCHMARK_REGISTER_F(FilledPair, get)->ThreadRange(1, 2)->UseRealTime();

void pair_miss(benchmark::State& state) {
  const std::vector<std::string> keys = shuffled_keys(kFew);
  CachePair caches(kNoLimit, RingMode::kBalanced, CachePolicy::kLru);
  caches.put(Shelf::kMain, "another", picture(), kNow);
  std::size_t turn = 0;
  for (auto _ : state) benchmark::DoNotOptimize(caches.get(keys[turn++ % keys.size()], kNow));
}
BENCHMARK(pair_miss);

void pair_put_when_full(benchmark::State& state) {
  const std::vector<std::string> keys = shuffled_keys(2 * kFew);
  const ImagePtr image = picture();
  const std::size_t entry = keys.front().size() + value_size(*image);
  CachePair caches(static_cast<std::int64_t>(kFew * entry), RingMode::kBalanced, CachePolicy::kLru);
  for (const std::string& key : keys) caches.put(Shelf::kMain, key, image, kNow);
  std::size_t turn = 0;
  for (auto _ : state) caches.put(Shelf::kMain, keys[turn++ % keys.size()], image, kNow);
}
BENCHMARK(pair_put_when_full);

}  // namespace
}  // namespace imageserver
