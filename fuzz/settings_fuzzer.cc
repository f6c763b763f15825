// What a peer tells of its settings: two texts, the first line and the rest.

#include <string_view>

#include "base/text.h"
#include "check.h"
#include "peers/wire/settings.h"

namespace imageserver::fuzz {
namespace {

void run(std::string_view input) {
  const std::string_view one = take_until(input, '\n');
  check(differing_settings(one, one).empty(), "a text does not differ from itself");
  check(differing_settings(one, input) == differing_settings(input, one),
        "both sides see the same difference");
}

}  // namespace
}  // namespace imageserver::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  imageserver::fuzz::run(imageserver::fuzz::as_text(data, size));
  return 0;
}
