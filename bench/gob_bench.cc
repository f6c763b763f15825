// The params on their way to a peer: as gob, and as the header that carries it.

#include <benchmark/benchmark.h>

#include <string>

#include "params/params.h"
#include "params/parse_target.h"
#include "peers/wire/context_header.h"
#include "peers/wire/gob.h"

namespace imageserver {
namespace {

Params typical_params() {
  return parse_target("/medium.jpg?width=640&height=480&mode=fill&format=webp").value();
}

void gob_encode(benchmark::State& state) {
  const Params params = typical_params();
  for (auto _ : state) benchmark::DoNotOptimize(encode_gob(params));
}
BENCHMARK(gob_encode);

void gob_decode(benchmark::State& state) {
  const std::string stream = encode_gob(typical_params());
  for (auto _ : state) benchmark::DoNotOptimize(decode_gob(stream));
}
BENCHMARK(gob_decode);

void context_header_encode(benchmark::State& state) {
  const Params params = typical_params();
  for (auto _ : state) benchmark::DoNotOptimize(encode_context_header(params));
}
BENCHMARK(context_header_encode);

void context_header_decode(benchmark::State& state) {
  const std::string text = encode_context_header(typical_params());
  for (auto _ : state) benchmark::DoNotOptimize(decode_context_header(text));
}
BENCHMARK(context_header_decode);

}  // namespace
}  // namespace imageserver
