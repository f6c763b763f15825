// Origins that answer wrongly. A client sees a status that says who is at fault; nothing wrong is
// kept; all else goes on.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "integration/harness/node.h"
#include "integration/harness/picture.h"
#include "integration/harness/soundness.h"
#include "integration/origins/flags.h"
#include "integration/origins/scripted_origin.h"
#include "support/patience.h"
#include "support/temporary_directory.h"

namespace imageserver::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Then = Script::Then;

constexpr std::string_view kHead = "HTTP/1.1 200 OK\r\n";

// Small, so that what has no end ends soon.
constexpr const char* kMostBytes = "--source-max-bytes=2MiB";

// Short, so that what is remembered is forgotten soon.
constexpr const char* kNegative = "--negative-ttl=200ms";

// What gzip makes of a GiB of zeros: members that follow each other are one text (RFC 1952, 2.2).
std::string gzip_bomb() {
  constexpr int kMembers = 64;
  constexpr int kWindowOfGzip = 15 + 16;
  constexpr int kMemory = 9;
  std::string zeros(std::size_t{16} << 20U, '\0');
  std::string member(std::size_t{64} << 10U, '\0');
  z_stream stream{};
  deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, kWindowOfGzip, kMemory, Z_DEFAULT_STRATEGY);
  stream.next_in = reinterpret_cast<Bytef*>(zeros.data());
  stream.avail_in = static_cast<uInt>(zeros.size());
  stream.next_out = reinterpret_cast<Bytef*>(member.data());
  stream.avail_out = static_cast<uInt>(member.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  member.resize(stream.total_out);
  deflateEnd(&stream);
  std::string bomb;
  for (int i = 0; i < kMembers; ++i) bomb += member;
  return bomb;
}

std::string redirect_to(const std::string& location, int status = 302) {
  return answer_text(status, "Location: " + location + "\r\n", "");
}

// A picture with the head that a test wants.
std::string small_picture(std::string_view fields) {
  return std::string(kHead).append(fields).append("\r\n") + testdata("small.jpg");
}

struct WrongAnswer {
  std::string name;
  int status;  // that a client sees
  Script script;
};

void PrintTo(const WrongAnswer& wrong, std::ostream* out) { *out << wrong.name; }

WrongAnswer status(int origins, int clients) {
  return {"Status" + std::to_string(origins),
          clients,
          {.bytes = answer_text(origins, "", "a page that says why")}};
}

std::vector<WrongAnswer> wrong_answers() {
  const std::string html = "<!DOCTYPE html><html><body>It works!</body></html>";
  const std::string part = testdata("small.jpg").substr(0, 5'000);
  return {
      status(400, 502),
      status(401, 404),
      status(403, 404),
      status(404, 404),
      status(410, 404),
      status(429, 502),
      status(451, 502),
      status(500, 502),
      status(503, 502),
      status(206, 502),
      {"Status204", 502, {.bytes = "HTTP/1.1 204 No Content\r\n\r\n"}},
      {"Status304", 502, {.bytes = "HTTP/1.1 304 Not Modified\r\n\r\n"}},
      {"NoBytes", 422, {.bytes = answer_text(200, "", "")}},
      {"Html", 422, {.bytes = answer_text(200, "Content-Type: text/html\r\n", html)}},
      {"HtmlAsPicture", 422, {.bytes = answer_text(200, "Content-Type: image/jpeg\r\n", html)}},
      {"GzipBomb", 422, {.bytes = answer_text(200, "Content-Encoding: gzip\r\n", gzip_bomb())}},
      {"LargeByItsLength", 422, {.bytes = small_picture("Content-Length: 2097153\r\n")}},
      {"EndlessBody",
       422,
       {.bytes = std::string(kHead) + "\r\n\xff\xd8\xff",
        .then = Then::kRepeat,
        .more = std::string(65'536, 'x')}},
      {"EndlessChunks",
       422,
       {.bytes = std::string(kHead) + "Transfer-Encoding: chunked\r\n\r\n3\r\n\xff\xd8\xff\r\n",
        .then = Then::kRepeat,
        .more = "10000\r\n" + std::string(65'536, 'x') + "\r\n"}},
      {"EndlessHead",
       502,
       {.bytes = std::string(kHead), .then = Then::kRepeat, .more = std::string("X-More: x\r\n")}},
      {"EndlessFieldInTheHead",
       502,
       {.bytes = std::string(kHead) + "X-More: ",
        .then = Then::kRepeat,
        .more = std::string(1'000, 'x')}},
      {"EndlessInterimAnswers",
       502,
       {.bytes = "", .then = Then::kRepeat, .more = "HTTP/1.1 103 Early Hints\r\n\r\n"}},
      {"EndlessPageWithAnError",
       404,
       {.bytes = "HTTP/1.1 404 Not Found\r\n\r\n",
        .then = Then::kRepeat,
        .more = std::string(1'000, 'x')}},
      {"LengthTooLong",
       502,
       {.bytes = std::string(kHead) + "Content-Length: 19650\r\n\r\n" + part,
        .then = Then::kClose}},
      {"HeadThatEndsEarly", 502, {.bytes = std::string(kHead), .then = Then::kClose}},
      {"LineThatEndsEarly", 502, {.bytes = "HTTP/1.1 404 No", .then = Then::kClose}},
      {"LengthTooShort", 422, {.bytes = small_picture("Content-Length: 20\r\n")}},
      {"LengthThatIsNoNumber",
       502,
       {.bytes = small_picture("Content-Length: many\r\n"), .then = Then::kClose}},
      {"ChunksThatEndEarly",
       502,
       {.bytes = std::string(kHead) + "Transfer-Encoding: chunked\r\n\r\n1388\r\n" + part + "\r\n",
        .then = Then::kClose}},
      {"ChunksThatAreNone",
       502,
       {.bytes = small_picture("Transfer-Encoding: chunked\r\n"), .then = Then::kClose}},
      {"ResetInTheBody",
       502,
       {.bytes = std::string(kHead) + "Content-Length: 19650\r\n\r\n" + part,
        .then = Then::kReset}},
      {"Closed", 502, {.bytes = "", .then = Then::kClose}},
      {"Reset", 502, {.bytes = "", .then = Then::kReset}},
      {"NoHttp", 502, {.bytes = "SSH-2.0-OpenSSH_9.2\r\n", .then = Then::kClose}},
      {"RedirectToMetadata", 502, {.bytes = redirect_to("http://169.254.169.254/latest")}},
      {"RedirectToMetadataInHex", 502, {.bytes = redirect_to("http://0xa9fea9fe/latest")}},
      {"RedirectToPrivate", 502, {.bytes = redirect_to("http://10.0.0.1/")}},
      {"RedirectToAnotherPortOfLoopback", 502, {.bytes = redirect_to("http://127.0.0.1/")}},
      {"RedirectToLoopbackV6", 502, {.bytes = redirect_to("http://[::1]/")}},
      {"RedirectToMappedLoopback", 502, {.bytes = redirect_to("http://[::ffff:127.0.0.1]/")}},
      {"RedirectToAFile", 502, {.bytes = redirect_to("file:///etc/passwd")}},
      {"RedirectWithAUser", 502, {.bytes = redirect_to("http://user@127.0.0.1/")}},
      {"RedirectToAPort", 502, {.bytes = redirect_to("http://93.184.216.34:22/")}},
      {"RedirectToItself", 502, {.bytes = redirect_to("")}},
      {"RedirectToNowhere", 502, {.bytes = answer_text(302, "", "")}},
  };
}

class WrongAnswers : public ::testing::TestWithParam<WrongAnswer> {
 protected:
  ScriptedOrigin origin_{plays(GetParam().script)};
  const Node node_{with_photos_at(origin_.url(), {kMostBytes, kNegative, "--workers=1"})};
};

TEST_P(WrongAnswers, AreToldAndNotKept) {
  for (const std::string target : {"/photos/x.jpg?width=10", "/photos/x.jpg", "/info/photos/x.jpg",
                                   "/photos/x.jpg?width=10"}) {
    const Reply reply = node_.get(target);
    EXPECT_EQ(reply.status, GetParam().status) << target << ": " << reply.body;
    EXPECT_EQ(reply.field("Content-Type"), "text/plain; charset=utf-8");
    EXPECT_THAT(reply.body, Not(HasSubstr("127.0.0.1"))) << "where the origin is, is ours to know";
    EXPECT_FALSE(reply.has("ETag"));
  }
  EXPECT_EQ(node_.get("/small.jpg?width=20").status, 200) << "the directory is well";

  origin_.play(gives(testdata("small.jpg")));
  EXPECT_TRUE(eventually([&] { return node_.get("/photos/x.jpg?width=10").status == 200; }));
  EXPECT_TRUE(node_.get("/photos/x.jpg?width=10").body == node_.get("/small.jpg?width=10").body);
  EXPECT_TRUE(eventually([&] { return node_.get("/info/photos/x.jpg").status == 200; }));
  EXPECT_TRUE(node_.get("/photos/x.jpg").body == testdata("small.jpg"));
}

INSTANTIATE_TEST_SUITE_P(All, WrongAnswers, ::testing::ValuesIn(wrong_answers()),
                         [](const auto& tested) { return tested.param.name; });

class OneOrigin : public ::testing::Test {
 protected:
  ScriptedOrigin origin_{gives(testdata("small.jpg"))};
};

TEST_F(OneOrigin, IsAskedPlainly) {
  const Node node(with_photos_at(origin_.url() + "/base"));
  EXPECT_EQ(node.get("/photos/x.jpg?width=10",
                     "Accept-Encoding: gzip\r\nCookie: a=b\r\n"
                     "Authorization: Basic YTpi\r\n")
                .status,
            200);
  ASSERT_EQ(origin_.requests(), 1);
  const std::string head = origin_.heads().front();
  EXPECT_TRUE(head.starts_with("GET /base/x.jpg HTTP/1.1\r\n")) << head;
  for (const std::string name : {"Accept-Encoding:", "Cookie:", "Authorization:", "Range:"}) {
    EXPECT_THAT(head, Not(HasSubstr(name)));
  }
  EXPECT_THAT(head, HasSubstr("Host: 127.0.0.1:" + std::to_string(origin_.port())));
}

TEST_F(OneOrigin, IsToldItsOwnFieldsAlone) {
  const ScriptedOrigin other(gives(testdata("small.jpg")));
  const TemporaryDirectory directory;
  const std::string file = directory.write("fields",
                                           "# of the origin\n/photos Authorization: Bearer abc\n"
                                           "/photos X-Tenant: seven\n");
  const Node node(with_photos_at(
      origin_.url(), {"--source=/others=" + other.url(), "--source-header-file=" + file}));
  origin_.play([](const std::string& target) -> Script {
    if (target == "/moved.jpg") return {.bytes = redirect_to("/new.jpg")};
    return {.bytes = answer_text(200, "", testdata("small.jpg"))};
  });
  EXPECT_EQ(node.get("/photos/moved.jpg").status, 200);
  EXPECT_EQ(node.get("/others/x.jpg").status, 200);
  EXPECT_EQ(origin_.requests(), 2);
  for (const std::string& head : origin_.heads()) {
    EXPECT_THAT(head, HasSubstr("Authorization: Bearer abc\r\n")) << "its own server, twice";
    EXPECT_THAT(head, HasSubstr("X-Tenant: seven\r\n"));
  }
  EXPECT_THAT(other.heads().front(), Not(HasSubstr("Authorization")));
  EXPECT_THAT(other.heads().front(), Not(HasSubstr("X-Tenant")));
}

TEST_F(OneOrigin, MayRedirectThreeTimes) {
  const auto steps = [](int last) {
    return [last](const std::string& target) -> Script {
      const int step = target.size() > 1 ? target[1] - '0' : 0;
      if (step == last) return {.bytes = answer_text(200, "", testdata("small.jpg"))};
      return {.bytes = redirect_to("/" + std::to_string(step + 1))};
    };
  };
  const Node node(with_photos_at(origin_.url()));
  origin_.play(steps(3));
  EXPECT_TRUE(node.get("/photos/0").body == testdata("small.jpg"));
  EXPECT_EQ(origin_.requests(), 4);
  origin_.play(steps(5));
  EXPECT_EQ(node.get("/photos/0?width=10").status, 200) << "it is kept";
  EXPECT_EQ(node.get("/photos/1").status, 502);
  EXPECT_EQ(origin_.requests(), 8);
}

// The first answer closes: a connection that was used before is tried anew by libcurl itself.
TEST_F(OneOrigin, ThatBreaksBeforeAByteIsAskedOnceMore) {
  origin_.play([this](const std::string&) -> Script {
    if (origin_.requests() == 1) return {.bytes = "", .then = Then::kClose};
    return {.bytes = answer_text(200, "Connection: close\r\n", testdata("small.jpg")),
            .then = Then::kClose};
  });
  const Node node(with_photos_at(origin_.url()));
  EXPECT_EQ(node.get("/photos/x.jpg?width=10").status, 200);
  EXPECT_EQ(origin_.requests(), 2);
  origin_.play(plays({.bytes = "", .then = Then::kClose}));
  EXPECT_EQ(node.get("/photos/y.jpg?width=10").status, 502);
  EXPECT_EQ(origin_.requests(), 4);
}

TEST_F(OneOrigin, ThatBreaksInTheBodyIsNotAskedAgain) {
  origin_.play(
      plays({.bytes = std::string(kHead) + "Content-Length: 9\r\n\r\nabc", .then = Then::kReset}));
  const Node node(with_photos_at(origin_.url()));
  EXPECT_EQ(node.get("/photos/y.jpg?width=10").status, 502);
  EXPECT_EQ(origin_.requests(), 1);
}

TEST_F(OneOrigin, ThatBreaksInTheHeadIsNotAskedAgain) {
  origin_.play(plays({.bytes = std::string(kHead), .then = Then::kClose}));
  const Node node(with_photos_at(origin_.url()));
  EXPECT_EQ(node.get("/photos/y.jpg?width=10").status, 502);
  EXPECT_EQ(origin_.requests(), 1);
}

TEST_F(OneOrigin, ThatWantsToKnowWhoAsksIsLoggedOnce) {
  Node node(with_photos_at(origin_.url(), {"--negative-ttl=1ms"}));
  for (const int status : {401, 403}) {
    origin_.play(plays({.bytes = answer_text(status, "", "")}));
    const std::string name = "/" + std::to_string(status) + ".jpg";
    EXPECT_TRUE(eventually([&] {
      EXPECT_EQ(node.get("/photos" + name).status, 404);
      return origin_.requests(name) == 3;
    }));
  }
  EXPECT_EQ(node.stop(), 0);
  EXPECT_EQ(times_logged(node, "status 401"), 1);
  EXPECT_EQ(times_logged(node, "status 403"), 1);
}

TEST_F(OneOrigin, ThatFailsIsAskedOnceForAllSizes) {
  origin_.play(plays({.bytes = answer_text(404, "", "")}));
  const Node node(with_photos_at(origin_.url(), {"--negative-ttl=1h"}));
  for (int width = 10; width < 20; ++width) {
    EXPECT_EQ(node.get("/photos/x.jpg?width=" + std::to_string(width)).status, 404);
  }
  EXPECT_EQ(origin_.requests(), 1);
}

// Its head is well: so it can be described, and be sent as it is.
TEST_F(OneOrigin, ThatHadHalfAPictureIsAskedAgain) {
  origin_.play(gives(testdata("truncated.jpg")));
  const Node node(with_photos_at(origin_.url(), {kNegative}));
  EXPECT_EQ(node.get("/photos/x.jpg?width=10").status, 422);
  EXPECT_EQ(node.get("/photos/x.jpg?width=10").status, 422);
  origin_.play(gives(testdata("small.jpg")));
  EXPECT_TRUE(eventually([&] { return node.get("/photos/x.jpg?width=10").status == 200; }));
  EXPECT_TRUE(node.get("/photos/x.jpg?width=10").body == node.get("/small.jpg?width=10").body);
}

TEST_F(OneOrigin, ThatSendsBombsTakesNoMemory) {
  Node node(with_photos_at(origin_.url(), {"--source-bytes=64MiB"}));
  EXPECT_EQ(node.get("/photos/x.jpg?width=10").status, 200);
  const std::uint64_t before = peak_megabytes(node);
  origin_.play(plays({.bytes = answer_text(200, "Content-Encoding: gzip\r\n", gzip_bomb())}));
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(node.get("/photos/" + std::to_string(i) + ".jpg").status, 422);
  }
  origin_.play(plays({.bytes = std::string(kHead) + "\r\n\xff\xd8\xff",
                      .then = Then::kRepeat,
                      .more = std::string(1'000'000, 'x')}));
  for (int i = 20; i < 30; ++i) {
    EXPECT_EQ(node.get("/photos/" + std::to_string(i) + ".jpg").status, 422);
  }
  EXPECT_LT(peak_megabytes(node), before + 600) << "a sanitizer keeps freed memory";
}

}  // namespace
}  // namespace imageserver::testing
