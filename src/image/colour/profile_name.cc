#include "image/colour/profile_name.h"

#include <array>

#include "base/printable.h"
#include "image/colour/colour_profile.h"

namespace imageserver {

std::string profile_name(std::string_view profile) {
  constexpr std::size_t kLongest = 100;
  const ColourProfile opened = open_profile(profile);
  if (!opened) return {};
  std::array<char, kLongest + 1> name{};
  cmsGetProfileInfoASCII(opened.get(), cmsInfoDescription, cmsNoLanguage, cmsNoCountry, name.data(),
                         static_cast<cmsUInt32Number>(name.size()));
  name.back() = '\0';
  return printable(name.data(), kLongest);
}

}  // namespace imageserver
