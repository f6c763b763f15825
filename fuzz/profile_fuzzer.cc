// Hostile colour profiles, as pictures carry them.

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "check.h"
#include "image/colour/is_srgb_profile.h"
#include "image/colour/profile_name.h"

namespace imageserver::fuzz {
namespace {

bool is_printable(char c) { return c >= ' ' && c <= '~'; }

void run(std::string_view profile) {
  const bool srgb = is_srgb_profile(profile);
  check(is_srgb_profile(profile) == srgb, "the same bytes are judged alike");
  if (srgb) {
    check(!is_srgb_profile(profile.substr(0, 127)), "what is cut within its header is not taken");
    check(is_srgb_profile(std::string(profile) + "more"), "what comes after it does not count");
  }
  const std::string name = profile_name(profile);
  check(name.size() <= 100 && std::ranges::all_of(name, is_printable), "names can be shown");
}

}  // namespace
}  // namespace imageserver::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  imageserver::fuzz::run(imageserver::fuzz::as_text(data, size));
  return 0;
}
