// Any text as what another node tells of purges: in a field of a request, and as its whole log.

#include <optional>
#include <string_view>
#include <vector>

#include "check.h"
#include "peers/purge_text.h"

namespace imageserver::fuzz {
namespace {

constexpr std::string_view kSecret = "a secret that all nodes of the ring share";

void run_field(std::string_view field) {
  const std::optional<std::vector<PurgeRecord>> records = read_purges(field, "");
  if (!records) return;
  check(records->size() <= kMostToldPurges, "no more than may be");
  check(tell_purges(*records, "") == field, "a field has one spelling");
  check(records->empty() || !read_purges(field, kSecret), "nothing is believed without its proof");
  check(read_purges(tell_purges(*records, kSecret), kSecret) == records, "with it all is");
}

void run_log(std::string_view text) {
  const std::optional<PurgeLog::Contents> contents = read_log(text, "");
  if (!contents) return;
  check(tell_log(*contents, "") == text, "a log has one spelling");
  check(!read_log(text, kSecret), "nothing is believed without its proof");
  check(read_log(tell_log(*contents, kSecret), kSecret) == contents, "with it all is");
}

}  // namespace
}  // namespace imageserver::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  imageserver::fuzz::run_field(imageserver::fuzz::as_text(data, size));
  imageserver::fuzz::run_log(imageserver::fuzz::as_text(data, size));
  return 0;
}
