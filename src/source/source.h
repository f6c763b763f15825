// Where originals come from.

#ifndef IMAGESERVER_SOURCE_SOURCE_H_
#define IMAGESERVER_SOURCE_SOURCE_H_

#include <cstddef>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/hash.h"
#include "formats/version.h"
#include "imageserver/error.h"
#include "source/origin_freshness.h"

namespace imageserver {

// A whole original as its origin gave it.
struct FetchedOriginal {
  Bytes bytes;
  std::optional<Sha256> hash = {};  // of the bytes; none if it is unchanged
  Validators validators = {};       // empty: they could not tell it from another version
  // Of the answer that has it or says that it is unchanged; what redirects to that say of
  // themselves does not count. Says nothing if it lies in a directory.
  OriginFreshness freshness = {};
  // It is the version that the fetch knew; there are no bytes. The validators are those that the
  // fetch knew as well, but for those that the origin has renewed. If the freshness says nothing,
  // what was said of the version before still holds (RFC 9111, 3.2).
  bool is_unchanged = false;
};

struct FetchRequest {
  std::string name;  // as Source::name_of() gives it
  Validators known;  // of the version that the caller has; none: the bytes are wanted
  Deadline deadline;
};

// One place that has originals.
//
// Threads: every method may be called from any, concurrently. REQUIRES: no fetch is under way when
// it is destroyed.
class Source {
 public:
  // Called exactly once, with no lock held.
  using Done = std::function<void(Result<FetchedOriginal>)>;

  virtual ~Source() = default;

  // The name of the original `path` (decoded, without a slash in front) of this place: two
  // spellings of one original have one name. None if nothing here can be called so.
  [[nodiscard]] virtual std::optional<std::string> name_of(std::string_view path) const = 0;

  // Whether fetch() reads the disk on the calling thread, which must not be an I/O thread then, and
  // calls `done` before it returns. Else fetch() returns at once, and `done` is called on another
  // thread.
  [[nodiscard]] virtual bool blocks() const = 0;

  // What the names of all originals below a folder begin with, by whole segments. An empty
  // `folder`: of all that are here. None if that is nothing, or there can be no such folder.
  [[nodiscard]] virtual std::optional<std::string> beginning_of(std::string_view folder) const {
    return folder.empty() ? std::nullopt : name_of(folder);
  }

  // How many characters of a name say that it is one of this place's, and may be fetched for
  // another node; 0: it is none. Always 0 if it blocks.
  [[nodiscard]] virtual std::size_t fits(std::string_view name) const = 0;

  // Fetches the whole original, unless it is still the version that the request knows. The bytes
  // are those of one version: a file that changes while it is read is read again. kNotFound if
  // there is none, or it may not be seen; kForbidden for a file that may not be read; kBusy if
  // there is no room, memory or descriptor at the moment, or a file does not stop changing;
  // kUnprocessable if it is too large; kOrigin if the server does not give it; kOriginLate if it
  // takes too long to; kInternal if reading fails; kCancelled soon after `stop` is requested;
  // kDeadlineExceeded at the request's deadline.
  virtual void fetch(FetchRequest request, std::stop_token stop, Done done) = 0;
};

}  // namespace imageserver

#endif  // IMAGESERVER_SOURCE_SOURCE_H_
