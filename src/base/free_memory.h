// Memory that was freed, and is not the system's yet.

#ifndef IMAGESERVER_BASE_FREE_MEMORY_H_
#define IMAGESERVER_BASE_FREE_MEMORY_H_

namespace imageserver {

// Gives back to the system what the allocator keeps of freed memory. Takes some microseconds, and
// whoever needs memory next has to get it again. Threads: any.
void give_back_free_memory();

}  // namespace imageserver

#endif  // IMAGESERVER_BASE_FREE_MEMORY_H_
