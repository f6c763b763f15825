# One static library a room, so that the link lines are the architecture.

add_library(imageserver_flags INTERFACE)
target_compile_options(imageserver_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Woverloaded-virtual
  -Wcast-align -Wunused -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 sees overlapping copies in std::string's own assign (its bug 105651).
  target_compile_options(imageserver_flags INTERFACE -Wno-restrict)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
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
  target_compile_definitions(imageserver_flags INTERFACE _GLIBCXX_ASSERTIONS)
endif()

# imageserver_room(NAME SOURCES ... USES rooms... LINKS libraries... PRECOMPILE headers...)
# The headers are parsed once where the build is for tests alone: elsewhere clang-tidy would have to
# read them with every file.
function(imageserver_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;USES;LINKS;PRECOMPILE" ${ARGN})
  add_library(imageserver_${name} STATIC ${ROOM_SOURCES})
  target_include_directories(imageserver_${name} PUBLIC
    ${CMAKE_SOURCE_DIR}/include ${CMAKE_SOURCE_DIR}/src)
  list(TRANSFORM ROOM_USES PREPEND imageserver_)
  target_link_libraries(imageserver_${name}
    PRIVATE imageserver_flags
    PUBLIC ${ROOM_USES} ${ROOM_LINKS} Boost::headers Threads::Threads)
  if(ROOM_PRECOMPILE AND IMAGESERVER_SANITIZE)
    target_precompile_headers(imageserver_${name} PRIVATE ${ROOM_PRECOMPILE})
  endif()
endfunction()

# What every test includes, parsed once.
set(IMAGESERVER_TEST_HEADERS
  <chrono> <functional> <gmock/gmock.h> <gtest/gtest.h> <memory> <string> <vector>)
function(imageserver_test_headers)
  file(WRITE ${CMAKE_BINARY_DIR}/test_headers.cc "")
  add_library(test_headers STATIC ${CMAKE_BINARY_DIR}/test_headers.cc)
  target_link_libraries(test_headers PRIVATE imageserver_flags GTest::gmock)
  # Tests are run once: optimising them takes longer than it saves.
  target_compile_options(test_headers PRIVATE -pthread -O0)
  target_precompile_headers(test_headers PRIVATE ${IMAGESERVER_TEST_HEADERS})
endfunction()

# imageserver_test(NAME SOURCES ... LINKS ... PRECOMPILE headers...): one test program a room. Headers
# are precompiled as a room's are.
function(imageserver_test name)
  cmake_parse_arguments(TEST "" "TIMEOUT" "SOURCES;LINKS;PRECOMPILE" ${ARGN})
  if(NOT TEST_TIMEOUT)
    set(TEST_TIMEOUT 300)
  endif()
  add_executable(${name} ${TEST_SOURCES})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  target_compile_definitions(${name} PRIVATE
    IMAGESERVER_TESTDATA="${CMAKE_SOURCE_DIR}/testdata")
  target_link_libraries(${name} PRIVATE
    imageserver_flags ${TEST_LINKS} GTest::gmock GTest::gtest_main)
  target_compile_options(${name} PRIVATE -pthread -O0)
  if(TEST_PRECOMPILE AND IMAGESERVER_SANITIZE)
    target_precompile_headers(${name} PRIVATE ${IMAGESERVER_TEST_HEADERS} ${TEST_PRECOMPILE})
  else()
    target_precompile_headers(${name} REUSE_FROM test_headers)
  endif()
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES TIMEOUT ${TEST_TIMEOUT})
endfunction()
