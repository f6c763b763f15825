// The files of a renderer's jobs, in memory that the server writes before each job.

#ifndef IMAGESERVER_RENDER_SERVICE_JOB_FILES_H_
#define IMAGESERVER_RENDER_SERVICE_JOB_FILES_H_

#include <cstddef>

#include "base/bytes.h"
#include "base/unique_fd.h"

namespace imageserver {

// Stays mapped, as new mappings cost more than what they hold. Threads: any.
class JobFiles {
 public:
  // Throws std::runtime_error if the memory behind `fd` cannot be mapped. REQUIRES: the sandbox is
  // open, as nothing that is shared can be mapped in it.
  explicit JobFiles(UniqueFd fd);
  ~JobFiles();

  JobFiles(const JobFiles&) = delete;
  JobFiles& operator=(const JobFiles&) = delete;

  // Throws std::runtime_error if that is more than a job's files can have.
  [[nodiscard]] Bytes file(std::size_t offset, std::size_t size) const;

 private:
  const UniqueFd fd_;
  void* const begin_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_RENDER_SERVICE_JOB_FILES_H_
