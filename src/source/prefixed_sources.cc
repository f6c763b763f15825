#include "source/prefixed_sources.h"

#include <algorithm>
#include <utility>

#include "params/no_such_picture.h"

namespace imageserver {
namespace {

std::string beginning_of_paths(const std::string& prefix) {
  return prefix == "/" ? "" : prefix.substr(1) + '/';
}

}  // namespace

PrefixedSources::PrefixedSources(std::vector<Place> places) : places_(std::move(places)) {
  for (Place& place : places_) place.prefix = beginning_of_paths(place.prefix);
  std::ranges::sort(places_, std::ranges::greater(),
                    [](const Place& place) { return place.prefix.size(); });
}

Result<Bytes> PrefixedSources::get(const std::string& path, const std::stop_token& stop) const {
  const auto place =
      std::ranges::find_if(places_, [&](const Place& one) { return path.starts_with(one.prefix); });
  if (place == places_.end()) return no_such_picture();
  return place->source->get(path.substr(place->prefix.size()), stop);
}

}  // namespace imageserver
