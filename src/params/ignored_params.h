// The names of parameters that a request gives in vain, for its answer to say so.

#ifndef IMAGESERVER_PARAMS_IGNORED_PARAMS_H_
#define IMAGESERVER_PARAMS_IGNORED_PARAMS_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace imageserver {

// No more names are listed, and of a longer name no more of its bytes.
inline constexpr std::size_t kMostIgnored = 8;
inline constexpr std::size_t kLongestIgnored = 64;

// What parse_target() passes over in the query of a target unless its rules are strict: names that
// it does not know, and those of pairs that cannot be read. A list of tokens as fields of HTTP hold
// them (RFC 9110, section 5.6.1), each name once, in the order of the query: `w, utm_source`. Bytes
// other than letters, digits, `-`, `.`, `_` and `~` are percent-encoded; `...` stands where names
// were left out, and behind a name that was cut. Empty if nothing is ignored. Threads: any, as
// below.
[[nodiscard]] std::string ignored_params(std::string_view target);

// The same of all names in the query, for a target whose query is not read at all.
[[nodiscard]] std::string all_params(std::string_view target);

}  // namespace imageserver

#endif  // IMAGESERVER_PARAMS_IGNORED_PARAMS_H_
