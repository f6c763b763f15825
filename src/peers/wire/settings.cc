#include "peers/wire/settings.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <span>

#include "base/hash.h"
#include "base/text.h"

namespace imageserver {
namespace {

constexpr std::size_t kDigestBytes = 4;

// So that a peer that sends nonsense does not fill `/peers` with it.
constexpr std::size_t kMostSettings = 32;
constexpr std::size_t kMostName = 32;

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= kMostName && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || is_ascii_digit(c) || c == '-';
  });
}

using Settings = std::map<std::string, std::string, std::less<>>;

Settings parse(std::string_view text) {
  Settings settings;
  while (!text.empty() && settings.size() < kMostSettings) {
    std::string_view value = take_until(text, ' ');
    const std::string_view name = take_until(value, '=');
    if (is_name(name)) settings.emplace(name, value);
  }
  return settings;
}

bool has(const Settings& settings, const Settings::value_type& setting) {
  const auto found = settings.find(setting.first);
  return found != settings.end() && found->second == setting.second;
}

}  // namespace

std::string settings_text(const std::map<std::string, std::string>& settings) {
  std::string text;
  for (const auto& [name, value] : settings) {
    const Sha256 hash = sha256(value);
    if (!text.empty()) text += ' ';
    text.append(name).append("=").append(to_hex(std::span(hash).first(kDigestBytes)));
  }
  return text;
}

std::vector<std::string> differing_settings(std::string_view one, std::string_view other) {
  const Settings first = parse(one);
  const Settings second = parse(other);
  std::vector<std::string> names;
  for (const auto& setting : first) {
    if (!has(second, setting)) names.push_back(setting.first);
  }
  for (const auto& setting : second) {
    if (!has(first, setting)) names.push_back(setting.first);
  }
  std::ranges::sort(names);
  const auto twice = std::ranges::unique(names);
  names.erase(twice.begin(), twice.end());
  return names;
}

}  // namespace imageserver
