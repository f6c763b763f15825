# Everything comes from Debian's packages; docs/ARCHITECTURE.md says why each is here. Each library is a
# target imageserver_library_<name>, by the name that src/rooms.txt gives it.
find_package(Threads REQUIRED)
find_package(Boost 1.81 EXACT REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(CLI11 REQUIRED)
find_package(spdlog REQUIRED)
find_package(PkgConfig REQUIRED)

# imageserver_header_library(NAME [TARGETS...]): headers alone. A program that links our archive needs
# none of it. Boost's headers are on every link line.
function(imageserver_header_library name)
  add_library(imageserver_library_${name} INTERFACE)
  target_link_libraries(imageserver_library_${name} INTERFACE ${ARGN})
endfunction()

# imageserver_linked_library(NAME TARGETS...): a program that links our archive links it too.
function(imageserver_linked_library name)
  imageserver_header_library(${name} ${ARGN})
  set_target_properties(imageserver_library_${name} PROPERTIES IMAGESERVER_LINKED "${ARGN}")
endfunction()

# imageserver_pkg_config_library(NAME MODULE [LIBRARIES...]): a linked library that pkg-config knows.
# IMAGESERVER_PKG_CONFIG_LIBRARIES lists them for the installed package, as NAME=MODULE.
macro(imageserver_pkg_config_library name module)
  pkg_check_modules(imageserver_${name} REQUIRED IMPORTED_TARGET ${module})
  imageserver_linked_library(${name} PkgConfig::imageserver_${name} ${ARGN})
  list(APPEND IMAGESERVER_PKG_CONFIG_LIBRARIES ${name}=${module})
endmacro()

imageserver_header_library(asio)
imageserver_header_library(beast)
imageserver_header_library(intrusive)
imageserver_header_library(cli11 CLI11::CLI11)
imageserver_header_library(json nlohmann_json::nlohmann_json)
imageserver_linked_library(crypto OpenSSL::Crypto)
imageserver_linked_library(spdlog spdlog::spdlog)
imageserver_pkg_config_library(cares libcares)
imageserver_pkg_config_library(curl libcurl)
imageserver_pkg_config_library(dav1d dav1d)
imageserver_pkg_config_library(de265 libde265)
imageserver_pkg_config_library(deflate libdeflate)
imageserver_pkg_config_library(heif libheif)
imageserver_pkg_config_library(imagequant imagequant gomp)
imageserver_pkg_config_library(jpeg libjpeg)
imageserver_pkg_config_library(jxl libjxl)
imageserver_pkg_config_library(lcms2 lcms2)
imageserver_pkg_config_library(rsvg librsvg-2.0)
imageserver_pkg_config_library(seccomp libseccomp)
imageserver_pkg_config_library(tiff libtiff-4)
imageserver_pkg_config_library(turbojpeg libturbojpeg)
imageserver_pkg_config_library(vips vips-cpp)
imageserver_pkg_config_library(webp libwebp)
imageserver_pkg_config_library(zlib zlib)

# The allocator of our own programs; nothing if it is switched off. An embedder chooses its own.
add_library(imageserver_allocator INTERFACE)
if(IMAGESERVER_JEMALLOC)
  pkg_check_modules(imageserver_jemalloc REQUIRED IMPORTED_TARGET jemalloc)
  target_link_libraries(imageserver_allocator INTERFACE PkgConfig::imageserver_jemalloc)
endif()
