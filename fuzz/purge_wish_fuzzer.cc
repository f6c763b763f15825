// Any body of a request to purge.

#include <string_view>

#include "base/text.h"
#include "check.h"
#include "handlers/parse_purge_wish.h"
#include "http/error_response.h"

namespace imageserver::fuzz {
namespace {

using Kind = PurgeWish::Kind;

void check_error(const Error& error) {
  const unsigned status = http_status(error.kind);
  check(status == 400 || status == 404, "the client is told that it is at fault");
  for (const char c : error.message) check(is_printable_ascii(c), "an error is one line");
}

void check_wish(const PurgeWish& wish) {
  std::string_view path = wish.path;
  if (wish.kind == Kind::kPrefix) {
    check(path.ends_with('/'), "a prefix ends with a slash");
    path.remove_suffix(1);
  }
  check(wish.kind == Kind::kAll ? path.empty() : is_plain_path(path), "a path is plain");
  check(wish.id.empty() || is_purge_id(wish.id), "an id is one");
}

void run(std::string_view body) {
  const Result<PurgeWish> wish = parse_purge_wish(body);
  if (wish.has_error()) return check_error(wish.error());
  check_wish(*wish);
}

}  // namespace
}  // namespace imageserver::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  imageserver::fuzz::run(imageserver::fuzz::as_text(data, size));
  return 0;
}
