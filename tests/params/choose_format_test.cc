#include "params/choose_format.h"

#include <gtest/gtest.h>

#include <vector>

namespace imageserver {
namespace {

constexpr std::int64_t kMost = 1000;  // pixels of an AVIF that was not asked for

Format chosen(const TransformSpec& spec, const ResultFacts& facts) {
  return choose_format(spec, facts, kMost);
}

TransformSpec for_client(bool avif, bool webp, bool webp_first = false) {
  TransformSpec spec;
  spec.auto_format = AutoFormat{.avif = avif, .webp = webp, .webp_first = webp_first};
  return spec;
}

std::vector<ResultFacts> all_facts() {
  std::vector<ResultFacts> facts;
  for (const FileType type : {FileType::kJpeg, FileType::kPng, FileType::kGif, FileType::kWebp,
                              FileType::kAvif, FileType::kTiff, FileType::kBmp, FileType::kHeic,
                              FileType::kSvg, FileType::kPdf, FileType::kJxl}) {
    for (const bool moves : {false, true}) {
      for (const bool alpha : {false, true}) {
        for (const std::int64_t pixels : {kMost, kMost + 1})
          facts.push_back({.source = type, .moves = moves, .alpha = alpha, .pixels = pixels});
      }
    }
  }
  return facts;
}

TEST(ChooseFormat, WhatIsAskedForWins) {
  for (const ResultFacts& facts : all_facts()) {
    for (const Format format : kFormats) {
      TransformSpec spec = for_client(true, true);
      spec.format = format;
      EXPECT_EQ(chosen(spec, facts), format);
    }
  }
}

TEST(ChooseFormat, WithNothingAskedItIsTheSourcesOwn) {
  for (const ResultFacts& facts : all_facts()) {
    const auto own = format_of(facts.source);
    if (own) {
      EXPECT_EQ(chosen({}, facts), *own);
    }
  }
}

TEST(ChooseFormat, WhatIsNeverServedBecomesPngWhereThereIsAlphaElseJpeg) {
  for (const FileType type : {FileType::kHeic, FileType::kSvg, FileType::kPdf, FileType::kJxl}) {
    EXPECT_EQ(format_of(type), std::nullopt);
    EXPECT_EQ(chosen({}, {.source = type, .alpha = false}), Format::kJpeg);
    EXPECT_EQ(chosen({}, {.source = type, .alpha = true}), Format::kPng);
  }
}

TEST(ChooseFormat, AutomaticForStillPictures) {
  struct Row {
    bool avif, webp, webp_first, alpha, large;
    Format format;
  };
  constexpr Format A = Format::kAvif, W = Format::kWebp, J = Format::kJpeg, P = Format::kPng;
  const Row rows[] = {
      {false, false, false, false, false, J}, {false, false, false, true, false, P},
      {false, false, false, false, true, J},  {false, false, false, true, true, P},
      {false, true, false, false, false, W},  {false, true, false, true, false, W},
      {false, true, false, false, true, W},   {false, true, true, false, false, W},
      {true, false, false, false, false, A},  {true, false, false, true, false, A},
      {true, false, false, false, true, J},   {true, false, false, true, true, P},
      {true, true, false, false, false, A},   {true, true, false, true, false, A},
      {true, true, false, false, true, W},    {true, true, false, true, true, W},
      {true, true, true, false, false, W},    {true, true, true, true, false, W},
      {true, true, true, false, true, W},     {true, false, true, false, false, A},
  };
  for (const Row& row : rows) {
    for (const FileType type : {FileType::kJpeg, FileType::kPng, FileType::kAvif, FileType::kGif,
                                FileType::kTiff, FileType::kHeic}) {
      const ResultFacts facts{.source = type,
                              .moves = false,
                              .alpha = row.alpha,
                              .pixels = row.large ? kMost + 1 : kMost};
      EXPECT_EQ(chosen(for_client(row.avif, row.webp, row.webp_first), facts), row.format)
          << row.avif << row.webp << row.webp_first << row.alpha << row.large;
    }
  }
}

TEST(ChooseFormat, AutomaticForAnimations) {
  for (const bool avif : {false, true}) {
    for (const bool alpha : {false, true}) {
      const ResultFacts facts{.source = FileType::kGif, .moves = true, .alpha = alpha, .pixels = 1};
      EXPECT_EQ(chosen(for_client(avif, false), facts), Format::kGif);
      EXPECT_EQ(chosen(for_client(avif, true), facts), Format::kWebp);
    }
  }
}

}  // namespace
}  // namespace imageserver
