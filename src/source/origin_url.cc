#include "source/origin_url.h"

#include <curl/curl.h>

#include <algorithm>
#include <memory>
#include <new>
#include <utility>

#include "base/asio.h"
#include "base/numbers.h"
#include "base/text.h"
#include "params/percent.h"
#include "source/host_name.h"

namespace imageserver {
namespace {

constexpr std::string_view kHttp = "http";
constexpr std::string_view kHttps = "https";
constexpr std::string_view kTooLong = "must have no more than 8192 bytes";
constexpr std::string_view kForbiddenBytes = "must have no control character, space or backslash";

Error wrong(std::string_view rule) { return {ErrorKind::kInvalidParam, std::string(rule)}; }

std::uint16_t default_port(std::string_view scheme) { return scheme == kHttps ? 443 : 80; }

bool is_v6(std::string_view host) { return host.find(':') != std::string_view::npos; }

bool take_dot(std::string_view& text) {
  const bool plain = text.starts_with('.');
  if (!plain && !same_word(text.substr(0, 3), "%2e")) return false;
  text.remove_prefix(plain ? 1 : 3);
  return true;
}

// 1 for `.`, 2 for `..`, 0 for all other segments.
int dots_of(std::string_view segment) {
  int dots = 0;
  while (dots < 3 && take_dot(segment)) ++dots;
  return segment.empty() && dots < 3 ? dots : 0;
}

// Whether a server might find something above the path there. Some take `\` for `/`.
bool may_lead_out(std::string_view decoded) {
  while (true) {
    const std::size_t end = decoded.find_first_of("/\\");
    if (dots_of(decoded.substr(0, end)) > 0) return true;
    if (end == std::string_view::npos) return false;
    decoded.remove_prefix(end + 1);
  }
}

bool has_nul(std::string_view text) { return text.find('\0') != std::string_view::npos; }

// RFC 3986, 5.2.4. REQUIRES: `path` begins with `/`.
std::string without_dot_segments(std::string_view path) {
  std::string resolved;
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::string_view segment = path.substr(0, path.find('/'));
    path.remove_prefix(segment.size());
    const int dots = dots_of(segment);
    if (dots == 2) resolved.resize(resolved.empty() ? 0 : resolved.rfind('/'));
    if (dots == 0) resolved.append("/").append(segment);
    if (dots > 0 && path.empty()) resolved += '/';
  }
  return resolved;
}

// The one spelling of a base's path. REQUIRES: `path` begins with `/`.
Result<std::string> canonical_path(std::string_view path) {
  std::string canonical;
  while (!path.empty()) {
    const std::string_view segment = take_until(path, '/');
    const std::optional<std::string> decoded = percent_decode(segment, Plus::kIsPlus);
    if (!decoded) return wrong("must have two hexadecimal digits behind each % of its path");
    if (has_nul(*decoded) || may_lead_out(*decoded)) {
      return wrong("must have no segment . or .. and no NUL in its path");
    }
    canonical.append(percent_encode(*decoded)).append("/");
  }
  return canonical;
}

struct FreeUrl {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

struct FreeText {
  void operator()(char* text) const { curl_free(text); }
};

using CurlUrl = std::unique_ptr<CURLU, FreeUrl>;

CurlUrl parse_with_curl(const std::string& text) {
  CurlUrl url(curl_url());
  if (!url) throw std::bad_alloc();
  const CURLUcode code =
      curl_url_set(url.get(), CURLUPART_URL, text.c_str(), CURLU_DISALLOW_USER | CURLU_PATH_AS_IS);
  if (code == CURLUE_OUT_OF_MEMORY) throw std::bad_alloc();
  if (code != CURLUE_OK) url.reset();
  return url;
}

// Empty if the URL has none.
std::string part_of(const CurlUrl& url, CURLUPart part) {
  char* found = nullptr;
  const CURLUcode code = curl_url_get(url.get(), part, &found, CURLU_DEFAULT_PORT);
  const std::unique_ptr<char, FreeText> text(found);
  if (code == CURLUE_OUT_OF_MEMORY) throw std::bad_alloc();
  return code == CURLUE_OK ? std::string(text.get()) : std::string();
}

// libcurl has checked what stands in brackets, but leaves some addresses with two spellings. Empty
// if it is no host.
std::string canonical_host(std::string_view host) {
  if (!host.starts_with('[')) return is_host_name(host) ? ascii_lower(host) : std::string();
  host = host.substr(1, host.size() - 2);
  error_code error;
  const auto address = net::ip::make_address_v6(host, error);
  return error ? std::string() : address.to_string();
}

// A browser would send bytes above 127 encoded.
std::string in_ascii(std::string_view text) {
  return percent_encode(text, [](char c) { return static_cast<unsigned char>(c) < 128; });
}

bool is_url_text(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~' && c != '\\'; });
}

// What stands behind `http://` or `https://`.
std::optional<std::string_view> behind_scheme(std::string_view text) {
  const auto [scheme, rest] = cut(text, ':');
  const bool is_known = same_word(scheme, kHttp) || same_word(scheme, kHttps);
  if (!is_known || !rest.starts_with("//")) return std::nullopt;
  return rest.substr(2);
}

// What is wrong with a URL that libcurl and others might read in more than one way. Empty: nothing.
std::string_view fault_of(std::string_view text) {
  if (text.size() > kMaxUrl) return kTooLong;
  if (!is_url_text(text)) return kForbiddenBytes;
  if (text.find('#') != std::string_view::npos) return "must have no fragment";
  const std::optional<std::string_view> rest = behind_scheme(text);
  if (!rest) return "must begin with http:// or https://";
  const std::string_view authority = rest->substr(0, rest->find_first_of("/?"));
  if (authority.empty()) return "must name a host";
  if (authority.find('@') != std::string_view::npos) return "must have no user and no password";
  if (authority.find('%') != std::string_view::npos)
    return "must have a host without % and in ASCII";
  return {};
}

bool is_too_long(const OriginUrl& url) { return url.text().size() > kMaxUrl; }

// The URL with its path as it was written.
Result<OriginUrl> take_apart(const std::string& text) {
  const std::string_view fault = fault_of(text);
  if (!fault.empty()) return wrong(fault);
  const CurlUrl parts = parse_with_curl(text);
  if (!parts) return wrong("must be a URL");
  OriginUrl url;
  url.scheme = ascii_lower(part_of(parts, CURLUPART_SCHEME));
  url.host = canonical_host(part_of(parts, CURLUPART_HOST));
  if (url.host.empty()) return wrong("must name a host");
  url.port = parse_whole<std::uint16_t>(part_of(parts, CURLUPART_PORT)).value_or(0);
  if (url.port == 0) return wrong("must have a port between 1 and 65535");
  url.path = part_of(parts, CURLUPART_PATH);
  url.query = part_of(parts, CURLUPART_QUERY);
  return url;
}

// What `reference` means at `from`, if it names no other server.
OriginUrl on_same_server(OriginUrl from, std::string_view reference) {
  const auto [path, query] = cut(reference, '?');
  if (!path.empty() || reference.starts_with('?')) from.query = query;
  if (path.starts_with('/')) {
    from.path = path;
  } else if (!path.empty()) {
    from.path.resize(from.path.rfind('/') + 1);
    from.path += path;
  }
  from.path = without_dot_segments(from.path);
  return from;
}

bool has_scheme(std::string_view reference) {
  const std::size_t end = reference.find_first_of(":/?");
  return end != std::string_view::npos && reference[end] == ':';
}

Result<OriginUrl> resolve(const OriginUrl& from, const std::string& reference) {
  if (has_scheme(reference)) return parse_origin_url(reference);
  if (reference.starts_with("//")) return parse_origin_url(from.scheme + ':' + reference);
  if (!is_url_text(reference)) return wrong(kForbiddenBytes);
  return on_same_server(from, reference);
}

}  // namespace

std::string OriginUrl::text() const {
  std::string text = scheme + "://";
  text += is_v6(host) ? '[' + host + ']' : host;
  if (port != default_port(scheme)) text += ':' + std::to_string(port);
  text += path;
  if (!query.empty()) text += '?' + query;
  return text;
}

bool OriginUrl::same_server(const OriginUrl& other) const {
  return scheme == other.scheme && host == other.host && port == other.port;
}

Result<OriginUrl> parse_origin_url(std::string_view text) {
  Result<OriginUrl> url = take_apart(in_ascii(text));
  if (url.has_error()) return url;
  url->path = without_dot_segments(url->path);
  if (is_too_long(*url)) return wrong(kTooLong);
  return url;
}

Result<OriginUrl> parse_base_url(std::string_view text) {
  Result<OriginUrl> url = take_apart(in_ascii(text));
  if (url.has_error()) return url;
  if (text.find('?') != std::string_view::npos) return wrong("must have no query");
  Result<std::string> path = canonical_path(url->path);
  if (path.has_error()) return path.error();
  url->path = *std::move(path);
  if (is_too_long(*url)) return wrong(kTooLong);
  return url;
}

std::optional<OriginUrl> below(const OriginUrl& base, std::string_view path) {
  if (path.empty() || has_nul(path) || may_lead_out(path)) return std::nullopt;
  OriginUrl url = base;
  url.path += percent_encode(path, [](char c) { return c == '/' || is_unreserved(c); });
  if (is_too_long(url)) return std::nullopt;
  return url;
}

Result<OriginUrl> resolve_location(const OriginUrl& from, std::string_view location) {
  Result<OriginUrl> url = resolve(from, in_ascii(cut(location, '#').first));
  if (url.has_value() && is_too_long(*url)) url = wrong(kTooLong);
  if (url.has_error()) {
    return Error{ErrorKind::kOrigin, "the URL of a redirect " + url.error().message};
  }
  return url;
}

}  // namespace imageserver
