#include "source/prefixed_sources.h"

#include "params/no_such_picture.h"

namespace imageserver {

Result<Bytes> PrefixedSources::get(const std::string& path, const std::stop_token& stop) const {
  const auto place = places_.find(path);
  if (!place) return no_such_picture();
  return place->value->get(std::string(place->rest), stop);
}

}  // namespace imageserver
