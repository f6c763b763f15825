#include "image/codec/codec.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>
#include <vips/vips8>

#include "image/codec/allowed_operations.h"
#include "image/codec/decode.h"
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

TEST(Codec, OperationsAreThoseOfWhatMayBeRead) {
  const std::vector<const char*> usual = allowed_operations({});
  const std::vector<const char*> all = allowed_operations({.svg = true, .pdf = true, .jxl = true});
  const auto has = [](const std::vector<const char*>& operations, std::string_view name) {
    return std::ranges::find(operations, name) != operations.end();
  };
  for (const FormatRow& row : format_rows()) {
    const char* const loader = codec_of(row.type).reader.loader;
    if (loader == nullptr) continue;
    EXPECT_EQ(has(usual, loader), !needs_sandbox(row.type)) << name_of(row);
    EXPECT_TRUE(has(all, loader)) << name_of(row);
  }
}

// The library of this program allows what serves, and what tests look with.
TEST(Codec, LibvipsRefusesWhatServingDoesNotNeed) {
  EXPECT_THROW((void)photo(4, 4).ppmsave_target(vips::VTarget::new_to_memory()), vips::VError);
}

// A comment has libvips read the header.
TEST(Codec, APlainJpegHasTheHeaderThatLibvipsReads) {
  int plain = 0;
  for (const char* name :
       {"small.jpg", "medium.jpg", "large.jpg", "huge.jpg", "grey.jpg", "progressive.jpg",
        "cmyk.jpg", "p3.jpg", "copyright.jpg", "orientation-6.jpg"}) {
    const Bytes file = read_testdata(name);
    const auto header = codec_of(FileType::kJpeg).reader.quick_header(file.view());
    if (!header) continue;
    ++plain;
    const std::string comment("\xFF\xFE\0\x02", 4);
    std::string commented(file.view());
    commented.insert(2, comment);
    EXPECT_EQ(*header, read_header(Bytes::own(commented), FileType::kJpeg)) << name;
  }
  EXPECT_GE(plain, 4);
}

}  // namespace
}  // namespace imageserver
