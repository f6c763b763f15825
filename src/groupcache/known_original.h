// What a node knows of one original: its version, and for how long that may be believed.

#ifndef IMAGESERVER_GROUPCACHE_KNOWN_ORIGINAL_H_
#define IMAGESERVER_GROUPCACHE_KNOWN_ORIGINAL_H_

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/mutex.h"
#include "formats/version.h"
#include "groupcache/purge_log.h"

namespace imageserver {

// Until when a version may be believed. What was made of it is then used until `usable` while
// somebody looks whether it is still right; behind that, who asks for it has to wait for that look.
// It is used until `stale` where nobody can look.
struct Freshness {
  Clock::time_point fresh = {};
  Clock::time_point usable = {};  // not before `fresh`
  Clock::time_point stale = {};   // not before `usable`
};

// The same as times from when somebody began to look.
struct Lifetimes {
  Clock::duration fresh{};
  Clock::duration usable{};
  Clock::duration stale{};

  [[nodiscard]] Freshness from(Clock::time_point begun) const {
    return {.fresh = begun + fresh, .usable = begun + usable, .stale = begun + stale};
  }
};

// How what was made of an original stands. In this order: of several originals the last one holds.
enum class Standing : std::uint8_t {
  kFresh,
  kStale,     // it may be used while somebody looks
  kUnsure,    // it may be used once somebody has looked
  kReplaced,  // the original is another one now, or nobody could look for too long
};

// Nobody looks again so soon after a look has failed.
inline constexpr milliseconds kBetweenLooks{1'000};

// On which way somebody looks: at the place of the original, or by asking the node that owns it.
// The two never wait for each other, as two nodes may take each other for the owner.
enum class Route : std::uint8_t { kHere, kOwner };

// It heeds the purges of the node's log as soon as it is asked anything: behind a hard one nothing
// is known of the original, and behind a soft one it is not fresh.
//
// Threads: any, concurrently. What every hit asks takes no lock, unless there is a new purge.
class KnownOriginal {
 public:
  // `purges`, null: there are none. REQUIRES: it outlives this.
  explicit KnownOriginal(std::string name, const PurgeLog* purges = nullptr)
      : name_(std::move(name)), purges_(purges) {}

  [[nodiscard]] const std::string& name() const { return name_; }

  // When something began that looks at the original, or makes something of it: it tells of no
  // change, and of no purge, behind that.
  struct Beginning {
    Clock::time_point at = {};
    std::uint64_t fence = 0;
  };
  [[nodiscard]] Beginning begin(Clock::time_point now);

  // The position in the log of the last purge that reaches the original; 0: there is none. What
  // began at another fence is not kept, and nobody joins it.
  [[nodiscard]] std::uint64_t fence(Clock::time_point now);

  // Somebody has seen the original with this version, or has seen that there is none. `begun`: when
  // the look began. A sight older than the last one counts nothing, and so does one that began
  // before a purge.
  struct Sight {
    std::optional<Version> version = {};
    Validators validators = {};
    Beginning begun = {};
    Freshness freshness = {};
    Clock::time_point retry = {};  // nobody looks before
  };
  void seen(const Sight& sight);

  // The owner has that version, and believes in it for so long. If it is the version that is known
  // here, that takes nothing from what this node has seen itself. Else it counts as a sight.
  void heard(const Version& version, const Beginning& begun, const Freshness& freshness,
             Clock::time_point retry);

  // Nobody could look, who began so: what is known stays usable until `retry`, but not longer than
  // stale, and nobody looks before. It counts nothing if there was a purge.
  void not_seen(const Beginning& begun, Clock::time_point retry);

  // What something that began so remembers of the version that it was made of: a number
  // that no other version of this original has. None: nobody says which version it is, and the
  // number holds until the next purge. Where it is not the present version, or there was a purge: a
  // number that never holds.
  [[nodiscard]] std::uint64_t generation_of(const std::optional<Version>& version,
                                            const Beginning& begun);

  // How something of that generation stands.
  [[nodiscard]] Standing standing(std::uint64_t generation, Clock::time_point now);

  // The same when a look that it had to wait for has ended, well or not. Never kUnsure: what the
  // look has seen may be used, however long the look took. `sights_before`: sights() when the wait
  // began.
  [[nodiscard]] Standing standing_after_look(std::uint64_t generation, Clock::time_point now,
                                             std::uint64_t sights_before);

  // How often it was seen, or heard of.
  [[nodiscard]] std::uint64_t sights() const { return sights_; }

  // How long the present version is fresh from `now` on; below 0 if it is not.
  [[nodiscard]] Clock::duration fresh_for(Clock::time_point now);

  // Whether it is time to look: it is not fresh, nobody looks, and no look has failed just now.
  [[nodiscard]] bool is_to_be_looked_at(Clock::time_point now);

  // Whether a look has failed just now.
  [[nodiscard]] bool is_resting(Clock::time_point now) const { return now < retry_.load(); }

  // What a conditional request may say: of the version that was last seen at the original's place.
  struct Present {
    std::optional<Version> version = {};
    Validators validators = {};
    Lifetimes lifetimes = {};  // that the last sight gave it
  };
  [[nodiscard]] Present present() const;

  // Calls `then` when the look that is under way on that route ends, or the one that the caller has
  // to begin: so it is if this returns true. The caller then calls end_look(). `then` may be empty.
  [[nodiscard]] bool join_look(Route route, std::function<void()> then);

  // Does nothing if none is under way on that route.
  void end_look(Route route);

  // Nobody will end the looks under way: what waits for them is dropped.
  void drop_looks();

 private:
  struct Look {
    bool is_under_way = false;
    std::vector<std::function<void()>> waiting;
  };

  void heed_purges(Clock::time_point now);
  void heed(const Reach& reach, Clock::time_point now) IMAGESERVER_REQUIRES(mutex_);
  void forget(Clock::time_point now) IMAGESERVER_REQUIRES(mutex_);
  void end_freshness(Clock::time_point now) IMAGESERVER_REQUIRES(mutex_);
  [[nodiscard]] bool counts(const Beginning& begun) const IMAGESERVER_REQUIRES(mutex_);
  void take(const Sight& sight) IMAGESERVER_REQUIRES(mutex_);
  void set(const Freshness& freshness) IMAGESERVER_REQUIRES(mutex_);

  const std::string name_;
  const PurgeLog* const purges_;
  mutable Mutex mutex_;
  bool is_known_ IMAGESERVER_GUARDED_BY(mutex_) = false;  // whether there is a version, or none
  std::optional<Version> version_ IMAGESERVER_GUARDED_BY(mutex_);
  Validators validators_ IMAGESERVER_GUARDED_BY(mutex_);
  Clock::time_point begun_ IMAGESERVER_GUARDED_BY(mutex_);
  Lifetimes lifetimes_ IMAGESERVER_GUARDED_BY(mutex_);
  std::array<Look, 2> looks_ IMAGESERVER_GUARDED_BY(mutex_);  // by Route

  // Read without the lock. A reader may see those of two moments: then it looks once too often.
  std::atomic<std::uint64_t> generation_ = 1;
  std::atomic<Clock::time_point> fresh_{Clock::time_point()};
  std::atomic<Clock::time_point> usable_{Clock::time_point()};
  std::atomic<Clock::time_point> stale_{Clock::time_point()};
  std::atomic<Clock::time_point> retry_{Clock::time_point()};
  std::atomic<int> looking_ = 0;
  std::atomic<std::uint64_t> fence_ = 0;
  std::atomic<std::uint64_t> heeded_ = 0;  // position of the log up to which purges were heeded
  std::atomic<std::uint64_t> sights_ = 0;
};

}  // namespace imageserver

#endif  // IMAGESERVER_GROUPCACHE_KNOWN_ORIGINAL_H_
