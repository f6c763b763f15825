// Originals of several places, chosen by how their paths begin.

#ifndef IMAGESERVER_SOURCE_PREFIXED_SOURCES_H_
#define IMAGESERVER_SOURCE_PREFIXED_SOURCES_H_

#include <memory>
#include <stop_token>
#include <string>
#include <utility>

#include "base/prefix_map.h"
#include "source/source.h"

namespace imageserver {

// Of the places whose prefix a path begins with, by whole segments, that with the longest has the
// original; it is asked for what stands behind the prefix. If no prefix fits, there is no such
// picture.
class PrefixedSources final : public Source {
 public:
  using Places = PrefixMap<std::unique_ptr<Source>>;

  explicit PrefixedSources(Places places) : places_(std::move(places)) {}

  [[nodiscard]] Result<Bytes> get(const std::string& path,
                                  const std::stop_token& stop) const override;

 private:
  const Places places_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_SOURCE_PREFIXED_SOURCES_H_
