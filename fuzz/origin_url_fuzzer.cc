// URLs of origins and where they redirect to: a URL, and in the next line a Location or a path.

#include "source/origin_url.h"

#include <string_view>

#include "base/text.h"
#include "check.h"

namespace imageserver::fuzz {
namespace {

void check_url(const OriginUrl& url) {
  const std::string text = url.text();
  const Result<OriginUrl> again = parse_origin_url(text);
  check(again.has_value() && *again == url, "the text of a URL parses to it");
  check(text.size() <= kMaxUrl, "a URL is short enough");
  check(url.port != 0 && !url.host.empty(), "a URL has a server");
  check(text.find_first_of(" #\\") == std::string::npos, "nothing ends a URL early");
}

void check_below(const OriginUrl& base, std::string_view path) {
  check_url(base);
  const Result<OriginUrl> again = parse_base_url(base.text());
  check(again.has_value() && *again == base, "the text of a base parses to it");
  const std::optional<OriginUrl> url = below(base, path);
  if (!url) return;
  check_url(*url);
  check(url->same_server(base) && url->path.starts_with(base.path), "nothing leads out of a base");
  check(url->path.size() > base.path.size() && url->query.empty(), "an original has a path alone");
}

void run(std::string_view input) {
  const std::string_view first = take_until(input, '\n');
  const Result<OriginUrl> base = parse_base_url(first);
  if (base.has_value()) check_below(*base, input);
  const Result<OriginUrl> from = parse_origin_url(first);
  if (from.has_error()) return;
  check_url(*from);
  const Result<OriginUrl> to = resolve_location(*from, input);
  if (to.has_value()) check_url(*to);
}

}  // namespace
}  // namespace imageserver::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  imageserver::fuzz::run(imageserver::fuzz::as_text(data, size));
  return 0;
}
