// A plane of 8-bit samples, such as the luma of a picture.

#ifndef IMAGESERVER_IMAGE_RESAMPLE_BYTE_PLANE_H_
#define IMAGESERVER_IMAGE_RESAMPLE_BYTE_PLANE_H_

#include <cstddef>
#include <cstdint>
#include <memory>

#include "formats/size.h"

namespace imageserver {

// Each row is padded to a multiple of kLane bytes, so that loops may read and write whole lanes.
// The bytes of the padding mean nothing.
class BytePlane {
 public:
  static constexpr std::size_t kLane = 32;

  // The samples are not initialised. REQUIRES: both sides are positive.
  explicit BytePlane(Size size)
      : size_(size),
        stride_((static_cast<std::size_t>(size.width) + kLane - 1) / kLane * kLane),
        bytes_(std::make_unique_for_overwrite<std::uint8_t[]>(
            stride_ * static_cast<std::size_t>(size.height))) {}

  [[nodiscard]] Size size() const { return size_; }
  [[nodiscard]] std::size_t stride() const { return stride_; }

  // REQUIRES: there is such a row.
  [[nodiscard]] std::uint8_t* row(int y) {
    return bytes_.get() + stride_ * static_cast<std::size_t>(y);
  }
  [[nodiscard]] const std::uint8_t* row(int y) const {
    return bytes_.get() + stride_ * static_cast<std::size_t>(y);
  }

 private:
  Size size_;
  std::size_t stride_;
  std::unique_ptr<std::uint8_t[]> bytes_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_RESAMPLE_BYTE_PLANE_H_
