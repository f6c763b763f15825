// Looks whether originals are still what is known of them.

#ifndef IMAGESERVER_GROUPCACHE_LOOKOUT_H_
#define IMAGESERVER_GROUPCACHE_LOOKOUT_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "groupcache/cache.h"
#include "groupcache/loader.h"
#include "groupcache/original_checker.h"
#include "groupcache/peer_transport.h"

namespace imageserver {

// REQUIRES: they outlive the lookout, and `known` and `checker` are both there or both null.
struct LookoutMeans {
  KnownOriginals* known;  // null: nobody ever looks
  OriginalChecker* checker;
  PeerTransport& peers;
};

// A node looks at the place of an original, or asks the node that owns it whether it has another
// version: with one question at a time, however many pictures of the original are cached.
//
// Threads: any, concurrently. Every look under way holds a reference to it.
class Lookout : public std::enable_shared_from_this<Lookout> {
 public:
  using NamesOf = std::function<std::vector<std::string>(const TransformSpec&)>;

  // `names_of`, `stale`, `now`: as in GroupOptions.
  Lookout(LookoutMeans means, NamesOf names_of, milliseconds stale,
          std::function<Clock::time_point()> now);

  [[nodiscard]] std::vector<std::string> names_of(const TransformSpec& spec) const;

  // Something begins that needs the originals of the spec.
  [[nodiscard]] Starts begin(const TransformSpec& spec) const;

  // How long a picture for the spec that was made of these versions is still fresh; 0: it is not;
  // below 0: one of the versions is not the present one. None: nothing is known.
  [[nodiscard]] std::optional<milliseconds> fresh_for(const TransformSpec& spec,
                                                      const Versions& made_of) const;

  // How long a picture for the spec is kept of which nobody says what it was made of; none: without
  // a limit.
  [[nodiscard]] std::optional<Clock::duration> lifetime(const TransformSpec& spec) const;

  // What is remembered of a picture that began so, and was made of these versions. Empty: it is not
  // known of which.
  [[nodiscard]] Marks marks_of(const Starts& starts, const Versions& made_of) const;

  // The owner has said which versions there are, and how long it believes in them, in an answer
  // to a question that began so. It is the owner of the first original alone: each node looks at
  // watermarks itself.
  void owner_sees(const Starts& starts, const Versions& versions,
                  std::optional<milliseconds> fresh_for) const;

  // Looks at all that `kept`, a cached answer to the query, was made of, and then calls `then`,
  // which may be empty. `owner`: who is asked for the original; none, or one who cannot be asked:
  // this node looks. `take` gets the picture, if the owner gives a newer one, and null if it makes
  // none any more.
  void look(const QueryPtr& query, const Kept& kept, const std::optional<std::string>& owner,
            std::function<void()> then, const std::function<void(const ImagePtr&)>& take);

 private:
  void look_here(const KnownOriginalPtr& original, std::function<void()> then);
  void ask_owner(const QueryPtr& query, const Kept& kept, const std::string& owner,
                 std::function<void()> then, std::function<void(const ImagePtr&)> take);
  void check(const KnownOriginalPtr& original);

  // Runs the step of a look. If it throws, the look ends, so that others may begin.
  void or_end_look(const KnownOriginalPtr& original, Route route,
                   const std::function<void()>& step) const;
  void owner_has_looked(const Starts& starts, const Kept& kept,
                        const PeerTransport::Outcome& outcome,
                        const std::function<void(const ImagePtr&)>& take);
  void cannot_look(const Start& start) const;

  const LookoutMeans means_;
  const NamesOf names_of_;
  const milliseconds stale_;
  const std::function<Clock::time_point()> now_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_GROUPCACHE_LOOKOUT_H_
