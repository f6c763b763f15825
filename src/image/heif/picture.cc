#include "image/heif/picture.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <map>
#include <set>
#include <utility>

#include "formats/iso_boxes.h"

namespace imageserver {
namespace {

constexpr std::uint64_t kLongestSide = 65'536;
constexpr std::size_t kMostTiles = 1000;
constexpr int kMostIdentities = 8;  // that stand for another item, one behind the other

constexpr auto kAlphaKinds =
    std::to_array<std::string_view>({"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha",
                                     "urn:mpeg:hevc:2015:auxid:1", "urn:mpeg:avc:2015:auxid:1"});

std::optional<HeifCodec> codec_of(const HeifItem& item) {
  if (item.type == "av01") return HeifCodec::kAv1;
  if (item.type == "hvc1" || item.type == "hev1") return HeifCodec::kHevc;
  return std::nullopt;
}

bool is_picture(const HeifItem& item) {
  return codec_of(item) || item.type == "grid" || item.type == "iden";
}

std::optional<Size> size_of(std::uint64_t width, std::uint64_t height) {
  if (width == 0 || height == 0 || width > kLongestSide || height > kLongestSide)
    return std::nullopt;
  return Size{static_cast<int>(width), static_cast<int>(height)};
}

// The box `ispe`.
std::optional<Size> announced_size(const HeifItem& item) {
  IsoFields fields(item.property("ispe").value_or(""));
  static_cast<void>(fields.bytes(4));
  const std::uint64_t width = fields.number(4);
  return size_of(width, fields.number(4));
}

// Of the boxes `colr` the first that begins so, without its beginning.
std::optional<std::string_view> colour_box(const HeifItem& item, std::string_view kind) {
  for (const IsoBox& box : item.properties) {
    if (box.type == "colr" && box.content.starts_with(kind)) return box.content.substr(kind.size());
  }
  return std::nullopt;
}

std::optional<HeifCoding> coding_of(const HeifItem& item) {
  const std::optional<std::string_view> box = colour_box(item, "nclx");
  if (!box) return std::nullopt;
  IsoFields fields(*box);
  HeifCoding coding;
  coding.primaries = static_cast<int>(fields.number(2));
  coding.transfer = static_cast<int>(fields.number(2));
  coding.matrix = static_cast<int>(fields.number(2));
  coding.full_range = (fields.number(1) & 128U) != 0;
  if (fields.failed()) return std::nullopt;
  return coding;
}

std::string_view profile_of(const HeifItem& item) {
  for (const std::string_view kind : {"prof", "rICC"}) {
    if (const auto box = colour_box(item, kind)) return *box;
  }
  return {};
}

// The box `a1op`.
int operating_point_of(const HeifItem& item) {
  IsoFields fields(item.property("a1op").value_or(""));
  return static_cast<int>(fields.number(1) & 31U);
}

std::optional<HeifTile> read_tile(const HeifItems& items, HeifItemId id) {
  const HeifItem* const item = items.find(id);
  if (item == nullptr) return std::nullopt;
  const std::optional<HeifCodec> codec = codec_of(*item);
  const std::optional<Size> size = announced_size(*item);
  if (!codec || !size) return std::nullopt;
  return HeifTile{
      id, *codec, {item->property("hvcC").value_or(""), *size, operating_point_of(*item)}};
}

// What an item of type `grid` holds.
std::optional<HeifCanvas> read_grid(std::string_view content) {
  IsoFields fields(content);
  HeifCanvas canvas;
  const std::uint64_t version = fields.number(1);
  const std::size_t width = (fields.number(1) & 1U) != 0 ? 4 : 2;
  canvas.rows = static_cast<int>(fields.number(1)) + 1;
  canvas.columns = static_cast<int>(fields.number(1)) + 1;
  const std::uint64_t wide = fields.number(width);
  const std::optional<Size> size = size_of(wide, fields.number(width));
  if (version != 0 || fields.failed() || !size) return std::nullopt;
  canvas.size = *size;
  return canvas;
}

// Whether `count` tiles of that side cover the length, and one fewer does not.
bool reach(int count, int tile, int length) {
  return std::int64_t{count} * tile >= length && std::int64_t{count - 1} * tile < length;
}

bool tiles_fit(const HeifCanvas& canvas) {
  const Size tile = canvas.tile();
  return reach(canvas.columns, tile.width, canvas.size.width) &&
         reach(canvas.rows, tile.height, canvas.size.height) &&
         std::ranges::all_of(canvas.tiles,
                             [&](const HeifTile& one) { return one.item.size == tile; });
}

// `canvas` with these tiles.
std::optional<HeifCanvas> with_tiles(HeifCanvas canvas, const HeifItems& items,
                                     const std::vector<HeifItemId>& ids) {
  const auto wanted = static_cast<std::size_t>(canvas.rows) * static_cast<unsigned>(canvas.columns);
  if (ids.size() != wanted || wanted > kMostTiles) return std::nullopt;
  for (const HeifItemId id : ids) {
    std::optional<HeifTile> tile = read_tile(items, id);
    if (!tile) return std::nullopt;
    canvas.tiles.push_back(*tile);
  }
  if (!canvas.coding) canvas.coding = coding_of(*items.find(ids.front()));
  return tiles_fit(canvas) ? std::optional(std::move(canvas)) : std::nullopt;
}

std::optional<HeifCanvas> read_canvas(const HeifItems& items, const HeifItem& item) {
  if (item.type != "grid") {
    const std::optional<HeifTile> tile = read_tile(items, item.id);
    if (!tile) return std::nullopt;
    return HeifCanvas{tile->item.size, 1, 1, {*tile}, coding_of(item)};
  }
  const std::optional<std::string> content = items.content(item);
  std::optional<HeifCanvas> canvas = content ? read_grid(*content) : std::nullopt;
  if (!canvas) return std::nullopt;
  canvas->coding = coding_of(item);
  return with_tiles(*std::move(canvas), items, items.referred_by(item.id, "dimg"));
}

bool is_alpha(const HeifItem& item) {
  constexpr std::size_t kLongest = 64;  // of what the box says, to its end; all kinds are shorter
  IsoFields fields(item.property("auxC").value_or("").substr(0, kLongest));
  static_cast<void>(fields.bytes(4));
  return std::ranges::find(kAlphaKinds, fields.text()) != kAlphaKinds.end();
}

using Alphas = std::map<HeifItemId, HeifItemId>;

// Items that have alpha, and the item that holds it: the first that refers to them.
Alphas read_alphas(const HeifItems& items) {
  Alphas alphas;
  for (const auto& [type, from, to] : items.references()) {
    const HeifItem* const item = type == "auxl" ? items.find(from) : nullptr;
    if (item == nullptr || !is_alpha(*item)) continue;
    for (const HeifItemId of : to) {
      if (of != from) alphas.emplace(of, from);
    }
  }
  return alphas;
}

// A grid may have alpha tile by tile.
std::optional<HeifCanvas> alpha_of_tiles(const HeifItems& items, const HeifCanvas& colour,
                                         const Alphas& alphas) {
  std::vector<HeifItemId> ids;
  for (const HeifTile& tile : colour.tiles) {
    const auto alpha = alphas.find(tile.id);
    if (alpha == alphas.end()) return std::nullopt;
    ids.push_back(alpha->second);
  }
  HeifCanvas canvas = colour;
  canvas.tiles.clear();
  canvas.coding.reset();
  return with_tiles(std::move(canvas), items, ids);
}

// Sets the alpha of the picture that the item is.
void add_alpha(HeifPicture& picture, const HeifItems& items, const HeifItem& item) {
  const Alphas alphas = read_alphas(items);
  const auto alpha = alphas.find(item.id);
  const bool is_whole = alpha != alphas.end();
  std::optional<HeifCanvas> canvas = is_whole ? read_canvas(items, *items.find(alpha->second))
                                              : alpha_of_tiles(items, picture.colour, alphas);
  if (!canvas || canvas->size != picture.colour.size) return;
  picture.alpha = std::move(canvas);
  const auto multiplied = items.referred_by(item.id, "prem");
  picture.premultiplied =
      is_whole && std::ranges::find(multiplied, alpha->second) != multiplied.end();
}

// A fraction of the box `clap`; none if it is divided by 0.
std::optional<double> fraction(IsoFields& fields) {
  const auto above = static_cast<std::int32_t>(fields.number32(4));
  const auto below = static_cast<std::int32_t>(fields.number32(4));
  if (below <= 0) return std::nullopt;
  return static_cast<double>(above) / below;
}

// The part of a side that is shown. The offset is that of the middle from the middle.
std::optional<std::pair<int, int>> shown(int side, const std::optional<double>& length,
                                         const std::optional<double>& offset) {
  if (!length || !offset) return std::nullopt;
  const double first = std::round(*offset + (side - *length) / 2);
  const double size = std::round(*length);
  if (size < 1 || first < 0 || first + size > side) return std::nullopt;
  return std::pair(static_cast<int>(first), static_cast<int>(size));
}

std::optional<Box> read_crop(std::string_view clap, Size size) {
  IsoFields fields(clap);
  const auto width = fraction(fields);
  const auto height = fraction(fields);
  const auto right = fraction(fields);
  const auto down = fraction(fields);
  const auto across = shown(size.width, width, right);
  const auto along = shown(size.height, height, down);
  if (fields.failed() || !across || !along) return std::nullopt;
  return Box{across->first, along->first, {across->second, along->second}};
}

// Quarter turns counter-clockwise.
Turn read_turn(std::string_view irot) {
  return Turn::quarters(static_cast<int>(IsoFields(irot).number(1) & 3U));
}

// 0: top and bottom change places; 1: left and right.
Turn read_mirror(std::string_view imir) {
  const bool across = (IsoFields(imir).number(1) & 1U) != 0;
  return Turn(Flip{.horizontal = across, .vertical = !across});
}

// Crops and turns the picture further, in the order of the properties. False for a crop that is
// damaged.
bool shape(HeifPicture& picture, const HeifItem& item) {
  for (const auto& [type, content] : item.properties) {
    if (type == "irot") picture.turn = picture.turn.then(read_turn(content));
    if (type == "imir") picture.turn = picture.turn.then(read_mirror(content));
    if (type != "clap") continue;
    const auto cut = read_crop(content, picture.turn.applied(picture.crop.size));
    if (!cut) return false;
    const Box stored = picture.turn.undone(*cut, picture.crop.size);
    picture.crop = {picture.crop.left + stored.left, picture.crop.top + stored.top, stored.size};
  }
  return true;
}

// What the items say of colours: the first that says something counts.
void add_colours(HeifPicture& picture, const std::vector<const HeifItem*>& said_by) {
  std::optional<HeifCoding> coding;
  for (const HeifItem* const item : said_by) {
    if (!coding) coding = coding_of(*item);
    if (picture.profile.empty()) picture.profile = profile_of(*item);
  }
  picture.colour.coding = coding;
}

void add_metadata(HeifPicture& picture, const HeifItems& items, HeifItemId id) {
  for (const HeifItemId from : items.referring_to(id, "cdsc")) {
    const HeifItem* const item = items.find(from);
    if (item == nullptr) continue;
    if (item->type == "Exif" && !picture.exif) picture.exif = from;
    const bool is_xmp = item->type == "mime" && item->content_type == "application/rdf+xml";
    if (is_xmp && !picture.xmp) picture.xmp = from;
  }
}

// The item and what stands behind it: an item `iden` stands for another one. The last is coded, or
// a grid. Empty if there is no such end.
std::vector<const HeifItem*> chain_from(const HeifItems& items, HeifItemId id) {
  std::vector<const HeifItem*> chain;
  for (int i = 0; i <= kMostIdentities; ++i) {
    const HeifItem* const item = items.find(id);
    if (item == nullptr || !is_picture(*item)) return {};
    chain.push_back(item);
    if (item->type != "iden") return chain;
    const std::vector<HeifItemId> next = items.referred_by(id, "dimg");
    if (next.size() != 1) return {};
    id = next.front();
  }
  return {};
}

}  // namespace

std::vector<HeifItemId> heif_pictures(const HeifItems& items) {
  std::set<HeifItemId> serving;
  for (const auto& [type, from, to] : items.references()) {
    if (type == "thmb" || type == "auxl") serving.insert(from);
    if (type == "dimg") serving.insert(to.begin(), to.end());
  }
  std::vector<HeifItemId> shown = {items.primary()};
  for (const HeifItem& item : items.all()) {
    const bool serves = item.hidden || serving.contains(item.id);
    if (is_picture(item) && !serves && item.id != items.primary()) shown.push_back(item.id);
  }
  return shown;
}

std::optional<HeifPicture> read_heif_picture(const HeifItems& items, HeifItemId id) {
  std::vector<const HeifItem*> chain = chain_from(items, id);
  if (chain.empty()) return std::nullopt;
  const HeifItem& pixels = *chain.back();
  std::optional<HeifCanvas> canvas = read_canvas(items, pixels);
  if (!canvas) return std::nullopt;
  HeifPicture picture;
  picture.colour = *std::move(canvas);
  picture.crop = whole_of(picture.colour.size);
  add_alpha(picture, items, pixels);
  for (const HeifItem* const item : chain) add_metadata(picture, items, item->id);
  for (auto item = chain.rbegin(); item != chain.rend(); ++item) {
    if (!shape(picture, **item)) return std::nullopt;
  }
  chain.push_back(items.find(picture.colour.tiles.front().id));
  add_colours(picture, chain);
  return picture;
}

}  // namespace imageserver
