#include "formats/heif_items.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/heif_file.h"

namespace imageserver {
namespace {

using std::string_literals::operator""s;

using Ids = std::vector<HeifItemId>;

std::string info(std::uint32_t id, const std::string& type) {
  return iso_box("infe", be32(2U << 24U) + be16(id) + be16(0) + type + '\0');
}

// A file with one item, 7, whose place is as `iloc` says; `idat` holds "inside".
std::string file_with_place(const std::string& iloc) {
  return full_box("meta", full_box("pitm", be16(7)) + full_box("iinf", be16(1) + info(7, "av01")) +
                              iloc + iso_box("idat", "inside"));
}

std::optional<std::string> content_by(const std::string& iloc) {
  const std::string file = file_with_place(iloc);
  const auto items = HeifItems::read(file);
  return items->content(*items->find(7));
}

// A box `iloc` with offsets and lengths of 4 bytes.
std::string place(int version, int method, const std::vector<std::pair<int, int>>& extents) {
  std::string content = "\x44\x00"s + be16(1) + be16(7);
  if (version == 1) content += be16(static_cast<std::uint32_t>(method));
  content += be16(0) + be16(static_cast<std::uint32_t>(extents.size()));
  for (const auto& [at, length] : extents)
    content += be32(static_cast<std::uint32_t>(at)) + be32(static_cast<std::uint32_t>(length));
  return iso_box("iloc", be32(static_cast<std::uint32_t>(version) << 24U) + content);
}

TEST(HeifItems, AreReadWithAllThatBelongsToThem) {
  HeifFile built;
  const int first = built.item("av01", "one", {ispe(3, 4), irot(1)});
  const int second = built.item("hvc1", "two", {ispe(5, 6)}, true);
  const int packet = built.xmp("<xmp/>", {first, second});
  built.refer("auxl", second, {first});
  built.set_primary(second);
  const Bytes bytes = built.bytes();
  const auto items = HeifItems::read(bytes.view());
  ASSERT_TRUE(items);
  EXPECT_EQ(items->primary(), 2U);
  ASSERT_EQ(items->all().size(), 3U);
  const HeifItem& one = *items->find(1);
  EXPECT_EQ(one.type, "av01");
  EXPECT_FALSE(one.hidden);
  EXPECT_EQ(items->content(one), "one");
  ASSERT_EQ(one.properties.size(), 2U);
  EXPECT_EQ(one.property("irot"), "\x01"s);
  EXPECT_EQ(one.property("imir"), std::nullopt);
  EXPECT_TRUE(items->find(2)->hidden);
  EXPECT_EQ(items->content(*items->find(2)), "two");
  EXPECT_EQ(items->find(static_cast<HeifItemId>(packet))->content_type, "application/rdf+xml");
  EXPECT_EQ(items->referred_by(3, "cdsc"), (Ids{1, 2}));
  EXPECT_EQ(items->referring_to(1, "cdsc"), Ids{3});
  EXPECT_EQ(items->referring_to(1, "auxl"), Ids{2});
  EXPECT_EQ(items->referring_to(1, "thmb"), Ids{});
  EXPECT_EQ(items->find(4), nullptr);
}

// The numbers of items have four bytes.
TEST(HeifItems, ThePrimaryOneMayHaveALongNumber) {
  const std::string pitm = iso_box("pitm", be32(1U << 24U) + be32(0x12345));
  const std::string infe =
      iso_box("infe", be32(3U << 24U) + be32(0x12345) + be16(0) + "av01" + '\0');
  const std::string file = full_box("meta", pitm + full_box("iinf", be16(1) + infe));
  const auto items = HeifItems::read(file);
  ASSERT_TRUE(items);
  EXPECT_EQ(items->primary(), 0x12345U);
  EXPECT_NE(items->find(0x12345), nullptr);
}

// ISO/IEC 14496-12, ItemPropertyAssociationBox.
TEST(HeifItems, HavePropertiesByShortOrLongNumbers) {
  const std::string properties = iso_box("ipco", ispe(3, 4) + irot(1) + imir(0));
  const auto types_by = [&](const std::string& ipma) {
    const std::string file =
        full_box("meta", full_box("pitm", be16(7)) + full_box("iinf", be16(1) + info(7, "av01")) +
                             iso_box("iprp", properties + iso_box("ipma", ipma)));
    const auto items = HeifItems::read(file);
    std::vector<std::string> types;
    for (const IsoBox& property : items->find(7)->properties) types.emplace_back(property.type);
    return types;
  };
  const std::vector<std::string> both = {"irot", "imir"};
  const std::string one = be32(1);  // an item
  EXPECT_EQ(types_by(be32(0) + one + be16(7) + "\2\x82\3"s), both);
  EXPECT_EQ(types_by(be32(1) + one + be16(7) + "\2"s + be16(0x8002) + be16(3)), both);
  EXPECT_EQ(types_by(be32(1U << 24U) + one + be32(7) + "\2\2\x83"s), both);
  EXPECT_EQ(types_by(be32(1U << 24U | 1U) + one + be32(7) + "\2"s + be16(2) + be16(0x8003)), both);
}

TEST(HeifItems, PlacesBehindThoseThatAreCountedAreNone) {
  const std::string entry = be16(7) + be16(0) + be16(1);
  const std::string two = entry + be32(4) + be32(4) + entry + be32(0) + be32(4);
  EXPECT_EQ(content_by(full_box("iloc", "\x44\x00"s + be16(1) + two)), "meta");
}

TEST(HeifItems, NeedAListOfThem) {
  EXPECT_FALSE(HeifItems::read(""));
  EXPECT_FALSE(HeifItems::read(iso_box("ftyp", "avif")));
  EXPECT_FALSE(HeifItems::read(full_box("meta", full_box("pitm", be16(1)))));
  EXPECT_FALSE(HeifItems::read(full_box("meta", full_box("iinf", be16(1) + info(1, "av01")))));
}

TEST(HeifItems, MayLieInPieces) {
  const std::string file = file_with_place(place(0, 0, {{4, 4}, {0, 4}}));
  const auto items = HeifItems::read(file);
  EXPECT_EQ(items->content(*items->find(7)), "meta" + file.substr(0, 4));
}

TEST(HeifItems, MayLieInTheListItself) {
  EXPECT_EQ(content_by(place(1, 1, {{2, 4}})), "side");
  EXPECT_EQ(content_by(place(1, 1, {{2, 0}})), "side") << "0: up to the end";
  EXPECT_EQ(content_by(place(1, 1, {{2, 5}})), std::nullopt);
}

TEST(HeifItems, ThatAreNotAllThereHaveNoContent) {
  EXPECT_EQ(content_by(place(0, 0, {{0, 1 << 20}})), std::nullopt);
  EXPECT_EQ(content_by(place(0, 0, {{1 << 20, 1}})), std::nullopt);
  EXPECT_EQ(content_by(place(0, 0, {{-1, -1}})), std::nullopt);
  EXPECT_EQ(content_by(place(0, 0, {})), std::nullopt);
  EXPECT_EQ(content_by(place(1, 2, {{0, 1}})), std::nullopt) << "made of another item";
  EXPECT_EQ(content_by(""), std::nullopt);
}

TEST(HeifItems, CannotBeLargerThanTheFile) {
  const std::vector<std::pair<int, int>> again(3, {0, 60});
  EXPECT_EQ(content_by(place(0, 0, again)), std::nullopt);
}

TEST(HeifItems, OfACodedPictureHasBytes) {
  const auto has_all = [](const std::vector<std::string>& pictures) {
    HeifFile built;
    for (const std::string& picture : pictures) built.item("av01", picture);
    built.item("mime", "");
    const Bytes bytes = built.bytes();
    return has_coded_pictures(*HeifItems::read(bytes.view()));
  };
  EXPECT_TRUE(has_all({"one"}));
  EXPECT_TRUE(has_all({"one", "two"}));
  EXPECT_FALSE(has_all({""}));
  EXPECT_FALSE(has_all({"one", ""}));
  EXPECT_FALSE(has_all({}));
}

TEST(HeifItems, OfOneNumberAreOne) {
  const std::string twice =
      full_box("meta", full_box("pitm", be16(7)) +
                           full_box("iinf", be16(2) + info(7, "av01") + info(7, "hvc1")));
  const auto items = HeifItems::read(twice);
  ASSERT_EQ(items->all().size(), 1U);
  EXPECT_EQ(items->find(7)->type, "av01");
}

TEST(HeifItems, AreTenThousandAtMost) {
  const auto file_of = [](std::uint32_t count) {
    std::string infos;
    for (std::uint32_t i = 1; i <= count; ++i) infos += info(i, "av01");
    return full_box("meta", full_box("pitm", be16(7)) + full_box("iinf", be16(count) + infos));
  };
  EXPECT_TRUE(HeifItems::read(file_of(10'000)));
  EXPECT_FALSE(HeifItems::read(file_of(10'001)));
}

TEST(HeifItems, AnyPartOfAFileIsReadToNoHarm) {
  HeifFile built;
  built.item("av01", "one", {ispe(3, 4), irot(1), nclx(1, 13, 6, true)});
  built.exif("tiff", {1});
  const Bytes bytes = built.bytes();
  const std::string whole(bytes.view());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::string part = whole.substr(0, size);
    const auto items = HeifItems::read(part);
    if (!items) continue;
    for (const HeifItem& item : items->all()) static_cast<void>(items->content(item));
  }
}

}  // namespace
}  // namespace imageserver
