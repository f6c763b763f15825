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
#include "groupcache/s3_fifo.h"

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

template <class Kind>
void get(benchmark::State& state) {
  const std::vector<std::string> keys = shuffled_keys(state.range(0));
  Kind cache;
  for (const std::string& key : keys) cache.put(key, picture(), kNow);
  std::size_t turn = 0;
  for (auto _ : state) benchmark::DoNotOptimize(cache.get(keys[turn++ % keys.size()], kNow).image);
}
BENCHMARK(get<Lru>)->ArgName("items")->Arg(kFew)->Arg(kMany);
BENCHMARK(get<S3Fifo>)->ArgName("items")->Arg(kFew)->Arg(kMany);

template <class Kind>
void put_and_evict(benchmark::State& state) {
  const std::vector<std::string> keys = shuffled_keys(2 * state.range(0));
  const ImagePtr image = picture();
  Kind cache;
  std::size_t turn = 0;
  while (turn < keys.size() / 2) cache.put(keys[turn++], image, kNow);
  for (auto _ : state) {
    cache.put(keys[turn++ % keys.size()], image, kNow);
    benchmark::DoNotOptimize(cache.evict());
  }
}
BENCHMARK(put_and_evict<Lru>)->ArgName("items")->Arg(kFew)->Arg(kMany);
BENCHMARK(put_and_evict<S3Fifo>)->ArgName("items")->Arg(kFew)->Arg(kMany);

// Every thread asks the same pair, as the I/O threads do.
class FilledPair : public benchmark::Fixture {
 public:
  void SetUp(benchmark::State& state) override {
    if (state.thread_index() != 0) return;
    keys_ = shuffled_keys(kFew);
    for (const std::string& key : keys_) caches_.put(Shelf::kMain, key, picture(), kNow);
  }

 protected:
  CachePair caches_{{.limit = kNoLimit}};
  std::vector<std::string> keys_;
};

BENCHMARK_DEFINE_F(FilledPair, get)(benchmark::State& state) {
  auto turn = static_cast<std::size_t>(state.thread_index()) * kFew / 2;
  for (auto _ : state)
    benchmark::DoNotOptimize(caches_.get(keys_[turn++ % keys_.size()], kNow).image);
}
BENCHMARK_REGISTER_F(FilledPair, get)->ThreadRange(1, 2)->UseRealTime();

void pair_miss(benchmark::State& state) {
  const std::vector<std::string> keys = shuffled_keys(kFew);
  CachePair caches({.limit = kNoLimit});
  caches.put(Shelf::kMain, "another", picture(), kNow);
  std::size_t turn = 0;
  for (auto _ : state) benchmark::DoNotOptimize(caches.get(keys[turn++ % keys.size()], kNow).image);
}
BENCHMARK(pair_miss);

void pair_put_when_full(benchmark::State& state) {
  const std::vector<std::string> keys = shuffled_keys(2 * kFew);
  const ImagePtr image = picture();
  const std::size_t entry = keys.front().size() + value_size(*image);
  CachePair caches({.limit = static_cast<std::int64_t>(kFew * entry)});
  for (const std::string& key : keys) caches.put(Shelf::kMain, key, image, kNow);
  std::size_t turn = 0;
  for (auto _ : state) caches.put(Shelf::kMain, keys[turn++ % keys.size()], image, kNow);
}
BENCHMARK(pair_put_when_full);

}  // namespace
}  // namespace imageserver
