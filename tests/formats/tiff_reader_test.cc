#include "formats/tiff_reader.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace imageserver {
namespace {

using Values = std::vector<std::uint64_t>;

// Types of TIFF 6.0, section 2, and LONG8 of BigTIFF.
constexpr unsigned kByte = 1;
constexpr unsigned kAscii = 2;
constexpr unsigned kShort = 3;
constexpr unsigned kLong = 4;
constexpr unsigned kRational = 5;
constexpr unsigned kLong8 = 16;

struct Layout {
  bool little;
  bool big;
};

constexpr Layout kLayouts[] = {{true, false}, {false, false}, {true, true}, {false, true}};

// A file with one directory of one entry, of tag 300.
class OneEntry {
 public:
  explicit OneEntry(Layout layout) : layout_(layout) {}

  [[nodiscard]] std::string number(std::uint64_t value, std::size_t width) const {
    std::string digits;
    for (std::size_t i = 0; i < width; ++i) {
      const std::size_t place = layout_.little ? i : width - 1 - i;
      digits.push_back(static_cast<char>(value >> (8 * place) & 0xFFU));
    }
    return digits;
  }

  // `field`: the values or where they are, padded to its size. `behind` follows the directory.
  [[nodiscard]] std::string file(unsigned type, std::uint64_t count, std::string field,
                                 const std::string& behind = {}) const {
    field.resize(offset());
    const std::string entry = number(300, 2) + number(type, 2) + number(count, offset()) + field;
    return head() + number(1, layout_.big ? 8 : 2) + entry + number(0, offset()) + behind;
  }

  // Where what follows the directory begins.
  [[nodiscard]] std::size_t end() const { return file(kByte, 0, {}).size(); }
  [[nodiscard]] std::size_t offset() const { return layout_.big ? 8 : 4; }

  // The values of the tag.
  [[nodiscard]] static std::optional<Values> read(const std::string& file, std::size_t most = 64) {
    const TiffReader reader(file);
    return reader.values(*reader.follow(reader.first_link()), 300, most);
  }

 private:
  [[nodiscard]] std::string head() const {
    const std::string order = layout_.little ? "II" : "MM";
    if (layout_.big) return order + number(43, 2) + number(8, 2) + number(0, 2) + number(16, 8);
    return order + number(42, 2) + number(8, 4);
  }

  const Layout layout_;
};

TEST(TiffReader, ValuesAreBytesShortsAndLongs) {
  for (const Layout layout : kLayouts) {
    const OneEntry entry(layout);
    const auto one_of = [&](unsigned type, std::size_t width, std::uint64_t value) {
      return OneEntry::read(entry.file(type, 1, entry.number(value, width)));
    };
    EXPECT_EQ(one_of(kByte, 1, 0xA1), Values{0xA1});
    EXPECT_EQ(one_of(kShort, 2, 0xA1B2), Values{0xA1B2});
    EXPECT_EQ(one_of(kLong, 4, 0xA1B2C3D4), Values{0xA1B2C3D4});
    EXPECT_EQ(one_of(kAscii, 1, 'a'), Values{});
    EXPECT_EQ(one_of(kRational, 4, 1), Values{});
  }
}

TEST(TiffReader, ABigTiffHasLongsOfEightBytes) {
  for (const bool little : {true, false}) {
    const OneEntry entry({little, true});
    const std::string eight = entry.number(0xA1B2C3D4E5F6, 8);
    EXPECT_EQ(OneEntry::read(entry.file(kLong8, 1, eight)), Values{0xA1B2C3D4E5F6});
  }
}

TEST(TiffReader, ValuesThatFitStandInTheEntry) {
  for (const Layout layout : kLayouts) {
    const OneEntry entry(layout);
    std::string field;
    Values shorts;
    for (std::uint64_t i = 0; i < entry.offset() / 2; ++i) {
      shorts.push_back(1000 + i);
      field += entry.number(1000 + i, 2);
    }
    EXPECT_EQ(OneEntry::read(entry.file(kShort, shorts.size(), field)), shorts);
  }
}

TEST(TiffReader, ValuesThatDoNotFitStandWhereTheEntrySays) {
  for (const Layout layout : kLayouts) {
    const OneEntry entry(layout);
    std::string longs;
    for (const std::uint64_t value : {70'000U, 80'000U, 90'000U}) longs += entry.number(value, 4);
    const std::string link = entry.number(entry.end(), entry.offset());
    const std::string file = entry.file(kLong, 3, link, longs);
    EXPECT_EQ(OneEntry::read(file), (Values{70'000, 80'000, 90'000}));
    EXPECT_EQ(OneEntry::read(file, 2), (Values{70'000, 80'000})) << "no more than are asked for";
    EXPECT_EQ(OneEntry::read(file.substr(0, file.size() - 1)), std::nullopt) << "cut off";
    EXPECT_EQ(OneEntry::read(file.substr(0, file.size() - 1), 2), (Values{70'000, 80'000}));
  }
}

TEST(TiffReader, OfATagThatIsNotThereThereAreNoValues) {
  const OneEntry entry({true, false});
  const std::string file = entry.file(kShort, 1, entry.number(1, 2));
  const TiffReader reader(file);
  EXPECT_EQ(reader.values(8, 301, 1), Values{});
}

}  // namespace
}  // namespace imageserver
