// Header fields that origins want with every request, such as a token.

#ifndef IMAGESERVER_SOURCE_ORIGIN_HEADERS_H_
#define IMAGESERVER_SOURCE_ORIGIN_HEADERS_H_

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "imageserver/error.h"

namespace imageserver {

inline constexpr std::size_t kMaxOriginHeaders = std::size_t{64} << 10U;

// By the prefix of a source (prefix_rule.h): whole lines `Name: value`, in the order of the file.
using OriginHeaders = std::map<std::string, std::vector<std::string>>;

// Parses lines `PREFIX Name: value`; empty ones and those that begin with `#` are skipped. A prefix
// here has no blank in it. kInvalidParam, with the number of the line and the rule, never with what
// the line says: it may be a secret. Refused are names that are no tokens (RFC 9110, 5.6.2), come
// twice for a prefix, or belong to the connection or to us (Host, Range and the like); values that
// are empty or have control characters; and more than kMaxOriginHeaders in all. Threads: any.
[[nodiscard]] Result<OriginHeaders> parse_origin_headers(std::string_view text);

// The same of `--source-header-file`. kInvalidParam, with a text for the operator that does not
// name the file, if it cannot be read as well. Blocks on the disk. Threads: any.
[[nodiscard]] Result<OriginHeaders> read_origin_headers(const std::string& path);

}  // namespace imageserver

#endif  // IMAGESERVER_SOURCE_ORIGIN_HEADERS_H_
