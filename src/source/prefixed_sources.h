// Originals of several places, chosen by how their paths begin.

#ifndef IMAGESERVER_SOURCE_PREFIXED_SOURCES_H_
#define IMAGESERVER_SOURCE_PREFIXED_SOURCES_H_

#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "source/source.h"

namespace imageserver {

// Of the places whose prefix a path begins with, by whole segments, that with the longest has the
// original; it is asked for what stands behind the prefix. If no prefix fits, there is no such
// picture.
class PrefixedSources final : public Source {
 public:
  struct Place {
    std::string prefix;  // `/` or `/a/b`
    std::unique_ptr<Source> source;
  };

  // REQUIRES: no prefix twice.
  explicit PrefixedSources(std::vector<Place> places);

  [[nodiscard]] Result<Bytes> get(const std::string& path,
                                  const std::stop_token& stop) const override;

 private:
  // The longest prefix first. A prefix stands as paths begin: `` or `a/b/`.
  std::vector<Place> places_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_SOURCE_PREFIXED_SOURCES_H_
