// A file descriptor with one owner.

#ifndef IMAGESERVER_BASE_UNIQUE_FD_H_
#define IMAGESERVER_BASE_UNIQUE_FD_H_

#include <unistd.h>

#include <utility>

namespace imageserver {

class UniqueFd {
 public:
  explicit UniqueFd(int fd = -1) : fd_(fd) {}
  ~UniqueFd() {
    if (fd_ >= 0) close(fd_);
  }

  UniqueFd(UniqueFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }

  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool valid() const { return fd_ >= 0; }

 private:
  int fd_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_BASE_UNIQUE_FD_H_
