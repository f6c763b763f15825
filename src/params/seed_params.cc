#include "params/seed_params.h"

#include <algorithm>
#include <array>
#include <span>

#include "params/names.h"

namespace imageserver {
namespace {

constexpr std::array kOutside = {names::kSource, names::kFormat, names::kQuality, names::kResize};
constexpr std::array kWithin = {names::kWidth, names::kHeight, names::kMode, names::kResampling};

bool has_only(const Params& params, std::span<const std::string_view> known) {
  return std::ranges::all_of(params.entries(), [known](const ParamEntry& entry) {
    return std::ranges::find(known, entry.name) != known.end();
  });
}

}  // namespace

bool has_only_seed_params(const Params& params) {
  const ParamValue* const resize = params.find(names::kResize);
  const Params* const within = resize == nullptr ? nullptr : std::get_if<Params>(resize);
  return has_only(params, kOutside) && (within == nullptr || has_only(*within, kWithin));
}

}  // namespace imageserver
