#include "image/codec/codec.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>
#include <vips/vips8>

#include "image/codec/allowed_operations.h"
#include "image/vips/blob.h"
#include "support/pictures.h"

namespace imageserver {
namespace {

using vips::VImage;

bool is_class_of_libvips(const char* base, const char* name) {
  return vips_type_find(base, name) != 0;
}

std::string name_of(const FormatRow& row) { return std::string(row.name); }

TEST(Codec, EveryFileTypeHasAReaderOfLibvipsOrOfOurOwn) {
  for (const FormatRow& row : format_rows()) {
    const Codec& codec = codec_of(row.type);
    EXPECT_EQ(codec.type, row.type);
    const Reader& reader = codec.reader;
    if (reader.read != nullptr) {
      EXPECT_NE(reader.header, nullptr) << name_of(row);
      EXPECT_EQ(reader.open, nullptr) << name_of(row);
      EXPECT_EQ(reader.loader, nullptr) << name_of(row);
    } else if (reader.open_page != nullptr) {
      EXPECT_EQ(reader.open, nullptr) << name_of(row);
    } else {
      EXPECT_NE(reader.open == nullptr, reader.open_page == nullptr) << name_of(row);
      EXPECT_TRUE(is_class_of_libvips("VipsForeignLoad", reader.loader)) << name_of(row);
    }
  }
}

TEST(Codec, ThereIsAWriterExactlyWhereThereAreResults) {
  for (const FormatRow& row : format_rows()) {
    const Writer& writer = codec_of(row.type).writer;
    EXPECT_EQ(writer.write != nullptr, row.result.has_value()) << name_of(row);
    if (writer.saver == nullptr) continue;
    EXPECT_TRUE(is_class_of_libvips("VipsForeignSave", writer.saver)) << name_of(row);
  }
}

TEST(Codec, TheSandboxMayUseTheLoaderOfTheFileAlone) {
  for (const FormatRow& row : format_rows()) {
    if (!needs_sandbox(row.type)) continue;
    const char* const loader = codec_of(row.type).reader.loader;
    const std::vector<const char*> operations = sandbox_operations(row.type);
    if (loader == nullptr) {
      EXPECT_TRUE(operations.empty()) << name_of(row);
    } else {
      EXPECT_EQ(operations, std::vector<const char*>{loader});
    }
  }
}

TEST(Codec, WhatTheSandboxReadsIsNotReadHere) {
  const std::vector<const char*> serving = serving_operations();
  for (const FormatRow& row : format_rows()) {
    const char* const loader = codec_of(row.type).reader.loader;
    if (loader == nullptr) continue;
    const bool serves = std::ranges::find(serving, std::string_view(loader)) != serving.end();
    EXPECT_EQ(serves, !needs_sandbox(row.type)) << name_of(row);
  }
}

// The library of this program allows serving_operations(), and what tests look with.
TEST(Codec, LibvipsRefusesWhatServingDoesNotNeed) {
  std::string svg = "<svg xmlns='http://www.w3.org/2000/svg' width='2' height='1'/>";
  const auto load = [&svg] { return VImage::svgload_buffer(borrow(svg).get()); };
  EXPECT_THROW((void)load(), vips::VError);
  EXPECT_THROW((void)photo(4, 4).ppmsave_target(vips::VTarget::new_to_memory()), vips::VError);
}

}  // namespace
}  // namespace imageserver
