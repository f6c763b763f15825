// The items of a HEIF file (ISO/IEC 23008-12; AVIF and HEIC are of its kind): pictures, parts of
// pictures and metadata, as its box `meta` lists them (ISO/IEC 14496-12, section 8.11). What they
// hold is not looked at. Threads: any.

#ifndef IMAGESERVER_FORMATS_HEIF_ITEMS_H_
#define IMAGESERVER_FORMATS_HEIF_ITEMS_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/iso_boxes.h"

namespace imageserver {

using HeifItemId = std::uint32_t;

// A run of bytes in the file.
struct HeifExtent {
  std::uint64_t at = 0;
  std::uint64_t length = 0;  // 0: up to the end
};

// Views of the file.
struct HeifItem {
  HeifItemId id = 0;
  std::string_view type;          // four letters: av01, hvc1, grid, Exif, ...
  std::string_view content_type;  // of an item of type `mime`
  bool hidden = false;
  bool in_meta = false;  // the extents are runs of the box `idat`, and not of the file
  std::vector<HeifExtent> extents;
  std::vector<IsoBox> properties;  // in their order

  // The first property of that type; none if there is none.
  [[nodiscard]] std::optional<std::string_view> property(std::string_view type) const;
};

struct HeifReference {
  std::string_view type;  // four letters: dimg, auxl, cdsc, ...
  HeifItemId from = 0;
  std::vector<HeifItemId> to;
};

class HeifItems {
 public:
  // None if the file has no list of items, or more than 10,000. Time and memory grow with the size
  // of the file alone. REQUIRES: the file outlives all that comes of it.
  [[nodiscard]] static std::optional<HeifItems> read(std::string_view file);

  [[nodiscard]] HeifItemId primary() const { return primary_; }

  // In the order of the file, each number once.
  [[nodiscard]] const std::vector<HeifItem>& all() const { return items_; }

  // Null if there is none.
  [[nodiscard]] const HeifItem* find(HeifItemId id) const;

  [[nodiscard]] const std::vector<HeifReference>& references() const { return references_; }

  // What the item refers to in that way.
  [[nodiscard]] std::vector<HeifItemId> referred_by(HeifItemId from, std::string_view type) const;

  // The items that refer to this one in that way.
  [[nodiscard]] std::vector<HeifItemId> referring_to(HeifItemId to, std::string_view type) const;

  // The bytes of the item. None if they are not all there, lie elsewhere, or are more than the
  // file.
  [[nodiscard]] std::optional<std::string> content(const HeifItem& item) const;

 private:
  HeifItems(std::string_view file, std::string_view data) : file_(file), data_(data) {}

  void read_infos(std::string_view iinf);
  void read_places(std::string_view iloc);
  void read_properties(std::string_view iprp);
  void read_associations(std::string_view ipma, const std::vector<IsoBox>& properties);
  void read_references(std::string_view iref);
  HeifItem* find_mutable(HeifItemId id);

  std::string_view file_;
  std::string_view data_;  // the content of `idat`
  HeifItemId primary_ = 0;
  std::vector<HeifItem> items_;
  std::map<HeifItemId, std::size_t> places_;  // in items_
  std::vector<HeifReference> references_;
};

// Whether there are bytes for each coded picture (av01), and there is one. REQUIRES: the file
// outlives `items`.
[[nodiscard]] bool has_coded_pictures(const HeifItems& items);

}  // namespace imageserver

#endif  // IMAGESERVER_FORMATS_HEIF_ITEMS_H_
