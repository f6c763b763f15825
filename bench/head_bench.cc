// Heads in and out: what HTTP itself costs a hit, sockets left aside.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "http/entity_tag.h"
#include "http/head_writer.h"
#include "http/request_reader.h"

namespace imageserver {
namespace {

constexpr std::string_view kTool =
    "GET /medium.jpg?width=100 HTTP/1.1\r\n"
    "Host: localhost:8081\r\n"
    "\r\n";

constexpr std::string_view kBrowser =
    "GET /medium.jpg?width=100 HTTP/1.1\r\n"
    "Host: localhost:8081\r\n"
    "Connection: keep-alive\r\n"
    "Cache-Control: max-age=0\r\n"
    "sec-ch-ua: \"Chromium\";v=\"120\", \"Not A Brand\";v=\"99\"\r\n"
    "sec-ch-ua-mobile: ?0\r\n"
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/120.0.0.0 Safari/537.36\r\n"
    "sec-ch-ua-platform: \"Linux\"\r\n"
    "Accept: image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8\r\n"
    "Sec-Fetch-Site: same-origin\r\n"
    "Sec-Fetch-Mode: no-cors\r\n"
    "Sec-Fetch-Dest: image\r\n"
    "Referer: http://localhost:8081/gallery.html\r\n"
    "Accept-Encoding: gzip, deflate, br\r\n"
    "Accept-Language: en-US,en;q=0.9\r\n"
    "If-None-Match: \"0123456789abcdef0123456789abcdef\"\r\n"
    "\r\n";

void receive(RequestReader& reader, std::string_view bytes) {
  std::ranges::copy(bytes, reader.space().begin());
  reader.commit(bytes.size());
}

void read_head(benchmark::State& state, std::string_view head) {
  RequestReader reader{HeadLimits{}};
  for (auto _ : state) {
    receive(reader, head);
    if (reader.next() != RequestReader::State::kRequest) return state.SkipWithError("refused");
    benchmark::DoNotOptimize(reader.request().target());
    reader.consume();
  }
}
BENCHMARK_CAPTURE(read_head, tool, kTool);
BENCHMARK_CAPTURE(read_head, browser, kBrowser);

void match_etag(benchmark::State& state) {
  RequestReader reader{HeadLimits{}};
  receive(reader, kBrowser);
  if (reader.next() != RequestReader::State::kRequest) return state.SkipWithError("refused");
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        if_none_match(reader.request(), "\"0123456789abcdef0123456789abcdef\""));
  }
}
BENCHMARK(match_etag);

Response hit() {
  Response response;
  response.add_field("ETag", "\"0123456789abcdef0123456789abcdef\"");
  response.add_field("Cache-Control", "public, max-age=600");
  response.add_field("X-Content-Type-Options", "nosniff");
  response.add_field("Content-Type", "image/jpeg");
  response.body = Bytes::own(std::string(3000, 'x'));
  return response;
}

void make_response(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(hit());
}
BENCHMARK(make_response);

void write_head(benchmark::State& state) {
  const Response response = hit();
  std::string head;
  for (auto _ : state) {
    head.clear();
    append_head(head, response, Persistence::kImplied);
    benchmark::DoNotOptimize(head.data());
  }
}
BENCHMARK(write_head);

}  // namespace
}  // namespace imageserver
