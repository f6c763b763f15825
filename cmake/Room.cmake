# One static library a room, so that the link lines are the architecture. src/rooms.txt is the table.

# imageserver_read_rooms(): fills IMAGESERVER_ROOMS with the rooms of the table and IMAGESERVER_PROGRAMS
# with its programs (`main.cc`), and for each of both IMAGESERVER_<name>_USES and _LIBRARIES.
function(imageserver_read_rooms)
  set(table ${CMAKE_SOURCE_DIR}/src/rooms.txt)
  set_property(DIRECTORY ${CMAKE_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${table})
  file(STRINGS ${table} rows REGEX "^[^#=]+:[^:]*:")
  set(IMAGESERVER_ROOMS "")
  set(IMAGESERVER_PROGRAMS "")
  foreach(row IN LISTS rows)
    string(REGEX MATCH "^([^ :]+) *:([^:]*):(.*)$" row "${row}")
    set(name ${CMAKE_MATCH_1})
    separate_arguments(uses UNIX_COMMAND "${CMAKE_MATCH_2}")
    separate_arguments(libraries UNIX_COMMAND "${CMAKE_MATCH_3}")
    if(name MATCHES "\\.cc$")
      list(APPEND IMAGESERVER_PROGRAMS ${name})
    else()
      list(APPEND IMAGESERVER_ROOMS ${name})
    endif()
    set(IMAGESERVER_${name}_USES "${uses}" PARENT_SCOPE)
    set(IMAGESERVER_${name}_LIBRARIES "${libraries}" PARENT_SCOPE)
  endforeach()
  return(PROPAGATE IMAGESERVER_ROOMS IMAGESERVER_PROGRAMS)
endfunction()
imageserver_read_rooms()

# The target of a room: imageserver_http, imageserver_peers_wire.
function(imageserver_target_of room result)
  string(REPLACE "/" "_" name ${room})
  set(${result} imageserver_${name} PARENT_SCOPE)
endfunction()

# imageserver_links_vips(NAME RESULT): if a room or program does, or one that it uses.
function(imageserver_links_vips name result)
  set(${result} FALSE PARENT_SCOPE)
  if(vips IN_LIST IMAGESERVER_${name}_LIBRARIES)
    set(${result} TRUE PARENT_SCOPE)
  endif()
  foreach(used IN LISTS IMAGESERVER_${name}_USES)
    imageserver_links_vips(${used} links)
    if(links)
      set(${result} TRUE PARENT_SCOPE)
    endif()
  endforeach()
endfunction()

# imageserver_link(TARGET SCOPE NAME): links what the row of the room or program names. Where nothing with
# libvips is built, such a target is built only if it is asked for by name.
function(imageserver_link target scope name)
  foreach(used IN LISTS IMAGESERVER_${name}_USES)
    imageserver_target_of(${used} room)
    target_link_libraries(${target} ${scope} ${room})
  endforeach()
  foreach(library IN LISTS IMAGESERVER_${name}_LIBRARIES)
    target_link_libraries(${target} ${scope} imageserver_library_${library})
  endforeach()
  imageserver_links_vips(${name} links_vips)
  if(links_vips AND NOT IMAGESERVER_WITH_VIPS)
    set_target_properties(${target} PROPERTIES EXCLUDE_FROM_ALL ON)
  endif()
endfunction()

# imageserver_precompile(TARGET LIBRARIES...): the headers of large libraries are parsed once where the
# build is for tests alone: elsewhere clang-tidy would have to read them with every file.
function(imageserver_precompile target)
  if(NOT IMAGESERVER_SANITIZE)
    return()
  endif()
  if(vips IN_LIST ARGN)
    target_precompile_headers(${target} PRIVATE ${CMAKE_SOURCE_DIR}/src/base/log.h <vips/vips8>)
  elseif(asio IN_LIST ARGN)
    target_precompile_headers(${target} PRIVATE ${CMAKE_SOURCE_DIR}/src/base/asio.h)
  endif()
endfunction()

# imageserver_room(ROOM): a static library of the sources in the room's folder.
function(imageserver_room room)
  imageserver_target_of(${room} target)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${room}/*.cc)
  add_library(${target} STATIC ${sources})
  target_include_directories(${target} PUBLIC ${CMAKE_SOURCE_DIR}/include ${CMAKE_SOURCE_DIR}/src)
  target_link_libraries(${target} PRIVATE imageserver_flags PUBLIC Boost::headers Threads::Threads)
  imageserver_link(${target} PUBLIC ${room})
  imageserver_precompile(${target} ${IMAGESERVER_${room}_LIBRARIES})
endfunction()

# imageserver_program(NAME SOURCE): a program of the one source in src/ that has a row in the table.
function(imageserver_program name source)
  add_executable(${name} ${source})
  target_link_libraries(${name} PRIVATE imageserver_flags)
  imageserver_link(${name} PRIVATE ${source})
endfunction()
