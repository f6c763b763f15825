// The body of one request, as it comes piece by piece.

#ifndef IMAGESERVER_HTTP_BODY_BUFFER_H_
#define IMAGESERVER_HTTP_BODY_BUFFER_H_

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace imageserver {

// Memory: less than 4 KiB more than twice what has come, and never more than the body's size; none
// between two bodies. Threads: one at a time.
class BodyBuffer {
 public:
  // A body of `size` bytes begins with `first`. REQUIRES: drop() was called since the last body;
  // `first` is no longer than that.
  void begin(std::size_t size, std::string_view first);

  [[nodiscard]] bool is_whole() const { return come_ == size_; }

  // Where its next bytes go; none of what follows the body fits in. REQUIRES: not whole.
  [[nodiscard]] std::span<char> space();

  // `size` bytes were put into space().
  void commit(std::size_t size) { come_ += size; }

  // What has come. Valid until space() or drop().
  [[nodiscard]] std::string_view view() const { return {bytes_.data(), come_}; }

  // Ends the body.
  void drop();

 private:
  std::vector<char> bytes_;
  std::size_t size_ = 0;
  std::size_t come_ = 0;
};

}  // namespace imageserver

#endif  // IMAGESERVER_HTTP_BODY_BUFFER_H_
