#include "image/profile_name.h"

#include <lcms2.h>

#include <array>
#include <memory>
#include <type_traits>

#include "base/printable.h"

namespace imageserver {
namespace {

struct CloseProfile {
  void operator()(void* profile) const { cmsCloseProfile(profile); }
};

using Profile = std::unique_ptr<std::remove_pointer_t<cmsHPROFILE>, CloseProfile>;

}  // namespace

std::string profile_name(std::string_view profile) {
  constexpr std::size_t kLongest = 100;
  if (profile.empty()) return {};
  const Profile opened(
      cmsOpenProfileFromMem(profile.data(), static_cast<cmsUInt32Number>(profile.size())));
  if (!opened) return {};
  std::array<char, kLongest + 1> name{};
  cmsGetProfileInfoASCII(opened.get(), cmsInfoDescription, cmsNoLanguage, cmsNoCountry, name.data(),
                         static_cast<cmsUInt32Number>(name.size()));
  name.back() = '\0';
  return printable(name.data(), kLongest);
}

}  // namespace imageserver
