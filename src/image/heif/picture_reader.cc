#include "image/heif/picture_reader.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vips/vips8>

namespace imageserver {
namespace {

// By the first tile: that all are alike is seen when they are decoded.
CodedForm form_of(const HeifItems& items, const HeifCanvas& canvas) {
  const HeifTile& tile = canvas.tiles.front();
  const std::optional<std::string> stream = items.content(*items.find(tile.id));
  const std::optional<CodedForm> form = !stream ? std::nullopt
                                        : tile.codec == HeifCodec::kAv1
                                            ? av1_form(*stream)
                                            : hevc_form(*stream, tile.item.configuration);
  if (!form) throw vips::VError("heif: no header of a stream");
  return *form;
}

}  // namespace

PictureReader::AlphaSource::AlphaSource(const HeifItems& items, const HeifCanvas& canvas)
    : form(form_of(items, canvas)), reader(items, canvas, form) {}

PictureReader::PictureReader(const HeifItems& items, HeifPicture picture)
    : items_(items),
      picture_(std::move(picture)),
      form_(form_of(items_, picture_.colour)),
      colour_(items_, picture_.colour, form_) {
  if (picture_.alpha) alpha_.emplace(items_, *picture_.alpha);
  const auto width = static_cast<std::size_t>(picture_.colour.size.width);
  for (HeifRow* const row : {&luma_, &alpha_row_, chroma_.data(), &chroma_[1], channels_.data(),
                             &channels_[1], &channels_[2]})
    row->resize(width);
  const int half = chroma_size(picture_.colour.size, form_.chroma).width;
  for (HeifRow& row : half_) row.resize(static_cast<std::size_t>(half));
}

void PictureReader::row(int y, std::span<std::uint8_t> to) {
  const int on_canvas = picture_.crop.top + y;
  if (is_grey()) {
    make_grey(on_canvas);
  } else {
    make_colours(on_canvas);
  }
  std::vector<const HeifRow*> channels;
  for (std::size_t i = 0; i < (is_grey() ? 1U : 3U); ++i) channels.push_back(&channels_.at(i));
  if (alpha_) {
    make_alpha(on_canvas);
    channels.push_back(&alpha_row_);
  }
  if (is_deep()) {
    store(channels, picture_.crop.left,
          std::span(reinterpret_cast<std::uint16_t*>(to.data()), to.size() / 2));
  } else {
    store(channels, picture_.crop.left, to);
  }
}

void PictureReader::make_grey(int y) {
  widen(colour_.row(0, y), form_.bits, luma_);
  const bool full = picture_.colour.coding.value_or(colour_.coding()).full_range;
  weigh(grey_weights(full, form_.bits, static_cast<int>(largest())), luma_, channels_[0]);
}

void PictureReader::make_colours(int y) {
  widen(colour_.row(0, y), form_.bits, luma_);
  read_chroma(1, y, chroma_[0]);
  read_chroma(2, y, chroma_[1]);
  if (!matrix_) {
    const HeifCoding coding = picture_.colour.coding.value_or(colour_.coding());
    matrix_ = colour_matrix(coding, form_.bits, static_cast<int>(largest()));
    if (!matrix_) throw vips::VError("heif: an unusual matrix");
  }
  for (std::size_t i = 0; i < channels_.size(); ++i)
    weigh(matrix_->at(i), luma_, chroma_[0], chroma_[1], channels_.at(i));
}

// REQUIRES: the colours of that row are made. If alpha is multiplied into them, they are divided by
// it.
void PictureReader::make_alpha(int y) {
  const CodedForm& form = alpha_->form;
  widen(alpha_->reader.row(0, y), form.bits, luma_);
  const bool full = picture_.alpha->coding.value_or(alpha_->reader.coding()).full_range;
  weigh(grey_weights(full, form.bits, static_cast<int>(largest())), luma_, alpha_row_);
  if (!picture_.premultiplied) return;
  for (HeifRow& channel : channels_) unmultiply(alpha_row_, largest(), channel);
}

void PictureReader::read_chroma(int plane, int y, HeifRow& to) {
  const HeifChroma chroma = form_.chroma;
  if (chroma == HeifChroma::k444) return widen(colour_.row(plane, y), form_.bits, to);
  if (chroma == HeifChroma::k422) {
    widen(colour_.row(plane, y), form_.bits, half_[0]);
    return spread(half_[0], to);
  }
  const int rows = chroma_size(picture_.colour.size, chroma).height;
  const int near = y / 2;
  const int far = std::clamp(y % 2 == 0 ? near - 1 : near + 1, 0, rows - 1);
  // The upper one first: rows are read from top to bottom.
  widen(colour_.row(plane, std::min(near, far)), form_.bits, half_[near <= far ? 0 : 1]);
  widen(colour_.row(plane, std::max(near, far)), form_.bits, half_[near <= far ? 1 : 0]);
  blend(half_[0], half_[1], half_[2]);
  spread(half_[2], to);
}

}  // namespace imageserver
