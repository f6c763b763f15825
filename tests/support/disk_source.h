// A base for sources that stand for a directory.

#ifndef IMAGESERVER_TESTS_SUPPORT_DISK_SOURCE_H_
#define IMAGESERVER_TESTS_SUPPORT_DISK_SOURCE_H_

#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>

#include "source/source.h"

namespace imageserver::testing {

class DiskSource : public Source {
 public:
  [[nodiscard]] std::optional<std::string> name_of(std::string_view path) const override {
    return std::string(path);
  }
  [[nodiscard]] bool blocks() const override { return true; }
  [[nodiscard]] std::size_t fits(std::string_view /*name*/) const override { return 0; }

  void fetch(FetchRequest request, std::stop_token stop, Done done) override {
    Result<Bytes> bytes = read(request.name, stop);
    if (bytes.has_error()) return done(bytes.error());
    done(FetchedOriginal{.bytes = *std::move(bytes)});
  }

 private:
  virtual Result<Bytes> read(const std::string& name, const std::stop_token& stop) = 0;
};

}  // namespace imageserver::testing

#endif  // IMAGESERVER_TESTS_SUPPORT_DISK_SOURCE_H_
