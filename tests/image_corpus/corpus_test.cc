// Files made to do harm: whatever is asked of them, each ends as a picture or as the client's
// error.

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "formats/format.h"
#include "image/codec/allowed_operations.h"
#include "image/transform.h"
#include "image/vips/vips_library.h"
#include "image_corpus/hostile.h"
#include "render/pool/process_renderer.h"

// What the libraries drop when a file is broken in a certain way, so that what we drop is seen.
extern "C" const char* __lsan_default_suppressions() {  // NOLINT
  return "leak:libdav1d\nleak:libimagequant\nleak:libx265\n";
}

namespace imageserver {
namespace {

constexpr UntrustedFormats kAll{.svg = true, .pdf = true, .jxl = true};

class LibraryEnvironment : public ::testing::Environment {
 public:
  void SetUp() override { library_ = std::make_unique<VipsLibrary>(allowed_operations(kAll)); }
  void TearDown() override { library_.reset(); }

 private:
  std::unique_ptr<VipsLibrary> library_;
};

const auto* const kLibrary = ::testing::AddGlobalTestEnvironment(new LibraryEnvironment);

// Asks for a stop once so much time has passed.
class Timer {
 public:
  explicit Timer(std::chrono::milliseconds time)
      : watcher_([this, time](const std::stop_token& end) { watch(time, end); }) {}

  [[nodiscard]] std::stop_token stop() const { return stop_.get_token(); }

 private:
  void watch(std::chrono::milliseconds time, const std::stop_token& end) {
    std::unique_lock lock(mutex_);
    over_.wait_for(lock, end, time, [] { return false; });
    if (!end.stop_requested()) stop_.request_stop();
  }

  std::stop_source stop_;
  std::mutex mutex_;
  std::condition_variable_any over_;
  std::jthread watcher_;
};

TransformContext context(const ImageLimits& limits = {}) {
  return {.limits = limits, .untrusted = kAll};
}

RenderTerms terms() {
  RenderTerms terms;
  terms.context = context();
  return terms;
}

// A process for each look at such a file: fewer looks.
bool is_read_once(std::string_view bytes) {
  const auto type = sniff(bytes);
  return type && needs_sandbox(*type);
}

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

const std::filesystem::path kTestdata = IMAGESERVER_TESTDATA;

std::vector<std::filesystem::path> corpus() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(kTestdata / "corpus")) {
    if (entry.path().extension() != ".md") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

TransformSpec thumbnail(std::optional<Format> format = std::nullopt) {
  TransformSpec spec;
  spec.width = 100;
  spec.height = 100;
  spec.mode = Mode::kFit;
  spec.format = format;
  return spec;
}

TransformSpec cropped() {
  TransformSpec spec = thumbnail();
  spec.crop = CropBox{3, 5, 60, 40};
  return spec;
}

TransformSpec rotated() {
  TransformSpec spec = thumbnail();
  spec.rotation = 33;
  return spec;
}

TransformSpec trimmed() {
  TransformSpec spec = thumbnail();
  spec.trim = 10;
  return spec;
}

TransformSpec later_page() {
  TransformSpec spec = thumbnail();
  spec.page = 1;
  return spec;
}

TransformSpec most_interesting() {
  TransformSpec spec = thumbnail();
  spec.mode = Mode::kFill;
  spec.gravity.kind = Gravity::Kind::kSmart;
  return spec;
}

TransformSpec as_it_is() {
  TransformSpec spec;
  spec.quality = 50;
  return spec;
}

std::vector<TransformSpec> ways() {
  std::vector<TransformSpec> specs = {cropped(),    rotated(),          trimmed(),
                                      later_page(), most_interesting(), as_it_is()};
  for (const Format format : kFormats) specs.push_back(thumbnail(format));
  return specs;
}

// Calls `work` for each number below `count`, several at once.
void for_each_number(std::size_t count, const std::function<void(std::size_t)>& work) {
  constexpr int kThreads = 4;
  std::atomic<std::size_t> next = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (std::size_t number = next++; number < count; number = next++) work(number);
      VipsLibrary::thread_exit();
    });
  }
}

struct Case {
  std::string what;
  Bytes bytes;
  TransformSpec spec;
};

class CorpusTest : public ::testing::Test {
 protected:
  void TearDown() override {
    std::cout << "slowest: " << slowest_ << ", " << longest_.count() << " ms\n";
  }

  void expect_survived(const std::vector<Case>& cases, const ImageLimits& limits = {}) {
    for_each_number(cases.size(), [&](std::size_t i) { expect_survived(cases[i], limits); });
  }

  ProcessRenderer& renderer() { return renderer_; }

  // What a way of asking is next.
  TransformSpec next_way() { return ways_[next_++ % ways_.size()]; }

 private:
  void expect_survived(const Case& tried, const ImageLimits& limits) {
    const Timer patience(std::chrono::seconds(60));
    const auto begun = std::chrono::steady_clock::now();
    const auto result = made(tried, patience.stop(), limits);
    note_time(tried.what, std::chrono::steady_clock::now() - begun);
    if (result.has_error()) {
      expect_blames_client(tried.what, result.error());
    } else {
      expect_sound(tried.what, **result);
    }
  }

  // Nothing bounds what an untrusted format takes but a process of its own.
  Result<ImagePtr> made(const Case& tried, const std::stop_token& stop, const ImageLimits& limits) {
    if (!is_read_once(tried.bytes.view()))
      return transform(tried.bytes, tried.spec, stop, context(limits));
    return renderer_.picture(tried.bytes, tried.spec, {}, stop, {});
  }

  static void expect_sound(const std::string& what, const Image& image) {
    const auto type = sniff(image.data.view());
    ASSERT_TRUE(type) << what;
    EXPECT_EQ(format_of(*type), image.format) << what;
    EXPECT_LE(image.frames.read, image.frames.total) << what;
  }

  static void expect_blames_client(const std::string& what, const Error& error) {
    EXPECT_TRUE(error.kind == ErrorKind::kUnprocessable || error.kind == ErrorKind::kInvalidParam)
        << what << ": " << error.message;
  }

  void note_time(const std::string& what, std::chrono::steady_clock::duration time) {
    const std::lock_guard lock(mutex_);
    const auto taken = std::chrono::duration_cast<std::chrono::milliseconds>(time);
    if (taken <= longest_) return;
    longest_ = taken;
    slowest_ = what;
  }

  ProcessRenderer renderer_{terms(), IMAGESERVER_RENDER_PROGRAM};
  const std::vector<TransformSpec> ways_ = ways();
  std::size_t next_ = 0;
  std::mutex mutex_;  // guards what follows
  std::chrono::milliseconds longest_{-1};
  std::string slowest_ = "none";
};

TEST_F(CorpusTest, EachFileIsAPictureOrTheClientsError) {
  std::vector<Case> cases;
  for (const auto& file : corpus()) {
    if (testing::never_ends(file.filename().string())) continue;
    const std::string bytes = read(file);
    const Bytes source = Bytes::copy(bytes);
    for (int i = 0; i < testing::rounds(); ++i)
      cases.push_back({file.filename(), source, next_way()});
    if (!is_read_once(bytes)) cases.push_back({file.filename(), source, {}});
  }
  EXPECT_GT(cases.size(), 1000U);
  expect_survived(cases);
}

TEST_F(CorpusTest, TheHarmlessOnesArePictures) {
  int seen = 0;
  for (const auto& file : corpus()) {
    if (!file.stem().string().ends_with("-good")) continue;
    ++seen;
    const auto result = renderer().picture(Bytes::own(read(file)), thumbnail(), {}, {}, {});
    EXPECT_TRUE(result.has_value()) << file.filename();
  }
  EXPECT_GE(seen, 7);
}

TEST_F(CorpusTest, ADrawingWithoutEndIsEndedByAStop) {
  std::vector<std::filesystem::path> files = corpus();
  std::erase_if(files,
                [](const auto& file) { return !testing::never_ends(file.filename().string()); });
  EXPECT_GE(files.size(), 5U);
  for_each_number(files.size(), [&](std::size_t i) {
    const Timer deadline(std::chrono::milliseconds(300));
    const auto result =
        renderer().picture(Bytes::own(read(files[i])), as_it_is(), {}, deadline.stop(), {});
    ASSERT_TRUE(result.has_error()) << files[i];
    EXPECT_TRUE(result.error().kind == ErrorKind::kCancelled ||
                result.error().kind == ErrorKind::kUnprocessable)
        << files[i] << ": " << result.error().message;
  });
}

// A good picture, small enough to be broken often. Empty if it cannot be made.
std::string seed(const std::string& name, Format format, int width = 40) {
  TransformSpec spec;
  spec.width = width;
  spec.format = format;
  const auto image = transform(Bytes::own(read(kTestdata / name)), spec, {});
  return image.has_value() ? std::string((*image)->data.view()) : "";
}

std::map<std::string, std::string> seeds() {
  std::map<std::string, std::string> all;
  for (const std::string name : {"small.jpg", "animated.gif", "animated.webp", "alpha.png"}) {
    for (const Format format : kFormats)
      all[name + " as " + std::string(format_name(format))] = seed(name, format);
  }
  for (const auto& file : corpus()) {
    if (file.stem().string().ends_with("-good")) all[file.filename()] = read(file);
  }
  return all;
}

TEST_F(CorpusTest, FilesWithFlippedBitsDoNoHarm) {
  // Small, as what is tried is the reading, and not the time that large pictures take.
  constexpr ImageLimits kSmall{.max_pixels = 250'000, .max_frames = 8};
  std::mt19937 chance(1);
  std::vector<Case> cases;
  for (const auto& [name, bytes] : seeds()) {
    ASSERT_FALSE(bytes.empty()) << name;
    const int flips = (is_read_once(bytes) ? 8 : 24) * testing::rounds();
    for (int i = 0; i < flips; ++i) {
      cases.push_back({name + ", flipped " + std::to_string(i),
                       Bytes::own(testing::flipped(bytes, chance)), next_way()});
    }
  }
  expect_survived(cases, kSmall);
}

TEST_F(CorpusTest, FilesCutAfterAnyKibibyteDoNoHarm) {
  std::map<std::string, std::string> pictures = {
      {"large AVIF", seed("medium.jpg", Format::kAvif, 500)}};
  for (const std::string name :
       {"small.jpg", "progressive.jpg", "cmyk.jpg", "alpha.png", "palette.png", "animated.gif",
        "animated.webp", "still.webp", "small.heic", "small.tiff", "small.bmp"}) {
    pictures[name] = read(kTestdata / name);
  }
  std::vector<Case> cases;
  for (const auto& [name, bytes] : pictures) {
    const auto parts = testing::truncated(bytes);
    EXPECT_FALSE(parts.empty()) << name;
    for (const std::string& part : parts) {
      const std::string what = name + " of " + std::to_string(part.size());
      cases.push_back({what, Bytes::copy(part), next_way()});
    }
  }
  expect_survived(cases);
}

}  // namespace
}  // namespace imageserver
