// Pictures that kill their renderer: each costs two renderers in the whole ring, and nothing else.

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "integration/harness/node.h"
#include "integration/harness/ring.h"

namespace imageserver::testing {
namespace {

namespace fs = std::filesystem;

// A copy of the program beside a renderer that does what the original says (fake_renderer.cc), and
// originals. While it lives, nodes are of that copy.
class Workshop {
 public:
  Workshop() {
    fs::create_directories(folder_ / "originals");
    fs::copy_file(program(), folder_ / "imageserver");
    fs::copy_file(IMAGESERVER_FAKE_RENDERER, folder_ / "imageserver-render");
    if (const char* const named = std::getenv(kVariable)) named_ = named;
    setenv(kVariable, (folder_ / "imageserver").c_str(), 1);
  }
  ~Workshop() {
    named_ ? setenv(kVariable, named_->c_str(), 1) : unsetenv(kVariable);
    fs::remove_all(folder_);
  }
  Workshop(const Workshop&) = delete;
  Workshop& operator=(const Workshop&) = delete;

  void add(const std::string& name, const std::string& original) const {
    std::ofstream(folder_ / "originals" / name) << original;
  }

  [[nodiscard]] Flags flags() const {
    return {"--source=" + (folder_ / "originals").string(), "--workers=2"};
  }

 private:
  static constexpr const char* kVariable = "IMAGESERVER_PROGRAM";

  const fs::path folder_ =
      fs::temp_directory_path() / ("deadly-pictures-test-" + std::to_string(getpid()));
  std::optional<std::string> named_;
};

std::uint64_t renderers(const Node& node, const char* counter) {
  return nlohmann::json::parse(node.get("/renderers").body)[counter];
}

class DeadlyPictures : public ::testing::Test {
 protected:
  DeadlyPictures() {
    workshop_.add("deadly.gif", "die");
    workshop_.add("hungry.gif", "no memory");
    workshop_.add("sound.gif", "picture");
  }

  Workshop workshop_;
};

TEST_F(DeadlyPictures, ARefusalIsRememberedByItsKey) {
  const Node node(workshop_.flags());
  for (int i = 0; i < 3; ++i) {
    const Reply reply = node.get("/deadly.gif?width=10");
    EXPECT_EQ(reply.status, 422);
    EXPECT_EQ(reply.body, "the picture cannot be read\n");
  }
  EXPECT_EQ(renderers(node, "Died"), 2U);
  EXPECT_EQ(node.get("/deadly.gif?width=11").status, 422);
  EXPECT_EQ(renderers(node, "Died"), 4U) << "another size may be sound";
  EXPECT_EQ(node.get("/sound.gif?width=10").status, 200);
}

TEST_F(DeadlyPictures, ARefusalForMemoryIsRememberedToo) {
  const Node node(workshop_.flags());
  for (int i = 0; i < 3; ++i) {
    const Reply reply = node.get("/hungry.gif?width=10");
    EXPECT_EQ(reply.status, 422);
    EXPECT_EQ(reply.body, "the picture takes more memory than a render may have\n");
  }
  EXPECT_EQ(renderers(node, "OutOfMemory"), 2U);
  EXPECT_EQ(renderers(node, "Renders"), 2U);
}

TEST_F(DeadlyPictures, ARefusalIsForgottenAfterItsTime) {
  Flags flags = workshop_.flags();
  flags.emplace_back("--negative-ttl=0s");
  const Node node(flags);
  for (int i = 0; i < 2; ++i) EXPECT_EQ(node.get("/deadly.gif?width=10").status, 422);
  EXPECT_EQ(renderers(node, "Died"), 4U);
}

TEST_F(DeadlyPictures, TheWholeRingLosesTwoRenderers) {
  NodeRing ring(workshop_.flags());
  for (const char* target : {"/deadly.gif?width=10", "/hungry.gif?width=10"})
    for (std::size_t i = 0; i < NodeRing::kNodes; ++i)
      EXPECT_EQ(ring[i].get(target).status, 422) << target;
  std::uint64_t died = 0;
  std::uint64_t hungry = 0;
  for (std::size_t i = 0; i < NodeRing::kNodes; ++i) {
    died += renderers(ring[i], "Died");
    hungry += renderers(ring[i], "OutOfMemory");
  }
  EXPECT_EQ(died, 2U);
  EXPECT_EQ(hungry, 2U);
}

}  // namespace
}  // namespace imageserver::testing
