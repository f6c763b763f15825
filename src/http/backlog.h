// The answers that clients have not taken yet: how much memory they may hold together, and whose
// goes when it is more.

#ifndef IMAGESERVER_HTTP_BACKLOG_H_
#define IMAGESERVER_HTTP_BACKLOG_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/mutex.h"
#include "http/occupant.h"

namespace imageserver {

class Backlog;

// What one connection holds of the backlog, while it is writing something that did not fit into its
// socket at once. Threads: one at a time.
class Unsent {
 public:
  explicit Unsent(std::shared_ptr<Backlog> backlog) : backlog_(std::move(backlog)) {}
  ~Unsent() { end(); }
  Unsent(const Unsent&) = delete;
  Unsent& operator=(const Unsent&) = delete;

  // The bodies are held from now on: counted, and if they are too much, the occupants that take
  // theirs slowest are asked to drop them (Occupant::drop_answer); not this one.
  // REQUIRES: end() was called since the last begin(); until end() `occupant` and the bodies live,
  // and `socket` is the occupant's and open.
  void begin(int socket, const OccupantRef& occupant, std::vector<std::string_view> bodies);

  // They are not held any more. Does nothing if nothing was begun.
  void end();

  // The client has acknowledged so many bytes by now (acknowledged_bytes): it is from here on that
  // its speed is measured.
  void note(Deadline now, std::uint64_t acknowledged);

  // Whether the occupant was asked to drop the answer that was begun last.
  [[nodiscard]] bool to_drop() const;

 private:
  friend class Backlog;

  // The speed of the client is measured from here.
  struct Start {
    Deadline when;
    std::uint64_t acknowledged = 0;
  };

  const std::shared_ptr<Backlog> backlog_;
  bool begun_ = false;

  // Guarded by the backlog's mutex while begun.
  int socket_ = -1;
  const OccupantRef* occupant_ = nullptr;
  std::vector<std::string_view> bodies_;
  std::size_t place_ = 0;  // in the backlog's list
  Deadline begun_at_;
  std::optional<Start> start_;
  bool to_drop_ = false;
};

// Bodies that several connections hold are counted once, as they are the same memory. What goes out
// in one write is never counted. The bound is on what is held at any moment but for what was asked
// to be dropped and is just being so; a single answer may be larger.
//
// Threads: any.
class Backlog {
 public:
  explicit Backlog(std::size_t most) : most_(most) {}

  // Bytes held now.
  [[nodiscard]] std::size_t held() const;

 private:
  friend class Unsent;

  struct Body {
    std::size_t size = 0;
    std::size_t holders = 0;
  };

  void begin(Unsent& unsent);
  void end(Unsent& unsent);
  void add(Unsent& unsent) IMAGESERVER_REQUIRES(mutex_);
  void remove(Unsent& unsent) IMAGESERVER_REQUIRES(mutex_);
  void measure(Unsent& newcomer, Deadline now) IMAGESERVER_REQUIRES(mutex_);
  void drop_slowest(const Unsent& newcomer) IMAGESERVER_REQUIRES(mutex_);

  const std::size_t most_;
  mutable Mutex mutex_;
  std::vector<Unsent*> unsent_ IMAGESERVER_GUARDED_BY(mutex_);
  std::unordered_map<const char*, Body> bodies_ IMAGESERVER_GUARDED_BY(mutex_);  // by their memory
  std::size_t held_ IMAGESERVER_GUARDED_BY(mutex_) = 0;
  bool measuring_ IMAGESERVER_GUARDED_BY(mutex_) = false;  // all have a Start
};

}  // namespace imageserver

#endif  // IMAGESERVER_HTTP_BACKLOG_H_
