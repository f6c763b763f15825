// Nodes, origins and purges, with all that is under way between them in random order: whoever asks
// after a hard purge was answered by all nodes never sees an older picture.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "groupcache/group.h"
#include "groupcache/hybrid_clock.h"
#include "groupcache/purge_log.h"
#include "support/images.h"
#include "support/versions.h"

namespace imageserver {
namespace {

using std::chrono::hours;
using testing::image_made_of;
using testing::version;
using Failure = PeerTransport::Failure;
using Outcome = PeerTransport::Outcome;

constexpr std::size_t kNodes = 3;

std::string ring_name(std::size_t node) { return "http://:" + std::to_string(8081 + node); }

std::size_t index_of(const std::string& ring_name) {
  return static_cast<std::size_t>(std::stoi(ring_name.substr(ring_name.rfind(':') + 1)) - 8081);
}

// The pictures are the numbers of the versions that they were made of.
ImagePtr picture_of(int number) {
  return image_made_of({version(static_cast<char>(number))}, std::to_string(number));
}

int number_in(const Image& image) { return std::stoi(std::string(image.data.view())); }

Freshness fresh_from(Clock::time_point begun) {
  return {.fresh = begun + hours(1), .usable = begun + hours(2), .stale = begun + hours(3)};
}

// What is under way. Anything may be next.
class Steps {
 public:
  explicit Steps(std::mt19937& random) : random_(random) {}

  void add(std::function<void()> step) { steps_.push_back(std::move(step)); }

  [[nodiscard]] bool is_empty() const { return steps_.empty(); }

  void run_one() {
    if (steps_.empty()) return;
    std::uniform_int_distribution<std::size_t> any(0, steps_.size() - 1);
    const auto chosen = steps_.begin() + static_cast<std::ptrdiff_t>(any(random_));
    const std::function<void()> step = std::move(*chosen);
    steps_.erase(chosen);
    step();
  }

 private:
  std::mt19937& random_;
  std::vector<std::function<void()>> steps_;
};

// All that the nodes share.
struct World {
  explicit World(unsigned seed) : random(seed), steps(random) {}

  // What has happened, told with a failure.
  template <class... Parts>
  void note(const Parts&... parts) {
    std::ostringstream line;
    (line << ... << parts);
    history += line.str() + '\n';
  }

  int roll(int sides) { return std::uniform_int_distribution<int>(0, sides - 1)(random); }

  std::string history;
  std::mt19937 random;
  Steps steps;
  Clock::time_point now = Clock::time_point() + hours(100);
  std::map<std::string, int> originals;                      // the version of each
  std::array<std::array<bool, kNodes>, kNodes> is_cut = {};  // between two nodes
  std::function<class Node*(std::size_t)> node;              // null: it is down
};

// Reads the original when the load begins, and has the picture later.
class SlowLoader final : public Loader {
 public:
  SlowLoader(World& world, KnownOriginals& known) : world_(world), known_(known) {}

  void load(QueryPtr query, std::stop_token /*stop*/, Completion done) override {
    const KnownOriginalPtr original = known_.get(query->spec.source);
    const KnownOriginal::Beginning begun = original->begin(world_.now);
    const int number = world_.originals[query->spec.source];
    world_.steps.add([this, original, begun, number, done = std::move(done)] {
      original->seen({.version = version(static_cast<char>(number)),
                      .begun = begun,
                      .freshness = fresh_from(begun.at)});
      world_.steps.add([number, done] { done(picture_of(number)); });
    });
  }

  [[nodiscard]] bool has_backlog() const override { return false; }

 private:
  World& world_;
  KnownOriginals& known_;
};

class SlowChecker final : public OriginalChecker {
 public:
  explicit SlowChecker(World& world) : world_(world) {}

  void check(KnownOriginalPtr original, std::function<void()> done) override {
    const KnownOriginal::Beginning begun = original->begin(world_.now);
    const int number = world_.originals[original->name()];
    world_.steps.add([original = std::move(original), begun, number, done = std::move(done)] {
      original->seen({.version = version(static_cast<char>(number)),
                      .begun = begun,
                      .freshness = fresh_from(begun.at)});
      done();
    });
  }

  [[nodiscard]] milliseconds lifetime(const std::string& /*name*/) const override {
    return milliseconds(1'000);
  }

 private:
  World& world_;
};

class SlowPeers final : public PeerTransport {
 public:
  SlowPeers(World& world, std::size_t self) : world_(world), self_(self) {}

  void fetch(const std::string& node, Terms terms, QueryPtr query, std::stop_token stop,
             Events events) override;
  [[nodiscard]] bool is_away(const std::string& node) const override;

 private:
  World& world_;
  const std::size_t self_;
};

class Node : public std::enable_shared_from_this<Node> {
 public:
  Node(World& world, std::size_t self)
      : world_(world),
        self_(self),
        clock_([this] { return std::chrono::system_clock::time_point(hours(500'000)) + offset_; }),
        log_(clock_),
        known_(&log_),
        loader_(world, known_),
        checker_(world),
        peers_(world, self),
        group_(GroupOptions{.cache_bytes = 1 << 20,
                            .self = ring_name(self),
                            .peers = {ring_name(0), ring_name(1), ring_name(2)},
                            .known = &known_,
                            .checker = &checker_,
                            .stale = hours(24),
                            .keep_hot = [] { return true; },
                            .now = [&world] { return world.now; }},
               loader_, peers_) {}

  ~Node() { known_.drop_looks(); }
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  [[nodiscard]] Group& group() { return group_; }
  [[nodiscard]] PurgeLog& log() { return log_; }
  [[nodiscard]] HybridClock& clock() { return clock_; }
  void set_clock(std::chrono::minutes offset) { offset_ = offset; }

  // What PeerClient does with an answer's digest, and PeerHandler with a request's.
  void hear_digest(std::size_t from, const std::string& digest) {
    said_.at(from) = digest;
    if (digest == log_.digest()) return;
    world_.steps.add([weak = weak_from_this(), from, &world = world_, self = self_] {
      const auto alive = weak.lock();
      Node* const other = world.node(from);
      if (!alive || other == nullptr || world.is_cut[self][from]) return;
      world.steps.add([weak, contents = other->log().contents()] {
        if (const auto still = weak.lock()) still->log().merge(contents);
      });
    });
  }

  // What PurgeTalk tells with a fetch.
  [[nodiscard]] PurgeLog::Reaching told_to(std::size_t to, const std::string& source) const {
    constexpr std::size_t kMost = 3;
    if (said_.at(to) == log_.digest()) return {};
    return log_.reaching(source, kMost);
  }

  // What PeerHandler does with a fetch.
  void answer(const QueryPtr& query, const Versions& have, std::function<void(Outcome)> reply) {
    const Group::Looked looked =
        group_.lookup(query->key, have.empty() ? Group::Counted::kYes : Group::Counted::kNo);
    if (looked.wants_look) group_.look(query);
    if (looked.image) return reply(outcome(*query, looked.image, have));
    if (!have.empty() && group_.has_versions(query->spec, have)) {
      return reply({.image = ImagePtr(),
                    .fresh_for = group_.fresh_for(query->spec, have),
                    .is_unchanged = true});
    }
    static_cast<void>(group_.load(
        query,
        [this, query, have, reply = std::move(reply)](const Result<ImagePtr>& image) {
          if (image.has_error()) return reply({image.error(), Failure::kBad});
          reply(outcome(*query, *image, have));
        },
        looked.is_unsure));
  }

 private:
  Outcome outcome(const Query& query, const ImagePtr& image, const Versions& have) {
    const auto fresh_for = group_.fresh_for(query.spec, image->made_of);
    const bool is_outdated = fresh_for && *fresh_for < milliseconds(0);
    const bool is_unchanged = image->made_of == have;
    return {.image = is_unchanged ? ImagePtr() : image,
            .fresh_for = is_outdated ? std::nullopt : fresh_for,
            .is_outdated = is_outdated,
            .is_unchanged = is_unchanged};
  }

  World& world_;
  const std::size_t self_;
  std::chrono::minutes offset_{0};
  std::array<std::string, kNodes> said_;  // the digest that each node has said last
  HybridClock clock_;
  PurgeLog log_;
  KnownOriginals known_;
  SlowLoader loader_;
  SlowChecker checker_;
  SlowPeers peers_;
  Group group_;
};

QueryPtr query_for(const std::string& source, Query::From from, Clock::time_point now) {
  Query made;
  made.key = source + " 100";
  made.spec.source = source;
  made.from = from;
  made.deadline = now + hours(10);
  return std::make_shared<const Query>(std::move(made));
}

void SlowPeers::fetch(const std::string& name, Terms terms, QueryPtr query,
                      std::stop_token /*stop*/, Events events) {
  Node& self = *world_.node(self_);
  const std::size_t to = index_of(name);
  world_.steps.add([&world = world_, from = self_, asker = self.weak_from_this(), to,
                    have = std::move(terms.have), query, done = std::move(events.done),
                    carried = self.told_to(to, query->spec.source), digest = self.log().digest()] {
    Node* const asked = world.node(to);
    if (asked == nullptr || world.is_cut[from][to]) {
      if (const auto alive = asker.lock()) {
        done({Error{ErrorKind::kUnreachable, "away"}, Failure::kAway});
      }
      return;
    }
    for (const PurgeRecord& record : carried.records) asked->log().take(record);
    asked->hear_digest(from, digest);
    asked->answer(query_for(query->spec.source, Query::From::kPeer, world.now), have,
                  [&world, from, to, asker, done, digest, carried,
                   said = asked->log().digest()](const Outcome& answer) {
                    const bool may_miss_a_purge = !carried.are_all && said != digest;
                    const Outcome outcome =
                        may_miss_a_purge
                            ? Outcome{Error{ErrorKind::kPeer, "misses"}, Failure::kNotAsked}
                            : answer;
                    world.steps.add([&world, from, to, asker, done, outcome, said] {
                      const auto alive = asker.lock();
                      if (!alive) return;
                      if (world.is_cut[from][to]) {
                        return done({Error{ErrorKind::kUnreachable, "away"}, Failure::kAway});
                      }
                      alive->hear_digest(to, said);
                      done(outcome);
                    });
                  });
  });
}

bool SlowPeers::is_away(const std::string& node) const {
  const std::size_t index = index_of(node);
  return world_.node(index) == nullptr || world_.is_cut[self_][index];
}

// A ring that is used for many schedules, each with originals of its own.
class Ring3 {
 public:
  explicit Ring3(unsigned seed) : world_(seed) {
    world_.node = [this](std::size_t node) { return nodes_.at(node).get(); };
    for (std::size_t i = 0; i < kNodes; ++i) nodes_.at(i) = std::make_shared<Node>(world_, i);
  }

  ~Ring3() { drain(); }
  Ring3(const Ring3&) = delete;
  Ring3& operator=(const Ring3&) = delete;

  void run_schedule(int number) {
    const std::string folder = "f" + std::to_string(number);
    sources_ = {folder + "/a.jpg", folder + "/b.jpg"};
    world_.history.clear();
    required_.clear();
    promised_.clear();
    for (const std::string& source : sources_) world_.originals[source] = 1;
    constexpr int kActs = 60;
    for (int i = 0; i < kActs; ++i) act();
    heal();
    expect_all_new();
  }

 private:
  void act() {
    world_.now += milliseconds(world_.roll(20));
    switch (world_.roll(24)) {
      case 0:
      case 1:
        return replace();
      case 2:
      case 3:
        return purge();
      case 4:
        return cut_or_mend();
      case 5:
        return set_clock();
      case 6:
        if (world_.roll(12) == 0) restart(any_node());
        return;
      case 7:
        if (world_.roll(12) == 0) move_owners();
        return;
      case 8:
      case 9:
      case 10:
      case 11:
        return ask(any_node(), any_source());
      default:
        return world_.steps.run_one();
    }
  }

  std::size_t any_node() { return static_cast<std::size_t>(world_.roll(kNodes)); }
  const std::string& any_source() { return sources_.at(static_cast<std::size_t>(world_.roll(2))); }

  void replace() {
    const std::string& source = any_source();
    world_.note("replace ", source, " by ", ++world_.originals[source]);
  }

  void cut_or_mend() {
    const std::size_t one = any_node();
    const std::size_t other = (one + 1) % kNodes;
    const bool is_cut = world_.roll(2) == 0;
    world_.note(is_cut ? "cut " : "mend ", one, " from ", other);
    world_.is_cut.at(one).at(other) = is_cut;
    world_.is_cut.at(other).at(one) = is_cut;
  }

  void set_clock() {
    nodes_.at(any_node())->set_clock(std::chrono::minutes(world_.roll(121) - 60));
  }

  // With nothing in its caches. It has the logs of all that it reaches before it serves.
  void restart(std::size_t node) {
    world_.note("restart ", node);
    old_nodes_.push_back(std::exchange(nodes_.at(node), std::make_shared<Node>(world_, node)));
    bool has_learned = false;
    for (std::size_t other = 0; other < kNodes; ++other) {
      if (other == node || world_.is_cut.at(node).at(other)) continue;
      nodes_.at(node)->log().merge(nodes_.at(other)->log().contents());
      has_learned = true;
    }
    if (!has_learned) nodes_.at(node)->log().doubt_all();
  }

  // One node sees another ring for a while.
  void move_owners() {
    std::vector<std::string> names = {ring_name(0), ring_name(1), ring_name(2)};
    if (world_.roll(2) == 0) names.erase(names.begin() + world_.roll(kNodes));
    const std::size_t node = any_node();
    world_.note("node ", node, " sees ", names.size(), " nodes");
    nodes_.at(node)->group().set_nodes(std::move(names));
    moved_.insert(node);
  }

  void ask(std::size_t node, const std::string& source) {
    const int least = required_[source];
    Group& group = nodes_.at(node)->group();
    const QueryPtr query = query_for(source, Query::From::kClient, world_.now);
    const Group::Looked looked = group.lookup(query->key);
    if (looked.wants_look) group.look(query);
    const std::string asked = "node " + std::to_string(node) + " for " + source + " ";
    if (looked.image) return expect_at_least(least, *looked.image, asked + "cached");
    world_.note(asked, "loads");
    static_cast<void>(group.load(
        query,
        [this, least, asked](const Result<ImagePtr>& image) {
          if (image.has_value()) expect_at_least(least, **image, asked + "loaded");
        },
        looked.is_unsure));
  }

  void expect_at_least(int least, const Image& image, const std::string& where) {
    world_.note(where, " ", number_in(image), " of ", least);
    EXPECT_GE(number_in(image), least) << world_.history;
  }

  // A purge that is being told to the others: first to the owner.
  struct Telling {
    PurgeRecord record;
    std::map<std::string, int> versions;  // of the originals that it reaches, when it began
    std::size_t left = 0;
    std::size_t restarts = 0;  // of all nodes, when it began
    bool is_complete = true;
  };

  void purge() {
    const std::size_t node = any_node();
    auto telling = std::make_shared<Telling>();
    telling->record = record_at(node);
    for (const std::string& source : sources_) {
      if (reaches(telling->record, source)) telling->versions[source] = world_.originals[source];
    }
    if (!telling->record.is_soft) promised_.push_back(telling);
    nodes_.at(node)->log().take(telling->record);
    world_.note(purge_text(telling->record), " at ", node);
    telling->left = kNodes - 1;
    telling->restarts = old_nodes_.size();
    const std::size_t owner = index_of(
        nodes_.at(node)->group().owner(*query_for(any_source(), Query::From::kClient, world_.now)));
    if (owner == node) return tell_others(telling, node, node);
    tell(telling, node, owner, [this, telling, node, owner] { tell_others(telling, node, owner); });
  }

  PurgeRecord record_at(std::size_t node) {
    PurgeRecord record;
    record.id = "p" + std::to_string(++purges_);
    record.is_soft = world_.roll(3) == 0;
    record.stamp = nodes_.at(node)->clock().now();
    const int kind = world_.roll(8);
    if (kind == 0) return record;
    const std::string& source = any_source();
    record.kind = kind < 3 ? PurgeRecord::Kind::kPrefix : PurgeRecord::Kind::kSource;
    record.values = {kind < 3 ? source.substr(0, source.find('/')) : source};
    return record;
  }

  void tell_others(const std::shared_ptr<Telling>& telling, std::size_t from, std::size_t owner) {
    for (std::size_t to = 0; to < kNodes; ++to) {
      if (to != from && to != owner) tell(telling, from, to, [] {});
    }
  }

  void tell(const std::shared_ptr<Telling>& telling, std::size_t from, std::size_t to,
            std::function<void()> then) {
    world_.steps.add([this, telling, from, to, then = std::move(then)] {
      const bool is_cut = world_.is_cut.at(from).at(to);
      if (!is_cut) nodes_.at(to)->log().take(telling->record);
      world_.note(telling->record.id, is_cut ? " does not reach " : " reaches ", to);
      world_.steps.add([this, telling, is_cut, then] {
        if (is_cut) telling->is_complete = false;
        if (--telling->left == 0) answered(*telling);
        then();
      });
    });
  }

  // A node that restarts meanwhile gives no answer, or may have lost what it was told.
  void answered(Telling& telling) {
    if (telling.restarts != old_nodes_.size()) telling.is_complete = false;
    world_.note(telling.record.id, telling.is_complete ? " is complete" : " is not complete");
    if (!telling.is_complete || telling.record.is_soft) return;
    for (const auto& [source, number] : telling.versions) {
      required_[source] = std::max(required_[source], number);
    }
  }

  void drain() {
    while (!world_.steps.is_empty()) world_.steps.run_one();
  }

  // All see the same ring, reach each other, and have exchanged their logs.
  void heal() {
    world_.is_cut = {};
    for (const auto& node : nodes_) node->set_clock(std::chrono::minutes(0));
    for (const std::size_t node : std::exchange(moved_, {})) {
      nodes_.at(node)->group().set_nodes({ring_name(0), ring_name(1), ring_name(2)});
    }
    drain();
    for (int round = 0; round < 2; ++round) {
      for (std::size_t i = 0; i < kNodes; ++i) {
        nodes_.at(i)->hear_digest((i + 1) % kNodes, nodes_.at((i + 1) % kNodes)->log().digest());
        nodes_.at(i)->hear_digest((i + 2) % kNodes, nodes_.at((i + 2) % kNodes)->log().digest());
      }
      drain();
    }
    EXPECT_EQ(nodes_[0]->log().digest(), nodes_[1]->log().digest());
    EXPECT_EQ(nodes_[1]->log().digest(), nodes_[2]->log().digest());
  }

  // Purges hold too that not all nodes had taken when they were answered, unless all who had were
  // restarted before they met the others.
  void expect_all_new() {
    for (const auto& telling : promised_) {
      if (!nodes_[0]->log().find(telling->record.id)) continue;
      for (const auto& [source, number] : telling->versions) {
        required_[source] = std::max(required_[source], number);
      }
    }
    for (std::size_t i = 0; i < kNodes; ++i) {
      for (const std::string& source : sources_) ask(i, source);
    }
    drain();
  }

  World world_;
  std::array<std::shared_ptr<Node>, kNodes> nodes_;
  std::vector<std::shared_ptr<Node>>
      old_nodes_;  // that were restarted: what they said is under way
  std::array<std::string, 2> sources_;
  std::map<std::string, int> required_;             // the least version that may be served
  std::vector<std::shared_ptr<Telling>> promised_;  // hard purges
  int purges_ = 0;
  std::set<std::size_t> moved_;  // nodes that see another ring than the others
};

// Ten thousand schedules in all, a tenth of these under a sanitizer. The parts run side by side.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int kSchedules = 5;
#else
constexpr int kSchedules = 50;
#endif

class PurgeModel : public ::testing::TestWithParam<unsigned> {};

TEST_P(PurgeModel, NobodySeesAnOldPictureAfterAHardPurge) {
  constexpr unsigned kRings = 50;
  for (unsigned i = 0; i < kRings && !HasFailure(); ++i) {
    const unsigned seed = GetParam() * kRings + i;
    Ring3 ring(seed);
    for (int number = 0; number < kSchedules && !HasFailure(); ++number) {
      SCOPED_TRACE("ring " + std::to_string(seed) + ", schedule " + std::to_string(number));
      ring.run_schedule(number);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Parts, PurgeModel, ::testing::Range(0U, 4U));

}  // namespace
}  // namespace imageserver
