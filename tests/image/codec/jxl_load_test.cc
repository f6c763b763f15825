#include "image/codec/jxl_load.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/pictures.h"

namespace imageserver {
namespace {

std::string corpus_file(const std::string& name) {
  return std::string(read_testdata("corpus/" + name).view());
}

// Its second frame is blue.
TEST(JxlLoad, OfAnAnimationTheFirstFrameIsShown) {
  const std::string file = corpus_file("jxl-animated.jxl");
  EXPECT_EQ(load_jxl_header(file).stored, (Size{8, 8}));
  EXPECT_EQ(load_jxl_header(file).pages, 1);
  const std::vector<double> pixel = load_jxl(file, {}, 1).getpoint(4, 4);
  EXPECT_GT(pixel.at(1), 100);
  EXPECT_LT(pixel.at(0), 60);
  EXPECT_LT(pixel.at(2), 60);
}

TEST(JxlLoad, DamagedFilesAreRefused) {
  for (const char* name : {"jxl-cut.jxl", "jxl-junk.jxl", "jxl-only-magic.jxl", "jxl-zeros.jxl"}) {
    EXPECT_THROW(static_cast<void>(load_jxl(corpus_file(name), {}, 1)), vips::VError) << name;
  }
}

}  // namespace
}  // namespace imageserver
