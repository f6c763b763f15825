# What `cmake --install` copies: the programs, the sample images, and the server as a library,
# libimageserver.a, with its public headers and a CMake package: find_package(imageserver).
include(CMakePackageConfigHelpers)

if(IMAGESERVER_SANITIZE)
  return()
endif()

# All rooms in one archive: an embedder sees the public headers and no room. How we compile our own code
# is no concern of its.
add_library(libimageserver STATIC)
add_library(imageserver::imageserver ALIAS libimageserver)
set_target_properties(libimageserver PROPERTIES
  OUTPUT_NAME imageserver
  EXPORT_NAME imageserver
  LINKER_LANGUAGE CXX)
target_compile_features(libimageserver INTERFACE cxx_std_20)
target_link_libraries(libimageserver PUBLIC Boost::headers PRIVATE Threads::Threads)
set(linked "")
foreach(room IN LISTS IMAGESERVER_ROOMS)
  imageserver_target_of(${room} target)
  target_sources(libimageserver PRIVATE $<TARGET_OBJECTS:${target}>)
  foreach(library IN LISTS IMAGESERVER_${room}_LIBRARIES)
    get_target_property(targets imageserver_library_${library} IMAGESERVER_LINKED)
    if(targets)
      list(APPEND linked ${targets})
    endif()
  endforeach()
endforeach()
list(REMOVE_DUPLICATES linked)
target_link_libraries(libimageserver PRIVATE ${linked})

file(GLOB headers CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/include/imageserver/*.h)
target_sources(libimageserver PUBLIC
  FILE_SET HEADERS BASE_DIRS ${CMAKE_SOURCE_DIR}/include FILES ${headers})

set(package ${CMAKE_INSTALL_LIBDIR}/cmake/imageserver)
configure_package_config_file(${CMAKE_SOURCE_DIR}/cmake/imageserver-config.cmake.in
  ${CMAKE_BINARY_DIR}/imageserver-config.cmake INSTALL_DESTINATION ${package})
write_basic_package_version_file(${CMAKE_BINARY_DIR}/imageserver-config-version.cmake
  COMPATIBILITY SameMinorVersion)

install(TARGETS imageserver imageserver-render)
install(TARGETS libimageserver EXPORT imageserver FILE_SET HEADERS)
install(EXPORT imageserver NAMESPACE imageserver:: FILE imageserver-targets.cmake
  DESTINATION ${package})
install(
  FILES
    ${CMAKE_BINARY_DIR}/imageserver-config.cmake
    ${CMAKE_BINARY_DIR}/imageserver-config-version.cmake
  DESTINATION ${package})
install(DIRECTORY ${CMAKE_SOURCE_DIR}/testdata
  DESTINATION ${CMAKE_INSTALL_DATADIR}/imageserver
  PATTERN corpus EXCLUDE)
