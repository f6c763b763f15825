// The memory that a job is said to take, held against a real renderer that has no more than that.
// Sanitizers have memory of their own, so there is no such limit under them.

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "render/pool/process_renderer.h"
#include "support/pictures.h"
#include "support/process.h"

namespace imageserver {
namespace {

using vips::VImage;

constexpr std::int64_t kMebi = 1 << 20;

// Every job has to ask: then it has what it has asked for, and no byte more.
RenderTerms terms() {
  RenderTerms terms;
  terms.context.untrusted = {.svg = true, .pdf = true, .jxl = true};
  return terms;
}

struct Case {
  std::string name;
  Bytes source;
  TransformSpec spec;
};

class RenderMemoryTest : public TransformTest {
 protected:
  static TransformSpec to(Format format, int width = 0) {
    TransformSpec spec = as(format);
    spec.width = width;
    return spec;
  }

  // Written by ourselves: for a file that cannot be read from row to row.
  static Bytes written(const VImage& image, Format format, bool TransformSpec::* how) {
    TransformSpec spec = as(format);
    spec.*how = true;
    return make(encoded(image, Format::kPng), spec)->data;
  }

  void expect_made(const Case& one) {
    std::int64_t most = 0;
    const auto admit = [&](const Demand& demand) {
      most = std::max(most, demand.memory);
      return true;
    };
    const auto result = renderer_.picture(one.source, one.spec, {}, {}, admit);
    EXPECT_TRUE(result.has_value())
        << one.name << ": " << result.error().message << " of " << most / kMebi << " MiB";
  }

  ProcessRenderer renderer_{terms(), IMAGESERVER_RENDER_PROGRAM};
};

TEST_F(RenderMemoryTest, EachFormatIsReadInWhatItAsksFor) {
  const VImage image = photo(3000, 2000);
  for (const Format format : kFormats)
    expect_made({std::string(format_name(format)), encoded(image, format), sized(500, 0)});
  expect_made(
      {"interlaced PNG", written(image, Format::kPng, &TransformSpec::progressive), sized(500, 0)});
  expect_made({"progressive JPEG", written(image, Format::kJpeg, &TransformSpec::progressive),
               sized(500, 0)});
  expect_made(
      {"lossless WebP", written(image, Format::kWebp, &TransformSpec::lossless), sized(500, 0)});
  expect_made({"HEIC", read_testdata("small.heic"), sized(100, 0)});
  expect_made({"SVG",
               Bytes::own("<svg xmlns='http://www.w3.org/2000/svg' width='300' height='200'>"
                          "<text x='20' y='50' font-size='40'>text</text></svg>"),
               sized(2000, 0)});
}

TEST_F(RenderMemoryTest, EachFormatIsWrittenInWhatItAsksFor) {
  const Bytes source = encoded(photo(2000, 1500), Format::kJpeg);
  for (const Format format : kFormats) {
    expect_made({std::string(format_name(format)), source, to(format)});
    TransformSpec lossless = to(format, 1000);
    lossless.lossless = true;
    expect_made({std::string(format_name(format)) + " lossless", source, lossless});
    TransformSpec few = to(format, 1000);
    few.colors = 64;
    expect_made({std::string(format_name(format)) + " few colours", source, few});
    TransformSpec similar = to(format, 1000);
    similar.auto_quality = true;
    expect_made({std::string(format_name(format)) + " quality=auto", source, similar});
  }
}

TEST_F(RenderMemoryTest, WhatHoldsPicturesAsksForThem) {
  const Bytes source = encoded(photo(3000, 2000), Format::kJpeg);
  std::vector<Case> cases(7, {"", source, sized(1500, 0)});
  cases[0].name = "rotation";
  cases[0].spec.rotation = 30;
  cases[1].name = "trim";
  cases[1].spec.trim = 10;
  cases[2].name = "nearest neighbour";
  cases[2].spec.resampling = Resampling::kNearestNeighbor;
  cases[3].name = "blur";
  cases[3].spec.blur = 5;
  cases[4].name = "smart crop";
  cases[4].spec = sized(500, 1500);
  cases[4].spec.mode = Mode::kFill;
  cases[4].spec.gravity.kind = Gravity::Kind::kSmart;
  cases[5].name = "enlarged";
  cases[5].spec = sized(4000, 0);
  cases[6].name = "flipped";
  cases[6].spec.flip.vertical = true;
  for (const Case& one : cases) expect_made(one);
}

// Takes the memory of every renderer that this process has, down to so many bytes.
void limit_renderers(std::int64_t bytes) {
  for (const pid_t child : testing::children_of(getpid())) {
    const rlimit limit{static_cast<rlim_t>(bytes), static_cast<rlim_t>(bytes)};
    ASSERT_EQ(prlimit(child, RLIMIT_DATA, &limit, nullptr), 0);
  }
}

TEST_F(RenderMemoryTest, ARendererThatFindsNoMemoryIsReplaced) {
  RenderTerms never_asks = terms();
  never_asks.unasked = {.work = std::int64_t{1} << 40, .memory = std::int64_t{1} << 40};
  ProcessRenderer renderer(never_asks, IMAGESERVER_RENDER_PROGRAM);
  const VImage large = plain(4000, 3000, {200, 100, 50});
  const Bytes source = written(large, Format::kPng, &TransformSpec::progressive);
  ASSERT_TRUE(renderer.picture(source, sized(500, 0), {}, {}, {}).has_value());
  limit_renderers(50 * kMebi);
  EXPECT_TRUE(renderer.picture(source, sized(500, 0), {}, {}, {}).has_value());
  EXPECT_EQ(renderer.stats().out_of_memory, 1U);
}

}  // namespace
}  // namespace imageserver
