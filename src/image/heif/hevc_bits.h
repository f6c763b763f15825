// The bits of an HEVC unit (ITU-T H.265, sections 7.3.1.1 and 9.2).

#ifndef IMAGESERVER_IMAGE_HEIF_HEVC_BITS_H_
#define IMAGESERVER_IMAGE_HEIF_HEVC_BITS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace imageserver {

// Reads the fields of a unit one after the other. Behind the end all bits are 0, and failed()
// holds. Threads: one at a time.
class HevcBits {
 public:
  explicit HevcBits(std::string_view unit);

  // REQUIRES: count <= 32.
  [[nodiscard]] std::uint64_t number(unsigned count);
  [[nodiscard]] bool flag() { return number(1) != 0; }
  void skip(std::size_t count) { at_ += count; }

  // ue(v): as many zeros as bits follow the next one. The largest number there is if these are more
  // than 32, which no field of a sound unit has. se(v) is as long.
  [[nodiscard]] std::uint64_t exponential();
  void skip_exponentials(int count);

  [[nodiscard]] bool failed() const { return at_ > bytes_.size() * 8; }

 private:
  unsigned next();

  std::string bytes_;
  std::size_t at_ = 0;
};

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_HEIF_HEVC_BITS_H_
