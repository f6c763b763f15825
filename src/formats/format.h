// What the table of formats says (formats/format_table.h), and what a file is by its first bytes.
//
// Everything here is constant. Threads: any.

#ifndef IMAGESERVER_FORMATS_FORMAT_H_
#define IMAGESERVER_FORMATS_FORMAT_H_

#include <optional>
#include <span>
#include <string_view>

#include "formats/format_row.h"
#include "imageserver/untrusted_formats.h"

namespace imageserver {

// All rows, in the order of FileType.
[[nodiscard]] std::span<const FormatRow> format_rows();

// What a file is, by its bytes alone: its name and its sender do not count. Rows with a fixed
// beginning go first; then those that are told by a look at more. None if the bytes are like none
// of our formats.
[[nodiscard]] std::optional<FileType> sniff(std::string_view bytes);

[[nodiscard]] const FormatRow& row_of(FileType type);
[[nodiscard]] const ResultTraits& traits_of(Format format);

// The format whose files these are; none for file types that we never write.
[[nodiscard]] std::optional<Format> format_of(FileType type);
[[nodiscard]] FileType file_type_of(Format format);

// The row's name.
[[nodiscard]] std::string_view type_name(FileType type);
[[nodiscard]] std::string_view format_name(Format format);

// The format of that exact name. "jpg" is not one: it is an alias, which only a request may use.
[[nodiscard]] std::optional<Format> format_from_name(std::string_view name);

// The name that an alias stands for; any other text as it is.
[[nodiscard]] std::string_view format_name_of_alias(std::string_view text);

[[nodiscard]] std::string_view media_type(Format format);

// Whether several frames are an animation; else they are pages.
[[nodiscard]] bool can_move(FileType type);
[[nodiscard]] bool can_move(Format format);

[[nodiscard]] bool is_vector(FileType type);

// Whether each file of that type has a renderer for itself, and is read only if that is permitted.
[[nodiscard]] bool needs_sandbox(FileType type);

// Whether files of that type may be read at all.
[[nodiscard]] bool is_allowed(FileType type, const UntrustedFormats& untrusted);

// The file type of that exact name for which needs_sandbox() is true.
[[nodiscard]] std::optional<FileType> sandboxed_type_from_name(std::string_view name);

}  // namespace imageserver

#endif  // IMAGESERVER_FORMATS_FORMAT_H_
