# How our own code is compiled.

add_library(imageserver_flags INTERFACE)
target_compile_options(imageserver_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Woverloaded-virtual
  -Wcast-align -Wunused -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 sees overlapping copies in std::string's own assign (its bug 105651).
  target_compile_options(imageserver_flags INTERFACE -Wno-restrict)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # base/mutex.h says which mutex guards what; clang alone can hold code to it.
  target_compile_options(imageserver_flags INTERFACE -Wthread-safety)
  # libstdc++ 12's own stable_sort calls what C++17 deprecated.
  target_compile_options(imageserver_flags INTERFACE -Wno-deprecated-declarations)
endif()
if(IMAGESERVER_SANITIZE)
  target_compile_options(imageserver_flags INTERFACE
    -fsanitize=${IMAGESERVER_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # GCC sees uninitialised reads that the sanitizers' own checks made up.
    target_compile_options(imageserver_flags INTERFACE -Wno-maybe-uninitialized)
  endif()
  target_link_options(imageserver_flags INTERFACE -fsanitize=${IMAGESERVER_SANITIZE})
  target_compile_definitions(imageserver_flags INTERFACE _GLIBCXX_ASSERTIONS IMAGESERVER_SANITIZED)
endif()

# ThreadSanitizer cannot follow GLib's locks, which it was not built with: what links libvips is neither
# built nor tested under it.
set(IMAGESERVER_WITH_VIPS ON)
if(IMAGESERVER_SANITIZE STREQUAL "thread")
  set(IMAGESERVER_WITH_VIPS OFF)
endif()
