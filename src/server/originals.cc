#include "server/originals.h"

#include <memory>
#include <utility>

#include "base/cancelled.h"
#include "groupcache/original_query.h"
#include "params/no_such_picture.h"

namespace imageserver {
namespace {

// Whoever asks for what cannot be made of an original must not make a server give it each time.
constexpr milliseconds kBetweenForgetting{10'000};

Originals::Original original_in(const Image& image) {
  if (image.made_of.empty()) return {.bytes = image.data, .version = std::nullopt};
  return {.bytes = image.data, .version = image.made_of.front()};
}

// Waits for an original of the group, until it is there or nobody wants it any more.
class Wait : public std::enable_shared_from_this<Wait> {
 public:
  Wait(Group& group, Originals::Done done) : group_(group), done_(std::move(done)) {}

  void start(const QueryPtr& query, bool is_unsure, const std::stop_token& stop) {
    ticket_ = group_.load(
        query, [self = shared_from_this()](const Result<ImagePtr>& image) { self->end(image); },
        is_unsure);
    on_stop_.emplace(stop, [weak = weak_from_this()] {
      if (const auto self = weak.lock()) self->leave();
    });
  }

 private:
  void end(const Result<ImagePtr>& image) const {
    if (image.has_error()) return done_(image.error());
    done_(original_in(**image));
  }

  void leave() const {
    if (group_.leave(ticket_)) done_(cancelled());
  }

  Group& group_;
  const Originals::Done done_;
  Ticket ticket_;
  std::optional<std::stop_callback<std::function<void()>>> on_stop_;
};

}  // namespace

void Originals::fetch(const std::string& path, const Query& asker, const std::stop_token& stop,
                      Done done) {
  std::optional<Sources::Located> located = sources_.locate(path);
  if (!located) return done(no_such_picture());
  if (located->source->blocks()) return done(Found());
  const QueryPtr query = original_query(std::move(located->name), asker.from, asker.deadline);
  const Group::Looked looked = group_.lookup(query->key);
  if (looked.wants_look) group_.look(query);
  if (looked.image) return done(original_in(*looked.image));
  std::make_shared<Wait>(group_, std::move(done))->start(query, looked.is_unsure, stop);
}

void Originals::forget(const std::string& path) {
  std::optional<Sources::Located> located = sources_.locate(path);
  if (!located || located->source->blocks()) return;
  const std::string key = original_query(std::move(located->name), Query::From::kClient, {})->key;
  const Deadline now = Clock::now();
  if (forgotten_.find(key, now)) return;
  forgotten_.put(key, {}, kBetweenForgetting, now);
  group_.forget(key);
}

Result<Originals::Original> Originals::read(const std::string& path,
                                            const std::stop_token& stop) const {
  const std::optional<Sources::Located> located = sources_.locate(path);
  Result<Original> original = no_such_picture();
  if (!located || !located->source->blocks()) return original;
  located->source->fetch(
      {.name = located->name, .known = {}, .deadline = Deadline::max()}, stop,
      [&, start = checker_.begin(sources_.canonical_name(path))](Result<FetchedOriginal> fetched) {
        if (fetched.has_error()) {
          original = fetched.error();
          return;
        }
        checker_.note(start, *located->source, fetched);
        original = Original{.bytes = std::move(fetched->bytes), .version = std::nullopt};
        if (fetched->hash) original->version = version_of(*fetched->hash);
      });
  return original;
}

}  // namespace imageserver
