#include "image/heif/hevc_sequence.h"

#include <gtest/gtest.h>

#include <string>

namespace imageserver {
namespace {

using std::string_literals::operator""s;

// The set that x265 writes for 64 x 64 pixels.
const std::string kSet =
    "\x42\x01\x01\x03\x70\x00\x00\x03\x00\x90\x00\x00\x03\x00\x00\x03\x00\x1e\xa0\x20\x81\x05\x96"
    "\xea\xae\x9a\xe6\xe0\x40\x40\xc0\x80\x00\x00\x03\x00\x80\x00\x00\x03\x00\x84\x22"s;

std::optional<Size> size_in(std::string_view unit) {
  const auto sequence = read_hevc_sequence(unit);
  return sequence ? std::optional(sequence->size) : std::nullopt;
}

TEST(HevcSequence, HasTheSizeBehindProfileAndLevels) { EXPECT_EQ(size_in(kSet), (Size{64, 64})); }

TEST(HevcSequence, IsNoneWhereTheSetEndsBeforeTheSize) {
  for (std::size_t length = 0; length < 20; ++length)
    EXPECT_EQ(size_in(kSet.substr(0, length)), std::nullopt) << length;
}

TEST(HevcSequence, IsNoneForAnEndlessNumber) {
  EXPECT_EQ(size_in(kSet.substr(0, 19) + std::string(200, '\0')), std::nullopt);
  EXPECT_EQ(size_in(std::string(200, '\0')), std::nullopt);
}

// The bits of a set of 8 x 8 pixels, whose VUI says 9, 16, 9 in the full range. Blanks do not
// count.
struct Fields {
  std::string layers = "000";
  std::string profile = std::string(96, '1');
  std::string order = "1 1 1 1";  // of each layer; buffers, order, latency
  std::string lists = "0";        // for scaling
  std::string pcm = "0";
  std::string references = "1";  // no sets
  std::string long_term = "0";
  std::string vui = "1 0 0";  // no aspect, no overscan
};

// Whole bytes of these bits.
std::string bytes_of(std::string bits) {
  std::erase(bits, ' ');
  bits.resize((bits.size() + 7) / 8 * 8, '0');
  std::string bytes;
  int zeros = 0;
  for (std::size_t i = 0; i < bits.size(); i += 8) {
    const auto byte = static_cast<char>(std::stoi(bits.substr(i, 8), nullptr, 2));
    if (zeros == 2 && byte >= 0 && byte <= 3) {
      bytes += '\3';
      zeros = 0;
    }
    zeros = byte == 0 ? zeros + 1 : 0;
    bytes += byte;
  }
  return bytes;
}

std::string set_of(const Fields& fields) {
  return bytes_of("0100001000000001 0000" + fields.layers + "1" + fields.profile +
                  "1 010 0001001 0001001 0 1 1 00101" + fields.order + "111111" + fields.lists +
                  "11" + fields.pcm + fields.references + fields.long_term + "11" + fields.vui +
                  "1 101 1 1 00001001 00010000 00001001 1");
}

HeifCoding coding_in(const Fields& fields) {
  const auto sequence = read_hevc_sequence(set_of(fields));
  EXPECT_TRUE(sequence);
  return sequence ? sequence->coding : HeifCoding{};
}

const HeifCoding kCoding{9, 16, 9, true};

TEST(HevcSequence, HasTheCodingOfItsVui) {
  EXPECT_EQ(coding_in({}), kCoding);
  EXPECT_EQ(read_hevc_sequence(kSet)->coding, (HeifCoding{2, 2, 6, true}));
}

TEST(HevcSequence, HasNoCodingWithoutVui) {
  EXPECT_EQ(coding_in({.vui = "0"}), HeifCoding{});
  EXPECT_EQ(coding_in({.vui = "1 0 0 0"}), HeifCoding{}) << "without colours";
  const std::string whole = set_of({});
  for (std::size_t length = 20; length < whole.size() - 1; ++length)
    EXPECT_EQ(read_hevc_sequence(whole.substr(0, length))->coding, HeifCoding{}) << length;
}

TEST(HevcSequence, HasTheCodingBehindAllThatMayStandBefore) {
  const std::string three_layers =
      std::string(96, '1') + "11 01" + std::string(12, '0') + std::string(88 + 8 + 8, '1');
  EXPECT_EQ(coding_in({.layers = "010", .profile = three_layers, .order = "1 111 111 010010010"}),
            kCoding);
  EXPECT_EQ(coding_in({.order = "0 1 1 1"}), kCoding);
  EXPECT_EQ(coding_in({.lists = "1 0"}), kCoding) << "the usual ones";
  EXPECT_EQ(coding_in({.pcm = "1 01110111 1 010 0"}), kCoding);
  EXPECT_EQ(coding_in({.long_term = "1 011 000000011 000000100"}), kCoding);
  EXPECT_EQ(coding_in({.vui = "1 1 00000001 1 1"}), kCoding);
  EXPECT_EQ(coding_in({.vui = "1 1 11111111" + std::string(32, '1') + "0"}), kCoding);
}

// Of each size 6 lists, of the largest 2: the first is given, the others are like one before.
TEST(HevcSequence, HasTheCodingBehindItsScalingLists) {
  std::string lists = "1 1";
  for (int size = 0; size < 4; ++size) {
    const std::size_t numbers = size == 0 ? 16 : size == 1 ? 64 : 65;
    lists += "1" + std::string(numbers, '1');
    for (int list = 1; list < (size == 3 ? 2 : 6); ++list) lists += "0 010";
  }
  EXPECT_EQ(coding_in({.lists = lists}), kCoding);
}

// Three sets: -1, -3 and 2; then those and 0 moved by 1, without what comes to 0: -2, 1 and 3; then
// those and 0 moved by -2, of which two stay.
TEST(HevcSequence, HasTheCodingBehindItsReferences) {
  const std::string first = "011 010 1 1 010 1 010 1";
  const std::string second = "1 0 1 1 1 01 1";
  const std::string third = "1 1 010 00 1 00 1";
  EXPECT_EQ(coding_in({.references = "00100" + first + second + third}), kCoding);
}

TEST(HevcSequence, HasNoCodingWhereItsReferencesAreTooMany) {
  const std::string sixty_six = "0000001000011";
  EXPECT_EQ(coding_in({.references = sixty_six + std::string(400, '1')}), HeifCoding{});
  const std::string thirty_three = "00000100010";
  EXPECT_EQ(coding_in({.references = "010" + thirty_three + "1" + std::string(100, '1')}),
            HeifCoding{});
}

}  // namespace
}  // namespace imageserver
