#include "formats/format.h"

#include <algorithm>
#include <cstddef>
#include <iterator>

#include "formats/format_table.h"

namespace imageserver {
namespace {

template <class Enum>
constexpr std::size_t index_of(Enum value) {
  return static_cast<std::size_t>(value);
}

constexpr bool rows_are_in_order() {
  for (std::size_t i = 0; i < kFormatRows.size(); ++i) {
    if (index_of(kFormatRows[i].type) != i) return false;
  }
  return true;
}

static_assert(rows_are_in_order());

constexpr bool is_result(const FormatRow& row) { return row.result.has_value(); }

static_assert(std::ranges::count_if(kFormatRows, is_result) == std::ssize(kFormats),
              "kFormats names each Format");

// The place of each Format's row. Does not compile unless each Format has one.
constexpr std::array<std::size_t, kFormats.size()> places_of_formats() {
  std::array<std::size_t, kFormats.size()> places{};
  for (const Format format : kFormats) {
    std::size_t place = 0;
    while (!kFormatRows.at(place).result || kFormatRows.at(place).result->format != format) ++place;
    places.at(index_of(format)) = place;
  }
  return places;
}

constexpr auto kPlaces = places_of_formats();

constexpr const FormatRow& row(Format format) {
  return kFormatRows.at(kPlaces.at(index_of(format)));
}

bool has_beginning(const FormatRow& row) { return !row.beginnings.front().empty(); }

bool begins_so(const FormatRow& row, std::string_view bytes) {
  return std::ranges::any_of(row.beginnings, [bytes](std::string_view beginning) {
    return !beginning.empty() && bytes.starts_with(beginning);
  });
}

bool is_it(const FormatRow& row, std::string_view bytes) {
  return row.is_it == nullptr || row.is_it(bytes);
}

}  // namespace

std::span<const FormatRow> format_rows() { return kFormatRows; }

std::optional<FileType> sniff(std::string_view bytes) {
  for (const FormatRow& row : kFormatRows) {
    if (begins_so(row, bytes) && is_it(row, bytes)) return row.type;
  }
  for (const FormatRow& row : kFormatRows) {
    if (!has_beginning(row) && is_it(row, bytes)) return row.type;
  }
  return std::nullopt;
}

const FormatRow& row_of(FileType type) { return kFormatRows.at(index_of(type)); }

const ResultTraits& traits_of(Format format) { return *row(format).result; }

std::optional<Format> format_of(FileType type) {
  const auto& result = row_of(type).result;
  return result ? std::optional(result->format) : std::nullopt;
}

FileType file_type_of(Format format) { return row(format).type; }

std::string_view type_name(FileType type) { return row_of(type).name; }

std::string_view format_name(Format format) { return row(format).name; }

std::optional<Format> format_from_name(std::string_view name) {
  const auto* const found = std::ranges::find(kFormats, name, format_name);
  return found == kFormats.end() ? std::nullopt : std::optional(*found);
}

std::string_view format_name_of_alias(std::string_view text) {
  if (text.empty()) return text;
  const auto* const found =
      std::ranges::find(kFormats, text, [](Format format) { return traits_of(format).alias; });
  return found == kFormats.end() ? text : format_name(*found);
}

std::string_view media_type(Format format) { return traits_of(format).media_type; }

bool can_move(FileType type) { return row_of(type).animation; }

bool can_move(Format format) { return row(format).animation; }

bool is_vector(FileType type) { return row_of(type).vector; }

bool needs_sandbox(FileType type) { return row_of(type).permission != nullptr; }

bool is_allowed(FileType type, const UntrustedFormats& untrusted) {
  return !needs_sandbox(type) || untrusted.*row_of(type).permission;
}

std::optional<FileType> sandboxed_type_from_name(std::string_view name) {
  const auto* const found = std::ranges::find(kFormatRows, name, &FormatRow::name);
  const bool is_one = found != kFormatRows.end() && needs_sandbox(found->type);
  return is_one ? std::optional(found->type) : std::nullopt;
}

}  // namespace imageserver
