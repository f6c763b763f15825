#include "formats/inflated_size.h"

#include <zlib.h>

#include <array>

namespace imageserver {
namespace {

// zlib takes no pointers to const, and only reads.
Bytef* bytes_of(std::string_view text) {
  return reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
}

class Inflater {
 public:
  explicit Inflater(std::string_view stream) {
    stream_.next_in = bytes_of(stream);
    stream_.avail_in = static_cast<uInt>(stream.size());
    is_running_ = inflateInit(&stream_) == Z_OK;
  }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  Inflater(Inflater&&) = delete;
  Inflater& operator=(Inflater&&) = delete;

  // The number of bytes that come next; 0 at the end.
  [[nodiscard]] std::size_t next() {
    if (!is_running_) return 0;
    stream_.next_out = output_.data();
    stream_.avail_out = static_cast<uInt>(output_.size());
    is_running_ = inflate(&stream_, Z_NO_FLUSH) == Z_OK;
    return output_.size() - stream_.avail_out;
  }

 private:
  z_stream stream_{};
  std::array<Bytef, 16U << 10U> output_{};
  bool is_running_ = false;
};

}  // namespace

std::optional<std::size_t> inflated_size(std::string_view stream, std::size_t most) {
  Inflater inflater(stream);
  std::size_t size = 0;
  for (std::size_t more = inflater.next(); more > 0; more = inflater.next()) {
    size += more;
    if (size > most) return std::nullopt;
  }
  return size;
}

std::uint32_t crc_32(std::string_view bytes) {
  return static_cast<std::uint32_t>(crc32(0, bytes_of(bytes), static_cast<uInt>(bytes.size())));
}

}  // namespace imageserver
