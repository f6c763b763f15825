// The three descriptors that every program counts on.

#ifndef IMAGESERVER_BASE_STANDARD_DESCRIPTORS_H_
#define IMAGESERVER_BASE_STANDARD_DESCRIPTORS_H_

namespace imageserver {

// Opens /dev/null as each of the descriptors 0, 1 and 2 that is closed. Else the next socket or
// file would get its number, and with it what is meant for standard output or error. The first
// thing that a program does. False, with errno set, if there is no /dev/null.
[[nodiscard]] bool open_standard_descriptors();

}  // namespace imageserver

#endif  // IMAGESERVER_BASE_STANDARD_DESCRIPTORS_H_
