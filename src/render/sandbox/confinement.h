// How tightly a renderer is confined.

#ifndef IMAGESERVER_RENDER_SANDBOX_CONFINEMENT_H_
#define IMAGESERVER_RENDER_SANDBOX_CONFINEMENT_H_

#include <cstdint>

namespace imageserver {

// kOnce is for files of untrusted formats.
enum class Confinement : std::uint8_t { kLasting, kOnce };

#ifdef IMAGESERVER_SANITIZED
inline constexpr bool kIsSanitized = true;
#else
inline constexpr bool kIsSanitized = false;
#endif

// Whether such a process opens files once it is confined: fonts are read when a picture names them.
// The report of a sanitizer reads the program and its libraries.
[[nodiscard]] constexpr bool opens_files(Confinement confinement) {
  return confinement == Confinement::kOnce || kIsSanitized;
}

}  // namespace imageserver

#endif  // IMAGESERVER_RENDER_SANDBOX_CONFINEMENT_H_
