// Rows of numbers: from the samples of planes to the pixels of a picture. Threads: any, each with
// rows of its own.

#ifndef IMAGESERVER_IMAGE_HEIF_ROWS_H_
#define IMAGESERVER_IMAGE_HEIF_ROWS_H_

#include <cstdint>
#include <span>
#include <vector>

#include "image/heif/colour_matrix.h"
#include "image/heif/planes.h"

namespace imageserver {

using HeifRow = std::vector<float>;

// The samples of a row, of a byte each, or of two where they have more than 8 bits. REQUIRES: as
// many as `to` has elements.
void widen(const std::uint8_t* samples, int bits, HeifRow& to);

// What lies a quarter of the way from `near` to `far`. REQUIRES, here and below: rows of the same
// length, if nothing else is said.
void blend(const HeifRow& near, const HeifRow& far, HeifRow& to);

// Makes of each number two, each nearer to its own than to the next one (3 : 1), as the samples of
// chroma lie in the middle between two of luma. REQUIRES: `half` is half as long, rounded up.
void spread(const HeifRow& half, HeifRow& to);

void weigh(const ChannelWeights& weights, const HeifRow& y, const HeifRow& cb, const HeifRow& cr,
           HeifRow& to);
void weigh(const ChannelWeights& weights, const HeifRow& y, HeifRow& to);

// Takes out alpha (0 to `largest`) that is multiplied into the channel.
void unmultiply(const HeifRow& alpha, float largest, HeifRow& channel);

// The pixels from `first` on, bands interleaved, rounded to whole numbers from 0 to the largest.
// REQUIRES: `to` holds a whole number of pixels, which the channels have from `first` on.
void store(std::span<const HeifRow* const> channels, int first, std::span<std::uint8_t> to);
void store(std::span<const HeifRow* const> channels, int first, std::span<std::uint16_t> to);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_HEIF_ROWS_H_
