// The originals, read once.

#ifndef IMAGESERVER_BENCH_TRANSFORM_COST_FILES_H_
#define IMAGESERVER_BENCH_TRANSFORM_COST_FILES_H_

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include "base/bytes.h"

namespace imageserver::bench {

// Throws std::runtime_error if the file is not there, or empty.
inline Bytes read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string bytes(std::istreambuf_iterator<char>(file), {});
  if (bytes.empty()) throw std::runtime_error("cannot read " + path.string());
  return Bytes::own(std::move(bytes));
}

}  // namespace imageserver::bench

#endif  // IMAGESERVER_BENCH_TRANSFORM_COST_FILES_H_
