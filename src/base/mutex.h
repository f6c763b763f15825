// A mutex that clang can follow: with -Wthread-safety it refuses code that touches a guarded member
// without holding the mutex that guards it. Other compilers see std::mutex alone.

#ifndef IMAGESERVER_BASE_MUTEX_H_
#define IMAGESERVER_BASE_MUTEX_H_

#include <condition_variable>
#include <mutex>

#include "base/clock.h"

// Attributes with an argument that names a member: no function can stand for them.
#if defined(__clang__)
#define IMAGESERVER_THREAD_SAFETY(attribute) __attribute__((attribute))
#else
#define IMAGESERVER_THREAD_SAFETY(attribute)
#endif

// Of a member: it is read and written only while `mutex` is held.
#define IMAGESERVER_GUARDED_BY(mutex) IMAGESERVER_THREAD_SAFETY(guarded_by(mutex))

// Of a pointer: what it points to is used only while `mutex` is held.
#define IMAGESERVER_PT_GUARDED_BY(mutex) IMAGESERVER_THREAD_SAFETY(pt_guarded_by(mutex))

// Of a function: its caller holds `mutex`.
#define IMAGESERVER_REQUIRES(mutex) IMAGESERVER_THREAD_SAFETY(requires_capability(mutex))

namespace imageserver {

// Threads: any, as std::mutex.
class IMAGESERVER_THREAD_SAFETY(capability("mutex")) Mutex {
 public:
  Mutex() = default;
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;

 private:
  friend class MutexLock;
  friend class ConditionVariable;

  std::mutex mutex_;
};

// Holds the mutex from its construction to its destruction.
class IMAGESERVER_THREAD_SAFETY(scoped_lockable) MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) IMAGESERVER_THREAD_SAFETY(acquire_capability(mutex))
      : lock_(mutex.mutex_) {}
  ~MutexLock() IMAGESERVER_THREAD_SAFETY(release_capability()) = default;
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  const std::lock_guard<std::mutex> lock_;
};

// Threads: any, as std::condition_variable.
class ConditionVariable {
 public:
  // Gives the mutex up, waits for a notification, and takes the mutex again. It may also wake
  // without one: call it in a loop that tests the condition.
  void wait(Mutex& mutex) IMAGESERVER_REQUIRES(mutex) {
    std::unique_lock lock(mutex.mutex_, std::adopt_lock);
    condition_.wait(lock);
    lock.release();  // the caller's MutexLock still owns it
  }

  // As wait(), but not beyond `end`.
  void wait_until(Mutex& mutex, Deadline end) IMAGESERVER_REQUIRES(mutex) {
    std::unique_lock lock(mutex.mutex_, std::adopt_lock);
    condition_.wait_until(lock, end);
    lock.release();
  }

  void notify_one() { condition_.notify_one(); }
  void notify_all() { condition_.notify_all(); }

 private:
  std::condition_variable condition_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_BASE_MUTEX_H_
