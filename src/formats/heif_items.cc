#include "formats/heif_items.h"

#include <algorithm>
#include <utility>

namespace imageserver {
namespace {

constexpr std::size_t kMostItems = 10'000;
constexpr std::uint32_t kMostExtents = 64;        // of an item
constexpr std::size_t kMostProperties = 0x7FFF;   // of all items: their numbers reach no further
constexpr std::size_t kMostPropertiesOfOne = 64;  // of an item
constexpr std::size_t kMostReferences = 100'000;  // of all items, counted by their targets
constexpr std::size_t kFlags = 3;                 // bytes, behind the version of a full box

// None for kinds that our files do not have: versions without a type.
std::optional<HeifItem> read_info(std::string_view infe) {
  IsoFields fields(infe);
  const unsigned version = fields.version();
  const std::uint32_t flags = fields.number32(kFlags);
  if (version < 2 || version > 3) return std::nullopt;
  HeifItem item;
  item.id = fields.number32(version == 2 ? 2 : 4);
  const std::uint64_t protection = fields.number(2);
  item.type = fields.bytes(4);
  item.hidden = (flags & 1U) != 0;
  if (fields.failed() || protection != 0) return std::nullopt;
  if (item.type == "mime") {
    static_cast<void>(fields.text());  // its name
    item.content_type = fields.text();
  }
  return item;
}

// How many bytes the numbers of a box `iloc` have.
struct PlaceWidths {
  unsigned version = 0;
  std::size_t offset = 0;
  std::size_t length = 0;
  std::size_t base = 0;
  std::size_t index = 0;

  [[nodiscard]] bool are_usual() const { return std::max({offset, length, base, index}) <= 8; }
};

PlaceWidths read_widths(IsoFields& fields) {
  PlaceWidths widths;
  widths.version = fields.version();
  static_cast<void>(fields.bytes(kFlags));
  const std::uint64_t packed = fields.number(2);
  widths.offset = packed >> 12U & 15U;
  widths.length = packed >> 8U & 15U;
  widths.base = packed >> 4U & 15U;
  widths.index = widths.version == 0 ? 0 : packed & 15U;
  return widths;
}

struct Place {
  HeifItemId id = 0;
  bool in_meta = false;
  bool elsewhere = false;  // in another file, or made of another item
  std::vector<HeifExtent> extents;
};

// None if it cannot be read, nor what follows it.
std::optional<Place> read_place(IsoFields& fields, const PlaceWidths& widths) {
  Place place;
  place.id = fields.number32(widths.version < 2 ? 2 : 4);
  const std::uint64_t method = widths.version == 0 ? 0 : fields.number(2) & 15U;
  const std::uint64_t other_file = fields.number(2);
  place.in_meta = method == 1;
  place.elsewhere = other_file != 0 || method > 1;
  const std::uint64_t base = fields.number(widths.base);
  const std::uint32_t count = fields.number32(2);
  if (count > kMostExtents) return std::nullopt;
  for (std::uint32_t i = 0; i < count; ++i) {
    static_cast<void>(fields.number(widths.index));
    const std::uint64_t at = fields.number(widths.offset);
    place.extents.push_back({base + at, fields.number(widths.length)});
  }
  if (fields.failed()) return std::nullopt;
  return place;
}

bool append_extent(std::string& content, std::string_view from, const HeifExtent& extent,
                   std::size_t most) {
  if (extent.at > from.size()) return false;
  const std::string_view rest = from.substr(static_cast<std::size_t>(extent.at));
  const std::uint64_t length = extent.length == 0 ? rest.size() : extent.length;
  if (length > rest.size() || length > most - content.size()) return false;
  content += rest.substr(0, static_cast<std::size_t>(length));
  return true;
}

HeifReference read_reference(const IsoBox& box, std::size_t width) {
  IsoFields fields(box.content);
  HeifReference reference{box.type, fields.number32(width), {}};
  for (std::uint64_t left = fields.number(2); left > 0; --left) {
    const HeifItemId to = fields.number32(width);
    if (fields.failed()) break;
    reference.to.push_back(to);
  }
  return reference;
}

}  // namespace

std::optional<std::string_view> HeifItem::property(std::string_view wanted) const {
  const auto found = std::ranges::find(properties, wanted, &IsoBox::type);
  if (found == properties.end()) return std::nullopt;
  return found->content;
}

std::optional<HeifItems> HeifItems::read(std::string_view file) {
  IsoFields meta(content_of(file, "meta"));
  static_cast<void>(meta.bytes(1 + kFlags));
  const std::string_view boxes = meta.rest();
  HeifItems items(file, content_of(boxes, "idat"));
  IsoFields pitm(content_of(boxes, "pitm"));
  const unsigned version = pitm.version();
  static_cast<void>(pitm.bytes(kFlags));
  items.primary_ = pitm.number32(version == 0 ? 2 : 4);
  items.read_infos(content_of(boxes, "iinf"));
  if (pitm.failed() || items.items_.empty() || items.items_.size() > kMostItems)
    return std::nullopt;
  items.read_places(content_of(boxes, "iloc"));
  items.read_properties(content_of(boxes, "iprp"));
  items.read_references(content_of(boxes, "iref"));
  return items;
}

const HeifItem* HeifItems::find(HeifItemId id) const {
  const auto found = places_.find(id);
  return found == places_.end() ? nullptr : &items_[found->second];
}

HeifItem* HeifItems::find_mutable(HeifItemId id) {
  const auto found = places_.find(id);
  return found == places_.end() ? nullptr : &items_[found->second];
}

// The number of entries that the box gives is not needed.
void HeifItems::read_infos(std::string_view iinf) {
  IsoFields fields(iinf);
  const unsigned version = fields.version();
  static_cast<void>(fields.bytes(kFlags + (version == 0 ? 2 : 4)));
  std::string_view rest = fields.rest();
  while (items_.size() <= kMostItems) {
    const std::optional<IsoBox> box = take_box(rest);
    if (!box) return;
    std::optional<HeifItem> item = box->type == "infe" ? read_info(box->content) : std::nullopt;
    if (item && places_.emplace(item->id, items_.size()).second) items_.push_back(*std::move(item));
  }
}

void HeifItems::read_places(std::string_view iloc) {
  IsoFields fields(iloc);
  const PlaceWidths widths = read_widths(fields);
  if (!widths.are_usual()) return;
  const std::uint32_t count = fields.number32(widths.version < 2 ? 2 : 4);
  for (std::uint32_t i = 0; i < count; ++i) {
    std::optional<Place> place = read_place(fields, widths);
    if (!place) return;
    HeifItem* const item = find_mutable(place->id);
    if (item == nullptr || place->elsewhere) continue;
    item->in_meta = place->in_meta;
    item->extents = std::move(place->extents);
  }
}

void HeifItems::read_properties(std::string_view iprp) {
  std::vector<IsoBox> properties;
  std::string_view rest = content_of(iprp, "ipco");
  while (properties.size() < kMostProperties) {
    const std::optional<IsoBox> box = take_box(rest);
    if (!box) break;
    properties.push_back(*box);
  }
  while (const std::optional<IsoBox> box = take_box(iprp)) {
    if (box->type == "ipma") read_associations(box->content, properties);
  }
}

// Properties are counted from 1. The highest bit of a number says that the property must be
// understood.
void HeifItems::read_associations(std::string_view ipma, const std::vector<IsoBox>& properties) {
  IsoFields fields(ipma);
  const unsigned version = fields.version();
  const bool wide = (fields.number(kFlags) & 1U) != 0;
  const std::uint32_t count = fields.number32(4);
  for (std::uint32_t i = 0; i < count && !fields.failed(); ++i) {
    HeifItem* const item = find_mutable(fields.number32(version == 0 ? 2 : 4));
    for (std::uint64_t left = fields.number(1); left > 0 && !fields.failed(); --left) {
      const std::uint64_t number = fields.number(wide ? 2 : 1) & (wide ? 0x7FFFU : 0x7FU);
      if (item == nullptr || number == 0 || number > properties.size()) continue;
      if (item->properties.size() == kMostPropertiesOfOne) continue;
      item->properties.push_back(properties[static_cast<std::size_t>(number) - 1]);
    }
  }
}

void HeifItems::read_references(std::string_view iref) {
  IsoFields head(iref);
  const std::size_t width = head.version() == 0 ? 2 : 4;
  static_cast<void>(head.bytes(kFlags));
  std::string_view rest = head.rest();
  std::size_t read = 0;
  while (const std::optional<IsoBox> box = take_box(rest)) {
    HeifReference reference = read_reference(*box, width);
    read += 1 + reference.to.size();
    if (read > kMostReferences) return;
    references_.push_back(std::move(reference));
  }
}

std::vector<HeifItemId> HeifItems::referred_by(HeifItemId from, std::string_view type) const {
  std::vector<HeifItemId> found;
  for (const HeifReference& reference : references_) {
    if (reference.type == type && reference.from == from)
      found.insert(found.end(), reference.to.begin(), reference.to.end());
  }
  return found;
}

std::vector<HeifItemId> HeifItems::referring_to(HeifItemId to, std::string_view type) const {
  std::vector<HeifItemId> found;
  for (const HeifReference& reference : references_) {
    if (reference.type == type && std::ranges::find(reference.to, to) != reference.to.end())
      found.push_back(reference.from);
  }
  return found;
}

std::optional<std::string> HeifItems::content(const HeifItem& item) const {
  if (item.extents.empty()) return std::nullopt;
  std::string content;
  for (const HeifExtent& extent : item.extents) {
    if (!append_extent(content, item.in_meta ? data_ : file_, extent, file_.size()))
      return std::nullopt;
  }
  return content;
}

bool has_coded_pictures(const HeifItems& items) {
  bool has_one = false;
  for (const HeifItem& item : items.all()) {
    if (item.type != "av01") continue;
    const auto content = items.content(item);
    if (!content || content->empty()) return false;
    has_one = true;
  }
  return has_one;
}

}  // namespace imageserver
