// An immutable run of bytes with shared ownership: what is in the cache, on its way to a socket and
// in the hands of a slow client is one and the same memory.

#ifndef IMAGESERVER_BASE_BYTES_H_
#define IMAGESERVER_BASE_BYTES_H_

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace imageserver {

// Copying a Bytes copies a pointer. Threads: any number may read and copy at once, as the bytes
// never change.
class Bytes {
 public:
  Bytes() = default;

  // A copy in an allocation of exactly its size: what is cached must not drag spare capacity along.
  static Bytes copy(std::string_view bytes);

  // Takes the string over, spare capacity included, without copying.
  static Bytes own(std::string bytes);

  // The first `size` bytes of an array, without copying. An array need not be zeroed before it is
  // written to (std::make_shared_for_overwrite). REQUIRES: nobody changes the array any more.
  static Bytes own(std::shared_ptr<char[]> array, std::size_t size);

  // Bytes that live as long as `owner` does. REQUIRES: nobody changes them any more.
  static Bytes kept_by(std::shared_ptr<const void> owner, std::string_view bytes) {
    return {std::move(owner), bytes};
  }

  // Bytes that somebody else keeps. REQUIRES: they outlive every copy and slice, and do not change.
  static Bytes borrow(std::string_view bytes) { return {nullptr, bytes}; }

  // The bytes [offset, offset+size) of the same memory, which lives as long as the slice does.
  // REQUIRES: offset + size <= this->size().
  [[nodiscard]] Bytes slice(std::size_t offset, std::size_t size) const;

  [[nodiscard]] std::string_view view() const { return view_; }
  [[nodiscard]] const char* data() const { return view_.data(); }
  [[nodiscard]] std::size_t size() const { return view_.size(); }
  [[nodiscard]] bool empty() const { return view_.empty(); }

 private:
  Bytes(std::shared_ptr<const void> owner, std::string_view view)
      : owner_(std::move(owner)), view_(view) {}

  std::shared_ptr<const void> owner_;
  std::string_view view_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_BASE_BYTES_H_
