#include "server/originals.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/cancelled.h"
#include "support/disk_source.h"
#include "support/groups.h"
#include "support/looking.h"
#include "support/remote_source.h"

namespace imageserver {
namespace {

// Has one file.
class OneFile final : public testing::DiskSource {
  Result<Bytes> read(const std::string& path, const std::stop_token& stop) override {
    if (stop.stop_requested()) return cancelled();
    if (path != "a.jpg") return Error{ErrorKind::kNotFound, "no such file"};
    return Bytes::copy("from the disk");
  }
};

Query client_until(Deadline deadline) {
  Query query;
  query.deadline = deadline;
  return query;
}

// Below remote/ are the originals of a server; all others lie on the disk, but for none/.
class OriginalsTest : public ::testing::Test {
 protected:
  static Sources make_sources() {
    Sources::Places places;
    places.emplace_back("/", std::make_unique<OneFile>());
    places.emplace_back("/remote", std::make_unique<testing::RemoteSource>("http://origin/"));
    return Sources(std::move(places));
  }

  // How each fetch has ended.
  using Ends = std::vector<Result<Originals::Found>>;
  using EndsPtr = std::shared_ptr<Ends>;

  EndsPtr fetch(const std::string& path, const std::stop_token& stop = {},
                Deadline deadline = Deadline::max()) {
    auto ends = std::make_shared<Ends>();
    originals_.fetch(path, client_until(deadline), stop,
                     [ends](const Result<Originals::Found>& found) { ends->push_back(found); });
    return ends;
  }

  // The bytes, or the error's message; `pending` if it has not ended.
  static std::string text_of(const EndsPtr& ends) {
    if (ends->empty()) return "pending";
    EXPECT_EQ(ends->size(), 1U);
    const Result<Originals::Found>& end = ends->front();
    if (end.has_error()) return end.error().message;
    return *end ? std::string((*end)->bytes.view()) : "it lies on the disk";
  }

  const Sources sources_ = make_sources();
  testing::NoPeers peers_;
  testing::PendingLoader loader_;
  Group group_{
      {.policy = CachePolicy::kLru, .self = "http://:1", .peers = {}, .keep_hot = {}, .now = {}},
      loader_,
      peers_};
  testing::Looking looking_{{&sources_}};
  Originals originals_{sources_, group_, looking_.checker};
};

TEST_F(OriginalsTest, OneOnTheDiskIsNotFetchedButRead) {
  EXPECT_EQ(text_of(fetch("a.jpg")), "it lies on the disk");
  EXPECT_EQ(text_of(fetch("missing.jpg")), "it lies on the disk") << "nobody has looked yet";
  EXPECT_EQ(loader_.loads, 0);
  EXPECT_EQ(originals_.read("a.jpg", {})->bytes.view(), "from the disk");
  EXPECT_EQ(originals_.read("missing.jpg", {}).error().message, "no such file");
}

TEST_F(OriginalsTest, AStopReachesTheDisk) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(originals_.read("a.jpg", stop.get_token()).error().kind, ErrorKind::kCancelled);
}

TEST_F(OriginalsTest, OneOfAServerIsLoadedByItsName) {
  const Deadline deadline = Clock::now() + std::chrono::hours(1);
  const EndsPtr ends = fetch("remote/a.jpg", {}, deadline);
  ASSERT_EQ(loader_.loads, 1);
  const Query& query = *loader_.query;
  EXPECT_EQ(query.spec.source, "http://origin/a.jpg");
  EXPECT_EQ(query.key, query.params.key());
  EXPECT_EQ(query.of, Query::Of::kOriginal);
  EXPECT_EQ(query.from, Query::From::kClient);
  EXPECT_EQ(query.deadline, deadline);
  EXPECT_EQ(text_of(ends), "pending");
  loader_.end(make_original(Bytes::copy("from a server"), ""));
  EXPECT_EQ(text_of(ends), "from a server");
}

TEST_F(OriginalsTest, OneThatWasFetchedIsCached) {
  loader_.answers_at_once = true;
  loader_.result = make_original(Bytes::copy("from a server"), "");
  EXPECT_EQ(text_of(fetch("remote/a.jpg")), "from a server");
  EXPECT_EQ(text_of(fetch("remote/a.jpg")), "from a server");
  EXPECT_EQ(loader_.loads, 1);
  EXPECT_EQ(text_of(fetch("remote/b.jpg")), "from a server");
  EXPECT_EQ(loader_.loads, 2);
  EXPECT_EQ(group_.stats().group.gets, 3U);
  EXPECT_EQ(group_.stats().group.cache_hits, 1U);
}

TEST_F(OriginalsTest, ThoseWhoWantTheSameWaitForOneLoad) {
  const EndsPtr one = fetch("remote/a.jpg");
  const EndsPtr other = fetch("remote/a.jpg");
  EXPECT_EQ(loader_.loads, 1);
  loader_.end(make_original(Bytes::copy("from a server"), ""));
  EXPECT_EQ(text_of(one), "from a server");
  EXPECT_EQ(text_of(other), "from a server");
}

TEST_F(OriginalsTest, WhatCannotBeLoadedIsAnErrorForThoseWhoWait) {
  const EndsPtr ends = fetch("remote/a.jpg");
  loader_.end(Error{ErrorKind::kOriginLate, "too late"});
  EXPECT_EQ(text_of(ends), "too late");
  EXPECT_EQ(ends->front().error().kind, ErrorKind::kOriginLate);
}

TEST_F(OriginalsTest, APathThatIsNoNameIsNoPicture) {
  EXPECT_EQ(text_of(fetch("remote/")), "no such picture");
  EXPECT_EQ(loader_.loads, 0);
}

TEST_F(OriginalsTest, WhoeverIsStoppedWaitsNoMoreAndTheLoadIsStopped) {
  std::stop_source stop;
  const EndsPtr ends = fetch("remote/a.jpg", stop.get_token());
  EXPECT_FALSE(loader_.stop.stop_requested());
  stop.request_stop();
  ASSERT_EQ(ends->size(), 1U);
  EXPECT_EQ(ends->front().error().kind, ErrorKind::kCancelled);
  EXPECT_TRUE(loader_.stop.stop_requested());
  loader_.end(cancelled());
  EXPECT_EQ(ends->size(), 1U) << "it is told once";
}

TEST_F(OriginalsTest, WhoeverWasStoppedBeforeWaitsForNothing) {
  std::stop_source stop;
  stop.request_stop();
  const EndsPtr ends = fetch("remote/a.jpg", stop.get_token());
  ASSERT_EQ(ends->size(), 1U);
  EXPECT_EQ(ends->front().error().kind, ErrorKind::kCancelled);
  loader_.end(cancelled());
}

TEST_F(OriginalsTest, OthersGoOnWaitingWhenOneIsStopped) {
  std::stop_source stop;
  const EndsPtr one = fetch("remote/a.jpg", stop.get_token());
  const EndsPtr other = fetch("remote/a.jpg");
  stop.request_stop();
  EXPECT_EQ(one->front().error().kind, ErrorKind::kCancelled);
  EXPECT_FALSE(loader_.stop.stop_requested());
  loader_.end(make_original(Bytes::copy("from a server"), ""));
  EXPECT_EQ(text_of(other), "from a server");
}

TEST_F(OriginalsTest, AStopAtTheEndIsNotToldBesides) {
  std::stop_source stop;
  int ends = 0;
  originals_.fetch("remote/a.jpg", client_until(Deadline::max()), stop.get_token(),
                   [&](const Result<Originals::Found>& found) {
                     EXPECT_TRUE(found.has_value());
                     ++ends;
                     stop.request_stop();
                   });
  loader_.end(make_original(Bytes::copy("from a server"), ""));
  EXPECT_EQ(ends, 1);
}

// It asks another node than the owner only if that one is away.
TEST_F(OriginalsTest, WhatAPeerAsksForIsFetchedHere) {
  Query query = client_until(Deadline::max());
  query.from = Query::From::kPeer;
  originals_.fetch("remote/a.jpg", query, {}, [](const Result<Originals::Found>&) {});
  EXPECT_EQ(loader_.query->from, Query::From::kPeer);
  loader_.end(make_original(Bytes::copy("from a server"), ""));
}

TEST_F(OriginalsTest, AnOriginalIsForgottenOnceInAWhile) {
  for (int i = 0; i < 3; ++i) {
    const EndsPtr ends = fetch("remote/a.jpg");
    if (ends->empty()) loader_.end(make_original(Bytes::copy("from a server"), ""));
    originals_.forget("remote/a.jpg");
  }
  EXPECT_EQ(loader_.loads, 2);
}

TEST_F(OriginalsTest, AStopAfterTheEndChangesNothing) {
  std::stop_source stop;
  const EndsPtr ends = fetch("remote/a.jpg", stop.get_token());
  loader_.end(make_original(Bytes::copy("from a server"), ""));
  stop.request_stop();
  EXPECT_EQ(text_of(ends), "from a server");
}

}  // namespace
}  // namespace imageserver
