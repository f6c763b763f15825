#include "formats/version.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <span>

#include "base/text.h"

namespace imageserver {
namespace {

constexpr std::size_t kMostVersions = 2;

std::optional<Version> parse_version(std::string_view text) {
  Version version{};
  if (text.size() != 2 * version.size()) return std::nullopt;
  if (text.find_first_not_of("0123456789abcdef") != std::string_view::npos) return std::nullopt;
  for (std::size_t i = 0; i < version.size(); ++i) {
    const char* const digits = text.data() + 2 * i;
    std::from_chars(digits, digits + 2, version.at(i), 16);
  }
  return version;
}

}  // namespace

Version version_of(const Sha256& hash) {
  Version version{};
  std::ranges::copy(std::span(hash).first<std::tuple_size_v<Version>>(), version.begin());
  return version;
}

std::string version_text(const Version& version) { return to_hex(version); }

std::string versions_text(const Versions& versions) {
  std::string text;
  for (const Version& version : versions) {
    if (!text.empty()) text += ',';
    text += version_text(version);
  }
  return text;
}

std::optional<Versions> parse_versions(std::string_view text) {
  Versions versions;
  while (versions.size() < kMostVersions) {
    const auto [first, rest] = cut(text, ',');
    const auto version = parse_version(first);
    if (!version) return std::nullopt;
    versions.push_back(*version);
    if (first.size() == text.size()) return versions;
    text = rest;
  }
  return std::nullopt;
}

}  // namespace imageserver
