#include "server/info_loader.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/cancelled.h"
#include "support/disk_originals.h"
#include "support/disk_source.h"
#include "support/refusing_renderer.h"

namespace imageserver {
namespace {

// Below broken/ are files that are no pictures. Whoever asks for `leaving` has left before it is
// read. There is nothing else.
class BrokenSource final : public testing::DiskSource {
 public:
  [[nodiscard]] std::stop_token leaving() const { return leaving_.get_token(); }

 private:
  Result<Bytes> read(const std::string& path, const std::stop_token& stop) override {
    if (path.starts_with("broken/")) return Bytes::copy("no picture");
    if (path == "leaving") {
      leaving_.request_stop();
      if (stop.stop_requested()) return cancelled();
    }
    return Error{ErrorKind::kNotFound, "no such picture"};
  }

  std::stop_source leaving_;
};

class InfoLoaderTest : public ::testing::Test {
 protected:
  // The kind of the error that comes of it.
  ErrorKind ask(const std::string& path, const std::stop_token& stop = {}) {
    std::optional<ErrorKind> kind;
    Query query;
    query.of = Query::Of::kDescription;
    query.spec.source = path;
    loader_.load(std::make_shared<const Query>(std::move(query)), stop,
                 [&](const Result<ImagePtr>& info) { kind = info.error().kind; });
    workers_.stop();
    return kind.value();
  }

  testing::DiskOriginals<BrokenSource> disk_;
  WorkerPool workers_{{.threads = 1, .waiting = 10}};
  testing::RefusingRenderer renderer_;
  InfoLoader loader_{disk_.originals(), workers_, renderer_};
};

TEST_F(InfoLoaderTest, AnErrorOfTheSourceIsHandedOn) {
  EXPECT_EQ(ask("missing.jpg"), ErrorKind::kNotFound);
}

TEST_F(InfoLoaderTest, AFileThatIsNoPictureIsUnprocessable) {
  EXPECT_EQ(ask("broken/a.jpg"), ErrorKind::kUnprocessable);
}

TEST_F(InfoLoaderTest, NothingIsReadForSomebodyWhoHasLeft) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(ask("broken/a.jpg", stop.get_token()), ErrorKind::kCancelled);
}

TEST_F(InfoLoaderTest, TheSourceHearsOfAStopThatComesWhileItReads) {
  EXPECT_EQ(ask("leaving", disk_.source().leaving()), ErrorKind::kCancelled);
}

TEST_F(InfoLoaderTest, IsBusyOnceTheWorkersHaveStopped) {
  workers_.stop();
  EXPECT_EQ(ask("broken/a.jpg"), ErrorKind::kBusy);
}

}  // namespace
}  // namespace imageserver
