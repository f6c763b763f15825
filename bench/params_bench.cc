// What a request target costs on its way to a key: every hit pays all of it.

#include <benchmark/benchmark.h>

#include <string_view>

#include "params/params.h"
#include "params/parse_target.h"
#include "params/validate.h"

namespace imageserver {
namespace {

constexpr std::string_view kShort = "/medium.jpg?width=100";
constexpr std::string_view kLong =
    "/sub/dir%20name/medium.jpg"
    "?width=640&height=480&mode=fill&resampling=lanczos&format=webp&quality=80";

void parse(benchmark::State& state, std::string_view target) {
  for (auto _ : state) benchmark::DoNotOptimize(parse_target(target));
}
BENCHMARK_CAPTURE(parse, short, kShort);
BENCHMARK_CAPTURE(parse, long, kLong);

void check(benchmark::State& state, std::string_view target) {
  const Params params = parse_target(target).value();
  for (auto _ : state) benchmark::DoNotOptimize(validate(params));
}
BENCHMARK_CAPTURE(check, short, kShort);
BENCHMARK_CAPTURE(check, long, kLong);

void parse_and_check(benchmark::State& state, std::string_view target) {
  for (auto _ : state) {
    const Result<Params> params = parse_target(target);
    benchmark::DoNotOptimize(validate(*params));
  }
}
BENCHMARK_CAPTURE(parse_and_check, short, kShort);
BENCHMARK_CAPTURE(parse_and_check, long, kLong);

void text(benchmark::State& state, std::string_view target) {
  const Params params = parse_target(target).value();
  for (auto _ : state) benchmark::DoNotOptimize(params.text());
}
BENCHMARK_CAPTURE(text, short, kShort);
BENCHMARK_CAPTURE(text, long, kLong);

void key(benchmark::State& state, std::string_view target) {
  const Params params = parse_target(target).value();
  for (auto _ : state) benchmark::DoNotOptimize(params.key());
}
BENCHMARK_CAPTURE(key, short, kShort);
BENCHMARK_CAPTURE(key, long, kLong);

}  // namespace
}  // namespace imageserver
