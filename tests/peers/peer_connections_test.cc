#include "peers/peer_connections.h"

#include <gtest/gtest.h>

#include <boost/asio/post.hpp>
#include <future>
#include <memory>
#include <set>

#include "support/patience.h"

namespace imageserver {
namespace {

class PeerConnectionsTest : public ::testing::Test {
 protected:
  PeerConnectionsTest() { io_.start(); }
  ~PeerConnectionsTest() override { io_.stop(); }

  // Runs the step on the I/O thread of that index, and gives its result.
  template <class Step>
  auto on_thread(std::size_t index, Step step) {
    std::packaged_task<decltype(step())()> task(std::move(step));
    auto result = task.get_future();
    net::post(io_.at(index), [&task] { task(); });
    return testing::awaited(result);
  }

  std::shared_ptr<Client> client_of(const PeerPtr& peer) {
    return on_thread(0, [&] { return connections_.first().client_of(peer); });
  }

  IoPool io_{3};
  PeerConnections connections_{io_};
  const PeerPtr peer_ = std::make_shared<Peer>("http://10.0.0.1:8080", 1);
};

TEST_F(PeerConnectionsTest, AnIoThreadUsesItsOwnShard) {
  for (std::size_t i = 0; i < io_.size(); ++i) {
    EXPECT_EQ(on_thread(i, [this] { return &connections_.shard_to_use().context(); }), &io_.at(i));
  }
}

TEST_F(PeerConnectionsTest, AnotherThreadUsesEachShardInTurn) {
  std::set<net::io_context*> contexts;
  for (std::size_t i = 0; i < io_.size(); ++i) {
    contexts.insert(&connections_.shard_to_use().context());
  }
  EXPECT_EQ(contexts.size(), io_.size());
}

TEST_F(PeerConnectionsTest, AThreadOfAnotherPoolUsesEachShardInTurn) {
  IoPool others(3);
  PeerConnections theirs(others);
  std::set<net::io_context*> contexts;
  for (std::size_t i = 0; i < others.size(); ++i) {
    contexts.insert(on_thread(1, [&] { return &theirs.shard_to_use().context(); }));
  }
  EXPECT_EQ(contexts, (std::set{&others.at(0), &others.at(1), &others.at(2)}));
}

TEST_F(PeerConnectionsTest, AShardKeepsOneClientForAPeer) {
  EXPECT_EQ(client_of(peer_), client_of(peer_));
  EXPECT_NE(client_of(peer_), client_of(std::make_shared<Peer>("http://10.0.0.2:8080", 1)));
}

TEST_F(PeerConnectionsTest, ADroppedPeerGetsANewClient) {
  const auto before = client_of(peer_);
  connections_.drop(peer_);
  EXPECT_NE(client_of(peer_), before);
}

TEST_F(PeerConnectionsTest, TheClientOfAPeerThatLeftTheRingIsNotKept) {
  const auto before = client_of(peer_);
  peer_->retire();
  EXPECT_EQ(client_of(peer_), before) << "until told to drop those";
  connections_.drop_retired();
  EXPECT_NE(client_of(peer_), before);
  EXPECT_NE(client_of(peer_), client_of(peer_));
}

}  // namespace
}  // namespace imageserver
