#include "formats/format.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace imageserver {
namespace {

constexpr UntrustedFormats kAll{.svg = true, .pdf = true, .jxl = true};

std::vector<std::string> names_of_rows(bool (*counts)(const FormatRow& row)) {
  std::vector<std::string> names;
  for (const FormatRow& row : format_rows()) {
    if (counts(row)) names.emplace_back(row.name);
  }
  return names;
}

std::vector<std::string> names_of_results(bool (*counts)(const ResultTraits& traits)) {
  std::vector<std::string> names;
  for (const Format format : kFormats) {
    if (counts(traits_of(format))) names.emplace_back(format_name(format));
  }
  return names;
}

using Names = std::vector<std::string>;

TEST(Format, EachHasANameAndAMediaType) {
  EXPECT_EQ(format_name(Format::kJpeg), "jpeg");
  EXPECT_EQ(format_name(Format::kPng), "png");
  EXPECT_EQ(format_name(Format::kGif), "gif");
  EXPECT_EQ(format_name(Format::kWebp), "webp");
  EXPECT_EQ(format_name(Format::kAvif), "avif");
  EXPECT_EQ(format_name(Format::kTiff), "tiff");
  EXPECT_EQ(format_name(Format::kBmp), "bmp");
  for (const Format format : kFormats) {
    EXPECT_EQ(format_from_name(format_name(format)), format);
    EXPECT_EQ(media_type(format), "image/" + std::string(format_name(format)));
  }
}

TEST(Format, OtherNamesNameNoFormat) {
  for (const char* name : {"", "jpg", "JPEG", "jpeg ", "tif", "auto", "svg", "heic"}) {
    EXPECT_EQ(format_from_name(name), std::nullopt) << name;
  }
}

TEST(Format, AnAliasStandsForAName) {
  EXPECT_EQ(format_name_of_alias("jpg"), "jpeg");
  EXPECT_EQ(format_name_of_alias("tif"), "tiff");
  for (const char* text : {"", "jpeg", "JPG", "auto", "heif", "no such"}) {
    EXPECT_EQ(format_name_of_alias(text), text);
  }
}

TEST(Format, EachIsAFileTypeOfTheSameName) {
  for (const Format format : kFormats) {
    EXPECT_EQ(traits_of(format).format, format);
    EXPECT_EQ(format_of(file_type_of(format)), format);
    EXPECT_EQ(type_name(file_type_of(format)), format_name(format));
  }
}

TEST(FileType, HeicSvgPdfAndJpegXlAreNeverWritten) {
  EXPECT_EQ(names_of_rows([](const FormatRow& row) { return !row.result; }),
            (Names{"heic", "svg", "pdf", "jxl"}));
  for (const FormatRow& row : format_rows()) {
    EXPECT_EQ(&row_of(row.type), &row);
    EXPECT_EQ(format_of(row.type).has_value(), row.result.has_value());
  }
}

TEST(FileType, OnlySomeCanMoveHavePagesOrBeVectors) {
  EXPECT_EQ(names_of_rows([](const FormatRow& row) { return can_move(row.type); }),
            (Names{"gif", "webp"}));
  EXPECT_EQ(names_of_rows([](const FormatRow& row) { return row.pages; }),
            (Names{"gif", "webp", "avif", "heic", "tiff", "pdf"}));
  EXPECT_EQ(names_of_rows([](const FormatRow& row) { return is_vector(row.type); }),
            (Names{"svg", "pdf"}));
}

TEST(Format, OnlySomeCanMoveHaveAPaletteBeLosslessOrHaveAlpha) {
  EXPECT_EQ(names_of_results([](const ResultTraits& traits) { return can_move(traits.format); }),
            (Names{"gif", "webp"}));
  EXPECT_EQ(names_of_results([](const ResultTraits& traits) { return traits.palette; }),
            (Names{"png", "gif"}));
  EXPECT_EQ(names_of_results([](const ResultTraits& traits) { return traits.lossless; }),
            (Names{"webp", "avif"}));
  EXPECT_EQ(names_of_results([](const ResultTraits& traits) { return !traits.alpha; }),
            (Names{"jpeg"}));
}

TEST(FileType, UntrustedOnesAreReadInTheSandboxAndOnlyIfPermitted) {
  const Names untrusted = {"svg", "pdf", "jxl"};
  EXPECT_EQ(names_of_rows([](const FormatRow& row) { return needs_sandbox(row.type); }), untrusted);
  EXPECT_EQ(names_of_rows([](const FormatRow& row) { return !is_allowed(row.type, {}); }),
            untrusted);
  EXPECT_EQ(names_of_rows([](const FormatRow& row) { return !is_allowed(row.type, kAll); }),
            Names());
  EXPECT_TRUE(is_allowed(FileType::kSvg, {.svg = true}));
  EXPECT_FALSE(is_allowed(FileType::kPdf, {.svg = true, .jxl = true}));
  EXPECT_TRUE(is_allowed(FileType::kJxl, {.jxl = true}));
}

TEST(FileType, IsFoundByItsNameIfItNeedsTheSandbox) {
  EXPECT_EQ(sandboxed_type_from_name("svg"), FileType::kSvg);
  EXPECT_EQ(sandboxed_type_from_name("pdf"), FileType::kPdf);
  EXPECT_EQ(sandboxed_type_from_name("jxl"), FileType::kJxl);
  for (const char* name : {"", "SVG", "svg ", "jpeg", "heic", "JPEG XL"}) {
    EXPECT_EQ(sandboxed_type_from_name(name), std::nullopt) << name;
  }
}

// Or every file would be of that type.
TEST(FormatTable, EachRowCanRefuseBytes) {
  for (const FormatRow& row : format_rows()) {
    EXPECT_TRUE(!row.beginnings.front().empty() || row.is_it != nullptr) << row.name;
  }
}

}  // namespace
}  // namespace imageserver
