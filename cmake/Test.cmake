# Test programs. CTest finds their cases one by one, and calls each by its name and the program's.
include(GoogleTest)

# What every test includes, parsed once.
set(IMAGESERVER_TEST_HEADERS
  <chrono> <functional> <gmock/gmock.h> <gtest/gtest.h> <memory> <string> <vector>)
function(imageserver_test_headers)
  # What has one label, as one target to build.
  foreach(label unit process slow)
    add_custom_target(${label}_tests)
  endforeach()
  file(WRITE ${CMAKE_BINARY_DIR}/test_headers.cc "")
  add_library(test_headers STATIC ${CMAKE_BINARY_DIR}/test_headers.cc)
  target_link_libraries(test_headers PRIVATE imageserver_flags GTest::gmock)
  # Tests are run once: optimising them takes longer than it saves.
  target_compile_options(test_headers PRIVATE -pthread -O0)
  target_precompile_headers(test_headers PRIVATE ${IMAGESERVER_TEST_HEADERS})
endfunction()

# imageserver_test(NAME LABEL unit|process|slow SOURCES ... LINKS ... [TIMEOUT seconds] [VIPS]):
#   unit     a room, in the test program's own process
#   process  real processes and real sockets
#   slow     takes minutes, or needs root: scripts/proof runs it
# TIMEOUT is for one case. VIPS: the headers of libvips are precompiled too, where there are sanitizers.
function(imageserver_test name)
  cmake_parse_arguments(TEST "VIPS" "TIMEOUT;LABEL" "SOURCES;LINKS" ${ARGN})
  if(NOT TEST_TIMEOUT)
    set(TEST_TIMEOUT 120)
  endif()
  add_executable(${name} ${TEST_SOURCES})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  target_compile_definitions(${name} PRIVATE IMAGESERVER_TESTDATA="${CMAKE_SOURCE_DIR}/testdata")
  target_link_libraries(${name} PRIVATE
    imageserver_flags ${TEST_LINKS} GTest::gmock GTest::gtest_main)
  target_compile_options(${name} PRIVATE -pthread -O0)
  if(TEST_VIPS AND IMAGESERVER_SANITIZE)
    target_precompile_headers(${name} PRIVATE ${IMAGESERVER_TEST_HEADERS} <vips/vips8>)
  else()
    target_precompile_headers(${name} REUSE_FROM test_headers)
  endif()
  # Slow ones are found in one preset, and so built there with everything, lest they rot.
  if(TEST_LABEL STREQUAL "slow" AND IMAGESERVER_SANITIZE)
    set_target_properties(${name} PROPERTIES EXCLUDE_FROM_ALL ON)
    return()
  endif()
  add_dependencies(${TEST_LABEL}_tests ${name})
  gtest_discover_tests(${name}
    TEST_PREFIX ${name}.
    DISCOVERY_TIMEOUT 60
    PROPERTIES LABELS ${TEST_LABEL} TIMEOUT ${TEST_TIMEOUT})
endfunction()

# imageserver_room_test(ROOM LINKS ... [TIMEOUT seconds] [VIPS]): the unit tests of a room, with those of
# the rooms in it: all that lies in its folder of tests/.
function(imageserver_room_test room)
  cmake_parse_arguments(ROOM "VIPS" "TIMEOUT" "LINKS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/${room}/*.cc)
  if(TARGET imageserver_${room})
    list(APPEND ROOM_LINKS imageserver_${room})
  endif()
  if(ROOM_VIPS)
    set(vips VIPS)
  endif()
  imageserver_test(${room}_test LABEL unit TIMEOUT "${ROOM_TIMEOUT}" ${vips}
    SOURCES ${sources}
    LINKS ${ROOM_LINKS})
endfunction()
