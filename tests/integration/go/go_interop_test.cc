// The Go program and ours in one ring, each speaking for itself.

#include <gtest/gtest.h>

#include <array>
#include <boost/crc.hpp>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "integration/harness/node.h"
#include "integration/harness/picture.h"
#include "integration/harness/ring.h"
#include "support/patience.h"
#include "support/port.h"
#include "support/process.h"

namespace imageserver::testing {
namespace {

using Json = nlohmann::json;

std::string address(const Port& port) { return ":" + std::to_string(port.number()); }

// One running Go program. It has no way to leave but being killed.
class GoNode {
 public:
  GoNode(const Port& port, const std::string& peers)
      : address_(address(port)),
        process_({IMAGESERVER_GO_PROGRAM, "-http=" + address_, "-groupcache-peers=" + peers}) {
    const bool listens = eventually([&] {
      if (!process_.is_running()) throw std::runtime_error("ended early: " + process_.errors());
      return can_connect(port.number());
    });
    if (!listens) throw std::runtime_error("never listened: " + process_.errors());
  }

  ~GoNode() {
    constexpr std::size_t kShown = 4096;
    if (::testing::Test::HasFailure()) {
      std::cerr << "log of the Go node " << address_ << ":\n"
                << process_.errors().substr(0, kShown) << '\n';
    }
  }

  GoNode(const GoNode&) = delete;
  GoNode& operator=(const GoNode&) = delete;

 private:
  std::string address_;
  Process process_;
};

// Who owns a key, said a second time and apart from the program: 50 points a node.
class Placement {
 public:
  void add(std::size_t node, const std::string& name) {
    for (int i = 0; i < 50; ++i) points_[crc(std::to_string(i) + name)] = node;
  }

  [[nodiscard]] std::size_t owner(std::string_view key) const {
    const auto point = points_.lower_bound(crc(key));
    return (point == points_.end() ? points_.begin() : point)->second;
  }

 private:
  static std::uint32_t crc(std::string_view text) {
    boost::crc_32_type sum;
    sum.process_bytes(text.data(), text.size());
    return sum.checksum();
  }

  std::map<std::uint32_t, std::size_t> points_;
};

// What `/stats` says, without the room the hot cache takes: what enters it is left to chance.
struct Counters {
  std::uint64_t gets = 0;
  std::uint64_t cache_hits = 0;
  std::uint64_t peer_loads = 0;
  std::uint64_t peer_errors = 0;
  std::uint64_t loads = 0;
  std::uint64_t local_loads = 0;
  std::uint64_t local_load_errs = 0;
  std::uint64_t server_requests = 0;
  std::uint64_t items = 0;
  std::uint64_t bytes = 0;
  std::uint64_t hot_hits = 0;

  // Of requests that came one after another: each load looks into the caches a second time and
  // finds nothing.
  [[nodiscard]] Json stats() const {
    const std::uint64_t main_hits = cache_hits - hot_hits;
    const std::uint64_t looks = gets + loads;
    return {{"Group",
             {{"Gets", gets},
              {"CacheHits", cache_hits},
              {"PeerLoads", peer_loads},
              {"PeerErrors", peer_errors},
              {"Loads", loads},
              {"LoadsDeduped", loads},
              {"LocalLoads", local_loads},
              {"LocalLoadErrs", local_load_errs},
              {"ServerRequests", server_requests}}},
            {"Caches",
             {{"Main",
               {{"Bytes", bytes},
                {"Items", items},
                {"Gets", looks},
                {"Hits", main_hits},
                {"Evictions", 0}}},
              {"Hot", {{"Gets", looks - main_hits}, {"Hits", hot_hits}, {"Evictions", 0}}}}}};
  }
};

// What a cached picture counts: its key, two lengths, the format's name, the picture.
std::uint64_t entry_bytes(const Reply& reply) {
  const std::string type = reply.field("Content-Type");  // image/FORMAT
  return 64 + 4 + (type.size() - std::string_view("image/").size()) + 4 + reply.body.size();
}

// The first two nodes are Go's, the others ours. All serve the Go program's originals.
class GoRing : public ::testing::Test {
 public:
  static constexpr std::size_t kNodes = 4;
  static constexpr std::size_t kGo = 0;
  static constexpr std::size_t kOtherGo = 1;
  static constexpr std::size_t kOurs = 2;
  static constexpr std::size_t kOtherOurs = 3;

  static bool is_go(std::size_t node) { return node <= kOtherGo; }

 protected:
  GoRing() {
    for (std::size_t node = 0; node < kNodes; ++node) {
      ports_[node] = std::make_shared<Port>();
      placement_.add(node, "http://" + address(*ports_[node]));
    }
    for (std::size_t node = 0; node < kNodes; ++node) start(node);
  }

  void start(std::size_t node) {
    const std::string peers = peers_of(node);
    if (is_go(node)) {
      go_[node] = std::make_unique<GoNode>(*ports_[node], peers);
    } else {
      ours_[node] = std::make_unique<Node>(
          ports_[node], Flags{"--http=" + address(*ports_[node]), "--groupcache-peers=" + peers,
                              "--groupcache-ring=go", "--source=" IMAGESERVER_GO_ORIGINALS,
                              "--drain=0s", "--source-ttl=1h",
                              "--timeout=60s"});  // under a sanitizer an animation takes seconds
    }
  }

  void kill(std::size_t node) {
    if (is_go(node)) {
      go_.erase(node);
    } else {
      ours_.at(node)->kill();
    }
  }

  [[nodiscard]] Reply ask(std::size_t node, std::string_view target) const {
    return get(ports_[node]->number(), target);
  }

  [[nodiscard]] Reply expect_picture(std::size_t node, std::string_view target) const {
    Reply reply = ask(node, target);
    EXPECT_EQ(reply.status, 200) << target << " from node " << node << ": " << reply.body;
    return reply;
  }

  // Every node serves the same, its owner among them; `first` is asked first.
  [[nodiscard]] Reply expect_same_of_all(std::string_view target, std::size_t first = 0) const {
    Reply reply = expect_picture(first, target);
    for (std::size_t i = 1; i < kNodes; ++i) {
      const std::size_t node = (first + i) % kNodes;
      const Reply other = expect_picture(node, target);
      EXPECT_TRUE(other.body == reply.body) << target << " from node " << node;
      EXPECT_EQ(other.field("Content-Type"), reply.field("Content-Type")) << target;
    }
    return reply;
  }

  [[nodiscard]] Json stats(std::size_t node) const { return Json::parse(ask(node, "/stats").body); }

  [[nodiscard]] std::uint64_t counter(std::size_t node, const std::string& path) const {
    return stats(node).at(Json::json_pointer("/" + path));
  }

  [[nodiscard]] std::uint64_t sum(const std::string& path) const {
    std::uint64_t total = 0;
    for (std::size_t node = 0; node < kNodes; ++node) total += counter(node, path);
    return total;
  }

  void expect_counters(std::size_t node, const Counters& expected) const {
    Json found = stats(node);
    found["Caches"]["Hot"].erase("Items");
    found["Caches"]["Hot"].erase("Bytes");
    EXPECT_EQ(found.dump(2), expected.stats().dump(2)) << "of node " << node;
  }

  [[nodiscard]] std::size_t owner(std::string_view target) const {
    return placement_.owner(key_of(target));
  }

  // `count` targets that `node` owns; `#` in the pattern stands for a number from `from` up.
  [[nodiscard]] std::vector<std::string> targets_of(std::size_t node, const std::string& pattern,
                                                    std::size_t count, int from = 1) const {
    const auto place = pattern.find('#');
    std::vector<std::string> targets;
    for (int number = from; targets.size() < count; ++number) {
      std::string target = std::string(pattern).replace(place, 1, std::to_string(number));
      if (owner(target) == node) targets.push_back(std::move(target));
    }
    return targets;
  }

  [[nodiscard]] std::string target_of(std::size_t node, const std::string& pattern,
                                      int from = 1) const {
    return targets_of(node, pattern, 1, from)[0];
  }

  [[nodiscard]] const auto& ports() const { return ports_; }

 private:
  // Go counts itself among its peers, as we do: neither is told its own name.
  [[nodiscard]] std::string peers_of(std::size_t self) const {
    std::string peers;
    for (std::size_t node = 0; node < kNodes; ++node) {
      if (node != self) peers += (peers.empty() ? "" : ",") + address(*ports_[node]);
    }
    return peers;
  }

  std::array<std::shared_ptr<Port>, kNodes> ports_;
  Placement placement_;
  std::map<std::size_t, std::unique_ptr<GoNode>> go_;
  std::map<std::size_t, std::unique_ptr<Node>> ours_;
};

// Go sends what is longer than that in chunks.
constexpr std::size_t kGoChunks = 2048;

// As many keys of each node, so that every number is known however the ring falls.
TEST_F(GoRing, AgreesOnEveryOwner) {
  constexpr std::size_t kShort = 5;
  constexpr std::size_t kLong = 10;
  constexpr std::size_t kOwned = kShort + kLong;
  constexpr std::size_t kKeys = kNodes * kOwned;
  std::array<std::uint64_t, kNodes> bytes{};
  std::size_t asked = 0;
  for (std::size_t node = 0; node < kNodes; ++node) {
    const auto serve = [&](const std::string& target) {
      const Reply reply = expect_same_of_all(target, asked++ % kNodes);
      bytes.at(node) += entry_bytes(reply);
      return reply.body.size();
    };
    for (const auto& target : targets_of(node, "/small.jpg?height=4&width=#", kShort)) {
      EXPECT_LT(serve(target), kGoChunks) << target;
    }
    for (const auto& target : targets_of(node, "/small.jpg?width=#", kLong, 150)) {
      EXPECT_GT(serve(target), kGoChunks) << target;
    }
  }
  for (std::size_t node = 0; node < kNodes; ++node) {
    expect_counters(node, {.gets = kKeys + 3 * kOwned,
                           .cache_hits = 3 * kOwned,
                           .peer_loads = kKeys - kOwned,
                           .loads = kKeys,
                           .local_loads = kOwned,
                           .server_requests = 3 * kOwned,
                           .items = kOwned,
                           .bytes = bytes.at(node)});
  }
}

// To find out that a picture is missing costs next to nothing, so it can be done for many keys.
TEST_F(GoRing, AgreesOnTheOwnersOfManyKeys) {
  constexpr std::uint64_t kKeys = 500;
  std::vector<std::string> targets;
  std::array<std::uint64_t, kNodes> owned{};
  for (std::uint64_t i = 0; i < kKeys; ++i) {
    targets.push_back("/missing.jpg?width=" + std::to_string(i));
    ++owned.at(owner(targets.back()));
  }
  for (std::size_t node = 0; node < kNodes; ++node) {
    Client client(ports()[node]->number());
    for (const auto& target : targets) {
      EXPECT_EQ(client.get(target).status, is_go(node) ? 400 : 404) << target;
    }
  }
  for (std::size_t node = 0; node < kNodes; ++node) {
    const std::uint64_t from_peers = 3 * owned.at(node);
    const std::uint64_t peers_own = kKeys - owned.at(node);
    // What one of ours says is final to the other. Anything else is tried again.
    const std::uint64_t final = is_go(node) ? 0 : owned.at(node == kOurs ? kOtherOurs : kOurs);
    expect_counters(node, {.gets = kKeys + from_peers,
                           .peer_errors = peers_own,
                           .loads = kKeys + from_peers,
                           .local_load_errs = kKeys - final + from_peers,
                           .server_requests = from_peers});
  }
}

// One of Go's and one of ours: what the one owns is asked of the other.
class GoRingBothWays : public GoRing, public ::testing::WithParamInterface<bool> {
 protected:
  static std::size_t owner() { return GetParam() ? kGo : kOurs; }
  static std::size_t asker() { return GetParam() ? kOurs : kGo; }
  [[nodiscard]] std::string target(const std::string& pattern, int from = 1) const {
    return target_of(owner(), pattern, from);
  }
};

INSTANTIATE_TEST_SUITE_P(Owner, GoRingBothWays, ::testing::Bool(),
                         [](const auto& test) { return test.param ? "Go" : "Ours"; });

TEST_P(GoRingBothWays, EveryKindOfPicture) {
  const std::vector<std::string> patterns = {"/medium.jpg?width=#",
                                             "/medium.jpg?width=0&height=#",
                                             "/medium.jpg?width=#&format=png",
                                             "/medium.jpg?width=#&format=gif",
                                             "/medium.jpg?width=#&format=jpg&quality=50",
                                             "/medium.jpg?width=#&height=60&mode=fit",
                                             "/medium.jpg?width=#&height=60&mode=fill",
                                             "/medium.jpg?width=#&resampling=nearest_neighbor",
                                             "/rings.png?width=#&resampling=cubic",
                                             "/spaceship.gif?width=#"};
  for (const std::string& pattern : patterns) {
    const std::string wanted = target(pattern, 40);
    const Reply reply = expect_picture(asker(), wanted);
    const Reply own = expect_picture(owner(), wanted);
    EXPECT_TRUE(reply.body == own.body) << wanted;
    EXPECT_EQ(reply.field("Content-Type"), "image/" + decode(reply.body).format) << wanted;
    EXPECT_EQ(own.field("Content-Type"), reply.field("Content-Type")) << wanted;
  }
  EXPECT_EQ(counter(asker(), "Group/PeerLoads"), patterns.size());
  EXPECT_EQ(counter(owner(), "Group/LocalLoads"), patterns.size());
}

TEST_P(GoRingBothWays, CountsEveryRequest) {
  const std::string wanted = target("/small.jpg?width=#");
  const std::uint64_t bytes = entry_bytes(expect_picture(owner(), wanted));
  expect_counters(owner(), {.gets = 1, .loads = 1, .local_loads = 1, .items = 1, .bytes = bytes});
  constexpr std::uint64_t kAsked = 5;
  for (std::uint64_t i = 0; i < kAsked; ++i) (void)expect_picture(asker(), wanted);

  // Once in ten fetches the asker keeps what it got, and does not ask again.
  const std::uint64_t kept = counter(asker(), "Caches/Hot/Hits");
  const std::uint64_t fetched = kAsked - kept;
  expect_counters(asker(), {.gets = kAsked,
                            .cache_hits = kept,
                            .peer_loads = fetched,
                            .loads = fetched,
                            .hot_hits = kept});
  expect_counters(owner(), {.gets = 1 + fetched,
                            .cache_hits = fetched,
                            .loads = 1,
                            .local_loads = 1,
                            .server_requests = fetched,
                            .items = 1,
                            .bytes = bytes});
}

TEST_P(GoRingBothWays, AskedAtOnceByManyRendersOnce) {
  const std::string request = request_text("GET", target("/large.jpg?width=#", 1500));
  constexpr int kClientsPerNode = 8;
  std::vector<Client> clients;
  for (int i = 0; i < kClientsPerNode; ++i) {
    for (const auto& port : ports()) clients.emplace_back(port->number());
  }
  for (Client& client : clients) client.send(request);
  const Reply first = clients[0].read();
  for (std::size_t i = 1; i < clients.size(); ++i) {
    const Reply reply = clients[i].read();
    EXPECT_EQ(reply.status, 200) << i;
    EXPECT_TRUE(reply.body == first.body) << i;
  }
  EXPECT_EQ(counter(owner(), "Group/LocalLoads"), 1U);
  EXPECT_EQ(sum("Group/LocalLoads"), 1U);
  EXPECT_EQ(sum("Group/PeerErrors"), 0U);
}

// Go says 500 whatever went wrong. What we say depends on whether it is found out here.
TEST_F(GoRing, AnErrorOfAGoOwnerIsFoundOutHere) {
  EXPECT_EQ(ask(kOurs, target_of(kGo, "/missing%20%C3%BC%26#.jpg")).status, 404);
  EXPECT_EQ(ask(kOurs, target_of(kGo, "/invalid.jpg?width=#")).status, 422);
  expect_counters(kOurs, {.gets = 2, .peer_errors = 2, .loads = 2, .local_load_errs = 2});
  expect_counters(kGo, {.gets = 2, .loads = 2, .local_load_errs = 2, .server_requests = 2});
}

// Go knows no difference between our answers: it tries itself, and says 400 to everything.
TEST_F(GoRing, AnErrorOfOursIsFoundOutByGo) {
  EXPECT_EQ(ask(kGo, target_of(kOurs, "/missing%20%C3%BC%26#.jpg")).status, 400);
  EXPECT_EQ(ask(kGo, target_of(kOurs, "/invalid.jpg?width=#")).status, 400);
  expect_counters(kGo, {.gets = 2, .peer_errors = 2, .loads = 2, .local_load_errs = 2});
  expect_counters(kOurs, {.gets = 2, .loads = 2, .local_load_errs = 2, .server_requests = 2});
}

TEST_F(GoRing, WhatWeRefuseIsNotLoadedForGoEither) {
  const std::string pattern = "/small.jpg?height=-1&width=#";
  EXPECT_EQ(ask(kOurs, target_of(kGo, pattern)).status, 400);
  expect_counters(kOurs, {});
  EXPECT_EQ(ask(kGo, target_of(kOurs, pattern)).status, 400);
  expect_counters(kGo, {.gets = 1, .peer_errors = 1, .loads = 1, .local_load_errs = 1});
  EXPECT_EQ(counter(kOurs, "Group/Loads"), 0U);
}

// Go writes no WebP, but passes ours on.
TEST_F(GoRing, WhatGoCannotWriteIsRenderedHere) {
  const std::string goes = target_of(kGo, "/small.jpg?format=webp&width=#", 40);
  for (int i = 0; i < 2; ++i) EXPECT_EQ(decode(expect_picture(kOurs, goes).body).format, "webp");
  EXPECT_EQ(counter(kOurs, "Group/PeerErrors"), 1U);
  EXPECT_EQ(counter(kOurs, "Group/LocalLoads"), 1U);
  EXPECT_EQ(counter(kOurs, "Caches/Hot/Hits"), 1U);
  EXPECT_EQ(counter(kOurs, "Caches/Main/Items"), 0U);

  const std::string ours = target_of(kOurs, "/small.jpg?format=webp&width=#", 40);
  const Reply reply = expect_same_of_all(ours, kGo);
  EXPECT_EQ(reply.field("Content-Type"), "image/webp");
}

// As a Go node would ignore it, its picture would be another one.
TEST_F(GoRing, WhatGoDoesNotKnowIsNotAskedOfIt) {
  (void)expect_picture(kOurs, target_of(kGo, "/small.jpg?width=#"));  // tells who it is
  const Json before = stats(kGo);
  const auto hot = counter(kOurs, "Caches/Hot/Items");  // one in ten is kept
  const std::vector<std::string> patterns = {
      "/small.jpg?blur=2&width=#",         "/small.jpg?mode=inside&height=50&width=#",
      "/small.jpg?format=webp&width=#",    "/small.jpg?format=avif&width=#",
      "/small.jpg?crop=1,1|90,90&width=#", "/small.jpg?rotation=90&width=#",
      "/small.jpg?grayscale=1&width=#",    "/small.jpg?quality=auto&width=#"};
  for (const std::string& pattern : patterns) {
    (void)expect_picture(kOurs, target_of(kGo, pattern, 30));
  }
  EXPECT_EQ(stats(kGo), before);
  EXPECT_EQ(counter(kOurs, "Group/LocalLoads"), patterns.size());
  EXPECT_EQ(counter(kOurs, "Group/PeerErrors"), 0U);
  EXPECT_EQ(counter(kOurs, "Caches/Hot/Items"), hot + patterns.size())
      << "until they must make room";
}

// A node that nothing is known of yet may be one of ours: it is asked, once.
TEST_F(GoRing, WhatGoDoesNotKnowIsAskedOfItOnceAtMost) {
  for (const std::string& target : targets_of(kGo, "/small.jpg?blur=2&width=#", 20)) {
    EXPECT_EQ(decode(expect_picture(kOurs, target).body).format, "jpeg");
  }
  EXPECT_EQ(counter(kOurs, "Group/LocalLoads"), 20U);
  EXPECT_EQ(counter(kOurs, "Group/PeerErrors"), 1U);
  EXPECT_EQ(counter(kGo, "Group/ServerRequests"), 1U);
}

TEST_F(GoRing, WhatGoDoesNotKnowIsStillAskedOfOurs) {
  for (const std::string pattern :
       {"/small.jpg?blur=2&width=#", "/small.jpg?mode=inside&height=50&width=#",
        "/small.jpg?format=webp&width=#", "/small.jpg?crop=1,1|90,90&width=#"}) {
    const std::string target = target_of(kOtherOurs, pattern, 30);
    const Reply reply = expect_picture(kOurs, target);
    EXPECT_TRUE(expect_picture(kOtherOurs, target).body == reply.body) << target;
  }
  EXPECT_EQ(counter(kOurs, "Group/PeerLoads"), 4U);
  EXPECT_EQ(counter(kOurs, "Group/LocalLoads"), 0U);
  EXPECT_EQ(counter(kOtherOurs, "Group/LocalLoads"), 4U);
}

class GoRingThatLosesANode : public GoRing, public ::testing::WithParamInterface<std::size_t> {};

INSTANTIATE_TEST_SUITE_P(Lost, GoRingThatLosesANode, ::testing::Values(GoRing::kGo, GoRing::kOurs),
                         [](const auto& test) {
                           return GoRing::is_go(test.param) ? "Go" : "Ours";
                         });

// The Go nodes' numbers also show that none of them stands in for the one that was lost.
TEST_P(GoRingThatLosesANode, GoesOnAnsweringEveryKey) {
  constexpr std::size_t kBefore = 2;
  constexpr std::size_t kAfter = 6;
  const std::size_t lost = GetParam();
  std::array<std::uint64_t, kNodes> bytes{};
  for (std::size_t owner = 0; owner < kNodes; ++owner) {
    for (const auto& target : targets_of(owner, "/small.jpg?width=#", kBefore)) {
      bytes.at(owner) += entry_bytes(expect_same_of_all(target));
    }
  }
  kill(lost);
  for (std::size_t owner = 0; owner < kNodes; ++owner) {
    for (const auto& target : targets_of(owner, "/small.jpg?height=100&width=#", kAfter)) {
      for (std::size_t node = 0; node < kNodes; ++node) {
        if (node == lost) continue;
        const Reply reply = expect_picture(node, target);
        EXPECT_EQ(decode(reply.body).height, 100) << target;
        if (owner == node || owner == lost) bytes.at(node) += entry_bytes(reply);
      }
    }
  }
  for (const std::size_t node : {kGo, kOtherGo}) {
    if (node == lost) continue;
    expect_counters(node, {.gets = 7 * kBefore + 6 * kAfter,
                           .cache_hits = 3 * kBefore + 2 * kAfter,
                           .peer_loads = 3 * kBefore + 2 * kAfter,
                           .peer_errors = kAfter,
                           .loads = 4 * kBefore + 4 * kAfter,
                           .local_loads = kBefore + 2 * kAfter,
                           .server_requests = 3 * kBefore + 2 * kAfter,
                           .items = kBefore + 2 * kAfter,
                           .bytes = bytes.at(node)});
  }
  EXPECT_GT(counter(kOtherOurs, "Group/PeerErrors"), 0U);
  EXPECT_EQ(counter(kOtherOurs, "Group/LocalLoadErrs"), 0U);
}

TEST_F(GoRing, AsksAGoNodeThatComesBack) {
  kill(kGo);
  for (const auto& target : targets_of(kGo, "/small.jpg?width=#", 8)) {
    (void)expect_picture(kOurs, target);
  }
  EXPECT_GT(counter(kOurs, "Group/PeerErrors"), 0U);
  EXPECT_EQ(counter(kOurs, "Group/PeerLoads"), 0U);
  start(kGo);
  int height = 1;  // another one each time: what was rendered meanwhile is kept
  EXPECT_TRUE(eventually([&] {
    (void)expect_picture(kOurs, target_of(kGo, "/small.jpg?width=20&height=#", height++));
    return counter(kGo, "Group/ServerRequests") > 0;
  }));
}

}  // namespace
}  // namespace imageserver::testing
