#include "image/heif/hevc_units.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/heif_file.h"

namespace imageserver {
namespace {

using std::string_literals::operator""s;

using Views = std::vector<std::string_view>;

constexpr int kIdr = 20;
constexpr int kCra = 21;

// A unit of that type. A slice is the first of a picture, or a later one.
std::string unit(int type, bool first = true, int layer = 0) {
  return {static_cast<char>(type << 1 | layer >> 5), static_cast<char>(layer << 3 | 1),
          static_cast<char>(first ? 128 : 0), 'x'};
}

std::string stream_of(const std::vector<std::string>& units) {
  std::string stream;
  for (const std::string& one : units) stream += be32(static_cast<std::uint32_t>(one.size())) + one;
  return stream;
}

const std::string kSequence = unit(33);
const std::string kPicture = unit(34);
const std::string kFirst = unit(kIdr);
const std::string kLater = unit(kIdr, false);

bool are_read(const std::vector<std::string>& sets, const std::vector<std::string>& stream) {
  HevcConfiguration configuration;
  configuration.units.assign(sets.begin(), sets.end());
  return hevc_units(configuration, stream_of(stream)).has_value();
}

TEST(HevcConfiguration, IsReadFieldByField) {
  const std::string before(16, '\0');
  const std::string array = "\x21"s + be16(1) + be16(4) + kSequence;
  const std::string box = before + "\x02\x02\x00\x00\x00\x01\x01"s + array;
  const auto read = read_hevc_configuration(box);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->chroma, HeifChroma::k422);
  EXPECT_EQ(read->bits, 10);
  EXPECT_EQ(read->length_bytes, 2U);
  EXPECT_EQ(read->units, Views{kSequence});
  EXPECT_FALSE(read_hevc_configuration(box.substr(0, box.size() - 1)));
}

TEST(HevcUnits, AreThoseOfTheFirstPicture) {
  const std::string another = unit(34, false);
  const std::string stream =
      stream_of({kPicture, kFirst, another, kLater, kSequence, unit(kIdr), kLater});
  HevcConfiguration configuration;
  configuration.units = {kSequence};
  const auto units = hevc_units(configuration, stream);
  ASSERT_TRUE(units);
  EXPECT_EQ(units->sets, (Views{kSequence, kPicture})) << "none behind a slice";
  EXPECT_EQ(units->slices, (Views{kFirst, kLater}));
}

TEST(HevcUnits, OfOtherKindsAndLayersAreLeftOut) {
  const std::string stream = stream_of({unit(39), "", "x", unit(33, true, 1), kFirst,
                                        unit(kIdr, true, 1), unit(40), unit(1, false, 32), kLater});
  const auto units = hevc_units(HevcConfiguration{}, stream);
  ASSERT_TRUE(units);
  EXPECT_EQ(units->sets, Views{});
  EXPECT_EQ(units->slices, (Views{kFirst, kLater}));
}

TEST(HevcUnits, AreAllThere) {
  const std::string stream = stream_of({kFirst});
  EXPECT_FALSE(hevc_units({}, stream.substr(0, stream.size() - 1)));
  EXPECT_FALSE(hevc_units({}, stream + "x"));
}

TEST(HevcUnits, HaveNoSlicesAmongTheParameters) {
  EXPECT_FALSE(are_read({kSequence, kFirst}, {kFirst}));
  EXPECT_FALSE(are_read({unit(0)}, {kFirst}));
}

TEST(HevcUnits, AreOfAPictureThatBeginsASequence) {
  for (int type = 0; type < 32; ++type)
    EXPECT_EQ(are_read({}, {unit(type)}), type >= 16 && type <= 21) << type;
  EXPECT_FALSE(are_read({}, {kFirst, unit(1, false)}));
  EXPECT_FALSE(are_read({}, {kFirst, unit(kCra, false)})) << "of one type";
  EXPECT_TRUE(is_hevc_idr(kFirst));
  EXPECT_FALSE(is_hevc_idr(unit(kCra)));
}

TEST(HevcUnits, AreFew) {
  std::vector<std::string> slices(64, kLater);
  slices.front() = kFirst;
  std::vector<std::string> sets(16, kPicture);
  EXPECT_TRUE(are_read(sets, slices));
  slices.push_back(kLater);
  EXPECT_FALSE(are_read(sets, slices));
  sets.push_back(kPicture);
  EXPECT_FALSE(are_read(sets, {kFirst}));
}

}  // namespace
}  // namespace imageserver
