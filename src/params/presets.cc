#include "params/presets.h"

namespace imageserver {

const std::string* Presets::find(std::string_view name) const {
  const auto place = queries_.find(name);
  return place == queries_.end() ? nullptr : &place->second;
}

}  // namespace imageserver
