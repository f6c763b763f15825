// What is made of originals that servers have.

#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <string>
#include <utility>

#include "base/cancelled.h"
#include "server/info_loader.h"
#include "server/origin_loader.h"
#include "server/render_loader.h"
#include "support/disk_source.h"
#include "support/groups.h"
#include "support/looking.h"
#include "support/patience.h"
#include "support/remote_originals.h"

namespace imageserver {
namespace {

// A GIF to whoever looks at how it begins.
constexpr std::string_view kPicture = "GIF89a picture";
constexpr std::string_view kMark = "GIF89a mark";

// A file for every path, which is its content.
class EveryFile final : public testing::DiskSource {
  Result<Bytes> read(const std::string& path, const std::stop_token& /*stop*/) override {
    return Bytes::copy(path);
  }
};

// What it makes of an original and a watermark are their bytes, one behind the other.
class JoiningRenderer final : public Renderer {
 public:
  [[nodiscard]] Result<ImagePtr> picture(const Bytes& original, const TransformSpec& /*spec*/,
                                         const Bytes& watermark, const std::stop_token& /*stop*/,
                                         const Admit& /*admit*/) override {
    return testing::image_of(std::string(original.view()) + "+" + std::string(watermark.view()));
  }

  [[nodiscard]] Result<Description> description(const Bytes& original, const std::string& path,
                                                const std::stop_token& /*stop*/,
                                                const Admit& /*admit*/) override {
    return Error{ErrorKind::kUnprocessable, path + " has " + std::string(original.view())};
  }
};

class RemoteLoadersTest : public ::testing::Test {
 protected:
  std::shared_ptr<std::promise<Result<ImagePtr>>> load(Loader& loader, const std::string& path,
                                                       const std::string& watermark = {},
                                                       std::stop_token stop = {}) {
    auto query = std::make_shared<Query>();
    query->spec.source = path;
    query->deadline = Deadline::max();
    if (!watermark.empty()) query->spec.watermark = Watermark{.name = watermark, .gravity = {}};
    auto end = std::make_shared<std::promise<Result<ImagePtr>>>();
    loader.load(query, std::move(stop),
                [end](Result<ImagePtr> result) { end->set_value(std::move(result)); });
    return end;
  }

  // The picture's bytes, or the error's message.
  static std::string text_of(const std::shared_ptr<std::promise<Result<ImagePtr>>>& end) {
    const Result<ImagePtr> result = testing::awaited(end->get_future());
    return result.has_value() ? std::string((*result)->data.view()) : result.error().message;
  }

  const testing::RemoteOriginals remote_{std::make_unique<EveryFile>()};
  testing::RemoteSource& origin_ = remote_.origin();
  testing::RemoteSource& marks_origin_ = remote_.marks_origin();
  testing::Looking looking_{{&remote_.pictures(), &remote_.marks()}};
  OriginLoader origin_loader_{{&remote_.pictures(), &remote_.marks()}, {}, looking_.checker};
  testing::NoPeers peers_;
  Group group_{
      {.self = "http://:1", .peers = {}, .keep_hot = {}, .now = {}}, origin_loader_, peers_};
  Originals originals_{remote_.pictures(), group_, looking_.checker};
  Originals watermarks_{remote_.marks(), group_, looking_.checker};
  JoiningRenderer renderer_;
  WorkerPool workers_{{.threads = 1, .waiting = 10}};
  RenderLoader renders_{originals_, &watermarks_, workers_, renderer_};
  InfoLoader infos_{originals_, workers_, renderer_};
};

TEST_F(RemoteLoadersTest, APictureIsMadeOfWhatWasFetched) {
  origin_.at_once = testing::original_of(kPicture);
  EXPECT_EQ(text_of(load(renders_, "remote/a.gif")), "GIF89a picture+");
  EXPECT_EQ(origin_.requests.front().name, "http://origin/img/a.gif");
}

TEST_F(RemoteLoadersTest, ADescriptionIsMadeOfWhatWasFetched) {
  origin_.at_once = testing::original_of(kPicture);
  EXPECT_EQ(text_of(load(infos_, "remote/a.gif")), "remote/a.gif has GIF89a picture");
}

TEST_F(RemoteLoadersTest, NoWorkerWaitsForAServer) {
  const auto slow = load(renders_, "remote/a.gif");
  ASSERT_EQ(origin_.requests.size(), 1U);
  EXPECT_EQ(text_of(load(renders_, "a.gif")), "a.gif+") << "by the only worker";
  EXPECT_FALSE(renders_.has_backlog());
  origin_.end(testing::original_of(kPicture));
  EXPECT_EQ(text_of(slow), "GIF89a picture+");
}

TEST_F(RemoteLoadersTest, WhatCannotBeFetchedTakesNoWorker) {
  workers_.stop();
  origin_.at_once = Error{ErrorKind::kOriginLate, "too late"};
  EXPECT_EQ(text_of(load(renders_, "remote/a.gif")), "too late");
  EXPECT_EQ(text_of(load(infos_, "remote/b.gif")), "too late");
}

TEST_F(RemoteLoadersTest, APathThatNoServerCanHaveIsNoPicture) {
  EXPECT_EQ(text_of(load(renders_, "remote/")), "no such picture");
  EXPECT_EQ(text_of(load(infos_, "remote/")), "no such picture");
}

TEST_F(RemoteLoadersTest, AStopWhileItIsFetchedEndsTheLoadAndTheFetch) {
  for (Loader* const loader : {static_cast<Loader*>(&renders_), static_cast<Loader*>(&infos_)}) {
    std::stop_source stop;
    const auto end = load(*loader, "remote/a.gif", {}, stop.get_token());
    stop.request_stop();
    EXPECT_EQ(text_of(end), cancelled().message);
    EXPECT_TRUE(origin_.stops.back().stop_requested());
    origin_.end(cancelled());
  }
}

TEST_F(RemoteLoadersTest, AWatermarkIsFetchedOnceThereIsAPictureForIt) {
  const auto end = load(renders_, "remote/a.gif", "logo.gif");
  EXPECT_TRUE(marks_origin_.requests.empty());
  origin_.end(testing::original_of(kPicture));
  ASSERT_EQ(marks_origin_.requests.size(), 1U);
  EXPECT_EQ(marks_origin_.requests.front().name, "http://origin/marks/logo.gif");
  marks_origin_.end(testing::original_of(kMark));
  EXPECT_EQ(text_of(end), "GIF89a picture+GIF89a mark");
}

TEST_F(RemoteLoadersTest, AWatermarkOfAServerGoesOnAPictureOfTheDisk) {
  marks_origin_.at_once = testing::original_of(kMark);
  EXPECT_EQ(text_of(load(renders_, "a.gif", "logo.gif")), "a.gif+GIF89a mark");
}

TEST_F(RemoteLoadersTest, WithoutAPictureNoWatermarkIsFetched) {
  origin_.at_once = Error{ErrorKind::kNotFound, "no such picture"};
  EXPECT_EQ(text_of(load(renders_, "remote/a.gif", "logo.gif")), "no such picture");
  EXPECT_TRUE(marks_origin_.requests.empty());
}

TEST_F(RemoteLoadersTest, AWatermarkThatCannotBeFetchedIsToldApart) {
  const auto error_with = [this](ErrorKind kind) {
    static int nth = 0;
    marks_origin_.at_once = Error{kind, "why"};
    const auto end = load(renders_, "a.gif", std::to_string(++nth) + ".gif");
    return testing::awaited(end->get_future()).error();
  };
  EXPECT_EQ(
      error_with(ErrorKind::kNotFound),
      (Error{ErrorKind::kInvalidParam, "invalid param \"watermark\": there is no such watermark"}));
  EXPECT_EQ(error_with(ErrorKind::kUnprocessable),
            (Error{ErrorKind::kInternal, "the watermark cannot be read"}));
  for (const ErrorKind kind : {ErrorKind::kOrigin, ErrorKind::kOriginLate, ErrorKind::kBusy}) {
    EXPECT_EQ(error_with(kind), (Error{kind, "why"}));
  }
}

TEST_F(RemoteLoadersTest, AStopWhileTheWatermarkIsFetchedEndsTheLoad) {
  std::stop_source stop;
  const auto end = load(renders_, "a.gif", "logo.gif", stop.get_token());
  ASSERT_EQ(marks_origin_.requests.size(), 1U);
  stop.request_stop();
  EXPECT_EQ(text_of(end), cancelled().message);
  marks_origin_.end(cancelled());
}

}  // namespace
}  // namespace imageserver
