#include "server/ring_purges.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "base/await_result.h"
#include "base/mutex.h"
#include "groupcache/busy.h"

namespace imageserver {
namespace {

// The time that a node has to take a purge, and to give its log.
constexpr milliseconds kPatience{2'000};

constexpr std::string_view kNotTold =
    "nodes believe each other's purges only with --groupcache-secret-file or --groupcache-listen";

// What a client may read. The system's own words are for the log.
std::string reason_of(const Error& error) {
  switch (error.kind) {
    case ErrorKind::kDeadlineExceeded:
      return "no answer in time";
    case ErrorKind::kPeer:
      return error.message;
    default:
      return "cannot be reached";
  }
}

bool ask_the_same(const PurgeRecord& one, const PurgeRecord& other) {
  return one.kind == other.kind && one.values == other.values && one.is_soft == other.is_soft;
}

// Counts the nodes that have answered.
template <class Answer>
class Gathering {
 public:
  using Answers = std::vector<Answer>;

  Gathering(std::size_t expected, std::function<void(Answers)> done)
      : expected_(expected), done_(std::move(done)) {}

  void add(Answer answer) {
    Answers all;
    {
      const MutexLock lock(mutex_);
      answers_.push_back(std::move(answer));
      if (answers_.size() < expected_) return;
      all.swap(answers_);
    }
    done_(std::move(all));
  }

 private:
  const std::size_t expected_;
  const std::function<void(Answers)> done_;
  Mutex mutex_;
  Answers answers_ IMAGESERVER_GUARDED_BY(mutex_);
};

}  // namespace

RingPurges::RingPurges(PurgeLog& log, HybridClock& clock, const Sources& sources, PeerClient& peers,
                       Terms terms)
    : log_(log), clock_(clock), sources_(sources), peers_(peers), terms_(std::move(terms)) {}

Awaitable<Result<PurgeReport>> RingPurges::purge(const PurgeWish& wish) {
  if (!has_learned_) co_return busy();
  const Result<PurgeRecord> made = record_of(wish);
  if (made.has_error()) co_return made.error();
  const PurgeRecord& record = *made;
  log_.take(record);
  PurgeReport report;
  report.id = record.id;
  report.done.push_back(terms_.self);
  std::vector<std::string> left = others();
  if (!terms_.is_told) {
    if (!left.empty()) report.note = kNotTold;
    for (const std::string& node : left) report.missed.push_back({node, "not told"});
    co_return report;
  }
  if (left.empty()) co_return report;
  std::vector<std::string> first;
  const auto owner = wish.kind == PurgeWish::Kind::kSource ? terms_.owner(wish.path) : std::nullopt;
  if (owner && std::erase(left, *owner) > 0) first.push_back(*owner);
  const Begin<Answers> begin = [&](const std::function<void(Result<Answers>)>& done) {
    tell(first, record, [this, left, record, done](const Answers& of_first) {
      tell(left, record, [of_first, done](Answers all) {
        all.insert(all.begin(), of_first.begin(), of_first.end());
        done(std::move(all));
      });
    });
    return Leave([] { return true; });
  };
  const Result<Answers> answers =
      co_await await_result<Answers>(begin, Clock::now() + 3 * kPatience);
  if (answers.has_error()) co_return answers.error();
  for (const auto& [node, taken] : *answers) {
    if (taken.has_error()) {
      report.missed.push_back({node, reason_of(taken.error())});
    } else {
      report.done.push_back(node);
    }
  }
  co_return report;
}

void RingPurges::learn(const std::function<void()>& ready) {
  const std::function<void()> then = [this, ready] {
    has_learned_ = true;
    ready();
  };
  const std::vector<std::string> nodes = terms_.is_told ? others() : std::vector<std::string>();
  if (nodes.empty()) return then();
  // The first log that comes is enough: the exchange of digests brings the rest.
  auto is_over = std::make_shared<std::atomic<bool>>(false);
  auto end = [is_over, then] {
    if (!is_over->exchange(true)) then();
  };
  const auto gathering =
      std::make_shared<Gathering<bool>>(nodes.size(), [this, end](const std::vector<bool>& given) {
        if (std::ranges::find(given, true) == given.end()) log_.doubt_all();
        end();
      });
  for (const std::string& node : nodes) {
    peers_.pull_purges(node, kPatience,
                       [gathering, end](const Result<PurgePuller::Pulled>& pulled) {
                         if (pulled.has_value()) end();
                         gathering->add(pulled.has_value());
                       });
  }
}

// The same wish under the same id is the same purge: who was not told of all nodes asks again.
Result<PurgeRecord> RingPurges::record_of(const PurgeWish& wish) {
  PurgeRecord record = make_record(wish);
  if (!is_purge(record))
    return Error{ErrorKind::kBadRequest, "too much to be purged by its path: purge all"};
  const std::optional<PurgeRecord> before = wish.id.empty() ? std::nullopt : log_.find(wish.id);
  if (!before) return record;
  if (ask_the_same(*before, record)) return *before;
  return Error{ErrorKind::kBadRequest, "the id is that of another purge"};
}

PurgeRecord RingPurges::make_record(const PurgeWish& wish) {
  PurgeRecord record;
  record.id = wish.id.empty() ? ids_.next() : wish.id;
  record.kind = wish.kind;
  record.is_soft = wish.is_soft;
  record.stamp = clock_.now();
  if (record.kind == PurgeRecord::Kind::kSource) {
    record.values = {sources_.canonical_name(wish.path)};
  }
  if (record.kind == PurgeRecord::Kind::kPrefix) {
    const std::size_t end = wish.path.find_last_not_of('/');
    record.values = sources_.canonical_beginnings(
        end == std::string::npos ? "" : std::string_view(wish.path).substr(0, end + 1));
    if (record.values.empty()) record.kind = PurgeRecord::Kind::kAll;
  }
  return record;
}

std::vector<std::string> RingPurges::others() const {
  std::vector<std::string> nodes = terms_.nodes();
  std::erase(nodes, terms_.self);
  return nodes;
}

void RingPurges::tell(const std::vector<std::string>& nodes, const PurgeRecord& record,
                      const std::function<void(Answers)>& done) {
  if (nodes.empty()) return done({});
  const auto gathering = std::make_shared<Gathering<Answer>>(nodes.size(), done);
  for (const std::string& node : nodes) {
    peers_.tell_purge(node, record, kPatience, [gathering, node](const Result<void>& taken) {
      gathering->add({node, taken});
    });
  }
}

}  // namespace imageserver
