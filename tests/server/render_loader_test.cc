#include "server/render_loader.h"

#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

namespace imageserver {
namespace {

class FakeSource final : public Source {
 public:
  Result<Bytes> get(const std::string& path) const override {
    if (path == "throws") throw std::runtime_error("the disk is on fire");
    return Error{ErrorKind::kNotFound, "no such picture"};
  }
};

class RenderLoaderTest : public ::testing::Test {
 protected:
  Result<ImagePtr> load(const std::string& path, std::stop_token stop = {}) {
    Query query;
    query.spec.source = path;
    std::promise<Result<ImagePtr>> result;
    loader_.load(std::make_shared<const Query>(std::move(query)), std::move(stop),
                 [&](Result<ImagePtr> done) { result.set_value(std::move(done)); });
    return result.get_future().get();
  }

  FakeSource source_;
  WorkerPool workers_{1, 10};
  RenderLoader loader_{source_, workers_};
};

TEST_F(RenderLoaderTest, PassesTheSourcesErrorOn) {
  EXPECT_EQ(load("x").error(), (Error{ErrorKind::kNotFound, "no such picture"}));
}

TEST_F(RenderLoaderTest, WhatThrowsIsAnErrorLikeAnyOther) {
  EXPECT_EQ(load("throws").error(), (Error{ErrorKind::kInternal, "internal error"}));
}

TEST_F(RenderLoaderTest, DoesNotBeginWhatNobodyWaitsFor) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(load("throws", stop.get_token()).error().kind, ErrorKind::kCancelled);
}

TEST_F(RenderLoaderTest, WithoutAPlaceItSaysBusyAtOnce) {
  workers_.stop();
  EXPECT_EQ(load("x").error().kind, ErrorKind::kBusy);
}

}  // namespace
}  // namespace imageserver
