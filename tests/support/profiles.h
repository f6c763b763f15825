// Colour profiles (ICC.1) to put into pictures, and chunks to put into PNGs.

#ifndef IMAGESERVER_TESTS_SUPPORT_PROFILES_H_
#define IMAGESERVER_TESTS_SUPPORT_PROFILES_H_

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vips/vips8>

#include "base/bytes.h"
#include "image/colour/colour_profile.h"

namespace imageserver {

std::string bytes_of(const ColourProfile& profile);

// With one of the profiles of libvips: "srgb", "p3", "cmyk".
std::string profile_of_libvips(const char* name);

// Red and green are swapped, through a table for whole colours that is there for this intent alone.
std::string swapping_profile(cmsUInt32Number intent);

vips::VImage tagged(const vips::VImage& picture, const std::string& profile);

// Numbers of 4 bytes, as chunks and profiles have them.
std::string big_endian(std::initializer_list<std::uint32_t> numbers);

// A chunk of a PNG.
std::string chunk(std::string_view type, std::string_view data);

// The PNG with these chunks behind its IHDR.
Bytes with_chunks(const Bytes& png, std::string_view chunks);

}  // namespace imageserver

#endif  // IMAGESERVER_TESTS_SUPPORT_PROFILES_H_
