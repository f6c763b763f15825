#include "params/go_params.h"

#include <algorithm>
#include <array>
#include <span>

#include "params/names.h"

namespace imageserver {
namespace {

constexpr auto kModes = std::to_array<std::string_view>({"fit", "fill"});
constexpr auto kFormats = std::to_array<std::string_view>({"jpeg", "png", "gif"});

bool is_any(const ParamValue&) { return true; }

bool is_integer(const ParamValue& value) { return std::holds_alternative<std::int64_t>(value); }

template <const auto& kNames>
bool is_one_of(const ParamValue& value) {
  const auto* const name = std::get_if<std::string>(&value);
  return name != nullptr && std::ranges::find(kNames, *name) != kNames.end();
}

struct GoParam {
  std::string_view name;
  bool (*knows)(const ParamValue& value);
};

bool has_only(const Params& params, std::span<const GoParam> known) {
  return std::ranges::all_of(params.entries(), [known](const ParamEntry& entry) {
    const auto param = std::ranges::find(known, entry.name, &GoParam::name);
    return param != known.end() && param->knows(entry.value);
  });
}

constexpr auto kWithin = std::to_array<GoParam>({
    {names::kWidth, is_any},
    {names::kHeight, is_any},
    {names::kMode, is_one_of<kModes>},
    {names::kResampling, is_any},
});

bool is_resize(const ParamValue& value) {
  const auto* const map = std::get_if<Params>(&value);
  return map != nullptr && has_only(*map, kWithin);
}

constexpr auto kOutside = std::to_array<GoParam>({
    {names::kSource, is_any},
    {names::kFormat, is_one_of<kFormats>},
    {names::kQuality, is_integer},
    {names::kResize, is_resize},
});

}  // namespace

bool has_only_go_params(const Params& params) { return has_only(params, kOutside); }

}  // namespace imageserver
