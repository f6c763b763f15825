// Who owns a key, on rings of several sizes.

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/hash.h"
#include "groupcache/ring.h"

namespace imageserver {
namespace {

std::vector<std::string> names(std::int64_t count) {
  std::vector<std::string> all;
  for (std::int64_t i = 0; i < count; ++i)
    all.push_back("http://10.0.0." + std::to_string(i) + ":8080");
  return all;
}

// More than one, so that the search does not learn its branches by heart.
std::vector<std::string> some_keys() {
  std::vector<std::string> keys;
  for (int i = 0; i < 1024; ++i) keys.push_back(to_hex(sha256(std::to_string(i))));
  return keys;
}

RingMode mode(const benchmark::State& state) {
  return state.range(1) == 0 ? RingMode::kBalanced : RingMode::kGo;
}

void owner(benchmark::State& state) {
  const Ring ring(mode(state), names(state.range(0)));
  const std::vector<std::string> keys = some_keys();
  std::size_t turn = 0;
  for (auto _ : state) benchmark::DoNotOptimize(ring.owner(keys[turn++ % keys.size()]));
}
BENCHMARK(owner)->ArgNames({"nodes", "go"})->ArgsProduct({{3, 10, 100}, {0, 1}});

void make_ring(benchmark::State& state) {
  const std::vector<std::string> nodes = names(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(Ring(mode(state), nodes));
}
BENCHMARK(make_ring)->ArgNames({"nodes", "go"})->ArgsProduct({{3, 100}, {0, 1}});

}  // namespace
}  // namespace imageserver
