#include "image/heif/canvas_reader.h"

#include <cstddef>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>
#include <vips/vips8>

namespace imageserver {
namespace {

[[noreturn]] void fail(const char* why) { throw vips::VError(why); }

int planes_of(HeifChroma chroma) { return chroma == HeifChroma::kNone ? 1 : 3; }

Size plane_size(Size size, HeifChroma chroma, int plane) {
  return plane == 0 ? size : chroma_size(size, chroma);
}

// HeifPlanes of that size, of the same kind as `like`, in memory of their own.
HeifPlanes blank(Size size, const HeifPlanes& like) {
  HeifPlanes planes = like;
  planes.size = size;
  std::size_t bytes = 0;
  for (int i = 0; i < planes_of(like.chroma); ++i)
    bytes += static_cast<std::size_t>(area(plane_size(size, like.chroma, i))) * like.sample_bytes();
  const auto memory = std::make_shared<std::vector<std::uint8_t>>(bytes);
  const std::uint8_t* at = memory->data();
  for (int i = 0; i < planes_of(like.chroma); ++i) {
    const Size own = plane_size(size, like.chroma, i);
    const auto stride =
        static_cast<std::ptrdiff_t>(own.width) * static_cast<std::ptrdiff_t>(like.sample_bytes());
    planes.planes.at(static_cast<std::size_t>(i)) = {at, stride};
    at += stride * own.height;
  }
  planes.owner = memory;
  return planes;
}

// Copies the first tile.size of `from` to the place in `to`, which blank() has made, where the
// tile's column begins.
void paste(const HeifPlanes& from, Size tile, int column, const HeifPlanes& to) {
  for (int i = 0; i < planes_of(to.chroma); ++i) {
    const Size own = plane_size(tile, to.chroma, i);
    const std::size_t bytes = static_cast<std::size_t>(own.width) * to.sample_bytes();
    const HeifPlane& source = from.planes.at(static_cast<std::size_t>(i));
    const HeifPlane& target = to.planes.at(static_cast<std::size_t>(i));
    for (int y = 0; y < own.height; ++y) {
      auto* const row = const_cast<std::uint8_t*>(target.row(y));
      std::memcpy(row + static_cast<std::size_t>(column) * bytes, source.row(y), bytes);
    }
  }
}

// Whether tiles side by side share no sample of chroma.
bool are_apart(const HeifCanvas& canvas, HeifChroma chroma) {
  const Size tile = canvas.tile();
  return (canvas.columns == 1 || !halves_width(chroma) || tile.width % 2 == 0) &&
         (canvas.rows == 1 || !halves_height(chroma) || tile.height % 2 == 0);
}

}  // namespace

const std::uint8_t* CanvasReader::row(int plane, int y) {
  const int a_strip = plane_size(canvas_.tile(), form_.chroma, plane).height;
  const HeifPlanes& planes = strip(y / a_strip);
  return planes.planes.at(static_cast<std::size_t>(plane)).row(y % a_strip);
}

HeifCoding CanvasReader::coding() {
  return strips_.empty() ? strip(0).coding : strips_.front().planes.coding;
}

const HeifPlanes& CanvasReader::strip(int number) {
  for (const Strip& kept : strips_) {
    if (kept.number == number) return kept.planes;
  }
  if (strips_.size() == 2) strips_.pop_front();
  strips_.push_back({number, decode_strip(number)});
  return strips_.back().planes;
}

HeifPlanes CanvasReader::decode_strip(int number) const {
  if (!are_apart(canvas_, form_.chroma)) fail("heif: odd tiles");
  if (canvas_.columns == 1) return decode_tile(0, number);
  const Size tile = canvas_.tile();
  std::optional<HeifPlanes> strip;
  for (int column = 0; column < canvas_.columns; ++column) {
    const HeifPlanes decoded = decode_tile(column, number);
    if (!strip) strip = blank({tile.width * canvas_.columns, tile.height}, decoded);
    paste(decoded, tile, column, *strip);
  }
  return *std::move(strip);
}

HeifPlanes CanvasReader::decode_tile(int column, int row) const {
  const HeifTile& tile = canvas_.tiles.at(static_cast<std::size_t>(row * canvas_.columns + column));
  const std::optional<std::string> stream = items_.content(*items_.find(tile.id));
  if (!stream) fail("heif: a tile is not there");
  std::optional<HeifPlanes> planes = tile.codec == HeifCodec::kAv1
                                         ? decode_av1(*stream, tile.item)
                                         : decode_hevc(*stream, tile.item);
  if (!planes) fail("heif: a tile is damaged");
  if (planes->bits != form_.bits || planes->chroma != form_.chroma) fail("heif: another form");
  return *std::move(planes);
}

}  // namespace imageserver
