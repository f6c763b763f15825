// Versions of originals that tests can tell from each other.

#ifndef IMAGESERVER_TESTS_SUPPORT_VERSIONS_H_
#define IMAGESERVER_TESTS_SUPPORT_VERSIONS_H_

#include "formats/image.h"
#include "formats/version.h"
#include "support/images.h"

namespace imageserver::testing {

inline Version version(char of) {
  Version version{};
  version.fill(static_cast<unsigned char>(of));
  return version;
}

// A picture that was made of those versions.
inline ImagePtr image_made_of(const Versions& versions, std::string_view data = "picture") {
  return with_versions(image_of(data), versions);
}

}  // namespace imageserver::testing

#endif  // IMAGESERVER_TESTS_SUPPORT_VERSIONS_H_
