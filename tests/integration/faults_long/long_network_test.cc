// A cable that is cut: a node in a network namespace of its own, whose link goes down. Needs root.

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>

#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "groupcache/ring.h"
#include "integration/harness/node.h"
#include "integration/harness/ring.h"
#include "integration/harness/soundness.h"
#include "support/patience.h"
#include "support/process.h"

namespace imageserver::testing {
namespace {

void ip(const std::vector<std::string>& words) {
  std::vector<std::string> all = {"/usr/sbin/ip"};
  all.insert(all.end(), words.begin(), words.end());
  Process process(all);
  EXPECT_EQ(process.wait(), 0) << process.errors();
}

// A namespace with one cable to ours.
class Namespace {
 public:
  Namespace() {
    ip({"netns", "add", name_});
    ip({"link", "add", near_, "type", "veth", "peer", "name", far_});
    ip({"link", "set", far_, "netns", name_});
    ip({"address", "add", near_host() + "/30", "dev", near_});
    ip({"link", "set", near_, "up"});
    ip({"-n", name_, "address", "add", far_host() + "/30", "dev", far_});
    ip({"-n", name_, "link", "set", far_, "up"});
  }
  ~Namespace() {
    ip({"link", "delete", near_});
    ip({"netns", "delete", name_});
  }

  Namespace(const Namespace&) = delete;
  Namespace& operator=(const Namespace&) = delete;

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] static std::string near_host() { return "10.231.7.1"; }
  [[nodiscard]] static std::string far_host() { return "10.231.7.2"; }

  void cut() const { ip({"-n", name_, "link", "set", far_, "down"}); }
  void mend() const { ip({"-n", name_, "link", "set", far_, "up"}); }

 private:
  const std::string name_ = "imageserver-" + std::to_string(getpid());
  const std::string near_ = "is" + std::to_string(getpid()) + "n";  // 15 characters at most
  const std::string far_ = "is" + std::to_string(getpid()) + "f";
};

class LongCutCable : public ::testing::Test {
 protected:
  LongCutCable()
      : far_({"/usr/sbin/ip", "netns", "exec", there_.name(), program(), "--http=" + far_address_,
              "--groupcache-peers=" + near_address_, "--source=" IMAGESERVER_TESTDATA,
              "--drain=0s"}),
        near_(near_port_,
              {"--groupcache-self=" + near_address_, "--groupcache-peers=" + far_address_,
               "--timeout=60s", "--peer-timeout=1s"}) {
    EXPECT_TRUE(
        eventually([&] { return far_.errors().find("listening on") != std::string::npos; }));
  }

  ~LongCutCable() override {
    far_.signal(SIGTERM);
    EXPECT_EQ(far_.wait(), 0);
  }

  void ask_for_pictures_of_far_node(int count) {
    for (const int end = asked_ + count; asked_ < end;) {
      const std::string target = spread_target(++width_);
      if (owner_on(ring_, target) != far_name()) continue;
      const Reply reply = near_.get(target);
      EXPECT_EQ(reply.status, 200) << reply.body;
      pictures_[target] = reply.body;
      ++asked_;
    }
  }

  [[nodiscard]] PeerSight sight() const { return testing::sight(near_, far_name()); }
  [[nodiscard]] std::string far_name() const { return "http://" + far_address_; }

  const Namespace there_;
  const std::shared_ptr<Port> near_port_ = std::make_shared<Port>();
  const std::string near_address_ =
      Namespace::near_host() + ':' + std::to_string(near_port_->number());
  const std::string far_address_ = Namespace::far_host() + ":8080";
  Process far_;
  Node near_;
  const Ring ring_{RingMode::kBalanced, {"http://" + near_address_, "http://" + far_address_}};
  std::map<std::string, std::string> pictures_;

 private:
  int asked_ = 0;
  int width_ = 20;
};

TEST_F(LongCutCable, CostsTimeUntilTheBreakerOpensAndNoRequestEver) {
  ask_for_pictures_of_far_node(20);
  EXPECT_EQ(near_.counter("Group/PeerLoads"), 20U);
  there_.cut();
  ask_for_pictures_of_far_node(25);
  EXPECT_EQ(near_.counter("Group/LocalLoads"), 25U);
  EXPECT_EQ(sight().errors, 5U);
  EXPECT_NE(sight().state, "closed");
  std::cout << "the last error was: " << sight().last_error << '\n';
  there_.mend();
  EXPECT_TRUE(peer_becomes(near_, far_name(), "closed"));
  ask_for_pictures_of_far_node(10);
  EXPECT_EQ(near_.counter("Group/PeerLoads"), 30U);
  EXPECT_EQ(near_.counter("Group/LocalLoads"), 25U);
  Reference().expect_same(pictures_);
  expect_counters_add_up(near_);
}

}  // namespace
}  // namespace imageserver::testing
