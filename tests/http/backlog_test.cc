#include "http/backlog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/acknowledged.h"
#include "support/raw_socket.h"
#include "support/run_to_end.h"

namespace imageserver {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// One connection that writes to a real client, so that there is something to acknowledge.
class Writer final : public Occupant {
 public:
  Writer(std::string name, std::shared_ptr<Backlog> backlog, std::vector<std::string>& dropped)
      : name_(std::move(name)), dropped_(dropped), unsent_(std::move(backlog)) {
    client_.emplace(RawSocket::connect(listener_.port()));
    socket_.emplace(listener_.accept());
  }

  void leave_if_waiting() override {}
  void leave() override {}
  void drop_answer() override {
    if (!unsent_.to_drop()) return;
    dropped_.push_back(name_);
    unsent_.end();
  }

  void begin(const OccupantRef& self, std::vector<std::string_view> bodies) {
    self_.emplace(self);
    unsent_.begin(socket_->descriptor(), *self_, std::move(bodies));
  }

  // The client acknowledges so many bytes more.
  void take(std::size_t bytes) {
    constexpr std::size_t kStep = 1000;
    for (std::size_t i = 0; i < bytes; i += kStep) {
      socket_->send(std::string(kStep, 'x'));
      for (std::size_t got = 0; got < kStep;) got += client_->read_some(kStep - got).size();
    }
  }

  [[nodiscard]] std::uint64_t acknowledged() const {
    return acknowledged_bytes(socket_->descriptor());
  }
  [[nodiscard]] Unsent& unsent() { return unsent_; }

 private:
  const std::string name_;
  std::vector<std::string>& dropped_;
  RawListener listener_;
  std::optional<RawSocket> client_;
  std::optional<RawSocket> socket_;
  std::optional<OccupantRef> self_;
  Unsent unsent_;
};

class BacklogTest : public ::testing::Test {
 protected:
  std::shared_ptr<Writer> begin(const std::string& name, std::vector<std::string_view> bodies) {
    auto writer = std::make_shared<Writer>(name, backlog_, dropped_);
    writer->begin(OccupantRef(context_.get_executor(), writer), std::move(bodies));
    return writer;
  }

  std::vector<std::string> dropped() {
    testing::run_to_end(context_);
    return std::exchange(dropped_, {});
  }

  net::io_context context_;
  std::vector<std::string> dropped_;
  std::shared_ptr<Backlog> backlog_ = std::make_shared<Backlog>(1000);
  const std::string one_ = std::string(400, '1');
  const std::string two_ = std::string(400, '2');
  const std::string three_ = std::string(400, '3');
  const std::string large_ = std::string(3000, '4');
};

TEST_F(BacklogTest, CountsWhatIsBegunUntilItsEnd) {
  auto a = begin("a", {one_, two_});
  EXPECT_EQ(backlog_->held(), 800U);
  a->unsent().end();
  EXPECT_EQ(backlog_->held(), 0U);
  a->unsent().end();
  EXPECT_EQ(backlog_->held(), 0U);
  auto b = begin("b", {one_});
  b.reset();
  EXPECT_EQ(backlog_->held(), 0U);
}

TEST_F(BacklogTest, CountsTheSameMemoryOnce) {
  std::vector<std::shared_ptr<Writer>> writers;
  for (int i = 0; i < 10; ++i) writers.push_back(begin("a", {one_, two_}));
  EXPECT_EQ(backlog_->held(), 800U);
  EXPECT_THAT(dropped(), IsEmpty());
  while (!writers.empty()) {
    EXPECT_EQ(backlog_->held(), 800U);
    writers.pop_back();
  }
  EXPECT_EQ(backlog_->held(), 0U);
}

TEST_F(BacklogTest, DropsTheSlowestAndNotTheNewcomer) {
  auto fast = begin("fast", {one_});
  auto slow = begin("slow", {two_});  // from here on speeds are measured
  fast->take(100'000);
  auto newcomer = begin("newcomer", {three_});
  EXPECT_EQ(backlog_->held(), 800U);
  EXPECT_THAT(dropped(), ElementsAre("slow"));
  newcomer->take(100'000);
  slow = begin("slow", {two_});
  EXPECT_EQ(dropped().size(), 1U);
}

TEST_F(BacklogTest, MeasuresFromWhereItWasToldLast) {
  auto was_fast = begin("was fast", {one_});
  auto steady = begin("steady", {two_});
  was_fast->take(200'000);
  steady->take(100'000);
  const Deadline now = Clock::now();
  was_fast->unsent().note(now, was_fast->acknowledged());
  auto newcomer = begin("newcomer", {three_});
  EXPECT_THAT(dropped(), ElementsAre("was fast"));
}

TEST_F(BacklogTest, DropsAsManyAsItTakes) {
  auto a = begin("a", {one_});
  auto b = begin("b", {two_});
  auto c = begin("c", {large_});
  EXPECT_EQ(backlog_->held(), 3000U) << "a single one may be larger";
  EXPECT_EQ(dropped().size(), 2U);
}

TEST_F(BacklogTest, ASingleAnswerMayBeLargerThanAllMayBe) {
  auto a = begin("a", {large_});
  EXPECT_THAT(dropped(), IsEmpty());
}

TEST_F(BacklogTest, WhoIsDoneBeforeItHearsOfItDropsNothing) {
  auto a = begin("a", {one_});
  auto b = begin("b", {two_});
  auto c = begin("c", {three_});
  EXPECT_TRUE(a->unsent().to_drop()) << "all are as fast, and it was the first";
  a->unsent().end();
  EXPECT_THAT(dropped(), IsEmpty());
}

TEST_F(BacklogTest, WhoHasBegunAnotherAnswerBeforeItHearsOfItKeepsThat) {
  auto a = begin("a", {one_});
  auto b = begin("b", {two_});
  auto c = begin("c", {three_});
  EXPECT_TRUE(a->unsent().to_drop());
  a->unsent().end();
  a->begin(OccupantRef(context_.get_executor(), a), {two_});
  EXPECT_THAT(dropped(), IsEmpty());
}

// Nobody's speed was measured yet when the newcomer came. The list of all is not in order.
TEST_F(BacklogTest, OfThoseWhoAreAsSlowTheFirstIsDropped) {
  const std::string_view bytes = one_;
  auto gone = begin("gone", {bytes.substr(0, 100)});
  auto first = begin("first", {bytes.substr(100, 100)});
  auto second = begin("second", {bytes.substr(200, 100)});
  gone->unsent().end();
  auto newcomer = begin("newcomer", {std::string_view(large_).substr(0, 850)});
  EXPECT_THAT(dropped(), ElementsAre("first"));
}

}  // namespace
}  // namespace imageserver
