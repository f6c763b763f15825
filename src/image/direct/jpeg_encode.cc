#include "image/direct/jpeg_encode.h"

#include <csetjmp>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
// It needs what <cstdio> declares.
#include <jpeglib.h>

#include <algorithm>
#include <array>

#include "image/codec/effort.h"

namespace imageserver {
namespace {

// Of a JPEG with halved chroma, in samples of luma: one row of blocks of chroma.
constexpr int kMostLines = 2 * DCTSIZE;

// A block reads up to seven samples beyond the edge. They lie in the padding of the rows.
void repeat_edges(Planes& planes) {
  static_assert(BytePlane::kLane % DCTSIZE == 0);
  for (BytePlane& plane : planes.planes) {
    const auto width = static_cast<std::size_t>(plane.size().width);
    for (int y = 0; y < plane.size().height; ++y) {
      std::uint8_t* const row = plane.row(y);
      std::fill(row + width, row + plane.stride(), row[width - 1]);
    }
  }
}

// libjpeg tells of an error by not returning, so it is left by longjmp(). Nothing that lives in
// between has a destructor.
class Compressor {
 public:
  Compressor() {
    info_.err = jpeg_std_error(&errors_);
    info_.client_data = this;
    errors_.error_exit = leave;
    errors_.output_message = [](j_common_ptr) {};
  }
  ~Compressor() {
    jpeg_destroy_compress(&info_);
    std::free(bytes_);
  }
  Compressor(const Compressor&) = delete;
  Compressor& operator=(const Compressor&) = delete;
  Compressor(Compressor&&) = delete;
  Compressor& operator=(Compressor&&) = delete;

  [[nodiscard]] bool compress(Planes& planes, int quality, bool progressive) {
    if (setjmp(failure_) != 0) return false;
    jpeg_create_compress(&info_);
    jpeg_mem_dest(&info_, &bytes_, &size_);
    describe(planes);
    jpeg_set_quality(&info_, quality, TRUE);
    info_.optimize_coding = static_cast<boolean>(is_optimised(planes.size));
    if (progressive) jpeg_simple_progression(&info_);
    jpeg_start_compress(&info_, TRUE);
    while (info_.next_scanline < info_.image_height) write_lines(planes);
    jpeg_finish_compress(&info_);
    return true;
  }

  [[nodiscard]] std::string_view written() const {
    return {reinterpret_cast<const char*>(bytes_), size_};
  }

 private:
  [[noreturn]] static void leave(j_common_ptr info) {
    std::longjmp(static_cast<Compressor*>(info->client_data)->failure_, 1);
  }

  void describe(const Planes& planes) {
    info_.image_width = static_cast<JDIMENSION>(planes.size.width);
    info_.image_height = static_cast<JDIMENSION>(planes.size.height);
    info_.input_components = planes.is_grey() ? 1 : 3;
    info_.in_color_space = planes.is_grey() ? JCS_GRAYSCALE : JCS_YCbCr;
    jpeg_set_defaults(&info_);
    info_.raw_data_in = TRUE;
    info_.comp_info[0].h_samp_factor = planes.is_grey() ? 1 : planes.chroma.across;
    info_.comp_info[0].v_samp_factor = planes.is_grey() ? 1 : planes.chroma.down;
  }

  // One row of blocks, of chroma if it has fewer. The last row stands for those below it.
  void write_lines(Planes& planes) {
    std::array<std::array<JSAMPROW, kMostLines>, 3> rows;
    std::array<JSAMPARRAY, 3> all{rows[0].data(), rows[1].data(), rows[2].data()};
    const int luma = info_.comp_info[0].v_samp_factor;
    for (std::size_t i = 0; i < planes.planes.size(); ++i) {
      BytePlane& plane = planes.planes[i];
      const int count = info_.comp_info[i].v_samp_factor * DCTSIZE;
      const int first =
          static_cast<int>(info_.next_scanline) * info_.comp_info[i].v_samp_factor / luma;
      for (int y = 0; y < count; ++y) {
        rows.at(i).at(static_cast<std::size_t>(y)) =
            plane.row(std::min(first + y, plane.size().height - 1));
      }
    }
    jpeg_write_raw_data(&info_, all.data(), static_cast<JDIMENSION>(luma * DCTSIZE));
  }

  jpeg_compress_struct info_{};
  jpeg_error_mgr errors_{};
  std::jmp_buf failure_{};
  unsigned char* bytes_ = nullptr;
  unsigned long size_ = 0;  // NOLINT(google-runtime-int): libjpeg's type
};

}  // namespace

std::optional<Bytes> encode_jpeg(Planes& planes, int quality, bool progressive) {
  repeat_edges(planes);
  Compressor compressor;
  if (!compressor.compress(planes, quality, progressive)) return std::nullopt;
  return Bytes::copy(compressor.written());
}

}  // namespace imageserver
