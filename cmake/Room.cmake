# One static library a room, so that the link lines are the architecture. src/rooms.txt is the table.

# imageserver_read_rooms(): fills IMAGESERVER_ROOMS with the names in the table, and for each of them
# IMAGESERVER_ROOM_<name>_USES and _LIBRARIES. Programs of src/ have rows as rooms have.
function(imageserver_read_rooms)
  set_property(DIRECTORY ${CMAKE_SOURCE_DIR} APPEND PROPERTY
    CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/rooms.txt)
  file(STRINGS ${CMAKE_SOURCE_DIR}/src/rooms.txt rows REGEX "^[^#=]+:[^:]*:")
  set(rooms "")
  foreach(row IN LISTS rows)
    string(REGEX MATCH "^([^ :]+) *:([^:]*):(.*)$" row "${row}")
    set(room ${CMAKE_MATCH_1})
    separate_arguments(uses UNIX_COMMAND "${CMAKE_MATCH_2}")
    separate_arguments(libraries UNIX_COMMAND "${CMAKE_MATCH_3}")
    list(APPEND rooms ${room})
    set(IMAGESERVER_ROOM_${room}_USES "${uses}" PARENT_SCOPE)
    set(IMAGESERVER_ROOM_${room}_LIBRARIES "${libraries}" PARENT_SCOPE)
  endforeach()
  set(IMAGESERVER_ROOMS "${rooms}" PARENT_SCOPE)
endfunction()

# The target of a room: imageserver_http, imageserver_peers_wire.
function(imageserver_target_of room result)
  string(REPLACE "/" "_" name ${room})
  set(${result} imageserver_${name} PARENT_SCOPE)
endfunction()

# imageserver_link(TARGET SCOPE ROOM): links what the row of the room names.
function(imageserver_link target scope room)
  foreach(use IN LISTS IMAGESERVER_ROOM_${room}_USES)
    imageserver_target_of(${use} used)
    target_link_libraries(${target} ${scope} ${used})
  endforeach()
  foreach(library IN LISTS IMAGESERVER_ROOM_${room}_LIBRARIES)
    target_link_libraries(${target} ${scope} imageserver_library_${library})
  endforeach()
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
  target_include_directories(${target} PUBLIC
    $<BUILD_INTERFACE:${CMAKE_SOURCE_DIR}/include> $<BUILD_INTERFACE:${CMAKE_SOURCE_DIR}/src>
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_link_libraries(${target} PRIVATE imageserver_flags PUBLIC Boost::headers Threads::Threads)
  imageserver_link(${target} PUBLIC ${room})
  imageserver_precompile(${target} ${IMAGESERVER_ROOM_${room}_LIBRARIES})
endfunction()
