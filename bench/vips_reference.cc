// What libvips itself needs for a picture: the floor under the cost of a miss.
// Usage: vips_reference FILE WIDTH...
// Makes a JPEG of each width from the file in memory and prints the CPU milliseconds a picture.

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include <vips/vips8>

namespace {

using vips::VImage;

struct Unref {
  void operator()(VipsBlob* blob) const { vips_area_unref(VIPS_AREA(blob)); }
};
using Blob = std::unique_ptr<VipsBlob, Unref>;

std::string read_file(const char* path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// A height without bound, as the width alone is to decide.
void make(VipsBlob* source, int width) {
  const VImage small =
      VImage::thumbnail_buffer(source, width, VImage::option()->set("height", VIPS_MAX_COORD));
  const Blob jpeg(small.jpegsave_buffer(VImage::option()->set("Q", 80)->set("strip", true)));
}

// Of all threads, as libvips has some of its own.
double cpu_milliseconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

// The first picture pays for what libvips sets up once.
double measure(VipsBlob* source, std::span<const int> widths) {
  make(source, widths.front());
  const double start = cpu_milliseconds();
  for (const int width : widths) make(source, width);
  return (cpu_milliseconds() - start) / static_cast<double>(widths.size());
}

std::vector<int> parse_widths(std::span<char* const> arguments) {
  std::vector<int> widths;
  for (const std::string_view text : arguments) {
    int width = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, failure] = std::from_chars(text.data(), end, width);
    if (failure != std::errc() || stop != end || width < 1) return {};
    widths.push_back(width);
  }
  return widths;
}

}  // namespace

int main(int argc, char** argv) {
  const std::span<char* const> arguments(argv, static_cast<std::size_t>(argc));
  const auto widths = parse_widths(arguments.subspan(std::min<std::size_t>(2, arguments.size())));
  if (widths.empty()) {
    std::cerr << "usage: vips_reference FILE WIDTH...\n";
    return EXIT_FAILURE;
  }
  if (VIPS_INIT(argv[0]) != 0) return EXIT_FAILURE;
  vips_cache_set_max(0);
  vips_concurrency_set(1);
  try {
    const std::string bytes = read_file(argv[1]);
    const Blob source(vips_blob_new(nullptr, bytes.data(), bytes.size()));
    std::cout << measure(source.get(), widths) << '\n';
  } catch (const vips::VError& error) {
    std::cerr << "vips_reference: " << error.what() << '\n';
    return EXIT_FAILURE;
  }
  vips_shutdown();
  return EXIT_SUCCESS;
}
