// HEIC whose streams are not those of common encoders.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "image/colour/cicp.h"
#include "image/heif/open_heif.h"
#include "support/heif_file.h"
#include "support/pictures.h"

namespace imageserver {
namespace {

using std::string_literals::operator""s;
using vips::VImage;

// 64 x 64 samples of 8 bits, 4:2:0: Y, Cb and Cr 128, as x265 writes them in blocks of 16 x 16. The
// sequence says BT.2020 with PQ in the narrow range.
const std::string kVideo =
    "\x40\x01\x0c\x01\xff\xff\x03\x70\x00\x00\x03\x00\x90\x00\x00\x03\x00\x00\x03\x00\x1e\xba\x02"
    "\x40"s;
const std::string kSequence =
    "\x42\x01\x01\x03\x70\x00\x00\x03\x00\x90\x00\x00\x03\x00\x00\x03\x00\x1e\xa0\x20\x81\x05\x96"
    "\xe9\x6f\x0b\x9a\x84\x88\x04\x82\x00\x00\x03\x00\x02\x00\x00\x03\x00\x02\x10"s;
const std::string kPicture = "\x44\x01\xc0\x71\x81\x12"s;
const std::string kSlice = "\x28\x01\xad\xe0\xd1\x1c\x44\x70\x3f\x5a\xeb\x46\x40\x01\x27"s;

// The box hvcC with these units.
std::string hvcc(const std::vector<std::string>& units) {
  std::string arrays;
  for (const std::string& unit : units)
    arrays += "\x20"s + be16(1) + be16(static_cast<std::uint32_t>(unit.size())) + unit;
  return iso_box("hvcC", std::string(16, '\0') + "\x01\x00\x00\x00\x00\x03"s +
                             static_cast<char>(units.size()) + arrays);
}

std::string stream_of(const std::vector<std::string>& units) {
  std::string stream;
  for (const std::string& unit : units)
    stream += be32(static_cast<std::uint32_t>(unit.size())) + unit;
  return stream;
}

// The stream of an IDR picture as that of a CRA picture, which names a picture before it.
// Behind the type of the first slice stand 16 bits more: the number of the picture, 1 of 256; that
// no set of the sequence is meant (0); one picture before (010) and none behind (1), the next (1),
// needed (1); no motion vectors of it (0).
std::string naming_another(std::string stream) {
  constexpr unsigned kNew = 0b00000001'0'010'1'1'1'0;
  stream[4] = static_cast<char>(21 << 1);
  const auto first = static_cast<unsigned char>(stream[6]);
  const unsigned bits = (first & 0xFCU) << 16U | kNew << 2U | (first & 3U);
  stream.replace(6, 1,
                 {static_cast<char>(bits >> 16U), static_cast<char>(bits >> 8U & 255U),
                  static_cast<char>(bits & 255U)});
  const auto length = static_cast<std::uint32_t>(stream.size() - 4);
  return stream.replace(0, 4, be32(length));
}

class HeicTest : public TransformTest {
 protected:
  static HeifFile file_of(const std::string& configuration, const std::string& stream) {
    HeifFile file;
    file.picture({"hvc1", stream, configuration, 64, 64});
    return file;
  }

  static HeifFile file_of(const CodedPicture& coded) {
    HeifFile file;
    file.picture(coded);
    return file;
  }

  static void expect_grey(const HeifFile& file) {
    const VImage shown = decoded(*make(file.bytes(), as(Format::kTiff)));
    EXPECT_EQ(shown.width(), 64);
    const std::vector<double> seen = colour_at(shown, 0, 0, 64, 64);
    for (const double band : seen) EXPECT_NEAR(band, seen.front(), 1);
  }

  static void expect_refused(const HeifFile& file, const std::string& why) {
    EXPECT_EQ(error_of(file.bytes(), as(Format::kTiff)).kind, ErrorKind::kUnprocessable) << why;
  }
};

TEST_F(HeicTest, FollowsTheStreamWhereTheFileSaysNothing) {
  const Bytes bytes = file_of(hvcc({kVideo, kSequence, kPicture}), stream_of({kSlice})).bytes();
  const VImage image = open_heif(bytes.view(), 0).copy_memory();
  EXPECT_EQ(cicp_of(image), (Cicp{9, 16}));
  EXPECT_NEAR(image.avg(), (128 - 16) * 255.0 / 219, 1);
}

TEST_F(HeicTest, MayHaveItsParametersInTheStream) {
  expect_grey(file_of(hvcc({}), stream_of({kVideo, kSequence, kPicture, kSlice})));
}

TEST_F(HeicTest, ShowsTheFirstPictureOfAStream) {
  const std::string two = stream_of({kSlice, kVideo, kSequence, kPicture, kSlice});
  expect_grey(file_of(hvcc({kVideo, kSequence, kPicture}), two));
}

TEST_F(HeicTest, HasNoPicturesAmongItsParameters) {
  expect_refused(file_of(hvcc({kVideo, kSequence, kPicture, kSlice}), stream_of({kSlice})),
                 "a slice");
}

TEST_F(HeicTest, EndsItsSlicesBeforeThePictureEnds) {
  const std::string configuration = hvcc({kVideo, kSequence, kPicture});
  expect_refused(file_of(configuration, stream_of({kSlice.substr(0, 6)})), "cut off");
  // From block 1 of 16 on.
  const std::string again = "\x28\x01\x22\xde\xd1\x1c"s;
  expect_refused(file_of(configuration, stream_of({kSlice, again})), "without an end");
}

TEST_F(HeicTest, HasFewSlicesAndParameters) {
  std::string later = kSlice;
  later[2] = static_cast<char>(later[2] & 127);
  std::vector<std::string> slices(70, later);
  slices.front() = kSlice;
  expect_refused(file_of(hvcc({kVideo, kSequence, kPicture}), stream_of(slices)), "slices");
  std::vector<std::string> sets(20, kPicture);
  sets.front() = kSequence;
  expect_refused(file_of(hvcc(sets), stream_of({kSlice})), "sets");
}

// The decoder makes pictures that a CRA picture names and the file has not.
TEST_F(HeicTest, IsSmallWhereItMayNameOthers) {
  CodedPicture small = hevc_of(plain(64, 64, {255, 0, 0}));
  small.stream = naming_another(small.stream);
  const VImage shown = decoded(*make(file_of(small).bytes(), as(Format::kTiff)));
  EXPECT_GT(colour_at(shown, 0, 0, 64, 64)[0], 250);
  CodedPicture large = hevc_of(plain(1200, 1000, {255, 0, 0}));
  EXPECT_NE(make(file_of(large).bytes(), as(Format::kTiff)), nullptr);
  large.stream = naming_another(large.stream);
  expect_refused(file_of(large), "CRA");
}

}  // namespace
}  // namespace imageserver
