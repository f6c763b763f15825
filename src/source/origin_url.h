// A URL at an origin: a server that has originals.

#ifndef IMAGESERVER_SOURCE_ORIGIN_URL_H_
#define IMAGESERVER_SOURCE_ORIGIN_URL_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "imageserver/error.h"

namespace imageserver {

inline constexpr std::size_t kMaxUrl = 8192;

// Who is asked, and for what. There is no user, no password and no fragment. Threads: as a value;
// the functions below: any.
struct OriginUrl {
  std::string scheme;      // `http` or `https`
  std::string host;        // in lower case; a v6 address without brackets
  std::uint16_t port = 0;  // never 0
  std::string path;        // encoded; begins with `/`; has no segment `.` or `..`
  std::string query;       // as it was written, without `?`; empty: none

  // The URL without a port that the scheme implies. It parses to an equal one.
  [[nodiscard]] std::string text() const;

  // Whether scheme, host and port are equal: what is secret to one is not told to another.
  [[nodiscard]] bool same_server(const OriginUrl& other) const;

  friend bool operator==(const OriginUrl&, const OriginUrl&) = default;
};

// Parses an absolute URL. Path and query stay as they were written, but bytes above 127 are
// encoded, and the segments `.` and `..` (also as `%2e`) are resolved. kInvalidParam, with the
// rule, for
// - other schemes than http and https, or other than two slashes behind them,
// - a user or password, a fragment, or port 0,
// - a host that is no v6 address in brackets without a zone, and not 1 to 253 letters, digits, `-`,
//   `_` and `.` (an IDN has to be in Punycode),
// - control characters, spaces and backslashes anywhere, and
// - more than kMaxUrl bytes.
// The host is what libcurl takes it for: `0x7f.1` is 127.0.0.1. A dot at its end stays:
// `a.example.` is another server than `a.example`.
[[nodiscard]] Result<OriginUrl> parse_origin_url(std::string_view text);

// Parses the URL below which originals lie. Of all spellings of a path it has one: what is
// unreserved (RFC 3986, 2.3) stands for itself, anything else but `/` is encoded in upper case, and
// it ends with a `/`. An encoded slash stays one. kInvalidParam as above, and for a query, for `.`
// and `..` as segments, and for a path with a `%` that encodes nothing or with an encoded NUL.
[[nodiscard]] Result<OriginUrl> parse_base_url(std::string_view text);

// The original called `path`, which is decoded and has no slash in front, below a base of
// parse_base_url(). None if there cannot be one: the path is empty, has a NUL, is too long for
// kMaxUrl, or might lead out of the base: `.` and `..`, also as `%2e`, are no segments, be it
// between slashes or backslashes.
[[nodiscard]] std::optional<OriginUrl> below(const OriginUrl& base, std::string_view path);

// Where the answer of `from` redirects to with `Location: location` (RFC 3986, 5.2, and as
// parse_origin_url() has it; a fragment is dropped). kOrigin, with the rule, if that is no URL that
// may be asked.
[[nodiscard]] Result<OriginUrl> resolve_location(const OriginUrl& from, std::string_view location);

}  // namespace imageserver

#endif  // IMAGESERVER_SOURCE_ORIGIN_URL_H_
