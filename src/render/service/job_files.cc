#include "render/service/job_files.h"

#include <sys/mman.h>

#include <stdexcept>
#include <utility>

#include "params/size_limits.h"

namespace imageserver {
namespace {

// An original and a watermark.
constexpr std::size_t kMost = 2 * kMaxSourceBytes;

}  // namespace

JobFiles::JobFiles(UniqueFd fd)
    : fd_(std::move(fd)), begin_(mmap(nullptr, kMost, PROT_READ, MAP_SHARED, fd_.get(), 0)) {
  if (begin_ == MAP_FAILED) throw std::runtime_error("the files cannot be mapped");
}

JobFiles::~JobFiles() { munmap(begin_, kMost); }

Bytes JobFiles::file(std::size_t offset, std::size_t size) const {
  if (offset + size > kMost) throw std::runtime_error("the files are too large");
  return Bytes::borrow({static_cast<const char*>(begin_) + offset, size});
}

}  // namespace imageserver
