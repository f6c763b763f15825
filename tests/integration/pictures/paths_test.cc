// Paths that name nothing, and paths that try to leave the source directory.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "integration/harness/node.h"
#include "integration/harness/picture.h"
#include "support/temporary_directory.h"

namespace imageserver::testing {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;

// A source directory with a secret beside it. The secret is a picture: it would be served if it
// could be reached.
class Paths : public ::testing::Test {
 protected:
  Paths() {
    const std::string picture = testdata("small.jpg");
    files_.write("secret.jpg", picture);
    files_.write("pictures/inside.jpg", picture);
    files_.write("pictures/sub/inside.jpg", picture);
    files_.write("pictures-more/secret.jpg", picture);
    std::filesystem::create_directory(files_.path() / "pictures/folder.jpg");
  }

  void link(const std::string& name, const std::filesystem::path& to) const {
    std::filesystem::create_symlink(to, files_.path() / "pictures" / name);
  }

  [[nodiscard]] std::string path_of(const std::string& name) const {
    return (files_.path() / name).string();
  }

  [[nodiscard]] Flags flags() const { return {"--source=" + path_of("pictures")}; }

  void expect_hidden(const Node& node, const std::string& target) const {
    const Reply reply = node.get(target);
    EXPECT_THAT(reply.status, AnyOf(400, 404)) << target;
    EXPECT_EQ(reply.field("Content-Type"), "text/plain; charset=utf-8") << target;
    EXPECT_THAT(reply.body, Not(HasSubstr(files_.path().string()))) << target;
    EXPECT_THAT(reply.body, Not(HasSubstr("root:"))) << target;
  }

  TemporaryDirectory files_;
};

TEST_F(Paths, TheLongestPrefixSaysInWhichDirectoryAFileIsLookedFor) {
  files_.write("archive/old.jpg", testdata("medium.jpg"));
  const Node node({"--source=" + path_of("pictures"), "--source=/archive=" + path_of("archive")});
  EXPECT_TRUE(node.get("/inside.jpg").body == testdata("small.jpg"));
  EXPECT_TRUE(node.get("/archive/old.jpg").body == testdata("medium.jpg"));
  EXPECT_EQ(node.get("/archive/old.jpg?width=10").status, 200);
  EXPECT_EQ(node.get("/info/archive/old.jpg").status, 200);
  for (const char* target : {"/old.jpg", "/archive/inside.jpg", "/archive/../secret.jpg",
                             "/archive", "/archive/", "/archived/old.jpg"}) {
    expect_hidden(node, target);
  }
}

TEST_F(Paths, AFallbackStandsInForWhatIsMissingOrNoPicture) {
  files_.write("pictures/text.jpg", "no picture");
  Flags with_fallback = flags();
  with_fallback.insert(with_fallback.end(), {"--fallback=/inside.jpg"});
  const Node node(with_fallback);
  for (const char* target : {"/missing.jpg", "/text.jpg", "/folder.jpg"}) {
    const Reply reply = node.get(target);
    EXPECT_EQ(reply.status, 404) << target;
    EXPECT_EQ(reply.field("Content-Type"), "image/jpeg") << target;
    EXPECT_TRUE(reply.body == testdata("small.jpg")) << target;
  }
  EXPECT_EQ(decode(node.get("/missing.jpg?width=10&format=png").body).format, "png");
  EXPECT_EQ(node.get("/missing.jpg?width=-1").field("Content-Type"), "text/plain; charset=utf-8");
  EXPECT_EQ(node.get("/info/missing.jpg").field("Content-Type"), "text/plain; charset=utf-8");
}

TEST_F(Paths, AFileInsideTheDirectoryIsServed) {
  const Node node(flags());
  for (const char* target : {"/inside.jpg", "/sub/inside.jpg", "/sub%2Finside.jpg", "/%69nside.jpg",
                             "/inside.jpg?width=10"}) {
    EXPECT_EQ(node.get(target).status, 200) << target;
  }
}

TEST_F(Paths, NamesOfEveryKindAreServed) {
  const Node node;
  EXPECT_EQ(node.get("/sub/dir%20name/picture.jpg?width=20").status, 200);
  EXPECT_EQ(node.get("/%E5%9C%96.jpg?width=20").status, 200);
}

TEST_F(Paths, AFileThatIsNotThereIsNotFound) {
  const Node node(flags());
  for (const char* target : {"/nope.jpg", "/sub/nope.jpg", "/nope/inside.jpg", "/sub", "/sub/",
                             "/folder.jpg", "/inside.jpg/", "/inside.jpg/x", "/INSIDE.jpg"}) {
    const Reply reply = node.get(target);
    EXPECT_EQ(reply.status, 404) << target;
    EXPECT_EQ(reply.body, "no such picture\n") << target;
  }
}

TEST_F(Paths, NoPathLeadsOutOfTheDirectory) {
  const Node node(flags());
  for (const std::string target : {"/../secret.jpg",
                                   "/%2e%2e/secret.jpg",
                                   "/%2e%2e%2fsecret.jpg",
                                   "/..%2fsecret.jpg",
                                   "/..%2f..%2fetc%2fpasswd",
                                   "/..%2f..%2f..%2f..%2f..%2f..%2fetc/passwd",
                                   "/sub/../../secret.jpg",
                                   "/sub/%2e%2e/%2e%2e/secret.jpg",
                                   "/./../secret.jpg",
                                   "/%5c..%5csecret.jpg",
                                   "/..%5csecret.jpg",
                                   "/sub%5c..%5c..%5csecret.jpg",
                                   "/..\\secret.jpg",
                                   "//etc/passwd",
                                   "/%2fetc/passwd",
                                   "/%2Fetc%2Fpasswd",
                                   "/%00",
                                   "/inside.jpg%00.png",
                                   "/..%00/secret.jpg",
                                   "/../pictures-more/secret.jpg",
                                   "/-more/secret.jpg",
                                   "/%252e%252e/secret.jpg",
                                   "/%c0%ae%c0%ae/secret.jpg",
                                   "/proc/self/environ",
                                   "/~/secret.jpg",
                                   "/.",
                                   "/..",
                                   "/...",
                                   "/sub//inside.jpg",
                                   "/./inside.jpg",
                                   "/%zz",
                                   "/%2",
                                   "/%"}) {
    expect_hidden(node, target);
  }
  expect_hidden(node, "/" + path_of("secret.jpg"));
  expect_hidden(node, path_of("secret.jpg"));
  EXPECT_EQ(node.get("/inside.jpg").status, 200);
}

TEST_F(Paths, NoLinkLeadsOutOfTheDirectory) {
  link("file.jpg", path_of("secret.jpg"));
  link("relative.jpg", "../secret.jpg");
  link("directory", path_of("pictures-more"));
  link("up", "..");
  link("passwd", "/etc/passwd");
  link("root", "/");
  link("self.jpg", "/proc/self/exe");
  link("loop.jpg", "loop.jpg");
  const Node node(flags());
  for (const std::string target :
       {"/file.jpg", "/relative.jpg", "/directory/secret.jpg", "/up/secret.jpg", "/passwd",
        "/root/etc/passwd", "/self.jpg", "/loop.jpg"}) {
    expect_hidden(node, target);
  }
}

TEST_F(Paths, ALinkThatStaysInsideIsFollowed) {
  link("alias.jpg", "sub/inside.jpg");
  EXPECT_EQ(Node(flags()).get("/alias.jpg").status, 200);
}

TEST_F(Paths, FilesThatAppearLaterAreServed) {
  const Node node(flags());
  EXPECT_EQ(node.get("/late.jpg").status, 404);
  files_.write("pictures/late.jpg", testdata("small.jpg"));
  EXPECT_EQ(node.get("/late.jpg").status, 200) << "an error is not cached";
}

}  // namespace
}  // namespace imageserver::testing
