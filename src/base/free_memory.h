// Memory that was freed, and is not the system's yet.

#ifndef IMAGESERVER_BASE_FREE_MEMORY_H_
#define IMAGESERVER_BASE_FREE_MEMORY_H_

#include <cstdint>

namespace imageserver {

// How much of freed memory the allocator keeps, in bytes. INT64_MAX where it does not tell. Takes
// some 10 microseconds. Threads: any.
std::int64_t free_memory();

// Makes the allocator keep freed memory of more than 8 MiB as well, which it would give back to the
// system at once. REQUIRES: called before other threads allocate.
void keep_large_memory();

// Gives back to the system what the allocator keeps of freed memory. Takes some microseconds, and
// whoever needs memory next has to get it again. Threads: any.
void give_back_free_memory();

}  // namespace imageserver

#endif  // IMAGESERVER_BASE_FREE_MEMORY_H_
