// Looks at originals at their places, and says for how long what was seen there is believed.

#ifndef IMAGESERVER_SERVER_SOURCE_CHECKER_H_
#define IMAGESERVER_SERVER_SOURCE_CHECKER_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/io_pool.h"
#include "base/mutex.h"
#include "formats/image.h"
#include "groupcache/marks.h"
#include "groupcache/original_checker.h"
#include "imageserver/untrusted_formats.h"
#include "source/sources.h"

namespace imageserver {

struct FreshnessTerms {
  // How long what was seen of an original is fresh. None: an hour if a server has it, a second if
  // it lies in a directory.
  std::optional<milliseconds> ttl = {};

  // How long it is used after that where nobody can look, and while somebody looks at a server.
  milliseconds stale{0};

  // Whether a server's own word on its original goes before both. It is heeded to a second.
  bool respects_origin = false;
};

// Each directory has threads of its own, so that a disk that hangs holds up what lies on it alone,
// and that for a moment (DiskLook): then the old picture is served.
//
// Threads: as OriginalChecker. REQUIRES: the sources, `known` and `watch` outlive it.
class SourceChecker final : public OriginalChecker {
 public:
  // Called with a new version of an original that a look at its server has brought. `fence`: of
  // the original when the look began.
  using Keep =
      std::function<void(const std::string& name, const ImagePtr& original, std::uint64_t fence)>;

  // `watch` looks after the time of what is looked at on disks.
  SourceChecker(net::io_context& watch, std::vector<const Sources*> sources,
                const FreshnessTerms& terms, const UntrustedFormats& untrusted,
                KnownOriginals& known, Keep keep);

  void check(KnownOriginalPtr original, std::function<void()> done) override;

  [[nodiscard]] milliseconds lifetime(const std::string& name) const override;

  // A fetch of the original of that canonical name begins.
  [[nodiscard]] Start begin(const std::string& name) const;

  // Has it known what a fetch from `source` that began so has seen of the original.
  void note(const Start& start, const Source& source, const Result<FetchedOriginal>& fetched);

  // Ends the threads. Looks under way are abandoned. To be called by one thread.
  void stop();

 private:
  // Whether an original is fetched only if it has changed.
  enum class Asking : std::uint8_t { kWhetherChanged, kForAll };

  [[nodiscard]] std::optional<Sources::Located> locate(const std::string& name) const;
  void check_disk(const KnownOriginalPtr& original, const Sources::Located& located,
                  std::function<void()> done);
  void look_on_disk(const KnownOriginalPtr& original, const Sources::Located& located);
  void look(const KnownOriginalPtr& original, const Sources::Located& located, Asking asking,
            const std::function<void()>& done);
  void looked(KnownOriginal& original, const Source& source, const KnownOriginal::Present& before,
              const KnownOriginal::Beginning& begun, const Result<FetchedOriginal>& fetched);
  void see(KnownOriginal& original, const Source& source, const KnownOriginal::Present& before,
           const KnownOriginal::Beginning& begun, const Result<FetchedOriginal>& fetched) const;
  [[nodiscard]] Lifetimes lifetimes_of(const Source& source, const FetchedOriginal& fetched,
                                       const Lifetimes& before) const;
  [[nodiscard]] bool enter(const KnownOriginal& original);
  void leave(const KnownOriginal& original);
  [[nodiscard]] milliseconds ttl_of(const Source& source) const;

  static constexpr std::size_t kThreads = 2;  // of each directory

  net::io_context& watch_;
  const std::vector<const Sources*> sources_;
  const FreshnessTerms terms_;
  const UntrustedFormats untrusted_;
  KnownOriginals& known_;
  const Keep keep_;
  Mutex mutex_;
  std::set<const KnownOriginal*> on_disk_ IMAGESERVER_GUARDED_BY(mutex_);  // are being looked at
  std::map<const Source*, std::unique_ptr<IoPool>> disks_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_SERVER_SOURCE_CHECKER_H_
