#include "image/vips/vips_library.h"

#include <gtest/gtest.h>
#include <vips/vips.h>

#include <vips/vector.h>  // needs the one above

namespace imageserver {
namespace {

// What it makes and frees in several threads at once ends the process now and then.
TEST(VipsLibraryTest, MakesNoVectorCode) { EXPECT_FALSE(vips_vector_isenabled()); }

}  // namespace
}  // namespace imageserver
