#include "formats/tiff_directories.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "formats/tiff_reader.h"
#include "support/tiff_writer.h"

namespace imageserver {
namespace {

using std::string_literals::operator""s;

constexpr std::size_t kEntry = 12;
constexpr std::size_t kEntries = 65'535;

template <class Number>
void put(std::string& file, std::size_t at, std::size_t value) {
  for (std::size_t i = 0; i < sizeof(Number); ++i)
    file[at + i] = static_cast<char>(value >> (8 * i) & 0xFFU);
}

// Directories of as many entries as there can be, which lie in each other. Each has a width and a
// height, near its end.
std::string overlapping(std::size_t count) {
  constexpr std::size_t kFirst = 10;
  constexpr std::size_t kStep = 2 * kEntry;
  constexpr std::size_t kSides = kFirst + 2 + (kEntries - 2) * kEntry;
  std::string file(kFirst + 2 + count * kStep + kEntries * kEntry + 4, '\0');
  file.replace(0, 4, "II*\0"s);
  put<std::uint32_t>(file, 4, kFirst);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t at = kFirst + i * kStep;
    put<std::uint16_t>(file, at, kEntries);
    put<std::uint32_t>(file, at + 2 + kEntries * kEntry, i + 1 < count ? at + kStep : 0);
  }
  for (std::size_t i = 0; i < 2; ++i) {
    const std::size_t at = kSides + i * kEntry;
    put<std::uint16_t>(file, at, 256 + i);
    put<std::uint16_t>(file, at + 2, 3);
    put<std::uint32_t>(file, at + 4, 1);
    put<std::uint32_t>(file, at + 8, 16);
  }
  return file;
}

// Directories of one entry, the last of which leads to `last`.
std::string chain(std::size_t count, std::size_t last = 0) {
  constexpr std::size_t kFirst = 8;
  constexpr std::size_t kStep = 2 + kEntry + 4;
  std::string file(kFirst + count * kStep, '\0');
  file.replace(0, 4, "II*\0"s);
  put<std::uint32_t>(file, 4, kFirst);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t at = kFirst + i * kStep;
    put<std::uint16_t>(file, at, 1);
    put<std::uint32_t>(file, at + 2 + kEntry, i + 1 < count ? at + kStep : last);
  }
  return file;
}

TEST(TiffDirectories, TheirNumberIsBounded) {
  EXPECT_TRUE(tiff_directories_end(chain(kMostDirectories)));
  EXPECT_FALSE(tiff_directories_end(chain(kMostDirectories + 1)));
}

TEST(TiffDirectories, ThatLeadBackOrOutOfTheFileDoNotEnd) {
  EXPECT_FALSE(tiff_directories_end(chain(3, 8)));
  EXPECT_FALSE(tiff_directories_end(chain(3, 1000)));
}

// The last four bytes of a file link to what follows its last directory.
std::string with_last_link(std::string file, std::size_t to) {
  put<std::uint32_t>(file, file.size() - 4, to);
  return file;
}

TEST(TiffDirectories, AChainIsCutWhereItLeadsToNoDirectory) {
  const TiffFile page{.size = {2, 2}, .tags = {}, .blocks = {"abcd"}};
  const std::string sound = write_tiff({page, page});
  ASSERT_EQ(last_link(sound), sound.size() - 4);
  EXPECT_FALSE(tiff_cut_at_bad_link(sound).has_value());
  const std::string one = write_tiff({page});
  for (const std::size_t to : {std::size_t{1}, sound.size() - 1, sound.size(), 2 * sound.size()}) {
    const auto cut = tiff_cut_at_bad_link(with_last_link(sound, to));
    ASSERT_TRUE(cut.has_value()) << to;
    EXPECT_EQ(cut->view(), sound) << to;
    EXPECT_EQ(tiff_cut_at_bad_link(with_last_link(one, to))->view(), one) << to;
  }
  const TiffReader reader(sound);
  const auto first = static_cast<std::size_t>(*reader.follow(reader.first_link()));
  EXPECT_EQ(tiff_cut_at_bad_link(with_last_link(sound, first))->view(), sound) << "a circle";
}

// As libtiff has it.
TEST(TiffDirectories, ADirectoryWithoutASizeIsNone) {
  const std::string chain_of_none = chain(2);
  EXPECT_FALSE(tiff_cut_at_bad_link(chain_of_none).has_value()) << "nothing would be left";
  const TiffFile page{.size = {2, 2}, .tags = {}, .blocks = {"abcd"}};
  const std::string sound = write_tiff({page});
  std::string second(2 + kEntry + 4, '\0');
  put<std::uint16_t>(second, 0, 1);
  put<std::uint16_t>(second, 2, 256);  // a width alone
  put<std::uint16_t>(second, 4, 3);
  put<std::uint32_t>(second, 6, 1);
  const std::string more = with_last_link(sound, sound.size()) + second;
  EXPECT_EQ(tiff_cut_at_bad_link(more)->view(), sound + second);
}

TEST(TiffDirectories, EntriesOfAllDirectoriesAreBounded) {
  EXPECT_TRUE(tiff_directories_end(overlapping(15)));
  EXPECT_FALSE(tiff_cut_at_bad_link(overlapping(15)).has_value());
  EXPECT_FALSE(tiff_directories_end(overlapping(16)));
  EXPECT_FALSE(tiff_directories_end(overlapping(1000)));
  EXPECT_FALSE(tiff_cut_at_bad_link(overlapping(1000)).has_value());
}

}  // namespace
}  // namespace imageserver
