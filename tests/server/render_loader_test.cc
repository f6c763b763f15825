#include "server/render_loader.h"

#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "base/cancelled.h"
#include "support/disk_originals.h"
#include "support/disk_source.h"
#include "support/patience.h"
#include "support/refusing_renderer.h"

namespace imageserver {
namespace {

// Whoever asks for `leaving` has left before it is read.
class FakeSource final : public testing::DiskSource {
 public:
  [[nodiscard]] std::stop_token leaving() const { return leaving_.get_token(); }

 private:
  Result<Bytes> read(const std::string& path, const std::stop_token& stop) override {
    if (path == "leaving") {
      leaving_.request_stop();
      if (stop.stop_requested()) return cancelled();
    }
    if (path == "throws") throw std::runtime_error("the disk is on fire");
    if (path == "text") return Bytes::copy("no picture");
    if (path == "locked") return Error{ErrorKind::kForbidden, "the file may not be read"};
    if (path == "short") return Error{ErrorKind::kBusy, "too much is open"};
    if (path == "large") return Error{ErrorKind::kUnprocessable, "too large"};
    return Error{ErrorKind::kNotFound, "no such picture"};
  }

  std::stop_source leaving_;
};

class RenderLoaderTest : public ::testing::Test {
 protected:
  Result<ImagePtr> load(const std::string& path, std::stop_token stop = {}) {
    Query query;
    query.spec.source = path;
    return load(std::move(query), loader_, std::move(stop));
  }

  static Result<ImagePtr> load(Query query, RenderLoader& loader, std::stop_token stop = {}) {
    std::promise<Result<ImagePtr>> result;
    loader.load(std::make_shared<const Query>(std::move(query)), std::move(stop),
                [&](Result<ImagePtr> done) { result.set_value(std::move(done)); });
    return testing::awaited(result.get_future());
  }

  testing::DiskOriginals<FakeSource> disk_;
  WorkerPool workers_{{.threads = 1, .waiting = 10}};
  testing::RefusingRenderer renderer_;
  RenderLoader loader_{disk_.originals(), nullptr, workers_, renderer_};
};

TEST_F(RenderLoaderTest, PassesTheSourcesErrorOn) {
  EXPECT_EQ(load("x").error(), (Error{ErrorKind::kNotFound, "no such picture"}));
  EXPECT_EQ(load("locked").error(), (Error{ErrorKind::kForbidden, "the file may not be read"}));
}

TEST_F(RenderLoaderTest, WhatThrowsIsAnErrorLikeAnyOther) {
  EXPECT_EQ(load("throws").error(), (Error{ErrorKind::kInternal, "internal error"}));
}

TEST_F(RenderLoaderTest, DoesNotBeginWhatNobodyWaitsFor) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(load("throws", stop.get_token()).error().kind, ErrorKind::kCancelled);
}

Query watermarked(const std::string& path, const std::string& name) {
  Query query;
  query.spec.source = path;
  query.spec.watermark = Watermark{.name = name, .gravity = {}};
  return query;
}

TEST_F(RenderLoaderTest, AWatermarkThatIsNotThereIsNamed) {
  const Error expected{ErrorKind::kInvalidParam,
                       "invalid param \"watermark\": there is no such watermark"};
  EXPECT_EQ(load(watermarked("text", "mark.png"), loader_).error(),
            (Error{ErrorKind::kInvalidParam,
                   "invalid param \"watermark\": this server has no watermarks (--watermarks)"}));
  RenderLoader with_marks(disk_.originals(), &disk_.originals(), workers_, renderer_);
  EXPECT_EQ(load(watermarked("text", "mark.png"), with_marks).error(), expected);
  EXPECT_EQ(load(watermarked("x", "mark.png"), with_marks).error().kind, ErrorKind::kNotFound)
      << "first there must be a picture";
}

TEST_F(RenderLoaderTest, AWatermarkThatCannotBeReadIsOurFault) {
  RenderLoader with_marks(disk_.originals(), &disk_.originals(), workers_, renderer_);
  for (const char* name : {"large", "locked"}) {
    EXPECT_EQ(load(watermarked("text", name), with_marks).error(),
              (Error{ErrorKind::kInternal, "the watermark cannot be read"}));
  }
  EXPECT_EQ(load(watermarked("text", "short"), with_marks).error().kind, ErrorKind::kBusy)
      << "it may be read in a moment";
  EXPECT_EQ(load(watermarked("text", "text"), with_marks).error().kind, ErrorKind::kUnprocessable)
      << "it was read, and the picture comes first";
}

TEST_F(RenderLoaderTest, TheSourceHearsOfAStopThatComesWhileItReads) {
  EXPECT_EQ(load("leaving", disk_.source().leaving()).error().kind, ErrorKind::kCancelled);
}

TEST_F(RenderLoaderTest, AStopThatComesWhileTheWatermarkIsReadIsNotAFaultOfTheWatermark) {
  RenderLoader with_marks(disk_.originals(), &disk_.originals(), workers_, renderer_);
  EXPECT_EQ(load(watermarked("text", "leaving"), with_marks, disk_.source().leaving()).error().kind,
            ErrorKind::kCancelled);
}

TEST_F(RenderLoaderTest, IsBusyAtOnceIfTheQueueIsFull) {
  workers_.stop();
  EXPECT_EQ(load("x").error().kind, ErrorKind::kBusy);
}

}  // namespace
}  // namespace imageserver
