// The boxes that files of ISO/IEC 14496-12 are made of. Threads: any.

#ifndef IMAGESERVER_FORMATS_ISO_BOXES_H_
#define IMAGESERVER_FORMATS_ISO_BOXES_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace imageserver {

struct IsoBox {
  std::string_view type;  // four letters
  std::string_view content;
};

// Takes the first box away from the front of `bytes`. None if there is no whole one.
[[nodiscard]] std::optional<IsoBox> take_box(std::string_view& bytes);

// What the first box of that type holds; empty if there is none.
[[nodiscard]] std::string_view content_of(std::string_view boxes, std::string_view type);

// Reads the fields of a box one after the other. Behind the end all numbers are 0, all texts are
// empty, and failed() holds.
class IsoFields {
 public:
  explicit IsoFields(std::string_view bytes) : rest_(bytes) {}

  // REQUIRES: bytes <= 8.
  [[nodiscard]] std::uint64_t number(std::size_t bytes);

  [[nodiscard]] std::uint32_t number32(std::size_t bytes) {
    return static_cast<std::uint32_t>(number(bytes));
  }

  [[nodiscard]] std::string_view bytes(std::size_t count);

  // Up to a zero, which is passed over, or to the end.
  [[nodiscard]] std::string_view text();

  // The version of a full box; the three bytes of its flags follow.
  [[nodiscard]] unsigned version() { return number32(1); }

  [[nodiscard]] std::string_view rest() const { return rest_; }
  [[nodiscard]] bool failed() const { return failed_; }

 private:
  std::string_view rest_;
  bool failed_ = false;
};

}  // namespace imageserver

#endif  // IMAGESERVER_FORMATS_ISO_BOXES_H_
