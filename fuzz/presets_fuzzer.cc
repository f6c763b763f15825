// A file of presets, and what requests that name them come to.

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "base/text.h"
#include "check.h"
#include "params/params.h"
#include "params/parse_presets.h"
#include "params/parse_target.h"
#include "params/plain_name.h"
#include "params/presets.h"
#include "params/validate.h"

namespace imageserver::fuzz {
namespace {

bool is_one_line(const std::string& text) {
  return std::ranges::all_of(text, [](char byte) { return byte >= ' ' && byte <= '~'; });
}

void check_preset(const std::string& name, const std::string& query, const TargetRules& rules) {
  check(is_plain_name(name), "a preset has a plain name");
  const Result<Params> preset = parse_target("/a.jpg?preset=" + name, rules);
  const Result<Params> longhand = parse_target("/a.jpg?" + query);
  check(preset.has_value() && longhand.has_value(), "a preset that is taken can be asked for");
  check(*preset == *longhand, "a preset and what it stands for are the same");
  check(validate(*preset).has_value(), "a preset is valid");
}

void run(std::string_view text) {
  Result<Presets> presets = parse_presets(text);
  if (!presets) {
    check(is_one_line(presets.error().message), "an error is one line");
    return;
  }
  TargetRules rules;
  rules.presets = std::make_shared<const Presets>(*std::move(presets));
  rules.presets_only = true;
  while (!text.empty()) {
    const auto [line, rest] = cut(text, '\n');
    const std::string name(cut(trimmed(line, " \t\r"), '=').first);
    const std::string* const query = rules.presets->find(name);
    if (query != nullptr) check_preset(name, *query, rules);
    text = rest;
  }
}

}  // namespace
}  // namespace imageserver::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  imageserver::fuzz::run(imageserver::fuzz::as_text(data, size));
  return 0;
}
