# Test programs. CTest finds their cases one by one: a case has the name <program>.<suite>.<case>, and
# the label of its program. Under a sanitizer a process takes longer to start than most cases take, so
# there a unit program runs in a few parts, <program>.part_<n>, each of which has a share of the cases.
#   unit     a room, in the test program's own process
#   process  real processes and real sockets
#   slow     takes minutes, or needs root: only scripts/proof runs it
# For each label there is a target that builds all programs with it: unit_tests, process_tests, slow_tests.
include(GoogleTest)

# Tests are run once: optimising them takes longer than it saves. So do the checks of undefined behaviour,
# which are for the code that is tested.
set(IMAGESERVER_TEST_OPTIONS -pthread -O0)
if(IMAGESERVER_SANITIZE)
  list(APPEND IMAGESERVER_TEST_OPTIONS -fno-sanitize=undefined)
endif()
set(IMAGESERVER_TEST_HEADERS
  <chrono> <functional> <gmock/gmock.h> <gtest/gtest.h> <memory> <string> <vector>)

# The targets of the labels, and what every test program links: a main function, and what all of them
# include, parsed once.
function(imageserver_test_targets)
  foreach(label unit process slow)
    add_custom_target(${label}_tests)
  endforeach()
  add_library(test_main STATIC ${CMAKE_SOURCE_DIR}/tests/support/main.cc)
  target_link_libraries(test_main PRIVATE imageserver_flags PUBLIC imageserver_base GTest::gmock)
  target_compile_options(test_main PRIVATE ${IMAGESERVER_TEST_OPTIONS})
  target_precompile_headers(test_main PRIVATE ${IMAGESERVER_TEST_HEADERS})
endfunction()

# imageserver_test(NAME LABEL unit|process|slow SOURCES ... [LINKS ...] [TIMEOUT seconds]): TIMEOUT is for
# one case, which is given two minutes otherwise; cases with more time start first.
function(imageserver_test name)
  cmake_parse_arguments(TEST "" "LABEL;TIMEOUT" "SOURCES;LINKS" ${ARGN})
  if(NOT DEFINED TEST_TIMEOUT)
    set(TEST_TIMEOUT 120)
  endif()
  add_executable(${name} ${TEST_SOURCES})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  target_compile_definitions(${name} PRIVATE IMAGESERVER_TESTDATA="${CMAKE_SOURCE_DIR}/testdata")
  target_compile_options(${name} PRIVATE ${IMAGESERVER_TEST_OPTIONS})
  target_link_libraries(${name} PRIVATE imageserver_flags ${TEST_LINKS} test_main)
  if(image_support IN_LIST TEST_LINKS AND IMAGESERVER_SANITIZE)
    target_precompile_headers(${name} PRIVATE ${IMAGESERVER_TEST_HEADERS} <vips/vips8>)
  else()
    target_precompile_headers(${name} REUSE_FROM test_main)
  endif()
  add_dependencies(${TEST_LABEL}_tests ${name})
  if(IMAGESERVER_SANITIZE AND TEST_LABEL STREQUAL unit)
    imageserver_test_parts(${name})
  else()
    gtest_discover_tests(${name}
      TEST_PREFIX ${name}.
      DISCOVERY_TIMEOUT 60
      PROPERTIES LABELS ${TEST_LABEL} TIMEOUT ${TEST_TIMEOUT} COST ${TEST_TIMEOUT})
  endif()
endfunction()

# imageserver_test_parts(NAME): the parts of a unit program, by the sharding of GoogleTest.
function(imageserver_test_parts name)
  set(parts 6)
  math(EXPR last "${parts} - 1")
  foreach(part RANGE ${last})
    add_test(NAME ${name}.part_${part} COMMAND ${name})
    set_tests_properties(${name}.part_${part} PROPERTIES
      LABELS unit
      TIMEOUT 900
      ENVIRONMENT "GTEST_TOTAL_SHARDS=${parts};GTEST_SHARD_INDEX=${part}")
  endforeach()
endfunction()

# imageserver_room_test(ROOM [LINKS ...] [TIMEOUT seconds]): the unit tests of a room, with those of the
# rooms in it: all that lies in its folder of tests/.
function(imageserver_room_test room)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/${room}/*.cc)
  imageserver_test(${room}_test LABEL unit SOURCES ${sources} ${ARGN})
  if(TARGET imageserver_${room})
    target_link_libraries(${room}_test PRIVATE imageserver_${room})
  endif()
endfunction()
