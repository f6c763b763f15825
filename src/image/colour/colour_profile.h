// An ICC profile (ICC.1) opened by Little CMS.

#ifndef IMAGESERVER_IMAGE_COLOUR_COLOUR_PROFILE_H_
#define IMAGESERVER_IMAGE_COLOUR_COLOUR_PROFILE_H_

#include <lcms2.h>

#include <memory>
#include <string_view>
#include <type_traits>

namespace imageserver {

struct CloseProfile {
  void operator()(void* profile) const { cmsCloseProfile(profile); }
};

using ColourProfile = std::unique_ptr<std::remove_pointer_t<cmsHPROFILE>, CloseProfile>;

// Null if that cannot be read. Tags are read as they are asked for. Threads: any; what it returns
// is for one at a time. REQUIRES: `bytes` outlive it.
[[nodiscard]] inline ColourProfile open_profile(std::string_view bytes) {
  if (bytes.empty()) return nullptr;
  return ColourProfile(
      cmsOpenProfileFromMem(bytes.data(), static_cast<cmsUInt32Number>(bytes.size())));
}

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_COLOUR_COLOUR_PROFILE_H_
